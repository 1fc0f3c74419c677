"""Fetching over HTTP from a real server: pinned, filtered, without redirects, with a secret only where it belongs."""

import asyncio
import email.utils
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.repo_clone.clones import Clones
from services.repo_clone.git_process import Limits, Remote, Secret
from services.repo_clone.reading import read_repository
from services.repo_clone.resolve import resolve
from shared.kernel.errors import CoursewrightError, TransientError
from tests.support.workers import InlineWorkers
from tests.unit.repo_clone.git_repositories import commit, commit_tree, git, make_repository, raw_tree
from tests.unit.repo_clone.http_server import GitServer, serving

GUIDE = b"# Guide\n\nThis page explains how the thing is used from day to day.\n"
LIMITS = Limits(30, 10**8)
SECRET = Secret("x", "s3cret")

_WORKER = """
import asyncio, pathlib, sys
from services.repo_clone.clones import Clones
from services.repo_clone.git_process import Limits, Remote
from services.repo_clone.resolve import resolve

async def main():
    folder, url, port = sys.argv[1:]
    clones = Clones(pathlib.Path(folder), Limits(30, 10**8))
    remote = Remote(url, "http", f"git.example.invalid:{port}:127.0.0.1")
    async with clones.lend("o", None, await resolve(clones.git, remote, "")):
        pass

asyncio.run(main())
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits, a large file in the later one."""
    folder = make_repository(tmp_path / "served" / "thing.git", {"README.md": b"# Old\n\nSomething else stood here.\n"})
    commit(folder, {"README.md": GUIDE, "docs/huge.md": os.urandom(1_048_578), "docs/a.md": GUIDE * 2})
    return folder


@pytest.fixture
def server(repository: Path) -> Iterator[GitServer]:
    with serving(repository.parent) as running:
        yield running


def remote_of(server: GitServer, way: str = "open", secret: Secret | None = None) -> Remote:
    """A name no resolver knows, pinned to the server: who reaches it did not look it up again."""
    host = f"git.example.invalid:{server.port}"
    return Remote(f"http://{host}/{way}/thing", "http", f"{host}:127.0.0.1", secret)


async def fetched(tmp_path: Path, remote: Remote, ref: str = "", limits: Limits = LIMITS) -> list[tuple[str, str]]:
    """The files with their reasons, after a fetch into a new folder."""
    clones = Clones(tmp_path / "clones", limits)
    target = await resolve(clones.git, remote, ref)
    async with clones.lend("o", None, target) as clone:
        found, _ = await read_repository(clone, InlineWorkers())
    return [(file.path, file.reason) for file in found.files]


async def refusal(tmp_path: Path, remote: Remote, ref: str = "", limits: Limits = LIMITS) -> CoursewrightError:
    with pytest.raises(CoursewrightError) as caught:
        await fetched(tmp_path, remote, ref, limits)
    assert "s3cret" not in caught.value.message
    assert not list((tmp_path / "clones").glob(".partial-*"))
    return caught.value


async def test_the_pinned_address_is_asked_and_large_files_stay_away(server: GitServer, tmp_path: Path) -> None:
    assert await fetched(tmp_path, remote_of(server)) == [
        ("README.md", ""), ("docs/a.md", ""), ("docs/huge.md", "larger than 1 MiB and so not fetched"),
    ]  # fmt: skip


async def test_a_clone_holds_one_commit_no_large_file_and_no_origin(server: GitServer, tmp_path: Path) -> None:
    clones = Clones(tmp_path / "clones", LIMITS)
    async with clones.lend("o", None, await resolve(clones.git, remote_of(server), "main")) as clone:
        folder = clone.folder
        assert clone.bytes_on_disk() < 200_000
    assert git(folder, "rev-list", "--count", "refs/heads/fetched") == "1"
    assert "url" not in (folder / "config").read_text()
    assert not (folder / "hooks").exists()


async def test_an_earlier_commit_is_fetched_by_its_hash(server: GitServer, repository: Path, tmp_path: Path) -> None:
    first = git(repository, "rev-list", "--max-parents=0", "main")
    assert await fetched(tmp_path, remote_of(server), first) == [("README.md", "")]
    assert (await refusal(tmp_path, remote_of(server), "f" * 40)).code == "ref_not_found"


async def test_a_branch_that_moved_since_it_was_resolved_is_kept_under_the_commit_that_came(
    server: GitServer, repository: Path, tmp_path: Path
) -> None:
    clones = Clones(tmp_path / "clones", LIMITS)
    target = await resolve(clones.git, remote_of(server), "main")
    later = commit(repository, {"README.md": GUIDE, "new.md": GUIDE + b"new\n"})
    async with clones.lend("o", None, target) as clone:
        assert await clone.commit() == later
    async with clones.lend("o", None, await resolve(clones.git, remote_of(server), target.commit)) as clone:
        assert await clone.commit() == target.commit


async def test_progress_is_told_in_percent(server: GitServer, tmp_path: Path) -> None:
    steps: list[tuple[str, int]] = []
    clones = Clones(tmp_path / "clones", LIMITS)
    target = await resolve(clones.git, remote_of(server), "")
    async with clones.lend("o", None, target, lambda step, percent: steps.append((step, percent))):
        pass
    assert ("Receiving objects", 100) in steps
    assert len(steps) == len(set(steps))


async def test_a_host_that_wants_the_name_with_git_gets_it(server: GitServer, tmp_path: Path) -> None:
    assert ("README.md", "") in await fetched(tmp_path, remote_of(server, "dotted"))


async def test_a_redirect_is_not_followed_and_says_where_to(server: GitServer, tmp_path: Path) -> None:
    error = await refusal(tmp_path, remote_of(server, "moved", SECRET))
    assert (error.code, error.transient) == ("redirected", False)
    assert "moved to https://git.example.org/new/thing;" in error.message
    assert {path.split("/")[1] for path, _ in server.asked} == {"moved"}


async def test_a_redirect_inward_is_not_followed_and_not_shown(server: GitServer, tmp_path: Path) -> None:
    error = await refusal(tmp_path, remote_of(server, "inward"))
    assert error.code == "redirected"
    assert "127.0.0.1" not in error.message
    assert {path.split("/")[1] for path, _ in server.asked} == {"inward"}


async def test_a_private_repository_opens_with_its_secret_and_not_without(server: GitServer, tmp_path: Path) -> None:
    error = await refusal(tmp_path, remote_of(server, "private"))
    assert (error.code, error.transient) == ("repository_not_found", False)
    assert "private" in error.message
    refused = await refusal(tmp_path, remote_of(server, "private", Secret("x", "wrong")))
    assert (refused.code, refused.transient) == ("credential_refused", False)
    assert "new token" in refused.message
    assert ("README.md", "") in await fetched(tmp_path, remote_of(server, "private", SECRET))


async def test_the_secret_is_never_on_disk(server: GitServer, tmp_path: Path) -> None:
    await fetched(tmp_path, remote_of(server, "private", SECRET))
    kept = b"".join(file.read_bytes() for file in (tmp_path / "clones").rglob("*") if file.is_file())
    assert b"s3cret" not in kept
    assert b"eDpzM2NyZXQ" not in kept


async def test_a_server_in_trouble_may_be_asked_again(server: GitServer, tmp_path: Path) -> None:
    error = await refusal(tmp_path, remote_of(server, "broken"))
    assert (error.code, error.transient) == ("fetch_failed", True)


def _from_now(header: str) -> str:
    """A header with the moment that is so many seconds ahead of the test, not of the start of all tests."""
    kind, _, seconds = header.partition(" ")
    if kind not in ("on", "at"):
        return header
    moment = time.time() + float(seconds)
    return email.utils.formatdate(moment, usegmt=True) if kind == "on" else f"{moment:.0f}"


@pytest.mark.parametrize(
    ("status", "headers", "least", "most"),
    [
        (429, {"Retry-After": "7"}, 7, 7),
        (429, {"Retry-After": "on 600"}, 500, 600),
        (503, {"Retry-After": "40"}, 40, 40),
        (403, {"Retry-After": "60"}, 60, 60),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "at 1800"}, 1500, 1801),
        (429, {}, None, None),
        (429, {"Retry-After": "soon"}, None, None),
    ],
)
@pytest.mark.parametrize("secret", [None, SECRET])
async def test_a_host_with_too_many_requests_says_how_long_to_wait(
    server: GitServer, tmp_path: Path, status: int, headers: dict[str, str], least: float, most: float,
    secret: Secret | None,
) -> None:  # fmt: skip
    server.busy = status, {name: _from_now(header) for name, header in headers.items()}
    error = await refusal(tmp_path, remote_of(server, "busy", secret))
    assert isinstance(error, TransientError)
    assert error.code == "host_busy"
    assert "git.example.invalid" in error.message
    if least is None:
        assert error.retry_after_seconds is None
    else:
        assert error.retry_after_seconds is not None
        assert least <= error.retry_after_seconds <= most
        assert "and asks to wait" in error.message
    server.busy = None
    assert ("README.md", "") in await fetched(tmp_path, remote_of(server, "busy"))


async def test_a_refusal_without_a_time_is_no_reason_to_wait(server: GitServer, tmp_path: Path) -> None:
    server.busy = 403, {"X-RateLimit-Remaining": "12", "X-RateLimit-Reset": f"{time.time() + 1800:.0f}"}
    assert (await refusal(tmp_path, remote_of(server, "busy"))).code == "repository_not_found"
    assert (await refusal(tmp_path, remote_of(server, "busy", SECRET))).code == "credential_refused"


async def test_a_host_may_have_enough_in_the_middle_of_a_clone(server: GitServer, tmp_path: Path) -> None:
    clones, remote = Clones(tmp_path / "clones", LIMITS), remote_of(server, "busy")
    server.busy = None
    target = await resolve(clones.git, remote, "")
    server.busy = 429, {"Retry-After": "30"}
    with pytest.raises(TransientError) as caught:
        async with clones.lend("o", None, target):
            pass
    assert (caught.value.code, caught.value.retry_after_seconds) == ("host_busy", 30)


async def test_a_repository_that_is_not_there_says_so(server: GitServer, tmp_path: Path) -> None:
    host = f"git.example.invalid:{server.port}"
    error = await refusal(tmp_path, Remote(f"http://{host}/open/other", "http", f"{host}:127.0.0.1"))
    assert error.code == "repository_not_found"


async def test_more_than_may_be_fetched_is_refused(server: GitServer, repository: Path, tmp_path: Path) -> None:
    commit(repository, {"README.md": GUIDE, **{f"{n}.bin": os.urandom(900_000) for n in range(4)}})
    error = await refusal(tmp_path, remote_of(server), limits=Limits(30, 1_000_000))
    assert (error.code, error.transient) == ("repository_too_large", False)


async def test_objects_made_to_escape_are_refused(server: GitServer, repository: Path, tmp_path: Path) -> None:
    blob = git(repository, "hash-object", "-w", "--stdin", stdin=GUIDE)
    inner = raw_tree(repository, [("100644", b"post-checkout", blob)])
    commit_tree(repository, raw_tree(repository, [("40000", b".git", inner), ("100644", b"README.md", blob)]))
    error = await refusal(tmp_path, remote_of(server))
    assert (error.code, error.transient) == ("repository_unsafe", False)


async def test_a_cancelled_fetch_leaves_no_process_and_no_folder(server: GitServer, tmp_path: Path) -> None:
    task = asyncio.create_task(fetched(tmp_path, remote_of(server, "stuck")))
    await asyncio.to_thread(server.stuck.wait, 20)
    assert list((tmp_path / "clones").glob(".partial-*"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not list((tmp_path / "clones").glob(".partial-*"))
    assert _processes_that_name(f"example.invalid:{server.port}") == []


async def test_a_worker_killed_in_the_middle_leaves_nothing_after_the_next_sweep(
    server: GitServer, tmp_path: Path
) -> None:
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WORKER, str(tmp_path / "clones"), remote_of(server, "stuck").url, str(server.port)
    )
    await asyncio.to_thread(server.stuck.wait, 20)
    clones = Clones(tmp_path / "clones", LIMITS)
    clones.sweep()
    assert list((tmp_path / "clones").glob(".partial-*")), "a clone in the making was swept"
    worker.kill()
    await worker.wait()
    clones.sweep()
    assert not list((tmp_path / "clones").glob(".partial-*"))


async def test_a_server_that_never_ends_is_left_after_the_time_limit(server: GitServer, tmp_path: Path) -> None:
    error = await refusal(tmp_path, remote_of(server, "stuck"), limits=Limits(2, 10**8))
    assert (error.code, error.transient) == ("clone_timeout", True)
    assert _processes_that_name(f"example.invalid:{server.port}") == []


def _processes_that_name(text: str) -> list[str]:
    """Command lines of live processes with a text in them."""
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in line:
            lines.append(line)
    return lines
