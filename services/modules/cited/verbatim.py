"""Code of the source as a lesson shows it: whole and verbatim, with the lines it stands on."""

import re
import textwrap
from collections.abc import Sequence
from itertools import groupby

from services.modules.cited.citing import Citations
from shared.course.cited_text import unescape_json_lines
from shared.course.code_provenance import equals_run, outdent, unquote
from shared.docs.code_marks import without_marks
from shared.docs.model import Block
from shared.engine.types import Span

_COMMANDS = re.compile(
    r"(?:sudo |python3? -m |)(?:pip3?|pipx|uv|npm|npx|pnpm|yarn|cargo|rustup|go|git|docker|curl|wget|brew|apt-get|apt|"
    r"make|poetry|conda|pytest|nats|kubectl|helm|mkdir|cd|export|source|python3?|node|bundle|gem|composer|mvn)\s+[\w.@/-]"
)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f]")  # Markdown would not give them back as they are


def render_code(block: Block, path: str, citations: Citations) -> str:
    """The block as a fence that cites its lines; `adapted` when they do not hold its text as it stands. "" for none."""
    lines = _without_blank_ends(_UNPRINTABLE.sub("", block.code).split("\n"))
    span = Span(path=block.file(path), start_line=block.start_line, end_line=block.end_line)
    if not lines or not citations.holds(span):
        return ""
    found = _locate(lines, citations, span)
    text = textwrap.dedent("\n".join(lines))
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    word = re.sub(r"[^\w+#.-]", "", block.language.split(maxsplit=1)[0]) if block.language.split() else ""
    info = f"{word or guess_language(text)} cite={citations.cite(found or span)}{'' if found else ' adapted'}"
    return f"{fence}{info}{_list_marked(block.marked)}\n{text}\n{fence}"


def _list_marked(lines: Sequence[int]) -> str:
    """The lines to highlight, as the info string lists them: runs as `5-7`."""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(lines), lambda one: one[1] - one[0])]
    return f" marked={','.join(f'{run[0]}-{run[-1]}' if run[1:] else f'{run[0]}' for run in runs)}" if runs else ""


def guess_language(code: str) -> str:
    """The language of unlabelled code when its first line tells it: a Python or a shell session; else plain text."""
    first = code.lstrip().split("\n", 1)[0]
    if first.startswith(">>> "):
        return "pycon"
    if re.match(r"[$%] \w", first):
        return "console"
    return "sh" if re.match(_COMMANDS, first) else "text"


def _without_blank_ends(lines: Sequence[str]) -> Sequence[str]:
    filled = [i for i, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else ()


def _locate(lines: Sequence[str], citations: Citations, span: Span) -> Span | None:
    """The lines of the file that hold the code, its common indentation aside; None when no run of them does."""
    if span.path.endswith(".ipynb"):
        return span if equals_run("\n".join(lines), unescape_json_lines(citations.text(span))) else None
    earliest = max(1, span.start_line - 2)
    around = citations.lines(span.path)[earliest - 1 : span.end_line + len(lines)]
    cut = [without_marks(line.decode("utf-8", errors="replace")) for line in around]
    wanted = outdent(list(lines))
    starts = range(len(cut) - len(lines) + 1)
    for start in sorted(starts, key=lambda n: (abs(n + earliest - span.start_line), n)):
        for there in unquote(cut[start : start + len(lines)]):
            if there[0].strip() == wanted[0].strip() and outdent(there) == wanted:
                return Span(path=span.path, start_line=earliest + start, end_line=earliest + start + len(lines) - 1)
    return _locate_preformatted("\n".join(lines), citations, span)


def _locate_preformatted(code: str, citations: Citations, span: Span) -> Span | None:
    """The lines from `<pre>` on, when a browser shows the code there: tags in it are markup of the source."""
    for start in range(span.start_line, max(0, span.start_line - 2), -1):
        whole = span.model_copy(update={"start_line": start})
        if equals_run(code, citations.text(whole)):
            return whole
    return None
