"""Fill the call, find what is wrong, what happens when, compare and match: when each holds, and when never."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from services.modules.offline.items.compare_rows import ask_comparisons
from services.modules.offline.items.entries import names_itself
from services.modules.offline.items.fill_call import ask_calls
from services.modules.offline.items.find_wrong import ask_faults
from services.modules.offline.items.match_terms import ask_matches
from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain
from shared.course.scales import ItemForm
from shared.engine.types import Span
from tests.unit.items.sample import teach_text

Ask = Callable[[TaughtSection, TaughtText], Iterator[Question]]


def ask(form: Ask, text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in form(one, said)]


CALLS = """# Packing

Text.

```python
import harbor

print(harbor.count('oak'))  # 42
print(harbor.weigh('oak'))  # 43
print(harbor.price('oak'))  # 46
```
"""


def test_a_call_is_asked_by_its_value_among_calls_that_differ_in_one_name() -> None:
    question = next(question for question in ask(ask_calls, CALLS) if "prints `43`" in question.stem)
    assert question.stem.endswith("```python\nimport harbor\n```")
    assert question.keys == ("`harbor.weigh('oak')`",)
    told = {option.text: option.feedback for option in question.options}
    assert told["`harbor.count('oak')`"] == "No: `harbor.count('oak')` prints `42`."
    assert len(told) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# 46", "# 43"),
        ("print(harbor.weigh('oak'))", "harbor = harbor.open()\nprint(harbor.weigh('oak'))"),
        ("print(harbor.weigh('oak'))", "print(harbor.weigh('elm'))"),
        ("print(harbor.weigh('oak'))", "print(harbor.weigh('oak', 2))"),
    ],
    ids=["a sibling gives the same", "after other code", "two parts differ", "another build"],
)
def test_a_call_is_not_asked_by_its_value(old: str, new: str) -> None:
    questions = ask(ask_calls, CALLS.replace(old, new, 1))
    assert not any("weigh" in key for question in questions for key in question.keys)


ERRORS = """# Errors

| Error | Meaning |
|---|---|
| `E_SEAL` | The signature does not belong to the content |
| `E_LATE` | The queue was longer than the granted time |
| `E_TWIN` | Another client holds the same place already |
| `E_GONE` | The file was removed while somebody read it |
| `E_FULL` | A stop on the way has too little memory |
| `E_MUTE` | No guide answered within ten seconds |
"""


def test_an_error_is_asked_for_its_cause() -> None:
    questions = ask(ask_faults, ERRORS)
    assert questions
    for question in questions:
        name = question.stem.partition("you get ")[2].removesuffix(". What is wrong?")
        assert f"| {name} | {question.keys[0]} |" in ERRORS
        assert question.bloom == "analyze"


def test_a_table_of_something_else_has_no_causes() -> None:
    assert ask(ask_faults, ERRORS.replace("E_", "M_").replace("| Error |", "| Mode |")) == []
    assert ask(ask_faults, ERRORS.replace("| Meaning |", "| Arguments |")) == []


MODES = """# Modes

- `r7`: Compresses blocks and prefers speed over size
- `r8`: Compresses blocks and prefers size over time
- `r9`: Compresses blocks and balances speed against size
- `r0`: Stores blocks as they come from the sender
"""


def test_siblings_told_in_nearly_the_same_words_are_compared() -> None:
    questions = ask(ask_comparisons, MODES)
    assert questions
    assert all(" rather than `r" in question.stem for question in questions)
    assert all(show_plain(question.keys[0]).startswith("Compresses blocks") for question in questions)
    for question in questions:
        one, other = question.stem.removesuffix("?").removeprefix("Which of these describes ").split(" rather than ")
        texts = {option.text for option in question.options}
        assert {
            line[len(f"- {one}: ") :] for line in MODES.split("\n") if line.startswith((f"- {one}", f"- {other}"))
        } <= texts
        assert question.explanation == f"{one}: {question.keys[0]}."


PLACES = """# Places

- **bow**: Foremost point, where waves are met
- **stern**: Rear end, close to rudder and propeller
- **keel**: Long beam that carries all frames
- **galley**: Kitchen of a vessel at sea
- **mast**: Upright pole, the mast of all sails
"""


def test_names_are_matched_with_what_is_said_of_them() -> None:
    (question,) = ask(ask_matches, PLACES)
    assert question.kind == "matching"
    assert len(question.groups) == 4
    for term, text in question.groups:
        name, gloss = question.options[term].text, question.options[text].text
        assert f"**{name}**: {gloss}" in PLACES
    assert [text for _, text in question.groups] != sorted(text for _, text in question.groups)


def test_a_text_that_names_its_thing_is_not_matched() -> None:
    (question,) = ask(ask_matches, PLACES)
    assert "mast" not in {option.text for option in question.options}


SIGNS = """# 2.1 Signs

| Sign | Description |
|---|---|
| ^ | Stands for the beginning of a line |
| ~ | Ends the search at the last letter |
| + | Repeats whatever came before |
| ? | Marks a thing that may be missing |
| % | Takes any figure from nought to nine |
"""


def test_names_that_are_signs_are_matched_under_a_heading_with_a_number() -> None:
    (question,) = ask(ask_matches, SIGNS)
    assert question.stem == "Signs: match each sign with its description."
    assert len(question.groups) == 4


def test_texts_that_fit_two_names_are_not_matched() -> None:
    same = "- **bow**: End of a vessel near waves\n- **stern**: End of a vessel near propeller\n- **keel**: Beam\n"
    assert ask(ask_matches, f"# Places\n\n{same}") == []


@pytest.mark.parametrize(("form", "count"), [("what_happens", 0), ("choose", 0), ("compare", 0), ("predict_output", 1)])
def test_wrong_options_stand_in_the_document_or_share_words_with_the_question(form: ItemForm, count: int) -> None:
    sections, said = teach_text("# Locks\n\nTwo locks.\n\n# Fees\n\nTwo fees.\n")
    stem = "Locks: what happens when a gate of a lock opens?"
    key, *others = (
        Choice(text, "so it is.", (Span(path=path, start_line=3, end_line=3),))
        for text, path in (
            ("Waters fill basins", "docs/guide.md"),
            ("Clerks count coins", "docs/fees.md"),
            ("Porters carry crates", "docs/fees.md"),
        )
    )
    near = [replace(other, feedback="that is so when a gate opens.") for other in others]
    inside = [replace(other, spans=key.spans) for other in others]
    assert len(list(ask_choice(form, sections[0], said, [stem], key, others, ranked=True))) == count
    assert len(list(ask_choice(form, sections[0], said, [stem], key, near, ranked=True))) == 1
    assert len(list(ask_choice(form, sections[0], said, [stem], key, inside, ranked=True))) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("`dir_okay`", "Controls if a directory is a possible value"),
        ("`configure()`", "Reads a configuration of the user"),
        ("URI", "Absolute uniform resource identifier"),
        ("Timestamp", "A date expression with its time"),
        ("`zip_fast`", "Prefers speed over size"),
    ],
    ids=["beginning", "stem", "initials", "a word inside", "meaning"],
)
def test_a_description_that_gives_the_name_away(name: str, text: str) -> None:
    assert names_itself(name, text)
    assert not names_itself("`keel`", "Holds all frames of a vessel")


def test_parameters_of_an_example_and_products_of_others_are_not_matched() -> None:
    assert ask(ask_matches, f"{PLACES}\n```python\ndef sail(bow, stern, keel):\n    pass\n```\n") == []
    linked = PLACES.replace("**bow**", "[bow](https://bow.example)").replace("**keel**", "[keel](https://keel.example)")
    assert ask(ask_matches, linked) == []
    assert ask(ask_matches, PLACES.replace("all frames", "all **frames").replace("at sea", "at **sea")) == []
