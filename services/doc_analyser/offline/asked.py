"""The documents that a document asks its reader to know first, in its author's words. Pure."""

import re
from collections.abc import Iterator

from shared.docs.model import Document, Section
from shared.language.headings import clean_heading

BEFORE = re.compile(
    r"^(?:prerequisites?|requirements|before you (?:begin|start)|what you need|what you['’]ll need|you will need)$",
    re.IGNORECASE,
)
"""The heading of a section about what comes first."""
_FIRST = re.compile(
    r"\b(?:install|set up|read|complete|follow|finish|see|do|create|go through)\b[^.]*\bfirst\b(?!\s+\w)"
    r"|\bbefore (?:you|we|starting|reading|continuing|proceeding|using|running|following)\b"
    r"|\bassum(?:es?|ing)\b.*\b(?:you|already|installed|read|know\w*|familiar)\b|\bprerequisites?\b"
    r"|\b(?:have|having) (?:already )?(?:read|installed|completed|followed|finished|set up|worked through)\b"
    r"|\b(?:be familiar|familiari[sz]e yourself) with\b|\breturn(?:ing)? to the \w+ (?:from|in|of)\b"
    r"|\b(?:have not|haven['’]t)\b[^.]*\b(?:already|yet|done so)\b|\bas (?:we|you) (?:saw|did|learned)\b"
    r"|\b(?:in|of|from) (?:the|a) (?:previous|preceding|last) (?:section|chapter|tutorial|lesson|page|guide)\b"
    r"|\bpick(?:s|ing)? up (?:from|where)\b|\bleft off\b|\bthis (?:\w+ )?\w+ builds (?:up)?on\b",
    re.IGNORECASE,
)
_SEE = re.compile(r"(?:please )?(?:see|read|follow)\b(?! also)", re.IGNORECASE)
_OPENING = 2


def find_asked(document: Document) -> tuple[str, ...]:
    """Paths that the sections on what comes first link to, and such sentences of the document's beginning.

    Deeper in the page such a sentence is about one step of it.
    """
    lines = [
        span
        for place, section in enumerate(document.sections)
        for span in ([(section.start_line, section.end_line)] if BEFORE.match(clean_heading(section.heading)) else
                     _sentences(section) if place < _OPENING else ())
    ]  # fmt: skip
    found = (link.path for link in document.links if any(start <= link.line <= end for start, end in lines))
    return tuple(sorted({path for path in found if path and path != document.path}))


def _sentences(section: Section) -> Iterator[tuple[int, int]]:
    """The lines of sentences that say what comes first; "See Install" may stand behind one."""
    for block in section.blocks:
        is_said = False
        for sentence in block.sentences:
            is_said = bool(_FIRST.search(sentence.text)) or (is_said and _SEE.match(sentence.text) is not None)
            if is_said and not sentence.path:
                yield sentence.start_line, sentence.end_line
