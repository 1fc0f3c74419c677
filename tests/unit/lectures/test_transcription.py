"""A recording is cut where the speaker is silent, and each piece is heard once, also when a failure comes between."""

import io
import tempfile
import wave
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from services.lectures.installed import NoEars
from services.lectures.port import RATE, Said
from services.lectures.transcription import Transcriber, decode, write_captions
from services.lectures.whisper import find_whisper
from shared.docs.captions.words import read_cues
from shared.events import BlobRef
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.kernel.errors import PermanentError, TransientError
from shared.stage.port import Run
from shared.workers.limits import Limits
from tests.support.workers import InlineWorkers
from tests.unit.lectures.captions import RECORDING

_SAMPLES = 8_000
LIMITS = Limits()


@dataclass
class FakeEars:
    """Hears one sentence in each piece, and fails at `fails_at`, counted from 1."""

    fails_at: int = 0
    heard: list[float] = field(default_factory=list)

    async def name(self) -> str:
        return "fake-1"

    async def hear(self, pcm: bytes, run: Run, key: str) -> list[Said]:
        if len(self.heard) + 1 == self.fails_at:
            raise TransientError("The model is away")
        self.heard.append(len(pcm) / 2 / RATE)
        return [Said(1.0, 2.5, f"Piece <{len(pcm) / 2 / RATE:.0f}> & more.")]


def tone(seconds: int, silent_at: int) -> bytes:
    """A WAV file with one second of silence."""
    loud, silence = b"\x00\x20" * (_SAMPLES // 40) + b"\x00\xe0" * (_SAMPLES // 40), b"\0\0" * _SAMPLES
    with io.BytesIO() as file:
        with wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(_SAMPLES)
            sound.writeframes(loud * 20 * silent_at + silence + loud * 20 * (seconds - silent_at - 1))
        return file.getvalue()


async def told(step: str, percent: int) -> None:
    return None


async def hear(blobs: Blobs, recording: BlobRef, ears: FakeEars) -> bytes:
    transcriber = Transcriber(blobs, lambda: ears, is_sealed=False)
    return await transcriber.captions(Run("c", "r", told, InlineWorkers()), recording, "Jobs", "k")


async def test_a_piece_that_was_heard_is_not_heard_again_after_a_failure() -> None:
    backend = ObjectBackend(MemoryStore())
    blobs = Blobs(backend)
    recording = await blobs.put("c", tone(330, silent_at=270), "audio/wav")
    before = FakeEars(fails_at=2)
    with pytest.raises(TransientError):
        await hear(blobs, recording, before)
    after = FakeEars()
    cues, problems = read_cues(await hear(blobs, recording, after))
    assert before.heard == pytest.approx([270.5], abs=0.5)
    assert after.heard == pytest.approx([330 - before.heard[0]], abs=0.01)
    assert [(one.start, one.end) for one in cues] == [(1.0, 2.5), pytest.approx((271.5, 273.0), abs=0.5)]
    assert cues[0].lines == (f"Piece <{before.heard[0]:.0f}> & more.",)
    assert problems == []
    left = [*await backend.keys("owners/"), *await backend.keys("courses/c/answers/")]
    assert left == []


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
