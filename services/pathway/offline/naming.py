"""What a module is called: the author's own names. Pure."""

import re
from collections.abc import Sequence

from shared.engine.offline.phrases import clean_heading

_LONGEST = 80
_NAMES = 3


def name_document(title: str) -> str:
    """A document's title without numbering and without the site's name behind a bar."""
    return clean_heading(re.split(r"\s+[|·]\s+", title)[0]) or title


def join_names(names: Sequence[str]) -> str:
    """Several things in one title: "A and B", "A, B and C", "A, B and 3 more"."""
    distinct = list(dict.fromkeys(name for name in names if name))
    if not distinct:
        return ""
    shown = distinct[:_NAMES]
    while len(shown) > 1 and sum(len(name) + 2 for name in shown) > _LONGEST:
        shown.pop()
    more = len(distinct) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def name_part(document: str, headings: Sequence[str]) -> str:
    """A part of a long document: "Options: Prompts and Choices"."""
    names = [clean_heading(heading) or heading for heading in headings]
    inner = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}" if len(names) > 2 else join_names(names)
    return f"{document}: {inner}" if inner else document


def tell_apart(names: Sequence[str], places: Sequence[Sequence[str]]) -> list[str]:
    """The names made unique: with the nearest of their places (outermost first), then counted."""
    found = list(names)
    for index, name in enumerate(names):
        if names.count(name) > 1 and (near := next((p for p in reversed(places[index]) if p and p != name), "")):
            found[index] = f"{near}: {name}"
    seen: dict[str, int] = {}
    unique = []
    for name in found:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique
