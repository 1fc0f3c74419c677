"""Predict the output: what an example gives, when the code that is shown decides it."""

import re
from collections.abc import Iterator

from services.modules.offline.items.context import bare, write_code
from services.modules.offline.items.examples import Shown, find_shown
from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from services.modules.offline.items.variants import list_literals, list_variants

_LONGEST_VALUE, _LONGEST_ASKED = 80, 80
_FEWEST_OTHERS = 2
_PASSING = re.compile(
    r"\b0x[0-9a-f]{4,}|\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|/(?:home|Users|tmp|usr)/|\.{3}|…|<[^>]* at |Error\b|`"
)


def ask_outputs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each shown value that the code decides."""
    for example in filter(is_plain, find_shown(one)):
        code = write_code(one, example, example.test or example.asked, said)
        if code and not _is_read_off(code, example):
            asks = f"What does the last line {example.way.removesuffix('s')}?"
            asks = "With which value in the gap does the test at the end pass?" if example.test else asks
            stem = f"{asks}\n\n```{example.block.language}\n{code}\n```"
            key = Choice(f"`{example.value}`", _explain(one, example), example.spans)
            mistakes = list(_list_mistakes(example, code))
            yield from ask_choice("predict_output", one, said, [stem], key, mistakes, ranked=True)


def _explain(one: TaughtSection, example: Shown) -> str:
    """What gives the value, with what the text before the example says."""
    place = one.section.blocks.index(example.block)
    told = one.section.blocks[place - 1].sentences[-1:] if place else []
    says = f": “{told[0].text.strip(':. *_')}”." if told and "\n" not in told[0].text else " this."
    return f"`{example.last}` {example.way}{' `' + example.value + '`' if told else ''}{says}"


def _list_mistakes(example: Shown, code: str) -> Iterator[Choice]:
    """The values that a reader gets who makes one mistake."""
    for text, mistake in list_variants(example.value, code.rpartition("\n")[0], bare(example.asked)):
        told = f"{mistake}; `{example.last}` {example.way} `{example.value}`."
        yield Choice(f"`{text}`", told, example.spans)


def is_plain(example: Shown) -> bool:
    """Whether a value can be an option: short, all that is written, equal on every run."""
    short = len(example.asked) <= _LONGEST_ASKED and len(example.value) <= _LONGEST_VALUE
    calls = re.search(r"[(\[+*/%-]|\.\w| (?:in|is|and|or|not|[<>=]=?) ", example.asked)
    calls = None if re.match(r"print ?\([\"'\d]|print\(.*,|println!\(\"[^\"{]*\w", example.asked) else calls
    return bool(short and calls) and not _PASSING.search(example.value + example.asked)


def _is_read_off(code: str, example: Shown) -> bool:
    """Whether the value stands in the code, and no two other values of its build do."""
    if not _stands_in(code, example):
        return False
    given = re.search(rf"^{re.escape(bare(example.asked))} = {re.escape(example.value)}$", code, re.MULTILINE)
    return bool(given) or len(list_literals(example.value, code)) < _FEWEST_OTHERS


def _stands_in(code: str, example: Shown) -> bool:
    """Whether the code has the value, or its elements between other brackets."""
    squeezed, value = ("".join(text.split()) for text in (code, example.value))
    if value[:1] in "([":
        return bool(re.search(rf"[\[(]{re.escape(value[1:-1])}[\])]", squeezed))
    if value[:1] in "\"'":
        return value.strip("\"'") in re.findall(r"[\"']([^\"']*)[\"']", squeezed)
    return bool(re.search(rf"(?<![\d.]){re.escape(value)}(?!\d)", squeezed))
