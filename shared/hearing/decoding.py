"""The sound of a recording, which a sealed process of its own decodes."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncGenerator
from typing import IO

from shared.hearing.port import HEAD_BYTES, PIECE_SECONDS, RATE, needs_ffmpeg
from shared.kernel.errors import Defect, PermanentError
from shared.workers.messages import HEADER
from shared.workers.process import worker_environment

_DAMAGED = "damaged: "
_OUTPUT_BYTES = 4096
_DRAIN_SECONDS = 5.0


async def decode(file: IO[bytes], output: IO[bytes], is_sealed: bool) -> AsyncGenerator[bytes, None]:
    """The pieces that a process of its own makes of a file (shared.hearing.sound); `output` gets its complaints.

    The process is a child of its own session, so that it is killed with all that it started. Raises PermanentError.
    """
    file.flush()
    head = os.pread(file.fileno(), HEAD_BYTES, 0)
    os.lseek(file.fileno(), 0, os.SEEK_SET)  # the child shares the place in the file
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "shared.hearing.sound", str(int(is_sealed)), *_decoder(head),
        stdin=file, stdout=asyncio.subprocess.PIPE, stderr=output, env=worker_environment(os.environ),
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                (size,) = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
                if size > PIECE_SECONDS * RATE * 2:
                    raise PermanentError("The program that decodes the recording misbehaves", code="recording_damaged")
                yield await process.stdout.readexactly(size)
        code = await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(TimeoutError):  # a child that left the session may hold the pipe
            async with asyncio.timeout(_DRAIN_SECONDS):
                while await process.stdout.read(_OUTPUT_BYTES):  # a pipe that is not read to its end stays open
                    pass
        await process.wait()
    output.seek(0)
    complaint = output.read(_OUTPUT_BYTES).decode(errors="replace").strip()
    if code < 0 or _DAMAGED in complaint:
        reason = complaint.rpartition(_DAMAGED)[2] if code > 0 else "the program that decodes it crashes"
        raise PermanentError(f"The recording cannot be decoded: {reason}", code="recording_damaged")
    if code:
        raise Defect("The recording", "it could not be decoded", complaint)


def _decoder(head: bytes) -> list[str]:
    """The program that decodes a recording that begins so; empty where ours does. Raises PermanentError."""
    if not needs_ffmpeg(head):
        return []
    if ffmpeg := shutil.which("ffmpeg"):
        return [ffmpeg]
    message = (
        "To hear this recording ffmpeg is needed, which is not installed where recordings are heard. Install it and "
        "try again, or send the sound as MP3, WAV, FLAC or Ogg Vorbis, or captions beside it"
    )
    raise PermanentError(message, code="ffmpeg_missing")
