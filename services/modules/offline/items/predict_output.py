"""Predict the output: what an example gives, when the code that is shown decides it."""

import ast
import builtins
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from services.modules.offline.items.context import bare, write_code
from services.modules.offline.items.deciding import find_deciding
from services.modules.offline.items.examples import Shown, find_shown
from services.modules.offline.items.options import ask_choice, list_short, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from services.modules.offline.items.variants import (
    Variant,
    list_alike,
    list_fillers,
    list_numbers,
    list_slips,
    misread,
    read_record,
)
from shared.course.plain_text import drop_targets, show_plain
from shared.docs.model import Sentence
from shared.engine.types import Span

_LONGEST_VALUE, _LONGEST_ASKED = 80, 80
_NEAREST, _TELLING, _FEWEST_SHARED, _ENOUGH, _MOST_NAMED, _MOST_NAMING, _SECTIONS_ABOVE = 20, 5, 2, 2, 3, 5, 6
_RULE = re.compile(r"^(?:a slice|`slice`|places|`range`|“and”|`[<>])|(?:is worked out first|makes no copy)$")
"""The mistakes whose name is a rule that holds, and so tells why the value is right."""
_CALLED = re.compile(r"(?<=\s)(//|%|\*\*|[=!]==?|<<|>>|[&|^])(?=\s)|(?:^|\.)([A-Za-z_]\w+)$")
"""The sign of an operation, or the name of what is called last."""
_FUNCTION = re.compile(r"\w+(?![\w.])")
"""A function: what stands behind a dot is a method, and no signature tells of which type."""
_IS_ERROR = re.compile(r"(?:Error|Exception)`$")
_CODE = re.compile(r"`([^`]+)`")
_LEADS_ON = re.compile(
    r"^(?:Otherwise|If|For|Note|And|But|So|Now|Or|Then|Alternatively|However|\w+ing)\b|following|example|\bbelow\b"
    r"|\b(?:[Ss]ee|also|[Ll]et['’]s)\b|→|=>|\?$"
)
_OR_ERROR = ", or which error does it raise"
_ERRORS = {
    "TypeError": "this error tells of a value of another type than is wanted",
    "ValueError": "this error tells of a value of the right type that does not fit",
}
_OF_ERRORS = re.compile(r"\b(?:raises?d?|throws?|errors?|\w+Error|fails?)\b")
_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[\w.]+|\S")

_PART = re.compile(r"\w+")
_STATES = re.compile(r"[A-Za-z_{].*[^,(\[{]$")
"""A whole line of code: no remark, and none of several lines of one statement."""
_UNORDERED = re.compile(r"\b(?:Map|Hash|frozen)?[sS]et\w*[.(]|\b(?:Hash)?Map\.|\{[^{}:=]+,[^{}:=]+\}")
"""What makes a set or a map, which promises no order."""
_EITHER = frozenset(("True", "False", "None", "true", "false", "null", "undefined"))
_MEMBER = re.compile(r"(?P<part>[\w.]+|'[^']*'|\"[^\"]*\") (?P<negated>not )?in (?P<whole>\w+)")
"""A part that is sought in a thing."""
_QUOTED, _GIVEN = re.compile(r"\"[^\"]*\"|'[^']*'"), re.compile(r"\([^()]*\)")
_MADE, _WORD = re.compile(r"^@|^\s*(?:class|def|function|import|from) (\w+)", re.MULTILINE), re.compile(r"[A-Za-z_]\w+")
_IMPORTS = re.compile(r"(?:import|from|use|using|const .* = require)\b")
_PASSING = re.compile(
    r"\b0x[0-9a-f]{4,}|\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|/(?:home|Users|tmp|usr)/|\.{3}|…|<[^>]* at |Error\b|`"
)

_WRAPPED = re.compile(
    r"(?:list|sorted|tuple|set|dict|next|print|repr|len|sum|max|min)\((?P<inner>[A-Za-z_][\w.]*\(.*\))\)$"
)


def ask_outputs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each shown value that the code decides, where a line or a sentence says what decides it.

    Code that is shown with two values is not asked: what else happens in between is not shown.
    """
    shown = list(filter(is_plain, find_shown(one)))
    codes = [write_code(one, example, example.test or example.asked, said) for example in shown]
    values: dict[str, set[str]] = {}
    for example, code in zip(shown, codes, strict=True):
        values.setdefault(code, set()).add(example.value)
    for at, (example, code) in enumerate(zip(shown, codes, strict=True)):
        decided = code and len(values[code]) == 1 and not is_read_off(code, example)
        key = _explain(one, example, code, said) if decided else None
        if key is not None:
            beside = slice(max(0, at - _NEAREST), at + _NEAREST)
            near = [
                other
                for other, own in zip(shown[beside], codes[beside], strict=True)
                if _made_alike(example, code, other, own or other.before)
            ]
            yield from _ask(one, said, example, code, key, near)


def _ask(
    one: TaughtSection, said: TaughtText, example: Shown, code: str, key: Choice, near: Sequence[Shown]
) -> Iterator[Question]:
    """The question about a value; a misreading or another example gives at least one of its wrong options."""
    is_python = example.block.language.startswith(("py", "ipy"))
    before = code.rpartition("\n")[0]
    slips = list_slips(example.value, before, bare(example.asked))
    if _MEMBER.fullmatch(bare(example.asked)) and example.value in ("True", "False"):
        slips.append((str(example.value == "False"), "this is what the code looks like"))
    told = [*_word(example, slips), *_list_kin(example, code, near)]
    if _UNORDERED.search(code):
        told = [other for other in told if sorted(_PART.findall(other.text)) != sorted(_PART.findall(key.text))]
    kinds = list_fillers(example.value, before, bare(example.asked)) if is_python and not example.test else []
    if {example.value, *(show_plain(other.text) for other in told)} & set(_ERRORS):
        kinds += [two for two in _ERRORS.items() if two[0] != example.value]  # which of the two is a matter of rules
    weak = list(_word(example, kinds))
    weak = list_short(key, told, weak) if len({other.text for other in told}) >= _ENOUGH else weak
    bare_error = not example.fails and all(_IS_ERROR.search(other.text) for other in (*told, *weak))
    if told and not bare_error:
        fails = example.fails or any(_IS_ERROR.search(other.text) for other in (*told, *weak))
        asks = f"What does the last line {example.way.removesuffix('s')}?"
        asks = f"What does the last line give{_OR_ERROR}?" if fails else asks
        asks = "With which value in the gap does the test at the end pass?" if example.test else asks
        stem = f"{asks}\n\n```{example.block.language}\n{code}\n```"
        for question in ask_choice("predict_output", one, said, stem, key, [*told, *weak]):
            has_error = any(_IS_ERROR.search(option.text) for option in question.options)
            yield question if has_error else replace(question, stem=question.stem.replace(_OR_ERROR, "", 1))


def _explain(one: TaughtSection, example: Shown, code: str, said: TaughtText) -> Choice | None:
    """The value, the line that decides it, and the sentence that tells of what the example calls.

    Where neither a line nor a sentence is known to decide, the example is reason enough: it is quoted with its result.
    A truth is asked only where something says why: half of the guesses are right.
    """
    says, spans = f"`{example.last}` {example.way} `{example.value}`", example.spans
    for told, span in list_reasons(one, said, example, code):
        return Choice(f"`{example.value}`", f"{says}: “{told}”.", (*spans, span))
    before, asked = code.rpartition("\n")[0], bare(example.asked)
    slips = [mistake for _, mistake in misread(example.value, before, asked)]
    rule = next((mistake for mistake in slips if _RULE.search(mistake)), "")
    firm = find_deciding(before, asked, example.value, firm=True)
    made = rule or firm or find_deciding(before, asked, example.value, plain=True)
    if example.value in _EITHER and not (rule or firm or len(set(slips)) >= _ENOUGH):
        return None
    why = f": {made}." if made else "."
    return Choice(f"`{example.value}`", f"{says}{why}", spans, why=why if made and not rule else "")


def list_reasons(one: TaughtSection, said: TaughtText, example: Shown, code: str) -> Iterator[tuple[str, Span]]:
    """The words of the sentences that tell of what an example calls, each with its lines."""
    if example.message and not said.find_missing(f"“{example.message}”", example.spans):
        yield example.message, example.spans[-1]
    called = _FUNCTION.match(name_call(replace(example, asked=_unwrap(bare(example.asked)))))
    stub = said.find_stub(called.group()) if called and called.group() not in dir(builtins) else None
    if stub:
        yield drop_targets(stub[0]).rstrip("."), stub[1]
    for sentence in _list_telling(one, said, example, code):
        told = drop_targets(sentence.text).strip(":. ")
        span = Span(path=sentence.path or one.path, start_line=sentence.start_line, end_line=sentence.end_line)
        if not said.find_missing(f"“{told}”", [span]):
            yield told, span


def _unwrap(asked: str) -> str:
    """A call without those of Python's own around it, which only show what it gives: `list(pairs(x))`."""
    while match := _WRAPPED.match(asked):
        asked = match["inner"]
    return asked


def _list_telling(one: TaughtSection, said: TaughtText, example: Shown, code: str) -> Iterator[Sentence]:
    """The sentence before the example that has most of its words; else one that names what the example calls.

    In a section about the thing that is called, that is the first sentence of the section.
    """
    place = one.section.blocks.index(example.block)
    words = _list_words(code)
    near = one.section.blocks[place - 1].sentences if place else []
    last = sorted(near, key=lambda sentence: len(split_words(sentence.text) & words))[-1:]  # of several the last one
    yield from (own for own in last if _tells(own, example) and len(split_words(own.text) & words) >= _FEWEST_SHARED)
    called = _CALLED.search(name_call(example))
    if not called or called.group(2) in dir(builtins):
        return
    sign, word = called.group(1) or "", called.group(2) or ""
    (naming,) = said.recall(_index_names, one)
    if word and re.search(rf"\b{re.escape(word)}\b", one.section.heading, re.IGNORECASE):
        yield from (own for own in naming[""] if _tells(own, example))
    if word:
        yield from (own for own in _list_above(one, word) if _tells(own, example))
    yield from (own for own in naming.get(sign or word, ())[:_MOST_NAMING] if _tells(own, example))


def _list_above(one: TaughtSection, word: str) -> Iterator[Sentence]:
    """The first sentence of the section about a name, where the examples stand in one of the sections below it."""
    sections = one.document.sections
    at = bisect_left(sections, one.section.start_line, key=lambda section: section.start_line)
    for section in sections[max(0, at - _SECTIONS_ABOVE) : at]:
        if re.search(rf"\b{re.escape(word)}\b", section.heading):
            yield from next((block.sentences[:1] for block in section.blocks if block.sentences), ())


def _index_names(one: TaughtSection, said: TaughtText) -> Iterator[Mapping[str, Sequence[Sentence]]]:
    """The sentences of a section by the names and signs that they have as code; its first sentence by ""."""
    del said
    prose = [block for block in one.section.blocks if block.kind not in ("code", "table")]
    sentences = [sentence for block in prose for sentence in block.sentences]
    found: dict[str, list[Sentence]] = {"": sentences[:1]}
    for sentence in sentences:
        codes = _CODE.findall(sentence.text)
        for name in (
            {part for code in codes for part in (code, *_PART.findall(code))} if len(codes) <= _MOST_NAMED else ()
        ):
            found.setdefault(name, []).append(sentence)
    yield found


def _tells(sentence: Sentence, example: Shown) -> bool:
    """Whether a sentence says something by itself, and tells of errors if the example fails and only then."""
    text = drop_targets(sentence.text).strip(":. ")
    return (
        len(text.split()) >= _TELLING
        and "\n" not in text
        and not _LEADS_ON.search(text)
        and len(_CODE.findall(text)) <= _MOST_NAMED
        and len(_PART.findall(_CODE.sub("", text))) >= _TELLING
        and example.fails == bool(_OF_ERRORS.search(text))
    )


def _list_words(code: str) -> frozenset[str]:
    """The words of the names that some code uses; those of the names it imports or makes up tell nothing."""
    made = set(_MADE.findall(code))
    lines = (line for line in code.split("\n") if not _IMPORTS.match(line) and not _MADE.match(line))
    return split_words(" ".join(name for name in _WORD.findall("\n".join(lines)) if name not in made)) - {"class"}


def _word(example: Shown, found: Iterable[Variant]) -> Iterator[Choice]:
    """The values that a reader gets who makes one mistake; of one without a name the true value is told."""
    for text, mistake in found:
        says = f"`{example.last}` {example.way} `{example.value}`."
        yield Choice(f"`{text}`", f"{mistake}; {says}" if mistake else says, example.spans)


def _list_kin(example: Shown, code: str, near: Sequence[Shown]) -> Iterator[Choice]:
    """What other examples give, as far as this one might give the same: those that differ in one part first.

    A value has all its parts in this example. An error may come of a call of the same thing.
    """
    parts = set(_PART.findall(code)) | set(_PART.findall(example.value))
    for text, other in _change_kin(example, near):
        if _list_parts(text) <= parts:
            told = f"`{other.last}` {other.way} `{other.value}`, but `{example.last}` {example.way} `{example.value}`."
            yield Choice(f"`{text}`", told, (*example.spans, *other.spans))
    called = name_call(example)
    kin = [other for other in near if other.value != example.value and _may_rival(example, other, called)]
    for other in sorted(kin, key=lambda other: (other.asked != example.asked, name_call(other) != called)):
        both = (example.value, other.value)
        mixed = any(one in _EITHER for one in both) and any(one[:1] in "([{" for one in both)
        if other.fails or (not mixed and _list_parts(other.value) <= parts):
            says, moment = f"`{example.last}` {example.way} `{example.value}`.", _tell_moment(example, other)
            told = f"`{other.last}` {other.way} this{moment}; " if moment or other.asked != example.asked else ""
            yield Choice(f"`{other.value}`", told + says, other.spans if told else (*example.spans, *other.spans))


def _may_rival(example: Shown, other: Shown, called: str) -> bool:
    """Whether two examples call the same thing, or both fail: which error it is decides a rule."""
    return name_call(other) == called or (example.fails and other.fails)


def _list_parts(value: str) -> set[str]:
    """The words and numbers of a value; a truth may come of any code."""
    return set() if value in _EITHER else set(_PART.findall(value))


def _tell_moment(example: Shown, other: Shown) -> str:
    """The line that runs before one of two examples alone, where both end with the same line."""
    ours, theirs = (
        [line for line in map(str.strip, one.before.split("\n")) if _STATES.match(line) and not _IMPORTS.match(line)]
        for one in (example, other)
    )
    more = [line for line in theirs if line not in ours] if other.asked == example.asked else []
    less = [line for line in ours if line not in (*theirs, example.last)] if other.asked == example.asked else []
    if more:
        return " when it runs again" if more[-1] == example.last else f" after `{more[-1]}`"
    return f" before `{less[0]}`" if less else ""


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


def _made_alike(example: Shown, code: str, other: Shown, others: str) -> bool:
    """Whether two codes do not make what is called in two ways: what another thing of that name gives is no rival.

    Of one line after two codes, the feedback says which line of them differs.
    """
    name = re.match(r"\w*", bare(example.asked))
    own = re.escape(name.group()) if name else ""
    bound = rf"|^(?:(?:const|let|var) )?{own} = .*" if other.asked != example.asked else ""
    makes = re.compile(rf"^(?:class|def) {own}\b.*(?:\n[ \t].*)*{bound}", re.MULTILINE)
    made = [list(makes.finditer(one))[-1:] for one in (code, others)]
    return len({one.group() for found in made for one in found}) < len(made)


def name_call(example: Shown) -> str:
    """What an example calls, without what it is given."""
    text, changed = _QUOTED.sub("", bare(example.asked)), 1
    while changed:
        text, changed = _GIVEN.subn("", text)
    return text


def is_plain(example: Shown) -> bool:
    """Whether a value can be an option: short, all that is written, equal on every run."""
    short = len(example.asked) <= _LONGEST_ASKED and len(example.value) <= _LONGEST_VALUE
    calls = re.search(r"[(\[+*/%-]|\{\{|\.\w| (?:in|is|and|or|not|[<>=]=?) ", example.asked)
    if example.fails:
        return len(example.asked) <= _LONGEST_ASKED and "`" not in example.asked and "\n" not in example.asked
    calls = None if re.match(r"print ?\([\"'\d]|print\(.*,|println!\(\"[^\"{]*\w", example.asked) else calls
    return bool(short and calls) and not _PASSING.search(example.value + example.asked) and _is_whole(example)


def _is_whole(example: Shown) -> bool:
    """Whether the value is one value, and in Python one that Python would show."""
    if not example.block.language.startswith(("py", "ipy")):
        inner = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}", "", example.value[1:-1])
        return example.value[:1] not in "[({" or not re.search(r"[\[\](){}]", inner)
    if read_record(example.value):
        return True
    try:
        ast.parse(re.sub(r"<[^<>]*>", "x", example.value), mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True


def is_read_off(code: str, example: Shown) -> bool:
    """Whether the value stands in the code, and nothing else of its kind at a like place does."""
    member = _MEMBER.fullmatch(bare(example.asked))
    if member:
        lines = (line for line in code.split("\n")[:-1] if re.search(rf"\b{member['whole']}\b", line))
        stands = any(member["part"].strip("\"'") in line for line in lines)
        return (stands is not bool(member["negated"])) is (example.value.lower() == "true")
    kind = re.fullmatch(r"<class '(\w+)'>", example.value)
    if kind:
        return bool(re.search(rf":\s*{kind.group(1)}\b", code))
    if not _stands_in(code, example):
        return False
    if code.count("\n") == 1 and code.startswith(("//", "#")):  # a remark that tells the case, and a call
        asked = code.partition("\n")[0]
        return not any(text.strip("\"'") in asked for text in list_alike(example.value, code))
    given = re.search(rf"^{re.escape(bare(example.asked))} = {re.escape(example.value)}$", code, re.MULTILINE)
    return bool(given) or not (list_numbers(example.value, code) or list_alike(example.value, code))


def _stands_in(code: str, example: Shown) -> bool:
    """Whether the code has the value, or its elements between other brackets."""
    squeezed, value = ("".join(text.split()) for text in (code, example.value))
    if value[:1] in "([":
        return bool(re.search(rf"[\[(]{re.escape(value[1:-1])}[\])]", squeezed))
    if value[:1] in "\"'":
        return value.strip("\"'") in re.findall(r"[\"']([^\"']*)[\"']", squeezed)
    return bool(re.search(rf"(?<![\d.]){re.escape(value)}(?!\d)", squeezed))
