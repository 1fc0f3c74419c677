"""Fenced code that a site of Quarto or R Markdown runs, with options that its readers do not see."""

import re
from collections.abc import Sequence
from itertools import takewhile

# A language between braces, not a directive.
RUN_LANGUAGES = frozenset(
    {"r", "python", "julia", "sql", "bash", "ojs", "js", "rust", "node", "mermaid", "dot", "stan", "perl"}
)
_RUN = re.compile(r"\{(\w+)\s*[,}\s]")
_OPTION = re.compile(r"\s*(?:#|//|--|%%) ?\| ?")
_GRAPHICS = re.compile(r"\binclude_graphics\(\s*[\"']([^\"'\s]+)[\"']")
_CAPTION = re.compile(r"^fig-(?:alt|cap):[ \t]*(?:[|>]-?[ \t]*$|\"?)((?:.*)(?:\n[ \t]+.*)*)", re.MULTILINE)
_UNSEEN = re.compile(r"\b(?:echo|include)(?::|\s*=)\s*(?:false|FALSE)\b")


def count_unseen(info: str, lines: Sequence[str]) -> int:
    """How many of the first lines of a fence readers do not see: its options, or all of code run for what it draws."""
    run = _RUN.match(info)
    if run is None:
        return 0
    told = list(takewhile(_OPTION.match, lines))
    is_hidden = run[1].lower() in RUN_LANGUAGES and any(map(_UNSEEN.search, (info, *told)))
    return len(lines) if is_hidden else len(told)


def pictures_of(lines: Sequence[str]) -> list[tuple[int, str, str]]:
    """The pictures that code of R shows from files: the place of its line, the file, and the figure's caption."""
    options = "\n".join(_OPTION.sub("", line, count=1) for line in takewhile(_OPTION.match, lines))
    caption = _CAPTION.search(options)
    words = " ".join(caption[1].split()).strip('"') if caption else ""
    found = ((place, _GRAPHICS.search(line)) for place, line in enumerate(lines))
    return [(place, picture[1], words) for place, picture in found if picture]
