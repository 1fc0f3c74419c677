"""Which pictures travel with a course, and how large they are."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping

import imagesize

from shared.course.links_check import ASSET

from .svg import sanitise_svg

# The first bytes of pictures. A file that has the name of a picture and begins otherwise is not copied.
_BEGINNINGS = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF", b"\x00\x00\x00", b"BM", b"\x00\x00\x01\x00"
)  # fmt: skip


def safe_pictures(pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The pictures that may be shown, by name; what is no picture, or cannot be made harmless, is left out."""
    safe = {name: _safe(name, pictures[name]) for name in sorted(pictures) if ASSET.fullmatch(name)}
    return {name: data for name, data in safe.items() if data is not None}


def _safe(name: str, data: bytes) -> bytes | None:
    if name.endswith(".svg"):
        return sanitise_svg(data)
    return data if data.startswith(_BEGINNINGS) else None


def measure_picture(name: str, data: bytes) -> tuple[int, int] | None:
    """Width and height of a safe picture in pixels; None where its file does not say."""
    width, height = imagesize.get(io.BytesIO(data))
    if (width <= 0 or height <= 0) and name.endswith(".svg"):
        width, height = _view_box(data)
    size = round(width), round(height)
    return size if min(size) > 0 else None


def _view_box(data: bytes) -> tuple[float, float]:
    """The size an SVG was drawn at, for those that are as wide as the page lets them be."""
    numbers = re.findall(r"-?[\d.]+(?:e-?\d+)?", ET.fromstring(data).get("viewBox", ""))  # noqa: S314 - made by us
    try:
        _, _, width, height = map(float, numbers)
    except ValueError:
        return 0, 0
    return width, height
