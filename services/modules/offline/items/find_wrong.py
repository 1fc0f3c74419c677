"""Find what is wrong: the cause of an error, and the reason why something must not be done."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.modules.offline.items.clauses import is_clear, iter_sentences
from services.modules.offline.items.entries import Entry, Group, find_groups, names_itself, raise_first
from services.modules.offline.items.options import choose_options, digest, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain
from shared.course.wording import points_back
from shared.engine.types import Span

_FAULT = re.compile(
    r"error|exception|ERR\b|failed|failure|denied|invalid|violation|[45]\d\d\b|^[EW]\d+$", re.IGNORECASE
)
_SORT = re.compile(r"error|exception|symptom|problem", re.IGNORECASE)
_REASON = re.compile(
    r"^(?P<rule>[^;:]*?\b(?:cannot|can't|must not|may not|should not|do not|don't|never|avoid|not recommended"
    r"|discouraged|not possible|not supported)\b[^;:]*?),? (?:because|since|as otherwise|otherwise)"
    r" (?P<reason>[^;:]+?)\.?$",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(cannot|can't|must not|may not|should not|do not|don't|never|avoid|not recommended|discouraged|not possible"
    r"|not supported|not)\b",
    re.IGNORECASE,
)
_ALIKE = 0.5


@dataclass(frozen=True)
class Warned:
    """A `rule` (a sentence that forbids) and its `reason` (a clause)."""

    rule: str
    reason: str
    span: Span


def ask_faults(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each documented error and each forbidden thing with a reason."""
    for group in said.recall(find_groups, one):
        faults = [entry for entry in group.entries if _is_fault(entry)]
        for entry in faults if len(faults) * 2 > len(group.entries) else ():
            yield from _ask_cause(one, said, entry, group)
    for warned in said.recall(find_warned, one):
        stem = f"{_mark(warned.rule)}. What is the reason?"
        near = [other for other in said.gather(find_warned) if _differs(warned.reason, other.reason)]
        near.sort(key=lambda other: _rank(warned, other))
        yield from _ask(one, said, stem, _reason(warned, is_key=True), [_reason(other) for other in near])


def find_warned(one: TaughtSection, said: TaughtText) -> Iterator[Warned]:
    """Sentences that forbid something and say why."""
    del said
    for text, span in iter_sentences(one):
        found = _REASON.match(text)
        if found and not points_back(text) and is_clear(found["rule"], 4, 24, loaded=True):
            warned = Warned(found["rule"].strip(), found["reason"].strip(), span)
            yield from [warned] if is_clear(warned.reason, 4, 24, loaded=True, pronouns=True) else []


def _ask_cause(one: TaughtSection, said: TaughtText, entry: Entry, group: Group) -> Iterator[Question]:
    if is_clear(entry.text, 3, 24, loaded=True) and not names_itself(entry.name, entry.text):
        others = [_cause(other) for other in group.entries if _differs(entry.text, other.text)]
        yield from _ask(one, said, f"You get {entry.name}. What is wrong?", _cause(entry, is_key=True), others)


def _ask(one: TaughtSection, said: TaughtText, stem: str, key: Choice, others: list[Choice]) -> Iterator[Question]:
    options = choose_options(one, stem, key, others, said)
    if options:
        yield Question(
            form="find_wrong",
            kind="single_choice",
            stem=stem,
            options=options,
            explanation=key.feedback.removeprefix("Right: "),
            spans=key.spans,
            document_id=one.document_id,
            section_id=one.section.id,
            bloom="analyze",
        )


def _is_fault(entry: Entry) -> bool:
    return bool(_FAULT.search(show_plain(entry.name)) or _SORT.search(entry.sort))


def _cause(entry: Entry, *, is_key: bool = False) -> Choice:
    lead = "Right: " if is_key else "No: "
    return Choice(entry.text, f"{lead}{entry.name} means this.", (entry.span,), is_key)


def _reason(warned: Warned, *, is_key: bool = False) -> Choice:
    lead = "Right: " if is_key else "No, that is the reason for something else: "
    return Choice(raise_first(warned.reason), f"{lead}{warned.rule}.", (warned.span,), is_key)


def _mark(rule: str) -> str:
    """The sentence with its negation in bold, so that nobody overlooks it."""
    return _NEGATIVE.sub(r"**\1**", rule, count=1)


def _differs(one: str, other: str) -> bool:
    a, b = split_words(one), split_words(other)
    return one != other and len(a & b) < _ALIKE * min(len(a), len(b))


def _rank(warned: Warned, other: Warned) -> tuple[bool, int, str]:
    """The same document first, then the reasons that are most alike."""
    shared = len(split_words(warned.rule) & split_words(other.rule + other.reason))
    return warned.span.path != other.span.path, -shared, digest(warned.rule + other.reason)
