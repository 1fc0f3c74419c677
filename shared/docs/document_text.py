"""What reading a document that was added to a course gives, whatever its kind."""

from dataclasses import dataclass
from typing import NamedTuple


class LinePlace(NamedTuple):
    """Where a line of the text stands: its page from 1, and its box in points from the top left corner of the page.

    A blank line has the page of the line before it and a box of zeros.
    """

    page: int
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True)
class DocumentText:
    """A document as Markdown. One that has pages has an entry in `places` for each line of `text`.

    `ignored` names what the document holds besides its text; nothing of that is ever run or opened.
    """

    text: str
    title: str
    reader: str
    places: tuple[LinePlace, ...] = ()
    pages: int = 0
    ignored: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
