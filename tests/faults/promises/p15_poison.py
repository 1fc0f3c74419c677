"""Messages that are no requests among a thousand that are, on the subject of every stage and before the projectors of
both streams.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from obstore.store import MemoryStore
from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from cli.local.nats_server import NatsServer
from cli.local.postgres_server import PostgresServer
from services.gateway.migrate import migrate
from services.gateway.project.course_projector import course_projector
from services.gateway.project.projector import Projector
from services.gateway.readmodels.courses import courses
from services.gateway.readmodels.registry import COURSE_SIDE
from shared.classroom.people import persons
from shared.classroom.sides import CLASSROOM_SIDES
from shared.event_log.codec import encode
from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from shared.event_log.names import DEAD
from shared.event_log.port import NewEvent, Recorded
from shared.event_log.topology import apply_topology
from shared.events import Event, Stream, subject_pattern
from shared.events.classroom import PersonAdded, PersonNamed
from shared.events.courses import COURSES
from shared.events.gateway import CourseCreated
from shared.events.registry import CLASSROOM, PERSON, REGISTRY
from shared.events.subjects import shard_of
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.kernel.ids import event_id, new_id
from shared.kernel.settings import StageSettings
from shared.pipeline import PIPELINE, StageRow
from shared.readmodels.checkpoint import read_checkpoint
from shared.readmodels.side import ReadSide
from shared.stage.app import stage_app
from tests.faults.instant_stages import empty_request, instant_specs
from tests.faults.promise import Outcome, Promise, Scale
from tests.support.servers import running_nats, running_postgres

_REQUESTS = {Scale.quick: 40, Scale.full: 1_000}
_PATIENCE_SECONDS = {Scale.quick: 60.0, Scale.full: 600.0}
_AT_ONCE = 16
_LOOK_SECONDS = 0.1
_NAME = "Read"


def _new(event: Any, key: str) -> NewEvent:
    return NewEvent(event, event_id(key, type(event).__name__, ""), "faults", key, key)


def _poisons(event: Event, clock: Any, elsewhere: str) -> list[tuple[str, dict[str, str], bytes]]:
    """One of each kind, on the subject of an event; the last on another one."""
    subject, good, body = encode(_new(event, "poison"), clock())
    return [
        (subject, good, b"\xff\x00 this is no JSON"),
        (subject, good, b""),
        (subject, good, b'{"course_id": 7}'),
        (subject, good, b"[" * 100_000),
        (subject, {**good, "ce-type": "coursewright.course.Nonsense.v9"}, body),
        (subject, {**good, "ce-type": "Ü" * 10_000, "ce-more": "x" * 20_000}, body),
        (subject, {**good, "ce-time": "yesterday"}, body),
        (subject, {}, body),
        (elsewhere, good, body),
    ]


@contextlib.asynccontextmanager
async def _working(nats_url: str, engine: AsyncEngine, log: JetStreamFollowed) -> AsyncIterator[None]:
    """All stages as they run in production, and the projectors."""
    app = stage_app(instant_specs(), StageSettings(nats_url=nats_url, blob_store_url="memory:"))
    await app.start()
    blobs = Blobs(ObjectBackend(MemoryStore()))
    people = Projector(engine, log.of(PERSON), blobs, sides=CLASSROOM_SIDES)
    projecting = [asyncio.create_task(one.run()) for one in (course_projector(engine, log, blobs), people)]
    try:
        yield
    finally:
        for one in projecting:
            one.cancel()
        await asyncio.gather(*projecting, return_exceptions=True)
        await app.stop()


async def _send(nc: Client, log: JetStreamFollowed, count: int) -> dict[int, bytes]:
    """`count` requests for each stage with the poison spread between them; the poison's bytes by sequence."""
    poisons = [
        poison for row in PIPELINE
        for poison in _poisons(empty_request(row, new_id()), log._clock, subject_pattern(row.request, "another"))
    ]  # fmt: skip
    sent: dict[int, bytes] = {}
    every = max(1, count * len(PIPELINE) // len(poisons))
    gate = asyncio.Semaphore(_AT_ONCE)

    async def ask(row: StageRow) -> None:
        async with gate:
            course_id = new_id()
            created = CourseCreated(course_id=course_id, owner="ann", title="x")
            await log.append([_new(created, course_id), _new(empty_request(row, course_id), course_id)], 0)

    asked = [row for _ in range(count) for row in PIPELINE]
    for start in range(0, len(asked), every):
        for subject, headers, body in poisons[:1]:
            ack = await nc.jetstream().publish(subject, body, stream=COURSES.name, headers=headers or None)
            sent[ack.seq] = body
        del poisons[:1]
        await asyncio.gather(*(ask(row) for row in asked[start : start + every]))
    return sent


async def _send_people(nc: Client, log: JetStreamFollowed, count: int) -> set[int]:
    """People of the classroom, each named after something that nobody can read was put into its history; where that
    lies. There is something of each kind in the history of each kind of aggregate too.
    """
    made = PersonAdded(person_id=new_id(), email="somebody@school.example")
    sent = set[int]()
    for side in CLASSROOM_SIDES:
        lost = f"{side.aggregate.prefix}.0.{new_id()}.{min(side.aggregate.events)}"
        for _, headers, body in _poisons(made, log._clock, lost):
            ack = await nc.jetstream().publish(lost, body, stream=CLASSROOM.name, headers=headers or None)
            sent.add(ack.seq)
    for number in range(count):
        person_id = new_id()
        added = PersonAdded(person_id=person_id, email=f"{number}@school.example")
        seq = await log.of(PERSON).append([_new(added, person_id)], 0)
        if number % 10 == 0:
            subject = f"{PERSON.prefix}.{shard_of(person_id)}.{person_id}.PersonNamed"
            seq = (await nc.jetstream().publish(subject, b"{", stream=CLASSROOM.name)).seq
            sent.add(seq)
        named = PersonNamed(person_id=person_id, first_name=_NAME, default_dp_color="#000")
        await log.of(PERSON).append([_new(named, f"{person_id} named")], seq)
    return sent


async def _finished(log: JetStreamFollowed, count: int) -> dict[str, int]:
    """Runs that ended with their result, by stage; returns when all have."""
    done = {row.name: 0 for row in PIPELINE}
    async with contextlib.aclosing(log.follow(1)) as batches:
        async for batch in batches:
            for item in batch:
                for row in PIPELINE:
                    done[row.name] += isinstance(item, Recorded) and isinstance(item.event, row.finished)
            if all(number >= count for number in done.values()):
                break
    return {str(name): number for name, number in done.items()}


async def _dead_letters(nc: Client) -> list[tuple[int, bytes]]:
    js = nc.jetstream()
    state = (await js.stream_info(DEAD)).state
    letters = [await js.get_msg(DEAD, seq) for seq in range(state.first_seq, state.last_seq + 1)]
    return [(int((one.headers or {})["Coursewright-Sequence"]), one.data or b"") for one in letters]


async def _projected(engine: AsyncEngine, log: JetStreamFollowed, stream: Stream) -> None:
    """Return when the tables have the whole of a stream."""
    end = await log.end()
    async with engine.connect() as connection:
        while await read_checkpoint(connection, stream) < end:
            await connection.rollback()
            await asyncio.sleep(_LOOK_SECONDS)


async def _noted(engine: AsyncEngine, sides: Iterable[ReadSide]) -> set[int]:
    """The sequences that the tables say were passed over."""
    async with engine.connect() as connection:
        return {seq for side in sides for seq in await connection.scalars(select(side.defects.c.seq))}


async def _count(engine: AsyncEngine, counted: Table, *where: ColumnElement[bool]) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(select(func.count()).select_from(counted).where(*where)) or 0)


async def _idle(nc: Client) -> None:
    """Return when no durable has anything to deliver or to hear of."""
    while True:
        infos = [await nc.jetstream().consumer_info(COURSES.name, row.durable) for row in PIPELINE]
        if not any(info.num_pending or info.num_ack_pending for info in infos):
            return
        await asyncio.sleep(_LOOK_SECONDS)


def _compare(sent: dict[int, bytes], letters: Sequence[tuple[int, bytes]]) -> tuple[int, int, list[str]]:
    """Poison without a letter, letters too many, and letters that do not hold the original bytes."""
    seqs = [seq for seq, _ in letters]
    wrong = [f"the dead letter of {seq} has other bytes" for seq, body in letters if sent.get(seq, body) != body]
    wrong += [f"{seq} is no poison and has a dead letter" for seq in seqs if seq not in sent]
    return sum(seq not in seqs for seq in sent), len(seqs) - len(set(seqs)), wrong


async def _prove(scale: Scale, nats: NatsServer, postgres: PostgresServer) -> Outcome:
    count, engine = _REQUESTS[scale], create_async_engine(postgres.url)
    nc = await connect(nats.url, "faults")
    await apply_topology(nc.jetstream())
    log = JetStreamFollowed(nc, known=REGISTRY)
    try:
        async with _working(nats.url, engine, log), asyncio.timeout(_PATIENCE_SECONDS[scale]):
            sent = await _send(nc, log, count)
            people = await _send_people(nc, log, count)
            done = await _finished(log, count)
            await _idle(nc)
            await _projected(engine, log, COURSES)
            await _projected(engine, log.of(PERSON), CLASSROOM)
            shown, named = await _count(engine, courses), await _count(engine, persons, persons.c.first_name == _NAME)
            noted, passed_over = await _noted(engine, (COURSE_SIDE,)), await _noted(engine, CLASSROOM_SIDES)
            letters = await _dead_letters(nc)
    except TimeoutError:
        return Outcome(1, failures=(f"not all work was done after {_PATIENCE_SECONDS[scale]:.0f} s",))
    finally:
        await nc.close()
        await engine.dispose()
    lost, doubled, failures = _compare(sent, letters)
    failures += [f"the tables do not say that {seq} was passed over" for seq in sent if seq not in noted]
    failures += [f"the classroom's tables do not say that {seq} was passed over" for seq in people ^ passed_over]
    if (shown, named) != (count * len(PIPELINE), count):
        failures.append(f"{shown} courses and {named} people in the tables")
    doubled += sum(number - count for number in done.values())
    figures = {
        "requests": count * len(PIPELINE),
        "people": count,
        "poison": len(sent) + len(people),
        "dead_letters": len(letters),
        "done": done,
    }
    return Outcome(len(sent) + len(people), lost, doubled, tuple(failures), figures)


def prove(scale: Scale, folder: Path) -> Outcome:
    with running_nats(folder) as nats, running_postgres(folder) as postgres:
        migrate(postgres.url)
        return asyncio.run(_prove(scale, nats, postgres))


PROMISE = Promise("P15", "a poison message stops nobody and is not lost", prove, alone=True)
