"""A file that a learner hands in becomes texts, in a worker process."""

from functools import partial
from typing import TYPE_CHECKING

from shared.answers.model import ZIP_TYPE, ReadAnswer, UnreadableAnswer
from shared.workers.away import away
from shared.workers.limits import LimitPassed, Limits
from shared.workers.pool import WorkerPool

if TYPE_CHECKING:
    from shared.answers import zipped
else:
    zipped = away("shared.answers.zipped")

_OF_AN_ARCHIVE = Limits(processor_seconds=10.0, memory_bytes=400 * 1024 * 1024)


async def read_answer(workers: WorkerPool, data: bytes, media_type: str) -> ReadAnswer:
    """The parts of a file. Raises UnreadableAnswer, whose message is for the learner."""
    if media_type != ZIP_TYPE:
        raise UnreadableAnswer(f"A file of type {media_type} is not read: hand in a ZIP archive of texts and programs")
    try:
        async with workers.session() as session:
            work = partial(zipped.read_sealed, data)
            found: ReadAnswer = await session.run(work, ReadAnswer, about="The archive", limits=_OF_AN_ARCHIVE)
    except LimitPassed as error:
        raise UnreadableAnswer(str(error)) from error
    return found
