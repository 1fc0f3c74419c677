"""A written module without what the gates found: an item, a sentence of the frame, or a whole section goes.

A link that leads nowhere goes alone, and its words stay: no section goes for a link.

Works on the Markdown, so that both engines end with the same last resort.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from shared.course.findings import GateReport, list_dropped
from shared.course.model import Citation, Item, Module
from shared.course.sentence_marks import MARK, strip_marks

_FENCE = re.compile(r"^\s*(?:>\s*)*(?:[-*]\s+|\d+[.)]\s+)*(`{3,}|~{3,})")
_HEADING = re.compile(r"^(#{1,6})\s")
_CITED = re.compile(r"\bcite=(\S+)")
_FRAME = ("introduction", "conclusion", "summary")


def drop_findings(module: Module, report: GateReport, given: frozenset[str] = frozenset()) -> Module:
    """The module without the parts the report names, and without the items and citations that stood on them.

    An objective that no item tests any more goes too, unless its text is `given`: then a person wrote it.
    """
    dropped = list_dropped(report)
    gone = {finding.sentence for finding in dropped if finding.gate == "L1" and finding.sentence[:1] != "<"}
    found = {(one.where, _form(one.sentence)) for one in dropped if one.sentence.strip() and one.sentence not in gone}
    frame = {
        name: _keep_frame(unlink(getattr(module, name), gone), {form for where, form in found if where == name})
        for name in _FRAME
    }
    parts = split_parts(unlink(module.main_content, gone))
    bad_parts = [part for where, form in found if where == "main_content" for part in _find_parts(parts, form)]
    main = "\n\n".join(_without(bad_parts, parts))
    left = list_cited(module.citations, "\n\n".join((main, *frame.values())))
    lost = list_cited(module.citations, "\n\n".join(bad_parts))
    bad = {finding.where for finding in dropped}
    objectives = [one for one in module.objectives if one.id not in bad or one.text in given]
    known = {one.id for one in objectives}
    items = [
        item
        for item in module.assessment
        if item.id not in bad and known.issuperset(item.objective_ids) and not _stands_on(item, module, lost, left)
    ]
    tested = {objective_id for item in items for objective_id in item.objective_ids}
    used = {citation.id for citation in left} | {i for item in items for i in item.citation_ids}
    used |= {i for item in items for option in item.options for i in option.citation_ids}
    return module.model_copy(
        update={
            **frame,
            "main_content": main,
            "assessment": items,
            "objectives": [one for one in objectives if one.id in tested or one.text in given],
            "citations": [citation for citation in module.citations if citation.id in used],
        }
    )


def unlink(markdown: str, gone: Iterable[str]) -> str:
    """The text with the words alone of links and pictures whose target the course does not have."""
    for target in gone:
        link = rf"!?\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\]){{,600}})\]\({re.escape(target)}(?: \"(?:[^\"\\]|\\.)*\")?\)"
        markdown = re.sub(link, r"\1", markdown)
    return markdown


def split_parts(markdown: str) -> list[str]:
    """The text cut before each heading; a fence is never cut."""
    parts: list[list[str]] = [[]]
    fence = ""
    for line in markdown.split("\n"):
        opened = _FENCE.match(line)
        if fence:
            fence = "" if line.strip("> ") == fence else fence
        elif opened:
            fence = opened.group(1)
        elif _HEADING.match(line) and any(parts[-1]):
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(part).strip("\n") for part in parts if any(part)]


def list_cited(citations: Iterable[Citation], markdown: str) -> list[Citation]:
    """The citations a text names."""
    named = {*MARK.findall(markdown), *_CITED.findall(markdown)}
    return [citation for citation in citations if citation.id in named]


def _find_parts(parts: Sequence[str], form: str) -> list[str]:
    """The parts that have a text as a line of theirs; else those that hold it, as a paragraph holds a sentence."""
    as_line = [part for part in parts if form in map(_form, part.split("\n"))]
    return as_line or [part for part in parts if form in _form(part)]


def _keep_frame(text: str, offending: set[str]) -> str:
    """The frame without the paragraphs and items that hold an offending sentence."""
    blocks = [
        "\n".join(line for line in block.split("\n") if not any(form in _form(line) for form in offending))
        for block in text.split("\n\n")
    ]
    return "\n\n".join(block for block in blocks if block.strip())


def _without(bad: Collection[str], parts: Sequence[str]) -> list[str]:
    """The parts that are left, without headings of which all went that stood below them."""
    kept: list[str] = []
    gone = 0  # how deep the heading is that went right below
    for part in reversed(parts):
        found = _HEADING.match(part)
        depth = len(found[1]) if found else 0
        following = _HEADING.match(kept[-1]) if kept else None
        is_over = following is None or len(following[1]) <= depth
        if part in bad or (depth < gone and is_over and "\n" not in part):
            gone = depth
        else:
            gone = 0
            kept.append(part)
    return kept[::-1]


def _stands_on(item: Item, module: Module, lost: Sequence[Citation], left: Sequence[Citation]) -> bool:
    """Whether an item asks about lines that only a lost section showed."""
    own = [citation for citation in module.citations if citation.id in item.citation_ids]
    return any(_overlaps(one, lost) and not _overlaps(one, left) for one in own)


def _overlaps(one: Citation, others: Iterable[Citation]) -> bool:
    return any(
        one.path == other.path and one.start_line <= other.end_line and other.start_line <= one.end_line
        for other in others
    )


def _form(text: str) -> str:
    """A text as one line without marks, quote marks, list marks and blanks: however a gate reads it, it is found."""
    return re.sub(r"[\s>|]+", "", strip_marks(MARK.sub("", text)))
