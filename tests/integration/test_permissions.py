"""The rights of every user on a real nats-server: each may do what its task needs, and is refused the rest."""

import asyncio
import re
import secrets
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from nats.aio.msg import Msg

from cli.local.nats_server import NatsServer, find_binary
from cli.operate.backup.streams import save_stream
from shared.event_log.accounts import render_example
from shared.event_log.connection import Connection, connect
from shared.event_log.following import JetStreamFollowed
from shared.event_log.names import TUTOR, inbox_prefix
from shared.event_log.permissions import USERS
from shared.event_log.port import NewEvent
from shared.event_log.topology import apply_topology
from shared.events import subject_pattern
from shared.events.gateway import CourseCreated, CourseDeleted
from shared.events.registry import EVENT_TYPES
from shared.events.stage import StageDead
from shared.kernel.errors import NotPermitted
from shared.kernel.ids import new_id
from shared.pipeline import PIPELINE
from tests.support.servers import running_nats

STAGES = [row.name for row in PIPELINE]
DURABLES = [*STAGES, "webhooks"]
NAMES = [rights.user for rights in USERS]
APART = [rights.user for rights in USERS if rights.is_apart]
API = "$JS.API"

# What is done with streams, durables and stored messages, and who may do it.
STREAMS = ("COURSES", "CLASSROOM", "PROGRESS", "DEAD")
KEPT = ("COURSES", "CLASSROOM", "DEAD")  # what a backup holds
READERS = {name for name in NAMES if name not in {"provision", "classroom", "notifier", "tutor"}}
ACTIONS: dict[str, set[str]] = {
    f"{API}.STREAM.MSG.DELETE.COURSES": {"eraser"},
    f"{API}.STREAM.MSG.DELETE.DEAD": {"eraser", "operator"},
    f"{API}.STREAM.MSG.GET.COURSES": READERS,
    f"{API}.DIRECT.GET.COURSES": READERS,
    f"{API}.STREAM.MSG.GET.DEAD": {"eraser", "operator", "restore"},
    f"{API}.STREAM.PURGE.COURSES": set(),
    f"{API}.STREAM.MSG.DELETE.CLASSROOM": {"eraser"},
    f"{API}.DIRECT.GET.CLASSROOM": {
        "classroom", "notifier", "gateway", "projector", "eraser", "operator", "restore", "subscriber"
    },
    f"{API}.STREAM.INFO.CLASSROOM": {
        "classroom", "notifier", "gateway", "projector", "provision", "operator", "restore"
    },
    f"{API}.CONSUMER.CREATE.CLASSROOM.mine": {"notifier", "projector", "operator", "restore", "subscriber"},
    f"{API}.STREAM.PURGE.CLASSROOM": set(),
    f"{API}.STREAM.PURGE.PROGRESS": {"eraser"},
    f"{API}.STREAM.PURGE.DEAD": set(),
    f"{API}.STREAM.INFO.COURSES": {"gateway", "projector", "provision", "operator", "restore"},
    f"{API}.STREAM.INFO.PROGRESS": {"provision", "operator", "restore"},
    f"{API}.STREAM.INFO.DEAD": {"eraser", "gateway", "provision", "operator", "restore"},
    **{f"{API}.STREAM.{verb}.BROUGHT_OVER": {"restore"} for verb in ("CREATE", "UPDATE", "DELETE", "MSG.GET")},
    f"{API}.STREAM.NAMES": {"operator"},
    f"{API}.STREAM.LIST": {"operator"},
    f"{API}.CONSUMER.LIST.COURSES": {"operator"},
    **{
        f"{API}.STREAM.{verb}.{stream}": {"provision", "restore"}
        for stream in STREAMS
        for verb in ("CREATE", "UPDATE")
    },
    **{f"{API}.STREAM.{verb}.{stream}": {"restore"} for stream in KEPT for verb in ("DELETE", "RESTORE")},
    **{f"{API}.STREAM.{verb}.PROGRESS": set() for verb in ("DELETE", "RESTORE", "SNAPSHOT")},
    **{f"{API}.STREAM.SNAPSHOT.{stream}": {"operator"} for stream in KEPT},
    **{f"$JS.SNAPSHOT.ACK.{stream}.x.131072.1": {"operator"} for stream in KEPT},
    **{f"$JS.SNAPSHOT.RESTORE.{stream}.x": {"restore"} for stream in KEPT},
    **{f"{API}.STREAM.{verb}.MINE": set() for verb in ("CREATE", "UPDATE", "DELETE", "RESTORE", "PURGE")},
    **{f"{API}.{verb}.COURSES": set() for verb in ("STREAM.LEADER.STEPDOWN", "STREAM.PEER.REMOVE")},
    f"{API}.CONSUMER.CREATE.COURSES": set(),
    f"{API}.CONSUMER.CREATE.COURSES.mine.course.x.Y": {"projector", "operator", "restore", "subscriber"},
    f"{API}.CONSUMER.CREATE.COURSES.mine": {"subscriber"},
    f"{API}.CONSUMER.CREATE.DEAD.mine.dead.x.y": set(),
    "course.7.x.NoSuchEvent": set(),
    "course.7.x.CourseCreated.modules": set(),
    **{f"course.7.x.{kind}": set() for kind in ("StageDead", "StageCanceled", "StageRetryScheduled")},
    "progress.x.modules": {"modules", "stages"},
    "dead.modules.x": {"modules", "stages"},
    "credentials.open": {"repo_clone", "stages"},
    "credentials.revoked": {"repo_clone", "stages"},
    "recordings.link": {"lectures", "stages"},
    "recordings.fetched": {"lectures", "stages"},
    "credentials.other": set(),
    "tutor.answer": {"classroom"},
    "limits.requests": {"gateway", "classroom"},
    **{
        action: {durable, "stages"} if durable in STAGES else {"gateway"}
        for durable in DURABLES
        for action in (f"{API}.CONSUMER.MSG.NEXT.COURSES.{durable}", f"$JS.ACK.COURSES.{durable}.1.1.1.1.0")
    },
    **{
        f"{API}.CONSUMER.INFO.COURSES.{durable}": {"operator", "gateway", "provision", "restore"}
        | ({durable, "stages"} if durable in STAGES else set())
        for durable in DURABLES
    },
    **{
        f"{API}.CONSUMER.{action.format(durable)}": set()
        for durable in DURABLES
        for action in (
            "DELETE.COURSES.{}", "CREATE.COURSES.{}.course.x.Y", "CREATE.COURSES.{}", "PAUSE.COURSES.{}",
            "LEADER.STEPDOWN.COURSES.{}", "UNPIN.COURSES.{}", "RESET.COURSES.{}",
        )
    },
    **{f"{API}.CONSUMER.DURABLE.CREATE.COURSES.{durable}": {"provision", "restore"} for durable in DURABLES},
}  # fmt: skip

HEARD: dict[str, set[str]] = {
    ">": set(),
    "_INBOX.>": set(),
    "*.>": set(),
    "$JS.>": set(),
    "$JS.API.>": set(),
    "course.>": {"operator"},
    "course.*.*.CourseCreated": {"operator"},
    "person.>": {"operator"},
    "course.*.*.CourseDeleted": {"operator", *STAGES, "stages"},
    "progress.*.*": {"operator", "gateway"},
    "dead.>": {"operator"},
    "credentials.>": set(),
    "credentials.open": {"gateway"},
    "credentials.revoked": {"gateway"},
    "recordings.link": {"gateway"},
    "tutor.answer": {"tutor"},
    "recordings.fetched": {"gateway"},
    **{f"{inbox_prefix(name)}.>": {name} for name in NAMES},
}


def documented_writers() -> dict[str, set[str]]:
    """Event types by writer, as docs/events.md says them."""
    text = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z_ ]+) \| (`\w+`.*) \|$", text, re.MULTILINE)
    listed = {name: set(re.findall(r"`(\w+)`", types)) for name, types in rows}
    requests = {row.request.__name__ for row in PIPELINE}
    every_stage = listed["every stage"]
    writers = {name: set[str]() for name in NAMES}
    writers |= {name: listed[name] | every_stage for name in STAGES}
    writers["stages"] = set().union(*(writers[name] for name in STAGES))
    writers["gateway"] = listed["gateway"] | requests
    writers |= {name: listed[name] for name in ("classroom", "notifier")}
    writers["projector"] = (
        listed["projector"] | requests | {"PathwaySelected"} | {row.failed.__name__ for row in PIPELINE}
    )
    return writers


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with running_nats(tmp_path_factory.mktemp("permissions"), unrestricted=False) as made:
        yield made


@pytest.fixture(params=NAMES)
async def user(request: pytest.FixtureRequest, server: NatsServer) -> AsyncIterator[tuple[str, Connection]]:
    nc = await connect(server.url_of(request.param), "test")
    yield request.param, nc
    await nc.close()


async def refused(nc: Connection, subject: str, *, heard: bool = False) -> bool:
    """The server reports a violation before it answers a later ping. The client's first ping overtakes what it has
    still to send, so there are two.
    """
    with nc.refusals(subject) as violation:
        if heard:
            await nc.subscribe(subject)
        else:
            await nc.publish(subject, b"no request")
        await nc.flush()
        await nc.flush()
        return violation.is_set()


async def test_each_user_appends_its_own_events_and_no_others(user: tuple[str, Connection]) -> None:
    name, nc = user
    every = {subject_pattern(cls, "x", stage) for cls in EVENT_TYPES.values() for stage in STAGES}
    own = STAGES if name == "stages" else [name]
    allowed = {subject for subject in every if not await refused(nc, subject)}
    assert allowed == {
        subject_pattern(EVENT_TYPES[kind], "x", stage) for kind in documented_writers()[name] for stage in own
    }


async def test_each_user_does_what_its_task_needs_and_nothing_else(user: tuple[str, Connection]) -> None:
    name, nc = user
    own_api = nc.api_prefix
    allowed = {action for action in ACTIONS if not await refused(nc, action.replace(API, own_api))}
    if name in APART:
        assert [action for action in ACTIONS if API in action and not await refused(nc, action)] == []
    assert allowed == {action for action, users in ACTIONS.items() if name in users}


async def test_nobody_hears_what_is_not_meant_for_it(user: tuple[str, Connection]) -> None:
    name, nc = user
    allowed = {subject for subject in HEARD if not await refused(nc, subject, heard=True)}
    assert allowed == {subject for subject, users in HEARD.items() if name in users}


# Each is answered without a body, which is all it takes to delete a stream or a durable.
EMPTY_ANSWERS = [f"CONSUMER.MSG.NEXT.COURSES.{durable}" for durable in (*STAGES, "mine")] + ["DIRECT.GET.COURSES"]
AIMS = ["STREAM.DELETE.DEAD", "STREAM.PURGE.COURSES", "STREAM.DELETE.COURSES", "CONSUMER.DELETE.COURSES.pathway"]


@pytest.mark.parametrize("name", [name for name in APART if name in READERS])
async def test_an_answer_is_not_sent_where_its_user_may_not_send(provisioned: NatsServer, name: str) -> None:
    one, watcher, gateway = [await connect(provisioned.url_of(who), "test") for who in (name, "operator", "gateway")]
    created = NewEvent(CourseCreated(course_id=new_id(), owner="ann", title="x"), new_id(), "test", "c", "c")
    await JetStreamFollowed(gateway).append([created], 0)
    if name == "subscriber":
        await one.jetstream().pull_subscribe("course.*.*.CourseDeleted", durable="mine", stream="COURSES")
    before = await everything(watcher)
    for subject in EMPTY_ANSWERS:
        for aim in AIMS:
            for api in (API, one.api_prefix):
                await one.publish(f"{one.api_prefix}.{subject}", b'{"no_wait":true,"seq":99}', reply=f"{api}.{aim}")
        await one.publish(f"{one.api_prefix}.{subject}", b'{"no_wait":true,"seq":99}', reply="course.7.x.CourseDeleted")
    await one.flush()
    # Answered after all that was sent before it.
    assert await JetStreamFollowed(one).last_seq(created.event.aggregate_id) == 1
    assert await everything(watcher) == before
    for nc in (one, watcher, gateway):
        await nc.close()


async def everything(watcher: Connection) -> tuple[object, ...]:
    """Streams with what they hold, and durables."""
    js = watcher.jetstream()
    streams = [(info.config.name, info.state.messages, info.state.last_seq) for info in await js.streams_info()]
    return sorted(streams), sorted(info.name for info in await js.consumers_info("COURSES"))


def test_there_is_no_user_for_everything_unless_a_test_asks_for_it(server: NatsServer) -> None:
    with pytest.raises(KeyError):
        _ = server.url


@pytest.fixture
async def provisioned(tmp_path: Path) -> AsyncIterator[NatsServer]:
    with running_nats(tmp_path, unrestricted=False) as made:
        nc = await connect(made.url_of("provision"), "test")
        await apply_topology(nc.jetstream())
        await apply_topology(nc.jetstream())
        await nc.close()
        yield made


async def test_the_operator_copies_a_stream_that_is_longer_than_the_server_sends_unasked(
    provisioned: NatsServer, tmp_path: Path
) -> None:
    """The server sends 8 MiB and then waits to hear that they came."""
    gateway, operator = [await connect(provisioned.url_of(name), "test") for name in ("gateway", "operator")]
    for _ in range(250):
        title = secrets.token_urlsafe(45_000)
        created = NewEvent(CourseCreated(course_id=new_id(), owner="ann", title=title), new_id(), "test", "c", "c")
        await JetStreamFollowed(gateway).append([created], 0)
    await save_stream(operator, "COURSES", tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_size > 8 * 1024 * 1024
    for nc in (gateway, operator):
        await nc.close()


async def test_the_tutor_answers_the_classroom_and_nobody_else_asks_it(server: NatsServer) -> None:
    tutor, classroom = [await connect(server.url_of(name), "test") for name in ("tutor", "classroom")]

    async def answer(message: Msg) -> None:
        await message.respond(message.data.upper())

    await tutor.subscribe(TUTOR, queue="tutor", cb=answer)
    await tutor.flush()
    assert (await classroom.request(TUTOR, b"why?", timeout=5)).data == b"WHY?"
    for nc in (tutor, classroom):
        await nc.close()


async def test_a_refused_append_says_so_at_once(provisioned: NatsServer) -> None:
    course = new_id()
    gateway, stage = [await connect(provisioned.url_of(name), "test") for name in ("gateway", "modules")]
    created = NewEvent(CourseCreated(course_id=course, owner="ann", title="x"), new_id(), "test", "c", "c")
    seq = await JetStreamFollowed(gateway).append([created], 0)
    deleted = NewEvent(CourseDeleted(course_id=course, by="a stage"), new_id(), "test", "c", "c")
    log = JetStreamFollowed(stage)
    async with asyncio.timeout(1.0):
        with pytest.raises(NotPermitted, match=subject_pattern(CourseDeleted, course)):
            await log.append([deleted], seq)
    of_another = StageDead(course_id=course, run_id="r", stage="pathway", reason="x")
    with pytest.raises(NotPermitted, match=subject_pattern(StageDead, course, "pathway")):
        await log.append([NewEvent(of_another, new_id(), "test", "c", "c")], seq)
    dead = StageDead(course_id=course, run_id="r", stage="modules", reason="x")
    assert await log.append([NewEvent(dead, new_id(), "test", "c", "c")], seq) == seq + 1
    assert [type(recorded.event).__name__ for recorded in await log.read(course)] == ["CourseCreated", "StageDead"]
    for nc in (gateway, stage):
        await nc.close()


async def test_the_projector_follows_and_another_system_has_a_durable_of_its_own(provisioned: NatsServer) -> None:
    course = new_id()
    names = ("gateway", "projector", "subscriber")
    gateway, projector, subscriber = [await connect(provisioned.url_of(name), "test") for name in names]
    created = NewEvent(CourseCreated(course_id=course, owner="ann", title="x"), new_id(), "test", "c", "c")
    await JetStreamFollowed(gateway).append([created], 0)
    async for batch in JetStreamFollowed(projector).follow(1):
        assert len(batch) == 1
        break
    pulled = await subscriber.jetstream().pull_subscribe("course.*.*.CourseCreated", durable="mine", stream="COURSES")
    (message,) = await pulled.fetch(1, timeout=5)
    await message.ack_sync()
    for nc in (gateway, projector, subscriber):
        await nc.close()


async def test_an_operator_looks_and_cannot_take_away_what_it_sees(provisioned: NatsServer) -> None:
    operator = await connect(provisioned.url_of("operator"), "test")
    js = operator.jetstream()
    assert {info.config.name for info in await js.streams_info()} == set(STREAMS)
    assert {info.name for info in await js.consumers_info("COURSES")} == set(DURABLES)
    config = (await js.stream_info("COURSES")).config
    for attempt in (
        js.delete_stream("COURSES"), js.update_stream(config.evolve(max_msgs=1)), js.purge_stream("DEAD"),
        js.delete_consumer("COURSES", "modules"),
    ):  # fmt: skip
        with pytest.raises(NotPermitted):
            await attempt
    await operator.close()


def test_the_example_of_a_deployment_is_the_table_and_the_server_accepts_it() -> None:
    folder = Path(__file__).parents[2] / "deploy" / "nats"
    users = (folder / "users.conf").read_text(encoding="utf-8")
    assert users == render_example(), "run `make schemas`"
    passwords = dict.fromkeys(re.findall(r"NATS_PASSWORD_\w+", users), "secret")
    done = subprocess.run(
        [find_binary(), "-t", "-c", folder / "nats.conf"],
        env={"NATS_SERVER_NAME": "one", **passwords}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
