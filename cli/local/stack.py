"""The local stack: servers, gateway and stages, started together, supervised, stopped together."""

import asyncio
import contextlib
import fcntl
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Self

import httpx

from cli.local.leftovers import end_leftovers_of, forget_pids, record_pids, require_restored
from cli.local.nats_server import NatsServer
from cli.local.own_files import CREDENTIAL_KEYS, OwnFiles
from cli.local.ports import free_port, require_free
from cli.local.postgres_server import PostgresServer
from cli.local.process import Process, ServerFailed, release
from cli.local.readiness import Readiness, find_probes
from cli.local.record import StackRecord, remove_record
from cli.local.restarts import Say
from cli.local.supervisor import Supervisor
from shared.pipeline import PIPELINE

# Names of our own: DATABASE_URL and the like are often set for other programs, and must not be migrated by a demo.
_OWN_NATS = "COURSEWRIGHT_NATS_URL"
_OWN_DATABASE = "COURSEWRIGHT_DATABASE_URL"
_OWN_BLOBS = "COURSEWRIGHT_BLOB_STORE_URL"
_PRIVATE = {"ALLOW_PRIVATE_WEBHOOKS": "true"}  # what is told on one machine may stay on it


_PARTS = {"gateway": ["gateway", "notifier"], "notifier": ["notifier"], "tutor": ["tutor"]}  # what a process hosts


class LocalStack:
    """Everything one person needs, in one data folder that the next start continues with.

    `processes=True` gives each stage, the projector, the notifier and the gateway a process of its own; else the stages
    share one, and projector and notifier live with the gateway. With TUTOR_ENGINE the tutor has a process of its own.
    `durable=False` is for tests that do not test durability.
    `patience_seconds`: how long processes that answer have to become ready. `stays`: it runs until
    somebody stops it, so that other commands may use it. `say` is told of processes that die.
    """

    def __init__(
        self, data_dir: Path, *, processes: bool = False, port: int | None = None, durable: bool = True,
        patience_seconds: float = 60.0, stays: bool = False, say: Say = lambda _: None,
    ) -> None:  # fmt: skip
        self.data_dir = data_dir.resolve()
        self._own = OwnFiles(self.data_dir)
        self._separate = processes
        self._port = port or free_port()
        self._durable = durable
        self._patience_seconds = patience_seconds
        self._stays = stays
        self._lock: IO[str] | None = None
        self._nats: NatsServer | None = None
        self._postgres: PostgresServer | None = None
        self.services: dict[str, Process] = {}
        self._supervisor = Supervisor(self.data_dir, say)
        self.seconds_to_ready = 0.0
        self.not_ready = ""

    @property
    def url(self) -> str:
        """The gateway's address."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def subscriber_url(self) -> str:
        """The NATS address, with a credential, for another system that reads the log."""
        return self.nats_url("subscriber")

    @property
    def token(self) -> str:
        """The local user's bearer token."""
        return self._own.token

    def start(self, *, must_be_ready: bool = True) -> None:
        """Start everything and return when the gateway is ready, and where `METRICS_PORT` is set every other process.
        Raises ServerFailed; nothing is left running then.

        Without `must_be_ready` processes that answer and do not become ready are left running all the same, for a
        person that repairs the stack or waits for it: `not_ready` says why.
        """
        began = time.monotonic()
        require_restored(self.data_dir)
        with self._started():
            require_free(self._port)
            self._launch_servers()
            # They import while the servers start, and wait for a word.
            self.services = {process.name: process for process in self._service_processes()}
            for process in self.services.values():
                process.start()
            self._await_servers()
            self.provision()
            for process in self.services.values():
                release(process)
            self._supervisor.begin(list(self._supervised().values()), self._nats)
            self._wait_until_ready(must_be_ready)
            self._record(self.url)
        self.seconds_to_ready = time.monotonic() - began

    @contextlib.contextmanager
    def running(self, *, must_be_ready: bool = True) -> Iterator[Self]:
        """Started, and stopped at the end of the block."""
        self.start(must_be_ready=must_be_ready)
        try:
            yield self
        finally:
            self.stop()

    def start_servers(self) -> None:
        """Start the servers alone, for a command that looks or repairs; streams and tables are left as they are."""
        with self._started():
            self._launch_servers()
            self._await_servers()
            self._supervisor.begin(list(self._supervised().values()), self._nats)
            self._record("")

    @contextlib.contextmanager
    def _started(self) -> Iterator[None]:
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._take_lock()
        try:
            end_leftovers_of(self.data_dir)
            remove_record(self.data_dir)  # of a stack that was killed: its addresses are others' by now
            yield
        except BaseException:
            self.stop()
            raise

    def _record(self, server: str) -> None:
        log = self.nats_url("operator"), self.nats_url("provision")
        StackRecord(*log, self.database_url(), self.blob_store_url, server, self._stays).write(self.data_dir)

    def _take_lock(self) -> None:
        self._lock = (self.data_dir / "lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            self._lock = None
            raise ServerFailed(
                f"A local stack, or a command on its data, already uses {self.data_dir}. "
                "Use it with --server URL and COURSEWRIGHT_TOKEN, or name another --data-dir."
            ) from error

    def _record_pids(self) -> None:
        record_pids(self.data_dir, self._supervised().values())

    def _supervised(self) -> dict[str, Process]:
        servers = {server.process.name: server.process for server in (self._nats, self._postgres) if server is not None}
        return {**servers, **self.services}

    def _launch_servers(self) -> None:
        if _OWN_NATS not in os.environ:
            self._nats = NatsServer(self.data_dir, sync="always" if self._durable else "10s")
            self._nats.start()
            self._record_pids()
        if _OWN_DATABASE not in os.environ:
            self._postgres = PostgresServer(self.data_dir, durable=self._durable)
            self._postgres.start()
            self._record_pids()

    def _await_servers(self) -> None:
        self._record_pids()
        for server in (self._nats, self._postgres):
            if server is not None:
                server.wait()

    def _groups(self) -> dict[str, Sequence[str]]:
        """The arguments of each process: the part of the product that it hosts."""
        stages = [row.name for row in PIPELINE]
        asks_model = os.environ.get("TUTOR_ENGINE", "offline") != "offline"
        tutor: dict[str, Sequence[str]] = {"tutor": ["tutor"]} if asks_model else {}
        if self._separate:
            own = {name: ["stages", name] for name in stages}
            return {"gateway": ["api"], "projector": ["projector"], **own, "notifier": ["notifier"], **tutor}
        return {"gateway": ["gateway"], "stages": ["stages", *stages], **tutor}

    def _probes(self) -> dict[str, httpx.URL]:
        return find_probes(os.environ, [name for name in self._groups() if name != "gateway"])

    def _service_processes(self) -> list[Process]:
        return [
            Process(
                name, [sys.executable, "-m", "cli.local.host", *arguments], self.data_dir / "logs" / f"{name}.log",
                environment=self._environment(name), hold_stdin=True,
            )
            for name, arguments in self._groups().items()
        ]  # fmt: skip

    def nats_url(self, user: str) -> str:
        """The address with a user's credential; a server of the caller's own has the user its address names."""
        return self._nats.url_of(user) if self._nats else os.environ[_OWN_NATS]

    def database_url(self, role: str = "") -> str:
        """As a role of the gateway, else as the owner; a server of the caller's own has the user of its address."""
        if self._postgres is None:
            return os.environ[_OWN_DATABASE]
        return self._postgres.url_of(role) if role else self._postgres.url

    @property
    def blob_store_url(self) -> str:
        """Where the blobs are."""
        return os.environ.get(_OWN_BLOBS, f"file://{self.data_dir / 'blobs'}")

    def _environment(self, name: str) -> dict[str, str]:
        """The settings a process gets: a stage neither the database nor the token, the gateway not a model's key, and
        the addresses of the projector and the eraser only where those run.
        """
        from cli.local.environment import inherited

        hosts, *stages = self._groups()[name]
        parts = stages or _PARTS.get(hosts, ["gateway"])
        common = {
            **inherited(os.environ, hosts=parts, remote_blobs=not self.blob_store_url.startswith("file:")),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")])),
            "NATS_URL": self.nats_url(name),
            "BLOB_STORE_URL": self.blob_store_url,
            "ALLOW_LOCAL_REPOSITORIES": "true",
        }
        if probe := self._probes().get(name):
            common["METRICS_PORT"] = str(probe.port)
        if hosts == "stages":
            fetching = {"CREDENTIAL_KEYS_FILE": str(self.data_dir / CREDENTIAL_KEYS)} if "repo_clone" in stages else {}
            return {**common, **fetching, "WORK_DIR": str(self.data_dir / "work")}
        if name == "projector":
            return {**common, **self._projecting()}
        if name == "tutor":
            opening = {"CREDENTIAL_KEYS_FILE": str(self.data_dir / CREDENTIAL_KEYS)}
            return {**common, **opening, "DATABASE_URL": self.database_url("coursewright_tutor")}
        if name == "notifier":
            return {**common, **self._notifying()}
        serving = {
            "DATABASE_URL": self.database_url("coursewright_gateway"),
            "GATEWAY_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self._port),
            "LOCAL_TOKEN": self.token,
            "SECRET_KEYS": f"local:{self._own.secret_key}",
            "CREDENTIAL_SEALING_KEY": self._own.sealing_key,
            **_PRIVATE,
            "GATEWAY_URL": self.url,
            "CLASSROOM_NATS_URL": self.nats_url("classroom"),
            "CLASSROOM_DATABASE_URL": self.database_url("coursewright_classroom"),
            "SESSION_KEYS": f"local:{self._own.session_key}",
            "SESSION_COOKIE_SECURE": "false",
        }
        together = {} if self._separate else {**self._projecting(), **self._notifying()}
        return {**common, **serving, **together}

    def _projecting(self) -> dict[str, str]:
        return {
            "PROJECTOR_NATS_URL": self.nats_url("projector"),
            "ERASER_NATS_URL": self.nats_url("eraser"),
            "PROJECTOR_DATABASE_URL": self.database_url("coursewright_projector"),
        }

    def _notifying(self) -> dict[str, str]:
        return {
            "NOTIFIER_NATS_URL": self.nats_url("notifier"),
            "NOTIFIER_DATABASE_URL": self.database_url("coursewright_notifier"),
            **_PRIVATE,
        }

    def provision(self) -> None:
        """Streams, durables and tables, once, before any service is let loose."""
        from services.gateway.database.privileges import let_in
        from services.gateway.migrate import migrate

        asyncio.run(_apply_topology(self.nats_url("provision")))
        migrate(self.database_url())
        if self._postgres is not None:
            asyncio.run(let_in(self._postgres.url, self._postgres.passwords))

    def _wait_until_ready(self, must_be_ready: bool) -> None:
        addresses = {"gateway": httpx.URL(self.url), **self._probes()}
        self.not_ready = Readiness(addresses, self.services, self._patience_seconds).wait()
        if must_be_ready and self.not_ready:
            raise ServerFailed(f"The stack is not ready after {self._patience_seconds:.0f} s: {self.not_ready}")

    def stop(self) -> None:
        """Stop services, then servers, each by process id; the data stays."""
        self._supervisor.end()
        for process in self.services.values():
            if process.popen is not None and process.popen.stdin is not None:
                with contextlib.suppress(OSError):
                    process.popen.stdin.close()
        for process in self.services.values():
            process.stop()
        for server in (self._nats, self._postgres):
            if server is not None:
                server.process.stop()
        forget_pids(self.data_dir)
        if self._lock is not None:
            remove_record(self.data_dir)
            self._lock.close()
            self._lock = None


async def _apply_topology(url: str) -> None:
    from shared.event_log.connection import connect
    from shared.event_log.topology import apply_topology
    from shared.kernel.settings import LogSettings

    nc = await connect(url, "provision")
    try:
        await apply_topology(nc.jetstream(), ack_wait_seconds=LogSettings().ack_wait_seconds)
    finally:
        await nc.close()
