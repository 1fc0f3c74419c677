"""The terms under which other documents speak of one. Pure."""

import re
from collections import Counter
from collections.abc import Iterable

from services.doc_analyser.offline.sections import block_texts
from shared.docs.model import Document, Section
from shared.engine.titles import is_generic
from shared.language.terms import plain, singular, term_key, words_of

_LONGEST_NAME = 4
_LEAST_STEM = 4
_LONGEST_ENDING = 6
_OFTEN = 3
_ABOUT_A_SUBJECT = frozenset({"basic", "guide", "introduction", "overview", "reference", "tutorial"})


def names_of(document: Document, title: str) -> tuple[str, ...]:
    """Term keys under which other documents speak of what this document is about, the full one first.

    A title that says nothing ("About") yields to the file's name, and that to the folder's. A short name that is the
    beginning of a longer word of the document's own text ("bools", "boolean") stands for that word too.
    """
    *folders, file = document.path.split("/")
    written = [title, file.rsplit(".", 1)[0]]
    named = next((name for name in written if not is_generic(_spaced(name))), (folders or written)[-1])
    words = [singular(word) for word in words_of(_spaced(plain(named)))]
    if not words or len(words) > _LONGEST_NAME:
        return (term_key(named),) if words else ()
    subject = words[:-1] if words[-1] in _ABOUT_A_SUBJECT else []
    shorter = (" ".join(subject),) if subject else ()
    return (" ".join(words), *shorter, *(_longer_words(words[0], document) if len(words) == 1 else ()))


def _longer_words(stem: str, document: Document) -> Iterable[str]:
    if len(stem) < _LEAST_STEM:
        return ()
    texts = (text for section in document.sections for text in _texts(section))
    counts = Counter(singular(word) for text in texts for word in words_of(plain(text)))
    longest = len(stem) + _LONGEST_ENDING
    often = (word for word, count in counts.items() if count >= _OFTEN and word.startswith(stem))
    return sorted(word for word in often if word != stem and len(word) <= longest)


def _spaced(name: str) -> str:
    return re.sub(r"[-_]+", " ", name)


def _texts(section: Section) -> list[str]:
    return [text for block in section.blocks for text in (*block_texts(block), block.term) if text]
