"""Items made from how a lesson is built: steps to order, lists to recognise, gaps in examples, topics to tell apart."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from shared.course.flaws import describe_form
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words
from shared.engine.offline.items_facts import is_clear, unlink
from shared.engine.offline.items_forms import Draft, Pool
from shared.engine.offline.items_options import (
    Candidate,
    choose_options,
    label_options,
    rank_distractors,
    shuffle_options,
)
from shared.engine.offline.lesson import Code, Entry, Listing, Passage, Prose, Said
from shared.engine.offline.lesson_parts import HeadedPart, clean_heading
from shared.engine.offline.writer_evidence import LONGEST_SPAN, Evidence, Span
from shared.engine.offline.writer_text import end_sentence, is_plain_title, leads_on, opens_by_itself, strip_markup

_GAP = "⟨?⟩"
_INTRODUCES = re.compile(
    r"^\s*(?:(?:async )?def|class|import|from\s+\S+\s+import|let(?: mut)?|const|var|fn|func|mkdir|with)\s+.*?(\w+)"
)
_ASSIGNS = re.compile(r"^\s*([A-Za-z_]\w*)\s*(?::[^=]+)?:?=[^=]")
_CALLED = re.compile(r"(?<=[.@])([A-Za-z_]\w{2,})(?=\()")


def order_steps(one: HeadedPart) -> Iterator[Draft]:
    """A numbered procedure of three to six steps, to be put in order."""
    for passage in one.part.passages:
        for chunk in passage.chunks:
            if not isinstance(chunk, Listing) or any(entry.depth for entry in chunk.entries):
                continue
            if not 3 <= len(chunk.entries) <= 6 or not all(entry.number for entry in chunk.entries):
                continue
            steps = [unlink(entry.said[0].text) for entry in chunk.entries]
            span = _join([said.span for entry in chunk.entries for said in entry.said[:1]])
            if span is None or not all(2 <= len(strip_markup(s).split()) <= 24 and not leads_on(s) for s in steps):
                continue
            if len({step.lower() for step in steps}) < len(steps):
                continue
            options, key = shuffle_options([step.rstrip(".") for step in steps])
            yield Draft(
                "ordering", f"Put these steps in the order in which the documentation gives them under “{_title(one)}”.",
                tuple(options), tuple(key), f"The documentation begins with: {end_sentence(steps[0])}", (span,),
                ("apply", "understand"), one.part.document_id, one.part.section_id, steps[0], 9,
            )  # fmt: skip


def order_code(one: HeadedPart) -> Iterator[Draft]:
    """A short example whose lines can stand in one order only."""
    for passage in one.part.passages:
        for chunk in passage.chunks:
            if not isinstance(chunk, Code):
                continue
            lines = chunk.text.split("\n")
            if not 3 <= len(lines) <= 6 or any(not line.strip() or len(line) > 76 or "`" in line for line in lines):
                continue
            if len({line.strip() for line in lines}) < len(lines) or not _is_bound(lines):
                continue
            options, key = shuffle_options([f"`{line.strip()}`" for line in lines])
            yield Draft(
                "ordering", f"Put the lines of the example under “{_title(one)}” back in order.",
                tuple(options), tuple(key), f"The example begins with `{lines[0].strip()}` and ends with `{lines[-1].strip()}`.",
                (chunk.span,), ("apply", "understand"), one.part.document_id, one.part.section_id, lines[0], 7,
            )  # fmt: skip


def _is_bound(lines: Sequence[str]) -> bool:
    """Whether each line needs the one before it: it opens a block, decorates, or makes a name that is used next."""
    for before, after in pairwise(lines):
        opens = before.rstrip().endswith((":", "(", "[", "{", "\\", ",")) or before.lstrip().startswith("@")
        found = _INTRODUCES.match(before) or _ASSIGNS.match(before)
        uses = bool(found) and re.search(rf"\b{re.escape(found.group(1))}\b", after) is not None if found else False
        if not (opens or uses):
            return False
    return True


def pick_members(one: HeadedPart, others: Sequence[str], evidence: Evidence) -> Iterator[Draft]:
    """Two members of an announced list among names that are none."""
    for passage in one.part.passages:
        for before, chunk in pairwise(passage.chunks):
            if not isinstance(before, Prose) or not isinstance(chunk, Listing) or not leads_on(before.said[-1].text):
                continue
            intro = before.said[-1]
            labels = [label for label in (read_label(entry) for entry in chunk.entries) if label]
            spans = [intro.span, *(said.span for entry in chunk.entries for said in entry.said)]
            span = _join(spans)
            if span is None or len(labels) < 2 or len(labels) != len({label.lower() for label in labels}):
                continue
            draft = _pick_two(one, intro, labels, others, span, evidence)
            if draft is not None:
                yield draft


def _pick_two(
    one: HeadedPart, intro: Said, labels: Sequence[str], others: Sequence[str], span: Span, evidence: Evidence
) -> Draft | None:
    cited = evidence.text(span)
    keys = [label for label in labels if describe_form(label) == describe_form(labels[0])][:2]
    wrong = rank_distractors(keys[0], [Candidate(other, 0) for other in others], cited)
    if len(keys) < 2 or len(wrong) < 2:
        return None
    longest = max(wrong[:6], key=lambda text: (len(show_plain(text)), text))
    picked = [longest, *(text for text in wrong if text != longest)][:2]
    options = label_options(sorted([*keys, *picked], key=lambda text: (show_plain(text).lower(), text)))
    words = unlink(intro.text).rstrip(": ")
    if not 3 <= len(words.split()) <= 30:
        return None
    return Draft(
        "multiple_choice", f"Which two of these does the documentation list after the words “{words}”? Choose both.",
        tuple(options), tuple(option.id for option in options if option.text in keys),
        f"The list names {keys[0]} and {keys[1]}.", (span,), ("remember", "understand"),
        one.part.document_id, one.part.section_id, words, 6,
    )  # fmt: skip


def read_label(entry: Entry) -> str | None:
    """The name a list item is about: its leading code or bold words, or all of it when it is short."""
    if entry.depth or not entry.said:
        return None
    text = unlink(entry.said[0].text).strip()
    found = re.match(r"^(`[^`]+`|\*\*[^*`]+\*\*)(?=\s*(?:[:.,(–—-]|$))", text)
    label = found.group(1).strip("*").rstrip(":") if found else text.rstrip(".")
    return label if label and len(show_plain(label).split()) <= 4 else None


def fill_code(one: HeadedPart, pool: Pool, turn: int) -> Iterator[Draft]:
    """A call in an example whose name is missing."""
    taught = " ".join(said.text for p in one.part.passages for c in p.chunks if isinstance(c, Prose) for said in c.said)
    for passage in one.part.passages:
        for chunk in passage.chunks:
            if not isinstance(chunk, Code):
                continue
            for number, line in enumerate(chunk.text.split("\n")):
                names = _CALLED.findall(line)
                if len(names) != 1 or len(line) > 76 or "`" in line or not re.search(rf"\b{names[0]}\b", taught):
                    continue
                span = Span(chunk.span.path, chunk.span.start + number, chunk.span.start + number)
                chosen = choose_options(f"`{names[0]}`", _call_names(pool), pool.lines(span), turn)
                if chosen is None:
                    continue
                options, key = chosen
                shown = line.strip().replace(names[0], _GAP, 1)
                yield Draft(
                    "single_choice",
                    f"An example under “{_title(one)}” has lost a name. Which name belongs at the mark?\n\n"
                    f"```{chunk.language}\n{shown}\n```",
                    tuple(options), (key,), f"The line of the example reads `{line.strip()}`.", (span,),
                    ("apply", "understand"), one.part.document_id, one.part.section_id, names[0], 6,
                )  # fmt: skip
                break


def _call_names(pool: Pool) -> list[Candidate]:
    """Names of the lesson that look like something one calls."""
    found = [re.sub(r"\(.*$", "", show_plain(name)).lstrip("@").rsplit(".", 1)[-1] for name in pool.names]
    return [Candidate(f"`{name}`", 0) for name in dict.fromkeys(found) if re.fullmatch(r"[A-Za-z_]\w{2,}", name)]


def tell_topics(
    one: HeadedPart, headings: Sequence[str], evidence: Evidence, starts: int, turn: int
) -> Iterator[Draft]:
    """Under which heading something is said. `starts` is the line of the section's heading."""
    topic = _title(one)
    for passage in one.part.passages:
        said = next((s for chunk in passage.chunks if isinstance(chunk, Prose) for s in chunk.said), None)
        if said is None or said.span is None or not is_clear(said.text) or not opens_by_itself(said.text):
            continue
        text = unlink(said.text).rstrip(".")
        span = Span(said.span.path, min(starts, said.span.start), said.span.end)
        about = set(stem_content_words(strip_markup(text)))
        if span.lines > LONGEST_SPAN or about & set(stem_content_words(topic)):
            continue
        apart = [Candidate(h, 0) for h in headings if not about & set(stem_content_words(h))]
        chosen = choose_options(topic, apart, evidence.text(span), turn)
        if chosen is None:
            continue
        options, key = chosen
        yield Draft(
            "single_choice", f"Under which of these topics does the documentation say: “{text}”?", tuple(options), (key,),
            f"It stands under the heading {topic}: {end_sentence(text)}", (span,), ("understand", "analyze"),
            one.part.document_id, one.part.section_id, topic, 3,
        )  # fmt: skip


def _title(one: HeadedPart) -> str:
    title = clean_heading(one.part.heading)
    return title if is_plain_title(title) else strip_markup(one.part.heading)


def _join(spans: Sequence[Span | None]) -> Span | None:
    """One span over all, if they are in one file and not more than a citation may hold."""
    known = [span for span in spans if span is not None]
    if len(known) != len(spans) or len({span.path for span in known}) != 1:
        return None
    whole = Span(known[0].path, min(s.start for s in known), max(s.end for s in known))
    return whole if whole.lines <= LONGEST_SPAN else None


def gather_labels(passages: Sequence[Passage]) -> list[str]:
    """Labels of all list items, as distractors for other lists."""
    chunks = [chunk for passage in passages for chunk in passage.chunks if isinstance(chunk, Listing)]
    return [label for chunk in chunks for entry in chunk.entries if (label := read_label(entry))]
