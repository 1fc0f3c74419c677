"""The words of a heading without what an author puts around them. Pure."""

import re

from shared.language.terms import plain, word_set

_NUMBERING = re.compile(
    r"^(?:(?:step|part|chapter|lesson|section|appendix|exercise)\s+(?:\d+|[A-Z])\b\s*[:.)–—-]?\s*"
    r"|\d+(?:\.\d+)+[.):]?\s+|\d+[.):]\s+"
    r"|[A-Z][.)]\s+|[^\x00-\x7f\w\s“]+\s+)",
    re.IGNORECASE,
)
_SYMBOLS = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]|:[a-z_]+:|[™®©]")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_MACRO = re.compile(r"[a-z_]+!")  # a name of Rust or Elixir, and no exclamation
_GENERAL = word_set(
    "example examples usage overview introduction description note notes syntax summary details background basics "
    "parameters arguments options getting started see also next steps further reading links references resources table "
    "of contents general license credits contributors acknowledgements faq changelog requirements prerequisites"
)


def clean_heading(heading: str, numbering: re.Pattern[str] = _NUMBERING) -> str:
    """A heading's words without numbering, pictures and trailing punctuation."""
    text = " ".join(_SYMBOLS.sub(" ", plain(heading)).split())
    while (shorter := numbering.sub("", text, count=1)) != text and shorter:
        text = shorter
    shorter = re.sub(r"(?<=[\w)\]'\"”])[!*]++$", "", text.strip().rstrip(".:;,–—-…").rstrip())
    return f"{shorter}!" if _MACRO.fullmatch(text.strip()) else shorter


def mark_code(heading: str, written: str) -> str:
    """A heading with the code that its author marked in the line of the file (`written`) in backticks."""
    for _, code in sorted(CODE_SPAN.findall(written), key=lambda found: -len(found[1])):
        words = "`? `?".join(map(re.escape, code.split()))  # some of them may be marked already
        pattern = rf"(?<![\w`])`?{words}`?(?![\w`])"
        heading = re.sub(pattern, lambda match: f"`{match[0].replace('`', '')}`", heading, count=1)
    return heading


def is_general(heading: str) -> bool:
    """Whether a heading would fit any page: it says nothing of its own."""
    return set(clean_heading(heading).lower().split()) <= _GENERAL
