"""Put in order: lines of code of which each needs what another one makes; every order that works counts."""

import builtins
import keyword
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from services.modules.offline.items.options import digest
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import is_no_own_name, list_scenes
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.docs.model import Block
from shared.engine.types import Span

_FEWEST, _MOST = 4, 6
_MOST_ORDERS = 2
_LONGEST_LINE = 76
_IMPORTS = re.compile(r"^(?:from\s+\S+\s+import|import|use|using|require|include|#include|package)\b")
_SHOWS = re.compile(
    r"^(?:await )?(?:print\w*|e?println|assert\w*|test_\w+|expect|console\.\w+|self\.assert\w+|dbg)\b[ !(.]"
)
_LITERAL = re.compile(
    r"^[^=]*=\s*(?:[\s\d.,:+\-*\[\](){}&;_]|vec!|[rbfu]?'[^']*'|[rbfu]?\"[^\"]*\"|None|null|True|False|true|false)+$"
)
_REMARK = re.compile(r"(?:^|\s+)(?:#|//)(?:\s.*)?$|^(?:/\*|\*|--|<!--|#|//).*$")
_BINDS = re.compile(
    r"^(?:export\s+)?(?:const|let|var|val|auto|final|[A-Z][\w<>\[\], ]*)\s+(?P<declared>[\w, {}]+?)\s*(?::[^=]+)?=[^=]"
    r"|^(?P<assigned>[A-Za-z_]\w*(?:,\s*[A-Za-z_]\w*)*)\s*(?::[^=]+)?:?=[^=]"
)
_NAME = re.compile(r"(?<![\w.\"':])[A-Za-z_]\w*+(?!\s?=[^=])")
_CALLED = re.compile(r"(?<![\w.\"':])(?:[A-Za-z_]\w*(?=!?\(|::|<)|[A-Z]\w*)")
_GIVEN = re.compile(r"(?:async )?(?:def|fn|func|function)\s+\w+\s*\(([^)]*)\)|\bas (\w+)|\bfor (\w+)")
_OTHERS_WORDS = "let const var mut ref new self this null nil unsafe move"
_WORDS = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(_OTHERS_WORDS.split())
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_FILLED = re.compile(r"\{([A-Za-z_]\w*)")
_RECEIVER = re.compile(r"(?<![\w.\"'])([a-z_]\w*)\.")
_OPEN = re.compile(
    r"[{(\[,:\\@=+|&]$|^[)}\]@<.#|&+*/'\"-]|^(?:return|else|elif|except|finally|catch|case|break|continue|yield"
    r"|pass|if|for|while|with"
    r"|switch|match|def|class|fn|func|function|try|do|async def|throw|raise|struct|enum|impl|trait|mod|type"
    r"|interface)\b"
)
_SCRIPTS = frozenset(
    {"sh", "shell", "bash", "console", "text", "", "json", "yaml", "toml", "ini", "xml", "html", "pycon"}
)

Edges = frozenset[tuple[int, int]]


def ask_orders(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each example whose order follows from what its lines need."""
    scene = next(list_scenes(one), "")
    for block in one.section.blocks if scene else ():
        stem = f"{scene}: in what order do these lines run?"
        for run in _find_runs(one, block):
            yield from _ask_run(one, said, stem, run)


def _ask_run(one: TaughtSection, said: TaughtText, stem: str, run: Sequence[tuple[str, Span]]) -> Iterator[Question]:
    """The question about the first and longest part of a run whose order follows from what its lines need."""
    for size in range(min(_MOST, len(run)), _FEWEST - 1, -1):
        for start in range(len(run) - size + 1):
            lines = [line for line, _ in run[start : start + size]]
            edges = _link_lines(lines, said)
            texts, spans = [f"`{line}`" for line in lines], [span for _, span in run[start : start + size]]
            bound = edges and {i for edge in edges for i in edge} == set(range(size)) and _is_closed(one, said, lines)
            found = list(_ask(one, stem, texts, spans, edges)) if edges and bound else []
            if found:
                yield from found
                return


def _find_given(one: TaughtSection, said: TaughtText) -> set[str]:
    """The names that the functions of a section's examples are given."""
    del said
    code = "\n".join(block.code for block in one.section.blocks if block.kind == "code")
    return set(_NAME.findall(" ".join(part for found in _GIVEN.findall(code) for part in found)))


def _is_closed(one: TaughtSection, said: TaughtText, lines: Sequence[str]) -> bool:
    """Whether lines use only what they make, what is imported, given to a function, or of the language or the project.

    A function or type may also be made in another example. At most one line gives a name a literal value.
    """
    made = set().union(*map(_bound, lines))
    known = _WORDS.union(made, said.recall(_find_given, one))
    return sum(bool(_LITERAL.search(line)) for line in lines) <= 1 and all(
        name in known
        or said.imports(name)
        or said.names(name)
        or (name in _CALLED.findall(line) and (said.makes(name) or is_no_own_name(name)))
        for line in lines
        for name in _use(line)
    )


def _ask(
    one: TaughtSection, stem: str, texts: Sequence[str], spans: Sequence[Span], edges: Edges
) -> Iterator[Question]:
    orders = list_orders(len(texts), edges)
    if not orders or len({text.lower() for text in texts}) < len(texts):
        return
    shown = sorted(range(len(texts)), key=lambda i: digest(texts[i]))
    while tuple(shown) in orders:
        shown = [*shown[1:], shown[0]]
    place = {i: at for at, i in enumerate(shown)}
    yield Question(
        form="order",
        kind="ordering",
        stem=stem,
        options=tuple(_option(i, texts, spans, edges) for i in shown),
        explanation=f"It begins: {texts[0]}, then {texts[1]}.",
        spans=tuple(spans),
        document_id=one.document_id,
        section_id=one.section.id,
        bloom="apply",
        groups=tuple(tuple(place[i] for i in order) for order in orders),
    )


def _option(at: int, texts: Sequence[str], spans: Sequence[Span], edges: Edges) -> Choice:
    needs = [i for i, j in sorted(edges) if j == at]
    told = f"It needs what comes before: {texts[needs[-1]]}" if needs else "It needs none of the others."
    return Choice(texts[at], told, (spans[at], *(spans[i] for i in needs[-1:])), is_key=True)


def list_orders(count: int, edges: Edges) -> tuple[tuple[int, ...], ...]:
    """All orders of 0..count-1 that keep the edges, the given one first; empty when they are too many to be asked."""
    found: list[tuple[int, ...]] = []
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        order = waiting.pop()
        if len(order) == count:
            found.append(order)
            if len(found) > _MOST_ORDERS:
                return ()
            continue
        free = [i for i in range(count) if i not in order and all(a in order for a, b in edges if b == i)]
        waiting += [(*order, i) for i in reversed(free)]
    return tuple(found)


def _find_runs(one: TaughtSection, block: Block) -> Iterator[list[tuple[str, Span]]]:
    """The runs of statements of a block that follow each other at one depth, one a line.

    Lines that only show or check a value are no steps.
    """
    if block.kind != "code" or block.language in _SCRIPTS:
        return
    run: list[tuple[str, Span]] = []
    depth = 0
    for line, span in (*list_lines(one, block), ("}", None)):
        code = _REMARK.sub("", line).rstrip()
        if not code.strip() or _IMPORTS.match(code.strip()) or _SHOWS.match(code.strip()):
            continue
        indent = len(code) - len(code.lstrip())
        plain = span is not None and _is_statement(code.strip())
        if run and (not plain or indent != depth):
            yield run
            run = []
        if plain and span is not None:
            depth = indent
            run.append((code.strip(), span))


def _is_statement(line: str) -> bool:
    """Whether a line of code is a whole statement that may stand at another place."""
    return (
        3 < len(line) <= _LONGEST_LINE
        and not re.fullmatch(r"[\w.]+;?", line)
        and not any(mark in line for mark in ("`", "...", "…", " * "))
        and not _OPEN.search(line)
        and all(line.count(a) == line.count(b) for a, b in ("()", "[]", "{}"))
    )


def _link_lines(lines: Sequence[str], said: TaughtText) -> Edges | None:
    """Which line needs which: it uses a name the other makes. None when lines share things in another way."""
    bound = [_bound(line) for line in lines]
    used = [_use(line) for line in lines]
    made = set().union(*bound)
    changed = [
        {name for name in _RECEIVER.findall(line) if not said.imports(name)} | made & use
        for line, use in zip(lines, used, strict=True)
    ]
    edges: set[tuple[int, int]] = set()
    for i, j in combinations(range(len(lines)), 2):
        if bound[i] & bound[j] or bound[j] & used[i]:
            return None
        if bound[i] & used[j]:
            edges.add((i, j))
    for i, j in combinations(range(len(lines)), 2):
        if not _reaches(i, j, edges) and (changed[i] & changed[j]):
            return None
    return frozenset(edges)


def _use(line: str) -> set[str]:
    """The names of a line; of its texts, those that are filled in."""
    filled = {name for text in _QUOTED.findall(line) for name in _FILLED.findall(text)}
    return set(_NAME.findall(_QUOTED.sub("", line))) | filled


def _reaches(start: int, end: int, edges: set[tuple[int, int]]) -> bool:
    return (start, end) in edges or any(a == start and _reaches(b, end, edges) for a, b in edges)


def _bound(line: str) -> set[str]:
    found = _BINDS.match(line)
    text = next((part for part in found.groups() if part), "") if found else ""
    return set(_NAME.findall(text)) - {"mut", "ref"}
