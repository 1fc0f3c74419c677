"""Every form a finished course is published in; a further one is a row here."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from shared.course.model import Course, Source, assets_of
from shared.workers.away import later

from .archive import build_zip
from .exported import Export

if TYPE_CHECKING:
    from shared.course.export.markdown import build_markdown
    from shared.course.export.site import build_site
else:
    build_markdown = later("shared.course.export.markdown:build_markdown")
    build_site = later("shared.course.export.site:build_site")

_ZIP = "application/zip"

Build = Callable[[Course, Callable[[str], bytes], Mapping[str, bytes]], dict[str, bytes]]

FOLDERS: dict[str, Build] = {"markdown": build_markdown, "site": build_site}
"""Forms that are many files, by the name the API gives them. course.json itself is added to each."""


def export_folder(kind: str, text: bytes, raw: Callable[[str], bytes], pictures: Mapping[str, bytes]) -> Export:
    """A folder of a course as one archive; see `build_folder`."""
    return Export(kind, _ZIP, build_zip(build_folder(kind, text, raw, pictures)))


def build_folder(
    kind: str, text: bytes, raw: Callable[[str], bytes], pictures: Mapping[str, bytes]
) -> dict[str, bytes]:
    """File name → contents, from course.json; the same arguments give the same bytes, on every run.

    `raw(path)` gives the bytes of a source file the course cites; `pictures` maps asset names
    (`assets/<sha256>.<ext>`) to their bytes. What is no picture, or cannot be made safe, does not travel.
    """
    course = Course.model_validate_json(text)
    return FOLDERS[kind](course, raw, pictures) | _documents(course, raw, pictures) | {"course.json": text}


def _documents(course: Course, raw: Callable[[str], bytes], pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The documents, captions and recordings that travel with a course, and the texts made of them, which citations
    name, by their hashes.
    """
    found = {one.id: one for one in course.sources if not isinstance(one, Source)}
    carried = {name: pictures[name] for one in found.values() for name in assets_of(one) if name in pictures}
    texts = [one for one in course.documents if one.used and one.source_id in found]
    return carried | {f"assets/{one.sha256}.md": raw(one.path) for one in texts}
