"""Reading a document of whichever kind, for a worker process."""

from collections.abc import Callable

from shared.docs.document_text import DocumentText
from shared.docs.html.reader import read_html
from shared.docs.pdf.reader import read_pdf

_READERS: dict[str, Callable[[bytes], DocumentText]] = {"application/pdf": read_pdf, "text/html": read_html}


def read_document(data: bytes, media_type: str) -> DocumentText:
    """The text of a document. Raises PermanentError, whose code and message say why it cannot be read."""
    return _READERS[media_type](data)
