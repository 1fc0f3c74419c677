"""An unattended run whose model cannot be asked ends before its first stage; other runs do not wait for the answer."""

import asyncio

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.engine.model.asked import ReadyAnswer, ReadyAsked
from shared.events.gateway import RepoCloneRequested
from shared.events.repo_clone import RepoCloneFailed
from tests.integration.gateway.conftest import Gateway, running_gateway

CLICK = {"repo_url": "https://github.com/pallets/click", "engine": "openai"}


class Stage:
    """A stage that answers when it is let."""

    def __init__(self, answer: ReadyAnswer | Exception) -> None:
        self.asked: list[ReadyAsked] = []
        self.may_answer = asyncio.Event()
        self._answer = answer

    async def ask(self, question: ReadyAsked) -> ReadyAnswer:
        self.asked.append(question)
        await self.may_answer.wait()
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


async def _drive(engine: AsyncEngine, answer: ReadyAnswer | Exception) -> tuple[Stage, str, str]:
    """The last fact of a course with a model, and of one without that was asked for later and does not wait."""
    stage = Stage(answer)
    async with running_gateway(engine, ask=stage.ask) as gateway:
        model, offline = [await _asked_for(gateway, name) for name in ("openai", "offline")]
        for _ in range(2):
            await gateway.chores.work()
        last = await _last(gateway, offline)
        assert await _last(gateway, model) == "GenerationRequested"
        stage.may_answer.set()
        await asyncio.sleep(0)  # the answer arrives
        await gateway.chores.work()
        return stage, await _last(gateway, model), last


async def _last(gateway: Gateway, course_id: str) -> str:
    return type((await gateway.workers.recorded(course_id))[-1].event).__name__


async def _asked_for(gateway: Gateway, engine: str) -> str:
    course_id = await gateway.create()
    await gateway.post(course_id, "generate", {**CLICK, "engine": engine})
    return course_id


async def test_a_model_that_cannot_be_asked_ends_the_run_before_its_first_stage(engine: AsyncEngine) -> None:
    stage, model, offline = await _drive(engine, ReadyAnswer(error="engine_key_refused", message="No."))
    assert (model, offline) == (RepoCloneFailed.__name__, RepoCloneRequested.__name__)
    assert set(stage.asked) == {ReadyAsked(engine="openai", model="")}


async def test_a_model_that_can_be_asked_begins(engine: AsyncEngine) -> None:
    _, model, offline = await _drive(engine, ReadyAnswer())
    assert (model, offline) == (RepoCloneRequested.__name__, RepoCloneRequested.__name__)


async def test_a_check_that_breaks_stops_no_run(engine: AsyncEngine) -> None:
    with structlog.testing.capture_logs() as lines:
        _, model, offline = await _drive(engine, RuntimeError("a defect"))
    assert (model, offline) == (RepoCloneRequested.__name__, RepoCloneRequested.__name__)
    assert {line["engine"] for line in lines if line["event"] == "engine_check_failed"} == {"openai"}
