"""Every reader, with all marks of its grammar and all their pairs."""

from contextlib import suppress

import pytest

from shared.docs.nav.build import build_navigation, navigation_files
from shared.docs.reader import read_document
from shared.docs.references import find_references
from shared.kernel.errors import UnreadableText
from tests.long.grammars import INCLUDED, NAVIGATION, WRAPPED
from tests.long.search import Search
from tests.unit.docs.grammars import GRAMMARS, file_of

pytestmark = [pytest.mark.long, pytest.mark.timeout(0)]


@pytest.mark.parametrize("path", GRAMMARS)
def test_readers(path: str, search: Search) -> None:

    def work(text: str) -> None:
        raw = file_of(path, text)
        with suppress(UnreadableText):
            read_document(path, raw, {})
        find_references(path, raw.decode())

    assert search.slow(path, work, GRAMMARS[path]) == []


@pytest.mark.parametrize("name", WRAPPED)
def test_text_in_what_holds_text(name: str, search: Search) -> None:
    path, before, after = WRAPPED[name]

    def work(text: str) -> None:
        with suppress(UnreadableText):  # nested hundreds deep
            read_document(path, f"{before}{text}{after}".encode(), {})

    assert search.slow(name, work, GRAMMARS[path]) == []


@pytest.mark.parametrize("name", NAVIGATION)
def test_navigation(name: str, search: Search) -> None:
    configuration, before, after, marks = NAVIGATION[name]

    def work(text: str) -> None:
        files = {"index.md": b"# A\n", "docs/a.md": b"# A\n", "docs/index.rst": b"A\n=\n", "conf.py": b""}
        files |= {"modules/ROOT/nav.adoc": b"", "antora.yml": b"nav: [modules/ROOT/nav.adoc]\n", "docs/conf.py": b""}
        files[configuration] = f"{before}{text}{after}".encode()
        build_navigation(sorted(files), files.__getitem__)
        navigation_files(sorted(files))

    assert search.slow(name, work, marks) == []


@pytest.mark.parametrize("name", INCLUDED)
def test_included_text(name: str, search: Search) -> None:
    path, include, other, marks = INCLUDED[name]

    def work(text: str) -> None:
        read_document(path, include.encode(), {other: text.encode()})

    assert search.slow(name, work, marks) == []
