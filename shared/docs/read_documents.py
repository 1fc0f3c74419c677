"""A document as it was read, as JSON: stage 2 reads each document once, and stage 4 writes from that.

Stored format: the fields of `shared.docs.model`; add fields with defaults, never rename. Front matter is left out: what
it says of a document is in the analysis.
"""

from dataclasses import replace

from pydantic import TypeAdapter

from shared.docs.model import Document

MEDIA_TYPE = "application/vnd.coursewright.document+json"
"""Not plain JSON for the blob store: a document names no other blobs, whatever its text looks like."""

_DOCUMENT = TypeAdapter(Document)


def dump_document(document: Document) -> bytes:
    """The document as it is stored."""
    return _DOCUMENT.dump_json(replace(document, front_matter={}), exclude_defaults=True)


def load_document(stored: bytes) -> Document:
    """A stored document. Raises ValidationError for bytes that are not one."""
    return _DOCUMENT.validate_json(stored)
