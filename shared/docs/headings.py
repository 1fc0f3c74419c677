"""Headings to sections: anchors as GitHub makes them, parents by level, ids from the heading path."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from shared.docs.anchors import free_anchor, slug
from shared.docs.model import Block, Section
from shared.docs.plain import name_in_words
from shared.kernel.ids import content_id


@dataclass(frozen=True)
class Heading:
    """A heading in the flow of a document: plain text, level 1..6, its raw line, its explicit anchor if it has one."""

    text: str
    level: int
    line: int
    anchor: str = ""


Part = Heading | Block

MODULE_NAME, OBJECT_NAME, MEMBER_NAME = 7, 8, 9
"""Levels of the names of modules, objects and their members, which become headings only where the text is long."""
_LONG_LINES = {MODULE_NAME: 150, OBJECT_NAME: 150, MEMBER_NAME: 500}
_FEWEST_RUNS = 3


def divide_long(parts: Sequence[Part]) -> list[Part]:
    """The parts with names as headings where the text below the author's own heading is long, else without them."""
    divided: list[Part] = []
    for head, run in _runs(parts, range(1, MODULE_NAME)):
        divided += [*head, *_divided(run, head[0].level if head else 1, MODULE_NAME)]
    return divided


def _divided(parts: Sequence[Part], above: int, level: int) -> list[Part]:
    blocks = [part for part in parts if isinstance(part, Block)]
    if level > MEMBER_NAME or sum(block.end_line - block.start_line + 1 for block in blocks) <= _LONG_LINES[level]:
        return [*blocks]
    runs = _runs(parts, (level,))
    if len(runs) < _FEWEST_RUNS:
        return _divided(parts, above, level + 1)
    divided: list[Part] = []
    for head, run in runs:
        divided += [replace(one, level=min(above + 1, 6)) for one in head]
        divided += _divided(run, above + 1, level + 1)
    return divided


def _runs(parts: Sequence[Part], levels: Sequence[int]) -> list[tuple[list[Heading], list[Part]]]:
    """Headings of some levels, each with the parts below it; first what stands before them."""
    runs: list[tuple[list[Heading], list[Part]]] = [([], [])]
    for part in parts:
        if isinstance(part, Heading) and part.level in levels:
            runs.append(([part], []))
        else:
            runs[-1][1].append(part)
    return runs


def title_from_path(path: str) -> str:
    """A title for a document that has none: its file's name (its folder's for an index) with words apart."""
    pure = PurePosixPath(path)
    stem = re.sub(r"(?i)(?:\.[a-z-]{2,9})+$", "", pure.name) or pure.name
    if stem.lower() in ("index", "readme", "_index") and pure.parent.name:
        stem = pure.parent.name
    text = name_in_words(stem) or stem
    return text[:1].upper() + text[1:]


def build_sections(title: str, parts: Sequence[Heading | Block], last_line: int) -> tuple[Section, ...]:
    """Sections of a document from its headings and blocks in reading order.

    Blocks before the first heading form a section of level 1 headed by `title`, if there are any. `last_line` is the
    document's last raw line; a section ends on the line before the next heading.
    """
    opened: list[tuple[Heading, list[Block]]] = []
    for part in parts:
        if isinstance(part, Heading):
            opened.append((part, []))
        elif opened:
            opened[-1][1].append(part)
        else:
            opened.append((Heading(title, 1, 1 if part.origin else part.start_line), [part]))
    sections: list[Section] = []
    trail: list[tuple[int, str, str]] = []  # (level, section id, heading) of the enclosing sections
    paths: Counter[tuple[str, ...]] = Counter()
    anchors: dict[str, int] = {}
    for index, (heading, blocks) in enumerate(opened):
        while trail and trail[-1][0] >= heading.level:
            trail.pop()
        path = (*(text for _, _, text in trail), heading.text)
        paths[path] += 1
        identity = content_id("s", *path, str(paths[path]))
        following = opened[index + 1][0].line - 1 if index + 1 < len(opened) else last_line
        anchor, parent = free_anchor(heading.anchor or slug(heading.text), anchors), trail[-1][1] if trail else None
        lines = heading.line, max(heading.line, following)
        sections.append(Section(identity, heading.text, heading.level, *lines, anchor, parent, tuple(blocks)))
        trail.append((heading.level, identity, heading.text))
    return tuple(sections)
