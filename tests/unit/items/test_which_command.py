"""What a command printed is asked beside commands that are given other options and print something of another build."""

import pytest

from services.modules.offline.items.question import Question
from services.modules.offline.items.which_command import ask_commands
from tests.unit.items.sample import teach_text

PAGE = """# Crates

All crates:

```console
$ pier crate
tea
coffee
```

With their weights, you use `pier crate --long`:

```console
$ pier crate --long
tea     12 kg
coffee  30 kg
```

As data:

```console
$ pier crate --as-data
{"tea": 12}
```

By place:

```console
$ pier crate --tree
hall/tea.crate
hall/coffee.crate
```
"""


def ask(text: str) -> dict[str, Question]:
    sections, said = teach_text(text)
    return {question.keys[0]: question for one in sections for question in ask_commands(one, said)}


def test_each_output_is_asked_beside_the_other_commands() -> None:
    asked = ask(PAGE)
    assert set(asked) == {"`pier crate --long`", "`pier crate --tree`"}
    question = asked["`pier crate --long`"]
    assert "tea     12 kg" in question.stem
    told = {option.text: option.feedback for option in question.options}
    assert told["`pier crate --long`"].endswith("“With their weights, you use `pier crate --long`”.")
    assert told["`pier crate --as-data`"] == 'No: `pier crate --as-data` printed something else: `{"tea": 12}`.'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"tea": 12}', "rum     14 kg"),  # of the same build: in another state it may be either
        ("tea     12 kg", "long:  12 kg"),  # the output has the word of the option
        ("pier crate", "python crate.py"),  # what a file prints is not known
        ("--as-data", "--long"),  # a command that printed two things
        ("tea     12 kg", "..."),  # an output that is cut
    ],
)
def test_an_output_that_tells_its_command_or_fits_another_is_not_asked(old: str, new: str) -> None:
    assert "`pier crate --long`" not in ask(PAGE.replace(old, new))


@pytest.mark.parametrize(("given", "count"), [('"$x"', 0), ("${x}", 0), ("'$x'", 1), ("'x$'", 1)])
def test_a_command_with_a_variable_of_the_shell_is_not_asked(given: str, count: int) -> None:
    asked = ask(PAGE.replace("$ pier crate --long", f"$ pier crate -l {given}"))
    assert sum("-l" in key for key in asked) == count


def test_a_command_without_a_prompt_or_language_is_one_of_a_program_that_the_text_names() -> None:
    bare = PAGE.replace("```console", "```").replace("$ ", "").replace("(tea|hall)", "")
    for command in ("pier crate", "pier crate --long", "pier crate --as-data", "pier crate --tree"):
        bare = bare.replace(f"```\n{command}\n", f"```\n{command}\n```\n\n```\n")
    assert ask(bare) == {}
    assert set(ask(f"{bare}\nThe program is `pier`.\n")) == set(ask(PAGE))


@pytest.mark.parametrize(("other", "count"), [("hall.txt", 1), ("dock.txt", 0)])
def test_what_a_command_would_print_of_another_file_is_not_known(other: str, count: int) -> None:
    page = PAGE.replace("crate\n", "crate hall.txt\n").replace("--as-data\n", f"--as-data {other}\n")
    page = page.replace("--long\n", f"--long {other}\n").replace("--tree\n", "--tree hall.txt\n")
    assert len(ask(page).keys() & {"`pier crate --tree hall.txt`"}) == count


def test_of_two_commands_that_fail_nobody_can_tell_which_error_comes_first() -> None:
    failing = "$ pier crate {}\nerror: {}\n"
    page = PAGE.replace('$ pier crate --as-data\n{"tea": 12}\n', failing.format("--open", "a lid is not there"))
    assert "`pier crate --open`" in ask(page)
    page = page.replace(
        "$ pier crate --tree\nhall/tea.crate\nhall/coffee.crate\n", failing.format("--sea", "lost at (5)")
    )
    assert "`pier crate --open`" not in ask(page)


def test_beside_the_shortest_command_stands_one_that_is_no_longer_even_if_it_has_less_of_the_output() -> None:
    page = PAGE.replace("tea\ncoffee\n", "--all: tea\n").replace("$ pier crate\n", "$ pier crate --all\n")
    page = page.replace("--long", "--all --long").replace("--tree", "--all --tree")
    short = "pier crate -q"
    page += f"\nQuietly:\n\n```console\n$ {short}\n[12]\n```\n"
    question = ask(page)["`pier crate --all`"]
    assert f"`{short}`" in {option.text for option in question.options}
