"""The requests of a process: one that is delivered twice, because the process stood still for longer than
the ack wait, and the first one of all.
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator
from functools import partial
from pathlib import Path

import structlog
from nats.aio.client import Client

from services.pathway.core import CORE
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import NewEvent
from shared.event_log.topology import apply_topology
from shared.events.courses import COURSES
from shared.events.gateway import PathwaysRequested
from shared.kernel.errors import PermanentError
from shared.kernel.ids import event_id
from shared.kernel.settings import StageSettings
from shared.pipeline import PIPELINE
from shared.schemas.samples import SAMPLES
from shared.stage.app import StageSpec, stage_app
from shared.stage.port import Run
from tests.support.servers import Server

_ROW = PIPELINE.by_name["pathway"]
_REQUEST = next(event for event in SAMPLES if isinstance(event, PathwaysRequested))
COURSE, RUN = _REQUEST.course_id, _REQUEST.run_id
_ACK_WAIT_SECONDS = 1.0


class Ends:
    """Effects that fail for good."""

    performed = 0

    async def perform(self, _: object, __: Run) -> AsyncGenerator[None, None]:
        self.performed += 1
        raise PermanentError("That is all", code="done")
        yield


class StandsStill:
    """Effects that hold the processor past the ack wait, and go on once the request was delivered again."""

    def __init__(self, nc: Client) -> None:
        self._js = nc.jetstream()
        self.performed = 0

    async def perform(self, _: object, __: Run) -> AsyncGenerator[None, None]:
        self.performed += 1
        time.sleep(3 * _ACK_WAIT_SECONDS)  # noqa: ASYNC251 - that the loop stands still is the point
        while not (await self._js.consumer_info(COURSES.name, _ROW.durable)).num_redelivered:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        raise PermanentError("That is all", code="done")
        yield


class UsesWorkers(Ends):
    """Asks a worker process for something, which waits until all is loaded."""

    async def perform(self, _: object, run: Run) -> AsyncGenerator[None, None]:
        await run.workers.run(os.getpid)
        raise PermanentError("That is all", code="done")
        yield


def note_load(loads: Path) -> None:
    """Fails after that, which only a run that needs what is missing has to say."""
    with loads.open("a", encoding="ascii") as file:
        file.write(f"{os.getpid()}\n")
    raise OSError("no such model")


async def test_who_has_the_request_in_hand_goes_on_alone(nats_server: Server, nats_connection: Client) -> None:
    await apply_topology(nats_connection.jetstream(), ack_wait_seconds=_ACK_WAIT_SECONDS)
    effects = StandsStill(nats_connection)
    settings = StageSettings(nats_url=nats_server.url, blob_store_url="memory:", ack_wait_seconds=_ACK_WAIT_SECONDS)
    app = stage_app([StageSpec(_ROW, CORE, StageSettings, lambda _, __: effects)], settings)
    log = JetStreamLog(nats_connection)
    await log.append([NewEvent(_REQUEST, event_id(RUN, "PathwaysRequested", ""), "test", RUN, RUN)], 0)
    with structlog.testing.capture_logs() as lines:
        await app.start()
        try:
            async with asyncio.timeout(60):
                while (names := await _facts(log))[-1] != "PathwaysFailed":  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        finally:
            await app.stop()
    assert names == ["PathwaysRequested", "PathwaysStarted", "PathwaysFailed"]
    assert effects.performed == 1
    assert "event_loop_lagged" in [line["event"] for line in lines]


async def test_the_first_request_of_any_stage_has_all_of_them_load_once(
    nats_server: Server, nats_connection: Client, tmp_path: Path
) -> None:
    await apply_topology(nats_connection.jetstream())
    settings = StageSettings(nats_url=nats_server.url, blob_store_url="memory:")
    loads = tmp_path / "loads"
    loads.touch()
    later = StageSpec(PIPELINE.by_name["modules"], CORE, StageSettings, lambda _, __: Ends(), partial(note_load, loads))
    app = stage_app([StageSpec(_ROW, CORE, StageSettings, lambda _, __: UsesWorkers()), later], settings)
    log = JetStreamLog(nats_connection)
    await app.start()
    try:
        assert not loads.read_text(encoding="ascii")
        for number in (1, 2):
            course_id = f"course-{number}"
            request = _REQUEST.model_copy(update={"course_id": course_id, "run_id": f"run-{number}"})
            await log.append([NewEvent(request, f"run-{number}", "test", RUN, RUN)], 0)
            async with asyncio.timeout(60):
                while (await _facts(log, course_id))[-1] != "PathwaysFailed":  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
    finally:
        await app.stop()
    (pid,) = loads.read_text(encoding="ascii").split()
    assert int(pid) != os.getpid()


async def test_a_durable_that_is_made_anew_hears_everything_again_and_nothing_is_done_twice(
    nats_server: Server, nats_connection: Client
) -> None:
    js, log, effects = nats_connection.jetstream(), JetStreamLog(nats_connection), Ends()
    settings = StageSettings(nats_url=nats_server.url, blob_store_url="memory:")
    await apply_topology(js)
    await log.append([NewEvent(_REQUEST, event_id(RUN, "PathwaysRequested", ""), "test", RUN, RUN)], 0)
    for _ in range(2):
        app = stage_app([StageSpec(_ROW, CORE, StageSettings, lambda _, __: effects)], settings)
        await app.start()
        try:
            async with asyncio.timeout(60):
                while not (await js.consumer_info(COURSES.name, _ROW.durable)).ack_floor.consumer_seq:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        finally:
            await app.stop()
        assert await _facts(log) == ["PathwaysRequested", "PathwaysStarted", "PathwaysFailed"]
        await js.delete_consumer(COURSES.name, _ROW.durable)
        await apply_topology(js)
    assert effects.performed == 1


async def _facts(log: JetStreamLog, course_id: str = COURSE) -> list[str]:
    return [type(recorded.event).__name__ for recorded in await log.read(course_id)]
