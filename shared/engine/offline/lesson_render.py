"""Chunks of a lesson as Markdown with citation marks (course-format.md), one paragraph, item or row a line."""

import re
from collections.abc import Sequence

from shared.engine.offline.lesson import Chunk, Code, Entry, Listing, Note, Picture, Prose, Said, Table
from shared.engine.offline.writer_evidence import Evidence, Span

_NARROW = 8
_BLOCK_START = re.compile(r"(\d+)(?=[.)]\s)|(?=#{1,6}\s|[-+*]\s|>|\||={3,}|-{3,}|~{3,})")


def render_chunks(chunks: Sequence[Chunk], evidence: Evidence) -> list[str]:
    """Markdown blocks, to be joined by blank lines."""
    return [block for chunk in chunks for block in render_chunk(chunk, evidence)]


def render_chunk(chunk: Chunk, evidence: Evidence) -> list[str]:
    """The Markdown blocks of one chunk."""
    match chunk:
        case Prose(said):
            return [escape_start(render_said(said, evidence))]
        case Note(label, said):
            text = render_said(said, evidence)
            return [f"> **{label}:** {text}" if label else f"> {text}"]
        case Listing(entries):
            return ["\n".join(_render_entry(entry, evidence) for entry in entries)]
        case Table():
            return _render_table(chunk, evidence)
        case Code(text, language, span):
            return [render_code(text, language, evidence.cite(span))]
        case Picture(alt, asset, span):
            return [f"![{alt}]({asset}){evidence.mark(span)}"]


def escape_start(paragraph: str) -> str:
    """The paragraph with what Markdown would take for a heading, list, quote or table at its start escaped."""
    found = _BLOCK_START.match(paragraph)
    if found is None:
        return paragraph
    at = found.end(1) if found.group(1) else 0
    return f"{paragraph[:at]}\\{paragraph[at:]}"


def render_said(said: Sequence[Said], evidence: Evidence) -> str:
    """Sentences of one paragraph: one mark at its end where its lines are few and together, else one each."""
    whole = join_spans(said)
    if whole is not None:
        return f"{' '.join(one.text for one in said)}{evidence.mark(whole)}"
    return " ".join(one.text if one.span is None else f"{one.text}{evidence.mark(one.span)}" for one in said)


def join_spans(said: Sequence[Said]) -> Span | None:
    """One span for all sentences, when they stand together on few lines of one file."""
    whole: Span | None = None
    for one in said:
        if one.span is None or (whole is not None and not whole.touches(one.span)):
            return None
        whole = one.span if whole is None else whole.joined(one.span)
    return whole if whole is not None and (whole.lines <= _NARROW or len(said) == 1) else None


def render_code(text: str, language: str, citation_id: str) -> str:
    """A fence longer than any run of backticks in the code, citing its lines."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    word = re.sub(r"[^\w+#.-]", "", language.split(maxsplit=1)[0]) if language.split() else ""
    return f"{fence}{word or 'text'} cite={citation_id}\n{text}\n{fence}"


def _render_entry(entry: Entry, evidence: Evidence) -> str:
    bullet = f"{entry.number}." if entry.number else "-"
    return f"{'    ' * entry.depth}{bullet} {render_said(entry.said, evidence)}"


def _render_table(table: Table, evidence: Evidence) -> list[str]:
    width = len(table.header.cells)
    lines = [_render_row(table.header.cells, width), "|" + " --- |" * width]
    lines += [_render_row(row.cells, width) for row in table.rows]
    whole = Span(table.header.span.path, table.header.span.start, table.rows[-1].span.end)
    return ["\n".join(lines), evidence.mark(whole)]


def _render_row(cells: Sequence[str], width: int) -> str:
    padded = [re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells[:width]] + [""] * (width - len(cells))
    return "| " + " | ".join(padded) + " |"
