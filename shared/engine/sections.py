"""Which sections teach, and their outlines: the same rule for every engine, so that figures can be compared. Pure."""

import re
from collections.abc import Iterable, Mapping

from shared.docs.model import Block, Document, Section
from shared.engine.terms import plain, section_terms, words_of
from shared.engine.types import DocumentAnalysis, SectionOutline

MINUTES_PER_CODE_BLOCK = 2
WORDS_PER_MINUTE = 200
_MIN_WORDS = 8
_MIN_WORDS_BESIDE_LINKS = 0.35
_TERMS_PER_SECTION = 120
# An appeal for money names one of the places that collect it.
_COLLECTORS = re.compile(
    r"\b(?:tidelift|open ?collective|patreon|github(?:\.com/| )sponsors|liberapay|ko-fi|thanks\.dev"
    r"|buy ?me ?a ?coffee)\b",
    re.IGNORECASE,
)
_APPEALS = re.compile(
    r"(?:support(?:ing)? (?:us|me|(?:the |this |our )?\w+)|(?:our |become an? )?sponsors?|sponsor(?:ing|ship)?(?: \w+)?"
    r"|donat(?:e|ing|ions?)|(?:our )?backers|fund(?:s|ing)|(?:[\w.-]+ )?for (?:the )?enterprises?)",
    re.IGNORECASE,
)
_LONGEST_APPEAL = 150  # words
_LINK = re.compile(r"!?\[[^\[\]]*\](?:\((?:[^()]|\([^()]*\))*\))?")


def is_teachable(section: Section) -> bool:
    """Whether a section's own blocks teach something: code, or prose that is more than links and single words, and no
    appeal for money.
    """
    if any(block.kind == "code" and block.code.strip() for block in section.blocks):
        return True
    texts = [text for block in section.blocks for text in block_texts(block)]
    plain_words = sum(len(words_of(plain(text))) for text in texts)
    if plain_words < _MIN_WORDS or (plain_words <= _LONGEST_APPEAL and _asks_for_money(section.heading, texts)):
        return False
    free_words = sum(len(words_of(_without_links(text))) for text in texts)
    return free_words >= _MIN_WORDS_BESIDE_LINKS * plain_words


def _asks_for_money(heading: str, texts: Iterable[str]) -> bool:
    named = any(_COLLECTORS.search(text) for text in texts)
    return named and _APPEALS.fullmatch(plain(heading).strip()) is not None


def block_texts(block: Block) -> list[str]:
    """The inline texts of a block: its sentences, or its table cells."""
    return [sentence.text for sentence in block.sentences] + [cell for row in block.rows for cell in row]


def outline_sections(document: Document) -> tuple[SectionOutline, ...]:
    """The outlines of a document's sections, in order."""
    return tuple(_outline(section) for section in document.sections)


def reading_minutes(words: int, code_blocks: int) -> int:
    """Whole minutes by the published rule (words / 200, 2 per code block), at least one."""
    return max(1, round(words / WORDS_PER_MINUTE + MINUTES_PER_CODE_BLOCK * code_blocks))


def teachable_outlines(analysis: DocumentAnalysis) -> tuple[SectionOutline, ...]:
    """The sections of an analysed document that a pathway may name."""
    return tuple(section for section in analysis.sections if section.teachable)


def second_level_of(outlines: Iterable[SectionOutline]) -> Mapping[str, str]:
    """Section id → id of its enclosing section of the document's dividing level (itself, when there is none)."""
    parents: dict[str, str] = {}
    for outline in outlines:
        keep = outline.level <= 2 or outline.parent is None or outline.parent not in parents
        parents[outline.id] = outline.id if keep else parents[str(outline.parent)]
    return parents


def _outline(section: Section) -> SectionOutline:
    text = "\n".join(plain(text) for block in section.blocks for text in [*block_texts(block), block.term] if text)
    return SectionOutline(
        id=section.id,
        heading=section.heading,
        level=section.level,
        parent=section.parent,
        start_line=section.start_line,
        end_line=section.end_line,
        words=section.words,
        code_blocks=section.code_blocks,
        terms=section_terms(f"{plain(section.heading)}\n{text}", _TERMS_PER_SECTION),
        teachable=is_teachable(section),
        has_table=any(block.kind == "table" for block in section.blocks),
    )


def _without_links(text: str) -> str:
    return plain(_LINK.sub(" ", text)) if "[" in text else plain(text)
