"""Every form a finished course is published in; a further one is a row here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.course.model import Course

from .archive import build_zip
from .course_json import build_json
from .markdown import build_markdown
from .site import build_site

_ZIP = "application/zip"


@dataclass(frozen=True)
class Export:
    """One downloadable file: its kind as the API names it, its media type, its bytes."""

    kind: str
    media_type: str
    data: bytes


def build_exports(course: Course, raw: Callable[[str], bytes], pictures: Mapping[str, bytes]) -> list[Export]:
    """All exports of a course; the same arguments give the same bytes, on every run.

    `raw(path)` gives the bytes of a source file the course cites; `pictures` maps asset names
    (`assets/<sha256>.<ext>`) to their bytes. What is no picture, or cannot be made safe, does not travel.
    """
    return [
        Export("json", "application/json", build_json(course)),
        Export("markdown", _ZIP, build_zip(build_markdown(course, raw, pictures))),
        Export("site", _ZIP, build_zip(build_site(course, raw, pictures))),
    ]
