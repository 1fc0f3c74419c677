"""The JSON Schema of course.json, from its types. The published file is written by `make schemas`."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]

from shared.course.model import FORMAT, Course
from shared.course.own_ids import find_repeated_ids
from shared.kernel.errors import PermanentError

SCHEMA_PATH = Path(__file__).parent.parent / "schemas" / "course-1.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID = "urn:coursewright:course:1"


def course_schema() -> dict[str, Any]:
    """The schema of the format, from the types that the program itself reads and writes."""
    schema = Course.model_json_schema(mode="serialization")
    schema.pop("description", None)
    return {"$schema": DIALECT, "$id": SCHEMA_ID, **schema, "title": FORMAT}


def validate_course(course: Course) -> None:
    """Hold a course to the published schema and to ids that stand once, before it is announced.

    Raises PermanentError with the first mismatch.
    """
    error = best_match(_load_validator().iter_errors(course.model_dump(mode="json")))
    if error is not None:
        place = "/".join(str(part) for part in error.absolute_path) or "the document"
        raise PermanentError(
            f"course.json does not match its schema at {place}: {error.message}", code="invalid_course"
        )
    for repeated in find_repeated_ids(course):  # a JSON Schema cannot say that ids differ
        raise PermanentError(f"course.json does not keep its ids apart: {repeated}", code="invalid_course")


@lru_cache(maxsize=1)
def _load_validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA_PATH.read_text(encoding="utf-8")))
