"""Questions are looked for in time that grows as a section does, not as its square."""

from collections.abc import Callable

import pytest

from services.modules.offline.items.find import list_questions
from services.modules.offline.items.taught_text import MAKES
from tests.support.processor_time import processor_seconds
from tests.unit.items.sample import teach_text

_MOST_GROWTH = 9.0  # for four times the blocks; what grows with its square takes sixteen times as long


def _seconds(text: str) -> float:
    sections, said = teach_text(f"# Wheels\n\n{text}\n")
    return processor_seconds(lambda: list_questions(sections, said))


@pytest.mark.parametrize(
    "block",
    [
        lambda at: f"If wheel {at} turns, the widget says hello.\n\n",
        lambda at: f"Next:\n\n```python\nx{at} = {at}\nprint(x{at})  # {at}\n```\n\n",
        lambda at: f"Next:\n\n```console\n$ turn {at}\nwheel {at}\n```\n\n",
    ],
    ids=["conditions", "examples", "sessions"],
)
def test_four_times_the_blocks_take_about_four_times_as_long(block: Callable[[int], str]) -> None:
    few, many = ("".join(map(block, range(count))) for count in (500, 2_000))
    least, most = [], []
    for _ in range(3):  # the processor may be busy with others: the best of three is what a text takes
        least.append(_seconds(few))
        most.append(_seconds(many))
        if min(most) < _MOST_GROWTH * max(0.02, min(least)):
            return
    pytest.fail(f"{min(least):.3f} s became {min(most):.3f} s")


_LONG = 19_000  # a longer line is not read
_BLANKS = " " * _LONG


@pytest.mark.parametrize(
    "code",
    [
        f"```js\nweigh(4) //{_BLANKS}x\n```",
        f"```js\nweigh(4){_BLANKS}x\n```",
        "```js\nconst a = weigh(4)\n" + "\n" * 40_000 + "weigh(5) // 7\n```",
        f"```js\nconst a = {'(' * (_LONG // 2)}{')' * (_LONG // 2)}\nweigh(5) // 7\n```",
        f"```console\n$ seq 1{_BLANKS}x\n7\n```",
        "```console\n$ turn 1\n" + f"{'the wheel says hello ' * 5}\n" * 5 + "```",
        "```js\n" + "// => 1\n" * 5_000 + "```",
        f"```js\nx\n{' ' * 1_200}(\ny\nweigh(4) // 7\n```",
        "```ruby\n" + f"irb> {'a + ' * 25}a\nirb> b\n1\n2\n" * 2_000 + "```",
        "```js\n" + f"weigh(4){' // [' * 2_900}\n" * 30 + "```",
    ],
    ids=[
        "a remark",
        "a line",
        "empty lines",
        "brackets",
        "a command",
        "what is printed",
        "notes",
        "blanks before a bracket",
        "prompts",
        "remarks in a line",
    ],
)
def test_a_line_of_blanks_or_brackets_takes_no_longer_than_words(code: str) -> None:
    assert _seconds(f"Next:\n\n{code}") < 1.5


@pytest.mark.parametrize("code", [f"fn {'a' * _LONG}", f"const {'a' * _LONG} = require({'b ' * _LONG})"])
def test_a_long_name_is_read_once(code: str) -> None:
    assert processor_seconds(lambda: MAKES.findall(code)) < 0.2
