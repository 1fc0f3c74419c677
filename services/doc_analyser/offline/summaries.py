"""A document's summary: two or three of its own sentences, those that its first paragraphs begin with. Pure."""

import re
from collections.abc import Iterator

from services.doc_analyser.offline.definitions import points_back
from shared.docs.model import Document, Sentence
from shared.engine.types import CitedSentence, Span
from shared.language.terms import plain

MAX_SENTENCES = 3
_OPENING = 3
_MIN_WORDS, _MAX_WORDS = 7, 40
_ABOUT_ITSELF = re.compile(
    r"\b(?:this|the (?:next|previous|following)) (?:page|section|chapter|guide|document|article|tutorial|part|README)\b"
    r"|\b(?:click here|see also|see the|read (?:the|on)|refer to|check out|let['’]s|let us|we(?:['’](?:ll|re|ve))?|I)\b"
    r"|[!?]$",
    re.IGNORECASE,
)


def summarise(document: Document) -> tuple[CitedSentence, ...]:
    """Up to three sentences in the order of the document; one alone only when the document opens with it."""
    leading = list(_leading(document))
    found = [sentence for sentence in leading if _stands_alone(sentence)]
    chosen = ([one for one in found if not _ABOUT_ITSELF.search(plain(one.text))] or found)[:MAX_SENTENCES]
    if len(chosen) == 1 and chosen[0] not in leading[:_OPENING]:
        return ()
    return tuple(_cited(sentence, document.path) for sentence in chosen)


def _leading(document: Document) -> Iterator[Sentence]:
    """The first paragraph, and the first sentence of each other one, which says what the paragraph is about."""
    for number, block in enumerate(one for one in document.blocks if one.kind == "paragraph" and one.sentences):
        yield from block.sentences[: 1 if number else MAX_SENTENCES]


def _stands_alone(sentence: Sentence) -> bool:
    text = plain(sentence.text)
    return (
        _MIN_WORDS <= len(text.split()) <= _MAX_WORDS
        and not points_back(sentence.text)
        and text.endswith((".", "!", "?", "。"))
        and (text[0].isupper() or text[0].isdigit() or not text[0].isascii() or sentence.text.startswith("`"))
        and sentence.end_line - sentence.start_line < 8
    )


def _cited(sentence: Sentence, path: str) -> CitedSentence:
    span = Span(path=sentence.path or path, start_line=sentence.start_line, end_line=sentence.end_line)
    return CitedSentence(text=sentence.text, span=span)
