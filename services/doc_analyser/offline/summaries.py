"""A document's summary: two or three of its own sentences, those that its first paragraphs begin with. Pure."""

from services.doc_analyser.offline.concepts import cite, stands_alone
from shared.docs.model import Document
from shared.engine.types import CitedSentence

_MOST = 3


def summarise(document: Document) -> tuple[CitedSentence, ...]:
    """Up to three sentences that stand alone: of the first paragraph, and the first one of each other."""
    first, *others = [block.sentences for block in document.blocks if block.kind == "paragraph"] or [()]
    leading = [*first[:_MOST], *(one for own in others for one in own[:1])]
    return tuple(cite(one, document.path) for one in leading if stands_alone(one))[:_MOST]
