"""A document's summary: two or three of its own sentences, near its centre of meaning and near its beginning. Pure."""

import re

import numpy as np

from services.doc_analyser.offline.definitions import points_back
from shared.docs.model import Document, Sentence
from shared.engine.types import CitedSentence, Span
from shared.language.similarity import centroid, embed, likeness
from shared.language.terms import plain

MAX_SENTENCES = 3
_CONSIDERED = 60
_MIN_WORDS, _MAX_WORDS = 7, 40
_TOO_ALIKE = 0.8
_ABOUT_ITSELF = re.compile(
    r"\b(?:this|the (?:next|previous|following)) (?:page|section|chapter|guide|document|article|tutorial|part|README)\b"
    r"|\b(?:click here|see also|see the|read the|refer to|check out|let['’]s|let us|we(?:['’](?:ll|re|ve))?|I)\b|[!?]$",
    re.IGNORECASE,
)


def summarise(document: Document) -> tuple[CitedSentence, ...]:
    """Up to three sentences in the order of the document; fewer when it has fewer that stand by themselves."""
    sentences = _candidates(document)
    if not sentences:
        return ()
    vectors = embed([plain(sentence.text) for sentence in sentences])
    central = likeness(vectors, centroid(vectors))[:, 0]
    lead = np.array([1.0 / (1.0 + position) for position in range(len(sentences))])
    scores = np.round(central + 0.5 * lead, 6)
    alike = likeness(vectors, vectors)
    chosen: list[int] = []
    for index in sorted(range(len(sentences)), key=lambda i: (-float(scores[i]), i)):
        if len(chosen) < MAX_SENTENCES and all(float(alike[index, other]) < _TOO_ALIKE for other in chosen):
            chosen.append(index)
    return tuple(_cited(sentences[index], document.path) for index in sorted(chosen))


def _candidates(document: Document) -> list[Sentence]:
    prose = [
        sentence
        for section in document.sections
        for block in section.blocks
        if block.kind == "paragraph"
        for sentence in block.sentences
    ]
    good = [sentence for sentence in prose if _stands_alone(sentence)]
    impersonal = [sentence for sentence in good if not _ABOUT_ITSELF.search(plain(sentence.text))]
    return (impersonal or good)[:_CONSIDERED]


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
