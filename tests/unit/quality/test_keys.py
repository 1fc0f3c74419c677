import pytest

from shared.course.evidence import Evidence
from shared.course.key_support import find_key_problem, find_second_answers, strip_question
from shared.course.model import Item, Option
from shared.course.near_items import compare_items
from shared.course.same_meaning import means_same
from shared.docs.citations import span_sha256, split_lines

from .sample_modules import errors_module, plans_module, start_module
from .sample_repository import read_raw

MODULES = (start_module(), plans_module(), errors_module())
ITEMS = {item.id: (module, item) for module in MODULES for item in module.assessment}


def _evidence(name: str) -> Evidence:
    return Evidence(ITEMS[name][0].citations, read_raw)


def _changed(name: str, **changes: object) -> Item:
    return ITEMS[name][1].model_copy(update=changes)


@pytest.mark.parametrize("name", ITEMS)
def test_a_true_key_is_supported_and_no_other_option_answers(name: str) -> None:
    assert find_key_problem(ITEMS[name][1], _evidence(name)) is None
    assert list(find_second_answers(ITEMS[name][1], _evidence(name))) == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("i-start-1", ["a"]),
        ("i-start-1", ["z"]),
        ("i-start-1", []),
        ("i-start-2", ["--hours"]),
        ("i-start-3", [["x", "y", "z"]]),
        ("i-start-3", [["y", "z"]]),
        ("i-plans-1", ["a"]),
        ("i-plans-2", ["a"]),
        ("i-plans-3", [["a", "x"], ["b", "z"], ["c", "y"]]),
        ("i-plans-3", [["a", "y"], ["b", "z"]]),
        ("i-errors-2", ["b"]),
        ("i-errors-2", ["perhaps"]),
    ],
)
def test_a_wrong_key_is_noticed(name: str, key: list[str] | list[list[str]]) -> None:
    assert find_key_problem(_changed(name, key=key), _evidence(name)) is not None


def test_an_item_without_a_citation_has_no_support() -> None:
    assert find_key_problem(_changed("i-start-1", citation_ids=[]), _evidence("i-start-1")) is not None


def test_a_cloze_whose_sentence_was_changed_is_noticed() -> None:
    changed = _changed(
        "i-start-2", stem="Complete the sentence: The flag ____ of `kettle toast` sets how long it takes."
    )
    assert find_key_problem(changed, _evidence("i-start-2")) is not None


def test_a_distractor_that_stands_in_the_cited_lines_also_answers() -> None:
    options = [Option(id="a", text="Water"), *ITEMS["i-start-1"][1].options[1:]]
    changed = _changed("i-start-1", options=options)
    assert list(find_second_answers(changed, _evidence("i-start-1"))) == ["Water"]


def test_a_distractor_that_equals_the_key_also_answers() -> None:
    options = [Option(id="a", text="**`kettle boil`**."), *ITEMS["i-start-1"][1].options[1:]]
    changed = _changed("i-start-1", options=options)
    assert len(list(find_second_answers(changed, _evidence("i-start-1")))) == 1


def test_code_stands_in_its_lines_with_all_its_signs() -> None:
    source = b"  >>> lift(lambda x: x * 2, *crates)\n  [4, 2]\n"
    whole = {"id": "c", "start_line": 1, "end_line": 2, "sha256": span_sha256(split_lines(source), 1, 2)}
    evidence = Evidence([ITEMS["i-plans-3"][0].citations[0].model_copy(update=whole)], lambda _: source)
    options = [Option(id="a", text="`lift(lambda x: x * 2, *crates)`"), Option(id="b", text="`[4, 2]`")]
    item = _changed("i-plans-3", options=options, key=[["a", "b"]], citation_ids=["c"])
    assert find_key_problem(item, evidence) is None
    options[1] = Option(id="b", text="`[4, 3]`")
    assert find_key_problem(item.model_copy(update={"options": options}), evidence) is not None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("`f(1)`", '`f("1")`', False),
        ("`f('a')`", '`f("a")`', True),
        ("`f(1, 2)`", "`f(1,2)`", True),
        ("a red pier", "the red pier", True),
    ],
)
def test_marks_in_a_call_make_a_difference(one: str, other: str, same: bool) -> None:
    assert means_same(one, other, []) is same


def test_items_are_compared_by_the_view_in_which_they_are_most_alike() -> None:
    one, other = ITEMS["i-start-1"][1], ITEMS["i-plans-1"][1]
    assert compare_items(one, other) < 0.5
    assert compare_items(one, other.model_copy(update={"stem": one.stem})) == 1.0


def test_the_words_that_ask_for_a_verdict_are_no_part_of_the_statement() -> None:
    assert strip_question("True or false: The lid is closed.") == "The lid is closed."
    assert strip_question("The lid is closed: the tank is full.") == "the tank is full."
    assert strip_question("Nothing to strip here.") == "Nothing to strip here."
