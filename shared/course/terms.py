"""Uses of a term in a text."""

import re
from functools import lru_cache


@lru_cache(maxsize=4096)
def _compile(term: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in term.split()]
    head = r"[\s-]+".join(words)
    plural = r"(?:e?s)?" if re.match(r"\w", term[-1:]) else ""
    return re.compile(rf"(?<!\w){head}{plural}(?!\w)", re.IGNORECASE)


def mentions(text: str, term: str) -> bool:
    """Whether a plain text uses a term: its words as whole words, letter case and plural aside."""
    return bool(term.strip()) and bool(_compile(term.strip()).search(text))
