"""The terms under which other documents speak of one. Pure."""

import re

from shared.docs.model import Document
from shared.engine.titles import is_generic
from shared.language.terms import plain, singular, term_key, words_of

_LONGEST_NAME = 4
_ABOUT_A_SUBJECT = frozenset({"basic", "guide", "introduction", "overview", "reference", "tutorial"})


def names_of(document: Document, title: str) -> tuple[str, ...]:
    """Term keys under which other documents speak of what this document is about, the full one first.

    A title that says nothing ("About") yields to the file's name, and that to the folder's.
    """
    *folders, file = document.path.split("/")
    written = [title, file.rsplit(".", 1)[0]]
    named = next((name for name in written if not is_generic(_spaced(name))), (folders or written)[-1])
    words = [singular(word) for word in words_of(_spaced(plain(named)))]
    if not words or len(words) > _LONGEST_NAME:
        return (term_key(named),) if words else ()
    subject = words[:-1] if words[-1] in _ABOUT_A_SUBJECT else []
    shorter = (" ".join(subject),) if subject else ()
    return (" ".join(words), *shorter)


def _spaced(name: str) -> str:
    return re.sub(r"[-_]+", " ", name)
