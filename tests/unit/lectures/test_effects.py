"""Captions become a text, a listing of one document, and the seconds of each line; or a refusal in words."""

from obstore.store import MemoryStore

from services.lectures.effects import CaptionReader
from services.lectures.transcription import Transcriber
from shared.added.core import Ended, EndRun, Outcome, ReadFiles
from shared.added.effects import AddedEffects
from shared.docs.captions.facts import CAPTION_TYPES, READER
from shared.docs.listing import LineTimes, Listing
from shared.events import BlobRef
from shared.events.gateway import LectureAsked
from shared.events.lectures import LectureRefused, LectureTranscribed
from shared.hearing.installed import NoEars
from shared.hearing.port import Ears
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.stage.port import Run
from tests.support.workers import InlineWorkers
from tests.unit.lectures.captions import RECORDING, SENTENCES, spoken, vtt


async def told(step: str, percent: int) -> None:
    return None


def deaf() -> Ears:
    raise NoEars("to hear it, install a model")


def reader(blobs: Blobs) -> CaptionReader:
    return CaptionReader(Transcriber(blobs, deaf, is_sealed=False))


async def perform(blobs: Blobs, *asked: LectureAsked) -> dict[str, Outcome]:
    run = Run("c", "r", told, InlineWorkers())
    effects = AddedEffects(blobs, 2, reader(blobs))
    found = [one async for one in effects.perform(ReadFiles(asked), run)]
    return {one.lecture_id: one for one in found if isinstance(one, LectureTranscribed | LectureRefused)}


async def kept(blobs: Blobs, raw: bytes) -> BlobRef:
    return await blobs.put("c", raw, CAPTION_TYPES["vtt"])


async def test_a_lecture_becomes_a_source_of_one_document() -> None:
    blobs = Blobs(ObjectBackend(MemoryStore()))
    captions = await kept(blobs, spoken(*SENTENCES))
    chapters = await kept(blobs, vtt((0, 4, "The queue"), (4, 12, "The worker")))
    asked = LectureAsked(lecture_id="a", title="Jobs", path="a.vtt.md", captions=captions, chapters=chapters)
    outcome = (await perform(blobs, asked))["a"]
    assert isinstance(outcome, LectureTranscribed)
    lines = (await blobs.get(outcome.text)).decode().split("\n")
    expected = ["# Jobs", "", "## The queue", "", SENTENCES[0], "", "## The worker", "", *SENTENCES[1:], ""]
    assert lines == expected
    times = (await blobs.get_model(outcome.times, LineTimes)).root
    assert len(times) == len(lines) - 1
    assert [times[lines.index(one)] for one in SENTENCES] == [(0, 4), (4, 8), (8, 12)]
    (entry,) = (await blobs.get_model(outcome.files, Listing)).files
    assert (entry.path, entry.blob, entry.is_documentation) == ("a.vtt.md", outcome.text, True)
    assert (outcome.captions, outcome.seconds, outcome.reader) == (captions, 12, READER)


async def test_a_lecture_that_cannot_be_taught_from_says_why_and_the_others_go_on() -> None:
    blobs = Blobs(ObjectBackend(MemoryStore()))
    recording = await blobs.put("c", RECORDING, "video/mp4")
    outcomes = await perform(
        blobs,
        LectureAsked(lecture_id="a", title="A", path="a.md", recording=recording),
        LectureAsked(lecture_id="b", title="B", path="b.md", captions=await kept(blobs, b"\0\1\2" * 99)),
        LectureAsked(lecture_id="c", title="C", path="c.md", captions=await kept(blobs, b"WEBVTT\n\n")),
        LectureAsked(lecture_id="d", title="D", path="d.md", captions=await kept(blobs, spoken(*SENTENCES))),
    )
    assert isinstance(outcomes.pop("d"), LectureTranscribed)
    refused = {name: one.error for name, one in outcomes.items() if isinstance(one, LectureRefused)}
    assert refused == {"a": "captions_missing", "b": "captions_not_text", "c": "captions_empty"}


async def test_a_run_without_lectures_ends() -> None:
    blobs = Blobs(ObjectBackend(MemoryStore()))
    effects = AddedEffects(blobs, 2, reader(blobs))
    assert [one async for one in effects.perform(EndRun(), Run("c", "r", told, InlineWorkers()))] == [Ended()]
