"""A case is decided by what the page shows: errors, calls with siblings, and states that are kept."""

import pytest

from services.modules.offline.items.context import write_code
from services.modules.offline.items.examples import find_shown
from services.modules.offline.items.fill_call import ask_calls
from services.modules.offline.items.predict_output import ask_outputs
from services.modules.offline.items.question import Question
from services.modules.offline.items.sessions import ask_runs
from shared.course.plain_text import show_plain
from tests.unit.items.sample import teach_text

CRATES = """# Crates

```pycon
>>> from harbor import below, define, field, harbor, light
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
    assert told["ValueError"] == "Right: `Crate(42)` raises `ValueError`: “too heavy”."
    assert told["Crate(weight=42)"] == "No: `Crate(41)` gives `Crate(weight=41)`, but `Crate(42)` raises `ValueError`."


def test_an_error_is_asked_beside_the_error_of_another_sort() -> None:
    (question,) = ask(ask_outputs, CRATES.partition('>>> Crate("7")')[0] + "```\n")
    assert texts(question) == {"ValueError", "TypeError", "Crate(weight=42)"}


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
>>> from harbor import define
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


RUNS = """# Tugs

```python
import harbor


@app.callback()
def check():
    print("Checking ropes")


@app.command()
def pull(
    crates: Annotated[int, Option(max=10)] = 3,
    name: Annotated[str, Argument(envvar="TUG")] = "Kit",
):
    print(f"{name} pulls {crates} crates")
```

```console
"""


def ask_run(*lines: str) -> Question:
    (question,) = ask(ask_runs, RUNS + "\n".join((*lines, "```")))
    return question


def test_a_value_that_the_program_changes_is_asked_beside_the_one_that_was_given_and_the_default() -> None:
    question = ask_run("$ python tug.py --crates 12", "Checking ropes", "Kit pulls 10 crates")
    assert question.keys == ("`Kit pulls 10 crates`",)
    assert {"Kit pulls 12 crates", "Kit pulls 3 crates", "Checking ropes"} <= texts(question)
    assert question.explanation.startswith("`crates: Annotated[int, Option(max=10)] = 3,` decides what `crates` is; ")


def test_a_value_from_the_shell_is_an_option() -> None:
    question = ask_run("$ TUG=Bo python tug.py Ann", "Checking ropes", "Ann pulls 3 crates")
    assert {"Bo pulls 3 crates", "Kit pulls 3 crates", "Ann pulls 3 crates"} <= texts(question)


def test_a_command_that_fails_is_asked_beside_what_it_would_print() -> None:
    fails = "Invalid value for '--crates': 12 is more than 10."
    text = RUNS.replace("{name} pulls {crates}", "Pulling {crates}")
    (question,) = ask(ask_runs, f"{text}$ python tug.py --crates 12\n│ {fails} │\n```\n")
    assert show_plain(question.keys[0]) == fails
    assert {"Pulling 3 crates", "Pulling 12 crates", fails} <= texts(question)
    assert "`crates: Annotated[int, Option(max=10)] = 3,` decides what the program takes." in question.explanation


def test_which_command_fails_is_asked_where_others_do_not() -> None:
    text = RUNS.partition("@app.callback")[0] + "def pull(crates: Annotated[int, Option(max=10)] = 3):\n"
    text += '    print(f"Pulling {crates}")\n```\n\n```console\n'
    runs = (
        "$ python tug.py --crates 10",
        "Pulling 10",
        "$ python tug.py --crates 7",
        "Pulling 7",
        "$ python tug.py --crates 12",
    )
    (question,) = ask(ask_runs, text + "\n".join((*runs, "Invalid value for '--crates': 12 is more than 10.", "```\n")))
    assert question.form == "find_wrong"
    assert question.stem.startswith("Which of these commands fails?")
    assert question.keys == ("`python tug.py --crates 12`",)


def test_a_run_whose_program_leaves_nothing_to_misread_is_not_asked() -> None:
    text = RUNS.partition("@app.callback")[0] + "def sail(name):\n    print(name)\n```\n\n```console\n"
    assert ask(ask_runs, f"{text}$ python tug.py Bo\nBo\n```\n") == []


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


def test_a_line_is_not_asked_beside_lines_of_tasks_that_are_never_called_alone() -> None:
    tasks = "".join(f"{name}\n  @echo {name[:3].title()}\n\n" for name in ("oak:", "elm: oak", "ash: oak"))
    assert not ask(ask_runs, f"# Recipes\n\n```just\n{tasks}```\n\n```console\n$ just oak oak\nOak\n```\n")


TIDE = """# Tides

```just
ebb:
  echo 'ebb'

flood: ebb
  echo 'flood'
  just slack
  echo 'high'

slack:
  echo 'slack'
```

```console
$ just flood
echo 'ebb'
ebb
flood
slack
high
```
"""


def test_the_lines_of_a_run_are_asked_in_their_order() -> None:
    (question,) = (one for one in ask(ask_runs, TIDE) if one.stem.startswith("Which lines"))
    assert question.keys == ("`ebb`, `flood`, `slack`, `high`",)
    assert "ebb, flood, high, slack" in texts(question)


def test_a_line_at_the_left_edge_stands_under_nothing() -> None:
    edge = TIDE.replace("ebb:\n  echo 'ebb'\n", "echo 'drift'\n\nebb:\n  echo 'ebb'\n", 1)
    found = [one for one in ask(ask_runs, edge) if one.stem.startswith("Which lines")]
    assert found
    assert not any("under ," in option.feedback for one in found for option in one.options)


def test_lines_in_the_order_of_the_program_are_not_asked() -> None:
    plain = TIDE.replace("  just slack\n", "").replace("\nslack\nhigh", "\nhigh").partition("\nslack:\n")
    text = plain[0] + "```" + plain[2].partition("```")[2]
    assert not any(one.stem.startswith("Which lines") for one in ask(ask_runs, text))


@pytest.mark.parametrize(
    ("language", "shown"),
    [("irb", "irb(main):001:0> {}\n=> {}"), ("elixir", "iex(1)> {}\n{}"), ("julia", "julia> {}\n{}\n")],
)
def test_sessions_of_other_languages_are_read_as_those_of_python(language: str, shown: str) -> None:
    calls = (("first", 2, "ha"), ("first", 3, "har"), ("last", 2, "ur"), ("last", 3, "our"))
    lines = "\n".join(shown.format(f'{name}("harbour", {count})', f'"{value}"') for name, count, value in calls)
    told = "The function `first` gives the first letters, and `last` the last ones."
    text = f"# Parts\n\n{told}\n\n```{language}\n{lines}\n```\n"
    asked = {key for question in ask(ask_calls, text) for key in question.keys}
    assert asked == {'`"ur"`', '`"our"`'}
