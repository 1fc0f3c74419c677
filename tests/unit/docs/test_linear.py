"""No page takes long to read: marks of each format, repeated endlessly, take time by their length."""

import random
from collections.abc import Iterator
from itertools import product

import pytest

from shared.docs.nav.build import build_navigation
from shared.docs.reader import read_document
from shared.docs.references import find_references
from shared.docs.sentences import split_sentences
from tests.support.processor_time import processor_seconds
from tests.unit.docs.grammars import (
    GRAMMARS,
    SLOW_FILES_ONCE,
    SLOW_INCLUDES_ONCE,
    SLOW_NAVIGATION_ONCE,
    SLOW_ONCE,
    file_of,
)

_WHOLE = 100_000
_PARAGRAPH = 19_900  # as long as a line may be that is read
_SECONDS = 1.0
_SAMPLE = 2_000
_SUSPICIOUS_SECONDS = 0.03
_PAIRS = 20


def seconds(path: str, text: str) -> float:
    """Processor time for reading a file, and for finding what it includes."""
    raw = file_of(path, text)

    def work() -> None:
        read_document(path, raw, {"b.py": b"a = 1\n"})
        find_references(path, raw.decode())

    return processor_seconds(work)


def paragraphs(seed: str, length: int) -> str:
    """Paragraphs of one line, each filled with `seed`."""
    line = "The widget says " + seed * (min(_PARAGRAPH, length) // len(seed))
    return "\n\n".join([line] * max(1, length // _PARAGRAPH)) + "\n"


def shapes(seed: str, length: int) -> Iterator[str]:
    """Texts of about this length: a paragraph on one line and on many, a line for each, a block for each."""
    yield paragraphs(seed, length)
    yield "The widget says\n" + (seed * max(1, 70 // len(seed)) + "\n") * (length // 70)
    yield (seed + "\n") * (length // (len(seed) + 1))
    yield (seed + "\n\n") * (length // (len(seed) + 2))


def grows_faster_than_its_length(path: str, seed: str, shape: int) -> bool:
    """Whether a text five times as long takes more than ten times as long, or a paragraph takes too long by itself."""
    short, long = (list(shapes(seed, length))[shape] for length in (_SAMPLE, 5 * _SAMPLE))
    before = seconds(path, short)
    if before < _SUSPICIOUS_SECONDS:
        return False
    # The processor may have been busy with others: the best of three is what a text takes.
    before = min(before, seconds(path, short), seconds(path, short))
    return before >= _SUSPICIOUS_SECONDS and min(seconds(path, long) for _ in range(3)) > 12 * before


@pytest.mark.parametrize(("path", "seed"), SLOW_ONCE)
def test_what_was_slow_once_is_read_within_a_second(path: str, seed: str) -> None:
    for text in (paragraphs(seed, _WHOLE), "The widget says " + seed * (_WHOLE // len(seed))):
        # The processor may be busy with others: the best of three is what a text takes.
        assert any(seconds(path, text) < _SECONDS for _ in range(3))


@pytest.mark.parametrize("name", SLOW_FILES_ONCE)
def test_a_file_that_was_slow_once_takes_a_second_for_each_100_kb(name: str) -> None:
    path, text = SLOW_FILES_ONCE[name]
    # The processor may be busy with others: the best of three is what a file takes.
    assert any(seconds(path, text) < _SECONDS * max(1, len(text) / _WHOLE) for _ in range(3))


@pytest.mark.parametrize("name", SLOW_INCLUDES_ONCE)
def test_an_included_file_that_was_slow_once_takes_a_second(name: str) -> None:
    page, included = SLOW_INCLUDES_ONCE[name]
    files = {"b.rb": included.encode()}
    assert processor_seconds(lambda: read_document("a.adoc", page.encode(), files)) < _SECONDS


def test_python_source_that_imports_from_itself_without_end_is_searched_within_a_second() -> None:
    stars = "".join(f"from .m{n} import *\n" for n in range(60))
    package = {f"p/m{n}.py": stars.encode() for n in range(60)} | {"p/__init__.py": stars.encode()}
    page = "A\n=\n\n" + ".. autofunction:: p.gone\n\n" * 100 + f".. autofunction:: {'a.' * 140}b\n\n" * 100
    assert processor_seconds(lambda: read_document("a.rst", page.encode(), package)) < _SECONDS


@pytest.mark.parametrize("line", ["-" * 19_000, " " * 19_000 + "a", "# " * 9_500])
def test_lines_of_an_included_file_take_a_second_at_most(line: str) -> None:
    page, files = b'# A\n\n```python\n--8<-- "b.py"\n```\n', {"b.py": f"a = 1\n{line}\n".encode()}
    assert processor_seconds(lambda: read_document("a.md", page, files)) < _SECONDS


def test_blanks_of_a_navigation_take_a_second_at_most() -> None:
    blanks = " " * _WHOLE
    files = {
        "SUMMARY.md": f"# S\n\n{blanks}[a\n## a{blanks}b\n",
        "conf.py": "",
        "index.rst": f"A\n=\n\n.. toctree::\n\n   a{blanks}b\n",
    }
    assert processor_seconds(lambda: build_navigation(sorted(files), lambda path: files[path].encode())) < _SECONDS


@pytest.mark.parametrize("name", SLOW_NAVIGATION_ONCE)
def test_a_navigation_that_was_slow_once_takes_a_second_at_most(name: str) -> None:
    path, text = SLOW_NAVIGATION_ONCE[name]
    assert processor_seconds(lambda: build_navigation([path], {path: text.encode()}.__getitem__)) < _SECONDS


@pytest.mark.parametrize("seed", ["!", ".", "?!", "`", "\u201c``", "*a*. ", "a. ", "'a''", "A. ", ". )"])
def test_sentences_of_one_endless_line_are_found_within_a_second(seed: str) -> None:
    line = "The widget says " + seed * (_WHOLE // len(seed))
    assert processor_seconds(lambda: split_sentences([(1, line)])) < _SECONDS


@pytest.mark.parametrize("path", GRAMMARS)
def test_each_mark_of_a_format_takes_time_by_its_length(path: str) -> None:
    marks = product(GRAMMARS[path], range(2))
    assert [(seed, shape) for seed, shape in marks if grows_faster_than_its_length(path, seed, shape)] == []


@pytest.mark.parametrize("path", GRAMMARS)
def test_some_pairs_of_marks_take_time_by_their_length(path: str) -> None:
    pairs = ["".join(pair) for pair in product(GRAMMARS[path], repeat=2)]
    chosen = random.Random(path).sample(pairs, _PAIRS)
    assert [pair for pair in chosen if grows_faster_than_its_length(path, pair, 0)] == []
