"""The sentence that defines a term, as a reader of the source sees it: whole, and without the source's markup."""

from shared.course.model import ConceptEntry
from shared.course.plain_text import show_plain
from shared.course.terms import mentions
from shared.docs.model import Block

from .cited import SpanReader


def read_definition(concept: ConceptEntry, reader: SpanReader) -> str:
    """Plain text of the first whole sentence of the cited lines that names the term; "" when there is none."""
    citation = concept.citation
    document = reader.read_document(citation.path)
    for section in document.sections if document else ():
        for block in section.blocks:
            if citation.start_line <= block.end_line and block.start_line <= citation.end_line:
                told = _tell(block, concept.name, range(citation.start_line, citation.end_line + 1))
                if told:
                    return told
    return ""


def _tell(block: Block, name: str, lines: range) -> str:
    whole = [show_plain(s.text) for s in block.sentences if s.start_line in lines and s.end_line in lines]
    if block.term and mentions(show_plain(block.term), name):
        return whole[0] if whole else ""
    return next((text for text in whole if mentions(text, name)), "")
