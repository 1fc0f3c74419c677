"""Terms and what they are: sentences that define the thing that their section is about, or that they mark."""

import re
from collections.abc import Iterator

from services.modules.offline.items.clauses import is_clear, iter_sentences
from services.modules.offline.items.entries import Entry, names_itself
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain
from shared.language.terms import singular

_DEFINES = re.compile(
    r"^(?:An? |The )?(?P<term>(?:[*_`]{1,3})?[\w`*_-]+(?: [\w`*_-]+){0,2}?)(?: \([^()]*\))?,? (?:is|are"
    r"|refers to|represents|means)"
    r" (?P<gloss>(?:an? |the (?!same|most|best|only|following|default)|one of the )[^.;:]+?)(?=\.|$|;|:| \(|,"
    r" (?:which|so|and|but|as)\b)"
)
_MARKED = re.compile(r"^[*_`].*[*_`]$")
_FEWEST_WORDS, _MOST_WORDS = 5, 24


def find_definitions(one: TaughtSection, said: TaughtText) -> Iterator[Entry]:
    """The terms of a section that its heading names or a sentence marks, each with its gloss after "is"."""
    del said
    heading = _fold(one.section.heading)
    for text, span in iter_sentences(one):
        found = _DEFINES.match(text)
        if found:
            term, gloss = found["term"], found["gloss"].strip()
            named = _MARKED.match(term) or _fold(term) == heading
            if named and is_clear(gloss, _FEWEST_WORDS, _MOST_WORDS, loaded=True) and not names_itself(term, gloss):
                yield Entry(show_plain(term) if "`" not in term else term, gloss, span)


def _fold(name: str) -> str:
    return " ".join(singular(word) for word in show_plain(name).lower().split())
