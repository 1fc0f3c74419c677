"""Lines are put in order where each needs what another one makes, and every such order counts."""

from itertools import permutations

import pytest

from services.modules.offline.items.put_in_order import ask_orders, list_orders
from services.modules.offline.items.question import Question
from tests.unit.items.sample import teach_text


def ask(text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in ask_orders(one, said)]


def test_lines_are_ordered_by_what_they_define_and_use() -> None:
    lines = 'client = connect("pier")\nparcel = client.collect()\nreceipt = parcel.send()\nprint(receipt)'
    (question,) = ask(f"# Code\n\n```python\nimport os\n\n{lines}\n```\n")
    (order,) = question.groups
    assert [question.options[i].text for i in order] == [f"`{line}`" for line in lines.split("\n")]


def test_every_order_that_the_needs_allow_is_accepted() -> None:
    lines = ("a = first()", "b = second()", "c = a + b", "d = c - 2", "print(d)")
    (question,) = ask("# Code\n\n```python\n" + "\n".join(lines) + "\n```\n")
    accepted = {tuple(question.options[i].text.strip("`") for i in order) for order in question.groups}
    assert accepted == {lines, (lines[1], lines[0], *lines[2:])}


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
    assert set(list_orders(4, edges)) == wanted


def test_too_many_orders_are_no_question() -> None:
    assert list_orders(4, frozenset()) == ()


def test_lines_inside_of_a_function_are_ordered_and_each_names_the_lines_it_needs() -> None:
    lines = ("    crew = hire(9)", "    wage = pay(crew)", "    log(wage)")
    (question,) = ask("# Paying a crew\n\n```python\ndef main():\n" + "\n".join(lines) + "\n```\n")
    assert question.stem == "Paying a crew: in what order do these lines work?"
    told = {option.text: option for option in question.options}
    assert told["`log(wage)`"].feedback == "It needs what comes before: `wage = pay(crew)`"
    assert [span.start_line for span in told["`log(wage)`"].spans] == [7, 6]


def test_lines_that_change_one_thing_in_turn_are_never_asked() -> None:
    assert ask("# Code\n\n```python\nsub = client.listen(1)\nclient.send(2)\nnote = sub.next()\nlog(note)\n```\n") == []
