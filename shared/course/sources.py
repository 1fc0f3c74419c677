"""The documents of a course as the gates see them: by sections and units, and by the words of their sentences."""

from collections.abc import Mapping
from functools import cached_property

from shared.course.source_units import SourceSection, read_sections
from shared.course.taught_sentences import TaughtSentences
from shared.docs.model import Document


class Sources:
    """The documents of a course. Each is taken apart once, when it is first asked for."""

    def __init__(self, documents: Mapping[str, Document], language: str = "en") -> None:
        self._documents = documents
        self._language = language
        self._sections: dict[str, tuple[SourceSection, ...]] = {}
        self._hosts: dict[str, bool] = {}

    def sections_of(self, path: str) -> tuple[SourceSection, ...]:
        """The sections of a document that hold a unit; empty when there is no such document."""
        if path not in self._sections:
            document = self._documents.get(path)
            self._sections[path] = read_sections(document) if document else ()
        return self._sections[path]

    def names(self, host: str) -> bool:
        """Whether a document says the name of a host."""
        if host not in self._hosts:
            lines = (line for document in self._documents.values() for line in document.raw_lines)
            self._hosts[host] = any(host in line for line in lines)
        return self._hosts[host]

    @cached_property
    def sentences(self) -> TaughtSentences:
        """The sentences, items and rows of all documents."""
        found = TaughtSentences(self._language)
        for path in sorted(self._documents):
            for section in self.sections_of(path):
                for unit in section.units:
                    if unit.kind != "code_line":
                        found.add(unit)
        return found
