"""Links that give a name: which page it stands on is known only beside all documents. Pure."""

import re

REFERENCE = "ref:"
"""The scheme of such a link's target."""


def fold(name: str) -> str:
    """Names are compared without case, blanks and signs, as each generator of sites spells them in its own way."""
    return re.sub(r"[^\w.]+", "-", name.strip().lower().replace("_", "-").lstrip("~!.")).strip("-")


def as_target(name: str) -> str:
    """The target of a link that gives a name."""
    return f"{REFERENCE}{fold(name)}"
