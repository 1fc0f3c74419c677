"""The title of a front page that has a picture in place of a heading."""

import posixpath
import re
from collections.abc import Sequence

from shared.docs.headings import Part
from shared.docs.model import Block

_FRONT_PAGE = re.compile(r"(?:readme|index)\.\w+", re.IGNORECASE)
_FRAME = re.compile(r"\b(?:the|logo|banner|icon|header|cover|image|picture)\b", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w .+#'-]*")
_BADGE = re.compile(
    r"\b(?:build|status|version|licen[cs]e|coverage|downloads?|release|badge|ci|tests?|docs|npm|pypi|chat|screenshot"
    r"|demo)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 4


def title_of_logo(path: str, parts: Sequence[Part]) -> tuple[str, int]:
    """The name in the text of a picture that a README or index page opens with, and its line; else ("", 1)."""
    if not _FRONT_PAGE.fullmatch(posixpath.basename(path)):
        return "", 1
    for part in parts:
        if not isinstance(part, Block) or part.image is None:
            break
        name = " ".join(_FRAME.sub(" ", part.image.alt).split())
        if not name or _BADGE.search(name):
            continue
        is_name = _NAME.fullmatch(name) and len(name.split()) <= _MOST_WORDS
        return (name, part.start_line) if is_name else ("", 1)
    return "", 1
