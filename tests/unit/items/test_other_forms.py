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
from services.modules.offline.items.rules import find_rules
from services.modules.offline.items.taught_text import TaughtText
from services.modules.offline.items.what_happens import ask_effects
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


RULES = """# Under load

If the `backlog` of a depot is full, the depot answers newcomers with the code 503.

If the `quota` of a depot is used up, the depot deletes oldest parcels at night.

When the `beacon` of a depot is lit, a neighbour finds the depot without an address.

If the `seal` of a parcel is broken, the parcel moves to a quarantine shelf.

When the `tariff` of a depot changes, each clerk gets a parcel with fresh prices.
"""


def test_what_happens_is_asked_with_what_happens_otherwise() -> None:
    questions = ask(ask_effects, RULES)
    assert questions
    for question in questions:
        assert question.stem.startswith(("Under load: what happens if the `", "Under load: what happens when the `"))
        assert all(": that is so " in option.feedback for option in question.options)


def test_a_rule_under_headings_that_tell_nothing_is_not_asked_and_breaks_nothing() -> None:
    assert ask(ask_effects, "# How?\n\nWhen the seal breaks, the parcel is sent back.\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "# Depots\n\n- `late`: A switch. If set to `true`, the depot opens at noon.\n",
        "# Depots\n\n- **late:** If `true`, the depot opens at noon.\n",
        "# `late`\n\nIf this is `true`, the depot opens at noon.\n",
    ],
    ids=["second sentence of an item", "bold label", "heading"],
)
def test_a_value_of_an_option_is_told_with_the_option(text: str) -> None:
    sections, said = teach_text(text)
    (rule,) = (rule for one in sections for rule in find_rules(one, said))
    assert (rule.condition, rule.effect) == ("if `late` is `true`", "the depot opens at noon")


def test_a_value_in_an_item_without_a_label_is_not_told_of_the_heading() -> None:
    sections, said = teach_text("# `late`\n\n- noon - A time. If set to `true`, the depot opens at noon.\n")
    assert not [rule for one in sections for rule in find_rules(one, said)]


def test_what_happens_next_in_the_same_case_is_no_distractor() -> None:
    text = "# Seals\n\nWhen sealing is enabled, the depot makes a `key`.\n"
    after = "\nOnce the parcel is ready, the parcel is sealed by clerks.\n"
    sections, said = teach_text(text + after + RULES.replace("# Under load\n", ""))
    questions = [question for one in sections for question in ask_effects(one, said)]
    asked = [question for question in questions if "sealing is enabled" in question.stem]
    assert not any("sealed by clerks" in option.text for question in asked for option in question.options)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("the depot answers newcomers with the code 503", "use the second depot"),
        ("the depot answers newcomers with the code 503", "the depot may answer newcomers with the code 503"),
        ("the `backlog` of a depot is full", "it is full"),
        ("the `backlog` of a depot is full", "set to zero"),
    ],
    ids=["advice", "a possibility", "points elsewhere", "no subject"],
)
def test_what_happens_is_never_asked(old: str, new: str) -> None:
    assert not any(question.spans[0].start_line == 3 for question in ask(ask_effects, RULES.replace(old, new)))


def test_two_rules_of_one_condition_are_not_asked() -> None:
    text = RULES + "\nIf the `backlog` of a depot is full, the ledger is closed until the evening comes.\n"
    assert not any("`backlog`" in question.stem for question in ask(ask_effects, text))


def test_a_case_that_names_little_is_not_asked_where_no_heading_says_what_it_is_about() -> None:
    text = RULES.replace("# Under load", "# How it works").replace("`seal` of a parcel", "parcel")
    assert not any("parcel is" in question.stem for question in ask(ask_effects, text))


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
        assert question.explanation == f"{one}: {question.keys[0]}. " + next(
            f"{line[2:]}." for line in MODES.split("\n") if line.startswith(f"- {other}")
        )


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


@pytest.mark.parametrize("before", ["The depot has two gates. ", "Only at night this counts. ", "However, "])
def test_a_condition_that_depends_on_the_sentence_before_it_is_not_asked(before: str) -> None:
    text = RULES.replace("If the `backlog`", f"{before}{'if' if before[-2] == ',' else 'If'} the `backlog`")
    assert not any("`backlog`" in question.stem for question in ask(ask_effects, text))
    assert any("`backlog`" in question.stem for question in ask(ask_effects, RULES))


def test_a_case_of_nearly_the_same_meaning_gives_no_distractor() -> None:
    slow = "\nIf a client is not processing messages quick enough, a depot lights a red lamp.\n"
    again = "\nWhen a client does not process messages fast enough, a depot keeps the messages in a buffer.\n"
    asked = [question for question in ask(ask_effects, RULES + slow + again) if "client" in question.stem]
    assert asked
    for question in asked:
        texts = " ".join(option.text for option in question.options)
        assert not ("a red lamp" in texts and "in a buffer" in texts)


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


def test_a_thing_that_only_the_effect_names_leaves_the_question_open() -> None:
    for old, new in (("a parcel with", "the letter with"), ("each clerk gets", "the iterator gets")):
        assert not any("`tariff`" in question.stem for question in ask(ask_effects, RULES.replace(old, new)))
    assert any("`tariff`" in question.stem for question in ask(ask_effects, RULES))


def test_steps_of_which_the_first_that_holds_counts_are_no_rules() -> None:
    listed = RULES.replace("\n\nIf", "\n1. If").replace("\n\nWhen", "\n2. When").replace("load\n", "load\n\n", 1)
    assert ask(ask_effects, listed)
    for lead in ("A depot decides in this order:", "The first match counts:", "Rules by precedence:"):
        assert ask(ask_effects, listed.replace("load\n", f"load\n\n{lead}\n")) == []
    assert ask(ask_effects, f"{listed}3. Otherwise the parcel waits.\n") == []


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
