"""The notifier beside a classroom: what happens is told once, whatever becomes of the receiver or of the notifier."""

import asyncio
import contextlib
import json
import queue
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from obstore.store import MemoryStore
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cli.local.ports import free_port
from services.notifier import store
from services.notifier.channels import Channel, Mail, Slack
from services.notifier.core import Next
from services.notifier.store import Due, Overtaken
from services.notifier.tables import notices, notifier_places
from services.notifier.worker import Habits, Notifier
from shared.classroom.contents import content_tasks
from shared.engine.model.traces import CallTraces
from shared.events import Stream
from shared.events.classroom import OrgFounded, PersonAdded, PersonDeleted, PersonNamed
from shared.events.content import ContentHidden
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.ids import new_id
from shared.readmodels.checkpoint import Place
from shared.sources.posting import Posting
from tests.integration.classroom.conftest import Classroom
from tests.support.empty_tables import empty
from tests.support.mail_server import MailServer
from tests.support.receiver import Receiver

LATER = datetime(3000, 1, 1, 12, tzinfo=UTC)
TOPICS: Any = ("people", "schools", "courses", "alerts")  # a notifier closes a day as it begins


def slack(url: str, timeout_seconds: float = 10.0, topics: Any = TOPICS) -> dict[str, Channel]:
    return {"slack": Slack(dict.fromkeys(topics, url), Posting(timeout_seconds, allow_private=True))}


def build(classroom: Classroom, channels: dict[str, Channel], now: datetime | None = None, **changed: Any) -> Notifier:
    habits: dict[str, Any] = {
        "schedule": [0.1] * 8, "due_seconds": 3600.0, "daily_hour": 4, "disk": {},
        "trace_days": 30,
    }  # fmt: skip
    services = classroom.services
    traces = CallTraces(ObjectBackend(MemoryStore()))
    clock = {"clock": lambda: now} if now else {}
    return Notifier(
        classroom.log, classroom.engine, services.projected, channels, traces, Habits(**habits | changed), **clock
    )  # fmt: skip


@contextlib.asynccontextmanager
async def running(notifier: Notifier) -> AsyncIterator[None]:
    """While it leads."""
    task = asyncio.create_task(notifier.run())
    try:
        await until(lambda: notifier.leads)
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(look: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while True:
            if look():
                return
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
async def nothing_told(engine: AsyncEngine) -> None:
    await empty(engine, (notices, notifier_places))


async def rows(classroom: Classroom) -> dict[str, int]:
    async with classroom.engine.connect() as connection:
        return dict(await store.count(connection))


async def ended(classroom: Classroom, count: int) -> dict[str, int]:
    """The notices by status, when so many have ended."""
    async with asyncio.timeout(60):
        while True:
            async with classroom.engine.connect() as connection:
                done = await connection.scalar(select(func.count()).where(notices.c.finished_at.is_not(None)))
            if done == count:
                return await rows(classroom)
            await asyncio.sleep(0.05)


async def sign_in(classroom: Classroom, name: str) -> str:
    person_id = new_id()
    named = PersonNamed(person_id=person_id, first_name=name, default_dp_color="#000")
    await classroom.append(PersonAdded(person_id=person_id, email=f"{name}@x.example"), named)
    return person_id


def accepted(receiver: Receiver) -> list[str]:
    told = []
    with contextlib.suppress(queue.Empty):
        while True:
            one = receiver.told.get_nowait()
            if one.status == 200:
                told.append(json.loads(one.body)["text"])
    return told


async def test_everything_is_told_once_by_a_receiver_that_fails_and_a_notifier_that_was_away(
    classroom: Classroom,
) -> None:
    await sign_in(classroom, "before")  # the notifier hears from its first start on
    with Receiver([500, 500, 503, 429, 500, 500]).running() as receiver:
        async with running(build(classroom, slack(receiver.url))):
            school = await classroom.school()
            assert await ended(classroom, 14) == {"sent": 14}
        await sign_in(classroom, "Away")
        async with running(build(classroom, slack(receiver.url))):
            assert await ended(classroom, 15) == {"sent": 15}
        told = accepted(receiver)
    assert max(Counter(told).values()) == 1
    assert len(told) == 15
    mentor, owner = school.email("mentor"), school.email("owner")
    assert {
        f"New user: Mentor Marker ({mentor}) signed in for the first time",
        f"New member: Mentor Marker ({mentor}) is mentor in cohort Marker cohort of Marker school",
        f"New school: Marker school, by Owner Marker ({owner})",
        "New course: Marker course of Marker school",
        "New user: Away (Away@x.example) signed in for the first time",
    } <= set(told)


async def test_a_message_that_went_out_and_was_not_answered_is_not_sent_again(classroom: Classroom) -> None:
    with Receiver().running() as receiver:
        receiver.answering.clear()
        async with running(build(classroom, slack(receiver.url, timeout_seconds=0.5))):
            await sign_in(classroom, "Slow")
            assert await ended(classroom, 1) == {"unclear": 1}
            receiver.answering.set()
            await sign_in(classroom, "Next")
            assert await ended(classroom, 2) == {"unclear": 1, "sent": 1}
        await until(lambda: receiver.told.qsize() == 2)
        assert [one.split()[2] for one in accepted(receiver)] == ["Slow", "Next"]


async def test_a_receiver_that_is_away_is_told_when_it_is_back(classroom: Classroom) -> None:
    port = free_port()
    async with running(build(classroom, slack(f"http://127.0.0.1:{port}/hook"), schedule=[0.2] * 100)):
        await sign_in(classroom, "Patient")
        await _tried(classroom)
        with Receiver(port=port).running() as receiver:
            assert await ended(classroom, 1) == {"sent": 1}
            assert len(accepted(receiver)) == 1


async def test_what_was_refused_is_sent_again_when_the_operator_says_so(classroom: Classroom) -> None:
    with Receiver([404]).running() as receiver:
        async with running(build(classroom, slack(receiver.url))):
            await sign_in(classroom, "Late")
            assert await ended(classroom, 1) == {"dead": 1}
            async with classroom.engine.begin() as connection:
                assert [await store.send_dead_again(connection) for _ in range(2)] == [1, 0]
            assert await ended(classroom, 1) == {"sent": 1}
            assert len(accepted(receiver)) == 1


async def _tried(classroom: Classroom) -> None:
    async with asyncio.timeout(60):
        while True:
            async with classroom.engine.connect() as connection:
                if await connection.scalar(select(func.sum(notices.c.attempts))):
                    return
            await asyncio.sleep(0.05)


async def test_a_person_who_was_deleted_is_not_told_of(classroom: Classroom) -> None:
    with Receiver().running() as receiver:
        async with running(build(classroom, {})):
            pass
        person_id = await sign_in(classroom, "Gone")
        await classroom.append(PersonDeleted(person_id=person_id, by=person_id))
        async with running(build(classroom, slack(receiver.url))):
            assert await ended(classroom, 1) == {"void": 1}
        assert accepted(receiver) == []


async def test_what_people_write_calls_nobody_together(classroom: Classroom) -> None:
    with Receiver().running() as receiver:
        async with running(build(classroom, slack(receiver.url))):
            owner = await sign_in(classroom, "A")
            await classroom.append(
                OrgFounded(org_id=new_id(), name="<!channel> & co", slug=new_id(), logo_color="#000", by=owner)
            )
            await ended(classroom, 2)
        assert "&lt;!channel&gt; &amp; co" in accepted(receiver)[1]


async def taken(classroom: Classroom) -> Due:
    async with classroom.engine.begin() as connection:
        due = await store.take_due(connection, "slack", 60.0)
    assert due is not None
    return due


async def test_a_sender_whose_lease_is_over_sends_nothing_more_and_settles_nothing(classroom: Classroom) -> None:
    async with classroom.engine.begin() as connection:
        told = {"event_id": "e", "channel": "slack", "kind": "PersonAdded", "topic": "people", "about": {}}
        await connection.execute(notices.insert().values(**told, happened_at=LATER))
    late = await taken(classroom)
    async with classroom.engine.begin() as connection:
        await connection.execute(notices.update().values(next_attempt_at=func.now()))
    second = await taken(classroom)
    async with classroom.engine.begin() as connection:
        with pytest.raises(Overtaken):
            await store.mark(connection, late)
        assert not await store.settle(connection, late, Next("sent"), "")
        await store.mark(connection, second)
        assert await store.take_due(connection, "slack", 60.0) is None
        assert await store.settle(connection, second, Next("sent"), "")
    assert await rows(classroom) == {"sent": 1}


async def test_a_scheduled_task_opens_once_though_two_look_and_the_tables_are_late(classroom: Classroom) -> None:
    school = await classroom.school()
    both = [build(classroom, {}, LATER), build(classroom, {}, LATER)]
    await build(classroom, {}, LATER - timedelta(days=800)).look()
    await asyncio.gather(*(one.look() for one in both))
    await both[0].look()
    kinds = Counter(type(one.event).__name__ for one in await classroom.log.read("*"))
    assert (kinds["TaskOpened"], kinds["DayClosed"]) == (1, 2)
    await classroom.project()
    async with classroom.engine.connect() as connection:
        opened = select(content_tasks.c.scheduled_publish_at).filter_by(task_id=school.task_ids["scheduled"])
        assert await connection.scalar(opened) is None
    async with classroom.as_person(school.people["learner"]) as learner:
        answer = await learner.get(f"/tasks/{school.task_ids['scheduled']}")
    assert answer.status_code == 200


async def test_a_deleted_course_opens_nothing(classroom: Classroom) -> None:
    school = await classroom.school()
    await classroom.append(ContentHidden(content_id=school.course_id, by=school.people["owner"]))
    await classroom.project()
    await build(classroom, {}, LATER).look()
    assert "TaskOpened" not in {type(one.event).__name__ for one in await classroom.log.read("*")}


async def test_after_a_month_of_standing_still_one_day_is_told(classroom: Classroom) -> None:
    with Receiver().running() as receiver:
        await classroom.school()
        now = datetime.now(UTC)
        await build(classroom, {}, now - timedelta(days=30)).look()
        tomorrow = now + timedelta(days=1)
        async with running(
            build(classroom, slack(receiver.url, topics=("usage",)), tomorrow, daily_hour=0, due_seconds=0.1)
        ):
            assert await ended(classroom, 1) == {"sent": 1}
        (told,) = accepted(receiver)
    assert told.splitlines()[1] == "Marker school: 2 / 2 / 2"


async def test_a_day_that_ends_while_the_place_in_the_log_is_looked_up_is_told(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = store.read_place

    async def read_slowly(connection: AsyncConnection, stream: Stream) -> Place | None:
        await asyncio.sleep(0.3)  # a database under load
        return await read(connection, stream)

    monkeypatch.setattr(store, "read_place", read_slowly)
    with Receiver().running() as receiver:
        await classroom.school()
        channels = slack(receiver.url, topics=("usage",))
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        async with running(build(classroom, channels, tomorrow, daily_hour=0, due_seconds=0.1)):
            assert await ended(classroom, 1) == {"sent": 1}


async def test_little_room_is_told_once_until_there_is_room_again(classroom: Classroom, tmp_path: Path) -> None:
    free, folder = shutil.disk_usage(tmp_path).free, str(tmp_path)
    with Receiver().running() as receiver:
        channels = slack(receiver.url)
        full, roomy = (build(classroom, channels, disk={folder: limit}) for limit in (free * 4, 1))
        await full.look()
        await full.look()
        assert await rows(classroom) == {"pending": 1, "sent": 1}  # for Slack, and the report
        async with running(build(classroom, channels)):
            await ended(classroom, 1)
        await roomy.look()
        await full.look()
        async with running(build(classroom, channels)):
            await ended(classroom, 1)
        assert len(accepted(receiver)) == 2


async def test_mail_is_sent_once_with_an_id_of_its_own(classroom: Classroom) -> None:
    async with MailServer([451]).running() as server:
        mail = Mail(server.url, "course@x.example", ("ops@x.example",), frozenset({"people"}), 10.0)
        async with running(build(classroom, {"mail": mail})):
            await sign_in(classroom, "Ada")
            assert await ended(classroom, 1) == {"sent": 1}
        (message,) = server.taken
    assert message["Subject"] == "New user: Ada (Ada@x.example) signed in for the first time"
    assert message["Message-ID"].endswith("@coursewright>")
