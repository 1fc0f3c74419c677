"""The info string of a course's code block: ` ```python cite=ID adapted `."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FenceInfo:
    """`language` is "" where the block names none; `citation_id` is None where it cites nothing."""

    language: str
    citation_id: str | None
    adapted: bool


def parse_info(info: str) -> FenceInfo:
    """Reads an info string; the language is the first word, unless that is an attribute."""
    words = info.split()
    cited = next((word.removeprefix("cite=") for word in words if word.startswith("cite=")), None)
    language = words[0] if words and "=" not in words[0] and words[0] != "adapted" else ""
    return FenceInfo(language, cited, "adapted" in words)
