"""A `course.json` is read as milestones and tasks in a worker process, within limits."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from services.classroom.decisions import editions
from shared.events.content import TaskStatus
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.workers.away import away
from shared.workers.limits import LimitPassed
from shared.workers.pool import WorkerPool

if TYPE_CHECKING:
    from services.classroom import generated
else:
    generated = away("services.classroom.generated")


async def read_plan(
    workers: WorkerPool, course: Mapping[str, Any], course_id: str, status: TaskStatus, by: str
) -> editions.Plan:
    """What an edition says. Raises Refused."""
    work = partial(generated.plan_of, course, course_id, status, by)
    try:
        async with workers.session() as session:
            read = await session.run(work, editions.Plan | editions.Unreadable, about="The course")
    except LimitPassed as error:
        raise Refused(Refusal(413, "course_too_large", str(error))) from error
    if isinstance(read, editions.Unreadable):
        raise Refused(invalid(read.pointer, read.detail))
    return read
