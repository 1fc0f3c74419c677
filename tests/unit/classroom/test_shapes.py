"""What the shapes of requests take."""

import pytest
from pydantic import ValidationError

from services.classroom.api.course_shapes import QuizBody


def quiz(**said: object) -> QuizBody:
    return QuizBody.model_validate({"title": "Quiz", "questions": [{"type": "objective", **said}]})


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({"blocks": [{"type": "paragraph", "children": [{"type": "image", "alt": 1}]}]}, ("blocks", 0, "children", 0)),
        ({"blocks": [{"type": "paragraph", "content": [{"type": "text", "text": "a", "alt": 1}]}]},
         ("blocks", 0, "content", 0, "text")),
        ({"options": [{"id": "a", "text": "A", "alt": 1}]}, ("options", 0)),
        ({"context": {"alt": 1}}, ("context",)),
    ],
)  # fmt: skip
def test_nor_is_one_inside_of_what_it_holds(said: dict[str, object], at: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError) as refused:
        quiz(**said)
    assert [one["loc"] for one in refused.value.errors()] == [("questions", 0, *at, "alt")]


@pytest.mark.parametrize("unknown", ["position", "generation_model", "nonsense_field"])
def test_a_field_of_a_question_that_is_not_known_is_refused(unknown: str) -> None:
    with pytest.raises(ValidationError) as refused:
        quiz(**{unknown: None})
    assert [one["loc"] for one in refused.value.errors()] == [("questions", 0, unknown)]


def test_a_question_names_its_languages_as_the_platform_does() -> None:
    for name in ("coding_language", "coding_languages"):
        assert quiz(**{name: ["python"]}).model_dump()["questions"][0]["coding_languages"] == ["python"]
    empty = quiz(coding_language=None, answer=None).questions[0]
    assert (empty.coding_languages, empty.answer) == ([], [])
