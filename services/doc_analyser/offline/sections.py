"""Which sections of a document teach, and the outlines of its sections. Pure."""

import hashlib
import re
from collections.abc import Iterable, Sequence

from services.doc_analyser.offline.mentions import count_mentions
from shared.docs.model import Block, Document, Section
from shared.engine.code_lines import count_lines
from shared.engine.minutes import is_too_long
from shared.engine.types import SectionOutline
from shared.language.terms import STOPWORDS, plain, words_of

_MIN_WORDS = 4
_MIN_WORDS_BESIDE_LINKS = 0.35
_WORDS_OF_PROSE = 25
# An appeal for money names one of the places that collect it.
_COLLECTORS = re.compile(
    r"(?:\b|(?=/))(?:tidelift|open ?collective|patreon|github(?:\.com/| )sponsors|liberapay|ko-fi|thanks\.dev"
    r"|buy ?me ?a ?coffee|/donate|/sponsors?)\b",
    re.IGNORECASE,
)
_APPEALS = re.compile(
    r"(?:support(?:ing)? (?:us|me|(?:the |this |our )?\w+)|(?:our |become an? )?sponsors?|sponsor(?:ing|ship)?(?: \w+)?"
    r"|donat(?:e|ing|ions?)|(?:our )?backers|fund(?:s|ing)|(?:[\w.-]+ )?for (?:the )?enterprises?"
    r"|(?:professional|commercial|enterprise|paid) support)",
    re.IGNORECASE,
)
_LONGEST_APPEAL = 150  # words
_LINK = re.compile(r"!?\[[^\[\]]*\](?:\((?:[^()]|\([^()]*\))*\))?")


def is_teachable(section: Section) -> bool:
    """Whether a section's own blocks teach something: code, or prose that is more than links and single words.

    A paragraph or a sentence that says something counts however many links it holds. An appeal for money and a section
    of more than four hours teach nothing.
    """
    if is_too_long(section.words, count_lines(section.blocks)[0]):
        return False
    if any(block.kind == "code" and block.code.strip() for block in section.blocks):
        return True
    texts = [text for block in section.blocks for text in block_texts(block)]
    plain_words = sum(len(words_of(plain(text))) for text in texts)
    is_said = plain_words >= _MIN_WORDS or any("`" in text for text in texts)  # "Type: `object`" says all there is
    if not is_said or (plain_words <= _LONGEST_APPEAL and _asks_for_money(section.heading, texts)):
        return False
    if any(_count_free(block_texts(block)) >= _WORDS_OF_PROSE for block in section.blocks if block.kind == "paragraph"):
        return True
    told = (one.text for block in section.blocks if block.kind == "paragraph" for one in block.sentences)
    if any(text.endswith(".") and _count_free([text]) > _MIN_WORDS for text in told):
        return True
    return _count_free(texts) >= _MIN_WORDS_BESIDE_LINKS * plain_words


def _describes(section: Section) -> bool:
    """Whether a list says of each page it leads to what the page holds, as the rows of a table do."""
    items = [block_texts(block) for block in section.blocks if block.kind == "list_item"]
    linked = [texts for texts in items if any("](" in text for text in texts)]
    return len(linked) > 1 and all(_count_free(texts) >= _MIN_WORDS for texts in linked)


def _count_free(texts: Iterable[str]) -> int:
    """The words of texts outside links."""
    return sum(len(words_of(plain(_LINK.sub(" ", text)))) for text in texts)


def _asks_for_money(heading: str, texts: Iterable[str]) -> bool:
    named = any(_COLLECTORS.search(text) for text in texts)
    return named and _APPEALS.fullmatch(plain(heading).strip()) is not None


def block_texts(block: Block) -> list[str]:
    """The inline texts of a block: its sentences, or its table cells."""
    return [sentence.text for sentence in block.sentences] + [cell for row in block.rows for cell in row]


def outline_sections(document: Document) -> tuple[SectionOutline, ...]:
    """The outlines of a document's sections, in order."""
    stem = document.path.rsplit(".", 1)[0]
    names = _telling(f"{re.sub(r'[/_.-]+', ' ', stem)} {plain(document.title)}")
    return tuple(_outline(section, names) for section in document.sections)


def _outline(section: Section, names: frozenset[str]) -> SectionOutline:
    code_lines, output_lines = count_lines(section.blocks)
    texts = [text for block in section.blocks for text in (*block_texts(block), block.term) if text]
    return SectionOutline(
        id=section.id, heading=section.heading, level=section.level, parent=section.parent,
        start_line=section.start_line, end_line=section.end_line, words=section.words, code_blocks=section.code_blocks,
        mentions=count_mentions([section.heading, *texts], [block.code for block in section.blocks]),
        teachable=is_teachable(section),
        has_table=any(block.kind == "table" for block in section.blocks) or _describes(section),
        code_lines=code_lines,
        output_lines=output_lines,
        prints=_prints(section, names),
        whole=_digest(" ".join((*map(plain, texts), *(block.code for block in section.blocks))).split()),
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
