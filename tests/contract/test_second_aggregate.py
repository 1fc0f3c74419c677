"""Aggregates that are registered as values here, and nowhere else, have all that courses have."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from nats.js import JetStreamContext
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from cli.local.nats_server import NatsServer
from cli.operate.access import Target
from cli.operate.backup.bring_back import restore_deployment
from cli.operate.backup.take import take
from services.gateway.database.read_schemas import LIVE, NEXT
from services.gateway.erase.eraser import Eraser, Erasure
from services.gateway.migrate import migrate
from services.gateway.project.projector import Projector
from services.gateway.readmodels.past import PastStates
from services.gateway.readmodels.registry import COURSE_SIDE
from services.gateway.rebuild.rebuild import Rebuild
from shared.event_log.connection import Connection, connect
from shared.event_log.erasing import JetStreamEraser
from shared.event_log.following import FollowedLog, JetStreamFollowed
from shared.event_log.permissions import users_of
from shared.event_log.port import EventLog, NewEvent
from shared.event_log.topology import apply_topology, stream_configs
from shared.events import Event, Registry, Stream, subject_of
from shared.events.courses import COURSES
from shared.events.gateway import CourseCreated
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.errors import Conflict, NotFound, NotPermitted, PermanentError
from shared.kernel.ids import event_id, new_id
from shared.kernel.refusals import Refused
from shared.readmodels.checkpoint import read_checkpoint
from shared.readmodels.projected import Projected
from shared.readmodels.side import tables_of
from shared.readmodels.writing import Writing
from shared.schemas.generate import asyncapi
from tests.contract.library import (
    CARD,
    CARD_SIDE,
    KNOWN,
    LIBRARY,
    METADATA,
    SAMPLES,
    SHELF,
    SHELF_SIDE,
    SIDES,
    TEXT,
    BookPut,
    BookTaken,
    BookText,
    CardIssued,
    SetUp,
    ShelfDecisions,
    ShelfSetUp,
    ShelfTakenDown,
    Take,
)
from tests.faults.marker import in_database, in_files
from tests.support.memory_log import MemoryLog
from tests.support.servers import Server
from tests.support.table_dump import dump_rows

ROOT = Path(__file__).parents[2]
MARKER = "a-word-nobody-else-writes"


class Place:
    """A nats-server with the rights of these registrations, a database with their tables, and a blob store."""

    def __init__(self, folder: Path, postgres: str, name: str) -> None:
        self.folder, self._postgres, self._name = folder, postgres, name
        self.server = NatsServer(folder / "nats", sync="10s", unrestricted=True, users=users_of(KNOWN))
        self.target = Target(self.server.url, postgres.rpartition("/")[0] + f"/{name}", f"file://{folder / 'blobs'}")
        self.blobs = Blobs(open_backend(self.target.blob_store_url), SHELF.blobs)

    def start(self) -> None:
        self.server.start()
        self.server.wait()
        asyncio.run(self._make_database())

    async def _make_database(self) -> None:
        engine = create_async_engine(self._postgres, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {self._name}"))
        await engine.dispose()

    async def add_tables(self) -> None:
        async with self.engine() as engine, engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)

    @contextlib.asynccontextmanager
    async def engine(self) -> AsyncIterator[AsyncEngine]:
        engine = create_async_engine(self.target.database_url)
        yield engine
        await engine.dispose()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Library"]:
        nc = await connect(self.target.nats_url, "test")
        async with self.engine() as engine:
            log = JetStreamFollowed(nc, aggregate=SHELF, known=KNOWN)
            yield Library(nc, engine, log, self.blobs)
        await nc.close()

    async def hits(self) -> int:
        rows = (await in_database(self.target.database_url, MARKER)).total()
        return in_files(self.folder / "nats" / "jetstream", MARKER) + in_files(self.folder / "blobs", MARKER) + rows


class Library:
    """The parts of a process of it: connections, the log of shelves, and contents."""

    def __init__(self, nc: Connection, engine: AsyncEngine, log: JetStreamFollowed, blobs: Blobs) -> None:
        self.nc, self.engine, self.log, self.blobs = nc, engine, log, blobs
        self.cards = log.of(CARD)

    async def append(self, *events: Event, seen: int | None = None) -> int:
        log: EventLog = self.cards if isinstance(events[0], CardIssued) else self.log
        before = await log.last_seq(events[0].aggregate_id) if seen is None else seen
        return await log.append([new(event) for event in events], before)

    async def fill(self) -> str:
        """A shelf with two books, one of which was taken, and a card of the same id."""
        shelf = new_id()
        ref = await self.blobs.put_model(shelf, BookText(words=f"What it says: {MARKER}"))
        await self.append(ShelfSetUp(shelf_id=shelf, owner="ann", name=f"Poems {MARKER}"))
        await self.append(*(BookPut(shelf_id=shelf, book=book, text=ref) for book in (f"one {MARKER}", "two")))
        await self.append(CardIssued(card_id=shelf, reader="bob"))
        await self.append(BookTaken(shelf_id=shelf, book="two"))
        return shelf

    async def project(self) -> None:
        """As the projector's process does, up to the end of the stream."""
        projected = Projected(self.engine, LIBRARY)
        running = asyncio.create_task(Projector(self.engine, self.log, self.blobs, sides=SIDES).run())
        try:
            assert await projected.wait(await self.log.end(), 20.0)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def rows(self, schema: str = LIVE) -> dict[str, list[str]]:
        return await dump_rows(self.engine, schema, tables_of(SIDES))

    def rebuild(self) -> Rebuild:
        return Rebuild(self.engine, self.log, self.blobs, (COURSE_SIDE, *SIDES))


def new(event: Event) -> NewEvent:
    return NewEvent(event, event_id(new_id(), type(event).__name__, ""), "test", "c", "c")


def silent(*_: int) -> None:
    return None


@pytest.fixture
def make_place(tmp_path: Path, postgres_server: Server) -> Any:
    made: list[Place] = []

    def make() -> Place:
        place = Place(tmp_path / f"{len(made)}", postgres_server.url, f"library_{new_id().replace('-', '_')}")
        place.start()
        made.append(place)
        return place

    yield make
    for place in made:
        place.server.process.stop()


@pytest.fixture
def place(make_place: Callable[[], Place]) -> Place:
    """With streams and tables, and nothing in them."""
    made = make_place()
    migrate(made.target.database_url)

    async def provision() -> None:
        await made.add_tables()
        nc = await connect(made.server.url_of("provision"), "test")
        await apply_topology(nc.jetstream(), known=KNOWN)
        await nc.close()

    asyncio.run(provision())
    return made


@pytest.fixture(params=["memory", "jetstream"])
async def shelves_log(request: pytest.FixtureRequest, nats_connection: Connection) -> AsyncIterator[FollowedLog]:
    if request.param == "memory":
        yield MemoryLog(aggregate=SHELF, known=KNOWN)
        return
    js: JetStreamContext = nats_connection.jetstream()
    await apply_topology(js, known=KNOWN)
    yield JetStreamFollowed(nats_connection, aggregate=SHELF, known=KNOWN)
    await js.delete_stream(LIBRARY.name)


async def test_appends_conflict_within_one_aggregate_and_with_no_other(shelves_log: FollowedLog) -> None:
    shelf = new_id()
    first = new(ShelfSetUp(shelf_id=shelf, owner="ann", name="Poems"))
    seq = await shelves_log.append([first], 0)
    assert await shelves_log.append([first], 0) == seq, "a repeat"
    with pytest.raises(Conflict, match=f"Shelf {shelf} changed"):
        await shelves_log.append([new(BookTaken(shelf_id=shelf, book="b"))], 0)
    with pytest.raises(PermanentError, match="used before"):
        await shelves_log.append([first], seq)
    with pytest.raises(ValueError, match="one aggregate"):
        await shelves_log.append([first, new(CardIssued(card_id=shelf, reader="bob"))], seq)
    cards = shelves_log.of(CARD)
    card = await cards.append([new(CardIssued(card_id=shelf, reader="bob"))], 0)
    last = await shelves_log.append([new(BookTaken(shelf_id=shelf, book=book)) for book in "ab"], seq)
    assert [item.seq for item in await shelves_log.read(shelf)] == [seq, last - 1, last]
    assert [item.seq for item in await cards.read(shelf)] == [card]
    assert (await shelves_log.last_seq(shelf), await cards.last_seq(shelf)) == (last, card)
    followed: list[int] = []
    async for batch in shelves_log.follow(1):
        followed += [item.seq for item in batch]
        if not batch and len(followed) == 4:
            await shelves_log.append([new(ShelfTakenDown(shelf_id=shelf, by="ann"))], last)
        if len(followed) == 5:
            break
    assert followed == list(range(seq, last + 2))


async def test_commands_are_carried_out_and_read_back_and_refused_and_found_again(place: Place) -> None:
    async with place.open() as library:
        shelf, projected = new_id(), Projected(library.engine, LIBRARY)
        writing = Writing(
            library.engine, library.log, SHELF_SIDE, ShelfDecisions(), projected, wait_seconds=20.0, by="gateway"
        )
        running = asyncio.create_task(Projector(library.engine, library.log, library.blobs, sides=SIDES).run())
        try:
            begun = await writing.execute("ann", shelf, SetUp(shelf, "ann", "Poems"), "c1")
            assert (begun.visible, (await writing.load(shelf)).name) == (True, "Poems")
            again = await writing.execute("ann", shelf, SetUp(shelf, "ann", "Poems"), "c1", asked_before=True)
            assert again.seq == begun.seq
            with pytest.raises(Refused, match="no such book"):
                await writing.execute("ann", shelf, Take(shelf, "one"), "c2")
            with pytest.raises(NotFound, match=r"^Shelf not found$"):
                await writing.execute("ann", new_id(), Take(shelf, "one"), "c3")
            await library.append(BookPut(shelf_id=shelf, book="one", text=TEXT))  # the rows may not have it yet
            taken = await writing.execute("ann", shelf, Take(shelf, "one"), "c4")
            assert (taken.visible, (await writing.load(shelf)).books) == (True, ())
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_rows_live_and_rebuilt_are_equal_and_the_past_can_be_seen(place: Place) -> None:
    async with place.open() as library:
        shelf = await library.fill()
        await library.project()
        live = await library.rows()
        assert {name: len(rows) for name, rows in live.items()} == {
            "shelves": 1, "shelf_books": 1, "shelf_defects": 0, "cards": 1, "card_defects": 0, "checkpoints": 1,
        }  # fmt: skip
        async with library.engine.connect() as connection:
            assert await read_checkpoint(connection, LIBRARY) == await library.log.end() == 5
            assert await read_checkpoint(connection, COURSES) == 0
        async with library.rebuild().open() as rebuild:
            built = await rebuild.build(silent)
            assert (dict(built.seqs), built.events) == ({"COURSES": 0, "LIBRARY": 5}, 5)
            assert (await rebuild.compare()).differences == ()
            assert await library.rows(NEXT) == live
            await rebuild.swap()
            assert await library.rows() == live
            replaced = await rebuild.replace(shelf, SHELF_SIDE)
            assert (replaced.events, replaced.defects) == (4, ())
            assert await library.rows() == live
            then = await rebuild.build(silent, {LIBRARY.name: 3})
            assert [len(rows) for rows in (await library.rows(then.schema)).values()][:4] == [1, 2, 0, 0]
        past = PastStates(library.log, SHELF_SIDE)
        assert (await past.load(shelf, 3)).books == (f"one {MARKER}", "two")
        assert (await past.load(shelf, 5)).books == (f"one {MARKER}",)
        with pytest.raises(NotFound, match="Card not found"):
            await PastStates(library.log, CARD_SIDE).load(shelf, 3)


async def test_a_content_that_is_gone_costs_its_row_and_is_noted(place: Place) -> None:
    async with place.open() as library:
        shelf = await library.fill()
        await library.blobs.delete_all(shelf)
        await library.project()
        rows = await library.rows()
        assert (len(rows["shelves"]), len(rows["shelf_books"]), len(rows["shelf_defects"])) == (1, 0, 2)


async def test_of_a_deleted_aggregate_nothing_is_left(place: Place) -> None:
    async with place.open() as library:
        shelf = await library.fill()
        await library.project()
        assert await place.hits() == 5
        await library.append(ShelfTakenDown(shelf_id=shelf, by="ann"))
        await library.project()
        eraser_nc = await connect(place.server.url_of("eraser"), "test")
        streams = JetStreamEraser(eraser_nc, SHELF, KNOWN)
        eraser = Eraser(
            library.engine, library.log, library.blobs, streams, settle_seconds=0.0, sweep_seconds=3600.0,
            erasure=Erasure(SHELF_SIDE),
        )  # fmt: skip
        for _ in range(2):
            await eraser.work()
        await eraser_nc.close()
        assert await place.hits() == 0
        assert [type(item.event) for item in await library.log.read(shelf)] == [ShelfTakenDown]
        assert [type(item.event) for item in await library.cards.read(shelf)] == [CardIssued], "of the same id"
        with pytest.raises(Conflict):
            await library.append(ShelfSetUp(shelf_id=shelf, owner="eve", name="Again"), seen=0)
        rows = await library.rows()
        assert (len(rows["shelves"]), len(rows["shelf_books"]), len(rows["cards"])) == (0, 0, 1)
        async with library.engine.connect() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM app.erasures")) == 0


def test_a_backup_brings_both_streams_back(place: Place, make_place: Callable[[], Place], tmp_path: Path) -> None:
    said: list[str] = []

    async def fill() -> dict[str, list[str]]:
        async with place.open() as library:
            await library.fill()
            course = CourseCreated(course_id=new_id(), owner="ann", title="Learn it")
            await JetStreamFollowed(library.nc, known=KNOWN).append([new(course)], 0)
            await library.project()
            await take(library.nc, place.target, tmp_path / "backup", said.append, KNOWN)
            return await library.rows()

    before, restored = asyncio.run(fill()), make_place()
    manifest = restore_deployment(tmp_path / "backup", restored.target, said.append, (COURSE_SIDE, *SIDES))
    assert {name: part.messages for name, part in manifest.streams.items()} == {"COURSES": 1, "LIBRARY": 5, "DEAD": 0}
    assert (manifest.blobs.count, manifest.courses) == (1, 1)

    async def look() -> dict[str, list[str]]:
        async with restored.open() as library:
            assert len(await library.cards.read((await library.rows())["cards"][0].split("\t")[0])) == 1
            return await library.rows()

    after = asyncio.run(look())
    checkpoints = after.pop("checkpoints"), before.pop("checkpoints")
    assert after == before
    assert set(checkpoints[1]) <= set(checkpoints[0])
    assert len(checkpoints[0]) == 2


async def test_a_stream_keeps_its_events_for_as_long_as_its_value_says(nats_connection: Connection) -> None:
    js: JetStreamContext = nats_connection.jetstream()
    brief = Registry((replace(CARD, stream=Stream("BRIEF", timedelta(days=30))),))
    for config in stream_configs(known=brief)[:1]:
        kept = (await js.add_stream(config)).config
        await js.delete_stream(kept.name or "")
        assert (kept.name, kept.max_age, kept.subjects) == ("BRIEF", 30 * 86400, ["card.*.*.*", "card.*.*.*.*"])
    assert stream_configs()[0].max_age is None, "courses are kept for ever"


async def test_rights_follow_from_the_registration(place: Place) -> None:
    events = (ShelfSetUp(shelf_id="s", owner="ann", name="Poems"), CardIssued(card_id="c", reader="bob"))
    for user, may_write in (("gateway", True), ("projector", False), ("subscriber", False), ("modules", False)):
        nc = await connect(place.server.url_of(user), "test")
        for event in events:
            outcome = NotPermitted if not may_write else None
            with pytest.raises(outcome) if outcome else contextlib.nullcontext():
                await nc.request(subject_of(event), b"{}", timeout=2)
        await nc.close()
    nc = await connect(place.server.url_of("projector"), "test")
    async with contextlib.aclosing(JetStreamFollowed(nc, aggregate=SHELF, known=KNOWN).follow(1)) as batches:
        seen = 0
        async for batch in batches:
            seen += len(batch)
            if not batch and seen == 2:  # read; from here on it is pushed
                writer = await connect(place.server.url_of("gateway"), "test")
                await writer.request(subject_of(ShelfSetUp(shelf_id="t", owner="a", name="n")), b"{}", timeout=2)
                await writer.close()
            if seen == 3:
                break
    await nc.close()


def test_the_description_of_the_streams_names_them() -> None:
    from shared.schemas.samples import SAMPLES as OURS

    document = yaml.safe_load(yaml.safe_dump(asyncapi(KNOWN, (*OURS, *SAMPLES))))
    assert document["channels"]["BookPut"]["address"] == "shelf.{shard}.{shelf_id}.BookPut"
    assert document["components"]["messages"]["CardIssued"]["name"] == "coursewright.card.CardIssued.v1"
    assert document["info"]["description"].startswith("Streams COURSES, LIBRARY ")


def test_no_file_of_the_product_names_them() -> None:
    files = [path for folder in ("services", "shared", "cli") for path in (ROOT / folder).rglob("*.py")]
    named = re.compile(r"\b(LIBRARY|[Ss]hel(f|ves)|Shelf\w+|Card\w+|BookPut)\b")
    assert [path for path in files if named.search(path.read_text(encoding="utf-8"))] == []
