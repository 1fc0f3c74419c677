"""Front matter: the YAML, TOML or title block of Pandoc at the head of a document, read without trusting it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import yaml

from shared.docs.untrusted import BoundedLoader, bounded, load_toml

_MAX_LINES = 400
_MAX_CHARACTERS = 60_000
_MAX_VALUES = 3_000
_LONGEST_LINE = 1_000
_SIMPLE = re.compile(r"([\w-]+):[ \t]+(\S.*)")
_TITLE = re.compile(r"^\s*[\"']?title[\"']?\s*[:=]")


@dataclass(frozen=True)
class FrontMatter:
    """The values of the head (`values`, plain JSON types), how many lines it takes, and the title with its raw line."""

    values: dict[str, object] = field(default_factory=dict)
    lines: int = 0
    title: str = ""
    title_line: int = 0
    problems: tuple[str, ...] = ()


def read_front_matter(lines: Sequence[str]) -> FrontMatter:
    """The front matter of a document; empty if it has none. TOML may stand below blank lines. Pandoc's title block is
    up to three lines behind "%": title, authors and date.
    """
    block = list(takewhile(lambda line: line.startswith("%"), lines[:3]))
    if block and (title := " ".join(block[0][1:].split())):
        return FrontMatter(lines=len(block), title=title, title_line=1)
    first = next((i for i, line in enumerate(lines[:_MAX_LINES]) if line.strip()), 0)
    fence = lines[first].rstrip() if lines else ""
    if fence not in ("---", "+++") or (first and fence == "---"):
        return FrontMatter()
    closers = ("---", "...") if fence == "---" else ("+++",)
    end = next((i for i in range(first + 1, min(len(lines), _MAX_LINES)) if lines[i].rstrip() in closers), None)
    if end is None:
        return FrontMatter()
    text = "\n".join(lines[first + 1 : end])
    try:
        loaded = _load(text, fence)
        values = bounded(loaded, [_MAX_VALUES]) if isinstance(loaded, dict) else {}
    except (yaml.YAMLError, ValueError, RecursionError):
        problems = ("front matter could not be read",)
        if fence == "+++":
            return FrontMatter(lines=end + 1, problems=problems)
        return _titled(_simple_values(lines[1:end]), lines[:end], problems)
    if loaded is None:
        return FrontMatter(lines=end + 1)
    if not isinstance(loaded, dict):
        return FrontMatter()  # a rule, then text: no front matter at all
    return _titled(values, lines[:end])


def _titled(values: dict[str, object], head: Sequence[str], problems: tuple[str, ...] = ()) -> FrontMatter:
    """The values with their title; `head` is the lines before the closing fence."""
    title = values.get("title")
    if title is not None and not isinstance(title, str | dict | list):  # `on` and 1.10 are words of a title
        title = _simple_values(head[1:]).get("title", title)
    line = next((number for number, text in enumerate(head, 1) if number > 1 and _TITLE.match(text)), 1)
    words = " ".join(str(title).split()) if isinstance(title, str | int | float) else ""
    return FrontMatter(values, len(head) + 1, words, line if words else 0, problems)


def _simple_values(lines: Sequence[str]) -> dict[str, object]:
    """The keys with one line of text each, where a head is not YAML: `title: {@render ...}`."""
    pairs = (_SIMPLE.fullmatch(line.rstrip()[:_LONGEST_LINE]) for line in lines)
    return {pair[1]: pair[2].strip("'\"") for pair in pairs if pair}


def _load(text: str, fence: str) -> object:
    if len(text) > _MAX_CHARACTERS:
        raise ValueError(text[:20])
    if fence == "+++":
        return load_toml(text)
    # The loader in Python: deep nesting ends the one in C, and with it the process.
    return BoundedLoader(text).get_single_data()
