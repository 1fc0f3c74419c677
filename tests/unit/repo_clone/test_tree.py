"""Paths of a tree may be any bytes; what is no plain text is shown escaped and never read."""

import json

import pytest

from services.repo_clone.scan import mark, plan_reading, read_order
from services.repo_clone.tree import TreeFile, is_plain, read_tree, shown_path
from shared.docs.navigation import Navigation

BLOB = "a" * 40


def entry(mode: str, path: bytes) -> bytes:
    kind = {"120000": "blob", "160000": "commit"}.get(mode, "blob")
    return f"{mode} {kind} {BLOB}\t".encode() + path + b"\0"


def test_files_links_and_submodules_are_told_apart() -> None:
    output = entry("100644", b"a.md") + entry("100755", b"run.sh") + entry("120000", b"l.md") + entry("160000", b"sub")
    assert [(file.path, file.kind) for file in read_tree(output)] == [
        ("a.md", "file"), ("run.sh", "file"), ("l.md", "link"), ("sub", "submodule"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"docs/a\nb.md", r"docs/a\nb.md"),
        (b"docs/\x1b[2J.md", r"docs/\x1b[2J.md"),
        ("docs/\u202egnp.md".encode(), r"docs/\u202egnp.md"),
        (b"docs/\xff\xfe.md", r"docs/\xff\xfe.md"),
        (b"../x.md", "../x.md"),
        (b".git/hooks/x.md", ".git/hooks/x.md"),
    ],
)
def test_a_path_that_is_no_plain_text_is_escaped_and_not_read(raw: bytes, shown: str) -> None:
    (file,) = read_tree(entry("100644", raw))
    file = TreeFile(file.path, file.git_blob, 10)
    assert not is_plain(file.path)
    assert plan_reading([file]).sizes == {}
    (marked,) = mark(plan_reading([file]), {}, Navigation(), (), {}, frozenset()).files
    assert (marked.shown_path, marked.reason, marked.kind) == (shown, "name that is no plain text", "other")
    json.dumps(marked.shown_path).encode("utf-8")


def test_an_endless_path_is_cut() -> None:
    assert len(shown_path("d/" * 5000 + "a.md")) < 1100


@pytest.mark.parametrize(
    "path", ["docs/Überblick.md", "docs/入门.md", "docs/<img src=x onerror=alert(1)>.md", "CON.md"]
)
def test_ordinary_text_is_shown_as_it_is(path: str) -> None:
    assert is_plain(path)
    assert shown_path(path) == path


def test_links_and_submodules_are_listed_as_what_they_are_with_the_reason() -> None:
    output = entry("120000", b"docs/index.md") + entry("160000", b"sub") + entry("100644", b"a.md")
    marked = mark(plan_reading(read_tree(output)), {"a.md": ""}, Navigation(), (), {}, frozenset()).files
    assert [(file.path, file.kind, file.reason, file.is_documentation) for file in marked] == [
        ("a.md", "documentation", "", True),
        ("docs/index.md", "link", "symbolic link", False),
        ("sub", "submodule", "submodule, not fetched", False),
    ]


def test_a_page_that_is_a_link_is_there() -> None:
    files = [TreeFile("mkdocs.yml", "1", 10), TreeFile("docs/a.md", "2", 10), TreeFile("docs/b.md", "3", None, "link")]
    order = read_order(plan_reading(files), {"mkdocs.yml": b"nav: [a.md, b.md, c.md]\n", "docs/a.md": b"# A\n"})
    assert order.made == ("docs/c.md",)


def test_the_authors_order_never_names_a_translation() -> None:
    pages = [f"{folder}/{n}.md" for folder in ("en", "de") for n in range(1, 6)]
    files = [TreeFile(path, path, 10) for path in [*pages, "de/6.md", "de/7.md"]]
    order = read_order(plan_reading(files), {})
    assert [entry.path for entry in order.entries] == [f"en/{n}.md" for n in range(1, 6)]
