"""Reading a document of whichever kind, for a worker process."""

from collections.abc import Callable

from shared.docs.document_text import DocumentText
from shared.docs.html.docx import read_docx
from shared.docs.html.epub import read_epub
from shared.docs.html.reader import read_html
from shared.docs.kinds import KIND_OF_TYPE
from shared.docs.pdf.reader import read_pdf

_READERS: dict[str, Callable[[bytes], DocumentText]] = {
    "html": read_html, "docx": read_docx, "epub": read_epub
}  # fmt: skip


def read_document(data: bytes, media_type: str, languages: str) -> DocumentText:
    """The text of a document; `languages` are those of scans. Raises PermanentError, whose code and message say why it
    cannot be read.
    """
    kind = KIND_OF_TYPE[media_type].name
    return read_pdf(data, languages) if kind == "pdf" else _READERS[kind](data)
