from collections.abc import Sequence

import pytest

from shared.course.flaws import CRITERIA, describe_form, find_flaws
from shared.course.model import Item, ItemKind, Option

STEM = "Which command heats the water?"
OPTIONS = ("boil", "freeze", "grind", "toast")


def _item(
    stem: str = STEM, options: Sequence[str] = OPTIONS, key: Sequence[int] = (0,), kind: ItemKind = "single_choice"
) -> Item:
    return Item(
        id="i",
        kind=kind,
        stem=stem,
        options=[Option(id=str(i), text=text) for i, text in enumerate(options)],
        key=[str(i) for i in key],
        explanation="",
        objective_ids=[],
        bloom="remember",
        citation_ids=[],
    )


def test_there_are_nineteen_criteria() -> None:
    assert len(CRITERIA) == 19


FLAWED: dict[str, Item] = {
    "ambiguous or unclear": _item(stem="It heats the water: choose one"),
    "implausible distractor": _item(options=("boil", "freeze")),
    "none of the above": _item(options=("boil", "freeze", "grind", "none of the above")),
    "longest option is the key": _item(options=("boil the water", "freeze", "grind", "toast")),
    "gratuitous information": _item(stem="The kitchen is warm. " * 20 + STEM),
    "true/false options": _item(options=("True", "False", "Yes"), key=(0,)),
    "convergence": _item(
        options=("red big kettle", "red big pot", "blue big kettle", "red flat kettle"), stem="What heats water?"
    ),
    "logical cue": _item(options=("`boil()`", "a freezing machine", "a grinding machine", "a toasting machine")),
    "all of the above": _item(options=("boil", "freeze", "grind", "all of the above")),
    "fill in the blank": _item(stem="Choose what fits: the ____ command heats the water"),
    "absolute term": _item(options=("boil", "never freeze", "grind", "toast")),
    "word repeated in the key": _item(options=("water", "freezer", "grinder", "toaster")),
    "unfocused stem": _item(stem="Which of the following statements is true?"),
    "complex options": _item(options=("A and B", "A and C", "B and C", "C")),
    "grammatical cue": _item(stem="To heat water you use an", options=("oven", "freezer", "grinder", "toaster")),
    "lost sequence": _item(stem="How many boils fit in?", options=("12", "8", "16", "10")),
    "vague term": _item(stem="Which command usually heats the water?"),
    "more than one answer": _item(options=("boil", "boil", "grind", "toast")),
    "negative stem unmarked": _item(stem="Which command does not heat the water?"),
}


@pytest.mark.parametrize("name", CRITERIA)
def test_a_criterion_sees_its_flaw(name: str) -> None:
    assert name in find_flaws(FLAWED[name])


@pytest.mark.parametrize("name", CRITERIA)
def test_a_clean_item_has_no_flaw(name: str) -> None:
    assert name not in find_flaws(_item())


@pytest.mark.parametrize(
    "item",
    [
        _item(stem="True or false: The flag `--quiet` hides the output.", options=("True", "False"), kind="true_false"),
        _item(stem="Complete the sentence: The flag ____ hides the output.", options=(), key=(), kind="cloze"),
        _item(stem="Put the steps in order.", options=("Fill.", "Close.", "Press."), key=(0, 1, 2), kind="ordering"),
        _item(stem="Which command does NOT heat the water?"),
        _item(stem="Which command does **not** heat the water?"),
        _item(stem="How many boils fit in?", options=("8", "10", "12", "16"), key=(2,)),
        _item(stem="Which version came first?", options=("1.9", "1.10", "2.0", "10.1")),
        _item(stem="Which command shows ____", options=("boil", "freeze", "grind", "toast")),
    ],
    ids=["true_false", "cloze", "ordering", "NOT", "bold not", "numbers", "versions", "gap at the end"],
)
def test_sound_items_of_every_kind_pass(item: Item) -> None:
    assert find_flaws(item) == ()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("12", "number"),
        ("v1.2", "number"),
        ("`boil`", "code"),
        ("run(x)", "code"),
        ("--quiet", "code"),
        ("plan", "term"),
        ("a list of boils", "phrase"),
        ("A list of boils that runs by itself.", "sentence"),
        ("`pot.boil()` raises an error at once", "phrase"),
        ("see `pot.boil()`", "code"),
    ],
)
def test_options_have_a_form(text: str, form: str) -> None:
    assert describe_form(text) == form


def test_brackets_of_code_do_not_make_a_stem_unclear() -> None:
    stem = "What does `run()` give in the last line?\n\n```python\nrun()\n```"
    assert "ambiguous or unclear" not in find_flaws(_item(stem=stem))
    assert "ambiguous or unclear" in find_flaws(_item(stem="What does it ( ) give in the last line?"))


def test_words_of_code_that_is_to_be_read_give_nothing_away() -> None:
    options = ("`hello kit`", "`hello crew`", "`hello ship`", "`hello`")
    stem = "What does the last line print?"
    assert "word repeated in the key" not in find_flaws(
        _item(stem=f'{stem}\n\n```python\nprint("hello", "kit")\n```', options=options)
    )
    assert "word repeated in the key" in find_flaws(_item(stem=f"{stem} It is about kit.", options=options))
