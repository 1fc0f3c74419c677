"""Which sections of a document teach, and the outlines of its sections. Pure."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from services.doc_analyser.offline.mentions import count_mentions
from shared.docs.model import Block, Document, Section
from shared.engine.code_lines import count_lines
from shared.engine.minutes import is_too_long
from shared.engine.titles import is_front_page
from shared.engine.types import SectionOutline
from shared.language.terms import STOPWORDS, plain, words_of

_FEWEST_WORDS = 4
_LEADING_ROUND = frozenset({"", "genindex", "modindex", "py-modindex", "search"})
"""Words of links to the pages that Sphinx makes."""
_LINK = re.compile(r"!?\[[^\[\]]*\](?:\((?:[^()]|\([^()]*\))*\))?")


def is_teachable(section: Section) -> bool:
    """Whether a section holds anything at all: text, code or a picture. One of more than four hours teaches nothing."""
    return not is_too_long(section.words, count_lines(section.blocks)[0]) and any(
        block.code.strip() or block.term or (block.image and block.image.path)
        or not _LEADING_ROUND.issuperset(map(plain, block_texts(block)))
        for block in section.blocks
    )  # fmt: skip


def says_more_than_links(section: Section) -> bool:
    """Whether a section holds code, or a few words outside links."""
    texts = [text for block in section.blocks for text in block_texts(block)]
    return any(block.code.strip() for block in section.blocks) or _count_free(texts) >= _FEWEST_WORDS


def _describes(section: Section) -> bool:
    """Whether a list says of each page it leads to what the page holds, as the rows of a table do."""
    items = [block_texts(block) for block in section.blocks if block.kind == "list_item"]
    linked = [texts for texts in items if any("](" in text for text in texts)]
    return len(linked) > 1 and all(_count_free(texts) >= _FEWEST_WORDS for texts in linked)


def _count_free(texts: Iterable[str]) -> int:
    """The words of texts outside links."""
    return sum(len(words_of(plain(_LINK.sub(" ", text)))) for text in texts)


def block_texts(block: Block) -> list[str]:
    """The inline texts of a block: its sentences, or its table cells."""
    return [sentence.text for sentence in block.sentences] + [cell for row in block.rows for cell in row]


def outline_sections(document: Document) -> tuple[SectionOutline, ...]:
    """The outlines of a document's sections, in order."""
    stem = document.path.rsplit(".", 1)[0]
    names = _telling(f"{re.sub(r'[/_.-]+', ' ', stem)} {plain(document.title)}")
    has_own = any(block.origin is None for section in document.sections for block in section.blocks)
    return tuple(_outline(section, names, has_own=has_own) for section in document.sections)


def _outline(section: Section, names: frozenset[str], *, has_own: bool) -> SectionOutline:
    code_lines, output_lines = count_lines(section.blocks)
    texts = [text for block in section.blocks for text in (*block_texts(block), block.term) if text]
    whole = " ".join((*map(plain, texts), *(block.code for block in section.blocks))).split()
    # A partial belongs to each page that shows it: no page repeats another one by it, but for a front page.
    origins = [one.origin.path if one.origin else "" for one in section.blocks]
    is_partial = has_own and all(one and not one.endswith(".py") and not is_front_page(one) for one in origins)
    opening = [*takewhile(lambda block: block.kind == "paragraph", section.blocks)]
    first = [section.heading, *(text for block in opening for text in block_texts(block))]
    example = [block.code for block in section.blocks[len(opening) : len(opening) + 1]]
    said = count_mentions([section.heading, *texts], [block.code for block in section.blocks])
    shown = {key for key, _ in count_mentions([], example)} & {key for key, count in said if count > 1}
    return SectionOutline(
        id=section.id, heading=section.heading, level=section.level, parent=section.parent,
        start_line=section.start_line, end_line=section.end_line, words=section.words, code_blocks=section.code_blocks,
        mentions=said,
        teachable=is_teachable(section), code_lines=code_lines, output_lines=output_lines,
        said_first=tuple(sorted({*shown, *(key for key, _ in count_mentions(first, []))})),
        has_table=any(block.kind == "table" for block in section.blocks) or _describes(section),
        prints=() if is_partial else _prints(section, names), whole="" if is_partial else _digest(whole),
    )  # fmt: skip


def _telling(text: str) -> frozenset[str]:
    return frozenset(words_of(text)) - STOPWORDS


def _prints(section: Section, names: frozenset[str]) -> tuple[str, ...]:
    """Hashes of its sentences, of the cells of its tables and of its code, each once.

    Names are masked and numbers left out of what is said; code counts as it stands, but for its blanks.
    """
    masked = names | _telling(plain(section.heading))
    texts = [text for block in section.blocks for text in block_texts(block)]
    found = [" ".join("_" if word in masked else word for word in words_of(plain(text))) for text in texts]
    found += ["".join(block.code.split()) for block in section.blocks]
    return tuple(sorted({_digest([text]) for text in found if text.strip("_ ")}))


def _digest(words: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:8]
