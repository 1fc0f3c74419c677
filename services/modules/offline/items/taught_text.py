"""The whole taught text of a course: what its examples import, and what its sentences and headings name."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from services.modules.offline.items.question import TaughtSection
from shared.course.plain_text import show_plain
from shared.docs.model import Block
from shared.engine.types import Span

_IMPORTED = re.compile(
    r"^\s*(?:from\s+(?P<source>\S+)\s+import\s+(?P<names>[^(*#]+)|import\s+(?P<module>[\w.]+)(?:\s+as\s+(?P<alias>\w+))?\s*$)"
)
_MADE = re.compile(
    r"^(?:class|def) (\w++)[^\n]*:\n[ \t]++(?!\.\.\.)(\S)", re.MULTILINE
)  # with a body, unlike a signature
MAKES = re.compile(
    r"^[ \t]*(?:(?:export|public|pub|open|final|abstract|async|default) )*(?:(?:const|let|var|val|mut|class|def|macro"
    r"|defmodule|struct|enum|record|module|protocol|trait|interface) (?:self\.)?(\w++)(?![^\n]*\b(?:require|import)\b)"
    r"|(?:function\*?|func|fun|fn) (\w++)[^\n]*\{$|(\w++) = )",
    re.MULTILINE,
)
"""A line that makes a name, in most languages."""
_IMPORTING = re.compile(r"^(?:import|use|using|from|require)\b.*", re.MULTILINE)
_GIVEN = re.compile(r"^[ \t]*(?:async )?def \w+\(([^()]*)\)", re.MULTILINE)
_WORD = re.compile(r"\w+")
_NEAR_BY = re.compile(r"['\"][./@~]")
_CODE = re.compile(r"`([^`]+)`")


class TaughtText:
    """An index over all sections a course teaches; built on the first question."""

    def __init__(self, taught: Iterable[TaughtSection]) -> None:
        self._taught = tuple(taught)

    def imports(self, name: str) -> str:
        """The line by which most examples import a thing of this name; "" if none does."""
        return self._imported.get(name, "")

    def names(self, name: str) -> bool:
        """Whether a heading, code in a sentence or a line that imports has this name."""
        return name in self._named

    def makes(self, name: str) -> bool:
        """Whether an example makes a function or class of this name, with a body."""
        return name in self._made

    def shows(self, name: str) -> bool:
        """Whether a line of an example makes a thing of this name, in any language, and none imports it."""
        return name in self._shown

    @cached_property
    def _codes(self) -> tuple[str, ...]:
        return tuple(block.code for one in self._taught for block in one.section.blocks if block.kind == "code")

    @cached_property
    def _shown(self) -> frozenset[str]:
        lines = (line for code in self._codes for line in _IMPORTING.findall(code) if not _NEAR_BY.search(line))
        imported = {name for line in lines for name in _WORD.findall(line)}
        return frozenset(name for code in self._codes for found in MAKES.findall(code) for name in found) - imported

    @cached_property
    def _made(self) -> frozenset[str]:
        """The project's own code, told of in its docstring, is no example."""
        codes = (block for one in self._taught for block in one.section.blocks if block.kind == "code")
        found = ((block.origin, *made) for block in codes for made in _MADE.findall(block.code))
        return frozenset(name for origin, name, body in found if not (origin and body in "\"'"))

    @cached_property
    def _imported(self) -> Mapping[str, str]:
        """The commonest line that imports each name; none where an example makes what is imported elsewhere, or where
        functions are more often given it.
        """
        found: dict[str, Counter[str]] = {}
        for line in "\n".join(self._codes).split("\n"):
            for name, statement in _read_import(line.removeprefix(">>> ")):
                found.setdefault(name, Counter())[statement] += 1
        given = Counter(name for code in self._codes for names in _GIVEN.findall(code) for name in _WORD.findall(names))
        return {
            name: min(lines, key=lambda line: (-lines[line], line))
            for name, lines in found.items()
            if not self.makes(name) and given[name] <= lines.total()
        }

    @cached_property
    def _named(self) -> frozenset[str]:
        texts = (s.text for one in self._taught for block in one.section.blocks for s in block.sentences)
        codes = (code for text in texts for code in _CODE.findall(text))
        imports = (
            line for one in self._taught for block in one.section.blocks for line in _IMPORTING.findall(block.code)
        )
        headings = (show_plain(one.section.heading) for one in self._taught)
        return frozenset(word for text in (*codes, *headings, *imports) for word in _WORD.findall(text))

    def index(self) -> None:
        """Build every index now: processes that are forked afterwards share them."""
        for name, one in vars(type(self)).items():
            if isinstance(one, cached_property):
                getattr(self, name)


def _read_import(line: str) -> Iterator[tuple[str, str]]:
    """The names that a line imports, each with a line that imports that name alone."""
    python = _IMPORTED.match(line)
    if python and python["module"]:
        yield python["alias"] or python["module"].split(".")[0], line.strip()
    elif python:
        for part in python["names"].split(","):
            yield part.split(" as ")[-1].strip(), f"from {python['source']} import {part.strip()}"


def list_lines(one: TaughtSection, block: Block) -> list[tuple[str, Span]]:
    """Each line of a block of code of a section, with its place."""
    path = block.file(one.path)
    places = (min(block.start_line + offset, block.end_line) for offset in range(block.code.count("\n") + 1))
    return [
        (line, Span(path=path, start_line=at, end_line=at))
        for line, at in zip(block.code.split("\n") if block.kind == "code" else (), places, strict=False)
    ]
