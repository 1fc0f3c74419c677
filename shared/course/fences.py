"""The info string of a course's code block: ` ```python cite=ID adapted marked=3,5-7 `."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FenceInfo:
    """`language` is "" where the block names none; `citation_id` is None where it cites nothing."""

    language: str
    citation_id: str | None
    adapted: bool
    marked: str = ""  # the lines to highlight, as `3,5-7`


def parse_info(info: str) -> FenceInfo:
    """Reads an info string; the language is the first word, unless that is an attribute."""
    words = info.split()
    cited = next((word.removeprefix("cite=") for word in words if word.startswith("cite=")), None)
    language = words[0] if words and "=" not in words[0] and words[0] != "adapted" else ""
    marked = next((word.removeprefix("marked=") for word in words if word.startswith("marked=")), "")
    return FenceInfo(language, cited, "adapted" in words, marked)
