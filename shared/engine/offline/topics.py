"""What a run of sections is about: the names of its documents, their weights, and what the names share. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.engine.offline.pathways_tree import Slice
from shared.engine.offline.phrases import clean_heading, is_countable
from shared.engine.offline.title_ties import title_key
from shared.engine.offline.titles import is_generic
from shared.engine.offline.word_classes import PREPOSITIONS, PRONOUNS, base_of_gerund, classes_of
from shared.engine.reading_order import rank_of
from shared.engine.terms import singular, word_set

OPENING = re.compile(
    r"^(?:readme|index|home|introduction|intro|overview|documentation|docs|welcome|start|about|.* documentation"
    r"|(?:an )?introduction to .*)$",
    re.IGNORECASE,
)
_SERIES = re.compile(r"^.*?\b(?:Part|Chapter|Lesson|Tutorial)\s+\d+\s*[:.–—-]\s*(?=\S)")
# Titles many documents of a repository have: they need the name of the group they stand in.
_COMMON = word_set(
    """
    configuration basics example examples advanced installation running testing usage administration troubleshooting
    monitoring options arguments commands tutorial setup management clustering security features concepts settings
    """
)
_MOST, _HELD, _LEAST_HELD, _PARTLY = 0.65, 0.6, 0.25, 0.75
_LOOSE_ENDS = PREPOSITIONS | {"the", "a", "an", "and", "or", "&", "your", "to"}


@dataclass(frozen=True)
class Topic:
    """A document's name as a title takes it, and its minutes in the run."""

    name: str
    minutes: float
    document_id: str


def list_topics(run: Sequence[Slice], project: str) -> tuple[Topic, ...]:
    """The documents of a run in order, those of one name as one."""
    minutes: dict[str, float] = {}
    first: dict[str, Slice] = {}
    for one in run:
        document_id = one.analysis.document_id
        minutes[document_id] = minutes.get(document_id, 0.0) + one.minutes
        first.setdefault(document_id, one)
    found: dict[str, Topic] = {}
    for document_id, one in first.items():
        name = name_document(one, project)
        key = title_key(name)
        known = found.get(key)
        total = minutes[document_id] + (known.minutes if known else 0.0)
        found[key] = Topic(known.name if known else name, total, known.document_id if known else document_id)
    return tuple(found.values())


def name_document(one: Slice, project: str) -> str:
    """A document's title without what only its site needs; openings and common titles get their group's name."""
    title = re.split(r"\s+[|·]\s+", one.analysis.title)[0]
    title = re.sub(r"^welcome to (?:the )?", "", clean_heading(title), flags=re.IGNORECASE)
    title = _without_subtitle(_SERIES.sub("", title))
    own = (one.analysis.path, one.analysis.title)
    outer = next((name_group(step, project) for step in reversed(one.trail) if step != own), "")
    boasts = rank_of(one.analysis) == 0 and re.match(rf"{re.escape(project)}\b(?:\W+\w+){{3}}", title, re.IGNORECASE)
    opens = one.analysis.path.rsplit("/", 1)[-1].lower().startswith(("readme.", "index.")) and is_generic(title)
    if OPENING.match(title) or opens or boasts or title.lower() == project.lower():
        if outer and OPENING.match(title):
            return outer if base_of_gerund(outer.split()[0]) else f"Introducing {outer}"
        return f"Introducing {project}"
    if title.lower() in _COMMON and outer and len(outer.split()) <= 2 and singular(title.lower()) not in outer.lower():
        return f"{outer} {title}"
    return title


def name_group(step: tuple[str, str], project: str) -> str:
    """A group's title as a title takes it; "" for one that says nothing of what it holds."""
    title = re.sub(r"^welcome to (?:the )?", "", clean_heading(step[1]), flags=re.IGNORECASE)
    title = _without_subtitle(_SERIES.sub("", title))
    return "" if is_generic(title) or title.lower() == project.lower() or title.lower().endswith(" docs") else title


def _without_subtitle(title: str) -> str:
    before = re.split(r"\s+[-–—]+\s+|:\s+", title, maxsplit=1)[0].strip()
    if before == title or is_generic(before) or not (len(title) > 45 or len(before.split()) == 1):
        return title
    return title[len(before) :].lstrip(" -–—:") if before.isupper() else before


def share_words(names: Sequence[str]) -> str:
    """One title for names that begin or end alike: "Wildcard and Queue Subscriptions", "CLI Options"; "" if none do."""
    if len(names) < 2:
        return ""
    lists = [name.split() for name in names]
    ends = _common(list(reversed(words)) for words in lists)
    starts = _common(lists)
    while starts and lists[0][starts - 1].lower() in {"a", "an", "the"}:
        starts -= 1
    if len(names) == 2 and 0 < ends < min(map(len, lists)):
        head = " ".join(lists[1][-ends:])
        rest = [" ".join(words[:-ends]) for words in lists]
        alike = len({(len(one.split()), base_of_gerund(one.split()[0].lower()) is None) for one in rest}) == 1
        if alike and not any(set(re.findall(r"[\w&]+", one.lower())) & _LOOSE_ENDS for one in [*rest, head]):
            return f"{rest[0]} and {rest[1]} {head}"
    if len(names) == 2 and 0 < starts < min(map(len, lists)) and lists[0][starts - 1].lower() in PREPOSITIONS:
        rest = [" ".join(words[starts:]) for words in lists]
        if any(re.search(r",|\b(?:and|or)\b|&", one) for one in rest):
            return ""
        return f"{' '.join(lists[0][:starts])} {rest[0]} and {rest[1]}"
    if ends and not any(words[:-ends][-1:] and words[-ends - 1].lower() in PREPOSITIONS for words in lists):
        return _plural(lists[0][-ends:])
    return _plural(_trim(lists[0][:starts])) if starts > 1 else ""


def _common(lists: Iterable[Sequence[str]]) -> int:
    """How many words lists have in common from their start, in singular or plural."""
    keyed = [[singular(word.lower()) for word in words] for words in lists]
    count = 0
    for column in zip(*keyed, strict=False):
        if len(set(column)) > 1:
            break
        count += 1
    return count


def _trim(words: Sequence[str]) -> list[str]:
    kept = list(words)
    while kept and kept[-1].lower() in _LOOSE_ENDS:
        kept.pop()
    return kept


def _plural(words: Sequence[str]) -> str:
    """What several things are called together; "" for words that name nothing."""
    last = words[-1] if words else ""
    title = " ".join(words)
    title = title[:1].upper() + title[1:]
    if not re.fullmatch(r"[A-Z]?[a-z-]{3,}", last) or is_generic(title) or base_of_gerund(last.lower()):
        return ""
    if "NOUN" not in classes_of(last.lower()) or any(word.lower() in _LOOSE_ENDS | PRONOUNS | {"up"} for word in words):
        return ""
    if not is_countable(last.lower()) or last.endswith("s"):
        return title
    return title[:-1] + "ies" if re.search(r"[^aeiou]y$", last) else f"{title}s"


def weigh_groups(slices: Sequence[Slice]) -> dict[tuple[str, str], float]:
    """The minutes of each of the author's groups."""
    minutes: dict[tuple[str, str], float] = {}
    for one in slices:
        for step in one.trail:
            minutes[step] = minutes.get(step, 0.0) + one.minutes
    return minutes


def group_strength(inside: float, total: float, whole: float) -> float:
    """How well a group's title suits a run: `inside` of its `total` minutes are the group's, which has `whole`."""
    covered, held = inside / max(total, 0.01), inside / max(whole, 0.01)
    if covered < _MOST:
        return 0.0
    return covered if held >= _HELD else _PARTLY * covered if held >= _LEAST_HELD else 0.0
