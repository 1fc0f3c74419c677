"""A document as an engine gets it, before and after it is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.engine.types import DocumentAnalysis


@dataclass(frozen=True)
class DocumentFile:
    """One document as bytes, its name in the author's contents, and the raw files it includes by repository path."""

    document_id: str
    source_id: str
    sha256: str
    path: str
    raw: bytes
    included: Mapping[str, bytes]
    listed_title: str = ""


@dataclass(frozen=True)
class Studied:
    """A document's analysis, and the document as it was read, as JSON."""

    analysis: DocumentAnalysis
    document: bytes
