"""Code of the source as a module shows it: verbatim, and no longer than a citation may be."""

import re
import textwrap
from collections.abc import Sequence
from itertools import pairwise

from shared.course.cited_text import unescape_json_lines
from shared.course.code_provenance import equals_run
from shared.docs.model import Block
from shared.engine.offline.lesson import Code
from shared.engine.offline.writer_evidence import LONGEST_SPAN, Evidence, Span

_COMMANDS = re.compile(
    r"(?:sudo |python3? -m |)(?:pip3?|pipx|uv|npm|npx|pnpm|yarn|cargo|rustup|go|git|docker|curl|wget|brew|apt-get|apt|"
    r"make|poetry|conda|pytest|nats|kubectl|helm|mkdir|cd|export|source|python3?|node|bundle|gem|composer|mvn)\s+[\w.@/-]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")  # Markdown would not give them back as they are
_WIDEST = 240
_NAME = re.compile(r"[A-Za-z_][\w-]{2,}")


def read_code(block: Block, path: str, evidence: Evidence, named: frozenset[str], longest: int) -> Code | None:
    """The block as code with its own lines, cut to `longest` lines at most; None when its lines do not hold its text.

    `named` are names the text around it speaks of: a cut keeps the part that has most of them.
    """
    where = block.origin
    span = Span(where.path, where.start_line, where.end_line) if where else Span(path, block.start_line, block.end_line)
    lines = block.code.split("\n")
    first, last = _trim_blank(lines)
    lines = lines[first:last]
    if not lines or _CONTROL.search(block.code) or not evidence.has(span.path):
        return None
    if path.endswith(".ipynb") and where is None:
        return _read_cell(block, lines, span, evidence)
    found = _locate(lines, evidence, span)
    if found is None:
        return None
    start, end = choose_window(lines, named, min(longest, LONGEST_SPAN))
    if start == end:
        return None
    text = textwrap.dedent("\n".join(lines[start:end]))
    return Code(text, block.language or guess_language(text), Span(span.path, found + start, found + end - 1))


def _read_cell(block: Block, lines: Sequence[str], span: Span, evidence: Evidence) -> Code | None:
    """A notebook's cell, whose lines are JSON strings; None when they do not hold it as it is."""
    text = "\n".join(lines)
    if not evidence.holds(span) or not equals_run(text, unescape_json_lines(evidence.text(span))):
        return None
    return Code(text, block.language or "text", span)


def guess_language(code: str) -> str:
    """The language of unlabelled code when its first line tells it: a Python or a shell session; else plain text."""
    first = code.lstrip().split("\n", 1)[0]
    if first.startswith(">>> "):
        return "pycon"
    if re.match(r"[$%] \w", first):
        return "console"
    return "sh" if re.match(_COMMANDS, first) else "text"


def _trim_blank(lines: Sequence[str]) -> tuple[int, int]:
    """The range of lines without blank ones at either end."""
    filled = [i for i, line in enumerate(lines) if line.strip()]
    return (filled[0], filled[-1] + 1) if filled else (0, 0)


def _locate(lines: Sequence[str], evidence: Evidence, span: Span) -> int | None:
    """The line of the file on which the code begins: its lines, common indentation removed, equal those there."""
    earliest = max(1, span.start - 2)
    # Only the lines around the block are looked at: a document may have thousands of blocks.
    cut = evidence.lines(span.path)[earliest - 1 : span.end + len(lines)]
    around = [line.decode("utf-8", errors="replace").rstrip() for line in cut]
    wanted = textwrap.dedent("\n".join(line.rstrip() for line in lines)).split("\n")
    for start in sorted(range(earliest, span.end + 1), key=lambda n: (abs(n - span.start), n)):
        there = around[start - earliest : start - earliest + len(lines)]
        if (
            there
            and there[0].lstrip() == wanted[0].lstrip()
            and textwrap.dedent("\n".join(there)).split("\n") == wanted
        ):
            return start
    return None


def choose_window(lines: Sequence[str], named: frozenset[str], longest: int) -> tuple[int, int]:
    """The range [start, end) of at most `longest` lines that holds whole units and most of the names spoken of."""
    if any(len(line) > _WIDEST for line in lines):
        return _choose_narrow(lines, longest)
    if len(lines) <= longest:
        return 0, len(lines)
    units = _split_units(lines)
    best = (0, min(longest, len(lines)))
    best_score = -1
    for i in range(len(units)):
        end = i
        while end + 1 < len(units) and units[end + 1][1] - units[i][0] <= longest:
            end += 1
        start, stop = units[i][0], units[end][1]
        if stop - start > longest:
            continue
        score = 4 * len(named & set(_NAME.findall("\n".join(lines[start:stop])))) + (stop - start) // 8
        if score > best_score:
            best, best_score = (start, stop), score
    start, stop = best
    first, last = _trim_blank(lines[start:stop])
    return start + first, start + last


def _choose_narrow(lines: Sequence[str], longest: int) -> tuple[int, int]:
    """The longest run of lines that are not overlong (keys and dumps teach nobody); (0, 0) when there is none."""
    wide = [-1, *(i for i, line in enumerate(lines) if len(line) > _WIDEST), len(lines)]
    start, end = max(((a + 1, b) for a, b in pairwise(wide)), key=lambda run: (run[1] - run[0], -run[0]))
    first, last = _trim_blank(lines[start : min(end, start + longest)])
    return start + first, start + last


def _split_units(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Ranges of lines that belong together: they begin after a blank line, at the outermost indentation."""
    outer = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    starts = [0]
    for i in range(1, len(lines)):
        line = lines[i]
        at_margin = line.strip() and len(line) - len(line.lstrip()) == outer
        if (
            at_margin
            and not lines[i - 1].strip()
            and not re.match(r"[)\]}]|end\b|else\b|except\b|finally\b", line.strip())
        ):
            starts.append(i)
    bounds = [*starts, len(lines)]
    return [(a, b - _trailing_blank(lines[a:b])) for a, b in pairwise(bounds)]


def _trailing_blank(lines: Sequence[str]) -> int:
    count = 0
    while count < len(lines) and not lines[-1 - count].strip():
        count += 1
    return count
