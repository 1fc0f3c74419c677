"""From a document's bytes to its analysis, in one go: what a worker process does for one document."""

import re
from collections.abc import Mapping

from services.doc_analyser.offline.analyse import analyse
from services.doc_analyser.offline.inputs import DocumentFile, Studied
from services.doc_analyser.offline.levels import shows_docstrings
from services.doc_analyser.offline.sections import is_teachable, says_more_than_links
from shared.docs.links import is_external
from shared.docs.model import Document
from shared.docs.problems import MADE, NOT_SHOWN, shorten
from shared.docs.read_documents import dump_document
from shared.docs.reader import read_document
from shared.engine.code_lines import count_lines
from shared.engine.minutes import is_too_long
from shared.kernel.errors import NothingToTeach
from shared.language.word_classes import load_dictionary

_LEAST_WORDS, _FEWEST_EXAMPLES = 5, 2
_OUTDATED = re.compile(
    r"\b(?:documentation|page) (?:is|has) (?:outdated|obsolete|moved)\b.{1,60}(?:latest|to-date|new)"
)
_ITS_OWN = frozenset({"author", "demo", "homepage", "license"})  # beside a repository: what a gallery says of an entry


def load() -> None:
    """Load what the first document would wait for; this module's own imports come with it."""
    load_dictionary()


def read_file(file: DocumentFile) -> Document:
    """Read a document. Raises UnreadableText, or NothingToTeach with the reason in a user's words."""
    document = read_document(file.path, file.raw, file.included, file.listed_title)
    if reason := _reason_not_to_teach(document):
        raise NothingToTeach(reason)
    return document


def study(file: DocumentFile, project: str) -> Studied:
    """A document that can be taught from; see `read_file` and `analyse`."""
    document = read_file(file)
    return Studied(analyse(file, document, project), dump_document(document))


def _reason_not_to_teach(document: Document) -> str:
    if _is_of_another_project(document.front_matter):
        return "about another project, which has a repository of its own"
    if _OUTDATED.search(" ".join(one.text for one in [*document.sentences][:2])):
        return "outdated, as it says itself"
    examples = sum(section.level > 1 and section.code_blocks > 0 for section in document.sections)
    left_out = (one for one in document.sentences if one.text.endswith(NOT_SHOWN))
    words = document.words - sum(len(one.text.split()) for one in left_out)
    if words < _LEAST_WORDS and examples < _FEWEST_EXAMPLES and not shows_docstrings(document):
        if made := [problem for problem in document.problems if problem.endswith(MADE)]:
            return shorten(made)[0]
        if document.problems:
            return f"no text to teach from: {shorten(document.problems)[0]}"
        return f"{'only code, ' * any(one.code_blocks for one in document.sections)}no text to teach from"
    if any(is_teachable(section) and says_more_than_links(section) for section in document.sections):
        return ""
    if any(is_too_long(section.words, count_lines(section.blocks)[0]) for section in document.sections):
        return "hours of text without a heading"
    return "only links to other pages" if document.links else "too few words to teach from"


def _is_of_another_project(matter: Mapping[str, object]) -> bool:
    """Whether a page's head gives its subject a repository: an entry in a gallery of themes or plugins."""
    extra = matter.get("extra")
    named = {**matter, **extra} if isinstance(extra, dict) else matter
    repository = named.get("repository")
    return isinstance(repository, str) and is_external(repository) and not _ITS_OWN.isdisjoint(named)
