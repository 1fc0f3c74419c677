"""The passages of a lesson: a few blocks under one heading, which are quoted whole, with the citations they have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.course.sentence_marks import find_marks, strip_marks

NOT_HELD = "No passage of the course holds an answer to this question"

_FENCE = re.compile(r"^\s{0,3}(?:>\s?)*(`{3,}|~{3,})(.*)$", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_CITED = re.compile(r"\s*\bcite=([A-Za-z0-9_-]+)(?:\s+adapted)?(?:\s+marked=\S+)?")
_LONGEST = 1_600
"""Characters of a passage, where its blocks and the blank lines of its code permit."""


@dataclass(frozen=True)
class Passage:
    """`text` is Markdown without citation marks; `headings` lead to it, the module's title first."""

    module_id: str
    headings: tuple[str, ...]
    text: str
    citation_ids: tuple[str, ...]


def passages_of(module_id: str, title: str, markdown: str) -> Iterator[Passage]:
    """The passages of a module's lesson in order; the blocks that cite nothing are part of them."""
    path: list[tuple[int, str]] = []
    blocks: list[str] = []
    for block in _blocks(markdown):
        heading = _HEADING.match(block)
        if heading is not None or _is_full(blocks, block):
            yield from _passage(module_id, title, path, blocks)
            blocks = []
        if heading is None:
            blocks.append(block)
        else:
            level = len(heading[1])
            path = [(above, text) for above, text in path if above < level] + [(level, strip_marks(heading[2]))]
    yield from _passage(module_id, title, path, blocks)


def _is_full(blocks: list[str], following: str) -> bool:
    """Whether a passage ends here. A sentence that announces what follows, and code, stay with their neighbour."""
    size = sum(map(len, blocks))
    if not blocks or size + len(following) <= _LONGEST:
        return False
    is_announced = strip_marks(blocks[-1]).endswith(":") or (_is_code(following) and not _is_code(blocks[-1]))
    return not is_announced


def _passage(module_id: str, title: str, path: list[tuple[int, str]], blocks: list[str]) -> Iterator[Passage]:
    cited = dict.fromkeys(one for block in blocks for one in _marks(block))
    if cited:
        text = "\n\n".join(shown for block in blocks if (shown := _plain(block)))
        yield Passage(module_id, (title, *(heading for _, heading in path)), text, tuple(cited))


def _marks(block: str) -> tuple[str, ...]:
    fence = _FENCE.match(block)
    return find_marks(block) if fence is None else tuple(_CITED.findall(block.partition("\n")[0]))


def _is_code(block: str) -> bool:
    return _FENCE.match(block) is not None


def _plain(block: str) -> str:
    if _FENCE.match(block) is None:
        return strip_marks(block)
    info, line, code = block.partition("\n")
    return _CITED.sub("", info) + line + code


def _parts(code: list[str]) -> Iterator[str]:
    """A block of code, cut at blank lines where it is too long to be quoted; each part cites what the block cites."""
    first, last = code[0], code[-1]
    part: list[str] = []
    for line in code[1:-1]:
        if not line.strip() and sum(map(len, part)) >= _LONGEST:
            yield "\n".join([first, *part, last])
            part = []
        part.append(line)
    yield "\n".join([first, *part, last])


def _blocks(markdown: str) -> Iterator[str]:
    """What blank lines divide; a block of code is whole, and a heading is a block of its own."""
    block: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        found = _FENCE.match(line)
        if fence:
            block.append(line)
            if found is not None and found[1].startswith(fence) and not found[2].strip():
                yield from _parts(block)
                block, fence = [], ""
        elif found is not None or not line.strip() or _HEADING.match(line):
            if block:
                yield "\n".join(block)
            block = [line] if found is not None else []
            fence = found[1] if found is not None else ""
            if found is None and line.strip():
                yield line
        else:
            block.append(line)
    if block:
        yield "\n".join(block)
