"""Titles and signposts of modules, from the documents and headings they hold. Pure."""

import re
from collections.abc import Mapping, Sequence

from shared.engine.offline.pathways_tree import Slice
from shared.engine.offline.phrases import clean_heading
from shared.engine.offline.titles import is_generic
from shared.engine.terms import term_key

MAX_TITLE = 60
_OPENING = re.compile(
    r"^(?:readme|index|home|introduction|intro|overview|documentation|docs|welcome|start)$", re.IGNORECASE
)
_MOST = 0.7


def title_modules(runs: Sequence[tuple[Slice, ...]], whole: Mapping[str, int], project: str) -> list[str]:
    """One title per run of slices, unique and at most 60 characters. `whole` counts the documents of each group, so
    that a group's own title is used only for the whole group.
    """
    titles: list[str] = []
    used: set[str] = set()
    homes = [document for run in runs for document in {one.analysis.document_id: None for one in run}]
    parted = frozenset(document for document in homes if homes.count(document) > 1)
    for run in runs:
        candidates = _candidates(run, whole, parted, project)
        title = next((candidate for candidate in candidates if candidate.lower() not in used), None)
        if title is None:
            title = _numbered(shorten(candidates[0], MAX_TITLE - 14), used)
        used.add(title.lower())
        titles.append(title)
    return titles


def _numbered(title: str, used: set[str]) -> str:
    words = ("continued", "further", "in practice", "in depth", "details", "revisited", "more")
    options = [f"{title}, {word}" for word in words] + [f"{title} ({number})" for number in range(2, len(used) + 3)]
    return next(option for option in options if option.lower() not in used)


def _candidates(run: tuple[Slice, ...], whole: Mapping[str, int], parted: frozenset[str], project: str) -> list[str]:
    """Possible titles, the best first: the group's when the run is most of it, else its documents', else headings."""
    documents = list(dict.fromkeys(one.analysis.document_id for one in run))
    first = {one.analysis.document_id: one for one in reversed(run)}
    names = _distinct([_document_name(first[document_id], project) for document_id in documents])
    headings = _distinct([clean_heading(one.sections[0].heading) for one in run])
    plain_headings = [heading for heading in headings if not is_generic(heading)]
    group = _main_group(run, whole)
    found: list[str] = []
    if len(documents) == 1:
        inner = [heading for heading in plain_headings if term_key(heading) != term_key(names[0])]
        if documents[0] in parted and names[0].startswith("Introducing "):
            found += _joined(inner)
        elif documents[0] in parted:
            found += [
                f"{names[0]}: {heading}" for heading in _joined(inner)[:2] if len(names[0]) + len(heading) < MAX_TITLE
            ]
            found += _joined(inner)
        found += [names[0], *_joined(inner)]
    else:
        found += [group] if group else []
        found += _joined(names)
    outer = next((title for _, title in reversed(run[0].trail) if not is_generic(title)), "")
    found += [f"{clean_heading(outer)}: {name}" for name in names if outer]
    found += _joined(plain_headings) + [f"{project}: {name}" for name in names]
    return [shorten(title) for title in found if title] or [project]


def _main_group(run: tuple[Slice, ...], whole: Mapping[str, int]) -> str:
    """The title of the innermost group that holds most of the run while the run holds most of it."""
    members: dict[tuple[str, str], set[str]] = {}
    for one in run:
        for step in one.trail:
            members.setdefault(step, set()).add(one.analysis.document_id)
    count = len({one.analysis.document_id for one in run})
    for step in reversed(list(members)):
        inside = len(members[step])
        if (
            inside > 1
            and inside >= _MOST * count
            and inside >= _MOST * whole.get(step[0], 0)
            and not is_generic(step[1])
        ):
            return clean_heading(step[1])
    return ""


def _document_name(first: Slice, project: str) -> str:
    analysis = first.analysis
    title = re.sub(r"^welcome to (?:the )?", "", clean_heading(analysis.title), flags=re.IGNORECASE)
    title = re.split(r"\s+[|·]\s+", title)[0]
    outer = next((title for _, title in reversed(first.trail) if not is_generic(title)), "")
    if _OPENING.match(title) and outer:
        return f"Introducing {clean_heading(outer)}"
    if _OPENING.match(title) or title.lower() == project.lower():
        return f"Introducing {project}"
    return title


def _distinct(names: Sequence[str]) -> list[str]:
    kept: dict[str, str] = {}
    for name in names:
        if name:
            kept.setdefault(term_key(name) or name.lower(), name)
    return list(kept.values())


def _joined(names: Sequence[str]) -> list[str]:
    """Titles from the first three, two or one of the names, the fullest that fits first."""
    options = [enumerate_words(names[:3])] if len(names) == 3 else []
    if len(names) > 3:
        options.append(f"{enumerate_words(names[:2], last=', ')} and more")
    if len(names) > 1:
        options += [enumerate_words(names[:2]), *(f"{name} and more" for name in names[:2])]
    return [option for option in options if len(option) <= MAX_TITLE] + list(names[:1])


def enumerate_words(names: Sequence[str], last: str = " and ") -> str:
    """The names as one phrase: A; A and B; A, B and C."""
    return last.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def shorten(title: str, limit: int = MAX_TITLE) -> str:
    """A title cut at a word so that it has at most `limit` characters."""
    title = " ".join(title.split())
    if len(title) <= limit:
        return title
    cut = title[: limit + 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-(")
    return re.sub(r"\s+(?:and|or|of|for|the|a|an|in|with|to|on|by|from)$", "", cut[:limit])


def describe_module(run: tuple[Slice, ...], title: str) -> str:
    """A signpost that names subjects, and nothing that would need a citation."""
    headings = [clean_heading(section.heading) for one in run for section in one.sections if section.level <= 2]
    names = _distinct([one.analysis.title for one in run] + headings)
    plain = [name for name in names if is_plain(name) and not is_generic(name) and name.lower() != title.lower()]
    if len(plain) >= 2:
        return f"You work through {enumerate_words([f'{name}' for name in plain[:3]])}."
    if is_plain(title):
        return f"You get to know {title}, one step after another."
    return "You take the next step through the subject."


def is_plain(name: str) -> bool:
    """Whether a name is words only: no digit, code, path, flag or compound spelling."""
    return bool(
        re.fullmatch(r"[^\W\d_]+(?:[ '’-][^\W\d_]+|, [^\W\d_]+|: [^\W\d_]+| & [^\W\d_]+)*", name)
    ) and not re.search(r"[a-z][A-Z]", name)
