"""The whole taught text of a course: what its examples import and make, and what its sentences name."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import TypeVar, cast

from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.stubs import drop_stubs, name_head, read_stubs
from shared.course.anchors import Anchor, found_in, list_anchors
from shared.course.plain_text import show_plain
from shared.course.sentence_marks import split_pieces
from shared.docs.model import Block
from shared.engine.types import Span

T = TypeVar("T")
Find = Callable[[TaughtSection, "TaughtText"], Iterable[T]]

_IMPORTED = re.compile(
    r"^\s*(?:from\s+(?P<source>\S+)\s+import\s+(?P<names>.+)|import\s+(?P<module>[\w.]+)(?:\s+as\s+(?P<alias>\w+))?)"
)
_SCRIPT_IMPORT = re.compile(r"^\s*import \{(?P<names>[\w, ]+)\} from (?P<source>['\"][^'\"]+['\"])")
_STUB = re.compile(r"^\s*(?:def|class) \w", re.MULTILINE)
_STAR, _MOST_STARS = re.compile(r"from [\w.]+ import \*"), 3
_MAKES = re.compile(
    r"^(?:>>> )?\s*(?:export )?(?:(?:async )?(?:def|class|function|const|let|var|fn|struct|enum)\s+(?P<named>\w+)"
    r"|(?P<bound>\w+)\s*=[^=])"
)


class TaughtText:
    """An index over all sections a course teaches; built on the first question."""

    def __init__(self, taught: Iterable[TaughtSection]) -> None:
        self._taught = tuple(taught)
        self._first: dict[str, Mapping[str, object]] = {}
        self._alike: dict[str, Mapping[Hashable, tuple[Sequence[object], Mapping[object, int]]]] = {}
        self._recalled: dict[tuple[str, str, str], tuple[object, ...]] = {}

    def find_missing(self, text: str, spans: Iterable[Span]) -> list[Anchor]:
        """What a text names or quotes that none of these places of the documents holds, as a gate will see."""
        texts = ["\n".join(self._list_lines(span)) for span in spans]
        named = (anchor for piece in split_pieces(text) for anchor in list_anchors(piece.text))
        return [anchor for anchor in named if not any(found_in(anchor, one) for one in texts)]

    def _list_lines(self, span: Span) -> Sequence[str]:
        """The lines of a place of a document; of a file that a document shows, what it shows of them."""
        if span.path in self._raw:
            return self._raw[span.path][span.start_line - 1 : span.end_line]
        places = ((span.path, line) for line in range(span.start_line, span.end_line + 1))
        return [self._brought_in[place] for place in places if place in self._brought_in]

    @cached_property
    def _brought_in(self) -> Mapping[tuple[str, int], str]:
        """What is shown of lines of other files, by file and line."""
        blocks = [(one, block) for one in self._taught for block in one.section.blocks if block.origin]
        units = (unit for one, block in blocks for unit in (*list_lines(one, block), *list_units(one.path, block)))
        found: dict[tuple[str, int], str] = {}
        for text, span in units:
            place = span.path, span.start_line
            found[place] = f"{found[place]} {text}" if place in found else text
        return found

    @cached_property
    def _raw(self) -> dict[str, Sequence[str]]:
        return {one.document.path: one.document.raw_lines for one in self._taught}

    def imports(self, name: str, *, is_called: bool = False) -> str:
        """The line by which most examples import a module or thing of this name; "" if none does.

        A name that is called is not a module.
        """
        lines = self._imported.get(name, ())
        return next((line for line in lines if not (is_called and line == f"import {name}")), "")

    def is_root(self, module: str) -> bool:
        """Whether a module is of the package that examples import most."""
        return module.split(".", maxsplit=1)[0] == self._root

    @cached_property
    def _root(self) -> str:
        """The package that most lines import from: the project's own."""
        found = (
            _IMPORTED.match(line.removeprefix(">>> ")) for one in self._taught for _, line, _ in list_code_lines(one)
        )
        roots = Counter((match["source"] or match["module"]).split(".")[0] for match in found if match)
        return max(sorted(roots), key=roots.__getitem__, default="")

    def list_stars(self, document_id: str) -> Sequence[str]:
        """The lines of a document that import all names of the project: what its examples use comes from there."""
        stars = self._stars.get(document_id, ())
        return stars if len(stars) <= _MOST_STARS else ()

    @cached_property
    def _stars(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, dict[str, None]] = {}
        for one in self._taught:
            for _, line, _ in list_code_lines(one):
                if _STAR.fullmatch(line) and self.is_root(line.split()[1]):
                    found.setdefault(one.document_id, {})[line] = None
        return {document_id: list(lines) for document_id, lines in found.items()}

    def makes(self, name: str) -> bool:
        """Whether some example makes a thing of this name, and no section is about it: then it is the project's own."""
        return name in self._made

    @cached_property
    def _made(self) -> frozenset[str]:
        codes = (block.code for one in self._taught for block in one.section.blocks if block.kind == "code")
        found = (_MAKES.match(line) for code in codes for line in drop_stubs(code).split("\n"))
        return frozenset(match["named"] or match["bound"] for match in found if match) - self._headings

    def find_stub(self, name: str) -> tuple[str, Span] | None:
        """What a function's text says of it, where the documentation shows its signature with that text alone."""
        return self._stubs.get(name)

    @cached_property
    def _stubs(self) -> Mapping[str, tuple[str, Span]]:
        blocks = ((one, block) for one in self._taught for block in one.section.blocks if _STUB.search(block.code))
        found = {
            name: (text, list_lines(one, block)[at][1])
            for one, block in blocks
            for name, text, at in read_stubs(block.code)
            if at < block.code.count("\n") + 1
        }
        for one in self._taught:
            for block, below in pairwise(one.section.blocks):
                name = name_head(block.code) if block.origin and below.origin and below.sentences else ""
                if name:  # a docstring that is read as text
                    found.setdefault(name, next(list_units(one.path, replace(below, kind="paragraph"))))
        return found

    def heads(self, name: str) -> bool:
        """Whether a section is about a thing of this name."""
        return name in self._headings

    @cached_property
    def _headings(self) -> frozenset[str]:
        return frozenset(show_plain(one.section.heading).split("(")[0].split(".")[-1] for one in self._taught)

    @cached_property
    def _imported(self) -> Mapping[str, Sequence[str]]:
        """The names that examples import, each with the lines that import it, the commonest first."""
        found: dict[str, Counter[str]] = {}
        for one in self._taught:
            for _, line, _ in list_code_lines(one):
                for name, statement in _read_import(line.removeprefix(">>> ")):
                    found.setdefault(name, Counter())[statement] += 1
        return {name: sorted(lines, key=lambda line: (-lines[line], line)) for name, lines in found.items()}

    def names(self, code: str) -> bool:
        """Whether the prose has these words as inline code, with or without brackets or a receiver."""
        return code in self._inline_code

    def recall(self, find: Find[T], one: TaughtSection) -> tuple[T, ...]:
        """What a function finds in a section; it is asked once."""
        known = f"{find.__module__}.{find.__qualname__}", one.document_id, one.section.id
        if known not in self._recalled:
            self._recalled[known] = tuple(find(one, self))
        return cast("tuple[T, ...]", self._recalled[known])

    def group_first(self, find: Find[T], key: Callable[[T], str]) -> Mapping[str, T]:
        """Of what a function finds in all sections, the first of each key; a function has one key."""
        name = f"{find.__module__}.{find.__qualname__}"
        if name not in self._first:
            found = [one for section in self._taught for one in self.recall(find, section)]
            self._first[name] = {key(one): one for one in reversed(found)}
        return cast("Mapping[str, T]", self._first[name])

    def list_near(self, find: Find[T], key: Callable[[T], Hashable], one: T, reach: int) -> Sequence[T]:
        """Of what a function finds in all sections, the results with the key of this one that are nearest to it."""
        name = f"{find.__module__}.{find.__qualname__}"
        if name not in self._alike:
            alike: dict[Hashable, dict[object, int]] = {}
            for section in self._taught:
                for other in self.recall(find, section):
                    own = alike.setdefault(key(other), {})
                    own.setdefault(other, len(own))
            self._alike[name] = {known: (tuple(own), own) for known, own in alike.items()}
        every, places = self._alike[name][key(one)]
        return cast("Sequence[T]", every[max(0, places[one] - reach) : places[one] + reach])

    def index(self) -> None:
        """Build every index now: processes that are forked afterwards share them."""
        for name, one in vars(type(self)).items():
            if isinstance(one, cached_property):
                getattr(self, name)

    @cached_property
    def _inline_code(self) -> frozenset[str]:
        spans = (
            code
            for one in self._taught
            for block in one.section.blocks
            for text, _ in list_units(one.path, block)
            for code in re.findall(r"`[\"']?([^`]+?)[\"']?`", text)
        )
        return frozenset(
            form for code in spans for form in (code, code.split("(")[0], re.split(r"[.:]", code.split("(")[0])[-1])
        )


def _read_import(line: str) -> Iterator[tuple[str, str]]:
    """The names that a line imports, each with a line that imports that name alone."""
    python, script = _IMPORTED.match(line), _SCRIPT_IMPORT.match(line)
    if script:
        yield from (
            (name, f"import {{ {name} }} from {script['source']}") for name in re.findall(r"\w+", script["names"])
        )
    elif python and python["module"]:
        name = python["alias"] or python["module"].split(".")[0]
        yield name, line.strip() if python["alias"] else f"import {python['module']}"
    elif python and "(" not in python["names"] and "*" not in python["names"]:
        for part in python["names"].split("#")[0].split(","):
            name = part.split(" as ")[-1].strip()
            yield name, f"from {python['source']} import {part.strip()}"


def list_units(path: str, block: Block) -> Iterator[tuple[str, Span]]:
    """The sentences of a paragraph, else the whole of an item, definition or row, each with its lines."""
    path = block.file(path)
    if block.kind == "table":
        for row, (start, end) in zip(block.rows, block.row_lines, strict=True):
            yield " ".join(row), Span(path=path, start_line=start, end_line=end)
    elif block.kind in ("list_item", "definition") and block.sentences:
        text = " ".join([block.term, *(sentence.text for sentence in block.sentences)]).strip()
        yield text, Span(path=path, start_line=block.start_line, end_line=block.sentences[-1].end_line)
    else:
        for sentence in block.sentences:
            yield sentence.text, Span(path=path, start_line=sentence.start_line, end_line=sentence.end_line)


def list_code_lines(one: TaughtSection) -> Iterator[tuple[Block, str, Span]]:
    """Each line of code of a section with its block and its place."""
    return ((block, line, span) for block in one.section.blocks for line, span in list_lines(one, block))


def list_lines(one: TaughtSection, block: Block) -> list[tuple[str, Span]]:
    """Each line of a block of code of a section, with its place."""
    path = block.file(one.path)
    places = (min(block.start_line + offset, block.end_line) for offset in range(block.code.count("\n") + 1))
    return [
        (line, Span(path=path, start_line=at, end_line=at))
        for line, at in zip(block.code.split("\n") if block.kind == "code" else (), places, strict=False)
    ]
