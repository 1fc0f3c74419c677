"""Wishes in a user's own words, as far as a program can be sure: topics, what to leave out, level, hours. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.engine.types import DocumentAnalysis
from shared.events.base import Level
from shared.language.terms import content_words, stem

_NUMBERS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "eight": 8.0,
    "ten": 10.0, "half an": 0.5,
}  # fmt: skip
_DURATION = re.compile(
    rf"(?<![\w.,])(\d+(?:[.,]\d+)?|{'|'.join(sorted(_NUMBERS, reverse=True))})[ -]?(hours?|hrs?|h|minutes?|mins?)\b"
    r"(?!\s+(?:a|per|each|every)\b)",
    re.IGNORECASE,
)
_LEVELS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("beginner", re.compile(r"\b(?:beginners?(?:-friendly)?|novices?|newcomers?)\b", re.IGNORECASE)),
    ("intermediate", re.compile(r"\bintermediate\b", re.IGNORECASE)),
    ("advanced", re.compile(r"\b(?:advanced|experts?|experienced)\b", re.IGNORECASE)),
)
_SENTENCE = re.compile(r"[.;!?\n]+(?=\s|$)|\bbut\b", re.IGNORECASE)
_ITEM = re.compile(r",|\b(?:and|or|nor)\b|&", re.IGNORECASE)
_WITHOUT = re.compile(
    r"\b(?:without|skip(?:ping)?|omit(?:ting)?|leav(?:e|ing) out|exclud(?:e|ing)|except)\b", re.IGNORECASE
)
_ONLY = re.compile(
    r"\b(?:only|nothing but|exclusively)\b(?!\s+(?:know|have|had|use|used|started|began)\b)", re.IGNORECASE
)
_ANEW = re.compile(
    r"\s*(?:please|i|we|my|our|focus|put|start|begin|teach|show|explain|cover|learn|want|with)\b", re.IGNORECASE
)
_OF_THE_READER = frozenset({"knowledge", "experience", "background"})
_LONGEST_ITEM = 4


@dataclass(frozen=True)
class Wishes:
    """`topics`: the text that is neither of the rest. `without` and `only` are phrases."""

    topics: str = ""
    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    level: Level | None = None
    most_minutes: int | None = None


def read_wishes(text: str) -> Wishes:
    """The wishes in a text. A phrase that could mean something else is left among the topics."""
    durations = [_minutes(*found.groups()) for found in _DURATION.finditer(text)]
    phrases: dict[str, list[str]] = {"topics": [], "without": [], "only": []}
    for sentence in _SENTENCE.split(_DURATION.sub(" ", text)):
        kind = "topics"
        for item in _ITEM.split(sentence):
            kind = _sort_item(item, kind, phrases)
    said = " ".join([*phrases["topics"], *phrases["only"]])
    levels = [level for level, pattern in _LEVELS if pattern.search(said)]
    rest = ", ".join(phrases["topics"])
    for _, pattern in _LEVELS:
        rest = pattern.sub(" ", rest)
    return Wishes(
        rest, tuple(phrases["without"]), tuple(phrases["only"]), levels[0] if len(levels) == 1 else None,
        min(durations, default=None),
    )  # fmt: skip


def _sort_item(item: str, kind: str, phrases: dict[str, list[str]]) -> str:
    """Add an item of a list to its kind, and give the kind of the next one that has no word of its own for it."""
    for marked, pattern in (("without", _WITHOUT), ("only", _ONLY)):
        if found := pattern.search(item):
            phrases["topics"].append(item[: found.start()])
            item, kind = item[found.end() :], marked
            break
    else:
        if _ANEW.match(item) or len(item.split()) > _LONGEST_ITEM:
            kind = "topics"
    words = set(content_words(item))
    if words & _OF_THE_READER:
        kind = "topics"
    elif kind != "topics" and not words:
        return kind
    phrases[kind].append(item.strip())
    return kind


def _minutes(number: str, unit: str) -> int:
    count = _NUMBERS.get(number.lower()) or float(number.replace(",", "."))
    return max(1, round(count * (60 if unit.lower().startswith("h") else 1)))


_ABOUT_ASKING = frozenset(map(stem, (
    "want", "learn", "know", "like", "please", "course", "focus", "interested", "understand", "teach", "beginner",
    "advanced", "experience", "developer", "team", "new", "start", "help", "explain", "work", "cover", "show", "put",
    "first", "topic", "part", "section", "chapter", "page", "everything", "begin", "people", "colleague", "friendly",
)))  # fmt: skip


def stems_of(phrase: str) -> frozenset[str]:
    """The words of a phrase that can name something, as stems."""
    return frozenset(stem(word) for word in content_words(phrase)) - _ABOUT_ASKING


def find_named(document: DocumentAnalysis, phrase: str) -> frozenset[str]:
    """The sections of a document that a phrase names: by the document's title, a heading with all below it, or a
    concept at its home.
    """
    if _is_named(document.title, phrase):
        return frozenset(section.id for section in document.sections)
    headed: set[str] = set()
    for section in document.sections:  # a section stands after the one it lies in
        if section.parent in headed or _is_named(section.heading, phrase):
            headed.add(section.id)
    return frozenset(headed | {one.section_id for one in document.key_concepts if _is_named(one.name, phrase)})


def _is_named(text: str, phrase: str) -> bool:
    """Whether a text has all words of a phrase, and its digits as they stand: HTTP/2 is not HTTP."""
    words, lowered = stems_of(phrase), text.lower()
    numbered = (word for word in phrase.lower().split() if any(character.isdigit() for character in word))
    return bool(words) and words <= stems_of(text) and all(word in lowered for word in numbered)


def list_unknown(documents: Sequence[DocumentAnalysis], phrases: Sequence[str]) -> list[str]:
    """The phrases that name no section."""
    return [phrase for phrase in phrases if not any(find_named(document, phrase) for document in documents)]


def reason_not_wished(document: DocumentAnalysis, section_id: str, wishes: Wishes) -> str:
    """Why the user's wishes leave a section out; empty when they do not."""
    for phrase in wishes.without:
        if section_id in find_named(document, phrase):
            return f"left out on request: “{phrase}”"
    return f"not asked for: only “{'”, “'.join(wishes.only)}”" if wishes.only else ""
