"""Items about lists and tables: steps to put in order, members and rows to recognise."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from shared.course.flaws import describe_form
from shared.course.plain_text import show_plain
from shared.engine.offline.items_facts import is_askable_phrase, names_itself, unlink
from shared.engine.offline.items_forms import Draft, describe_shape, name_place
from shared.engine.offline.items_options import (
    Candidate,
    choose_options,
    label_options,
    rank_distractors,
    shuffle_options,
)
from shared.engine.offline.lesson import Entry, Listing, Passage, Prose, Said, Table
from shared.engine.offline.lesson_parts import HeadedPart
from shared.engine.offline.writer_evidence import LONGEST_SPAN, Evidence, Span
from shared.engine.offline.writer_text import end_sentence, is_plain_title, leads_on, strip_markup

_ORDER = (
    "Put the steps of {place} in order.",
    "Order what {place} describes from first to last.",
    "Sort these steps of {place}.",
)
_FEWEST_ROWS = 3
_LABEL = re.compile(r"^(`[^`]+`|\*\*[^*`]+\*\*)(?=\s*(?:[:.,(–—-]|$))")


def order_steps(one: HeadedPart, turn: int) -> Iterator[Draft]:
    """A numbered procedure of three to six steps, to be put in order."""
    for chunk in _list_chunks(one.part.passages):
        if not isinstance(chunk, Listing) or any(entry.depth or not entry.number for entry in chunk.entries):
            continue
        steps = [unlink(entry.said[0].text) for entry in chunk.entries]
        span = join_all([entry.said[0].span for entry in chunk.entries])
        if span is None or not 3 <= len(steps) <= 6 or len({step.lower() for step in steps}) < len(steps):
            continue
        if not all(2 <= len(strip_markup(step).split()) <= 24 and not leads_on(step) for step in steps):
            continue
        options, key = shuffle_options([step.rstrip(".") for step in steps])
        yield Draft(
            kind="ordering",
            stem=_ORDER[turn % len(_ORDER)].format(place=name_place(one)),
            options=tuple(options),
            key=tuple(key),
            explanation=f"The documentation begins with: {end_sentence(steps[0])}",
            spans=(span,),
            claims=("apply", "understand"),
            document_id=one.part.document_id,
            section_id=one.part.section_id,
            about=steps[0],
            worth=9,
            form="steps",
        )


def match_rows(one: HeadedPart, evidence: Evidence) -> Iterator[Draft]:
    """Which row of a table something stands in: its first cell is asked for by another one."""
    for chunk in _list_chunks(one.part.passages):
        if not isinstance(chunk, Table) or len(chunk.rows) < _FEWEST_ROWS:
            continue
        names = [unlink(row.cells[0]).strip("* ") for row in chunk.rows]
        header = show_plain(chunk.header.cells[0]).lower()
        asks = header if is_plain_title(header) and len(header.split()) <= 2 else "entry"
        for at, (row, name) in enumerate(zip(chunk.rows, names, strict=True)):
            cells = [unlink(cell).strip("* .") for cell in row.cells[1:]]
            cell = next((c for c in cells if _is_telling(c) and _is_alone(c, at, chunk)), None)
            if cell is None or names_itself(name, cell) or not 1 <= len(show_plain(name).split()) <= 4:
                continue
            others = [Candidate(other, 0) for other in names if other != name]
            chosen = choose_options(name, others, evidence.text(row.span))
            if chosen is None or describe_form(name) == "number":
                continue
            yield Draft(
                kind="single_choice",
                stem=f"Which {asks} does the table of {name_place(one)} give for “{cell}”?",
                options=tuple(chosen[0]),
                key=(chosen[1],),
                explanation=f"The row reads: {name}, {end_sentence(cell)}",
                spans=(row.span,),
                claims=("remember", "understand"),
                document_id=one.part.document_id,
                section_id=one.part.section_id,
                about=name,
                worth=5,
                form="row",
            )


def _is_telling(cell: str) -> bool:
    words = show_plain(cell).split()
    return 1 <= len(words) <= 16 and is_askable_phrase(cell) and re.search(r"[^\W\d_]{4}", cell) is not None


def _is_alone(cell: str, at: int, table: Table) -> bool:
    """Whether no other row of the table has the cell."""
    return not any(cell in (unlink(c).strip("* .") for c in row.cells) for i, row in enumerate(table.rows) if i != at)


def pick_members(one: HeadedPart, others: Sequence[str], evidence: Evidence) -> Iterator[Draft]:
    """Two members of an announced list among names that are none of it."""
    for passage in one.part.passages:
        for before, chunk in pairwise(passage.chunks):
            if not isinstance(before, Prose) or not isinstance(chunk, Listing) or not leads_on(before.said[-1].text):
                continue
            intro = before.said[-1]
            labels = [label for label in map(read_label, chunk.entries) if label]
            span = join_all([intro.span, *(said.span for entry in chunk.entries for said in entry.said)])
            if span is None or len(labels) < 2 or len(labels) != len({label.lower() for label in labels}):
                continue
            draft = _pick_two(one, intro, labels, others, span, evidence)
            if draft is not None:
                yield draft


def _pick_two(
    one: HeadedPart, intro: Said, labels: Sequence[str], others: Sequence[str], span: Span, evidence: Evidence
) -> Draft | None:
    keys = [label for label in labels if describe_form(label) == describe_form(labels[0])][:2]
    kin = [Candidate(other, 0) for other in others if describe_shape(other) == describe_shape(keys[0])]
    wrong = rank_distractors(keys[0], kin, evidence.text(span))
    words = unlink(intro.text).rstrip(": ")
    if len(keys) < 2 or len(wrong) < 2 or not 3 <= len(words.split()) <= 30:
        return None
    longest = max(wrong[:6], key=lambda text: (len(show_plain(text)), text))
    picked = [longest, *(text for text in wrong if text != longest)][:2]
    options = label_options(sorted([*keys, *picked], key=lambda text: (show_plain(text).lower(), text)))
    return Draft(
        kind="multiple_choice",
        stem=f"Which two of these does the documentation list after the words “{words}”? Choose both.",
        options=tuple(options),
        key=tuple(option.id for option in options if option.text in keys),
        explanation=f"The list names {keys[0]} and {keys[1]}.",
        spans=(span,),
        claims=("remember", "understand"),
        document_id=one.part.document_id,
        section_id=one.part.section_id,
        about=words,
        worth=6,
        form="members",
    )


def read_label(entry: Entry) -> str | None:
    """The name a list item is about: its leading code or bold words, or all of it when it is short."""
    if entry.depth or not entry.said:
        return None
    text = unlink(entry.said[0].text).strip()
    found = _LABEL.match(text)
    label = found.group(1).strip("*").rstrip(":") if found else text.rstrip(".")
    return label if label and len(show_plain(label).split()) <= 4 else None


def gather_labels(passages: Sequence[Passage]) -> list[str]:
    """Labels of all list items, as distractors for other lists."""
    lists = [chunk for chunk in _list_chunks(passages) if isinstance(chunk, Listing)]
    return [label for chunk in lists for label in map(read_label, chunk.entries) if label]


def _list_chunks(passages: Sequence[Passage]) -> Iterator[object]:
    return (chunk for passage in passages for chunk in passage.chunks)


def join_all(spans: Sequence[Span | None]) -> Span | None:
    """One span over all, if they are in one file and not more than a citation may hold."""
    known = [span for span in spans if span is not None]
    if not known or len(known) != len(spans) or len({span.path for span in known}) != 1:
        return None
    whole = Span(known[0].path, min(s.start for s in known), max(s.end for s in known))
    return whole if whole.lines <= LONGEST_SPAN else None
