"""Pictures of the pages of a PDF that a course cites, and where the cited lines stand on them. For a worker process."""

import struct
import zlib
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium

from shared.docs.document_text import LinePlace
from shared.docs.listing import LinePlaces
from shared.docs.pdf.cited import MAX_PICTURE_BYTES, CitedPages, PageBox
from shared.docs.pdf.file import Pdf

_DPI = (108, 72, 48)
"""A picture that is too large at one is drawn at the next."""
_MOST_PIXELS = 1_600
_FEW_SHADES = bytes(min(255, (shade + 8) // 17 * 17) for shade in range(256))
_GRAY, _RGB = 0, 2


def show_cited(data: bytes, places: bytes, cited: Sequence[tuple[int, int]], most_bytes: int) -> CitedPages:
    """Where lines of the text of a PDF stand, each from a first to a last one, and their pages. `places`: LinePlaces;
    `most_bytes`: of all pictures.

    Raises UnreadablePdf.
    """
    pdf, every = Pdf(data), LinePlaces.model_validate_json(places).root
    boxes = tuple(tuple(_boxes(pdf, every[start - 1 : end])) for start, end in cited)
    pictures: dict[int, bytes] = {}
    for page in sorted({box.page for some in boxes for box in some}):
        picture = _picture(pdf, page)
        if picture is not None and len(picture) <= most_bytes:
            pictures[page] = picture
            most_bytes -= len(picture)
    return CitedPages(boxes, pictures)


def _boxes(pdf: Pdf, places: Sequence[LinePlace]) -> Iterator[PageBox]:
    """Lines that stand below each other have one box."""
    box: LinePlace | None = None
    for place in places:
        if place.right <= place.left:
            continue  # a blank line, or the fence of code
        if box is not None and _is_below(box, place):
            edges = min(box.left, place.left), box.top, max(box.right, place.right), max(box.bottom, place.bottom)
            box = LinePlace(box.page, *edges)
            continue
        if box is not None:
            yield _share(pdf, box)
        box = place
    if box is not None:
        yield _share(pdf, box)


def _is_below(box: LinePlace, place: LinePlace) -> bool:
    near = box.top <= place.top <= box.bottom + (place.bottom - place.top)
    return box.page == place.page and near and place.left < box.right and box.left < place.right


def _share(pdf: Pdf, box: LinePlace) -> PageBox:
    width, height = pdf.size(box.page)
    edges = (box.left / width, box.top / height, box.right / width, box.bottom / height)
    return PageBox(box.page, *(round(min(1.0, max(0.0, edge)), 4) for edge in edges))


def _picture(pdf: Pdf, page: int) -> bytes | None:
    """The page as PNG, as fine as fits; None where it does not fit at all or cannot be drawn."""
    longest = max(pdf.size(page))
    try:
        drawn = (_png(*pdf.draw(page, min(dpi / 72, _MOST_PIXELS / longest))) for dpi in _DPI)
        return next((png for png in drawn if len(png) <= MAX_PICTURE_BYTES), None)
    except pdfium.PdfiumError:
        return None


def _png(width: int, height: int, pixels: bytes) -> bytes:
    """A picture of few shades; gray where the page has no colour."""
    pixels = pixels.translate(_FEW_SHADES)
    kind, row = _RGB, 3 * width
    if pixels[0::3] == pixels[1::3] == pixels[2::3]:
        pixels, kind, row = pixels[0::3], _GRAY, width
    rows = b"".join(b"\0" + pixels[at : at + row] for at in range(0, height * row, row))
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
