"""Uses of a term in a text."""

import re
from functools import lru_cache


@lru_cache(maxsize=4096)
def _compile(term: str, flags: int) -> re.Pattern[str]:
    words = [re.escape(word) for word in term.split()]
    head = r"[\s-]+".join(words)
    plural = r"(?:e?s)?" if re.match(r"\w", term[-1:]) else ""
    return re.compile(rf"(?<!\w){head}{plural}(?!\w)", flags)


def mentions(text: str, term: str, *, exact: bool = False) -> bool:
    """Whether a plain text uses a term: its whole words, plural aside, and letter case unless it is `exact`."""
    return bool(term.strip()) and bool(_compile(term.strip(), 0 if exact else re.IGNORECASE).search(text))
