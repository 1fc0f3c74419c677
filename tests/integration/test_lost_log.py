"""The log's store is lost while the tables stay: nothing new is hidden behind old sequences, and a replay mends it."""

import shutil
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from cli.local.process import ServerFailed
from cli.local.stack import LocalStack
from tests.support.command import Command, objects


def running(
    data: Path, *, must_be_ready: bool = True, patience_seconds: float = 60.0
) -> AbstractContextManager[LocalStack]:
    return LocalStack(data, durable=False, patience_seconds=patience_seconds).running(must_be_ready=must_be_ready)


def create(stack: LocalStack, title: str) -> int:
    """Its status: 201 when it can be seen, 202 when it is stored."""
    headers = {"Authorization": f"Bearer {stack.token}"}
    return httpx.post(f"{stack.url}/api/projects/", json={"title": title}, headers=headers, timeout=30).status_code


def titles(stack: LocalStack) -> list[str]:
    answer = httpx.get(f"{stack.url}/api/projects/", headers={"Authorization": f"Bearer {stack.token}"})
    return [course["title"] for course in answer.json()]


def projector(stack: LocalStack) -> str:
    return str(httpx.get(f"{stack.url}/readyz").json()["checks"]["projector"])


def test_a_log_made_anew_is_refused_until_tables_are_made_from_it(tmp_path: Path, command: Command) -> None:
    with running(tmp_path) as stack:
        assert [create(stack, title) for title in ("One", "Two")] == [201, 201]
    shutil.rmtree(tmp_path / "jetstream")
    with pytest.raises(ServerFailed, match="not ready after 1 s: projector: ahead of the log by 2"):
        LocalStack(tmp_path, durable=False, patience_seconds=1.0).start()
    with running(tmp_path, must_be_ready=False, patience_seconds=0.0) as stack:
        assert stack.not_ready == "projector: ahead of the log by 2"
        assert [create(stack, title) for title in ("Three", "Four", "Five")] == [202] * 3
        assert projector(stack) == "tables of another log"
        assert titles(stack) == ["Two", "One"]
        [shown] = objects(command("stages", "--json", "--data-dir", tmp_path))
        assert shown["projection"] == {"seq": 2, "lag": 1, "other_log": True, "defects": 0, "problem": None}
        [replayed] = objects(command("replay", "--yes", "--json", "--data-dir", tmp_path))
        assert replayed["seqs"]["COURSES"] == 3
        assert titles(stack) == ["Five", "Four", "Three"]
        assert create(stack, "Six") == 201
        assert projector(stack) == "active"
