"""Titles and signposts in a reader's words. Pure."""

import re
from collections.abc import Mapping, Sequence

from shared.course.model import Level
from shared.engine.offline.pathways_tree import Slice, humanise
from shared.engine.offline.phrases import clean_heading
from shared.engine.offline.proper_names import proper_name
from shared.engine.terms import term_key, word_set
from shared.engine.types import DocumentAnalysis

MAX_TITLE = 60
_GENERIC = re.compile(
    r"^(?:tutorials?|(?:user |how[- ]to |conceptual |developer )?guides?|how[- ]tos?|references?|docs?|documentation"
    r"|basics?|advanced|general|others?|misc\w*|more|introduction|intro|overview|readme|index|home|start|concepts?"
    r"|topics?|pages?|content|getting started|get started|usage|use|learn|book|src|manual|contents?|articles?|about"
    r"|summary|welcome|examples?|features?|general reference|apis?|api reference|untitled|main|posts?|chapters?"
    r"|part .{1,4})$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:readme|index|home|introduction|intro|overview|documentation|docs|welcome|start)$", re.IGNORECASE
)
_MOST = 0.7
_REPOSITORY_ENDINGS = re.compile(
    r"(?:[-_.](?:docs?|documentation|website|site|book|guide|io|js|py|rs|wiki|com|org|dev|tutorial))+$", re.IGNORECASE
)
_NO_NAME = word_set(
    """
    book docs doc documentation guide course website site wiki handbook tutorial repo manual readme main
    """
)


def is_generic(title: str) -> bool:
    """Whether a title says nothing about its subject."""
    return bool(_GENERIC.match(title.strip()))


def bare_name(name: str) -> str:
    """A repository's name without owner and without endings such as "-docs"."""
    return _REPOSITORY_ENDINGS.sub("", name.rsplit("/", 1)[-1]) or name


def project_title(name: str, analyses: Sequence[DocumentAnalysis], overview_path: str | None) -> str:
    """The project's name as its own documents write it."""
    bare = bare_name(name)
    overview = [a for a in analyses if a.path == overview_path] or [a for a in analyses if a.doc_type == "overview"]
    if bare.lower() in _NO_NAME:
        first = [a for a in analyses if a.path == overview_path]
        proper = proper_name(analyses)
        if proper is not None:
            whole = [a.title for a in first if re.match(rf"(?:The )?{re.escape(proper)}\b(?! -|:)", a.title)]
            return next((title for title in whole if len(title) <= 40), proper)
        titles = [a.title for a in [*first, *analyses] if not is_generic(a.title) and len(a.title) <= 40]
        return titles[0] if titles else humanise(bare)
    pattern = re.compile(rf"(?<![\w.-]){re.escape(bare).replace('-', '[- ]?')}(?![\w-]|\.\w)", re.IGNORECASE)
    counts: dict[str, int] = {}
    texts = [
        text
        for a in [*overview, *analyses]
        for text in (a.title, *(s.text for s in a.summary), *(c.name for c in a.key_concepts))
    ]
    for text in texts:
        for found in pattern.findall(re.sub(r"`[^`]*`|\]\([^)]*\)", " ", text)):
            counts[found] = counts.get(found, 0) + 1
    if counts:
        return min(counts, key=lambda spelling: (-counts[spelling] - (spelling != spelling.lower()) * 2, spelling))
    return humanise(bare)


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


def pathway_words(kind: str, project: str) -> tuple[str, str]:
    """Title and description of a pathway."""
    titles = {
        "complete": (
            f"{project} from start to finish",
            f"The whole of {project}, step by step, each idea before it is used.",
        ),
        "quickstart": (
            f"Quick start with {project}",
            f"The shortest way to first results with {project}, for those in a hurry.",
        ),
        "task": (
            f"Get things done with {project}",
            f"Hands on: what people do with {project}, with code for each task.",
        ),
        "reference": (
            f"Know {project} in depth",
            f"The facts of {project} to look up and rely on: terms, settings and interfaces.",
        ),
    }
    return titles[kind]


_LANGUAGE_NAMES = {
    "python": "Python", "py": "Python", "rust": "Rust", "rs": "Rust", "go": "Go", "golang": "Go", "java": "Java",
    "ts": "TypeScript", "typescript": "TypeScript", "tsx": "TypeScript", "js": "JavaScript", "jsx": "JavaScript",
    "javascript": "JavaScript", "c": "C", "cpp": "C++", "c++": "C++", "csharp": "C#", "cs": "C#", "ruby": "Ruby",
    "rb": "Ruby", "php": "PHP", "kotlin": "Kotlin", "swift": "Swift", "scala": "Scala", "elixir": "Elixir",
    "haskell": "Haskell", "sql": "SQL", "r": "R", "julia": "Julia", "pycon": "Python",
}  # fmt: skip


def name_prerequisites(analyses: Sequence[DocumentAnalysis], level: Level) -> tuple[str, ...]:
    """What the documents themselves ask for, and the language of most examples; else that nothing is asked for."""
    explicit = list(dict.fromkeys(text for analysis in analyses for text in analysis.prerequisites))[:4]
    counts: dict[str, int] = {}
    for analysis in analyses:
        for name in sorted({_LANGUAGE_NAMES[tag] for tag in analysis.code_languages if tag in _LANGUAGE_NAMES}):
            counts[name] = counts.get(name, 0) + 1
    best = min(counts, key=lambda name: (-counts[name], name), default="")
    if best and counts[best] * 3 >= len(analyses):
        skill = "Some practice in" if level == "advanced" else "A basic knowledge of"
        explicit.append(f"{skill} {best}, the language of most examples")
    return tuple(explicit) or ("Nothing beyond curiosity: the documents name no prerequisites",)
