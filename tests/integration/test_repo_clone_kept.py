"""Stage 1 and what it keeps: clones used again, thrown away and swept; and what it takes from this machine."""

import fcntl
import os
from pathlib import Path

import pytest

from services.repo_clone.clones import Clones
from services.repo_clone.effects import Admitted, RepoCloneEffects
from services.repo_clone.git_process import Limits
from shared.kernel.errors import PermanentError, TransientError
from shared.sources.address import AddressRefused
from tests.integration.clone_stage import LIMITS, Stage
from tests.unit.repo_clone.git_repositories import (
    git,
)


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
    stage.effects = RepoCloneEffects(stage.blobs, Clones(stage.work, LIMITS, lambda: now[0]), Admitted(local=True))
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


async def test_a_credential_without_keys_to_open_it_says_whose_task_they_are(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with pytest.raises(PermanentError) as caught:
        await stage.run("https://github.com/a/b", credential_id="k1")
    assert caught.value.code == "credentials_not_configured"
