"""Fill the call, find what is wrong, what happens when, compare and match: when each holds, and when never."""

from collections.abc import Callable, Iterator

import pytest

from services.modules.offline.items.compare_rows import ask_comparisons
from services.modules.offline.items.fill_call import ask_calls
from services.modules.offline.items.find_wrong import ask_faults
from services.modules.offline.items.match_terms import ask_matches
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from services.modules.offline.items.what_happens import ask_effects
from shared.course.plain_text import show_plain
from tests.unit.items.sample import teach_text

Ask = Callable[[TaughtSection, TaughtText], Iterator[Question]]


def ask(form: Ask, text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in form(one, said)]


CALLS = """# Packing

The argument `bulk` of `pack` takes folders. Use `fast` with `weigh`, `bold` with `label` and `safe` with `burn`.

```python
import harbor

harbor.pack("a.txt", bulk=True)
harbor.weigh(harbor.find("a.txt"), fast=True)
harbor.label("a.txt", bold=False)
harbor.burn("a.txt", safe=True)
harbor.sink("a.txt", depth=4)
```
"""


def test_a_keyword_is_asked_among_those_of_other_calls() -> None:
    asked = next(question for question in ask(ask_calls, CALLS) if question.keys == ("`bulk`",))
    assert 'harbor.pack("a.txt", ____=True)' in asked.stem
    assert {show_plain(option.text) for option in asked.options} == {"bulk", "fast", "bold", "safe"}
    told = {show_plain(option.text): option.feedback for option in asked.options}
    assert told["fast"] == 'No: `weigh` takes it: `harbor.weigh(harbor.find("a.txt"), fast=True)`.'


def test_a_keyword_that_the_text_puts_in_quotes_is_explained() -> None:
    quoted = CALLS.replace("`bulk`", '`"bulk"`')
    assert any(question.keys == ("`bulk`",) for question in ask(ask_calls, quoted))


def test_a_keyword_is_asked_once_in_a_course() -> None:
    again = CALLS + '\n```python\nharbor.pack("b.txt", bulk=False)\n```\n'
    assert sum(question.keys == ("`bulk`",) for question in ask(ask_calls, again)) == 1


def test_a_keyword_is_asked_under_a_heading_that_does_not_give_it_away() -> None:
    for heading, begun in (("In bulk", "Which keyword belongs"), ("Tools", "Tools: which keyword belongs")):
        (question, *_) = ask(ask_calls, CALLS.replace("# Packing", f"# {heading}"))
        assert question.stem.startswith(begun)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The argument `bulk` of `pack` takes folders.", "You may `pack` files."),
        ('sink("a.txt", depth=4)', 'weigh("a.txt", bulk=False)'),
        ("harbor.pack(", "harbor.print("),
        ("bulk=True", "bulk=[1]"),
        ('sink("a.txt", depth=4)', 'pack("b.txt", fast=True, bold=True)'),
    ],
    ids=["not explained", "another call takes it", "the language's own", "no value alike", "it takes the others too"],
)
def test_a_keyword_is_never_asked(old: str, new: str) -> None:
    assert not any(question.keys == ("`bulk`",) for question in ask(ask_calls, CALLS.replace(old, new)))


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
If the `quota` of a depot is used up, the oldest parcels are deleted at night.
When the `beacon` of a depot is lit, a neighbour finds the depot without an address.
If the `seal` of a parcel is broken, the parcel moves to the quarantine shelf.
When the `tariff` of a depot changes, the clerks get a message with the new prices.
"""


def test_what_happens_is_asked_with_what_happens_otherwise() -> None:
    questions = ask(ask_effects, RULES)
    assert questions
    for question in questions:
        assert question.stem.startswith(("Under load: what happens if the `", "Under load: what happens when the `"))
        assert all(": that is so " in option.feedback for option in question.options)


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
    text = RULES + "If the `backlog` of a depot is full, the ledger is closed until the evening comes.\n"
    assert not any("`backlog`" in question.stem for question in ask(ask_effects, text))


MODES = """# Modes

- `zip_fast`: Compresses blocks and prefers speed over size
- `zip_small`: Compresses blocks and prefers size over time
- `zip_even`: Compresses blocks and balances speed against size
- `zip_none`: Stores blocks as they come from the sender
"""


def test_siblings_told_in_nearly_the_same_words_are_compared() -> None:
    questions = ask(ask_comparisons, MODES)
    assert questions
    assert all(" rather than `zip_" in question.stem for question in questions)
    assert all(show_plain(question.keys[0]).startswith("Compresses blocks") for question in questions)


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
"""


def test_names_that_are_signs_are_matched_under_a_heading_with_a_number() -> None:
    (question,) = ask(ask_matches, SIGNS)
    assert question.stem == "Signs: match each sign with its description."
    assert len(question.groups) >= 3


def test_texts_that_fit_two_names_are_not_matched() -> None:
    same = "- **bow**: End of a vessel near waves\n- **stern**: End of a vessel near propeller\n- **keel**: Beam\n"
    assert ask(ask_matches, f"# Places\n\n{same}") == []


def test_another_rule_of_the_same_line_is_no_distractor() -> None:
    text = RULES.replace("503.\n", "503. ")
    asked = next(question for question in ask(ask_effects, text) if "`backlog`" in question.stem)
    assert not any("oldest parcels" in option.text for option in asked.options)


def test_a_case_of_nearly_the_same_meaning_gives_no_distractor() -> None:
    slow = "If a client is not processing messages quick enough, the harbor cuts the client off.\n"
    again = "When a client does not process messages fast enough, the depot keeps the messages in a buffer.\n"
    asked = [question for question in ask(ask_effects, RULES + slow + again) if "client" in question.stem]
    assert asked
    for question in asked:
        texts = " ".join(option.text for option in question.options)
        assert not ("cuts the client" in texts and "in a buffer" in texts)


def test_a_fault_is_asked_for_its_reason() -> None:
    text = RULES.replace("the depot answers newcomers with the code 503", "the depot rejects newcomers with an alarm")
    asked = next(question for question in ask(ask_effects, text) if question.form == "find_wrong")
    assert asked.stem == "Under load: the depot rejects newcomers with an alarm. What is the reason?"
    assert asked.keys == ("The `backlog` of a depot is full",)
