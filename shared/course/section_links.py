"""Links to a section of a module, `[text](#module-id "Heading")`: the title names the section, and a gloss its home."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import unescape
from typing import NamedTuple

from shared.course.field_text import read_module
from shared.course.model import ConceptEntry, Module
from shared.course.plain_text import show_plain
from shared.docs.anchors import free_anchor, slug

_UNFIT = re.compile(r"[\"\\()\[\]<>`|]")  # what could end a title, a link or the cell of a table around it

_ARGUMENTS = re.compile(r"(?<=\w)\([^()]*\)")


class Spot(NamedTuple):
    """Where a title leads in its module: the fragment of a heading, or "" for the top; `gloss`: it is a concept's."""

    fragment: str
    gloss: bool = False


Spots = dict[str, dict[str, Spot]]
"""For each module, by its id, the titles that links to it may have."""


def title_of(plain: str) -> str:
    """Plain words as the title of a link, of a call its name; `&#91;` counts as the sign it stands for."""
    return " ".join(_UNFIT.sub("", _ARGUMENTS.sub("", unescape(plain))).split())


def slug_heading(text: str) -> str:
    """The fragment a heading of Markdown is linked by."""
    return slug(show_plain(text))


def list_fragments(headings: Iterable[str]) -> list[str]:
    """Fragments of headings in the order of their page; a repeated heading gets -1, -2, … as hosts number them."""
    taken: dict[str, int] = {}
    return [free_anchor(slug_heading(heading) or "section", taken) for heading in headings]


def name_headings(headings: Iterable[tuple[int, str]]) -> list[tuple[str, ...]]:
    """The names of each heading (level, Markdown) of a module: "B", "A › B", …, from the shortest to its whole path."""
    trail: list[tuple[int, str]] = []
    named = []
    for level, text in headings:
        trail = [*(above for above in trail if above[0] < level), (level, title_of(show_plain(text)))]
        words = [name for _, name in trail]
        named.append(tuple(" › ".join(words[at:]) for at in reversed(range(len(words)))))
    return named


def choose_names(headings: Sequence[tuple[int, str]]) -> list[str]:
    """The shortest name of each heading that no other heading of the module has, else its whole path."""
    named = name_headings(headings)
    uses = Counter(name for names in named for name in names)
    return [next((name for name in names if uses[name] == 1), names[-1]) for names in named]


def find_spots(modules: Iterable[Module], concepts: Iterable[ConceptEntry]) -> Spots:
    """The titles that name a heading of a module (of equal ones the first), and the glosses of its concepts."""
    spots: Spots = {}
    for module in modules:
        headings = [heading for text in read_module(module) for heading in text.headings]
        names = name_headings((one.level, one.text) for one in headings)
        own = spots.setdefault(module.id, {})
        for fragment, known in zip(list_fragments(one.text for one in headings), names, strict=True):
            for name in known:
                own.setdefault(name, Spot(fragment))
    for concept in concepts:
        if concept.module_id in spots and concept.gloss:
            own = spots[concept.module_id]
            own.setdefault(title_of(concept.gloss), Spot(home_of(concept, spots), gloss=True))
    return spots


def home_of(concept: ConceptEntry, spots: Spots) -> str:
    """The fragment of the heading that a concept is at home under, "" where its module shows none."""
    heading = title_of(show_plain(concept.home.heading)) if concept.home else ""
    return spots.get(concept.module_id or "", {}).get(heading, Spot("")).fragment
