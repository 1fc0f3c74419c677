"""The JSON Schema of course.json, from its types. The published file is written by `make schemas`."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from shared.course.model import FORMAT, Course
from shared.kernel.errors import PermanentError

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID = "urn:coursewright:course:1"


def course_schema() -> dict[str, Any]:
    """The schema of the format, from the types that the program itself reads and writes."""
    schema = Course.model_json_schema(mode="serialization")
    schema.pop("description", None)
    return {"$schema": DIALECT, "$id": SCHEMA_ID, **schema, "title": FORMAT}


def parse_course(text: bytes) -> Course:
    """A course from course.json. The published schema is that of the types, so what the types accept it accepts too.

    Raises PermanentError with the first mismatch, or with an id that stands twice.
    """
    try:
        course = Course.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(str(part) for part in first["loc"]) or "the document"
        message = f"course.json does not match its schema at {place}: {first['msg']}"
        raise PermanentError(message, code="invalid_course") from error
    for repeated in _find_repeated_ids(course):  # a JSON Schema cannot say that ids differ
        raise PermanentError(f"course.json does not keep its ids apart: {repeated}", code="invalid_course")
    return course


def _find_repeated_ids(course: Course) -> Iterator[str]:
    """The ids that stand twice over the whole course, so that a reader's program may not use them as names."""
    kinds = {
        kind: [one.id for one in getattr(course, kind)] for kind in ("documents", "concepts", "pathways", "modules")
    }
    for kind, field in (("objectives", "objectives"), ("items", "assessment"), ("citations", "citations")):
        kinds[kind] = [one.id for module in course.modules for one in getattr(module, field)]
    for kind, ids in kinds.items():
        yield from (f"two {kind} have the id {one}" for one, times in Counter(ids).items() if times > 1)
