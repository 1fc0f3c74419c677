"""Every export of a course at once."""

from collections.abc import Callable, Mapping

from shared.course.export.course_json import build_json
from shared.course.export.exported import Export, export_json
from shared.course.export.registry import FOLDERS, export_folder
from shared.course.model import Course


def build_exports(course: Course, raw: Callable[[str], bytes], pictures: Mapping[str, bytes]) -> list[Export]:
    """See shared.course.export."""
    text = build_json(course)
    return [export_json(text), *(export_folder(kind, text, raw, pictures) for kind in FOLDERS)]
