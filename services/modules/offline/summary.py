"""The lines of a lesson to keep: sentences of the author that say something without what stands around them."""

import re
from collections.abc import Sequence

from services.modules.cited.brief import ModuleBrief
from services.modules.cited.citing import Citations
from services.modules.offline.aims import Aim
from services.modules.offline.inline import fit
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.lesson import Lesson
from shared.course.plain_text import show_plain, show_prose
from shared.course.wording import is_signpost, points_back, stem_content_words
from shared.docs.model import Sentence
from shared.engine.types import Span
from shared.language.word_classes import classes_of

_MOST_KEPT = 5
_BEGINNING = 3
_LEAST_WORDS, _MOST_WORDS, _FEWEST_TELLING = 5, 40, 2
_TALKS = re.compile(
    r"(?:#|(?:note|let['’]s|for (?:example|instance|(?:more|further) \w+|details)|as you|feel free|please|now|but|and"
    r"|so|or|however|meaning|once|alternatively|instead|finally|first|next|then|in (?:this|that|our|your)"
    r"|the (?:first|second|next|last)"
    r"|in fact|thank|be aware|be sure|try|there(?:['’]s| is| are)|suppose|imagine|say|to (?:start|begin)|if you|you may"
    r"|you might|one of)\b|\w+:)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:please|would)\b|\bas follows\W*$|^you (?:won|don|do not|need not)\b", re.IGNORECASE)
_LABELLED = re.compile(r"\*\*[^*]+\*\*\s+[A-Z]")
_UNCLEAR = re.compile(
    r"\b(?:this|these|those|above|below|following|here|previous|earlier|same|latter|former|such|another|other|we|our|us|I"
    r"|see|etc|so|do that|again|also|that way|example|e\.g|i\.e|aforementioned|respectively|preceding|mentioned|desired"
    r"|like so)\b|^\w+ that\b|\b(?:to|of|by|in|on|at|for|with|from) that\b",
    re.IGNORECASE,
)
_OPEN_END = re.compile(r"\b(?:of|to|the|an?|for|with|by|and|or|than|from|is|are|instead)\W*$", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|its|itself|they|their|them|themselves)\b", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:the|an?|any|each|every|no)\s+\w+|`[^`]+`|\b[a-z]{3,}s\b", re.IGNORECASE)
_AFTER_VERBS = frozenset(("a", "an", "the", "to", "all", "each", "any", "how", "whether"))


def write_summary(
    brief: ModuleBrief, lesson: Lesson, aims: Sequence[Aim], opening: Sequence[str], citations: Citations
) -> str:
    """One line for each objective; else one for each of the first sections that say more than the opening."""
    by_place = {(one.document_id, one.section.id): one for one in lesson.taught}
    places = [(aim.document_id, aim.section_id) for aim in aims]
    chosen = [by_place[place] for place in places if place in by_place] or lesson.taught
    lines: dict[str, str] = {}
    said = show_plain(" ".join(opening))
    for one in chosen:
        language = brief.analyses[one.document_id].language if one.document_id in brief.analyses else "en"
        sentence = _choose_sentence(one, said, brief.module.title, language)
        if sentence and len(lines) < max(_MOST_KEPT, len(aims)):
            span = Span(path=sentence.path or one.path, start_line=sentence.start_line, end_line=sentence.end_line)
            line = f"- {fit(sentence.text, lesson.targets[one.document_id])}{citations.mark(span)}"
            lines.setdefault(show_plain(sentence.text), line)
    return "\n".join(lines.values()) if aims or len(lines) > 1 else ""


def _choose_sentence(one: TaughtSection, said: str, title: str, language: str) -> Sentence | None:
    """The first sentence of a section's paragraphs that stands by itself, is not said yet, and says something of what
    the section or the module is about.

    Steps and talk are known in English only. In another language the sentence must begin with what it is about.
    """
    begins = None if language.startswith("en") else _BEGINNING
    about = set(stem_content_words(f"{show_plain(one.section.heading)} {show_plain(title)}", language))
    about = about if begins is None else {word for word in about if len(word) > _BEGINNING}  # no "les", "der"
    every = (s for block in one.section.blocks if block.kind == "paragraph" for s in block.sentences)
    texts = ((s, " ".join(show_plain(s.text).split()[:begins])) for s in every)
    fit_for = (s for s, text in texts if about & {*stem_content_words(text, language)})
    return next((s for s in fit_for if show_plain(s.text) not in said and _stands_alone(s)), None)


def _stands_alone(sentence: Sentence) -> bool:
    plain = show_plain(sentence.text)
    whole = (
        _is_clear(sentence.text)
        and not sentence.text[:1].islower()
        and plain.endswith((".", "!"))
        and not points_back(plain)
    )
    whole = whole and not _LABELLED.match(sentence.text) and not _leads_with_pronoun(plain)
    whole = whole and not plain.endswith("...") and not is_signpost(plain) and not _ASKS.search(plain)
    return whole and not _TALKS.match(plain) and not _lacks_subject(plain)


def _is_clear(text: str) -> bool:
    """Whether words are of some length, and nothing in them points elsewhere but a pronoun."""
    plain = show_plain(text)
    return (
        _LEAST_WORDS <= len(plain.split()) <= _MOST_WORDS
        and len(set(stem_content_words(plain))) >= _FEWEST_TELLING
        and not _UNCLEAR.search(show_prose(text))
        and not _OPEN_END.search(plain)
        and text.count("`") % 2 == 0
        and text.count("(") == text.count(")")
    )


def _leads_with_pronoun(text: str) -> bool:
    """Whether a pronoun comes before anything that it could stand for."""
    pronoun, named = _PRONOUN.search(text), _NAMED.search(text)
    return pronoun is not None and (named is None or pronoun.start() < named.start())


def _lacks_subject(sentence: str) -> bool:
    """Whether a sentence leaves its subject to the heading, "Takes a name", "Used to add a task", or is a step."""
    first, second, *_ = sentence.lower().split()
    classes = classes_of(first)
    return not first.endswith("ing") and (classes == {"VERB"} or ("VERB" in classes and second in _AFTER_VERBS))
