"""`coursewright replay` and `events show` on the real servers of a data folder, at rest and running, and killed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.client import Client
from cli.local.stack import LocalStack
from tests.support.command import Command


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[LocalStack]:
    with LocalStack(tmp_path / "data", durable=False).running() as made:
        yield made


def test_the_owner_of_the_read_tables_may_replay(
    stack: LocalStack, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(stack.url, stack.token)
    course_id = client.create_course("Learn jobs", "")
    client.close()
    servers = {
        "NATS_URL": stack.nats_url("operator"), "BLOB_STORE_URL": stack.blob_store_url,
        "DATABASE_URL": stack.database_url("coursewright_projector"),
    }  # fmt: skip
    for name, value in servers.items():
        monkeypatch.setenv(name, value)
    for options in (["--verify"], [], ["--back"], ["--course", course_id], ["--until", "1"]):
        command("replay", *options)


def test_a_running_stack_is_served_from_rebuilt_tables(stack: LocalStack, command: Command) -> None:
    def coursewright(*arguments: str, code: int = 0) -> Any:
        done = command(*arguments, "--json", "--data-dir", stack.data_dir, code=code)
        return json.loads(done.stdout) if done.stdout else None

    client = Client(stack.url, stack.token)
    try:
        course_id = client.create_course("Learn jobs", "")
        assert coursewright("replay", "--verify")["differences"] == []
        swapped = coursewright("replay")
        assert (swapped["action"], swapped["events"]) == ("swapped", 1)
        assert client.status(course_id)["database_status"] == "draft"
        client.create_course("After the swap", "")
        assert coursewright("replay", "--back")["seqs"] == {"COURSES": 2, "CLASSROOM": 0}
        assert client.status(course_id)["database_status"] == "draft"
        assert coursewright("replay", "--course", course_id)["events"] == 1
        shown = coursewright("events", "show", course_id)
        assert (shown["title"], shown["status"], len(shown["stages"])) == ("Learn jobs", "draft", 6)
        coursewright("events", "show", course_id, "--at", "9")
        coursewright("replay", "--course", "none", code=3)
    finally:
        client.close()
    stack.stop()
    at_rest = coursewright("replay", "--verify")
    assert (at_rest["events"], at_rest["differences"]) == (2, [])
