"""Predict a result that the author tells in a sentence, behind the code that gives it."""

import re
from collections.abc import Iterator

from services.modules.offline.items.copied import can_copy, squeeze
from services.modules.offline.items.predict_output import GUESSED, is_sum
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain
from shared.engine.types import Span
from shared.language.headings import clean_heading, is_general

_VERB = (
    r"(?P<verb>becomes|returns|gives|yields|produces|outputs|prints|renders as|results in"
    r"|(?:evaluates|expands|translates) to)"
)
_PAIR = re.compile(
    rf"`(?P<given>[^`]+)`(?: will)? (?:{_VERB}|:=|=>) (?:the (?:string|value|number) )?"
    r"`(?P<value>[^`]+)`(?: := `(?P<last>[^`]+)`)?"
)
_QUOTED, _PART = re.compile(r"\"[^\"]*\"|'[^']*'"), re.compile(r"[^\W\d_]+|\d+")
_OUTSIDE = re.compile(
    r"(?<![\w)\]])[$.@][A-Za-z]\w*(?![\w(])|\.\.\.|…|\b(?:now|today|date|random|uuid)\w*\b", re.IGNORECASE
)
_ARGUMENT = re.compile(r"(?<![\w.$])[A-Za-z_]\w*(?![\w(])")
_NAME, _JOINED, _DATA = (re.compile(own) for own in (r"[A-Za-z_][\w./-]*", r"\w[._/-]+\w", r"[\d'\"]|\w:\w"))
_LONGEST_GIVEN, _LONGEST_VALUE = 300, 40


def ask_told(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each result that a sentence tells, and that the code before it decides."""
    del said
    sentences = [(block, sentence) for block in one.section.blocks for sentence in block.sentences]
    prose = " ".join(sentence.text for _, sentence in sentences)
    pairs = [(block, own, found) for block, own in sentences for found in _PAIR.finditer(own.text)]
    for block, own, found in pairs:
        given, verb = found["given"], found["verb"] or "gives"
        values = tuple(filter(None, found.group("last", "value")))
        others = [other for *_, other in pairs if other["verb"] == found["verb"] and other["value"] != found["value"]]
        known = " ".join(part for part in prose.split("`") if part not in values)
        is_renamed = not found["verb"] and _NAME.fullmatch(given)
        is_twice = any(other["given"] == given for other in others)
        if not (is_renamed or is_twice) and _is_worked_out(given, values[0], known):
            span = Span(path=own.path or one.path, start_line=own.start_line, end_line=own.end_line)
            like = "".join(f"`{other['given']}` {verb} `{other['last'] or other['value']}`. " for other in others[:1])
            bare = re.sub(r"s\b", "", verb, count=1)
            asks = f"“{_name_place(one)}”: {like}What does this {bare}?"
            stem, says = f"{asks}\n\n```text\n{given}\n```", f"`{given}` {verb} `{values[0]}`"
            yield Question(one, block, "predict_output", stem, says, (span,), answers=values)


def _is_worked_out(given: str, value: str, known: str) -> bool:
    """Whether the code has all that its value is made of, and the value is no part of it as it stands.

    The value of a name is made of its parts, and of what is `known`.
    """
    bare = _QUOTED.sub("''", given)
    is_name = bool(_NAME.fullmatch(given))
    is_given = bool(_JOINED.search(given)) if is_name else bool(_DATA.search(given)) and not is_sum(given)
    return (
        len(given) <= _LONGEST_GIVEN
        and len(value) <= _LONGEST_VALUE
        and is_given
        and not (value in GUESSED or re.search(r"\d{5}", value) or re.search(r"\d{8}", given))
        and not (can_copy(given, value) or squeeze(value) in squeeze(given))
        and not _OUTSIDE.search(value if is_name else f"{bare} {value}")
        and not (re.search(r"[(\[]", bare) and _ARGUMENT.search(bare))
        and all(
            part.lower() in f"{given} {known}".lower() for part in _PART.findall(value) if is_name or not part.isdigit()
        )
    )


def _name_place(one: TaughtSection) -> str:
    heading = one.document.title if is_general(one.section.heading) else one.section.heading
    return re.sub(r"(\S+\(\))", r"`\1`", show_plain(clean_heading(heading) or heading))
