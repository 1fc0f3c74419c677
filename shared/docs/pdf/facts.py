"""A PDF as text: what reading it gives, what is refused, and the limits. Needs no library that reads PDFs.

The text is Markdown, so that headings, code, lists and tables of a PDF go the way of a repository's page. It has one
line for each line of the PDF, and is a function of the PDF's bytes and of READER alone.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from shared.kernel.errors import PermanentError

MEDIA_TYPE = "application/pdf"
READER = "pdf-1/pypdfium2-5.15.2"
"""Which reader made a text. Another version of either part may make other lines of the same PDF."""

MAX_PDF_BYTES = 100 * 1024 * 1024
MAX_PAGES = 1_000
MAX_CHARACTERS = 4_000_000
MAX_PAGE_CHARACTERS = 100_000
"""A page of a newspaper has 30,000 characters."""

_HEAD = re.compile(rb"%PDF-\d\.\d")
_HEAD_BYTES = 1024


def is_pdf(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a PDF; other bytes may stand before the mark."""
    return _HEAD.search(head[:_HEAD_BYTES]) is not None


class UnreadablePdf(PermanentError):
    """A PDF that is refused. `code` says why for programs, the message for users."""

    code = "pdf_damaged"


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
class PdfText:
    """What reading a PDF gives: `places` has an entry for each line of `text`.

    `ignored` names what the PDF holds besides pages; nothing of that is ever run or opened.
    """

    text: str
    places: tuple[LinePlace, ...]
    pages: int
    title: str
    ignored: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
