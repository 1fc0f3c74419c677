"""Documents and analyses from Markdown, as the real reader gives them."""

import hashlib

from services.doc_analyser.offline.analyse import analyse
from services.doc_analyser.offline.inputs import DocumentFile
from shared.docs.model import Document
from shared.docs.navigation import Navigation, NavigationEntry
from shared.docs.reader import read_document
from shared.engine.types import DocumentAnalysis
from shared.kernel.ids import content_id


def document(text: str, path: str = "docs/page.md") -> Document:
    return read_document(path, text.encode(), {})


def analysis(text: str, path: str = "docs/page.md", project: str = "") -> DocumentAnalysis:
    digest = hashlib.sha256(text.encode()).hexdigest()
    file = DocumentFile(content_id("d", "s1", path), "s1", digest, path, text.encode(), {})
    return analyse(file, document(text, path), project)


def contents(*entries: tuple[str, str | None, int]) -> Navigation:
    return Navigation("mkdocs.yml", tuple(NavigationEntry(title, path, depth) for title, path, depth in entries))
