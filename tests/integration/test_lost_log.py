"""The log's store is lost while the tables stay: nothing new is hidden behind old sequences, and a replay mends it."""

import json
import shutil
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.local.process import ServerFailed
from cli.local.stack import LocalStack

_ROOT = Path(__file__).parents[2]


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


def run(name: str, data: Path, *options: str) -> Any:
    """A command of operators; what it prints."""
    command = [sys.executable, "-m", "cli.main", name, *options, "--json", "--data-dir", str(data)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_log_made_anew_is_refused_until_tables_are_made_from_it(tmp_path: Path) -> None:
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
        shown = run("stages", tmp_path)["projection"]
        assert shown == {"seq": 2, "lag": 1, "other_log": True, "defects": 0, "problem": None}
        assert run("replay", tmp_path, "--yes")["seqs"]["COURSES"] == 3
        assert titles(stack) == ["Five", "Four", "Three"]
        assert create(stack, "Six") == 201
        assert projector(stack) == "active"
