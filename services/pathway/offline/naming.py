"""What a module is called: the author's own names. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from shared.engine.titles import is_generic
from shared.language.terms import humanise, plain

_LONGEST = 76
_MOST_NAMES = 3
_SITE_SHARE, _FEWEST_TITLES = 0.4, 4
_SYMBOLS = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]|:[a-z_]+:|[™®©]")
_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)+\.?|\d+[.)])\s+")
_BEFORE = re.compile(r"^(.{2,40}?)\s*(?::|\s[-–—|·])\s+(?=\S)")
_AFTER = re.compile(r"\s+[|·]\s+\S.*$|\s+[-–—]\s+([^-–—]{2,40})$")
_JOINED = re.compile(r"[,;]|\s(?:and|or|&)\s")


def clean_name(title: str) -> str:
    """A title or heading as plain words, without numbering, pictures and trailing punctuation."""
    text = " ".join(_SYMBOLS.sub(" ", plain(title)).split())
    return _NUMBERING.sub("", text).strip().rstrip(".:;,–—-!*…").rstrip() or text


def name_documents(titles: Sequence[str], paths: Sequence[str]) -> list[str]:
    """A name for each document: its title less what all of them share; where titles do not tell, its file's name."""
    names = [clean_name(title) for title in titles]
    for edge in (_BEFORE, _AFTER):
        found = Counter(match[match.lastindex or 0].strip().lower() for name in names if (match := edge.search(name)))
        shared, count = max(found.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        if count >= max(_FEWEST_TITLES, _SITE_SHARE * len(names)):
            names = [_without(name, edge, shared) for name in names]
    alike = Counter(name.lower() for name in names)
    most = max(_FEWEST_TITLES, _SITE_SHARE * len(names))
    return [
        humanise(path.rsplit("/", 1)[-1].rsplit(".", 1)[0]) if alike[name.lower()] >= most else name
        for name, path in zip(names, paths, strict=True)
    ]


def _without(name: str, edge: re.Pattern[str], shared: str) -> str:
    match = edge.search(name)
    if match is None or match[match.lastindex or 0].strip().lower() != shared:
        return name
    return (name[: match.start()] + name[match.end() :]).strip() or name


def name_group(title: str, project: str) -> str:
    """A group's title as a title takes it; "" for one that says nothing of what it holds."""
    name = re.sub(r"^welcome to (?:the )?", "", clean_name(title), flags=re.IGNORECASE)
    name = re.sub(r"['’]s? documentation$|\s+(?:documentation|docs)$", "", name, flags=re.IGNORECASE)
    return "" if is_generic(name) or name.lower() == project.lower() else name


def join_names(names: Sequence[str], group: str = "") -> str:
    """Several things in one title: "A and B", "A, B and C"; of more the first ones, after the name of their group."""
    distinct = list(dict.fromkeys(name for name in names if name))
    if len(distinct) <= 1:
        return distinct[0] if distinct else group
    if len(distinct) <= _MOST_NAMES and sum(map(len, distinct)) <= _LONGEST:
        return _enumerate(distinct)
    lead = f"{group}: " if group else ""
    shown = distinct[:_MOST_NAMES]
    while len(shown) > 1 and len(lead) + sum(len(name) + 2 for name in shown) > _LONGEST:
        shown.pop()
    if len(shown) == len(distinct):
        return lead + _enumerate(shown)
    joint = "; " if any(map(_JOINED.search, shown)) else ", "
    return f"{lead}{joint.join(shown)} and more"


def _enumerate(names: Sequence[str]) -> str:
    if any(map(_JOINED.search, names)):
        return "; ".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def name_part(document: str, headings: Sequence[str]) -> str:
    """A part of a long document: "Options: Prompts and Choices", "Directives: Images to Tables"."""
    names = [name for name in map(clean_name, headings) if name.lower() != document.lower()]
    lead = f"{document}: " if document else ""
    if len(names) > 2:
        return f"{lead}{names[0]} to {names[-1]}"
    return f"{lead}{_enumerate(names) if len(names) == 2 else names[0]}" if names else document


def tell_apart(titles: Sequence[str], place: Callable[[int], Sequence[str]]) -> list[str]:
    """The titles made unique: with the nearest of their places (`place(index)`, outermost first), then counted."""
    alike = Counter(titles)
    found = [
        next((f"{near}: {title}" for near in reversed(place(index)) if near and near not in title), title)
        if alike[title] > 1
        else title
        for index, title in enumerate(titles)
    ]
    seen: Counter[str] = Counter()
    unique = []
    for title in found:
        seen[title] += 1
        unique.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return unique
