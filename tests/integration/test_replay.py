"""`coursewright replay` and `events show` on the real servers of a data folder, at rest and running, and killed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.client import Client
from cli.local.stack import LocalStack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[LocalStack]:
    with LocalStack(tmp_path / "data", durable=False).running() as made:
        yield made


def coursewright(*arguments: str, folder: Path, code: int = 0) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments, "--json", "--data-dir", str(folder)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout) if done.stdout else None


def test_the_owner_of_the_read_tables_may_replay(stack: LocalStack) -> None:
    client = Client(stack.url, stack.token)
    course_id = client.create_course("Learn jobs", "")
    client.close()
    servers = {
        "NATS_URL": stack.nats_url("operator"), "BLOB_STORE_URL": stack.blob_store_url,
        "DATABASE_URL": stack.database_url("coursewright_projector"),
    }  # fmt: skip
    for options in (["--verify"], [], ["--back"], ["--course", course_id], ["--until", "1"]):
        command = [sys.executable, "-m", "cli.main", "replay", *options]
        done = subprocess.run(
            command, env={**os.environ, **servers}, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr


def test_a_running_stack_is_served_from_rebuilt_tables(stack: LocalStack) -> None:
    client = Client(stack.url, stack.token)
    try:
        course_id = client.create_course("Learn jobs", "")
        assert coursewright("replay", "--verify", folder=stack.data_dir)["differences"] == []
        swapped = coursewright("replay", folder=stack.data_dir)
        assert (swapped["action"], swapped["events"]) == ("swapped", 1)
        assert client.status(course_id)["database_status"] == "draft"
        client.create_course("After the swap", "")
        assert coursewright("replay", "--back", folder=stack.data_dir)["seqs"] == {"COURSES": 2, "CLASSROOM": 0}
        assert client.status(course_id)["database_status"] == "draft"
        assert coursewright("replay", "--course", course_id, folder=stack.data_dir)["events"] == 1
        shown = coursewright("events", "show", course_id, folder=stack.data_dir)
        assert (shown["title"], shown["status"], len(shown["stages"])) == ("Learn jobs", "draft", 6)
        coursewright("events", "show", course_id, "--at", "9", folder=stack.data_dir)
        coursewright("replay", "--course", "none", folder=stack.data_dir, code=3)
    finally:
        client.close()
    stack.stop()
    at_rest = coursewright("replay", "--verify", folder=stack.data_dir)
    assert (at_rest["events"], at_rest["differences"]) == (2, [])
