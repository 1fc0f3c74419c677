"""Recordings that are small to send and endless to hear."""

import shutil
import struct
import subprocess
import sys
import tempfile
from contextlib import aclosing
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import monotonic

import pytest

from shared.hearing.decoding import decode
from shared.hearing.port import RATE
from shared.kernel.errors import PermanentError
from tests.unit.lectures.sounds import silent_flac

pytestmark = [pytest.mark.long, pytest.mark.timeout(0)]

_MOST_KIB = 400 * 1024


_STREAMS = 5_000
_SECONDS = 20
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed here")


async def _sound(data: bytes, pieces: list[int]) -> None:
    """Decode a recording, and say what it took; the sizes of its pieces go into a list."""
    began, before, largest = monotonic(), getrusage(RUSAGE_SELF).ru_maxrss, getrusage(RUSAGE_CHILDREN).ru_maxrss
    try:
        with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as output:
            file.write(data)
            async with aclosing(decode(file, output, is_sealed=False)) as heard:
                async for piece in heard:
                    pieces.append(len(piece))  # noqa: PERF401 - what came before a refusal is counted
    finally:
        grown, child = getrusage(RUSAGE_SELF).ru_maxrss - before, getrusage(RUSAGE_CHILDREN).ru_maxrss
        child = child if child > largest else 0  # else what an earlier test started was larger
        sys.stdout.write(
            f"{len(data)} bytes, {len(pieces)} pieces, over after {monotonic() - began:.1f} s; "
            f"{grown >> 10} MiB more in this process, {child >> 10} MiB in the largest that it started\n"
        )
        assert max(grown, child) < _MOST_KIB


async def test_a_recording_of_25_hours_in_160_kb_is_refused() -> None:
    with pytest.raises(PermanentError, match="longer than 24 hours"):
        await _sound(silent_flac(25 * 3600), [])


def _tone(folder: Path, name: str) -> bytes:
    """A tone as AAC, in the container that the name asks for."""
    source = ["-f", "lavfi", "-i", f"sine=frequency=300:duration={_SECONDS}", "-c:a", "aac"]
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", *source, str(folder / name)], check=True)
    return (folder / name).read_bytes()


def _boxes(data: bytes) -> list[bytes]:
    """The boxes of an MP4, or of what such a box holds."""
    boxes, at = [], 0
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        boxes.append(data[at : at + size])
        at += size
    return boxes


def _with_streams(mp4: bytes, count: int) -> bytes:
    """The MP4 with its stream as often as said; all have the same sound, which lies before the tables."""
    *before, moov = _boxes(mp4)
    assert moov[4:8] == b"moov"
    inside = b"".join(box * (count if box[4:8] == b"trak" else 1) for box in _boxes(moov[8:]))
    return b"".join(before) + struct.pack(">I", len(inside) + 8) + b"moov" + inside


@needs_ffmpeg
@pytest.mark.parametrize("name", ["tone.ts", "tone.mp4", "tone.aac", "tone.mkv"])
async def test_the_sound_of_a_film_is_heard_whole(tmp_path: Path, name: str) -> None:
    pieces: list[int] = []
    await _sound(_tone(tmp_path, name), pieces)
    assert sum(pieces) / 2 / RATE == pytest.approx(_SECONDS, abs=0.3)


@needs_ffmpeg
async def test_a_film_of_thousands_of_streams_ends_within_a_minute(tmp_path: Path) -> None:
    data, began = _with_streams(_tone(tmp_path, "tone.mp4"), _STREAMS), monotonic()
    pieces: list[int] = []
    with pytest.raises(PermanentError, match="cannot be decoded"):
        await _sound(data, pieces)
    assert monotonic() - began < 60
