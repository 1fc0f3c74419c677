"""The titles of modules: the author's own names. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count

from shared.engine.titles import is_contents, is_generic, subject_of
from shared.language.headings import clean_heading
from shared.language.terms import humanise, plain

_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)+\.?|\d+[.)])\s+")
_OPENING_FILE = re.compile(r"^(?:readme|index|_index|title[-_]?page)(?![a-z])[-_. ]*", re.IGNORECASE)
_WHOLE = frozenset({"", "docs", "doc", "documentation", "index", "home", "main", "readme", "read me"})
_FOLDERS = frozenset({"src", "content", "book", "site", "website"})  # as the name of a part they say something

_MANY_ALIKE = 3  # documents of one title: it is the project's, and says nothing of theirs


def clean_name(title: str) -> str:
    """A title or heading as plain words, without number; the author's "Part 2" stays."""
    return clean_heading(title, _NUMBERING) or plain(title)


def name_group(title: str, project: str, *, is_folder: bool = False) -> str:
    """A group's title as a title takes it; "" for one that only says that the project's documentation is in it."""
    name = re.sub(r"^welcome to (?:the )?", "", clean_name(title), flags=re.IGNORECASE)
    name = subject_of(name)
    silent = {*_WHOLE, *(_FOLDERS if is_folder else ()), project.lower()}
    return "" if name.lower() in silent or is_contents(name) else name


def name_entry(heading: str) -> str:
    """The name that a heading declares, without parameters and type: `open` of "open(path)" and "open [bool]"."""
    return re.sub(r"^([^\s(\[]+)(?:\(| \[).*[)\]]$", r"\1", heading)


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

    A title that is there twice, but for capitals or a plural, gets the nearest of its places (`place(index)`, outermost
    first) that no other of them has, else the name of its file or of a folder around it that adds to it, else a number.
    One that says little by itself gets a place inside its part.
    """
    seen = set(taken)
    alike: dict[str, list[int]] = {}
    for index, title in enumerate(titles):
        alike.setdefault(title.casefold().removesuffix("s"), []).append(index)
    found = list(titles)
    for own in alike.values():
        shared = Counter(one for index in own for one in {*place(index)})
        for index in own if own[1:] or titles[own[0]] in seen or is_generic(titles[own[0]]) else ():
            title = titles[index]
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
            alone = again[title] >= _MANY_ALIKE and humanise(name) not in (*seen, *again)
            title = humanise(name) if alone else f"{title} ({humanise(name)})"
        around = [one.strip("_") for one in reversed(folders) if humanise(one).lower() not in title.lower()]
        around.sort(key=lambda one: one in ("src", "content"))  # it says least
        tries = chain([title], (f"{title} ({one})" for one in chain(around * is_whole, count(2))))
        unique.append(next(one for one in tries if one not in seen))
        seen.add(unique[-1])
    return unique


def _squeeze(text: str) -> str:
    return text.lower().replace(" ", "")
