"""Takes out of a written module what the gates found, and what can no longer stand once it is gone.

Works on the Markdown, so that both engines end with the same last resort: an offending sentence is dropped.
"""

import re
from collections.abc import Iterable

from shared.course.findings import GateFinding, GateReport
from shared.course.model import Item, Module
from shared.course.sentence_marks import find_marks, is_only_marks, split_pieces, strip_marks
from shared.course.statements import FIELDS
from shared.course.wording import points_back

_FENCE = re.compile(r"^(`{3,}|~{3,})")
_PREFIX = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+|>\s?(?:\*\*[^*]+:\*\*\s*)?)")
_HEADING = re.compile(r"^(#{1,6})\s")


def repair_module(module: Module, report: GateReport, given: frozenset[str] = frozenset()) -> Module:
    """The module without the sentences, blocks and items of the report; unused citations and headings go with them.

    An objective that no item tests any more goes too, unless its text is `given`: then a person wrote it.
    """
    offending = _gather(report.findings)
    fields = {name: drop_from_markdown(getattr(module, name), offending.get(name, ())) for name in FIELDS}
    bad_items = {finding.where for finding in report.findings}
    items = [item for item in module.assessment if item.id not in bad_items]
    tested = {objective_id for item in items for objective_id in item.objective_ids}
    used = _list_used(fields.values(), items)
    return module.model_copy(
        update={
            **fields,
            "assessment": items,
            "objectives": [
                objective for objective in module.objectives if objective.id in tested or objective.text in given
            ],
            "citations": [citation for citation in module.citations if citation.id in used],
        }
    )


def _gather(findings: Iterable[GateFinding]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in findings:
        if finding.where in FIELDS and finding.sentence.strip():
            found.setdefault(finding.where, []).append(_form(finding.sentence))
    return found


def _list_used(texts: Iterable[str], items: Iterable[Item]) -> set[str]:
    used = {citation_id for item in items for citation_id in item.citation_ids}
    for text in texts:
        for block in split_blocks(text):
            fence = _FENCE.match(block)
            used.update(re.findall(r"\bcite=(\S+)", block.split("\n", 1)[0]) if fence else find_marks(block))
    return used


def split_blocks(markdown: str) -> list[str]:
    """Blocks of a Markdown text as they are separated by blank lines; a fence is one block whatever it holds."""
    blocks: list[list[str]] = [[]]
    fence = ""
    for line in markdown.split("\n"):
        if not fence and not line.strip():
            blocks.append([])
            continue
        opened = _FENCE.match(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif opened:
            fence = opened.group(1)
        blocks[-1].append(line)
    return ["\n".join(block) for block in blocks if block]


def drop_from_markdown(markdown: str, offending: Iterable[str]) -> str:
    """The text without the offending sentences, items, rows, code and paragraphs, and without what they held up."""
    wanted = set(offending)
    if not wanted:
        return markdown
    kept: list[str] = []
    lost = False
    for block in split_blocks(markdown):
        left = _repair_block(block, wanted)
        if left is None or (lost and is_only_marks(block)):
            lost = True
            continue
        if lost and not _HEADING.match(left) and points_back(strip_marks(_PREFIX.sub("", left))):
            continue
        kept.append(left)
        lost = False
    return "\n\n".join(_drop_dangling(_drop_empty_headings(kept)))


def _repair_block(block: str, wanted: set[str]) -> str | None:
    """A block without its offending parts; None when nothing is left of it."""
    if _FENCE.match(block):
        body = "\n".join(block.split("\n")[1:-1])
        return None if _form(body) in wanted or _form(block) in wanted else block
    if _form(block) in wanted:
        return None
    if _HEADING.match(block):
        return block
    lines = [line for line in (_repair_line(line, wanted) for line in block.split("\n")) if line is not None]
    if block.startswith("|") and len(lines) < 3:
        return None
    return "\n".join(lines) or None


def _repair_line(line: str, wanted: set[str]) -> str | None:
    """A line (a paragraph, an item or a row) without offending sentences; the rest keeps the marks that held for it."""
    found = _PREFIX.match(line)
    prefix = found.group(1) if found else ""
    body = line[len(prefix) :]
    if _form(line) in wanted or _form(body) in wanted:
        return None
    if line.startswith("|"):
        cells = " | ".join(cell.strip() for cell in line.strip("| ").split(" | "))
        return None if _form(cells) in wanted else line
    pieces = split_pieces(body)
    kept = []
    dropped = False
    for piece in pieces:
        if _form(piece.text) in wanted or (dropped and points_back(piece.text)):
            dropped = True
            continue
        kept.append(piece)
        dropped = False
    if len(kept) == len(pieces):
        return line
    if not kept:
        return None
    text = " ".join(piece.source for piece in kept)
    trailing = pieces[-1].marks
    if not kept[-1].marks and trailing:
        text += "".join(f"[^{mark}]" for mark in trailing)
    return prefix + text


def _drop_empty_headings(blocks: list[str]) -> list[str]:
    """Blocks without headings that have nothing below them before the next heading of their level or above."""
    kept: list[str] = []
    for block in reversed(blocks):
        found = _HEADING.match(block)
        if found:
            following = _HEADING.match(kept[-1]) if kept else None
            if not kept or (following and len(following.group(1)) <= len(found.group(1))):
                continue
        kept.append(block)
    return kept[::-1]


def _drop_dangling(blocks: list[str]) -> list[str]:
    """Blocks without a last sentence that announces something which has gone."""
    kept: list[str] = []
    for i, block in enumerate(blocks):
        text = strip_marks(block)
        following = blocks[i + 1] if i + 1 < len(blocks) else ""
        announced = (
            bool(following) and not _HEADING.match(following) and (following[0] in "`-|!>~*+" or following[0].isdigit())
        )
        if text.endswith(":") and not announced and not _FENCE.match(block) and not block.startswith(("|", "#")):
            pieces = split_pieces(block)[:-1]
            if not pieces:
                continue
            block = " ".join(piece.source for piece in pieces)
        kept.append(block)
    return kept


def _form(text: str) -> str:
    return " ".join(strip_marks(text).split())
