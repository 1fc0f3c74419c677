"""A recording becomes captions: its sound is cut into pieces, and each piece is heard once, whatever ends this process.

The words of a piece are stored before the next is heard, by what the piece holds. They are dropped with the last.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from html import escape

from pydantic import TypeAdapter

from shared.events import BlobRef
from shared.hearing.decoding import decode
from shared.hearing.port import RATE, Ears, Said
from shared.kernel.blobs import Blobs
from shared.kernel.errors import PermanentError
from shared.kernel.kill_points import KillPoint, reached
from shared.stage.port import Run

_SAID = TypeAdapter(list[Said])


@dataclass(frozen=True)
class Transcriber:
    """Hears recordings. `ears` finds the model or raises NoEars; `is_sealed`: nothing is decoded without walls."""

    blobs: Blobs
    ears: Callable[[], Ears]
    is_sealed: bool

    async def captions(self, run: Run, recording: BlobRef, title: str, key: str) -> bytes:
        """The words of a recording as WebVTT. Raises PermanentError, and what Workers raises."""
        ears = self.ears()
        name = await ears.name()
        said: list[Said] = []
        used, begin = [], 0.0
        async with aclosing(self._pieces(recording)) as pieces:
            async for pcm in pieces:
                await run.progress(f"Listening to {title}, from minute {int(begin) // 60}", 0)
                used.append(hashlib.sha256(f"{name} ".encode() + pcm).hexdigest())
                heard = await self._heard(ears, run, pcm, used[-1], key)
                said += [Said(begin + one.start, begin + one.end, one.text) for one in heard]
                begin += len(pcm) / 2 / RATE
        if not said:
            raise PermanentError("No words are heard in the recording", code="nothing_said")
        for one in used:
            await self.blobs.forget_answer(run.course_id, run.course_id, one)
        return write_captions(said)

    async def _heard(self, ears: Ears, run: Run, pcm: bytes, answer: str, key: str) -> list[Said]:
        """What was heard before, or what is heard now. The course alone uses it."""
        if (kept := await self.blobs.get_answer(run.course_id, run.course_id, answer)) is not None:
            return _SAID.validate_json(kept)
        heard = await ears.hear(pcm, run.workers, key)
        await self.blobs.put_answer(run.course_id, run.course_id, answer, _SAID.dump_json(heard))
        reached(KillPoint.answer_stored, "lectures")
        return heard

    async def _pieces(self, recording: BlobRef) -> AsyncGenerator[bytes, None]:
        """The sound of a recording, a piece at a time."""
        with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as output:
            async for part in self.blobs.pieces(recording, 0, recording.size):
                await asyncio.to_thread(file.write, part)
            async with aclosing(decode(file, output, self.is_sealed)) as pieces:
                async for pcm in pieces:
                    yield pcm


def write_captions(said: Sequence[Said]) -> bytes:
    """Words and their seconds as WebVTT."""
    cues = (f"{_clock(one.start)} --> {_clock(one.end)}\n{escape(one.text, quote=False)}\n" for one in said)
    return "\n".join(["WEBVTT\n", *cues]).encode()


def _clock(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
