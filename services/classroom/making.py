"""Jobs that generate courses are driven to their end: by what the log says of a job, and what the pipeline says of its
course. Each step can be done again, so a process that is killed anywhere leaves nothing twice.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.classroom.commands import Commands
from services.classroom.course_queries import list_generating
from services.classroom.decisions import Decision, generations
from services.classroom.files import Files, KeptFile
from services.classroom.generation_spending import GenerationSpending
from services.classroom.pipeline import MOST_SAID, Pipeline, Stopped
from services.classroom.reading_plans import read_plan
from shared.classroom.contents import CONTENT_SIDE, Content, Generation
from shared.events.base import EngineName
from shared.kernel.errors import Conflict, CoursewrightError, NotFound, PermanentError, TransientError
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.logging import error_facts
from shared.kernel.refusals import Refused
from shared.readmodels.projected import Projected
from shared.web.sessions import Sessions
from shared.workers.pool import WorkerPool

log = structlog.get_logger(__name__)

_BY = "generation"
_PDF = "application/pdf"
_MOST_TRIES = 5
_BROKEN = ("internal", "Something went wrong inside Coursewright. It is logged; asking again later may help.", "")
_LOOKING = func.hashtextextended("classroom:generations", 0)


@dataclass(frozen=True)
class Making:
    """Looks at the courses that are being generated every `seconds`, and at once when one is asked for here. `broken`:
    how often in a row a step of a job raised what nobody expects.
    """

    engine: AsyncEngine
    projected: Projected
    commands: Commands
    sessions: Sessions
    files: Files | None
    workers: WorkerPool
    gateway: Callable[[str], httpx.AsyncClient]
    engine_name: EngineName
    spending: GenerationSpending
    seconds: float
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    broken: Counter[tuple[str, str, int]] = field(default_factory=Counter)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.look()
            except (CoursewrightError, SQLAlchemyError, OSError) as error:
                log.warning("generation_interrupted", **error_facts(error))
            except Exception:  # the boundary of this loop: the next look begins anew
                log.exception("generation_look_failed")
            with suppress(TimeoutError):
                async with asyncio.timeout(self.seconds):
                    await self.stirred.wait()
            self.stirred.clear()

    async def look(self) -> None:
        """One step of each job, in one process at a time."""
        async with self.engine.connect() as connection:
            if not await connection.scalar(select(func.pg_try_advisory_xact_lock(_LOOKING))):
                return
            ids = await list_generating(connection) if not self.projected.filling else []
            found = await CONTENT_SIDE.load(connection, ids)
            for content in found.values():
                assert isinstance(content, Content)
                if content.generation is not None:
                    await self._try(content, content.generation)

    async def _try(self, content: Content, job: Generation) -> None:
        """One step of a job. Whatever happens in it, the other jobs have theirs."""
        about = {"course_id": content.id, "job_id": job.job_id, "part": job.part}
        tried = (job.job_id, job.part, job.attempt)
        try:
            failure = _BROKEN if self.broken[tried] >= _MOST_TRIES else await self._step(content, job)
            if failure is not None:
                log.info("generation_stopped", **about, code=failure[0])
                await self._decide(content, lambda now: generations.fail(now, job, *failure))
        except (TransientError, Conflict, SQLAlchemyError, OSError) as error:  # it may pass
            log.warning("generation_waits", **about, **error_facts(error))
        except Exception:  # the boundary of one job
            log.exception("generation_step_failed", **about)
            self.broken[tried] += 1
        else:
            self.broken.pop(tried, None)

    async def _step(self, content: Content, job: Generation) -> tuple[str, str, str] | None:
        """Why the part failed: a code, a message and the run; None when it goes on."""
        try:
            token = self.sessions.begin(job.asked_by).token
            async with self.gateway(token) as client:
                pipeline = Pipeline(client, job, self.engine_name)
                try:
                    await self._go_on(content, job, pipeline)
                except (Stopped, Refused, PermanentError, NotFound):
                    await self._count(content, job, pipeline)
                    raise
        except Stopped as stopped:
            return stopped.code, stopped.message, stopped.run_id
        except Refused as refused:
            return refused.refusal.code, refused.refusal.detail, ""
        except (PermanentError, NotFound) as error:  # another look would meet it again
            return error.code, error.message[:MOST_SAID], job.run_id
        return None

    async def _go_on(self, content: Content, job: Generation, pipeline: Pipeline) -> None:
        if not content.is_shown:
            raise Stopped("course_deleted", "The course was deleted")
        if not job.course_id:
            made = await pipeline.create(content.name)
            reached(KillPoint.answer_received, _BY)
            await self._decide(content, lambda now: generations.begin(now, job, made))
            self.stirred.set()
            return
        if not await pipeline.go_on(partial(self._paper, job), partial(self._hold, content, job, pipeline)):
            return
        if job.part == "structure":
            plan = generations.structure_of(content.id, await pipeline.modules(), job.asked_by)
        else:
            plan = await read_plan(self.workers, await pipeline.course(), content.id, "draft", job.asked_by)
        await self._count(content, job, pipeline)
        reached(KillPoint.effect_half_done, _BY)
        await self._decide(content, lambda now: generations.finish(now, job, plan))

    async def _hold(self, content: Content, job: Generation, pipeline: Pipeline) -> None:
        if self.engine_name != "offline":
            await self.spending.hold(content, job, await pipeline.used())
            reached(KillPoint.effect_done, _BY)

    async def _count(self, content: Content, job: Generation, pipeline: Pipeline) -> None:
        """What is held stays where the course at the gateway is gone."""
        if self.engine_name != "offline" and job.course_id:
            with suppress(Stopped):
                await self.spending.count(content, job, await pipeline.used())

    async def _paper(self, job: Generation) -> bytes:
        if self.files is None:
            raise Stopped("no_store", "This classroom keeps no files: BLOB_STORE_URL is not set")
        try:
            return await self.files.whole(KeptFile(job.file_of, job.file_id, _PDF))
        except NotFound as error:
            raise Stopped("file_gone", "The PDF is no longer there: send it again") from error

    async def _decide(self, content: Content, decide: Callable[[Any], Decision]) -> None:
        await self.commands.carry_out(CONTENT_SIDE, content.id, decide)
