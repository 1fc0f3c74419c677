"""The tutor's process: it hears messages of learners on NATS, asks a model, and answers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from weakref import WeakValueDictionary

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from prometheus_client import CollectorRegistry

from services.tutor.asking import AskedOnce
from services.tutor.settings import TutorSettings
from shared.classroom.tutored import TutorQuestion, TutorReply
from shared.event_log.connection import connect
from shared.event_log.names import TUTOR
from shared.events.registry import PERSON
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.errors import CoursewrightError
from shared.kernel.logging import error_facts
from shared.kernel.loop_watch import LoopWatch
from shared.kernel.probe import serve_probe
from shared.readmodels.engine import open_engine

log = structlog.get_logger(__name__)

Answer = Callable[[TutorQuestion], Awaitable[TutorReply]]
_LATE = TutorReply(error="tutor_thinking", message="The tutor still thinks; send the message again", status=503)
_FAILED = TutorReply(error="internal", message="The tutor has no answer now; try again", status=503)


class Hearing:
    """Answers each message, one at a time for each person. One that is heard again while it is answered waits for that
    answer, and so does one whose sender could not wait for it.
    """

    def __init__(self, answer: Answer, parallelism: int, wait_seconds: float) -> None:
        self._answer, self._wait_seconds = answer, wait_seconds
        self._slots = asyncio.Semaphore(parallelism)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._at_work: dict[tuple[str, ...], asyncio.Task[TutorReply]] = {}

    async def hear(self, data: bytes) -> bytes:
        """The reply to a TutorQuestion, as JSON."""
        question = TutorQuestion.model_validate_json(data)
        key = question.org_id, question.person_id, question.conversation_id, question.message_id, question.message
        task = self._at_work.get(key)
        if task is None:
            task = self._at_work[key] = asyncio.create_task(self._reply(question))
            task.add_done_callback(lambda _: self._at_work.pop(key, None))
        await asyncio.wait({task}, timeout=self._wait_seconds)
        return (task.result() if task.done() else _LATE).model_dump_json().encode()

    async def _reply(self, question: TutorQuestion) -> TutorReply:
        about = {"message_id": question.message_id, "conversation_id": question.conversation_id}
        turn = self._turns.setdefault(question.person_id, asyncio.Lock())
        async with turn, self._slots:
            try:
                reply = await self._answer(question)
            except CoursewrightError as error:
                log.warning("tutor_without_answer", **about, **error_facts(error))
                wait = getattr(error, "retry_after_seconds", None)
                said = {"error": error.code, "message": error.message, "status": error.http_status}
                return TutorReply(**said, retry_after_seconds=wait)
            except Exception:  # the boundary of one message
                log.exception("tutor_failed", **about)
                return _FAILED
        log.info("tutor_answered", **about, withheld=reply.withheld, cost_usd=reply.usage.estimated_cost_usd)
        return reply

    async def end(self) -> None:
        """Give up what is at work; a message that is sent again goes on with the answers that are stored."""
        for task in self._at_work.values():
            task.cancel()
        await asyncio.gather(*self._at_work.values(), return_exceptions=True)


async def serve(stopping: asyncio.Event) -> None:
    """Work until `stopping` is set, and serve health and figures."""
    settings, watch = TutorSettings(), LoopWatch()
    pool = 2 * settings.tutor_parallelism  # a message holds its turn, and writes what it cost
    async with watch.running():
        nc = await connect(settings.nats_url, "tutor")
        try:
            async with open_engine(settings.model_copy(update={"database_pool_size": pool})) as engine:
                asked = AskedOnce(settings, engine, Blobs(open_backend(settings.blob_store_url), PERSON.blobs))
                hearing = Hearing(asked.answer, settings.tutor_parallelism, settings.tutor_answer_seconds)
                await listen(nc, hearing)

                async def checks() -> Mapping[str, str]:
                    return {"log": "ok" if nc.is_connected else "away"}

                async with serve_probe(settings, watch, checks, CollectorRegistry()):
                    await stopping.wait()
                await hearing.end()
        finally:
            await nc.close()


async def listen(nc: Client, hearing: Hearing) -> None:
    """Hear from now on; of several processes one hears each message."""
    answers: set[asyncio.Task[None]] = set()

    async def respond(message: Msg) -> None:
        await message.respond(await hearing.hear(message.data))

    async def heard(message: Msg) -> None:
        task = asyncio.create_task(respond(message))
        answers.add(task)
        task.add_done_callback(answers.discard)

    await nc.subscribe(TUTOR, queue="tutor", cb=heard)
