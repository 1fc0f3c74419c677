"""A case is decided by what the page shows: errors, sources by rank, calls with siblings, and states that are kept."""

import pytest

from services.modules.offline.items.context import write_code
from services.modules.offline.items.examples import find_shown
from services.modules.offline.items.fill_call import ask_calls
from services.modules.offline.items.precedence import ask_precedence
from services.modules.offline.items.predict_output import ask_outputs
from services.modules.offline.items.question import Question
from services.modules.offline.items.sessions import ask_runs
from shared.course.plain_text import show_plain
from tests.unit.items.sample import teach_text

CRATES = """# Crates

```pycon
>>> @define
... class Crate:
...     weight = field(check=below(42))
>>> Crate(41)
Crate(weight=41)
>>> Crate(42)
Traceback (most recent call last):
   ...
ValueError: too heavy
>>> Crate("7")
Traceback (most recent call last):
   ...
TypeError: no number
```
"""


def ask(form: object, text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in form(one, said)]  # type: ignore[operator]


def texts(question: Question) -> set[str]:
    return {show_plain(option.text) for option in question.options}


def test_an_error_is_asked_beside_the_value_that_a_sibling_lets_expect() -> None:
    question = next(one for one in ask(ask_outputs, CRATES) if "Crate(42)\n" in one.stem)
    assert question.stem.startswith("What does the last line give, or which error does it raise?")
    assert question.keys == ("`ValueError`",)
    assert texts(question) == {"ValueError", "TypeError", "Crate(weight=42)"}
    told = {show_plain(option.text): option.feedback for option in question.options}
    assert told["Crate(weight=42)"] == "No: `Crate(41)` gives `Crate(weight=41)`, but `Crate(42)` raises `ValueError`."


def test_what_another_type_of_the_same_name_gives_is_no_rival() -> None:
    other = "```\n\n```pycon\n>>> @define\n... class Crate:\n...     weight = field(check=light)\n>>> Crate(42)\n"
    assert not any("Crate(42)\n" in one.stem for one in ask(ask_outputs, CRATES.replace(">>> Crate(42)\n", other)))


def test_which_call_fails_is_asked_among_its_siblings() -> None:
    question = next(
        one for one in ask(ask_calls, CRATES.replace("below(42)", "light")) if "raises `ValueError`" in one.stem
    )
    assert question.keys == ("`Crate(42)`",)
    assert texts(question) == {'Crate("7")', "Crate(41)", "Crate(42)"}


def test_a_setting_that_was_made_before_is_shown_and_a_value_that_is_replaced_is_not() -> None:
    calls = ">>> harbor.set_open(True)\n>>> size = 9\n>>> size = 41\n>>> Crate(size + 1)\nCrate(weight=42)\n```\n"
    sections, said = teach_text(CRATES.replace("```\n", calls))
    (one,) = (one for one in sections if one.section.blocks)
    example = next(example for example in find_shown(one) if example.asked == "Crate(size + 1)")
    code = write_code(one, example, example.asked, said)
    assert "harbor.set_open(True)" in code
    assert "size = 41" in code
    assert "size = 9" not in code


def test_defaults_are_taken_for_what_is_given_and_what_is_given_for_what_it_becomes() -> None:
    text = """# Barges

```pycon
>>> @define
... class Barge:
...     oars: int = 4
...     crew: int = 2
>>> Barge(6)
Barge(oars=6, crew=2)
```
"""
    (question,) = ask(ask_outputs, text)
    assert {"Barge(oars=4, crew=2)", "TypeError", "Barge(oars=6, crew=2)"} <= texts(question)


LANGUAGES = """# Request

The `ctx` of a request knows what a client takes.

```js
// Accept: text/*, application/json
ctx.accepts('html', 'json')
// => "json"

// Accept: text/*
ctx.accepts('json', 'html')
// => "html"

// Accept: image/png
ctx.accepts('json', 'html')
// => false
```
"""


def test_a_remark_that_gives_the_case_is_shown_with_the_line() -> None:
    questions = ask(ask_outputs, LANGUAGES)
    assert questions
    for question in questions:
        assert question.stem.count("// Accept: ") == question.stem.count("ctx.accepts(") == 1


def test_a_line_below_a_remark_of_another_sort_is_not_asked() -> None:
    assert (
        ask(ask_outputs, LANGUAGES.replace("Accept: ", "now ask for ").replace("now ask", "Accept: a\n// now ask", 1))
        == []
    )


def test_what_is_made_of_something_that_changes_later_is_not_asked_in_javascript() -> None:
    lines = (
        "const kept = keep(source)",
        "source.value = 7",
        "console.log(kept.value + 5) // 12",
        "console.log(1 + 5) // 6",
    )
    text = "# Refs\n\nUse `keep` and `source`.\n\n```js\n" + "\n".join(lines) + "\n```\n"
    assert not any("kept.value" in question.stem for question in ask(ask_outputs, text))


RANKED = """# Settings

A setting has several sources, {rank}:

1. A variable of the shell
2. The `harbor.toml` of the folder
3. The `global.toml` of the user
4. A default of the program
"""


@pytest.mark.parametrize(
    ("rank", "first"), [("from highest to lowest precedence", 0), ("from lowest to highest priority", -1)]
)
def test_of_three_sources_the_one_of_the_highest_rank_is_used(rank: str, first: int) -> None:
    (question,) = ask(ask_precedence, RANKED.format(rank=rank))
    places = {show_plain(line[3:]): at for at, line in enumerate(RANKED.split("\n")) if line[:1].isdigit()}
    given = sorted(texts(question), key=places.__getitem__)
    assert len(given) == 3
    assert question.stem.startswith("“A setting has several sources, from ")
    assert show_plain(question.keys[0]) == given[first]


def test_a_list_without_ranks_is_no_question() -> None:
    assert ask(ask_precedence, RANKED.format(rank="as follows")) == []


def test_one_line_is_asked_where_other_runs_of_the_program_print_others() -> None:
    text = """# Names

```python
import sys
print(f"crew of {sys.argv[-1]}")
```

```console
$ python crew.py bo
crew of bo
$ python crew.py bo ann
crew of ann
$ python crew.py bo ann cy
crew of cy
```
"""
    found = {question.keys[0]: texts(question) for question in ask(ask_runs, text)}
    assert found["`crew of cy`"] == {"crew of bo", "crew of ann", "crew of cy"}


RECIPES = """# Recipes

```just
all: oak {second}

oak:
  @echo first oak

elm:
  @echo then elm
```

```console
$ just all
first oak
then elm
```
"""


@pytest.mark.parametrize(
    "program", [RECIPES.format(second="elm"), RECIPES.format(second="").replace("all", "[parallel]\nall", 1)]
)
def test_a_last_line_that_the_order_of_several_tasks_decides_is_not_asked(program: str) -> None:
    assert ask(ask_runs, program) == []
