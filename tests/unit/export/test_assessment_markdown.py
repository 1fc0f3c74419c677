import pytest
from markdown_it import MarkdownIt

from shared.course.assessment_markdown import answer_text, option_letter, render_assessment, shown_options
from shared.course.model import Item, Option
from tests.support.course_fixture import build_course


def _item(kind: str, options: list[str], key: list[str] | list[list[str]]) -> Item:
    return Item.model_validate(
        {
            "id": "i",
            "kind": kind,
            "stem": "Which?",
            "options": [Option(id=f"o{number}", text=text) for number, text in enumerate(options, start=1)],
            "key": key,
            "explanation": "Because.",
            "objective_ids": [],
            "bloom": "remember",
            "citation_ids": ["c1", "c2"],
        }
    )


@pytest.mark.parametrize(
    ("kind", "options", "key", "expected"),
    [
        ("single_choice", ["a", "b"], ["o2"], "B"),
        ("multiple_choice", ["a", "b", "c"], ["o3", "o1"], "A, C"),
        ("ordering", ["a", "b", "c"], [["o3", "o1", "o2"]], "C → A → B"),
        ("ordering", ["a", "b", "c"], [["o3", "o1", "o2"], ["o3", "o2", "o1"]], "C → A → B or C → B → A"),
        ("matching", ["x", "y", "a", "b"], [["o1", "o4"], ["o2", "o3"]], "1 B, 2 A"),
        ("true_false", ["True", "False"], ["o2"], "False"),
        ("true_false", [], ["false"], "False"),
        ("cloze", [], ["dict", "a`b"], "`dict` or ``a`b``"),
        ("short_answer", [], ["30"], "`30`"),
    ],
)
def test_the_answer_of_each_kind_in_words(
    kind: str, options: list[str], key: list[str] | list[list[str]], expected: str
) -> None:
    assert answer_text(_item(kind, options, key)) == expected


def test_an_answer_cites_what_it_rests_on() -> None:
    assert "1. **B** Because.[^c1][^c2]" in render_assessment([_item("single_choice", ["a", "b"], ["o2"])])


def test_without_items_there_is_nothing() -> None:
    assert render_assessment([]) == ""


def test_headings_stand_below_that_of_the_questions() -> None:
    text = render_assessment([_item("single_choice", ["a", "b"], ["o2"])])
    assert text.startswith("### Question 1")
    assert "\n### Answers\n" in text


def test_code_in_an_explanation_stays_in_its_answer() -> None:
    item = _item("single_choice", ["a", "b"], ["o2"]).model_copy(update={"explanation": "See:\n\n```\nx\n\ny\n```"})
    tokens = MarkdownIt().parse(render_assessment([item, item]))
    assert [token.level for token in tokens if token.type == "fence"] == [2, 2]
    assert sum(token.type == "ordered_list_open" for token in tokens) == 1


def test_every_item_of_a_course_is_asked_and_answered() -> None:
    for module in build_course().modules:
        text = render_assessment(module.assessment)
        assert text.count("### Question") == len(module.assessment)


@pytest.mark.parametrize(("position", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB")])
def test_letters_go_on_after_z(position: int, letter: str) -> None:
    assert option_letter(position) == letter


def test_what_is_said_of_each_option_stands_below_its_answer_with_its_lines() -> None:
    item = _item("single_choice", ["a", "b"], ["o2"])
    wrong = Option(id="o1", text="a", feedback="No: a is a letter.", citation_ids=["c9"])
    text = render_assessment([item.model_copy(update={"options": [wrong, item.options[1]]})])
    assert "1. **B** Because.[^c1][^c2]\n   - **A.** No: a is a letter.[^c9]\n" in text


def test_a_matching_question_shows_its_names_in_numbers_and_its_texts_in_letters() -> None:
    text = render_assessment([_item("matching", ["x", "y", "a", "b"], [["o1", "o4"], ["o2", "o3"]])])
    assert "- **1.** x\n- **2.** y\n- **A.** a\n- **B.** b" in text


@pytest.mark.parametrize("count", [3, 4, 5])
def test_steps_are_never_shown_in_an_order_that_is_right(count: int) -> None:
    ids = [f"o{number}" for number in range(1, count + 1)]
    middle = (count + 1) // 2
    item = _item("ordering", ids, [ids, ids[middle:] + ids[:middle]])
    assert [shown.option.id for shown in shown_options(item)] not in item.groups


def test_texts_that_stand_beside_their_names_are_turned() -> None:
    item = _item("matching", ["x", "y", "a", "b"], [["o1", "o3"], ["o2", "o4"]])
    assert [shown.option.text for shown in shown_options(item)] == ["x", "y", "b", "a"]
