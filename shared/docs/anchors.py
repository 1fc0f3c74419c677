"""Anchors of headings, and links that give a name: its page is known only beside all documents. Pure."""

import re

REFERENCE = "ref:"
"""The scheme of the target of a link that gives a name."""
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")


def fold(name: str) -> str:
    """Names are compared without case, blanks and signs, as each generator of sites spells them in its own way."""
    return with_case(name).lower()


def with_case(name: str) -> str:
    """A name without blanks and signs: a class and a function may differ in case alone."""
    return re.sub(r"[^\w.]+", "-", name.strip().replace("_", "-").lstrip("~!.")).strip("-")


def as_target(name: str) -> str:
    """The target of a link that gives a name."""
    return f"{REFERENCE}{with_case(name)}"


def slug(heading: str) -> str:
    """The fragment GitHub gives a heading of this plain text (before numbering of equal ones)."""
    return _NOT_IN_SLUG.sub("", heading.strip().lower()).replace(" ", "-")


def free_anchor(wanted: str, given: dict[str, int]) -> str:
    """`wanted`, or with -1, -2, … as GitHub numbers equal ones; `given` counts the uses of each."""
    anchor = wanted
    while anchor in given:
        given[wanted] += 1
        anchor = f"{wanted}-{given[wanted]}"
    given[anchor] = 0
    return anchor
