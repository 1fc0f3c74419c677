"""Everything a course left behind, in a form that is equal for the same work: tables, blobs, facts, course.json."""

import hashlib
import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from cli.local.record import StackRecord
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import Recorded
from shared.events.base import StageEvent, StageStarted
from shared.events.gateway import DocumentUploaded, LectureAdded
from shared.events.lectures import LectureFetched
from shared.events.modules import CourseGenerated
from shared.events.stage import StageRetryScheduled
from shared.readmodels.base import METADATA

# Times, attempts and sequences: what a run that was cut may have more of, or later; and a digest over ids. Who worked
# and how often is told by …Started and StageRetryScheduled, which are left out altogether, and by the tables' `worker`.
# A `step` names the last one of several that are worked on side by side.
LEFT_OUT = frozenset(
    {
        "added_at",
        "analyzed_at",
        "asked_seq",
        "attempt",
        "basis",
        "began",
        "began_seq",
        "changed_at",
        "completed_at",
        "created_at",
        "generated_at",
        "next_attempt_at",
        "requested_at",
        "selected_at",
        "seq",
        "started_at",
        "step",
        "updated_at",
        "uploaded_at",
        "worker",
    }
)


@dataclass(frozen=True)
class Snapshot:
    """Counts of everything, by content. `facts`, with their bodies, are those a run may record once only."""

    rows: Counter[str]
    blobs: Counter[str]
    facts: Counter[str]
    course: str

    def minus(self, other: "Snapshot") -> Counter[str]:
        """The rows and facts that only this one has."""
        mine, theirs = (
            Counter({f"{kind} {name}": count for kind, found in one._kinds() for name, count in found.items()})
            for one in (self, other)
        )
        return mine - theirs

    def _kinds(self) -> Iterable[tuple[str, Counter[str]]]:
        return (
            ("row", self.rows), ("blob", self.blobs), ("fact", self.facts), ("course.json", Counter([self.course])),
        )  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """The difference of one course, lost and doubled, from the course of a run without faults."""

    lost: Counter[str]
    doubled: Counter[str]

    def describe(self) -> str:
        """A sentence; of a row or a fact that only changed, what changed."""
        lost, doubled = sorted(self.lost), sorted(self.doubled)
        changed = []
        for one in [one for one in lost if one.startswith(("row ", "fact "))]:
            name = one.split(" {")[0]
            other = next((other for other in doubled if other.split(" {")[0] == name), None)
            if other is not None:
                lost.remove(one)
                doubled.remove(other)
                pair = (json.loads(text.removeprefix(name)) for text in (one, other))
                changed.append(f"{name}: {', '.join(_changes('', *pair))}")
        parts = (("lacks", lost), ("has too much of", doubled), ("differs in", changed))
        return "; ".join(f"{name} {found}" for name, found in parts if found)


def _changes(path: str, expected: Any, found: Any) -> Iterator[str]:
    match expected, found:
        case dict(), dict():
            for name in sorted(expected.keys() | found.keys()):
                yield from _changes(f"{path}.{name}", expected.get(name), found.get(name))
        case _ if expected != found:
            yield f"{path} is {found!r:.200}, not {expected!r:.200}"


def compare(end: Snapshot, expected: Snapshot) -> Difference:
    """Both empty when the runs ended the same."""
    return Difference(expected.minus(end), end.minus(expected))


async def read_snapshot(record: StackRecord, course_id: str, blobs: Path) -> Snapshot:
    """The course as log, tables and blobs have it now."""
    nc = await connect(record.nats_url, "faults")
    try:
        events = await JetStreamLog(nc).read(course_id)
    finally:
        await nc.close()
    names = _names(course_id, events)
    engine = create_async_engine(record.database_url)
    try:
        async with engine.connect() as connection:
            rows = await _read_rows(connection, course_id, names)
    finally:
        await engine.dispose()
    found = {path.name: path.read_bytes() for path in (blobs / "courses" / course_id).rglob("*") if path.is_file()}
    digests = {key: hashlib.sha256(_renamed(data, names)).hexdigest() for key, data in found.items()}
    places = {f"{key[:2]}/{key}": f"{digest[:2]}/{digest}" for key, digest in digests.items()} | digests
    rows = Counter({_replace(row, places): count for row, count in rows.items()})
    once = [fact for fact in events if not isinstance(fact.event, StageStarted | StageRetryScheduled)]
    course = [fact.event.course.sha256 for fact in events if isinstance(fact.event, CourseGenerated)]
    return Snapshot(
        rows,
        Counter(digests.values()),
        Counter(_replace(_fact(fact), {**names, **places}) for fact in once),
        course[-1] if course else "",
    )


def _fact(recorded: Recorded) -> str:
    """`Type natural-key {body}`; `caused_by` and `run` are what the event is connected with."""
    event = recorded.event
    key = event.natural_key() if isinstance(event, StageEvent) else ""
    body = {
        **without(event.model_dump(mode="json"), LEFT_OUT), "written_by": recorded.source,
        "run": recorded.correlation_id, "caused_by": recorded.causation_id,
    }  # fmt: skip
    return f"{type(event).__name__} {key} {json.dumps(body, sort_keys=True, ensure_ascii=False)}"


def _names(course_id: str, events: Iterable[Recorded]) -> Mapping[str, str]:
    """Ids that differ from run to run, with what they stand for."""
    names = {course_id: "<course>"}
    for recorded in events:
        kind = type(recorded.event).__name__
        if isinstance(recorded.event, DocumentUploaded):
            names.setdefault(recorded.event.document_id, f"<document {recorded.event.file_name}>")
        if isinstance(recorded.event, LectureAdded):
            names.setdefault(recorded.event.lecture_id, f"<lecture {recorded.event.file_name}>")
        if isinstance(recorded.event, LectureFetched) and (ref := recorded.event.captions) is not None:
            names.setdefault(ref.key.split("/")[1], "<recording>")
        if isinstance(recorded.event, StageEvent):
            names.setdefault(recorded.event.run_id, f"<run of {kind}>")
        names.setdefault(recorded.id, f"<event {kind}>")
        names.setdefault(recorded.correlation_id, f"<command of {kind}>")
        names.setdefault(recorded.causation_id, f"<cause of {kind}>")
    return names


async def _read_rows(connection: AsyncConnection, course_id: str, names: Mapping[str, str]) -> Counter[str]:
    """Every row of the course as `table {columns}`, from the tables as the database has them."""
    tables = MetaData(schema=METADATA.schema)
    await connection.run_sync(tables.reflect)
    rows: Counter[str] = Counter()
    for table in tables.sorted_tables:
        if "course_id" not in table.c:
            continue
        for row in (await connection.execute(select(table).where(table.c.course_id == course_id))).mappings():
            text = json.dumps(without(dict(row), LEFT_OUT), sort_keys=True, default=str, ensure_ascii=False)
            rows[f"{table.name} {_replace(text, names)}"] += 1
    return rows


def without(value: Any, names: Container[str]) -> Any:
    """A JSON value without the members of these names, however deep they lie."""
    match value:
        case dict():
            return {name: without(item, names) for name, item in value.items() if name not in names}
        case list():
            return [without(item, names) for item in value]
        case _:
            return value


def _renamed(data: bytes, names: Mapping[str, str]) -> bytes:
    for name, meaning in names.items():
        data = data.replace(name.encode(), meaning.encode()) if name else data
    return data


def _replace(text: str, names: Mapping[str, str]) -> str:
    return _renamed(text.encode(), names).decode()
