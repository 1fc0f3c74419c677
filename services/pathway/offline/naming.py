"""The titles of modules: the author's own names. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count

from shared.engine.titles import is_contents, is_generic
from shared.language.headings import clean_heading
from shared.language.terms import humanise, plain

_SITE_SHARE, _FEWEST_TITLES = 0.4, 4
_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)+\.?|\d+[.)])\s+")
_BEFORE = re.compile(r"^(.{2,40}?)\s*(?::|\s[-–—|·])\s+(?=\S)")
_AFTER = re.compile(r"\s+[|·]\s+\S.*$|\s+[-–—]\s+([^-–—]{2,40})$")
_PART_OF_SITE = re.compile(r"\s+[|·]\s+([^\s|·][^|·]{0,40})$")
_VERSION = re.compile(r"\s+[-–—]\s+v(?:ersion)?[. ]*\d[\w.-]*$", re.IGNORECASE)
_OPENING_FILE = re.compile(r"^(?:readme|index|_index)[-_. ]*", re.IGNORECASE)
# A title of one of these words says nothing in a part of many modules.
_BARE = re.compile(
    r"(?:configuration|config|functions?|interfaces?|methods?|classes|types?|variables|enumerations?|commands?|flags"
    r"|tutorials?|reference|syntax|running|requirements|testing)",
    re.IGNORECASE,
)
_WHOLE = frozenset({"", "docs", "doc", "documentation", "src", "content", "index", "home", "main", "book", "readme",
                    "read me"})  # fmt: skip


def clean_name(title: str) -> str:
    """A title or heading as plain words, without its number and version; the author's "Part 2" stays."""
    text = clean_heading(title, _NUMBERING)
    return _VERSION.sub("", text) or text or plain(title)


def name_documents(titles: Sequence[str], paths: Sequence[str], languages: Sequence[str] = ()) -> list[str]:
    """A name for each document: its title less what all titles of its language share; where titles do not tell
    documents apart, the name of its file.
    """
    names = [clean_name(title) for title in titles]
    of_language: dict[str, list[int]] = {}
    for at in range(len(names)):
        of_language.setdefault(languages[at] if languages else "", []).append(at)
    for members in of_language.values():
        for at, name in zip(members, _without_shared([names[at] for at in members]), strict=True):
            names[at] = name
    alike = Counter(name.lower() for name in names)
    most = max(_FEWEST_TITLES, _SITE_SHARE * len(names))
    return [
        _name_by_file(path, name) if alike[name.lower()] >= most else name
        for name, path in zip(names, paths, strict=True)
    ]


def _without_shared(names: list[str]) -> list[str]:
    """Names less what many of them begin or end with."""
    for edge in (_BEFORE, _AFTER):
        found = Counter(match[match.lastindex or 0].strip().lower() for name in names if (match := edge.search(name)))
        shared, count = max(found.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        if count >= max(_FEWEST_TITLES, _SITE_SHARE * len(names)):
            names = [_without(name, edge, shared) for name in names]
    # "Mocking | Guide": a part of the site, which a few titles are enough to show.
    parts = Counter(match[1].lower() for name in names if (match := _PART_OF_SITE.search(name)))
    for part in (part for part, count in parts.items() if count >= _FEWEST_TITLES):
        names = [_without(name, _PART_OF_SITE, part) for name in names]
    return names


def _name_by_file(path: str, title: str) -> str:
    """The file's name in words; for a README or index the title, with what its name says beyond that."""
    name = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    opening = _OPENING_FILE.match(name)
    if opening is None:
        return humanise(name)
    rest = name[opening.end() :]
    return f"{title} ({rest})" if rest else title


def _without(name: str, edge: re.Pattern[str], shared: str) -> str:
    match = edge.search(name)
    if match is None or match[match.lastindex or 0].strip().lower() != shared:
        return name
    return (name[: match.start()] + name[match.end() :]).strip() or name


def name_group(title: str, project: str) -> str:
    """A group's title as a title takes it; "" for one that only says that the project's documentation is in it."""
    name = re.sub(r"^welcome to (?:the )?", "", clean_name(title), flags=re.IGNORECASE)
    name = re.sub(r"['’]s? documentation$|\s+(?:documentation|docs)$", "", name, flags=re.IGNORECASE)
    return "" if name.lower() in {*_WHOLE, project.lower()} or is_contents(name) else name


def name_part(document: str, heading: str) -> str:
    """A part of a long document: "Options: Prompts", the document alone for what only opens it."""
    name = clean_name(heading) if heading else ""
    if name.lower() in ("", document.lower()):
        return document
    return f"{document}: {name}" if document else name


def with_kind(kind: str, title: str) -> str:
    """A title with the kind of its pathway before it, "Reference: Tables", unless the title begins with that."""
    begins = title.lower().replace(" ", "").startswith(kind.lower().replace(" ", ""))
    return title if begins else f"{kind}: {title}"


def tell_apart(
    titles: Sequence[str],
    place: Callable[[int], Sequence[str]],
    path: Callable[[int], str],
    taken: Iterable[str] = (),
    parts: Sequence[str] = (),
) -> list[str]:
    """The titles made unique, and different from those that are `taken`.

    A title that is there twice gets the nearest of its places (`place(index)`, outermost first) that no other of that
    title has, else the name of its file or of a folder around it that adds to it, else a number. One that says little
    by itself gets a place inside its part.
    """
    seen = set(taken)
    alike: dict[str, list[int]] = {}
    for index, title in enumerate(titles):
        alike.setdefault(title, []).append(index)
    found = list(titles)
    for title, own in alike.items():
        shared = Counter(one for index in own for one in {*place(index)})
        says_little = is_generic(title) or _BARE.fullmatch(title)
        for index in own if len(own) > 1 or title in seen or says_little else ():
            places = [one for one in place(index) if shared[one] == 1 and _squeeze(one) not in _squeeze(title)]
            if len(own) == 1 and title not in seen:
                places = [one for one in places if one != parts[index]] if any(parts) else []
            found[index] = f"{places[-1]}: {title}" if places else title
    again, pieces = Counter(found), Counter((title, path(index)) for index, title in enumerate(found))
    unique: list[str] = []
    for index, title in enumerate(found):
        folders, is_whole = path(index).split("/"), pieces[title, path(index)] == 1
        name = _OPENING_FILE.sub("", folders.pop().rsplit(".", 1)[0])
        if again[title] > 1 and name and humanise(name).lower() not in title.lower():
            title = f"{title} ({name})"
        around = [one for one in reversed(folders) if humanise(one).lower() not in title.lower()]
        tries = chain([title], (f"{title} ({one})" for one in chain(around * is_whole, count(2))))
        unique.append(next(one for one in tries if one not in seen))
        seen.add(unique[-1])
    return unique


def _squeeze(text: str) -> str:
    return text.lower().replace(" ", "")
