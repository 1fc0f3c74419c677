"""Which of several sources counts: lists that a page gives in an order of precedence, and a case with some of them."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from services.modules.offline.items.options import ask_choice, digest, normal, stands_in
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import word_stems
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import drop_targets, show_plain
from shared.docs.model import Block
from shared.engine.types import Span

_RANKED = re.compile(r"\b(?:precedence|priority|priorities)\b[^.]*:$", re.IGNORECASE)
_LOWEST_FIRST = re.compile(
    r"^(?:(?!highest|most|decreasing|descending).)*\b(?:lowest|least|increasing|ascending)\b", re.IGNORECASE
)
_SIDE = re.compile(r"\b(?:highest|lowest|most|least|decreasing|increasing|descending|ascending|order)\b", re.IGNORECASE)
_LABEL = re.compile(r"(?P<label>(?:`[^`]*`|.)+?)(?:\s+\(|:\s|\.\s|,\s|\s[-–—]\s|[.,;]?$)", re.DOTALL)
_GIVEN, _MOST_WORDS, _MOST_ITEMS = 3, 16, 8

Source = tuple[str, Span]


def ask_precedence(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each list of sources by rank: three of them are given, and one counts."""
    for lead, told, items in _find_ranked(one):
        sources = [source for item in items if (source := _read_source(one, item))]
        if len({normal(text) for text, _ in sources}) == len(items) <= _MOST_ITEMS:
            ranked = sources[::-1] if _LOWEST_FIRST.search(lead) else sources
            given = sorted(combinations(ranked, _GIVEN), key=lambda three: (ranked[0] in three, digest(three[0][0])))
            asked = (question for three in given for question in _ask(one, said, lead, told, three))
            yield from islice(asked, 1)


def _ask(one: TaughtSection, said: TaughtText, lead: str, told: Span, given: Sequence[Source]) -> Iterator[Question]:
    """The question about three sources, the one of the highest rank first."""
    first, *rest = given
    if stands_in(one, *first):
        stems = word_stems(one, "of the ranked sources only these three are given. Which one counts?", alone=True)
        key = Choice(first[0], f"of those that are given this one has the highest rank: “{lead}”.", (first[1], told))
        others = [
            Choice(text, f"of those that are given, {first[0]} has the highest rank.", (span, first[1]))
            for text, span in rest
        ]
        yield from ask_choice("what_happens", one, said, stems, key, others, ranked=True, lines=True)


def _find_ranked(one: TaughtSection) -> Iterator[tuple[str, Span, list[Block]]]:
    """The lists of a section whose lead says that their order is one of rank: the lead, its place and the items."""
    lead, told = "", None
    lists: dict[int, tuple[str, Span, list[Block]]] = {}
    for block in one.section.blocks:
        if block.kind != "list_item":
            last = block.sentences[-1] if block.kind == "paragraph" and block.sentences else None
            lead = " ".join(drop_targets(last.text).split()) if last else ""
            told = last and Span(path=last.path or one.path, start_line=last.start_line, end_line=last.end_line)
        elif block.depth == 0 and told and _RANKED.search(lead) and _SIDE.search(lead):
            lists.setdefault(block.list_id, (lead.rstrip(":"), told, []))[2].append(block)
    return (found for found in lists.values() if len(found[2]) >= _GIVEN)


def _read_source(one: TaughtSection, item: Block) -> Source | None:
    """What an item of the list names, without what it says of it; None where that is no phrase by itself."""
    for sentence in item.sentences[:1]:
        found = _LABEL.match(" ".join(drop_targets(sentence.text).split()))
        if found and len(show_plain(found["label"]).split()) <= _MOST_WORDS:
            place = Span(path=sentence.path or one.path, start_line=item.start_line, end_line=sentence.end_line)
            return found["label"].strip(), place
    return None
