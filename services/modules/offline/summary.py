"""The lines of a lesson to keep: sentences of the author that say something without what stands around them."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from services.modules.cited.brief import ModuleBrief
from services.modules.cited.citing import Citations
from services.modules.offline.aims import Aim
from services.modules.offline.inline import fit
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.lesson import Lesson
from shared.course.plain_text import show_plain, show_prose
from shared.course.sentence_marks import MARK
from shared.course.spans import join_words
from shared.course.wording import is_signpost, points_back, stem_content_words
from shared.docs.model import Sentence
from shared.engine.types import Span
from shared.language.terms import singular
from shared.language.word_classes import AUXILIARIES, DETERMINERS, classes_of

_MOST_KEPT = 5
_BEGINNING = 2
_LEAST_WORDS, _MOST_WORDS, _FEWEST_TELLING = 5, 40, 2
_TALKS = re.compile(
    r"(?:#|(?:note|let['’]s|for (?:example|instance|(?:more|further) \w+|details)|as you|feel free|please|now|but|and"
    r"|so|or|however|meaning|once|alternatively|instead|finally|first|next|then|in (?:this|that|our|your)"
    r"|the (?:first|second|next|last)"
    r"|in fact|thank|be aware|be sure|try|there(?:['’]s| is| are)|suppose|imagine|say|to \w+|if you|you may"
    r"|(?:the|some) (?:\w+ )?examples?|what|in particular|start (?:at|with)|you might|one of|check out|best of all"
    r"|obviously|of course|no worries|sometimes|before \w+ing|not long)\b|\w+:)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:please|would)\b|\bas follows\W*$|^you (?:won|don|do not|need not)\b", re.IGNORECASE)
_LABELLED = re.compile(r"\*\*[^*]+\*\*\s+[A-Z]")
_UNCLEAR = re.compile(
    r"\b(?:this|these|those|above|below|following|here|previous|earlier|same|latter|former|such|another|other|we|our|us|I"
    r"|see|etc|so|do that|again|also|that way|example|e\.g|i\.e|aforementioned|respectively|preceding|mentioned|desired"
    r"|guides?|chapters?|tutorials?|pages?|sections?"
    r"|like so)\b|^\w+ that\b|\b(?:to|of|by|in|on|at|for|with|from) that\b",
    re.IGNORECASE,
)
_SUMS_UP = re.compile(r"(?:in (?:short|summary|a nutshell)|to (?:summari[sz]e|sum up)), .*\.$", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_OPEN_END = re.compile(r"\b(?:of|to|the|an?|for|with|by|and|or|than|from|is|are|instead)\W*$", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|its|itself|they|their|them|themselves)\b", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:the|an?|any|each|every|no)\s+\w+|`[^`]+`|\b[a-z]{3,}s\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:that|which|who|whose|how|whether)\b")
_AFTER_VERBS = frozenset(("a", "an", "the", "to", "all", "each", "any", "how", "whether"))


def write_summary(
    brief: ModuleBrief, lesson: Lesson, aims: Sequence[Aim], opening: Sequence[str], citations: Citations
) -> str:
    """A line for each page that says what it is about, for each section with an objective that says what its subject
    is, or for each section where there is no objective; and where the author sums up, that sentence. Often nothing.
    A sentence that is a whole paragraph of the opening is not said again, and one sentence alone sums up nothing
    unless its author says that it does.
    """
    aimed = {(aim.document_id, aim.section_id) for aim in aims}
    said = {join_words(show_plain(MARK.sub("", block))) for block in opening}
    found: dict[str, tuple[Sentence, TaughtSection]] = {}
    for one in lesson.taught:
        language = brief.analyses[one.document_id].language if one.document_id in brief.analyses else "en"
        leads = one.section.level == 1 or one.section.id == one.document.sections[0].id
        every = [s for block in one.section.blocks if block.kind == "paragraph" for s in block.sentences]
        every = [s for s in every if language != "en" or "`" in s.text or not _lacks_verb(show_plain(s.text))]
        fit_for: Iterator[Sentence] = filter(_sums_up, every)
        if leads:
            fit_for = chain(fit_for, _find_leading(every, one, brief.module.title, language))
        elif not aimed or (one.document_id, one.section.id) in aimed:
            fit_for = chain(fit_for, _find_about(every, one.section.heading))
        sentence = next((s for s in fit_for if join_words(show_plain(s.text)) not in said), None)
        if sentence and len(found) < max(_MOST_KEPT, len(aims)):
            found.setdefault(show_plain(sentence.text), (sentence, one))
    if len(found) == 1 and not any(_sums_up(sentence) for sentence, _ in found.values()):
        return ""
    return "\n".join(_line(sentence, one, lesson, citations) for sentence, one in found.values())


def _line(sentence: Sentence, one: TaughtSection, lesson: Lesson, citations: Citations) -> str:
    span = Span(path=sentence.path or one.path, start_line=sentence.start_line, end_line=sentence.end_line)
    return f"- {fit(sentence.text, lesson.targets[one.document_id])}{citations.mark(span)}"


def _sums_up(sentence: Sentence) -> bool:
    return bool(_SUMS_UP.match(show_plain(sentence.text))) and len(sentence.text.split()) <= _MOST_WORDS


def _find_leading(every: Sequence[Sentence], one: TaughtSection, title: str, language: str) -> Iterator[Sentence]:
    """Sentences before the first sub-heading that stand by themselves and speak of what the page is about.

    A step counts where it names code and what that is for: "Call `x` to get a page".
    """
    about = set(stem_content_words(f"{show_plain(one.section.heading)} {show_plain(title)}", language))
    for sentence in every:
        plain = show_plain(sentence.text)
        step = "`" in sentence.text and " to " in plain
        if _stands_alone(sentence, step=step) and (step or about & set(stem_content_words(plain, language))):
            yield sentence


def _find_about(every: Sequence[Sentence], heading: str) -> Iterator[Sentence]:
    """Sentences that begin with the subject their heading names: without the heading the others often have none."""
    subject = {singular(word) for word in _WORD.findall(show_plain(heading).lower())}
    for sentence in every:
        words = _WORD.findall(show_plain(sentence.text).lower())[: len(subject) + _BEGINNING]
        if subject and subject <= set(map(singular, words)) and _stands_alone(sentence):
            yield sentence


def _stands_alone(sentence: Sentence, *, step: bool = False) -> bool:
    plain = show_plain(sentence.text)
    whole = (
        _is_clear(sentence.text)
        and not sentence.text.lstrip("[*")[:1].islower()
        and plain.endswith((".", "!"))
        and not points_back(plain)
    )
    whole = whole and not _LABELLED.match(sentence.text) and not _leads_with_pronoun(plain)
    whole = whole and not plain.endswith("...") and not is_signpost(plain) and not _ASKS.search(plain)
    return whole and not _TALKS.match(plain) and (step or not _lacks_subject(plain))


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


def _lacks_verb(sentence: str) -> bool:
    """Whether an English sentence only names a thing, "A template that can be rendered"."""
    words = _WORD.findall(_RELATIVE.split(sentence[:1].lower() + sentence[1:])[0])
    endings = ("s", "ed") if words[:1] in (["a"], ["an"]) else ("",)
    said = (word for before, word in pairwise(words) if before not in DETERMINERS and not word.endswith(("ing", "ss")))
    return not any(word in AUXILIARIES or (word.endswith(endings) and "VERB" in classes_of(word)) for word in said)
