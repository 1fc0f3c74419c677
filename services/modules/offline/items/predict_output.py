"""Predict the output: what an example gives, when the code that is shown decides it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.modules.offline.items.context import bare, write_code
from services.modules.offline.items.examples import Shown, find_shown
from services.modules.offline.items.options import ask_choice, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_lines
from services.modules.offline.items.variants import list_numbers, list_variants
from shared.course.plain_text import drop_targets
from shared.engine.types import Span

_LONGEST_VALUE, _LONGEST_ASKED = 80, 80
_NEAREST, _TELLING = 20, 5
_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[\w.]+|\S")
_QUOTED, _GIVEN = re.compile(r"\"[^\"]*\"|'[^']*'"), re.compile(r"\([^()]*\)")
_PART = re.compile(r"\w+")
_EITHER = frozenset(("True", "False", "None", "true", "false", "null", "undefined"))
_MADE, _WORD = re.compile(r"^@|^\s*(?:class|def|function|import|from) (\w+)", re.MULTILINE), re.compile(r"[A-Za-z_]\w+")
_IMPORTS = re.compile(r"(?:import|from|use|using|const .* = require)\b")
_PASSING = re.compile(
    r"\b0x[0-9a-f]{4,}|\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|/(?:home|Users|tmp|usr)/|\.{3}|…|<[^>]* at |Error\b|`"
)


def ask_outputs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each shown value that the code decides."""
    shown = list(filter(is_plain, find_shown(one)))
    for at, example in enumerate(shown):
        code = write_code(one, example, example.test or example.asked, said)
        if code and not _is_read_off(code, example):
            key = _explain(one, example, code, said)
            why = None if key.feedback.endswith(" this.") else key
            slips = list(_list_mistakes(example, code, why))
            fails = any(other.fails and name_call(other) == name_call(example) for other in shown)
            fails = fails or any(slip.text == "`TypeError`" for slip in slips)
            asks = f"What does the last line {example.way.removesuffix('s')}?"
            asks = "What does the last line give, or which error does it raise?" if fails else asks
            asks = "With which value in the gap does the test at the end pass?" if example.test else asks
            stem = f"{asks}\n\n```{example.block.language}\n{code}\n```"
            near = [one for one in shown[max(0, at - _NEAREST) : at + _NEAREST] if _made_alike(example, one)]
            others = [*slips, *_list_kin(example, code, near), *(_quote(one, example, code) if why else ())]
            yield from ask_choice("predict_output", one, said, [stem], key, others, ranked=True)


def _explain(one: TaughtSection, example: Shown, code: str, said: TaughtText) -> Choice:
    """The value and what gives it, with the sentence before the example if that tells of something in its code."""
    place = one.section.blocks.index(example.block)
    last = one.section.blocks[place - 1].sentences[-1:] if place else []
    told = [drop_targets(text.text).strip(":. ") for text in last]
    tells = told and len(told[0].split()) >= _TELLING and split_words(told[0]) & _list_words(code)
    if tells and "\n" not in told[0] and not re.search(r"following|^Otherwise", told[0]):
        span = Span(path=last[0].path or one.path, start_line=last[0].start_line, end_line=last[0].end_line)
        if not said.find_missing(f"“{told[0]}”", [span]):
            says = f"`{example.last}` {example.way} `{example.value}`: “{told[0]}”."
            return Choice(f"`{example.value}`", says, (*example.spans, span))
    return Choice(f"`{example.value}`", f"`{example.last}` {example.way} this.", example.spans)


def _list_words(code: str) -> frozenset[str]:
    """The words of the names that some code uses; those of the names it imports or makes up tell nothing."""
    made = set(_MADE.findall(code))
    lines = (line for line in code.split("\n") if not _IMPORTS.match(line) and not _MADE.match(line))
    return split_words(" ".join(name for name in _WORD.findall("\n".join(lines)) if name not in made)) - {"class"}


def _list_mistakes(example: Shown, code: str, why: Choice | None) -> Iterator[Choice]:
    """The values that a reader gets who makes one mistake; one without a name needs a sentence that says why."""
    for text, mistake in list_variants(example.value, code.rpartition("\n")[0], bare(example.asked)):
        if mistake:
            told = f"{mistake}; `{example.last}` {example.way} `{example.value}`."
            yield Choice(f"`{text}`", told, example.spans)
        elif why:
            yield replace(why, text=f"`{text}`")


def _list_kin(example: Shown, code: str, near: Sequence[Shown]) -> Iterator[Choice]:
    """What other examples give, as far as this one might give the same: those that differ in one part first.

    A value has all its parts in this example's code. An error may come of a call of the same thing.
    """
    parts = set(_PART.findall(code)) | _EITHER
    for text, other in _change_kin(example, near):
        if set(_PART.findall(text)) <= parts:
            told = f"`{other.last}` {other.way} `{other.value}`, but `{example.last}` {example.way} `{example.value}`."
            yield Choice(f"`{text}`", told, (*example.spans, *other.spans))
    kin = [other for other in near if other.value != example.value and _is_of_build(example, other)]
    for other in sorted(kin, key=lambda other: (name_call(other) != name_call(example), other.asked != example.asked)):
        if other.fails or set(_PART.findall(other.value)) <= parts:
            same = other.asked == example.asked
            told = f"`{other.last}` {other.way} this{' after other code of the page' * same}"
            yield Choice(f"`{other.value}`", f"{told}; `{example.last}` {example.way} `{example.value}`.", other.spans)


def _change_kin(example: Shown, near: Sequence[Shown]) -> Iterator[tuple[str, Shown]]:
    """The values of examples that differ in one part, with that part of this one: what a change that matters hides."""
    ours = _TOKEN.findall(example.asked)
    for other in near:
        theirs = _TOKEN.findall(other.asked)
        pairs = [pair for pair in zip(theirs, ours, strict=False) if pair[0] != pair[1]]
        if len(ours) == len(theirs) and len(pairs) == 1 and not other.fails:
            old, new = (re.sub(r"^\"(.*)\"$", r"'\1'", part) for part in pairs[0])  # as Python shows a text
            text = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new.replace("\\", r"\\"), other.value)
            if other.value != text != example.value:
                yield text, other


def _quote(one: TaughtSection, example: Shown, code: str) -> Iterator[Choice]:
    """Numbers that the code is given, which the value might be taken for."""
    lines = [(line, span) for line, span in list_lines(one, example.block) if line.strip() in code]
    for text in list_numbers(example.value, "\n".join(line for line in code.split("\n") if not _IMPORTS.match(line))):
        spans = [span for line, span in lines if text in line]
        if spans:
            told = f"the code is given `{text}`, but `{example.last}` {example.way} `{example.value}`."
            yield Choice(f"`{text}`", told, (*example.spans, spans[0]))


def _is_of_build(example: Shown, other: Shown) -> bool:
    """Whether both give numbers, texts, lists of one size or objects of one sort; or one fails, or says yes or no."""
    values = example.value, other.value
    builds = [re.sub(r"[\w.\- ]+", "a", one) if one[:1] in "[({" else one[:1] in "\"'" for one in values]
    alike = builds[0] == builds[1] and (values[0] in _EITHER) == (values[1] in _EITHER)
    same = name_call(example) == name_call(other) and values[1] in _EITHER
    return alike or same or ((example.fails or other.fails) and name_call(example) == name_call(other))


def _made_alike(example: Shown, other: Shown) -> bool:
    """Whether two examples do not make what they call in two ways: what another type of that name gives is no rival."""
    name = re.match(r"\w*", bare(example.asked))
    makes = re.compile(rf"^(?:class|def) {name.group() if name else ''}\b.*(?:\n[ \t].*)*", re.MULTILINE)
    made = [makes.search(one.before) for one in (example, other)]
    return len({one.group() for one in made if one}) < len(made)


def name_call(example: Shown) -> str:
    """What an example calls, without what it is given."""
    text, changed = _QUOTED.sub("", bare(example.asked)), 1
    while changed:
        text, changed = _GIVEN.subn("", text)
    return text


def is_plain(example: Shown) -> bool:
    """Whether a value can be an option: short, all that is written, equal on every run."""
    short = len(example.asked) <= _LONGEST_ASKED and len(example.value) <= _LONGEST_VALUE
    calls = re.search(r"[(\[+*/%-]|\.\w| (?:in|is|and|or|not|[<>=]=?) ", example.asked)
    if example.fails:
        return len(example.asked) <= _LONGEST_ASKED and "`" not in example.asked and "\n" not in example.asked
    calls = None if re.match(r"print ?\([\"'\d]|print\(.*,|println!\(\"[^\"{]*\w", example.asked) else calls
    return bool(short and calls) and not _PASSING.search(example.value + example.asked)


def _is_read_off(code: str, example: Shown) -> bool:
    """Whether the value stands in the code, and no other value of its build does."""
    if not _stands_in(code, example):
        return False
    given = re.search(rf"^{re.escape(bare(example.asked))} = {re.escape(example.value)}$", code, re.MULTILINE)
    return bool(given) or not list_numbers(example.value, code)


def _stands_in(code: str, example: Shown) -> bool:
    """Whether the code has the value, or its elements between other brackets."""
    squeezed, value = ("".join(text.split()) for text in (code, example.value))
    if value[:1] in "([":
        return bool(re.search(rf"[\[(]{re.escape(value[1:-1])}[\])]", squeezed))
    if value[:1] in "\"'":
        return value.strip("\"'") in re.findall(r"[\"']([^\"']*)[\"']", squeezed)
    return bool(re.search(rf"(?<![\d.]){re.escape(value)}(?!\d)", squeezed))
