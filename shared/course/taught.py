"""The contents of a module: the sections of its source that the lesson cites, and the units of them that it holds.

A unit is kept when the lesson (introduction and main content) cites its lines there and says its words. Glosses in the
introduction and what stands under a heading "The same for …" do not make a section taught.

A lesson in the author's words owes each unit of a section that it teaches. A model's lesson may choose and say things
in words of its own: a section is taught when it is cited. It owes the units of what it takes over: of a list or
table of which most stand there word for word as items or rows, and of a section's sentences when most of them do.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from statistics import mean

from shared.course.evidence import Evidence
from shared.course.field_text import CodeBlock, read_markdown
from shared.course.model import Module
from shared.course.plain_text import show_plain
from shared.course.source_units import CodeUnit, SourceSection, Unit
from shared.course.sources import Sources
from shared.course.spans import Lines, join_words, overlaps, says, squeeze
from shared.course.statements import Statement

KEPT_SHARE = 0.9
WORDS_SAID = 0.9
_LISTED = ("list_item", "table_row")
_SIBLINGS = re.compile(
    r"^#{1,6} The same for\b(?:^(`{3,}|~{3,})[^\n]*\n.*?^\1|.)*?(?=^#{1,6} |\Z)", re.MULTILINE | re.DOTALL
)

Heading = tuple[str, str]
"""The path of a document and a heading of it."""


@dataclass(frozen=True)
class TaughtSection:
    """A section that a module teaches. For each unit: `kept` whether the lesson holds it, `owed` whether it should."""

    source: SourceSection
    kept: tuple[bool, ...]
    owed: tuple[bool, ...]
    shown_code: tuple[bool, ...]
    cut_code: int

    @cached_property
    def found(self) -> list[bool]:
        """For each unit that the lesson owes, whether it is kept."""
        return [kept for kept, owed in zip(self.kept, self.owed, strict=True) if owed]

    @property
    def share(self) -> float:
        """Share of the units that the lesson owes that are kept."""
        return sum(self.found) / len(self.found) if self.found else 1.0

    @property
    def is_whole(self) -> bool:
        """Whether nine in ten of the units that the lesson owes are kept."""
        return self.share >= KEPT_SHARE

    @cached_property
    def cut_groups(self) -> tuple[tuple[str, int, int], ...]:
        """Lists and tables shown with some of their items or rows: kind, how many are kept, how many there are."""
        groups: dict[tuple[str, int], list[bool]] = {}
        for unit, kept, owed in zip(self.source.units, self.kept, self.owed, strict=True):
            if owed and unit.kind in _LISTED:
                kind = "table" if unit.kind == "table_row" else "ordered list" if unit.ordered else "list"
                groups.setdefault((kind, unit.group), []).append(kept)
        return tuple(
            (kind, sum(found), len(found)) for (kind, _), found in groups.items() if any(found) and not all(found)
        )

    @cached_property
    def groups(self) -> int:
        """Lists and tables of the section of which something is shown."""
        shown = zip(self.source.units, self.kept, strict=True)
        return len({(u.kind, u.group) for u, kept in shown if kept and u.kind in _LISTED})


@dataclass(frozen=True)
class _Said:
    """A statement's words with the marks of markup gone."""

    statement: Statement
    words: str


class Lesson:
    """The introduction and the main content of a module, by the source's lines they cite."""

    def __init__(
        self, module: Module, evidence: Evidence, glosses: Iterable[Lines] = (), *, own_words: bool = False
    ) -> None:
        self._evidence = evidence
        self._own_words = own_words
        self._said: list[_Said] = []
        self._cited: dict[str, dict[int, list[int]]] = {}
        self.code: list[CodeBlock] = []
        self._code_lines: dict[str, dict[int, list[int]]] = {}
        self._glosses: set[int] = set()
        opening = read_markdown("introduction", module.introduction)
        main = read_markdown("main_content", _SIBLINGS.sub("", module.main_content))
        self._add(opening.statements, list(glosses))
        self._add(main.statements, [])
        for block in (*opening.code, *main.code):
            self._mark(self._code_lines, [block.citation_id or ""], len(self.code))
            self.code.append(block)
        self._everything = squeeze(" ".join(said.words for said in self._said))

    @property
    def paths(self) -> list[str]:
        """The files the lesson cites, sorted."""
        return sorted({*self._cited, *self._code_lines})

    def holds(self, unit: Unit) -> bool:
        """Whether the lesson cites the unit's lines and says its words there."""
        if unit.kind == "code_line":
            return any(unit.text in _line_set(block.text) for block in self.find_code(unit))
        return self.says_of(self.find_said(unit.path, unit.start_line, unit.end_line), unit.text)

    def says_of(self, said: Sequence[str], text: str) -> bool:
        """Whether statements about some lines say a text of them; in words of its own a lesson says what it cites."""
        return bool(said) and (self._own_words or says(text, " ".join(said), WORDS_SAID))

    def find_said(self, path: str, start: int, end: int) -> list[str]:
        """The words of the statements that cite one of these lines, in reading order."""
        return [self._said[i].words for i in _among(self._cited.get(path, {}), start, end)]

    def _weigh(self, units: Sequence[Unit]) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
        """For each unit of a section, whether the lesson holds it and whether it should: `kept` and `owed`."""
        if not self._own_words:
            return tuple(map(self.holds, units)), (True,) * len(units)
        about = [self._find_alike(unit) for unit in units]
        takers = [
            {i for i in found if says(unit.text, self._said[i].words, WORDS_SAID)}
            for unit, found in zip(units, about, strict=True)
        ]
        groups: dict[tuple[str, int], list[bool]] = {}
        for unit, taken in zip(units, takers, strict=True):
            groups.setdefault((unit.kind, unit.group), []).append(bool(taken))
        used = set().union(*takers)
        kept = (
            self.holds(unit) if unit.kind == "code_line" else bool(taken or found - used)
            for unit, taken, found in zip(units, takers, about, strict=True)
        )
        return tuple(kept), tuple(mean(groups[unit.kind, unit.group]) > 0.5 for unit in units)

    def _find_alike(self, unit: Unit) -> set[int]:
        """The statements that cite a unit: items or rows, where it is one."""
        if unit.kind == "code_line":
            return set()
        found = _among(self._cited.get(unit.path, {}), unit.start_line, unit.end_line)
        return {i for i in found if unit.kind not in _LISTED or self._said[i].statement.kind == unit.kind}

    def find_written(self, unit: Unit) -> list[tuple[str, str]]:
        """The statements and code blocks that cite one of a unit's lines: the field, and the text as written."""
        said = [self._said[i].statement for i in _among(self._cited.get(unit.path, {}), unit.start_line, unit.end_line)]
        return [(s.where, s.source) for s in said] + [(block.where, block.text) for block in self.find_code(unit)]

    def find_code(self, unit: Unit | CodeUnit) -> list[CodeBlock]:
        """The code blocks that cite one of a unit's lines."""
        return [self.code[i] for i in _among(self._code_lines.get(unit.path, {}), unit.start_line, unit.end_line)]

    def says_anywhere(self, text: str) -> bool:
        """Whether the words of a text stand one after the other somewhere in the lesson."""
        return squeeze(text) in self._everything

    def teach(self, sources: Sources, paths: Iterable[str], planned: Container[Heading]) -> Iterator[TaughtSection]:
        """The sections of these documents of which the lesson holds a unit, or cites one in words of its own.

        A gloss counts only in a planned one, and so do lines that another page has by including them: those that a
        section includes, as their own page may be what is taught, and those of it that a planned one includes.
        """
        found = [(path, section) for path in paths for section in sources.sections_of(path)]
        own = [(path, section) for path, section in found if (path, section.heading) in planned]
        others = {(unit.path, unit.start_line) for path, section in own for unit in section.units if unit.path != path}
        for path, section in found:
            kept, owed = self._weigh(section.units)
            told = zip(section.units, kept, strict=True)
            held = [u for u, is_kept in told if is_kept or (self._own_words and self.find_written(u))]
            if (path, section.heading) not in planned:
                held = [unit for unit in held if unit.path == path and (path, unit.start_line) not in others]
                held = [unit for unit in held if not self._is_glossed(unit)]
            if held:
                yield self._measure(section, kept, owed)

    def _measure(self, section: SourceSection, kept: tuple[bool, ...], owed: tuple[bool, ...]) -> TaughtSection:
        code = [(self._shows(block), self._cuts(block)) for block in section.code]
        cut = sum(1 for shown, cuts in code if cuts and not shown)
        shown_code = tuple(shown for shown, cuts in code if shown or cuts or not self._own_words)
        return TaughtSection(section, kept, owed, shown_code, cut)

    def _is_glossed(self, unit: Unit) -> bool:
        """Whether nothing but glosses of the introduction holds the unit."""
        if unit.kind == "code_line":
            return False
        return self._glosses.issuperset(_among(self._cited.get(unit.path, {}), unit.start_line, unit.end_line))

    def _shows(self, code: CodeUnit) -> bool:
        wanted = _strip_lines(code.code)
        return any(_holds_run(_strip_lines(block.text), wanted) for block in self.find_code(code))

    def _cuts(self, code: CodeUnit) -> bool:
        """Whether a block of the lesson shows some lines of the source's block and does not say that it is adapted."""
        lines = _line_set(code.code)
        return any(not block.adapted and lines & _line_set(block.text) for block in self.find_code(code))

    def _add(self, statements: Iterable[Statement], glosses: list[Lines]) -> None:
        for statement in statements:
            if statement.citation_ids:
                if self._is_gloss(statement, glosses):
                    self._glosses.add(len(self._said))
                self._mark(self._cited, statement.citation_ids, len(self._said))
                self._said.append(_Said(statement, join_words(show_plain(statement.text))))

    def _mark(self, index: dict[str, dict[int, list[int]]], citation_ids: Iterable[str], number: int) -> None:
        for path, start, end in self._evidence.list_lines(citation_ids):
            lines = index.setdefault(path, {})
            for line in range(start, end + 1):
                lines.setdefault(line, []).append(number)

    def _is_gloss(self, statement: Statement, glosses: list[Lines]) -> bool:
        spans = list(self._evidence.list_lines(statement.citation_ids))
        return bool(spans) and all(any(overlaps(span, gloss) for gloss in glosses) for span in spans)


@lru_cache(maxsize=4096)
def _strip_lines(code: str) -> tuple[str, ...]:
    """The lines of a block that hold something, without the blanks around them."""
    return tuple(stripped for line in code.split("\n") if (stripped := line.strip()))


@lru_cache(maxsize=4096)
def _line_set(code: str) -> frozenset[str]:
    return frozenset(_strip_lines(code))


def _holds_run(lines: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(lines[i : i + size] == wanted for i in range(len(lines) - size + 1))


def _among(index: Mapping[int, list[int]], start: int, end: int) -> list[int]:
    return sorted({number for line in range(start, end + 1) for number in index.get(line, ())})
