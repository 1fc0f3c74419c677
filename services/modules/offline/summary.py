"""The lines of a lesson to keep: sentences of the author that say what a section is about."""

import re
from collections.abc import Iterator, Sequence

from services.modules.cited.brief import ModuleBrief
from services.modules.cited.citing import Citations
from services.modules.offline.inline import fit
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.lesson import Lesson
from shared.course.plain_text import show_plain
from shared.course.sentence_marks import MARK
from shared.course.spans import join_words
from shared.docs.model import Sentence
from shared.engine.types import Span
from shared.language.glosses import tells

_MOST_KEPT, _MOST_WORDS, _FEWEST_TOLD = 5, 40, 0.15
_SUMS_UP = re.compile(r"(?:in (?:short|summary|a nutshell)|to (?:summari[sz]e|sum up)), .*\.$", re.IGNORECASE)
# Such a sentence needs the one before it, the one after it, or what it points to; or it is not a whole sentence.
_UNCLEAR = re.compile(
    r"\b(?:this|these|those|above|below|following|here|previous|earlier|same|latter|former|such|another|other|we|our|us"
    r"|also|again|example|desired|aforementioned|guides?|chapters?|tutorials?|pages?|sections?)\b|[^.。]$",
    re.IGNORECASE,
)


def write_summary(brief: ModuleBrief, lesson: Lesson, opening: Sequence[str], citations: Citations) -> str:
    """For each section the sentence that says what its heading names, and where the author sums up, that one.

    Often nothing: a paragraph of the opening is not said again, and one sentence, or a few for many sections, sum up
    nothing unless their author says that they do.
    """
    said = {join_words(show_plain(MARK.sub("", block))) for block in opening}
    found: dict[str, tuple[Sentence, TaughtSection]] = {}
    for one in lesson.taught:
        analysis = brief.analyses.get(one.document_id)
        for sentence in _find_telling(one, analysis.language if analysis else "en"):
            if (text := join_words(show_plain(sentence.text))) not in said:
                found.setdefault(text, (sentence, one))
                break
    is_summed_up = any(_SUMS_UP.match(show_plain(sentence.text)) for sentence, _ in found.values())
    if len(found) < max(2, _FEWEST_TOLD * len(lesson.taught)) and not is_summed_up:
        return ""
    kept = list(found.values())[:_MOST_KEPT]
    return "\n".join(_line(sentence, one, lesson, citations) for sentence, one in kept)


def _find_telling(one: TaughtSection, language: str) -> Iterator[Sentence]:
    """The author's summing up first."""
    every = [s for block in one.section.blocks if block.kind == "paragraph" for s in block.sentences]
    plain = [(s, show_plain(s.text)) for s in every if len(s.text.split()) <= _MOST_WORDS]
    yield from (sentence for sentence, text in plain if _SUMS_UP.match(text))
    for sentence, text in plain:
        if text[:1].isupper() and tells(one.section.heading, sentence.text, language) and not _UNCLEAR.search(text):
            yield sentence


def _line(sentence: Sentence, one: TaughtSection, lesson: Lesson, citations: Citations) -> str:
    span = Span(path=sentence.path or one.path, start_line=sentence.start_line, end_line=sentence.end_line)
    return f"- {fit(sentence.text, lesson.targets[one.document_id])}{citations.mark(span)}"
