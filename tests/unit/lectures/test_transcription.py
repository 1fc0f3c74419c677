"""A recording is cut where the speaker is silent, and each piece is heard once, also when a kill comes between."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import aclosing
from pathlib import Path

import pytest

from services.lectures.transcription import write_captions
from shared.docs.captions.words import read_cues
from shared.events import BlobRef
from shared.hearing.decoding import decode
from shared.hearing.installed import NoEars
from shared.hearing.port import RATE, Said
from shared.hearing.whisper import find_whisper
from shared.kernel.blob_stores import FolderBackend
from shared.kernel.blobs import Blobs
from shared.kernel.errors import PermanentError
from shared.kernel.kill_points import VARIABLE, KillPoint
from shared.workers.limits import Limits
from shared.workers.messages import HEADER
from tests.unit.lectures.captions import RECORDING
from tests.unit.lectures.sounds import tone

ROOT = Path(__file__).parents[3]
LIMITS = Limits()


def listen(folder: Path, recording: BlobRef, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "tests.unit.lectures.listening", folder, recording.model_dump_json(), folder / "heard"],
        env=os.environ | environment, cwd=ROOT, stdout=subprocess.PIPE, check=False,
    )  # fmt: skip


async def test_a_piece_that_was_heard_is_not_heard_again_after_a_kill(tmp_path: Path) -> None:
    blobs = Blobs(FolderBackend(tmp_path))
    recording = await blobs.put("c", tone(330, silent_at=270), "audio/wav")
    (tmp_path / "points").mkdir()
    (tmp_path / "points" / f"{KillPoint.answer_stored}:lectures").write_text("1", encoding="ascii")
    killed = listen(tmp_path, recording, **{VARIABLE: str(tmp_path / "points")})
    heard = [float(one) for one in (tmp_path / "heard").read_text(encoding="ascii").split()]
    assert killed.returncode == -signal.SIGKILL
    assert heard == pytest.approx([270.5], abs=0.5)
    cues, problems = read_cues(listen(tmp_path, recording).stdout)
    again = [float(one) for one in (tmp_path / "heard").read_text(encoding="ascii").split()]
    assert again == [heard[0], pytest.approx(330 - heard[0], abs=0.01)]
    assert [(one.start, one.end) for one in cues] == [
        (1.0, 2.5),
        pytest.approx((heard[0] + 1, heard[0] + 2.5), abs=0.01),
    ]
    assert problems == []
    left = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"courses", "heard"}
    assert not [path for path in (tmp_path / "courses/c/answers").rglob("*") if path.is_file()]


async def refusal(data: bytes) -> PermanentError:
    """What decoding it says."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as output:
        file.write(data)
        async with aclosing(decode(file, output, is_sealed=False)) as pieces:
            with pytest.raises(PermanentError) as raised:
                await anext(pieces)
    return raised.value


async def test_a_damaged_recording_is_refused_in_words() -> None:
    error = await refusal(b"RIFF\xff\xff\xff\xffWAVEfmt nonsense" + b"\0" * 999)
    assert (error.code, error.message[:36]) == ("recording_damaged", "The recording cannot be decoded: fai")


HOSTILE = {
    "a page called a recording": b"<!doctype html>" + b" " * 999,
    "a playlist that names a file": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "a list of files for ffmpeg": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "a head without sound": tone(2, silent_at=1)[:30],
    "FLAC cut in its head": b"fLaC" + bytes(20),
    "Ogg without pages": b"OggS" + bytes(500),
    "an MP3 of zeros": b"ID3\4\0\0\0\0\0\0" + bytes(5000),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_recording_is_refused(name: str) -> None:
    assert (await refusal(HOSTILE[name])).code == "recording_damaged"


async def test_a_recording_that_says_it_lasts_for_a_day_is_as_long_as_its_sound() -> None:
    sound = bytearray(tone(2, silent_at=1))
    sound[40:44] = b"\xf0\xff\xff\xff"  # the length of the samples
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as output:
        file.write(sound)
        async with aclosing(decode(file, output, is_sealed=False)) as pieces:
            lengths = [len(pcm) async for pcm in pieces]
    assert lengths == [pytest.approx(2 * 2 * RATE, abs=RATE)]


async def test_a_decoder_that_was_captured_cannot_make_its_host_keep_gigabytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "python"
    (tmp_path / "head").write_bytes(HEADER.pack(2**40))
    program.write_text(f"#!/bin/sh\ncat {tmp_path / 'head'} /dev/zero\n", encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    assert (await refusal(tone(2, silent_at=1))).message == "The program that decodes the recording misbehaves"


async def test_a_film_needs_ffmpeg_and_the_refusal_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error = await refusal(RECORDING)
    assert error.code == "ffmpeg_missing"
    assert "Install it" in error.message


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoEars, match=r"there is no config\.json in .*TRANSCRIPTION_MODEL"):
        find_whisper(tmp_path, LIMITS)


async def test_another_model_in_place_of_the_published_one_is_refused(tmp_path: Path) -> None:
    published = find_whisper(None, LIMITS)
    for name in ("config.json", "model.bin", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"other")
    with pytest.raises(PermanentError, match="not the one that was published"):
        await type(published)(tmp_path, published.sha256, LIMITS).name()
    assert (await published.name()).startswith("whisper-1/")


def test_captions_hold_hours_and_marks() -> None:
    said = [Said(3599.9996, 3661.5, "a < b --> c")]
    cues, _ = read_cues(write_captions(said))
    assert [(one.start, one.end, one.lines) for one in cues] == [(3600.0, 3661.5, ("a < b --> c",))]
