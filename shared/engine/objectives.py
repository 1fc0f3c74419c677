"""Objectives from headings: a verb that can be tested, and the object of the heading. Pure."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from shared.course.scales import Bloom
from shared.course.vocabulary import BLOOM_VERBS
from shared.docs.model import Document, Section
from shared.language.headings import clean_heading
from shared.language.phrases import in_sentence, marked_heading, with_article
from shared.language.terms import singular
from shared.language.word_classes import EMPTY_VERBS, base_of_gerund, classes_of, is_base_form

_ASKED = re.compile(r"^(?:how (?:to|do (?:I|you|we)|can (?:I|you|we)))\s+", re.IGNORECASE)
_QUESTION = re.compile(r"^(what|why|when|where|which|how)\b\s*(.*?)\??$", re.IGNORECASE)
_AUXILIARY = re.compile(r"^(is|are|was|were|does|do|did|can|should|would)\s+(?:(the|a|an)\s+)?(.+)$", re.IGNORECASE)
_NO_THING = re.compile(r"[.!?:&]|\b(?:is|are|was|were|will|can|should|must|has|have|does|do|don['’]t|you|we|I|it)\b")
_LONGEST = 100
_TAKE_OF = frozenset({"consist", "dispose", "hear", "learn", "think"})
_DOING: tuple[Bloom, ...] = ("apply", "create", "evaluate", "analyze", "understand")


class Worded(NamedTuple):
    """An objective and the level of its verb."""

    text: str
    bloom: Bloom


def word_objective(heading: str, written: str, casing: Mapping[str, int], language: str) -> Worded:
    """The objective of a section; the heading in quotation marks where it is no phrase.

    `written` is the raw line of the heading (read_heading), `casing` how the document writes its words (learn_casing).
    """
    plain = clean_heading(heading) or heading
    quoted = Worded(f"Explain “{plain}”", "understand")
    if not language.lower().startswith("en"):
        return quoted
    phrase = in_sentence(_telling_part(marked_heading(heading, written)), casing)
    made = _ask(phrase) or _doing(_ASKED.sub("", phrase)) or _thing(phrase)
    return made if made and len(made.text) <= _LONGEST else quoted


def read_heading(document: Document, section: Section) -> str:
    """The raw line of a section's heading; "" where the section's lines are those of another file."""
    lines = document.raw_lines
    return lines[section.start_line - 1] if section.start_line <= len(lines) else ""


def _telling_part(heading: str) -> str:
    """Without remarks in brackets; of "Project: building a server" what comes after the colon."""
    heading = re.sub(r"\s+\([^()]*\)", "", heading)
    before, colon, after = heading.partition(": ")
    return (after if len(after.split()) > 1 else before) if colon else heading


def _ask(phrase: str) -> Worded | None:
    """For "What is a lease?" it is "Explain what a lease is"."""
    if _ASKED.match(phrase) or not (found := _QUESTION.match(phrase)) or not found[2]:
        return None
    word, rest = found[1].lower(), found[2]
    if re.match(r"\w+n['’]t\b", rest):
        return None
    if turned := _AUXILIARY.match(rest):
        if turned[1].lower() not in ("is", "are", "was", "were") or len(turned[3].split()) > 4:
            return None
        article = f"{turned[2]} " if turned[2] else ""
        rest = f"{article}{turned[3]} {turned[1].lower()}"
    return Worded(f"Explain {word} {rest}", "understand")


def _doing(phrase: str) -> Worded | None:
    """Of "Creating a stream" and "Create a stream"; not of "Clustering configuration", which names a thing."""
    words = phrase.split()
    if len(words) < 2 or words[1].lower() in ("and", "or", "/", "&", "with"):
        return None
    first = words[0].lower()
    verb = base_of_gerund(first) or (first if classes_of(first) == {"VERB"} and is_base_form(first) else None)
    if verb is None or verb in EMPTY_VERBS or not re.fullmatch(r"[a-z-]+", verb):
        return None
    bloom = next((level for level in _DOING if verb in BLOOM_VERBS[level]), None)
    is_noun = verb != first and words[1].lower() == "of" and verb not in _TAKE_OF  # "Merging of settings"
    rest = " ".join(words[2:] if is_noun else words[1:])
    if bloom is None:
        if verb != first and len(words) == 2 and words[1].islower() and singular(words[1]) == words[1]:
            return None
        return Worded(f"Demonstrate how to {verb} {rest}", "apply")
    return Worded(f"{verb.capitalize()} {rest}", bloom)


def _thing(phrase: str) -> Worded | None:
    if not phrase or _NO_THING.search(re.sub(r"`[^`]*`", "", phrase)):
        return None
    return Worded(f"Explain {with_article(phrase)}", "understand")
