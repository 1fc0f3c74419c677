"""Lines are put in order only where the names that they make and use leave few orders."""

import pytest

from services.modules.offline.items.put_in_order import ask_order
from services.modules.offline.items.question import Question
from shared.course.flaws import find_flaws
from tests.unit.items.sample import teach_text

SENDS = """from harbour import Pier, Ship

pier = Pier(port=80)
ship = Ship(pier)
crate = ship.load("tea")
bill = crate.seal()
print(bill)
"""


def ask(code: str, language: str = "python") -> list[Question]:
    sections, said = teach_text(f"# Sending\n\nA `Ship` sends crates.\n\n```{language}\n{code}```\n")
    return [question for one in sections for question in ask_order(one, said)]


def test_each_line_tells_what_it_uses() -> None:
    (question,) = ask(SENDS)
    lines = ["pier = Pier(port=80)", "ship = Ship(pier)", 'crate = ship.load("tea")', "bill = crate.seal()"]
    lines.append("print(bill)")
    assert question.orders == (tuple(f"`{line}`" for line in lines),)
    told = {option.text: option for option in question.options}
    assert (
        told["`ship = Ship(pier)`"].feedback == "`ship = Ship(pier)` uses `pier`, which `pier = Pier(port=80)` makes."
    )
    assert [span.start_line for span in told["`ship = Ship(pier)`"].spans] == [9, 8]
    assert "from harbour import" in question.stem
    assert "pier = " not in question.stem
    item = question.as_item("i1")
    assert (item.kind, len(item.groups)) == ("ordering", 1)
    assert find_flaws(item) == ()


def test_every_order_that_the_names_allow_is_right() -> None:
    (question,) = ask(SENDS.replace("Ship(pier)", "Ship()").replace('load("tea")', "load(pier)"))
    assert {order[:2] for order in question.orders} == {
        ("`pier = Pier(port=80)`", "`ship = Ship()`"),
        ("`ship = Ship()`", "`pier = Pier(port=80)`"),
    }


def test_a_thing_is_changed_before_it_is_used() -> None:
    code = "ship = Ship()\nship.name = 'Anna'\nbill = write(ship)\nnote = seal(bill)\nprint(note)\n"
    (question,) = ask(code)
    assert [order[1] for order in question.orders] == ["`ship.name = 'Anna'`"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('crate = ship.load("tea")', "pier.open()"),  # another line acts: its turn may matter
        ("ship = Ship(pier)", "pier = Ship(pier)"),  # a name is made twice
        ("Ship(pier)", "Ship()"),  # too many orders
        (
            "bill = crate.seal()",
            "bill = crate.seal(\n    pier\n)",
        ),  # a statement of several lines, and three are too few
        ("bill = crate.seal()", "return crate"),  # its place is plain
        ("bill = crate.seal()\nprint(bill)", "print(crate)"),  # three lines and one that only prints
    ],
)
def test_what_names_leave_open_is_not_asked(old: str, new: str) -> None:
    code = SENDS.replace(old, new)
    if new == "Ship()":
        code = code.replace('ship.load("tea")', 'load("tea")')
    assert ask(code) == []


def test_lines_that_name_nothing_of_the_course_are_not_asked() -> None:
    assert ask("a = 1\nb = a + 1\nc = a + b\nprint(c)\n") == []


@pytest.mark.parametrize(
    ("language", "code"),
    [
        (
            "js",
            "let pier = dock();\nlet tug = new Ship(pier);\nlet box = tug.load();\nlet bill = seal(box);\nlog(bill)\n",
        ),
        ("go", "pier := Open(80)\nship := Ship(pier)\ncrate := ship.Load()\nbill := crate.Seal()\nfmt.Println(bill)\n"),
        (
            "elixir",
            'pier = open(80)\nship = Ship.new(pier)\ncrate = Ship.load(ship)\nbill = seal(crate)\nIO.puts("#{bill}")\n',
        ),
    ],
)
def test_languages_name_things_in_their_ways(language: str, code: str) -> None:
    (question,) = ask(code, language)
    assert len(question.orders) == 1
