"""Documents that only repeat or point to others: editorial copies, and pages left behind when text moved. Pure."""

import re
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

MOVED = "only says that its text has moved"

_LINE_CHARACTERS = 40
_STUB_WORDS = 80
_LONG_STUB_WORDS = 300
_COPIED = 0.6
_LEAST_LINES = 4
_MOST_COPIES = 4  # a line in more documents is a frame, such as a comment of the tool that made them
_SUBJECT = r"(?:page|document|documentation|docs|chapter|section|article|file|content|guide|edition|book|repository|it)"
_MOVED = re.compile(
    rf"\b{_SUBJECT}\b[^.]{{0,60}}\b(?:(?:has|have|was|were|been|is) (?:now )?(?:moved|relocated|renamed|superseded|"
    rf"archived)|moved (?:to|here)|no longer (?:distributed|maintained|available|exists?)|is now (?:located|found|at|"
    rf"part of)|(?:does(?:n't|n’t| not)) exist|is gone|now lives|can now be found|out of date)\b"
    r"|\b(?:you (?:are being|will be)|being) redirected\b|^\W*(?:moved|redirect(?:ing|s)?) (?:to|here)\b",
    re.IGNORECASE | re.MULTILINE,
)
_OLD = re.compile(
    r"\bthis is an? old (?:link|page|url|address)\b|\b(?:latest|current) version of this (?:information|page)\b",
    re.IGNORECASE,
)
_LINK_ITEM = re.compile(r"[-*+] \[[^\[\]]*\][(\[][^()\[\]]*[)\]]\.?")
_LINK = re.compile(r"\]\(|\]\[|^\[.+?\]:|https?://|:(?:doc|ref):`|link:|xref:|<<", re.MULTILINE)


def find_copies(texts: Mapping[str, str], named: AbstractSet[str]) -> dict[str, str]:
    """Reasons to leave out documents that the author's order does not name: a document is a stub, or most of its lines
    stand in documents that the order names.

    `texts`: path → text of every document; `named`: paths the author's table of contents names.
    """
    reasons: dict[str, str] = {}
    owner: dict[str, str] = {}
    for path in sorted(named & texts.keys()):
        for line in _lines(texts[path]):
            owner.setdefault(line, path)
    outside = {path: _lines(texts[path]) for path in sorted(texts.keys() - named)}
    standing_in = Counter(line for lines in outside.values() for line in set(lines) if line in owner)
    for path, all_lines in outside.items():
        lines = [line for line in all_lines if standing_in[line] <= _MOST_COPIES]
        copied = Counter(owner[line] for line in lines if line in owner)
        if is_stub(texts[path]):
            reasons[path] = MOVED
        elif len(lines) >= _LEAST_LINES and copied.total() >= _COPIED * len(lines):
            first, *others = sorted(copied, key=lambda original: (-copied[original], original))
            is_most = 2 * copied[first] >= copied.total()
            reasons[path] = f"duplicate of {first}{'' if is_most else f' and {len(others)} other documents'}"
    return reasons


def is_stub(text: str) -> bool:
    """A few words that say where the text went, with a link to it."""
    words = len(text.split())
    says_so = (words <= _STUB_WORDS and _MOVED.search(text)) or (words <= _LONG_STUB_WORDS and _OLD.search(text))
    return bool(says_so) and bool(_LINK.search(text))


def _lines(text: str) -> list[str]:
    """Lines long enough to be recognised, but items that only link: pages of one kind link to the same ones."""
    lines = (" ".join(raw.split()).lower() for raw in text.splitlines())
    return [line for line in lines if len(line) > _LINE_CHARACTERS and not _LINK_ITEM.fullmatch(line)]
