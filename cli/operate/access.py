"""How an operating command finds what it works on, the same way for all of them.

Named servers come first: the options, then NATS_URL, DATABASE_URL and BLOB_STORE_URL, as the services of a deployment
read them. Else it is the local stack of the data folder: the running one by its record, or its servers alone, started
for the length of the command. `--data-dir` means the folder, whatever the environment says.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.local.process import ServerFailed
from cli.local.record import StackRecord, default_data_dir, find_record, is_in_use
from shared.kernel.errors import Conflict, NotFound, PermanentError

if TYPE_CHECKING:  # imported on first use: every command imports this module
    from cli.client import Client
    from cli.local.stack import LocalStack

_DRIVER = "postgresql+asyncpg"

DataDirOption = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder of the local stack [COURSEWRIGHT_DATA_DIR]")
]
ServerOption = Annotated[str, typer.Option("--server", help="A deployment's gateway [COURSEWRIGHT_SERVER]")]
NatsOption = Annotated[str, typer.Option("--nats-url", help="A deployment's NATS server [NATS_URL]")]
DatabaseOption = Annotated[str, typer.Option("--database-url", help="A deployment's PostgreSQL [DATABASE_URL]")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on standard output")]


@dataclass(frozen=True)
class Target:
    """The target of a command. `data_dir` is set for a local stack; an address that is not known is empty."""

    nats_url: str = field(repr=False)
    database_url: str = field(repr=False)
    blob_store_url: str
    data_dir: Path | None = None
    provision_nats_url: str = field(default="", repr=False)

    def provisioning(self) -> "Target":
        """With the log's user who may change streams and durables: the local stack's own, or whoever was named."""
        return replace(self, nats_url=self.provision_nats_url or self.nats_url)

    def require_database(self) -> str:
        """The database's address; raises PermanentError when none was named, or one no connection can be made with."""
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        url = self.database_url or _missing("the database", "--database-url or DATABASE_URL")
        try:
            driver = make_url(url).drivername
        except (ArgumentError, ValueError):  # it may hold a password, and is not shown
            driver = ""
        if driver != _DRIVER:
            raise PermanentError(
                f"--database-url or DATABASE_URL is no address of a database; those look like {_DRIVER}://user@host/name"
            )
        return url

    def require_blobs(self) -> str:
        """The blob store's address; raises PermanentError when none was named."""
        return self.blob_store_url or _missing("the blob store", "BLOB_STORE_URL")


@dataclass(frozen=True)
class Where:
    """The target as the user gave it; empty where the user said nothing."""

    data_dir: Path | None = None
    server: str = ""
    nats_url: str = field(default="", repr=False)
    database_url: str = field(default="", repr=False)

    @contextmanager
    def servers(self) -> Iterator[Target]:
        """The log, the database and the blob store. Raises NotFound for a folder no stack was ever started in."""
        deployment = self.deployment()
        if deployment is not None:
            yield deployment
            return
        from cli.local.leftovers import require_restored

        require_restored(self.folder())
        folder = self._used_folder()
        if is_in_use(folder):
            yield _target(_running(folder), folder)
            return
        with own_servers(folder) as (_, target):
            yield target

    @contextmanager
    def restoring(self) -> Iterator[Target]:
        """The servers alone, with the log's user who may make streams anew. Raises Conflict for a stack that runs."""
        deployment = self.deployment()
        if deployment is not None:
            yield deployment
            return
        folder = self._used_folder()
        if is_in_use(folder):
            raise Conflict(f"{folder} is in use; stop the stack first")
        with own_servers(folder) as (stack, target):
            yield replace(target, nats_url=stack.nats_url("restore"))

    @contextmanager
    def gateway(self) -> Iterator["Client"]:
        """A client of the deployment's gateway, or of the local stack that runs; what it starts must go on living, so
        none is started for the length of a command.
        """
        from cli.client import Client

        address, token = self._gateway()
        with closing(Client(address, token)) as client:
            yield client

    def folder(self) -> Path:
        """The local stack's data folder."""
        return (self.data_dir or default_data_dir()).resolve()

    def _used_folder(self) -> Path:
        """The folder, if a stack was ever started in it. Raises NotFound."""
        folder = self.folder()
        if not (folder / "lock").exists():
            raise NotFound(f"No local stack has run in {folder}; name another --data-dir, or servers with --nats-url")
        return folder

    def _gateway(self) -> tuple[str, str]:
        server = self.server or ("" if self.data_dir else os.environ.get("COURSEWRIGHT_SERVER", ""))
        if server:
            return server, os.environ.get("COURSEWRIGHT_TOKEN", "")
        folder = self.folder()
        record = _running(folder) if is_in_use(folder) else None
        if record is None or not record.server:
            raise ServerFailed(f"No gateway runs on {folder}: start it with `coursewright up`, or name one by --server")
        return record.server, (folder / "token").read_text(encoding="utf-8").strip()

    def deployment(self) -> Target | None:
        """The servers that were named, if any were."""
        named = bool(self.nats_url or self.database_url)
        if named and self.data_dir is not None:
            raise PermanentError("--data-dir means a local stack; give either it or the addresses of servers")
        if self.data_dir is not None or not (named or "NATS_URL" in os.environ):
            return None
        nats_url = self.nats_url or os.environ.get("NATS_URL", "")
        return Target(
            nats_url or _missing("the event log", "--nats-url or NATS_URL"),
            self.database_url or os.environ.get("DATABASE_URL", ""),
            os.environ.get("BLOB_STORE_URL", ""),
        )


@contextmanager
def own_servers(folder: Path) -> Iterator[tuple["LocalStack", Target]]:
    """The servers of a data folder that nobody uses, for the length of the block; streams and tables as they are."""
    from cli.local.stack import LocalStack

    stack = LocalStack(folder)
    stack.start_servers()
    try:
        yield stack, _target(_running(folder), folder)
    finally:
        stack.stop()


def _running(folder: Path) -> StackRecord:
    record = find_record(folder)
    if record is None:
        raise ServerFailed(f"The local stack of {folder} is starting or stopping; try again in a moment")
    return record


def _target(record: StackRecord, folder: Path) -> Target:
    return Target(record.nats_url, record.database_url, record.blob_store_url, folder, record.provision_nats_url)


def _missing(what: str, how: str) -> str:
    raise PermanentError(f"The address of {what} is not known; give {how}")
