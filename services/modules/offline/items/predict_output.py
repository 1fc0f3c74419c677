"""Predict the output: what an example gives, when the code that is shown decides it."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from services.modules.offline.items.context import bare, list_names, write_code
from services.modules.offline.items.examples import Shown, find_shown
from services.modules.offline.items.options import ask_choice, digest
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_code_lines, list_lines
from services.modules.offline.items.variants import list_literals, list_variants, read_record

_LONGEST_VALUE, _LONGEST_ASKED, _LONGEST_KIND = 80, 80, 12
_FEWEST_OTHERS, _SHORT_GIVEN = 2, 8
_PASSING = re.compile(
    r"\b0x[0-9a-f]{4,}|\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|/(?:home|Users|tmp|usr)/|\.{3}|…|<[^>]* at |Error\b|`"
)


def ask_outputs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each shown value that the code decides."""
    shown = [example for example in find_shown(one) if is_plain(example)]
    for example in shown:
        code = write_code(one, example, example.test or example.asked, said)
        if code and not _is_read_off(code, example):
            asks = f"What does the last line {example.way.removesuffix('s')}?"
            asks = "With which value in the gap does the test at the end pass?" if example.test else asks
            stem = f"{asks}\n\n```{example.block.language}\n{code}\n```"
            others = _list_others(one, example, code, shown)
            yield from ask_choice("predict_output", one, said, [stem], _choice(example), others, ranked=True)


def _list_others(one: TaughtSection, example: Shown, code: str, shown: Sequence[Shown]) -> list[Choice]:
    """Other values, from each source in turn: slips, values of sibling examples, values that the code has."""
    ranked = _rank_kin(example, shown)
    chance, before = int(digest(example.asked), 16), code.rpartition("\n")[0]
    slips = list_variants(example.value, chance, before, bare(example.asked), [other.value for other in ranked])
    slips = [] if not read_record(example.value) and re.fullmatch(r"[\w.]+\.\w+", bare(example.asked)) else slips
    told = [
        Choice(f"`{text}`", f"{how}; `{example.last}` {example.way} `{example.value}`.", example.spans)
        for text, how in slips
    ]
    kin = [_choice(other, example.asked) for other in ranked]
    read = [*_quote(one, example)] if _stands_in(code, example) else []
    sources = ([*_recall(one, example, code), *told], kin, read)
    return [choice for choice in chain.from_iterable(zip_longest(*sources)) if choice]


def _choice(example: Shown, asked: str = "") -> Choice:
    where = "at another place of the page " if asked == example.asked else ""
    return Choice(f"`{example.value}`", f"`{example.last}` {where}{example.way} this.", example.spans)


def _quote(one: TaughtSection, example: Shown) -> Iterator[Choice]:
    """Numbers and texts that stand in the lines before."""
    for text in list_literals(example.value, example.before):
        spans = [span for line, span in list_lines(one, example.block) if text in line]
        if spans:
            told = f"`{text}` stands in the code; `{example.last}` {example.way} `{example.value}`."
            yield Choice(f"`{text}`", told, (*example.spans, spans[0]))


def _recall(one: TaughtSection, example: Shown, code: str) -> Iterator[Choice]:
    """The value that a variable was given at first: it has been changed since."""
    name = bare(example.asked)
    given = re.findall(rf"^(?:let |const |var )?{name} = (.+?);?$", code, re.MULTILINE) if name.isidentifier() else []
    for text in dict.fromkeys(given):
        spans = [
            span for _, line, span in list_code_lines(one) if line.strip().rstrip(";").endswith(f"{name} = {text}")
        ]
        if spans and _kind(text) == _kind(example.value):
            yield Choice(f"`{text}`", f"`{name}` is this at first, and is changed afterwards.", (spans[0],))


def _rank_kin(example: Shown, shown: Sequence[Shown]) -> list[Shown]:
    """Values of the same kind: those that the same function gives first, then the nearest in the text."""
    names, given = list_names(example.asked), example.asked.partition("(")[2]
    of_given = {id(other) for other in shown if len(given) > _SHORT_GIVEN and other.asked.partition("(")[2] == given}
    kin = [other for other in shown if id(other) in of_given or _kind(other.value) == _kind(example.value)]
    kin = [other for other in kin if other.value != example.value]
    if not any(list_names(other.asked) & names or other.asked.partition("(")[2] == given for other in kin):
        return []
    line = example.spans[0].start_line
    akin = [(id(other) not in of_given, not list_names(other.asked) & names) for other in kin]
    near = [abs(other.spans[0].start_line - line) for other in kin]
    return [kin[i] for i in sorted(range(len(kin)), key=lambda i: (*akin[i], near[i]))]


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


def _kind(value: str) -> str:
    """The build of a value: what is of another build is no alternative."""
    record = read_record(value)
    if record and record.mark != ", ":
        return record.mark
    return re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", re.sub(r"-?\d+(?:\.\d+)?", "0", value)))[:_LONGEST_KIND]
