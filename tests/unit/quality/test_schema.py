import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from shared.course.export.course_json import build_json
from shared.course.model import Course
from shared.course.schema import course_schema, parse_course
from shared.kernel.errors import PermanentError

from .sample import course


def test_a_course_matches_its_schema_and_may_lack_two_parts_only() -> None:
    assert parse_course(build_json(course())) == course()
    schema = Draft202012Validator(course_schema())
    whole = course().model_dump(mode="json")
    assert schema.is_valid(whole)
    optional = {name for name in whole if schema.is_valid({key: whole[key] for key in whole if key != name})}
    assert optional == {"format", "quality"}


def test_a_commit_that_is_none_is_refused() -> None:
    wrong = course().model_copy(update={"sources": [course().sources[0].model_copy(update={"commit": "not a commit"})]})
    with pytest.raises(PermanentError, match="sources/0/git/commit"):
        parse_course(build_json(wrong))


def test_an_unknown_field_is_refused_by_types_and_schema_alike() -> None:
    assert course_schema()["additionalProperties"] is False
    with pytest.raises(ValueError, match="surprise"):
        Course.model_validate({**course().model_dump(mode="json"), "surprise": 1})
