"""A deletion that a backup cut in two is carried on after the restore: nothing of the course comes back to stay."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from nats.aio.client import Client
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from cli.local.postgres_server import PostgresServer
from cli.operate.access import Target
from cli.operate.backup.bring_back import restore_deployment
from cli.operate.backup.take import take
from cli.operate.sessions import database, with_database, with_log
from services.gateway.erase.eraser import Eraser
from services.gateway.erase.erasures import erasures, pending, request
from services.gateway.migrate import migrate
from shared.event_log.erasing import JetStreamEraser
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import NewEvent
from shared.event_log.topology import apply_topology
from shared.events import Event
from shared.events.courses import COURSE
from shared.events.gateway import CourseCreated, CourseDeleted
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.ids import new_id
from shared.web.idempotency import idempotency_keys
from tests.faults.marker import in_database, in_files
from tests.support.servers import running_nats

MARKER = "Zqhalf"

R = TypeVar("R")


@dataclass(frozen=True)
class Machine:
    """Servers of a deployment, without services."""

    folder: Path
    target: Target

    def hits(self) -> int:
        log, blobs = self.folder / "nats" / "jetstream", self.folder / "blobs"
        rows = asyncio.run(in_database(self.target.database_url, MARKER)).total()
        return in_files(log, MARKER) + in_files(blobs, MARKER) + rows


@contextmanager
def machine(folder: Path, postgres: PostgresServer) -> Iterator[Machine]:
    async def new_database() -> None:
        engine = create_async_engine(postgres.url, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE half_{folder.name}"))
        await engine.dispose()

    asyncio.run(new_database())
    database_url = postgres.url.replace("/postgres", f"/half_{folder.name}")
    with running_nats(folder / "nats") as server:
        yield Machine(folder, Target(server.url, database_url, f"file://{folder / 'blobs'}"))


def new(event: Event) -> NewEvent:
    return NewEvent(event, new_id(), "test", "c", "c")


async def delete_two(nc: Client, engine: AsyncEngine) -> tuple[str, str]:
    """Two deleted courses: one of which everything is there still, one erased but for an answer that was kept."""
    log, half, done = JetStreamLog(nc), new_id(), new_id()
    for course in (half, done):
        await log.append([new(CourseCreated(course_id=course, owner="ann", title=MARKER))], 0)
        await log.append([new(CourseDeleted(course_id=course, by="ann"))], await log.last_seq(course))
    await JetStreamEraser(nc).erase(done)
    answer = {"key_hash": "k", "request_hash": "r", "command_id": "c", "course_id": done, "body": {"title": MARKER}}
    async with engine.begin() as connection:
        await connection.execute(request(COURSE.prefix, [half, done]))
        await connection.execute(idempotency_keys.insert().values(**answer))
    return half, done


def erase(target: Target) -> None:
    """As the projector's process does from its start."""

    async def erase(nc: Client, engine: AsyncEngine) -> None:
        blobs, log = Blobs(open_backend(target.blob_store_url)), JetStreamLog(nc)
        eraser = Eraser(engine, log, blobs, JetStreamEraser(nc), settle_seconds=0.0, sweep_seconds=3600.0)
        for _ in range(3):
            await eraser.work()
        async with engine.connect() as connection:
            assert await pending(connection) == []

    on(target, erase)


def on(target: Target, work: Callable[[Client, AsyncEngine], Awaitable[R]]) -> R:
    """With connections to both servers."""

    async def session(nc: Client) -> R:
        async with database(target.database_url) as engine:
            return await work(nc, engine)

    return with_log(target, session)


def test_an_erasure_the_backup_cut_in_two_goes_on_after_the_restore(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    for name in ("source", "empty"):
        (tmp_path / name).mkdir()
    with machine(tmp_path / "source", postgres_server) as source:
        with_log(source.target, lambda nc: apply_topology(nc.jetstream()))
        migrate(source.target.database_url)
        deleted = on(source.target, delete_two)

        def say(line: str) -> None:
            if line == "copying blobs":  # the log is copied, the tables are not
                thread = threading.Thread(target=erase, args=(source.target,))
                thread.start()
                thread.join()

        manifest = with_log(source.target, lambda nc: take(nc, source.target, tmp_path / "backup", say))
        assert source.hits() == 0, "it is erased where it was copied from"
    assert manifest.courses == 0
    with machine(tmp_path / "empty", postgres_server) as empty:
        restore_deployment(tmp_path / "backup", empty.target, lambda _: None)
        assert empty.hits() > 0

        async def queued(engine: AsyncEngine) -> list[str]:
            async with engine.connect() as connection:
                return list(await connection.scalars(select(erasures.c.aggregate_id)))

        assert sorted(with_database(empty.target.database_url, queued)) == sorted(deleted)
        erase(empty.target)
        assert empty.hits() == 0
