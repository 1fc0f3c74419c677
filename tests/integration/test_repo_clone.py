"""Stage 1 on real Git repositories of this machine: what is found, what is left out, and what bad ones are told."""

from pathlib import Path

import pytest

from shared.docs.listing import FolderListing, Listing, NavigationPayload
from shared.sources.address import source_id_of
from tests.integration.clone_stage import GUIDE, Stage
from tests.unit.repo_clone.git_repositories import (
    LINK,
    SUBMODULE,
    commit,
    commit_tree,
    git,
    make_repository,
    raw_tree,
)


async def test_documents_their_includes_and_pictures_are_kept_and_the_rest_is_listed(
    stage: Stage, documented: Path
) -> None:
    scanned = await stage.run(documented)
    files = await stage.listing(scanned)
    assert [path for path, file in files.items() if file.is_documentation] == [
        "README.md", "docs/guide.md", "docs/index.md", "docs/parts/note.md",
    ]  # fmt: skip
    assert {path for path, file in files.items() if file.blob} == {
        "README.md", "docs/guide.md", "docs/index.md", "docs/parts/note.md", "docs/parts/deep.py", "docs/img/how.png",
        "src/main.py",
    }  # fmt: skip
    assert files["docs/index.md"].includes == ("docs/parts/deep.py", "docs/parts/note.md")
    assert files["docs/guide.md"].includes == ("src/main.py",)
    assert files["CHANGELOG.md"].reason == "changelog"
    assert files["src/other.py"].kind == "code"
    assert files["docs/img/how.png"].blob is not None
    assert files["docs/img/how.png"].blob.media_type == "image/png"
    assert files["README.md"].is_overview_candidate
    guide = files["docs/guide.md"].blob
    assert guide is not None
    assert (await stage.blobs.get(guide)).startswith(GUIDE)


async def test_the_fact_names_commit_branch_counts_and_the_authors_order(stage: Stage, documented: Path) -> None:
    scanned = await stage.run(documented)
    assert scanned.commit == git(documented, "rev-parse", "main")
    assert (scanned.ref, scanned.default_branch, scanned.repo_name) == ("main", "main", "thing")
    assert scanned.canonical_url == f"local:{scanned.commit}"
    assert (scanned.file_count, scanned.document_count) == (11, 4)
    folders = (await stage.blobs.get_model(scanned.folders, FolderListing)).root
    assert [(folder.path, folder.documents) for folder in folders] == [
        ("docs", 3), ("docs/img", 0), ("docs/parts", 1), ("src", 0),
    ]  # fmt: skip
    assert scanned.folder_count == len(folders)
    assert scanned.navigation is not None
    navigation = (await stage.blobs.get_model(scanned.navigation, NavigationPayload)).root
    assert [entry.path for entry in navigation.entries] == ["docs/index.md", "docs/guide.md"]


async def test_a_worktree_gives_its_head_commit_whatever_lies_about_in_it(tmp_path: Path, stage: Stage) -> None:
    work = tmp_path / "work tree"
    work.mkdir()
    git(work, "init", "--quiet", "--initial-branch=trunk")
    (work / "README.md").write_bytes(GUIDE)
    git(work, "add", "README.md")
    git(work, "commit", "--quiet", "-m", "first")
    git(work, "remote", "add", "origin", "git@GitHub.com:Owner/thing.git")
    (work / "README.md").write_bytes(b"changed since\n")
    (work / "new.md").write_bytes(GUIDE)
    scanned = await stage.run(work)
    files = await stage.listing(scanned)
    assert list(files) == ["README.md"]
    blob = files["README.md"].blob
    assert blob is not None
    assert await stage.blobs.get(blob) == GUIDE
    assert (scanned.canonical_url, scanned.repo_name) == ("https://github.com/Owner/thing", "thing")
    assert (scanned.ref, scanned.default_branch) == ("trunk", "trunk")


async def test_a_repository_on_this_machine_has_the_source_id_of_its_origin_everywhere(
    stage: Stage, documented: Path
) -> None:
    git(documented, "remote", "add", "origin", "git@GitHub.com:Owner/thing.git")
    scanned = await stage.run(documented)
    listing = await stage.blobs.get_model(scanned.files, Listing)
    assert scanned.source_id == listing.source_id == source_id_of("https://github.com/Owner/thing")


async def test_a_clone_of_a_clone_is_called_by_the_address_that_was_cloned_first(
    stage: Stage, documented: Path
) -> None:
    git(documented, "remote", "add", "origin", "https://user:secret@GitHub.com/Owner/thing.git/")
    for path in ("second", "third"):
        git(documented.parent, "clone", "--quiet", "--bare", str(documented), str(documented.parent / path))
    git(documented.parent / "third", "remote", "set-url", "origin", str(documented.parent / "second"))
    assert (await stage.run(documented.parent / "third")).canonical_url == "https://github.com/Owner/thing"


async def test_a_fork_without_an_origin_is_called_by_its_upstream(stage: Stage, documented: Path) -> None:
    git(documented, "remote", "add", "backup", str(documented.parent / "nowhere"))
    git(documented, "remote", "add", "upstream", "git@github.com:owner/thing.git")
    assert (await stage.run(documented)).canonical_url == "https://github.com/owner/thing"


async def test_two_clones_of_each_other_have_no_public_address(stage: Stage, documented: Path) -> None:
    git(documented, "remote", "add", "origin", str(documented))
    assert (await stage.run(documented)).canonical_url.startswith("local:")


async def test_branch_tag_annotated_tag_and_commit_each_give_their_own_files(stage: Stage, documented: Path) -> None:
    first = git(documented, "rev-parse", "main")
    git(documented, "tag", "v1", first)
    git(
        documented, "tag", "-a", "-m", "two", "v2", commit(documented, {"README.md": GUIDE, "two.md": GUIDE + b"two\n"})
    )
    commit(documented, {"README.md": GUIDE, "docs/three.md": GUIDE + b"three\n"}, branch="feature/three")
    for ref, path in (
        ("v1", "mkdocs.yml"),
        ("v2", "two.md"),
        ("feature/three", "docs/three.md"),
        (first, "mkdocs.yml"),
    ):
        scanned = await stage.run(documented, ref)
        assert path in await stage.listing(scanned)
        assert scanned.ref == ref
        assert scanned.default_branch == "main"
    assert (await stage.run(documented, "v2")).commit == git(documented, "rev-parse", "v2^{commit}")
    assert (await stage.run(documented, first.upper())).commit == first


@pytest.mark.parametrize(
    ("ref", "says"),
    [
        ("nope", "no branch or tag “nope”. It has main"),
        ("v0.25.0", "no branch or tag “v0.25.0”. Did you mean “0.25.0”? It has"),
        ("1234abc", "give all 40 digits"),
        ("0" * 40, "does not have this commit"),
        ("--upload-pack=touch x", "can't be the name"),
        ("-x", "can't be the name"),
        ("a..b", "can't be the name"),
        ("main\x00", "can't be the name"),
        ("refs/heads/$(id)", "no branch or tag"),
    ],
)
async def test_a_ref_that_is_not_there_is_told_what_there_is(
    stage: Stage, documented: Path, ref: str, says: str
) -> None:
    git(documented, "tag", "0.25.0", "main")
    error = await stage.refusal(documented, ref)
    assert (error.code, error.transient) == ("ref_not_found", False)
    assert says in error.message


async def test_a_tag_of_something_else_than_a_commit_is_refused(stage: Stage, documented: Path) -> None:
    git(documented, "tag", "blob", git(documented, "rev-parse", "main:README.md"))
    assert (await stage.refusal(documented, "blob")).code == "ref_not_found"


async def test_an_empty_repository_says_so(stage: Stage, tmp_path: Path) -> None:
    error = await stage.refusal(make_repository(tmp_path / "empty.git"))
    assert error.code == "repository_empty"


async def test_a_repository_of_longer_hashes_is_not_taken_for_an_empty_one(stage: Stage, tmp_path: Path) -> None:
    work = tmp_path / "sha256"
    work.mkdir()
    git(work, "init", "--quiet", "--object-format=sha256")
    git(work, "commit", "--quiet", "--allow-empty", "-m", "first")
    assert (await stage.refusal(work)).code == "repository_unsupported"


async def test_a_repository_without_a_default_branch_asks_for_one(stage: Stage, documented: Path) -> None:
    git(documented, "symbolic-ref", "HEAD", "refs/heads/gone")
    error = await stage.refusal(documented)
    assert "name a branch or tag. It has main" in error.message


@pytest.mark.parametrize(
    "files",
    [
        {"main.py": b"print(1)\n"},
        {"LICENSE.md": b"do what you like\n", "CHANGELOG.md": b"- 1\n"},
        {"README.md": b""},
        {"README.md": b"\n \n"},
        {"README.md": b"\x89PNG\x00\x00\x01binary" * 40},
        {"README.md": (LINK, b"/etc/passwd"), "docs": (LINK, b"../../../../etc")},
        {"README.md": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 10000000000\n"},
    ],
)
async def test_without_documentation_the_message_says_what_counts_as_some(
    stage: Stage, tmp_path: Path, files: dict[str, bytes | tuple[str, bytes]]
) -> None:
    error = await stage.refusal(make_repository(tmp_path / "bare.git", files))
    assert error.code == "no_documentation"
    assert "Markdown, reStructuredText, AsciiDoc, notebooks or text" in error.message


async def test_documentation_in_other_formats_alone_is_named_in_the_message(stage: Stage, tmp_path: Path) -> None:
    files: dict[str, bytes | tuple[str, bytes]] = {"docs/tool.org": b"* Tool\n", "tool.1": b".TH TOOL 1\n"}
    error = await stage.refusal(make_repository(tmp_path / "bare.git", files))
    assert error.message.endswith("It has some in Org and the format of manual pages, which cannot be read")


async def test_links_and_submodules_are_listed_and_never_followed(stage: Stage, tmp_path: Path) -> None:
    repository = make_repository(
        tmp_path / "evil.git",
        {
            "README.md": GUIDE, "docs/passwd.md": (LINK, b"/etc/passwd"), "sub": (SUBMODULE, b""),
            "hooks/post-checkout": ("100755", b"#!/bin/sh\ntouch pwned\n"),
            ".gitattributes": b"* filter=evil diff=evil\n",
            ".gitmodules": b'[submodule "x"]\n\tpath = sub\n\turl = https://example.org/x\n',
        },
    )  # fmt: skip
    files = await stage.listing(await stage.run(repository))
    assert files["docs/passwd.md"].reason == "symbolic link"
    assert files["docs/passwd.md"].blob is None
    assert (files["docs/passwd.md"].kind, files["sub"].kind) == ("link", "submodule")
    assert files["sub"].reason == "submodule, not fetched"
    assert [path for path, file in files.items() if file.blob] == ["README.md"]


async def test_every_encoding_is_kept_as_its_raw_bytes(stage: Stage, tmp_path: Path) -> None:
    text = "# Überblick\r\n\r\nDiese Seite erklärt, wie man die Größe ändert.\r\n"
    raw = {
        "utf16.md": text.encode("utf-16"), "latin1.md": text.replace("Ü", "ü").encode("latin-1"),
        "crlf.md": text.encode(), "bom.md": text.encode("utf-8-sig") + b"x\n",
    }  # fmt: skip
    files = await stage.listing(await stage.run(make_repository(tmp_path / "enc.git", dict(raw))))
    for path, data in raw.items():
        blob = files[path].blob
        assert files[path].is_documentation
        assert blob is not None
        assert await stage.blobs.get(blob) == data


async def test_what_is_too_large_or_binary_is_left_out_with_its_reason(stage: Stage, tmp_path: Path) -> None:
    repository = make_repository(
        tmp_path / "big.git",
        {
            "README.md": GUIDE, "docs/huge.md": b"word " * 10_000_000, "docs/binary.md": bytes(range(256)) * 10,
            "docs/line.md": b"x" * 1_048_576, "docs/copy.md": GUIDE, "docs/empty.md": b"",
        },
    )  # fmt: skip
    files = await stage.listing(await stage.run(repository))
    assert {path: file.reason for path, file in files.items()} == {
        "README.md": "", "docs/huge.md": "larger than 1 MiB and so not fetched", "docs/binary.md": "not text",
        "docs/line.md": "", "docs/copy.md": "duplicate of README.md", "docs/empty.md": "empty",
    }  # fmt: skip


async def test_names_of_any_bytes_are_listed_escaped(stage: Stage, tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "names.git")
    blob = git(repository, "hash-object", "-w", "--stdin", stdin=GUIDE)
    names = sorted([b"a\nb.md", b"c\x1b[2J.md", b"\xff.md", b"README.md", "\u202egnp.md".encode(), b"A.md"])
    commit_tree(repository, raw_tree(repository, [("100644", name, blob) for name in names]))
    files = await stage.listing(await stage.run(repository))
    assert sorted(files) == ["A.md", "README.md", r"\u202egnp.md", r"\xff.md", r"a\nb.md", r"c\x1b[2J.md"]
    assert files[r"a\nb.md"].reason == "name that is no plain text"
    assert files[r"a\nb.md"].blob is None


async def test_no_path_of_the_tree_becomes_a_file_name(stage: Stage, tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "paths.git")
    blob = git(repository, "hash-object", "-w", "--stdin", stdin=GUIDE)
    inner = raw_tree(repository, [("100644", b"evil.md", blob)])
    tree = raw_tree(repository, [("40000", b"..", inner), ("40000", b".git", inner), ("100644", b"README.md", blob)])
    commit_tree(repository, tree)
    files = await stage.listing(await stage.run(repository))
    assert {path for path, file in files.items() if file.blob} == {"README.md"}
    assert not list(tmp_path.rglob("evil.md"))
