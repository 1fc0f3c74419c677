"""The info string of a course's code block: ` ```python cite=ID adapted `."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FenceInfo:
    """`language` is "" where the block names none; `citation_id` is None where it cites nothing."""

    language: str
    citation_id: str | None
    adapted: bool


def parse_info(info: str) -> FenceInfo:
    """Reads an info string; the language is the first word that is no attribute."""
    language, citation_id, adapted = "", None, False
    for position, word in enumerate(info.split()):
        if word.startswith("cite="):
            citation_id = word.removeprefix("cite=")
        elif word == "adapted" and position > 0:
            adapted = True
        elif not language and position == 0:
            language = word
    return FenceInfo(language, citation_id, adapted)
