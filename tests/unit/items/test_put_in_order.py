"""Lines are put in order where each needs what another one makes, and every such order counts."""

from itertools import permutations

import pytest

from services.modules.offline.items.put_in_order import ask_orders, list_orders
from services.modules.offline.items.question import Question
from tests.unit.items.sample import teach_text


def ask(text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in ask_orders(one, said)]


CHAIN = (
    "client = harbor.connect(4)",
    "parcel = client.collect()",
    "receipt = parcel.send()",
    "ledger = receipt.book()",
)


def code(*lines: str) -> str:
    return "# Code\n\n```python\nimport harbor\n\n" + "\n".join(lines) + "\n```\n"


def test_lines_are_ordered_by_what_they_define_and_use() -> None:
    (question,) = ask(code(*CHAIN))
    (order,) = question.groups
    assert [question.options[i].text for i in order] == [f"`{line}`" for line in CHAIN]


@pytest.mark.parametrize(
    "shows", ["print(ledger)", "assert ledger == 4", "test_eq(ledger, 4)", "assert harbor.is_open()"]
)
def test_a_line_that_shows_or_checks_is_no_step(shows: str) -> None:
    (question,) = ask(code(*CHAIN, shows))
    assert len(question.options) == 4
    assert ask(code(*CHAIN[:3], shows.replace("ledger", "receipt"))) == []


def test_every_order_that_the_needs_allow_is_accepted() -> None:
    lines = ("a = harbor.first()", "b = harbor.second()", "c = a + b", "d = c - 2")
    (question,) = ask(code(*lines))
    accepted = {tuple(question.options[i].text.strip("`") for i in order) for order in question.groups}
    assert accepted == {lines, (lines[1], lines[0], *lines[2:])}


@pytest.mark.parametrize(
    "lines",
    [
        ("a = harbor.one()", "b = a.two()", "c = harbor.three()", "d = b + c", "e = d - 2"),
        ("a = 4", "b = 'pier'", "c = harbor.ship(a, b)", "d = c.sail()"),
        (*CHAIN[:2], "depth = harbor.depth()", "shore = harbor.shore()"),
        ("receipt = parcel.send()", "ledger = receipt.book()", "page = ledger.open()", "note = page.read()"),
        ("client = dial(4)", *CHAIN[1:]),
    ],
    ids=["three orders", "two free values", "a line on its own", "a name from elsewhere", "a function from elsewhere"],
)
def test_lines_that_tell_too_little_of_their_order_are_never_asked(lines: tuple[str, ...]) -> None:
    assert ask(code(*lines)) == []


def test_a_parameter_and_the_project_s_own_names_are_known() -> None:
    inside = ("def send(parcel):", *(f"    {line}" for line in ("receipt = parcel.send()", *CHAIN[3:])))
    lines = (*inside, "    page = ledger.open()", "    note = page.read()")
    assert len(ask(code(*lines))) == 1
    assert len(ask(code(*lines[1:]) + "\nA `parcel` is what is sent.\n")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "# Code\n\n```python\na = []\na.append(1)\na.append(2)\nprint(a)\n```\n",
        "# Code\n\n```python\nfor a in b:\n    print(a)\nprint(b)\n```\n",
        "# Code\n\n```sh\na=1\nb=$a\necho $b\n```\n",
    ],
    ids=["calls that change", "nested", "shell"],
)
def test_what_has_no_order_of_its_own_is_never_asked(text: str) -> None:
    assert ask(text) == []


def test_list_orders_finds_exactly_the_orders_that_keep_the_edges() -> None:
    edges = frozenset({(0, 2), (1, 2), (2, 3)})
    wanted = {order for order in permutations(range(4)) if all(order.index(a) < order.index(b) for a, b in edges)}
    assert len(wanted) == 2
    assert set(list_orders(4, edges)) == wanted


def test_too_many_orders_are_no_question() -> None:
    assert list_orders(4, frozenset()) == ()


def test_lines_inside_of_a_function_are_ordered_and_each_names_the_lines_it_needs() -> None:
    text = "# Paying a crew\n\n```python\ndef main(crew):\n    bill = crew.ask()\n    wage = bill.sum()\n"
    (question,) = ask(text + "    note = wage.pay()\n    note.file()\n```\n")
    assert question.stem == "Paying a crew: in what order do these lines run?"
    told = {option.text: option for option in question.options}
    assert told["`note = wage.pay()`"].feedback == "It needs what comes before: `wage = bill.sum()`"
    assert [span.start_line for span in told["`note = wage.pay()`"].spans] == [7, 6]


def test_lines_that_change_one_thing_in_turn_are_never_asked() -> None:
    assert ask("# Code\n\n```python\nsub = client.listen(1)\nclient.send(2)\nnote = sub.next()\nlog(note)\n```\n") == []
