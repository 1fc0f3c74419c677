"""Fill the call: which keyword an example passes, among those that other calls of the project take."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.modules.offline.items.entries import names_itself
from services.modules.offline.items.options import ask_choice, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import is_no_own_name, list_scenes
from services.modules.offline.items.taught_text import TaughtText, list_code_lines
from services.modules.offline.items.variants import split_parts
from shared.engine.types import Span

_CALL = re.compile(r"(?<![\w\"'])(?P<name>[A-Za-z_][\w.]*)\(")
_KEYWORD = re.compile(r"^(?P<keyword>[a-z]\w{2,})\s?=\s?(?P<value>[^=\s].*)$")
_VALUES = (
    (re.compile(r"^(?:True|False|true|false)$"), "truth"),
    (re.compile(r"^[rbfu]?[\"']"), "text"),
    (re.compile(r"^-?\d"), "number"),
    (re.compile(r"^[\[({]"), "list"),
)
_GAP = "____"
_LONGEST_LINE = 90


@dataclass(frozen=True)
class Passed:
    """A `keyword` that a call of `name` is given, with what sort of value it gets there."""

    name: str
    keyword: str
    sort: str
    line: str
    span: Span


def find_passed(one: TaughtSection, said: TaughtText) -> Iterator[Passed]:
    """The keywords of all calls of the project's own that the text speaks of."""
    for block, line, span in list_code_lines(one):
        if not block.language.startswith("py") or "`" in line or re.match(r"\s*(?:async )?def |\s*class |\s*#", line):
            continue
        for call in _CALL.finditer(line):
            name = call["name"].rpartition(".")[2]
            if len(name.strip("_")) > 1 and name[0] != "_" and said.names(name) and not is_no_own_name(name):
                for part in split_parts(line[call.end() :]):
                    passed = _KEYWORD.match(part)
                    if passed:
                        yield Passed(name, passed["keyword"], _sort(passed["value"]), line.strip(), span)


def ask_calls(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for the first place of the course where a call is given a keyword."""
    everywhere = said.gather(find_passed)
    for passed in said.recall(find_passed, one):
        known = [other for other in everywhere if other.keyword == passed.keyword]
        own = {other.keyword for other in everywhere if other.name == passed.name}
        told = said.names(passed.keyword) and not is_no_own_name(passed.keyword)
        if (
            known[0] != passed
            or len({other.name for other in known}) > 1
            or not told
            or len(passed.line) > _LONGEST_LINE
        ):
            continue
        gapped = re.sub(rf"\b{passed.keyword}(?=\s?=)", _GAP, passed.line, count=1)
        question = f"which keyword belongs in the gap?\n\n```python\n{gapped}\n```"
        scenes = [scene for scene in list_scenes(one) if not names_itself(passed.keyword, scene)]
        stems = [*(f"{scene}: {question}" for scene in scenes), f"W{question[1:]}"]
        key = Choice(f"`{passed.keyword}`", f"`{passed.name}` takes it.", (passed.span,))
        others = [
            Choice(f"`{other.keyword}`", f"`{other.name}` takes it: `{other.line}`.", (other.span,))
            for other in _list_rivals(passed, own, everywhere)
            if said.names(other.keyword) and not said.holds(other.keyword, passed.name)
        ]
        yield from ask_choice("fill_call", one, said, stems, key, others, ranked=True)


def _list_rivals(passed: Passed, own: set[str], everywhere: tuple[Passed, ...]) -> list[Passed]:
    """The first use of each keyword that another call takes for such a value, those of the same file first."""
    takes: dict[str, set[str]] = {}
    for other in everywhere:
        takes.setdefault(other.name, set()).add(other.keyword)
    first: dict[str, Passed] = {}
    for other in everywhere:
        apart = not takes[other.name] & own and not split_words(other.keyword) & split_words(passed.keyword)
        if apart and other.sort == passed.sort and not is_no_own_name(other.keyword):
            first.setdefault(other.keyword, other)
    return sorted(first.values(), key=lambda other: other.span.path != passed.span.path)


def _sort(value: str) -> str:
    return next((sort for pattern, sort in _VALUES if pattern.match(value)), "name")
