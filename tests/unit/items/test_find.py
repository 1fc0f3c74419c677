"""Which questions a module keeps, and what holds for each that it asks."""

from collections import Counter

import pytest

from services.modules.offline.items.find import find_items, keep_best, list_questions
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.flaws import find_flaws
from shared.course.near_items import compare_items
from shared.course.plain_text import show_plain
from shared.course.quality_items import measure_skew
from tests.unit.items.sample import read_material, teach, teach_text, write_pages


@pytest.fixture(scope="module")
def taught() -> tuple[TaughtSection, ...]:
    return read_material()


@pytest.fixture(scope="module")
def found(taught: tuple[TaughtSection, ...]) -> list[Question]:
    return list_questions(taught, TaughtText(taught))


def test_a_module_with_nothing_to_ask_asks_nothing() -> None:
    sections, said = teach_text("# Welcome\n\nThis is a quiet place by the sea.\n")
    assert find_items(sections, said, 5) == ()


def test_exercises_of_the_documentation_are_none_of_ours() -> None:
    text = "# Exercises\n\n```python\nfrom harbour import weigh\nprint(weigh(4))  # 8\n```\n"
    sections, said = teach_text(text.replace("Exercises", "Numbers"))
    assert find_items(sections, said, 5)
    sections, said = teach_text(text)
    assert find_items(sections, said, 5) == ()


def test_a_course_has_all_forms(found: list[Question]) -> None:
    forms = {question.form for question in found}
    assert forms == {"predict_output", "what_happens", "fill_call"}


def test_no_question_breaks_a_rule_of_item_writing(found: list[Question]) -> None:
    for question in found:
        assert not set(find_flaws(question.as_item()))


def test_each_option_of_a_choice_has_feedback_and_lines(found: list[Question]) -> None:
    for question in (question for question in found if question.form == "fill_call"):
        assert all(option.feedback and option.spans for option in question.options)
        assert [option.feedback.startswith("Right: ") for option in question.options] == [
            option.is_key for option in question.options
        ]
        assert sum(option.is_key for option in question.options) == 1


def test_the_lines_of_a_choice_hold_its_key_and_no_other_option(
    taught: tuple[TaughtSection, ...], found: list[Question]
) -> None:
    raw = {one.path: one.document.raw_lines for one in taught}
    for question in found:
        lines = " ".join(
            " ".join(raw[span.path][span.start_line - 1 : span.end_line]) for span in question.spans
        ).lower()
        assert question.answers[:1] == () or question.answers[0].lower() in lines
        for option in question.options:
            own = option.text.strip("`").lower()
            assert option.is_key is (own in lines)


def test_kept_questions_are_of_several_forms_and_not_alike(found: list[Question]) -> None:
    kept = keep_best(found, 12)
    assert len(kept) == 12
    assert len({question.form for question in kept}) >= 3
    items = [question.as_item() for question in kept]
    assert all(compare_items(a, b) <= 0.75 for i, a in enumerate(items) for b in items[:i])


def test_an_example_is_asked_once(found: list[Question]) -> None:
    kept = keep_best(found, 40)
    assert max(Counter((question.place, question.block.start_line) for question in found).values()) > 1
    assert max(Counter((question.place, question.block.start_line) for question in kept).values()) == 1


def test_no_key_is_a_wrong_option_of_another_question(found: list[Question]) -> None:
    kept = keep_best(found, 40)
    for one in (question for question in kept if question.options):
        wrong = {option.text for other in kept if other is not one for option in other.options if not option.is_key}
        assert not set(one.keys) & wrong


def test_what_an_option_of_another_question_asks_is_not_asked(found: list[Question]) -> None:
    kept = keep_best(found, 40)
    options = {option.text for question in kept for option in question.options}
    assert not {f"`{question.last}`" for question in kept if question.answers} & options


def test_no_section_is_asked_more_than_twice_in_one_form(found: list[Question]) -> None:
    asked = Counter((question.form, question.place) for question in keep_best(found, 40))
    assert max(asked.values()) == 2


def test_no_stem_holds_the_key_of_another_question(found: list[Question]) -> None:
    kept = keep_best(found, 40)
    for one in kept:
        for other in kept:
            if one is not other and (key := show_plain(" ".join(other.keys[:1]))) and len(key) > 2:
                assert f" {key.lower()} " not in f" {show_plain(one.stem).lower()} "


def test_keys_stand_at_all_places() -> None:
    taught = teach(*write_pages())
    said = TaughtText(taught)
    kept = [question for one in taught for question in find_items([one], said, 8) if question.options]
    assert len(kept) > 20
    assert measure_skew([question.as_item() for question in kept]) > 0.05


def test_equal_sections_give_equal_questions(taught: tuple[TaughtSection, ...]) -> None:
    first, second = (find_items(taught, TaughtText(taught), 9) for _ in range(2))
    assert first == second
