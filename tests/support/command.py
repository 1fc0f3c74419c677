"""The command as an operator types it, in this process."""

import json
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.app import app

Command = Callable[..., Result]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """`command("dead", "list", code=0)`: run it and demand its exit code; no deployment is named in the environment."""
    for name in ("NATS_URL", "DATABASE_URL", "BLOB_STORE_URL", "COURSEWRIGHT_SERVER", "COURSEWRIGHT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def run(*arguments: object, code: int = 0, typed: str = "") -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)
        assert result.exit_code == code, f"{result.stdout}\n{result.stderr}"
        return result

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)


def objects(result: Result) -> list[dict[str, Any]]:
    """The JSON objects a command printed, one a line."""
    return [json.loads(line) for line in result.stdout.splitlines()]
