"""The words of a heading without what an author puts around them. Pure."""

import re

from shared.language.terms import plain

_NUMBERING = re.compile(
    r"^(?:(?:step|part|chapter|lesson|section|appendix|exercise)\s+(?:\d+|[A-Z])\b\s*[:.)–—-]?\s*"
    r"|\d+(?:\.\d+)+[.):]?\s+|\d+[.):]\s+"
    r"|[A-Z][.)]\s+|[^\w\s`'\"“(/@.$<{\[-]+\s+)",
    re.IGNORECASE,
)
_SYMBOLS = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]|:[a-z_]+:|[™®©]")


def clean_heading(heading: str, numbering: re.Pattern[str] = _NUMBERING) -> str:
    """A heading's words without numbering, pictures and trailing punctuation."""
    text = " ".join(_SYMBOLS.sub(" ", plain(heading)).split())
    while (shorter := numbering.sub("", text, count=1)) != text and shorter:
        text = shorter
    return text.strip().rstrip(".:;,–—-!*…").rstrip()
