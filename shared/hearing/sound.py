"""`python -m shared.hearing.sound IS_SEALED [FFMPEG]`: the sound of the recording on the standard input, in pieces.

A piece on the standard output is eight bytes of length and the samples of at most PIECE_SECONDS: mono, 16 bits, RATE a
second. It ends where the speaker is silent. Programs in C read a stranger's bytes here, so the process seals itself
before, and ffmpeg, which it starts for formats of films, is behind the same walls.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import miniaudio
import numpy as np

from shared.docs.captions.facts import MAX_SECONDS
from shared.docs.captions.first_bytes import is_adts, is_transport_stream
from shared.hearing.port import HEAD_BYTES, INPUT, PIECE_SECONDS, RATE
from shared.workers.messages import HEADER
from shared.workers.seal import seal

MEMORY_BYTES = 1024**3
PROCESSOR_SECONDS = 1800

_BYTES_A_SECOND = 2 * RATE
_LOOK_BACK_SECONDS = 60
"""A piece is cut at the quietest moment of its last minute."""
_FRAME = RATE // 20
_QUIET_FRAMES = 10
_CHUNK = 65_536
_DEMUXERS = {b"\x1aE\xdf\xa3": "matroska", b"OggS": "ogg"}


class Damaged(Exception):
    """The recording cannot be decoded."""


class _Input(miniaudio.StreamableSource):  # type: ignore[misc]  # the library has no types
    """The standard input, which is a file."""

    def read(self, num_bytes: int) -> bytes:
        return os.read(0, num_bytes)

    def seek(self, offset: int, origin: miniaudio.SeekOrigin) -> bool:
        os.lseek(0, offset, os.SEEK_SET if origin == miniaudio.SeekOrigin.START else os.SEEK_CUR)
        return True


def main(is_sealed: str, ffmpeg: str = "") -> None:
    """Write the pieces. `is_sealed`: "1" to end when the walls cannot be built."""
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    if sys.platform == "linux":
        try:
            readable = [Path(INPUT), *([Path(ffmpeg).resolve().parent] if ffmpeg else [])]
            seal(MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_NPROC)[1], readable)
        except SystemExit:
            if is_sealed == "1":
                raise
    try:
        for piece in _pieces(_by_ffmpeg(ffmpeg) if ffmpeg else _by_miniaudio()):
            sys.stdout.buffer.write(HEADER.pack(len(piece)) + piece)
            sys.stdout.buffer.flush()
    except (Damaged, miniaudio.MiniaudioError) as error:
        raise SystemExit(f"damaged: {error.args[0]}") from error


def _by_miniaudio() -> Iterator[bytes]:
    yield from (
        chunk.tobytes()
        for chunk in miniaudio.stream_any(_Input(), nchannels=1, sample_rate=RATE, frames_to_read=_CHUNK)
    )


def _by_ffmpeg(ffmpeg: str) -> Iterator[bytes]:
    """One format, which its first bytes name; no other file, and no address that the recording names."""
    head = os.pread(0, HEAD_BYTES, 0)
    command = [
        ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe", "-threads", "1",
        "-f", _demuxer(head), "-i", f"file:{INPUT}", "-map", "0:a:0", "-vn", "-sn", "-dn",
        "-threads", "1", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while chunk := process.stdout.read(_CHUNK):
            yield chunk
    if process.returncode:
        raise Damaged(f"ffmpeg ended with {process.returncode}")


def _demuxer(head: bytes) -> str:
    if is_adts(head) or is_transport_stream(head):
        return "aac" if is_adts(head) else "mpegts"
    return _DEMUXERS.get(head[:4], "mov")


def _pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    waiting, total = bytearray(), 0
    for chunk in chunks:
        waiting += chunk
        total += len(chunk)
        if total > MAX_SECONDS * _BYTES_A_SECOND:
            raise Damaged(f"it is longer than {MAX_SECONDS // 3600} hours")
        while len(waiting) >= PIECE_SECONDS * _BYTES_A_SECOND:
            at = _quiet(waiting[: PIECE_SECONDS * _BYTES_A_SECOND])
            yield bytes(waiting[:at])
            del waiting[:at]
    if rest := bytes(waiting[: len(waiting) // 2 * 2]):
        yield rest


def _quiet(pcm: bytearray) -> int:
    """Where to cut, in bytes: in the middle of the half second with the least sound."""
    begin = len(pcm) - _LOOK_BACK_SECONDS * _BYTES_A_SECOND
    frames = np.frombuffer(pcm, np.int16, offset=begin).reshape(-1, _FRAME).astype(np.float32)
    energy = np.convolve((frames**2).mean(axis=1), np.ones(_QUIET_FRAMES), mode="valid")
    return begin + (int(energy.argmin()) + _QUIET_FRAMES // 2) * _FRAME * 2


if __name__ == "__main__":
    main(*sys.argv[1:])
