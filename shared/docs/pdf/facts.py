"""A PDF as text: what reading it gives, what is refused, and the limits. Needs no library that reads PDFs.

The text is Markdown, so that headings, code, lists and tables of a PDF go the way of a repository's page. It has one
line for each line of the PDF, and is a function of the PDF's bytes and of READER alone.
"""

from shared.kernel.errors import PermanentError

READER = "pdf-4/pypdfium2-5.15.2"
"""Which reader made a text. Another version of either part may make other lines of the same PDF."""

MAX_PDF_BYTES = 100 * 1024 * 1024
MAX_PAGES = 1_000
MAX_CHARACTERS = 4_000_000
MAX_PAGE_CHARACTERS = 100_000
"""A page of a newspaper has 30,000 characters."""


class UnreadablePdf(PermanentError):
    """A PDF that is refused. `code` says why for programs, the message for users."""

    code = "pdf_damaged"
