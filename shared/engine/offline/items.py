"""The assessment of a module: drafts of several kinds, sifted by the item rules, aligned with the objectives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from shared.course.evidence import Evidence as CitedEvidence
from shared.course.flaws import find_flaws
from shared.course.key_support import find_key_problem, find_second_answers
from shared.course.model import Bloom, Item, Objective
from shared.course.near_items import compare_items
from shared.course.wording import level_distance
from shared.engine.offline.items_code import fill_code, gather_names, order_code
from shared.engine.offline.items_facts import find_facts
from shared.engine.offline.items_forms import Draft, Pool, ask_choice, ask_gap, ask_name, ask_truth
from shared.engine.offline.items_gaps import list_words, miss_name, miss_word, tell_topics, write_word
from shared.engine.offline.items_options import place_key
from shared.engine.offline.items_steps import gather_labels, match_rows, order_steps, pick_members
from shared.engine.offline.lesson_parts import HeadedPart, clean_heading
from shared.engine.offline.writer_evidence import Evidence
from shared.engine.offline.writer_places import Place, Places, measure_distance
from shared.engine.offline.writer_text import CODE_SPAN, is_plain_title
from shared.engine.port import ModuleBrief
from shared.ids import content_id

_FEWEST, _MOST = 3, 6
_FEWEST_OBJECTIVES = 3
_NEAR_EQUAL = 0.7
_MOST_WORDS = 80
_KEYS_A_MODULE = 3


@dataclass
class _Choice:
    """Items chosen so far, the draft and the objective of each; drafts too like an item are passed over."""

    items: list[Item] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    aims: list[Objective] = field(default_factory=list)
    passed: list[Draft] = field(default_factory=list)

    def count(self, *kinds: str) -> int:
        return sum(1 for item in self.items if item.kind in kinds)


def write_items(
    brief: ModuleBrief, parts: Sequence[HeadedPart], places: Places, evidence: Evidence
) -> tuple[list[Item], list[Place]]:
    """Up to six items and the places whose objectives they test.

    An item counts for an objective only if it asks about the objective's own matter. An objective that no item tests
    is left out, for a promise that cannot be checked is none; the spare ones step in while there are too few.
    """
    drafts = _Drafts(brief, parts, evidence)
    chosen = _Choice()
    kept = _ask_each(places.planned, drafts.best(), chosen, evidence)
    for others, some in ((places.spare, drafts.best), (places.planned, drafts.rest), (places.spare, drafts.rest)):
        if len(kept) < _FEWEST_OBJECTIVES:
            open_to = [place for place in others if place not in kept]
            kept += _ask_each(open_to, some(), chosen, evidence, _FEWEST_OBJECTIVES - len(kept))
    wanted = min(_MOST, max(_FEWEST + 1, len(places.planned)))
    for open_to, some, fewest in (
        (kept, drafts.best, wanted),
        (kept, drafts.rest, _FEWEST + 1),
        ([*kept, *places.spare], drafts.best, _FEWEST),
        ([*kept, *places.spare], drafts.rest, _FEWEST),
    ):
        while len(chosen.items) < fewest and (found := _ask(some(), chosen, open_to, evidence)):
            kept += [] if found in kept else [found]
    _spread_keys(chosen, brief.position)
    items = [
        item.model_copy(update={"objective_ids": [objective.id]})
        for item, objective in zip(chosen.items, chosen.aims, strict=True)
    ]
    return items, kept


def _ask_each(
    places: Sequence[Place], drafts: Sequence[Draft], chosen: _Choice, evidence: Evidence, most: int = _MOST
) -> list[Place]:
    """Choose an item for each objective, for `most` of them; the places of those that got one."""
    found: list[Place] = []
    for place in places:
        if len(found) < most and len(chosen.items) < _MOST and _ask(drafts, chosen, (place,), evidence):
            found.append(place)
    return found


def _ask(drafts: Sequence[Draft], chosen: _Choice, places: Sequence[Place], evidence: Evidence) -> Place | None:
    """Choose one more item for whichever of the objectives it tests; that objective's place, or None."""
    while (draft := _pick(drafts, chosen, places)) is not None:
        fitting = [place for place in places if _fits(draft, place)]
        nearest = min(fitting, key=lambda place: measure_distance(draft, place))
        if _add(chosen, draft, nearest.objective, evidence):
            return nearest
    return None


class _Drafts:
    """The sound drafts of a lesson; those about single words are made when the others do not suffice."""

    def __init__(self, brief: ModuleBrief, parts: Sequence[HeadedPart], evidence: Evidence) -> None:
        self._lesson = (brief, parts, evidence)
        self._best = sift_drafts(draft_items(brief, parts, evidence), evidence)
        self._rest: list[Draft] | None = None

    def best(self) -> Sequence[Draft]:
        """Those that ask for what the lesson names, shows or lists."""
        return self._best

    def rest(self) -> Sequence[Draft]:
        """The last resort."""
        if self._rest is None:
            brief, parts, evidence = self._lesson
            self._rest = sift_drafts(draft_words(brief, parts, evidence), evidence)
        return self._rest


def _spread_keys(chosen: _Choice, position: int) -> None:
    """Keys of single choices at one place after the other, on through the course: no place is likelier than another."""
    at = position * _KEYS_A_MODULE
    for i, item in enumerate(chosen.items):
        if item.kind == "single_choice":
            options, key = place_key(item.options, item.right[0], at)
            chosen.items[i] = item.model_copy(update={"options": options, "key": [key]})
            at += 1


def draft_items(brief: ModuleBrief, parts: Sequence[HeadedPart], evidence: Evidence) -> Iterator[Draft]:
    """Every draft the lesson gives, in reading order."""
    shown = {(one.part.document_id, one.part.section_id) for one in parts if one.part.passages}
    concepts = [c for c in brief.graph.concepts if (c.document_id, c.section_id) in shown]
    facts = find_facts(parts, concepts)
    others = tuple(c.name for c in brief.graph.concepts)
    others += tuple(h for h in (clean_heading(one.part.heading) for one in parts) if is_plain_title(h))
    pool = Pool(facts, (*_find_names(parts), *others), evidence.text)
    turn = brief.position * 5
    for i, fact in enumerate(facts):
        for build in (ask_choice, ask_name, ask_gap, ask_truth):
            draft = build(fact, pool, turn + i if build is not ask_truth else brief.position // 2 + i)
            if draft is not None:
                yield draft
    yield from _draft_tasks(brief, parts, pool, evidence)


def _draft_tasks(brief: ModuleBrief, parts: Sequence[HeadedPart], pool: Pool, evidence: Evidence) -> Iterator[Draft]:
    labels = gather_labels([passage for one in parts for passage in one.part.passages])
    names = [*labels, *_find_names(parts)]
    called = gather_names(parts)
    headings = [clean_heading(one.part.heading) for one in parts if one.part.depth > 0]
    plain = list(dict.fromkeys(h for h in headings if not set(h) & set("`\\<>") and len(h.split()) <= 8))
    starts = {
        (document_id, section.id): section.start_line
        for document_id, document in sorted(brief.documents.items())
        for section in document.sections
    }
    for i, one in enumerate(parts):
        turn = brief.position * 5 + i
        yield from order_steps(one, turn)
        yield from order_code(one, turn, brief.said_before)
        yield from islice(match_rows(one, evidence), 3)
        yield from pick_members(one, names, evidence)
        yield from islice(fill_code(one, pool, called, turn), 4)
        yield from islice(miss_name(one, pool), 4)
        start = starts.get((one.part.document_id, one.part.section_id))
        if start is not None and one.part.depth > 0 and clean_heading(one.part.heading) in plain:
            yield from tell_topics(one, plain, evidence, start)


def draft_words(brief: ModuleBrief, parts: Sequence[HeadedPart], evidence: Evidence) -> Iterator[Draft]:
    """What is left to ask when a lesson names too little: words missing from its sentences, short units of code."""
    words = list_words(parts)[:_MOST_WORDS]
    pool, called = Pool((), (), evidence.text), gather_names(parts)
    for one in parts:
        yield from islice(miss_word(one, words, evidence), 2)
        yield from islice(write_word(one), 1)
        yield from islice(order_code(one, brief.position, brief.said_before, _FEWEST), 1)
        yield from islice(fill_code(one, pool, called, brief.position, untold=True), 1)


def _find_names(parts: Sequence[HeadedPart]) -> tuple[str, ...]:
    """Inline code of the lesson, in order, each once: what could be taken for one another."""
    found: dict[str, None] = {}
    for one in parts:
        for passage in one.part.passages:
            for chunk in passage.chunks:
                texts = [said.text for said in getattr(chunk, "said", ())]
                texts += [said.text for entry in getattr(chunk, "entries", ()) for said in entry.said]
                texts += [row.cells[0] for row in getattr(chunk, "rows", ())]
                for text in texts:
                    found.update(
                        {f"`{code.group(2)}`": None for code in CODE_SPAN.finditer(text) if len(code.group(2)) < 40}
                    )
    return tuple(found)


def sift_drafts(drafts: Iterator[Draft], evidence: Evidence) -> list[Draft]:
    """The drafts without a flaw whose key the cited lines support and whose other options they do not."""
    return [draft for draft in drafts if not _find_problem(draft, evidence)]


def _find_problem(draft: Draft, evidence: Evidence) -> bool:
    item, citations = _as_item(draft, evidence)
    if find_flaws(item):
        return True
    return bool(find_key_problem(item, citations)) or any(True for _ in find_second_answers(item, citations))


def _as_item(draft: Draft, evidence: Evidence) -> tuple[Item, CitedEvidence]:
    """The draft as an item, with its citations looked up apart from the module's (it may not be chosen)."""
    apart = evidence.apart()
    ids = [apart.cite(span) for span in draft.spans]
    keyed = [option.text for option in draft.options if option.id in draft.key] if draft.options else list(draft.key)
    item = Item(
        id=content_id("i", evidence.module_id, draft.stem, *(keyed if draft.kind != "ordering" else draft.key)),
        kind=draft.kind,
        stem=draft.stem,
        options=list(draft.options),
        key=list(draft.key),
        explanation=draft.explanation,
        objective_ids=[],
        bloom=draft.claims[0],
        citation_ids=ids,
    )
    return item, apart.look_up()


def _pick(drafts: Sequence[Draft], chosen: _Choice, places: Sequence[Place]) -> Draft | None:
    """The best draft left that tests one of the objectives, preferring kinds that were not used yet."""
    ranked = [
        (_score(draft, chosen) - 3 * min(measure_distance(draft, place) for place in places), -i, draft)
        for i, draft in enumerate(drafts)
        if _is_new(draft, chosen) and any(_fits(draft, place) for place in places)
    ]
    return max(ranked, key=lambda r: r[:2])[2] if ranked else None


def _fits(draft: Draft, place: Place) -> bool:
    return _claim(draft, place.objective) is not None and measure_distance(draft, place) < 2


def _score(draft: Draft, chosen: _Choice) -> int:
    same_kind = chosen.count(draft.kind)
    same_form = sum(1 for other in chosen.drafts if other.form == draft.form)
    near = sum(1 for other in chosen.drafts if other.section_id == draft.section_id)
    return draft.worth - 2 * same_kind - 4 * same_form - 2 * near


def _is_new(draft: Draft, chosen: _Choice) -> bool:
    """Not about what another item asks already; at most one item that is true or false or has a gap."""
    if draft.kind in ("true_false", "cloze") and chosen.count("true_false", "cloze"):
        return False
    if draft.kind == "ordering" and chosen.count("ordering") > 1:
        return False
    if any(draft is other for other in chosen.passed):
        return False
    return all(
        draft is not other and draft.about.lower() != other.about.lower() and not _shares_lines(draft, other)
        for other in chosen.drafts
    )


def _shares_lines(one: Draft, other: Draft) -> bool:
    return any(a == b for a in one.spans for b in other.spans)


def _add(chosen: _Choice, draft: Draft, objective: Objective, evidence: Evidence) -> bool:
    """Take the draft unless it nearly equals an item; whether it was taken."""
    item, _ = _as_item(draft, evidence)
    if any(compare_items(item, other) > _NEAR_EQUAL for other in chosen.items):
        chosen.passed.append(draft)
        return False
    for span in draft.spans:
        evidence.cite(span)
    chosen.items.append(item.model_copy(update={"bloom": _claim(draft, objective) or item.bloom}))
    chosen.drafts.append(draft)
    chosen.aims.append(objective)
    return True


def _claim(draft: Draft, objective: Objective) -> Bloom | None:
    """The Bloom level of the draft that fits the objective: its own or the next one to it."""
    for most in (0, 1):
        for bloom in draft.claims:
            if level_distance(bloom, objective.bloom) <= most:
                return bloom
    return None
