"""Documents that are written in HTML or become HTML: the versions of their readers, what is refused, and the limits.

The text of such a document is Markdown with one sentence a line. It is a function of the document's bytes and of the
reader alone.
"""

from shared.kernel.errors import PermanentError

HTML_READER = "html-1/justhtml-3.16.0"
"""Which reader made a text. Another version of either part may make other lines of the same document."""
DOCX_READER = f"docx-1/mammoth-1.13.0/{HTML_READER}"
EPUB_READER = f"epub-1/{HTML_READER}"

MAX_HTML_BYTES = 20 * 1024 * 1024
MAX_CHARACTERS = 4_000_000
MAX_DEPTH = 60
"""Of elements inside each other; text below is read without its marks."""
MAX_ENTRIES = 10_000
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
"""Of the parts of an archive that are read; pictures and fonts are not."""


class UnreadableMarkup(PermanentError):
    """A document that is refused. `code` says why for programs, the message for users."""

    code = "document_damaged"
