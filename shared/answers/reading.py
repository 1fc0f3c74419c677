"""A file that a learner hands in becomes texts, in processes of its own."""

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from shared.answers.model import ZIP_TYPE, Part, ReadAnswer, UnreadableAnswer
from shared.hearing.decoding import decode
from shared.hearing.port import RATE, Ears
from shared.kernel.errors import PermanentError
from shared.workers.away import away
from shared.workers.limits import LimitPassed, Limits
from shared.workers.pool import WorkerPool

if TYPE_CHECKING:
    from shared.answers import zipped
else:
    zipped = away("shared.answers.zipped")

MOST_SOUND_SECONDS = 600
# With the wait for a turn less than ANSWER_SECONDS, so that a slow archive is refused with the reason.
OF_AN_ARCHIVE = Limits(processor_seconds=1.5, memory_bytes=400 * 1024 * 1024)


async def read_answer(workers: WorkerPool, data: bytes, media_type: str, ears: Callable[[], Ears]) -> ReadAnswer:
    """The parts of an archive, or the words of a recording, which `ears` hears. Raises UnreadableAnswer, whose message
    is for the learner, and what `ears` raises where nothing can hear.
    """
    if media_type.startswith("audio/"):
        said = await _heard(workers, data, ears())
        return ReadAnswer((Part("recording", len(data), said),))
    if media_type != ZIP_TYPE:
        raise UnreadableAnswer(f"A file of type {media_type} is not read: hand in a ZIP archive, or a recording")
    try:
        async with workers.session() as session:
            work = partial(zipped.read_sealed, data)
            found: ReadAnswer = await session.run(work, ReadAnswer, about="The archive", limits=OF_AN_ARCHIVE)
    except LimitPassed as error:
        raise UnreadableAnswer(str(error)) from error
    return found


async def _heard(workers: WorkerPool, data: bytes, ears: Ears) -> str:
    """The words of a recording, which is decoded behind walls, or not at all."""
    said: list[str] = []
    sound: list[bytes] = []
    await ears.name()
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as output:
        await asyncio.to_thread(file.write, data)
        try:
            async with aclosing(decode(file, output, is_sealed=True)) as pieces:
                async for pcm in pieces:
                    sound.append(pcm)
                    if sum(map(len, sound)) > MOST_SOUND_SECONDS * RATE * 2:
                        raise UnreadableAnswer(f"The recording is longer than {MOST_SOUND_SECONDS // 60} minutes")
            async with workers.session() as session:
                for pcm in sound:
                    said += [one.text for one in await ears.hear(pcm, session, "")]
        except PermanentError as error:
            if error.code != "recording_damaged":
                raise  # a missing program or a busy machine is not the recording's fault
            raise UnreadableAnswer(error.message) from error
    if not said:
        raise UnreadableAnswer("No words are heard in the recording")
    return " ".join(said)
