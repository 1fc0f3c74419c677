"""The course as one JSON file: sorted, indented, ready to be compared and kept under version control."""

import json

from shared.course.model import Course


def build_json(course: Course) -> bytes:
    """course.json as UTF-8 with sorted keys, two spaces of indentation and a final newline."""
    document = course.model_dump(mode="json")
    text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()
