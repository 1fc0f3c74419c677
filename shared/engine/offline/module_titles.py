"""Titles and descriptions of modules, in the words of the documents they hold. Pure.

A title names what most of a module is about: the author's group, what its documents' names share, or one or two of
them. It is never a list.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from shared.engine.offline.objectives import is_taught
from shared.engine.offline.pathways_tree import Slice, section_minutes
from shared.engine.offline.phrases import clean_heading
from shared.engine.offline.title_ties import name_places, share_numbers, title_key
from shared.engine.offline.titles import enumerate_words, is_generic
from shared.engine.offline.topics import Topic, group_strength, list_topics, name_group, share_words, weigh_groups
from shared.engine.reading_order import rank_of
from shared.engine.types import LearningObjective

MAX_TITLE = 60
_NO_DOINGS = ("explain ", "describe ", "summarize ", "identify ", "recognize ", "demonstrate ")
_LONGEST_PREFIX = 28
_PAIRS_OF = 4
_MOST = 0.6
_JOINED = re.compile(r",|\band\b|\bor\b|&|\bvs\b|[:?!/]", re.IGNORECASE)
# Groups whose general title is still the best there is for what they hold.
_KINDS = re.compile(
    r"(?:examples?|samples?|api reference|general reference|how-?tos?|how to - .*|tutorials?)$", re.IGNORECASE
)
_ASIDE = re.compile(
    r"(?:faqs?|frequently asked questions.*|glossary|licen[cs]e.*|change ?log.*|release notes.*|videos?|untitled|todo"
    r"|design decisions.*|resources|requirements|index|miscellaneous.*|misc|release polic(?:y|ies))$",
    re.IGNORECASE,
)
_INTRODUCING = "Introducing "


@dataclass(frozen=True)
class _Candidate:
    title: str
    strength: float


def title_modules(runs: Sequence[tuple[Slice, ...]], project: str) -> list[str]:
    """One title per run of slices, unique and at most 60 characters."""
    groups = weigh_groups([one for run in runs for one in run])
    homes = [document for run in runs for document in {one.analysis.document_id: None for one in run}]
    parted = frozenset(document for document in homes if homes.count(document) > 1)
    titles: list[str] = []
    used: set[str] = set()
    for run in runs:
        ranked = sorted(_candidates(run, groups, parted, project), key=lambda one: -one.strength)
        fitting = [shorten(one.title) for one in ranked if one.title]
        options = (*fitting, *_place(fitting[0] if fitting else project, run))
        title = next((one for one in options if title_key(one) not in used), None)
        if title is None:
            title = _again(shorten(fitting[0] if fitting else project, MAX_TITLE - 12), used)
        used.add(title_key(title))
        titles.append(title)
    return titles


def _place(title: str, run: tuple[Slice, ...]) -> Iterator[str]:
    """The title with the place of its first document: "About: Billing"."""
    for place in name_places(run, title):
        placed = f"{title} ({place})" if ":" in title else f"{title}: {place}"
        if len(placed) <= MAX_TITLE:
            yield placed


def _again(title: str, used: set[str]) -> str:
    """The title counted on. A number that is not used yet always comes, because numbers are part of a title's key."""
    if title_key(continued := f"{title}, continued") not in used:
        return continued
    return next(counted for number in count(2) if title_key(counted := f"{title} ({number})") not in used)


def _candidates(
    run: tuple[Slice, ...], groups: Mapping[tuple[str, str], float], parted: frozenset[str], project: str
) -> list[_Candidate]:
    topics = list_topics(run, project)
    total = sum(topic.minutes for topic in topics) or 0.01
    if len({one.analysis.document_id for one in run}) == 1:
        return _of_document(run, topics[0], parted)
    of_topics = _of_topics(topics, total)
    of_groups = _of_groups(run, total, groups, of_topics, project)
    return [*of_groups, *_of_opening(run, topics, total), *of_topics, *_of_main_part(run, topics, total, parted)]


def _of_document(run: tuple[Slice, ...], topic: Topic, parted: frozenset[str]) -> list[_Candidate]:
    """A whole document has its name; a part of one has its first name, or that of its weightiest sections."""
    whole = run[0].analysis.document_id not in parted
    begins = run[0].sections[0].id == next((s.id for s in run[0].analysis.sections if s.teachable), "")
    strength = 1.0 if whole else 0.95 if begins else 0.2
    placed = [
        _Candidate(one, strength - 0.01) for one in _place(topic.name, run)
    ]  # where another document has the name
    return [_Candidate(topic.name, strength), *placed, *_of_headings(run, topic.name)]


def _of_main_part(
    run: tuple[Slice, ...], topics: Sequence[Topic], total: float, parted: frozenset[str]
) -> Iterable[_Candidate]:
    """The headings of a part of the document that introduces the subject, where it is most of a run: its own name says
    what the module that begins it says, and what comes beside it is less.
    """
    main = max(topics, key=lambda topic: topic.minutes)
    share = main.minutes / total
    if main.document_id in parted and main.name.startswith(_INTRODUCING) and share >= _MOST:
        its_own = tuple(one for one in run if one.analysis.document_id == main.document_id)
        yield from (replace(one, strength=share * one.strength) for one in _of_headings(its_own, main.name))


def _of_headings(run: tuple[Slice, ...], name: str) -> list[_Candidate]:
    """Titles from the headings of a document's parts, the heaviest first, behind its name where there is room."""
    weights: dict[str, float] = {}
    for one in run:
        heading = clean_heading(one.sections[0].heading)
        if not is_generic(heading) and title_key(heading) != title_key(name):
            weights[heading] = weights.get(heading, 0.0) + section_minutes(one.sections)
    parts = [Topic(heading, minutes, "") for heading, minutes in weights.items()]
    inner = _of_topics(parts, sum(weights.values()) or 0.01)
    prefix = "" if len(name) > _LONGEST_PREFIX or name.startswith(_INTRODUCING) else f"{name}: "
    named = [_Candidate(f"{prefix}{one.title}", one.strength + 0.05) for one in inner if prefix]
    return [one for one in named if len(one.title) <= MAX_TITLE] + inner


def _of_topics(topics: Sequence[Topic], total: float) -> list[_Candidate]:
    """What names share, two names, and one: the more of the run they cover, the better."""
    found: list[_Candidate] = []
    heavy = sorted(topics, key=lambda topic: -topic.minutes)[:_PAIRS_OF]
    plain = [topic for topic in topics if not topic.name.startswith(_INTRODUCING)]
    if series := share_numbers([topic.name for topic in topics]):
        found.append(_Candidate(series, 0.98))
    shared = share_words([topic.name for topic in plain])
    if shared and len(plain) > 1:
        found.append(_Candidate(shared, 0.95 * sum(topic.minutes for topic in plain) / total))
    for one in heavy:
        for other in heavy:
            if topics.index(one) >= topics.index(other) or _is_within(one.name, other.name):
                continue
            covered = (one.minutes + other.minutes) / total
            introducing = one.name.startswith(_INTRODUCING) or other.name.startswith(_INTRODUCING)
            both = "" if introducing else share_words([one.name, other.name])
            if both and " and " in both:
                found.append(_Candidate(both, 0.36 + 0.5 * covered))
            elif not _JOINED.search(f"{one.name} {other.name}") and not introducing:
                poor = min(0.0, _poorness(one.name) + _poorness(other.name))
                found.append(_Candidate(f"{one.name} and {other.name}", 0.33 + 0.5 * covered + poor))
    found = [one for one in found if len(one.title) <= MAX_TITLE]
    return found + [_Candidate(one.name, 0.3 + 0.5 * one.minutes / total + _poorness(one.name)) for one in topics]


def _is_within(one: str, other: str) -> bool:
    """Whether one name says what the other says and more."""
    words, others = set(title_key(one).split()), set(title_key(other).split())
    return words <= others or others <= words


def _poorness(name: str) -> float:
    """What a name loses that tells a reader little: general words, bare package names, single verbs."""
    if not name or is_generic(name) or _ASIDE.match(name):
        return -0.25
    if len(name) > MAX_TITLE:
        return -0.25
    single = " " not in name
    return -0.12 if single and (not name[0].isupper() or name.endswith("ing") or len(name) < 4) else 0.0


def _of_groups(
    run: tuple[Slice, ...],
    total: float,
    groups: Mapping[tuple[str, str], float],
    topics: Sequence[_Candidate],
    project: str,
) -> Iterable[_Candidate]:
    """The author's groups that hold most of the run: by their title when the run holds most of them, else before a
    topic.
    """
    for depth, (step, inside) in enumerate(weigh_groups(run).items()):
        title = name_group(step, project)
        if title and len(title) <= _LONGEST_PREFIX and inside >= 0.8 * total:
            yield from _completed(title, topics)
        strength = group_strength(inside, total, groups.get(step, inside))
        if strength and group_strength(inside, total, inside) == strength:
            kind = clean_heading(step[1])
            if title:
                yield _Candidate(title, strength + 0.1 + 0.001 * depth + 2 * _poorness(title))
            elif _KINDS.match(kind):
                yield _Candidate(kind, strength - 0.35)
            continue
        if not title or not strength:
            continue
        for topic in topics:
            joined = f"{title}: {topic.title}"
            fits = len(title) <= _LONGEST_PREFIX and len(joined) <= MAX_TITLE and ":" not in topic.title
            if fits and title_key(title) not in title_key(topic.title) and not topic.title.startswith(_INTRODUCING):
                yield _Candidate(joined, topic.strength + 0.08)


def _completed(group: str, topics: Sequence[_Candidate]) -> Iterable[_Candidate]:
    """Names too bare to stand alone, behind the group they belong to: "Redux Fundamentals: Store"."""
    for topic in topics:
        if " " not in topic.title and title_key(topic.title) not in title_key(group) and _poorness(group) == 0.0:
            yield _Candidate(f"{group}: {topic.title}", topic.strength + 0.13)


def _of_opening(run: tuple[Slice, ...], topics: Sequence[Topic], total: float) -> Iterable[_Candidate]:
    """A run that opens with an introduction and goes on with first steps introduces its subject."""
    if topics[0].name.startswith(_INTRODUCING):
        early = sum(one.minutes for one in run if rank_of(one.analysis) <= 1) / total
        yield _Candidate(topics[0].name, 0.45 + 0.5 * early)


def shorten(title: str, limit: int = MAX_TITLE) -> str:
    """A title cut at a word so that it has at most `limit` characters."""
    title = " ".join(title.split())
    if len(title) <= limit:
        return title
    before, _, _ = title.partition(": ")
    if len(before) <= limit and " " in before:
        return before
    cut = title[: limit + 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-(")[:limit]
    while (shorter := re.sub(r"[\s,]+(?:and|or|of|for|the|a|an|in|with|to|on|by|from)$", "", cut)) != cut:
        cut = shorter
    return cut


def describe_module(run: tuple[Slice, ...], title: str, project: str, objectives: Sequence[LearningObjective]) -> str:
    """A signpost that names subjects or what one learns to do, and nothing that would need a citation."""
    topics = list_topics(run, project)
    if len(topics) < 3:
        headings = [(clean_heading(s.heading), s) for one in run for s in one.sections if s.level == 2]
        topics = (*topics, *(Topic(name, section_minutes([section]), "") for name, section in headings))
    known: dict[str, Topic] = {}
    for topic in topics:
        plain = is_plain(topic.name) and not is_generic(topic.name) and is_taught(topic.name)
        if plain and not topic.name.startswith(_INTRODUCING) and title_key(topic.name) not in title_key(title):
            known.setdefault(title_key(topic.name), topic)
    heavy = sorted(known.values(), key=lambda topic: -topic.minutes)[:3]
    names = [topic.name for topic in known.values() if topic in heavy and " and " not in topic.name]
    if len(names) >= 2:
        return f"You work through {enumerate_words(names)}."
    if doings := list_doings(objectives)[:3]:
        return f"You learn how to {enumerate_words(doings)}."
    subject = title.removeprefix(_INTRODUCING)
    return f"You get to know {subject}." if is_plain(subject) else "You take the next step through the subject."


def list_doings(objectives: Iterable[LearningObjective]) -> list[str]:
    """What one can do after reaching the objectives, in plain words: "create a stream"."""
    texts = (one.text[:1].lower() + one.text[1:] for one in objectives)
    doings = (re.sub(r"^(?:demonstrate|explain) how to ", "", text) for text in texts)
    return [doing for doing in doings if is_plain(doing) and not doing.startswith(_NO_DOINGS)]


def is_plain(name: str) -> bool:
    """Whether a name is words only: no digit, code, path, flag or compound spelling."""
    return bool(
        re.fullmatch(r"[^\W\d_]+(?:[ '’-][^\W\d_]+|, [^\W\d_]+|: [^\W\d_]+| & [^\W\d_]+)*", name)
    ) and not re.search(r"[a-z][A-Z]", name)
