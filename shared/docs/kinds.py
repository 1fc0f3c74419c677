"""The kinds of documents that users add to a course, by the endings of their names and by their first bytes."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|main|article|section|div|h[1-6]|p|table|ul|ol)\b", re.IGNORECASE
)
_PDF = re.compile(rb"%PDF-\d\.\d")
_HEAD_BYTES = 1024


def ending_of(name: str) -> str:
    """The ending of a file's name, in lower case and without its dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_pdf(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a PDF; other bytes may stand before the mark."""
    return _PDF.search(head[:_HEAD_BYTES]) is not None


def is_html(head: bytes) -> bool:
    """Whether a file begins like a page: with a tag, after comments and a declaration of XML."""
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return text.startswith(b"<") and _TAG.search(text) is not None


def is_archive(head: bytes) -> bool:
    """Whether a file may be a DOCX or an EPUB: what is in an archive, a worker process sees."""
    return head.startswith(b"PK\x03\x04")


@dataclass(frozen=True)
class DocumentKind:
    """One kind. `name` is its format in course.json; messages call it `about`; `sent_as` are further media types under
    which it is sent.
    """

    name: str
    about: str
    media_type: str
    endings: tuple[str, ...]
    begins: Callable[[bytes], bool]
    sent_as: tuple[str, ...] = ()


DOCUMENT_KINDS = (
    DocumentKind("pdf", "a PDF", "application/pdf", ("pdf",), is_pdf, ("application/x-pdf",)),
    DocumentKind("html", "a page", "text/html", ("html", "htm", "xhtml"), is_html, ("application/xhtml+xml",)),
    DocumentKind(
        "docx", "a DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",),
        is_archive, ("application/zip",),
    ),
    DocumentKind("epub", "an EPUB", "application/epub+zip", ("epub",), is_archive, ("application/zip",)),
)  # fmt: skip
KIND_OF_ENDING = {ending: kind for kind in DOCUMENT_KINDS for ending in kind.endings}
KIND_OF_TYPE = {kind.media_type: kind for kind in DOCUMENT_KINDS}
