"""Documents of an invented project, as a course teaches them: every section, whole."""

from collections.abc import Iterable
from pathlib import Path

from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.docs.model import Document
from shared.docs.reader import read_document

MATERIAL = Path(__file__).parent / "material"


def read_text(text: str, path: str = "docs/guide.md") -> Document:
    """A document of this text."""
    return read_document(path, text.encode(), {})


def teach(*documents: Document) -> tuple[TaughtSection, ...]:
    """All sections of documents."""
    return tuple(
        TaughtSection(f"id of {document.path}", document.path, document, section)
        for document in documents
        for section in document.sections
    )


def teach_text(text: str, path: str = "docs/guide.md") -> tuple[tuple[TaughtSection, ...], TaughtText]:
    """The sections of one document, and the taught text of a course that is made of it."""
    sections = teach(read_text(text, path))
    return sections, TaughtText(sections)


def read_material() -> tuple[TaughtSection, ...]:
    """The sections of all documents of the invented project."""
    return teach(*(read_text(file.read_text("utf-8"), f"docs/{file.name}") for file in _files()))


def _files() -> Iterable[Path]:
    return sorted(MATERIAL.glob("*.md"))


def write_pages() -> Iterable[Document]:
    """Seventy pages of an invented project, each with what eight calls give, of which four raise an error."""
    return (read_text(_write_page(page), f"docs/{page}.md") for page in range(70))


def _write_page(page: int) -> str:
    names = ("weigh", "count", "price", "pack", "lift", "stack", "tie", "fold")
    lines = [f">>> from harbor import {', '.join(names)}"]
    for at, name in enumerate(names):
        given, value = page * 7 + at * 3 + 5, page * 13 + at * 29 + 100
        error = ("Traceback (most recent call last):", "  ...", f"harbor.{('Wind', 'Tide', 'Rope')[at % 3]}Error")
        lines += [f">>> {name}({given}{', rate=2' if (page + at) % 3 else ''})"]
        lines += error if at in {(page + step) % 8 for step in (0, 1, 3, 6)} else [str(value)]
    return "# Page {}\n\nText.\n\n```pycon\n{}\n```\n".format(page, "\n".join(lines))
