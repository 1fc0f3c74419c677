"""Whether the model of an unattended run can be asked: a stage is asked that once, before the run's first stage."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

import nats
import structlog
from nats.aio.client import Client
from pydantic import ValidationError

from services.gateway.course.state import Plan
from shared.engine.model.asked import ReadyAnswer, ReadyAsked
from shared.event_log.names import ENGINE_READY, STAGES
from shared.kernel.errors import CoursewrightError

log = structlog.get_logger(__name__)

_ANSWER_SECONDS = 20.0

Ask = Callable[[ReadyAsked], Awaitable[ReadyAnswer]]


class EngineChecks:
    """`known` is called when an answer has come."""

    def __init__(self, ask: Ask, known: Callable[[], None]) -> None:
        self._ask, self._known = ask, known
        self._asked: dict[str, asyncio.Task[ReadyAnswer]] = {}

    def find(self, plan: Plan) -> ReadyAnswer | None:
        """What a stage says; None while it has not answered."""
        if plan.engine == "offline":
            return ReadyAnswer()
        asked = self._asked.get(plan.id)
        if asked is None:
            asked = asyncio.ensure_future(self._answer(ReadyAsked(engine=plan.engine, model=plan.model)))
            asked.add_done_callback(lambda _: self._known())
            self._asked[plan.id] = asked
        return asked.result() if asked.done() else None

    async def _answer(self, question: ReadyAsked) -> ReadyAnswer:
        try:
            return await self._ask(question)
        except Exception:  # the boundary of one check: the stage says itself what is wrong, later
            log.exception("engine_check_failed", engine=question.engine)
            return ReadyAnswer()

    def forget_all_but(self, plans: Collection[str]) -> None:
        """Forget the answers for runs that have begun."""
        self._asked = {plan: asked for plan, asked in self._asked.items() if plan in plans}


async def believe(_: ReadyAsked) -> ReadyAnswer:
    """Ask nobody."""
    return ReadyAnswer()


def asking(nc: Client) -> Ask:
    """Ask the process that works on documents. One that does not answer says itself what is wrong, later."""

    async def ask(question: ReadyAsked) -> ReadyAnswer:
        for user in ("doc_analyser", STAGES):
            try:
                answer = await nc.request(
                    f"{ENGINE_READY}.{user}", question.model_dump_json().encode(), timeout=_ANSWER_SECONDS
                )
                return ReadyAnswer.model_validate_json(answer.data)
            except nats.errors.NoRespondersError:
                continue
            except (nats.errors.Error, CoursewrightError, TimeoutError, ValidationError) as error:
                log.warning("engine_not_checked", engine=question.engine, error=type(error).__name__)
        return ReadyAnswer()

    return ask
