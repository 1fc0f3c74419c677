"""The gateway that a command talks to: one that was named, the one of a stack that runs, or one of its own."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.client import Client
from cli.failures import ApiError, GatewayAway
from cli.health import Health
from cli.local.process import ServerFailed
from cli.local.record import StackRecord, find_record, is_in_use
from cli.local.stack import LocalStack

_STARTING_SECONDS = 60.0
_AGAIN_SECONDS = 0.2

Say = Callable[[str], None]


@dataclass(frozen=True)
class Gateway:
    """A client, and the health of what stands behind it."""

    client: Client
    health: Health


@contextmanager
def gateway(server: str, data_dir: Path, say: Say) -> Iterator[Gateway]:
    """Of the address, else of the stack that `up` runs on the folder, else of a stack that lives as long as the block.
    Raises ServerFailed when the folder is used by a command that ends.
    """
    if server:
        with closing(Client(server, os.environ.get("COURSEWRIGHT_TOKEN", ""))) as client:
            yield Gateway(client, Health())
    elif (record := _running(data_dir)) is not None:
        say(f"using the stack that runs on {data_dir}, {record.server}")
        token = data_dir / "token"
        with closing(Client(record.server, token.read_text(encoding="utf-8").strip(), token_from=str(token))) as client:
            _require_ours(client, data_dir)
            yield Gateway(client, Health(data_dir, record))
    else:
        say(f"starting the local stack, data in {data_dir}")
        with LocalStack(data_dir, say=say).running() as stack, closing(Client(stack.url, stack.token)) as client:
            yield Gateway(client, Health(data_dir))


def _running(data_dir: Path) -> StackRecord | None:
    """The stack that runs on the folder, waited for when it is starting; None when the folder is free."""
    deadline = time.monotonic() + _STARTING_SECONDS
    while is_in_use(data_dir):
        record = find_record(data_dir)
        if record is not None and record.stays:
            return record
        if record is not None or time.monotonic() > deadline:
            raise ServerFailed(
                f"Another command uses {data_dir} until it is done. Wait for it, or name another --data-dir; "
                "`coursewright up` keeps a stack running for several commands at once"
            )
        time.sleep(_AGAIN_SECONDS)
    return None


def _require_ours(client: Client, data_dir: Path) -> None:
    """It answers to the token of the folder: an old record can name a port that another program has now."""
    deadline = time.monotonic() + _STARTING_SECONDS
    while True:
        try:
            client.courses()
            return
        except (GatewayAway, ApiError) as error:
            if not error.transient or time.monotonic() > deadline or not is_in_use(data_dir):
                raise ServerFailed(f"The stack on {data_dir} does not answer as it should: {error.message}") from error
        time.sleep(_AGAIN_SECONDS)
