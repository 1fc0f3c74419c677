"""Documents that only repeat or point to others: editorial copies, and pages left behind when text moved. Pure."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

_LINE_CHARACTERS = 40
_STUB_WORDS = 80
_COPIED = 0.6
_LEAST_LINES = 4
_MOVED = re.compile(
    r"\b(?:(?:has|have|was|were|been|is) (?:now )?(?:moved|relocated|renamed|archived|superseded)|moved (?:to|here)|"
    r"no longer (?:distributed|maintained|available|exists?)|redirect(?:s|ed|ing)?|"
    r"this (?:page|document|chapter|section) (?:does(?:n't| not) exist|is gone|lives)|"
    r"is now (?:located|found|at|part of)|click here|out of date)\b",
    re.IGNORECASE,
)


def find_copies(texts: Mapping[str, str], ordered: AbstractSet[str]) -> dict[str, str]:
    """Reasons for documents outside the author's order: a stub, or mostly lines of documents inside it.

    `texts`: path → text of every document; `ordered`: paths the author's table of contents names.
    """
    reasons: dict[str, str] = {}
    owner: dict[str, str] = {}
    for path in sorted(ordered):
        for line in _lines(texts[path]):
            owner.setdefault(line, path)
    for path in sorted(texts):
        if path in ordered:
            continue
        if _is_stub(texts[path]):
            reasons[path] = "only says that its text has moved"
            continue
        lines = _lines(texts[path])
        copied = [owner[line] for line in lines if line in owner]
        if len(lines) >= _LEAST_LINES and len(copied) >= _COPIED * len(lines):
            reasons[path] = f"duplicate of {max(sorted(set(copied)), key=copied.count)}"
    return reasons


def _is_stub(text: str) -> bool:
    return len(text.split()) <= _STUB_WORDS and bool(_MOVED.search(text))


def _lines(text: str) -> list[str]:
    """Lines long enough to be recognised."""
    return [
        line for line in (" ".join(raw.split()).lower() for raw in text.splitlines()) if len(line) > _LINE_CHARACTERS
    ]
