"""Stage 1 on real Git repositories of this machine: what is found, what is left out, and what bad ones are told."""

import fcntl
import os
from pathlib import Path

import pytest

from services.repo_clone.clones import Clones
from services.repo_clone.core import CORE, CloneAndScan, Scanned
from services.repo_clone.effects import RepoCloneEffects
from services.repo_clone.git_process import Limits
from shared.blobs import Blobs, open_backend
from shared.errors import CoursewrightError, PermanentError, TransientError
from shared.events.gateway import RepoCloneRequested
from shared.payloads import FileEntry, FolderListing, Listing, NavigationPayload
from shared.source_address import AddressRefused
from shared.stage_port import Run
from tests.unit.repo_clone.git_repositories import (
    LINK,
    SUBMODULE,
    commit,
    commit_tree,
    git,
    make_repository,
    raw_tree,
)

GUIDE = b"# Guide\n\nThis page explains how the thing is used from day to day.\n"


LIMITS = Limits(30, 10**8)


class Stage:
    """Stage 1 over a memory store, as a test asks it for repositories."""

    def __init__(self, folder: Path, *, allow_local: bool = True, limits: Limits = LIMITS) -> None:
        self.work = folder / "work"
        self.blobs = Blobs(open_backend("memory:"))
        self.effects = RepoCloneEffects(self.blobs, Clones(self.work, limits), allow_local, False)
        self.steps: list[tuple[str, int]] = []

    async def run(self, url: Path | str, ref: str = "", owner: str = "o", credential_id: str | None = None) -> Scanned:
        request = RepoCloneRequested(
            course_id="c",
            run_id="r",
            source_id="s",
            repo_url=str(url),
            ref=ref,
            owner=owner,
            credential_id=credential_id,
        )
        action = CORE.next_action(CORE.evolve(CORE.initial, request))
        assert action == CloneAndScan(request)
        (outcome,) = [outcome async for outcome in self.effects.perform(action, Run("c", "r", self._progress))]
        return outcome

    async def listing(self, scanned: Scanned) -> dict[str, FileEntry]:
        return {file.path: file for file in (await self.blobs.get_model(scanned.files, Listing)).files}

    async def refusal(self, url: Path | str, ref: str = "") -> CoursewrightError:
        with pytest.raises(CoursewrightError) as caught:
            await self.run(url, ref)
        return caught.value

    async def _progress(self, step: str, percent: int) -> None:
        self.steps.append((step, percent))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture
def documented(tmp_path: Path) -> Path:
    return make_repository(
        tmp_path / "thing.git",
        {
            "README.md": b"# Thing\n\nThe thing does things for people who have things to do.\n",
            "mkdocs.yml": b"nav:\n  - Home: index.md\n  - Guide: guide.md\n",
            "docs/index.md": b"# Home\n\nWelcome to the thing. ![how](img/how.png)\n\n--8<-- \"docs/parts/note.md\"\n",
            "docs/guide.md": GUIDE + b"\n```python\n--8<-- \"src/main.py\"\n```\n",
            "docs/parts/note.md": b"A note that other pages include.\n\n--8<-- \"docs/parts/deep.py\"\n",
            "docs/parts/deep.py": b"print(2)\n",
            "docs/img/how.png": b"\x89PNG\r\n\x1a\n" + bytes(20),
            "docs/img/unused.png": b"\x89PNG\r\n\x1a\n" + bytes(21),
            "src/main.py": b"print(1)\n",
            "src/other.py": b"print(3)\n",
            "CHANGELOG.md": b"# Changes\n\n- 1.0\n",
        },
    )  # fmt: skip


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
    navigation = await stage.blobs.get_model(scanned.navigation, NavigationPayload)
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


async def test_local_paths_need_the_setting(tmp_path: Path, documented: Path) -> None:
    with pytest.raises(AddressRefused, match="local stack"):
        await Stage(tmp_path, allow_local=False).run(documented)


@pytest.mark.parametrize("name", ["absent", "folder", "file"])
async def test_a_path_without_a_repository_says_so(stage: Stage, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    error = await stage.refusal(tmp_path / name)
    assert (error.code, error.transient) == ("repository_not_found", False)


async def test_the_settings_and_hooks_of_a_local_repository_have_no_effect(
    stage: Stage, documented: Path, tmp_path: Path
) -> None:
    proof = tmp_path / "pwned"
    for key in ("core.fsmonitor", "core.sshCommand", "uploadpack.packObjectsHook", "core.pager"):
        git(documented, "config", key, f"touch {proof}")
    await stage.run(documented)
    assert not proof.exists()


async def test_git_sees_nothing_of_this_process_environment(
    stage: Stage, documented: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.pager=x'")
    assert (await stage.run(documented)).document_count == 4
    assert not trace.exists()


async def test_a_second_request_within_the_hour_reuses_the_clone_of_the_same_owner_only(
    stage: Stage, documented: Path
) -> None:
    first = await stage.run(documented)
    (clone,) = (path for path in stage.work.iterdir() if path.is_dir())
    made = clone.stat().st_ino
    assert await stage.run(documented) == first
    assert [path.stat().st_ino for path in stage.work.iterdir() if path.is_dir()] == [made]
    await stage.run(documented, owner="other")
    assert sum(path.is_dir() for path in stage.work.iterdir()) == 2


async def test_a_clone_that_cannot_be_read_is_thrown_away_and_made_again(stage: Stage, documented: Path) -> None:
    first = await stage.run(documented)
    (clone,) = (path for path in stage.work.iterdir() if path.is_dir())
    (clone / "objects" / "info" / "alternates").unlink()
    with pytest.raises(TransientError):
        await stage.run(documented)
    assert await stage.run(documented) == first


async def test_what_a_killed_worker_left_half_done_is_swept_and_what_is_in_use_is_not(
    stage: Stage, documented: Path
) -> None:
    stage.work.mkdir()
    (stage.work / ".partial-dead").mkdir()
    clones = stage.effects.clones
    held = stage.work / ".partial-alive"
    held.mkdir()
    descriptor = os.open(held, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    clones.sweep()
    assert [path.name for path in stage.work.iterdir()] == [".partial-alive"]
    os.close(descriptor)
    await stage.run(documented)
    assert not list(stage.work.glob(".partial-*"))


async def test_a_clone_older_than_an_hour_is_made_again(documented: Path, tmp_path: Path) -> None:
    now = [1_700_000_000.0]
    stage = Stage(tmp_path)
    stage.effects = RepoCloneEffects(stage.blobs, Clones(stage.work, LIMITS, lambda: now[0]), True, False)
    await stage.run(documented)
    (clone,) = (path for path in stage.work.iterdir() if path.is_dir())
    (clone / "marker").touch()
    os.utime(clone, (now[0], now[0]))
    now[0] += 3599
    await stage.run(documented)
    assert (clone / "marker").exists()
    now[0] += 2
    await stage.run(documented)
    assert clone.exists()
    assert not (clone / "marker").exists()


async def test_past_the_time_limit_nothing_is_left_and_it_may_be_tried_again(tmp_path: Path, documented: Path) -> None:
    stage = Stage(tmp_path, limits=Limits(0.001, 10**8))
    error = await stage.refusal(documented)
    assert (error.code, error.transient) == ("clone_timeout", True)
    assert not list(stage.work.glob(".partial-*"))


async def test_a_credential_is_never_sent_without_a_source_of_credentials(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with pytest.raises(PermanentError) as caught:
        await stage.run("https://github.com/a/b", credential_id="k1")
    assert caught.value.code == "credential_not_found"
