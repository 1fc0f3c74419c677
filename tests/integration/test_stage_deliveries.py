"""A request that is delivered twice to one process, because it stood still for longer than the ack wait."""

import asyncio
import time
from collections.abc import AsyncGenerator

from nats.aio.client import Client

from services.pathway.core import CORE
from shared.errors import PermanentError
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import NewEvent
from shared.event_log.topology import COURSES, apply_topology
from shared.events.gateway import PathwaysRequested
from shared.events.samples import COURSE, RUN, SAMPLES
from shared.ids import event_id
from shared.pipeline import BY_NAME
from shared.settings import StageSettings
from shared.stage_app import StageSpec, stage_app
from shared.stage_port import Run
from tests.support.servers import Server

_ROW = BY_NAME["pathway"]
_ACK_WAIT_SECONDS = 1.0


class StandsStill:
    """Effects that hold the processor past the ack wait, and go on once the request was delivered again."""

    def __init__(self, nc: Client) -> None:
        self._js = nc.jetstream()
        self.performed = 0

    async def perform(self, _: object, __: Run) -> AsyncGenerator[None, None]:
        self.performed += 1
        time.sleep(3 * _ACK_WAIT_SECONDS)  # noqa: ASYNC251 - that the loop stands still is the point
        while not (await self._js.consumer_info(COURSES, _ROW.durable)).num_redelivered:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        raise PermanentError("That is all", code="done")
        yield


async def test_who_has_the_request_in_hand_goes_on_alone(nats_server: Server, nats_connection: Client) -> None:
    await apply_topology(nats_connection.jetstream(), ack_wait_seconds=_ACK_WAIT_SECONDS)
    effects = StandsStill(nats_connection)
    settings = StageSettings(nats_url=nats_server.url, blob_store_url="memory:", ack_wait_seconds=_ACK_WAIT_SECONDS)
    app = stage_app([StageSpec(_ROW, CORE, lambda _, __: effects)], settings)
    log = JetStreamLog(nats_connection)
    request = next(event for event in SAMPLES if isinstance(event, PathwaysRequested))
    await log.append([NewEvent(request, event_id(RUN, "PathwaysRequested", ""), "test", RUN, RUN)], 0)
    await app.start()
    try:
        async with asyncio.timeout(60):
            while (names := await _facts(log))[-1] != "PathwaysFailed":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        await app.stop()
    assert names == ["PathwaysRequested", "PathwaysStarted", "PathwaysFailed"]
    assert effects.performed == 1


async def _facts(log: JetStreamLog) -> list[str]:
    return [type(recorded.event).__name__ for recorded in await log.read(COURSE)]
