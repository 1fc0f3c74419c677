"""What is kept of a recording, how many wait, and how many archives are read at once."""

import asyncio
import io
import wave
import zipfile
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pytest

from services.classroom import hearing as hearing_room
from services.classroom.files import KeptFile
from services.classroom.hearing import ARCHIVE_WAIT_SECONDS, Hearing
from shared.answers.model import ZIP_TYPE, ReadAnswer
from shared.answers.reading import OF_AN_ARCHIVE, read_answer
from shared.hearing.port import Said
from shared.kernel.errors import PermanentError
from shared.kernel.refusals import Refused
from shared.kernel.serving import ServingSettings
from shared.workers.limits import LimitPassed, Limits
from shared.workers.pool import WorkerPool


def sound() -> bytes:
    with io.BytesIO() as file:
        with wave.open(file, "wb") as written:
            written.setnchannels(1)
            written.setsampwidth(2)
            written.setframerate(16_000)
            written.writeframes(bytes(16_000))
        return file.getvalue()


def packed() -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", "An answer")
        return file.getvalue()


@dataclass
class Listener:
    """Fails `faults` first, then hears one sentence. `may_go`: whether it may go on."""

    faults: list[Exception] = field(default_factory=list)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)

    def ears(self) -> "Listener":
        return self

    async def name(self) -> str:
        return "fake"

    async def hear(self, *_: Any) -> list[Said]:
        await self.may_go.wait()
        if self.faults:
            raise self.faults.pop(0)
        return [Said(0.0, 1.0, "A queue.")]


@dataclass
class Shelf:
    """Files that all hold the same."""

    data: bytes
    words: dict[KeptFile, bytes] = field(default_factory=dict)

    async def kept_words(self, file: KeptFile) -> bytes | None:
        return self.words.get(file)

    async def look(self, _: KeptFile) -> int:
        return len(self.data)

    async def whole(self, _: KeptFile) -> bytes:
        return self.data

    async def keep_words(self, file: KeptFile, data: BinaryIO) -> None:
        self.words[file] = data.read()


async def heard(hearing: Hearing, shelf: Any, file: KeptFile) -> str:
    """What is told about the words at once."""
    (part,) = (await hearing.read(shelf, file)).parts
    return part.text or part.left_out


@pytest.mark.parametrize(
    "fault",
    [
        LimitPassed("The recording", "stands still: the machine is too busy"),
        PermanentError("ffmpeg is needed", code="ffmpeg_missing"),
    ],
)
async def test_what_is_no_fault_of_a_recording_is_told_and_not_kept(fault: Exception) -> None:
    listener, shelf, file = Listener([fault]), Shelf(sound()), KeptFile("p", "f", "audio/wav")
    settings: Any = listener
    listener.may_go.set()
    hearing = Hearing(settings, WorkerPool(1, Limits()))
    assert "being heard" in await heard(hearing, shelf, file)
    await asyncio.gather(*hearing.heard_now.values())
    assert not shelf.words
    assert "may be no fault" in await heard(hearing, shelf, file)
    await asyncio.gather(*hearing.heard_now.values())
    assert await heard(hearing, shelf, file) == "A queue."


async def test_one_person_takes_no_more_than_a_few_places() -> None:
    listener, shelf = Listener(), Shelf(sound())
    settings: Any = listener
    hearing = Hearing(settings, WorkerPool(1, Limits()))
    told = [await heard(hearing, shelf, KeptFile("p", str(number), "audio/wav")) for number in range(4)]
    assert ["others are heard first" in one for one in told] == [False, False, False, True]
    assert "being heard" in await heard(hearing, shelf, KeptFile("q", "0", "audio/wav"))
    assert "being heard" in await heard(hearing, shelf, KeptFile("p", "0", "audio/wav"))
    await hearing.close()


async def test_two_archives_are_read_at_once_and_more_are_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go, begun = asyncio.Event(), list[int]()

    async def slow(*_: Any) -> ReadAnswer:
        begun.append(1)
        await may_go.wait()
        return ReadAnswer(())

    monkeypatch.setattr(hearing_room, "read_answer", slow)
    settings: Any = Listener()
    shelf: Any = Shelf(packed())
    hearing = Hearing(settings, WorkerPool(1, Limits()))
    file = KeptFile("p", "f", ZIP_TYPE)
    works = [asyncio.create_task(hearing.read(shelf, file)) for _ in range(5)]
    done, _ = await asyncio.wait(works, timeout=10 * ARCHIVE_WAIT_SECONDS, return_when=asyncio.FIRST_EXCEPTION)
    with pytest.raises(Refused) as refused:
        done.pop().result()
    assert (refused.value.refusal.status, refused.value.refusal.code) == (503, "reading_full")
    assert refused.value.refusal.retry_after_seconds
    may_go.set()
    ended = await asyncio.gather(*works, return_exceptions=True)
    assert (len(begun), sum(isinstance(one, ReadAnswer) for one in ended)) == (2, 2)
    assert await hearing.read(shelf, file) == ReadAnswer(()), "a turn is given back"


async def test_a_slow_archive_is_refused_with_the_reason_before_the_answer_is_late() -> None:
    most = ServingSettings.model_fields["answer_seconds"].default
    assert OF_AN_ARCHIVE.processor_seconds + ARCHIVE_WAIT_SECONDS < most
    workers, listener = WorkerPool(1, Limits()), Listener()
    try:
        read = await read_answer(workers, packed(), ZIP_TYPE, listener.ears)
    finally:
        await workers.close()
    assert [one.text for one in read.parts] == ["An answer"]
