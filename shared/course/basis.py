"""What a text of a lesson stands on: lines of the source, or what a model adds to them, which a label says.

A label opens a paragraph, a list item, a quote, an explanation or the feedback of an option, and holds to its end.
"""

import re
from typing import Final, Literal

Basis = Literal["source", "scene", "worked", "language", "task"]

LABELS: Final[dict[Basis, str]] = {
    "scene": "Imagine",
    "worked": "Worked out",
    "language": "In general",
    "task": "Try it",
}
"""The words that tell a reader: a situation that is made up, a result that follows from cited lines, what holds for
the programming language whatever the project, and something to do or to predict. These words are the stored format.
"""

_BASES: Final[dict[str, Basis]] = {label: basis for basis, label in LABELS.items()}
_LABEL = re.compile(rf"\*\*({'|'.join(_BASES)}):\*\*\s*")


def read_basis(text: str) -> Basis:
    """The basis that a text's label names; a text without one stands on the source."""
    found = _LABEL.match(text)
    return _BASES[found[1]] if found else "source"


def strip_label(text: str) -> str:
    """The text without its label."""
    return _LABEL.sub("", text, count=1) if _LABEL.match(text) else text


def label_of(basis: Basis) -> str:
    """The label of what does not stand on the source."""
    return f"**{LABELS[basis]}:**"


def with_label(text: str, basis: Basis) -> str:
    """The text with the label of its basis."""
    return f"{label_of(basis)} {text}" if text and basis != "source" else text
