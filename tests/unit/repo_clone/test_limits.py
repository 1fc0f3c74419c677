"""Repositories beyond the limits of a course: what fits is kept, the most important first; the rest says why."""

import asyncio
import contextlib
import hashlib
import pickle
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import pytest

from services.repo_clone import limits, manifests, reading, references, scan
from services.repo_clone.contents import judge_content
from services.repo_clone.effects import name_of
from services.repo_clone.found import Scan
from services.repo_clone.reading import read_repository
from services.repo_clone.repository import Repository
from services.repo_clone.tree import TreeFile
from shared.docs.formats import DocFormat
from shared.workers.limits import LimitPassed, OutOfTime, bounded
from tests.support.workers import InlineWorkers

R = TypeVar("R")

MIB = 1024 * 1024
PROSE = b"# Page %d\n\nThis page says how the widget is turned on, page %d.\n"


class _Repository(Repository):
    """A repository in memory."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.blobs = {hashlib.sha1(data).hexdigest(): data for data in contents.values()}
        self.listed = [TreeFile(path, hashlib.sha1(data).hexdigest(), len(data)) for path, data in contents.items()]
        self.bytes_read = 0

    async def files(self) -> list[TreeFile]:
        return self.listed

    async def read(self, blobs: Mapping[str, int]) -> dict[str, bytes]:
        self.bytes_read += sum(blobs.values())
        return {blob: self.blobs[blob] for blob in blobs}


class _HurriedWorkers(InlineWorkers):
    """Workers with little time for each piece of work."""

    async def run(self, work: Callable[[], R], gives: Any = Any, **options: Any) -> R:
        with _in_a_hurry(options["about"]):
            return await super().run(work, gives, **options)

    async def run_prepared(self, work: Callable[[Any], R], gives: Any = Any, **options: Any) -> R:
        with _in_a_hurry(options["about"]):
            return await super().run_prepared(work, gives, **options)


@contextlib.contextmanager
def _in_a_hurry(about: str) -> Iterator[None]:
    try:
        with bounded(0.3):
            yield
    except OutOfTime:
        raise LimitPassed(about, "needs more than 0.3 s of processor time") from None


class _WeighingWorkers(InlineWorkers):
    """Workers that remember the largest piece of work they were sent, of those about a few documents."""

    def __init__(self) -> None:
        super().__init__()
        self.heaviest = 0

    async def run(self, work: Callable[[], R], gives: Any = Any, **options: Any) -> R:
        self._weigh(work, **options)
        return await super().run(work, gives, **options)

    async def run_prepared(self, work: Callable[[Any], R], gives: Any = Any, **options: Any) -> R:
        self._weigh(work, **options)
        return await super().run_prepared(work, gives, **options)

    def _weigh(self, work: Callable[..., object], *, pieces: int = 1, **_: Any) -> None:
        if pieces == 1:
            self.heaviest = max(self.heaviest, len(pickle.dumps(work)))


def never_end(*_: object) -> None:
    """Work that only a limit ends."""
    while True:
        pass


def scanned(contents: Mapping[str, bytes]) -> tuple[Scan, dict[str, str], int]:
    """The listing, its reasons by path, and how many bytes were read for it."""
    repository = _Repository(contents)
    found, _ = asyncio.run(read_repository(repository, InlineWorkers()))
    return found, {file.path: file.reason for file in found.files}, repository.bytes_read


def test_more_documents_than_a_course_has_are_left_out_by_importance() -> None:
    pages = {f"guide/deep/p{n:05}.md": PROSE % (n, n) for n in range(limits.MOST_DOCUMENTS)}
    contents = pages | {"a.md": PROSE % (-1, -1), "SUMMARY.md": b"* [Last](guide/deep/p02999.md)\n"}
    _, reasons, _ = scanned(contents)
    left_out = [path for path, reason in reasons.items() if reason and path != "SUMMARY.md"]
    assert left_out == ["guide/deep/p02998.md"]
    assert reasons["guide/deep/p02998.md"] == "over the limit of 3,000 documents of a course"


def test_more_text_than_a_course_has_is_neither_kept_nor_read() -> None:
    line = b"The widget is turned on by the switch of page %05d on its back side.\n"
    pages = {f"docs/p{n:03}.md": (line % n) * (MIB // len(line % n)) for n in range(120)}
    found, reasons, read = scanned(pages)
    assert sum(file.size or 0 for file in found.files if file.is_documentation) <= limits.MOST_DOCUMENT_BYTES
    assert sum(file.is_documentation for file in found.files) == 32
    assert reasons["docs/p119.md"] == "over the limit of 32 MiB of documents of a course"
    assert reasons["docs/p000.md"] == ""
    assert read <= limits.MOST_JUDGED_BYTES


def test_large_documentation_written_by_hand_is_kept_whole() -> None:
    sentence = b"The widget of page %04d is turned on by the switch on its back, and off again by the same switch.\n"
    pages = {f"docs/p{n:04}.md": (sentence % n) * (15_500 // len(sentence)) for n in range(2_000)}
    _, reasons, _ = scanned(pages)
    assert not any(reasons.values())


def test_included_files_have_limits_per_document_and_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "MOST_INCLUDED_BYTES", 2_500)
    monkeypatch.setattr(reading, "MOST_INCLUDED_BYTES_OF_ALL", 4_500)
    includes = "".join(f"{{{{#include ../src/f{n}.py}}}}\n" for n in range(6)).encode()
    contents = {"docs/p.md": PROSE % (1, 1) + b"```\n" + includes + b"```\n"}
    contents |= {f"src/f{n}.py": b"x = %d  #" % n + b"." * 992 for n in range(6)}
    found, reasons, _ = scanned(contents)
    (page,) = [file for file in found.files if file.is_documentation]
    assert page.includes == ("src/f0.py", "src/f1.py")
    assert found.kept == {"docs/p.md", "src/f0.py", "src/f1.py"}
    assert reasons["src/f2.py"] == "over the limit of 500 files or 4 MiB that one document includes"
    assert reasons["src/f5.py"] == "over the limit of 32 MiB of included files of a course"


def test_pictures_have_a_limit_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "MOST_PICTURE_BYTES", 2_500)
    shown = "".join(f"![a](f{n}.png)\n\n" for n in range(4)).encode()
    contents = {"docs/p.md": PROSE % (1, 1) + shown} | {f"docs/f{n}.png": b"%d" % n + b"." * 999 for n in range(4)}
    found, reasons, _ = scanned(contents)
    assert found.kept == {"docs/p.md", "docs/f0.png", "docs/f1.png"}
    assert reasons["docs/f3.png"] == "over the limit of 160 MiB of pictures of a course"


def test_files_the_order_is_read_from_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ORDERING_BYTES", 400)
    contents = {"docs/conf.py": b"x = 1\n", "docs/index.md": PROSE % (0, 0) + b"```{toctree}\np9\n```\n"}
    contents |= {f"docs/p{n}.md": PROSE % (n, n) + b"." * 300 for n in range(10)}
    found, _, _ = scanned(contents)
    assert [entry.path for entry in found.navigation.entries] == ["docs/index.md", "docs/p9.md"]


def test_large_documents_are_sent_to_workers_a_few_at_a_time() -> None:
    contents = {f"p{n}.md": PROSE % (n, n) + b"The widget turns again.\n" * 40_000 for n in range(20)}
    workers = _WeighingWorkers()
    asyncio.run(read_repository(_Repository(contents), workers))
    assert 2 * MIB < workers.heaviest < 9 * MIB


def test_only_the_document_that_takes_too_long_to_judge_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(path: str, text: str, doc_format: DocFormat, *, named: bool) -> str:
        if path == "slow.md":
            never_end()
        return judge_content(path, text, doc_format, named=named)

    monkeypatch.setattr(scan, "judge_content", judge)
    contents = {"a.md": PROSE % (1, 1), "slow.md": PROSE % (2, 2), "b.md": PROSE % (1, 1), "empty.md": b" "}
    found, _ = asyncio.run(read_repository(_Repository(contents), _HurriedWorkers()))
    assert {file.path: file.reason for file in found.files} == {
        "a.md": "",
        "b.md": "duplicate of a.md",
        "empty.md": "empty",
        "slow.md": "to read it needs more than 0.3 s of processor time",
    }


def test_an_order_that_takes_too_long_to_read_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "build_navigation", never_end)
    contents = {"SUMMARY.md": b"* [A](a.md)\n", "a.md": PROSE % (1, 1)}
    found, _ = asyncio.run(read_repository(_Repository(contents), _HurriedWorkers()))
    assert found.navigation.entries == ()
    assert [file.path for file in found.files if file.is_documentation] == ["a.md"]


def test_a_name_that_takes_too_long_to_find_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    contents = {"pyproject.toml": b'[project]\nname = "widgets"\n'}
    assert asyncio.run(name_of(contents, _HurriedWorkers())) == "widgets"
    monkeypatch.setattr(manifests, "load_toml", never_end)
    assert asyncio.run(name_of(contents, _HurriedWorkers())) == ""


def test_a_page_that_a_book_includes_and_its_contents_do_not_name_is_a_part_of_it() -> None:
    page = b"# A page\n\nThis page says how the widget is turned on.\n\n{{#include part.md}}\n"
    contents = {
        "book.toml": b"[book]\n", "src/SUMMARY.md": b"- [A](a.md)\n- [B](b.md)\n", "src/a.md": page,
        "src/b.md": page + b"{{#include a.md}}\n", "src/part.md": b"These words stand in two pages of the book.\n",
        "src/other.md": b"# Other\n\nThis page says how the widget is turned off.\n",
    }  # fmt: skip
    _, reasons, _ = scanned(contents)
    assert reasons == {
        "book.toml": "", "src/SUMMARY.md": "table of contents", "src/a.md": "", "src/b.md": "", "src/other.md": "",
        "src/part.md": "part of other pages",
    }  # fmt: skip
    _, reasons, _ = scanned({"notebook.toml": contents.pop("book.toml"), **contents})
    assert reasons["src/part.md"] == ""
