"""K1, K2, K3 and K5: a section is taught whole or named, and a summary says what the lesson said.

A section in a model's words that is not whole is dropped. One in the author's words stays, and the module names it.
"""

from collections.abc import Iterator

from shared.course.evidence import LABEL
from shared.course.field_text import FieldText
from shared.course.findings import GateFinding
from shared.course.model import Module, NotTaught
from shared.course.plain_text import show_plain
from shared.course.reading import GateContext, ReadModule
from shared.course.statements import Statement
from shared.course.taught import TaughtSection

LOST = "a check found it incomplete"
_CUT = "a check did not find all of it above"


def check_whole(read: ReadModule) -> Iterator[GateFinding]:
    """Each section the lesson takes over is whole, and each that was planned is taught or named as left out."""
    named = {(read.context.paths.get(one.document_id), one.heading) for one in read.module.not_taught}
    for taught in read.taught:
        gaps = list(_find_gaps(taught))
        is_named = (taught.source.path, taught.source.heading) in named
        shown = _find_shown(taught, read) if gaps and read.context.own_words else {"main_content": ""}
        for gate, problem in gaps:
            detail = f"of the section “{taught.source.heading}” {problem}"
            for where, sentence in shown.items():
                yield GateFinding(
                    gate=f"{gate}-named" if is_named else gate, where=where, detail=detail, sentence=sentence
                )
    for heading in find_forgotten(read):
        detail = f"the section “{heading}” is neither taught nor named as left out"
        yield GateFinding(gate="K1", where="main_content", detail=detail)
    for text in read.texts:
        for number in find_skips(text, read):
            yield GateFinding(gate="K2-number", where=text.where, detail=f"a numbered list goes on at {number}")
    for claim in list_summary(read):
        if not is_held(claim, read):
            yield GateFinding(gate="K5", where="summary", detail="the lesson does not say it", sentence=claim.source)


def _find_gaps(taught: TaughtSection) -> Iterator[tuple[str, str]]:
    if not taught.is_whole:
        yield "K1", f"{sum(taught.found)} of {len(taught.found)} sentences, items, rows and lines of code are kept"
    for kind, kept, size in taught.cut_groups:
        yield "K2", f"{kept} of {size} items of a {kind} are shown"
    if taught.cut_code:
        yield "K3", "a code block is shown in part and not marked as adapted"
    elif not all(taught.shown_code):
        yield "K3", f"{sum(taught.shown_code)} of {len(taught.shown_code)} code blocks are shown"


def _find_shown(taught: TaughtSection, read: ReadModule) -> dict[str, str]:
    """For each field that shows something of the section, the longest text of it as written."""
    shown: dict[str, str] = {}
    for unit, kept in zip(taught.source.units, taught.kept, strict=True):
        for where, text in read.lesson.find_written(unit) if kept else ():
            shown[where] = max(shown.get(where, ""), text, key=len)
    return shown


def find_forgotten(read: ReadModule) -> Iterator[str]:
    """Headings of planned sections that hold something, are not taught and are not named as left out."""
    taught = {(section.source.path, section.source.heading) for section in read.taught}
    left_out = {(entry.document_id, entry.heading) for entry in read.module.not_taught}
    for document_id, heading in dict.fromkeys(read.context.planned):
        path = read.context.paths.get(document_id, "")
        known = any(section.heading == heading for section in read.context.sources.sections_of(path))
        if known and (path, heading) not in taught and (document_id, heading) not in left_out:
            yield heading


def name_gaps(module: Module, context: GateContext) -> Module:
    """The module with the planned sections named that it does not teach, or not as a check would have them."""
    read = ReadModule(module, context)
    forgotten = set(find_forgotten(read))
    known = {(context.paths.get(one.document_id), one.heading) for one in module.not_taught}
    cut = {(one.source.path, one.source.heading) for one in read.taught if any(_find_gaps(one))} - known
    named = [
        NotTaught(document_id=document_id, heading=heading, reason=LOST if heading in forgotten else _CUT)
        for document_id, heading in sorted(set(context.planned))
        if heading in forgotten or (context.paths.get(document_id), heading) in cut
    ]
    return module.model_copy(update={"not_taught": [*module.not_taught, *named]}) if named else module


def find_skips(text: FieldText, read: ReadModule) -> Iterator[int]:
    """Numbers at which a numbered list goes on although neither the list before it nor the source leads there."""
    last = 0
    for numbers in text.numbered:
        expected = last + 1
        for place, number in enumerate(numbers):
            goes_on = number == expected or (place and number == numbers[0] == 1) or (not place and number in (0, 1))
            if not goes_on and not _is_in_source(number, read):
                yield number
            expected = number + 1
        last = numbers[-1]


def _is_in_source(number: int, read: ReadModule) -> bool:
    cited = (lines.text for lines in read.evidence.cited.values())
    return any(
        line.lstrip("> \t").startswith((f"{number}.", f"{number})")) for text in cited for line in text.split("\n")
    )


def list_summary(read: ReadModule) -> list[Statement]:
    """The cited sentences of the summary."""
    summary = next(text for text in read.texts if text.where == "summary")
    return [claim for statement in summary.statements for claim in statement.claims if claim.citation_ids]


def is_held(claim: Statement, read: ReadModule) -> bool:
    """Whether the lesson says a sentence word for word, or nearly all its words where it cites the same lines."""
    shown = show_plain(LABEL.sub("", claim.text))
    if read.lesson.says_anywhere(shown):
        return True
    spans = [lines.citation for i in claim.citation_ids if (lines := read.evidence.cited.get(i))]
    said = [words for span in spans for words in read.lesson.find_said(span.path, span.start_line, span.end_line)]
    return read.lesson.says_of(said, shown)
