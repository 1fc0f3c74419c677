"""A command is asked for by what a sentence says it does, among commands of the same program."""

import pytest

from services.modules.offline.items.choose_thing import ask_choices
from services.modules.offline.items.clauses import Advice
from services.modules.offline.items.commands import do_apart, find_commands
from services.modules.offline.items.question import Question
from shared.engine.types import Span
from tests.unit.items.sample import teach_text

RUNS = """# Depots

To list the parcels of a depot, run:

```sh
relay parcels --all
```

You can weigh one crate in advance with the command:

```console
$ relay scale crate7
7 kg
```

Call the night porter:

```bash
relay bell --loud
```

To print the wages of the porters:

```sh
relay wages porters
```
"""


def found(text: str) -> list[tuple[str, str]]:
    sections, said = teach_text(text)
    return [(advice.situation, advice.thing) for one in sections for advice in find_commands(one, said)]


def asked(text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in ask_choices(one, said)]


def test_a_command_is_for_what_the_sentence_above_it_says() -> None:
    assert found(RUNS) == [
        ("list the parcels of a depot", "`relay parcels --all`"),
        ("weigh one crate in advance", "`relay scale crate7`"),
        ("call the night porter", "`relay bell --loud`"),
        ("print the wages of the porters", "`relay wages porters`"),
    ]


def test_a_question_about_a_command_cites_its_sentence_and_its_line() -> None:
    questions = asked(RUNS)
    assert questions
    for question in questions:
        situation = question.stem.partition("you want to ")[2].removesuffix(". What do you use?")
        ((_, thing),) = [one for one in found(RUNS) if one[0] == situation]
        (span,) = question.spans
        cited = "\n".join(RUNS.split("\n")[span.start_line - 1 : span.end_line])
        assert question.keys == (thing,)
        assert thing.strip("`") in cited
        assert situation.partition(" ")[2] in cited


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("relay parcels --all", "relay parcels --all\nrelay parcels --none"),
        ("relay parcels --all", "cd depot"),
        ("relay parcels --all", "# all of them"),
        ("```sh\nrelay parcels", "```python\nrelay parcels"),
        ("To list the parcels of a depot, run:", "To list the parcels of this depot, run:"),
        ("To list the parcels of a depot, run:", "All parcels of the depot are here:"),
        ("To list the parcels of a depot, run:", "The depot lists all parcels."),
    ],
    ids=["two commands", "another program", "a remark", "no shell", "points elsewhere", "no task", "no colon"],
)
def test_a_command_without_its_one_purpose_is_left_out(old: str, new: str) -> None:
    assert len(found(RUNS.replace(old, new))) == 3


def test_a_command_that_differs_from_the_key_in_a_word_nobody_asks_for_is_no_option() -> None:
    span = Span(path="a.md", start_line=1, end_line=1)
    porters, clerks = (Advice(f"pay the {name}", f"`relay pay {name}`", span) for name in ("porters", "clerks"))
    vague = Advice("pay the people of the house", "`relay pay porters`", span)
    assert do_apart(porters, clerks)
    assert not do_apart(vague, clerks)
    assert do_apart(vague, Advice("ring the bell", "`relay bell`", span))
