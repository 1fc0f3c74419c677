"""A lecture at an address: what is fetched, what is refused, and where a download that was cut goes on."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from obstore.store import MemoryStore

from services.gateway.recordings.links import Links
from services.lectures import downloading
from services.lectures.downloading import Downloader
from services.lectures.remote import Remote
from shared.events import BlobRef
from shared.events.gateway import LectureAsked
from shared.events.registry import REGISTRY
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.kernel.errors import PermanentError, TransientError
from shared.sources.recordings import FETCHED, Held, LinkAsked
from shared.stage.port import Run
from tests.support.memory_log import MemoryLog
from tests.support.workers import InlineWorkers
from tests.unit.lectures.captions import RECORDING, SENTENCES, spoken
from tests.unit.lectures.recorder import Recorder
from tests.unit.lectures.sounds import tone

PART = 1000
SOUND = tone(3, silent_at=1)
WHOLE = SOUND[: PART * 20 + 7]


async def told(step: str, percent: int) -> None:
    return None


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    monkeypatch.setattr(downloading, "PART_BYTES", PART)
    with Recorder().running() as server:
        yield server


@pytest.fixture
def blobs() -> Blobs:
    return Blobs(ObjectBackend(MemoryStore()), REGISTRY.named("recording").blobs)


@pytest.fixture
def links() -> Links:
    return Links(MemoryLog(aggregate=REGISTRY.named("recording"), known=REGISTRY), "gateway")


@pytest.fixture
def run(links: Links) -> Run:
    return Run("c", "r", told, InlineWorkers(), links.answer)


def remote(recorder: Recorder, blobs: Blobs, seconds: float = 60.0, limit: int = 10**6) -> Remote:
    return Remote(Downloader(blobs, frozenset({recorder.host}), seconds, (0.0, 0.0)), limit)


def lecture(recorder: Recorder, path: str, **about: str) -> LectureAsked:
    url = path if "://" in path else recorder.url + path
    return LectureAsked(**{"lecture_id": "l", "title": "Jobs", "path": "jobs.md", "stream_url": url, **about})


async def kept(blobs: Blobs, ref: BlobRef) -> bytes:
    return await blobs.get(ref)


async def left(blobs: Blobs) -> list[str]:
    return [key for key in await blobs.backend.keys("") if "answers" in key or "uses" in key]


@pytest.mark.parametrize("way", ["", "/cut", "/lies", "/other", "/busy", "/plain", "/wrong"])
async def test_a_recording_comes_whole_however_the_server_behaves(
    recorder: Recorder, blobs: Blobs, run: Run, way: str
) -> None:
    recorder.files[f"{way}/jobs.bin"] = WHOLE
    if way == "/lies":
        with pytest.raises(PermanentError, match="broke off 3 times"):
            await remote(recorder, blobs).fetch(lecture(recorder, f"{way}/jobs.bin"), run)
        return
    found = await remote(recorder, blobs).fetch(lecture(recorder, f"{way}/jobs.bin"), run)
    assert found.keys() == {"recording"}
    assert found["recording"].media_type == "audio/wav", "by its bytes, whatever it is called"
    assert await kept(blobs, found["recording"]) == WHOLE
    ranges = [wanted for _, wanted in recorder.asked]
    assert ranges == {
        "": [None], "/cut": [None, "bytes=10000-"], "/other": [None, "bytes=10000-"], "/busy": [None, None],
        "/plain": [None, None], "/wrong": [None, "bytes=10000-", None],
    }[way]  # fmt: skip
    assert found["recording"].key.startswith("recordings/")
    assert await left(blobs) == [], "nothing but the recording"


async def give_up(recorder: Recorder, blobs: Blobs, run: Run) -> LectureAsked:
    """A download of which 19 of 20 parts came."""
    recorder.files["/cut/jobs.wav"], recorder.cuts = WHOLE, 8
    asked = lecture(recorder, "/cut/jobs.wav")
    with pytest.raises(PermanentError, match="broke off 3 times"):
        await remote(recorder, blobs).fetch(asked, run)
    return asked


async def test_a_download_goes_on_where_another_process_left_it(recorder: Recorder, blobs: Blobs, run: Run) -> None:
    asked = await give_up(recorder, blobs, run)
    found = await remote(recorder, blobs).fetch(asked, run)
    assert await kept(blobs, found["recording"]) == WHOLE
    assert recorder.asked[-1][1] == "bytes=19000-"


async def test_a_file_that_changed_meanwhile_is_fetched_anew(recorder: Recorder, blobs: Blobs, run: Run) -> None:
    asked = await give_up(recorder, blobs, run)
    recorder.moved["/cut/jobs.wav"] = "/other/jobs.wav"
    recorder.files["/other/jobs.wav"] = changed = tone(2, silent_at=0)
    found = await remote(recorder, blobs).fetch(asked, run)
    assert await kept(blobs, found["recording"]) == changed


async def test_captions_come_alone_or_beside(recorder: Recorder, blobs: Blobs, run: Run) -> None:
    recorder.files |= {"/jobs": spoken(*SENTENCES), "/film": RECORDING}
    alone = await remote(recorder, blobs).fetch(lecture(recorder, "/jobs"), run)
    assert {name: ref.media_type for name, ref in alone.items()} == {"captions": "text/vtt"}
    asked = lecture(recorder, "/film", captions_url=f"{recorder.url}/jobs")
    beside = await remote(recorder, blobs).fetch(asked, run)
    types = {name: ref.media_type for name, ref in beside.items()}
    assert types == {"recording": "video/mp4", "captions": "text/vtt"}


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        ("/page", "not_lecture", "not a recording"),
        ("/empty", "not_lecture", "not a recording"),
        ("/zeros/page", "not_lecture", "not a recording"),
        ("/zeros/jobs", "too_large", "larger than 1,000,000 bytes"),
        ("/absent", "download_failed", "does not have it"),
        ("/moved", "address_refused", "private network|not a public host"),
        ("/port", "address_refused", "begin with https"),
        ("/file", "address_refused", "begin with https"),
        ("/circle", "download_failed", "more than 5 times"),
        ("https://localhost/a.mp4", "address_refused", "not a public host"),
        ("https://127.0.0.1.nip.invalid-zz/a.mp4", "download_failed", "does not resolve"),
    ],
)
async def test_what_is_no_lecture_is_refused(
    recorder: Recorder, blobs: Blobs, run: Run, path: str, code: str, message: str
) -> None:
    recorder.files |= {"/page": b"<!doctype html>" + b" " * 9000, "/empty": b"", "/zeros/jobs": WHOLE[:100]}
    recorder.moved |= {
        "/moved": "https://169.254.169.254/latest/meta-data", "/file": "file:///etc/passwd", "/circle": "/circle",
        "/port": "http://127.0.0.1:1/a.wav",
    }  # fmt: skip
    with pytest.raises(PermanentError, match=message) as refused:
        await remote(recorder, blobs).fetch(lecture(recorder, path), run)
    assert refused.value.code == code
    assert [key async for key, _ in blobs.backend.listing("recordings/") if "answers" not in key] == []


async def test_the_parts_of_what_is_refused_are_erased(recorder: Recorder, blobs: Blobs, run: Run) -> None:
    recorder.files["/jobs.wav"] = WHOLE
    with pytest.raises(PermanentError, match="larger than"):
        await remote(recorder, blobs, limit=PART * 3).fetch(lecture(recorder, "/jobs.wav"), run)
    recorder.files["/zeros/jobs.wav"] = WHOLE[:100]
    with pytest.raises(PermanentError, match="larger than"):
        await remote(recorder, blobs, limit=PART * 30).fetch(lecture(recorder, "/zeros/jobs.wav"), run)
    assert await left(blobs) == []


async def test_a_slow_drip_ends_with_the_time(recorder: Recorder, blobs: Blobs, run: Run) -> None:
    recorder.files["/drip/jobs.wav"] = WHOLE
    recorder.cuts = 0
    with pytest.raises(PermanentError, match="longer than"):
        await remote(recorder, blobs, seconds=0.5).fetch(lecture(recorder, "/drip/jobs.wav"), run)


async def test_what_two_lectures_are_made_from_is_fetched_once(
    recorder: Recorder, blobs: Blobs, run: Run, links: Links
) -> None:
    recorder.files["/jobs.wav"] = WHOLE
    asked = lecture(recorder, "/jobs.wav")
    first = await remote(recorder, blobs).fetch(asked, run)
    again = await remote(recorder, blobs).fetch(asked, run)
    other = await remote(recorder, blobs).fetch(asked, replace(run, course_id="d"))
    assert first == again == other
    assert len(recorder.asked) == 1
    link = LinkAsked(course_id="c", lecture_id="l", stream_url=asked.stream_url)
    assert (await links.link(link)).links == (("c", "l"), ("d", "l"))


async def test_nothing_is_left_of_a_lecture_that_was_removed_while_it_was_downloaded(
    recorder: Recorder, blobs: Blobs, run: Run, links: Links
) -> None:
    recorder.files["/jobs.wav"] = WHOLE
    asked = lecture(recorder, "/jobs.wav")

    async def let_go(subject: str, question: bytes) -> bytes:
        if subject == FETCHED:
            await links.let_go(Held.model_validate_json(question).recording_id, "c", "l")
        return await links.answer(subject, question)

    with pytest.raises(PermanentError, match="was removed"):
        await remote(recorder, blobs).fetch(asked, replace(run, ask=let_go))
    assert await blobs.ids() == []
    assert await left(blobs) == []


PACKETS = (b"G" + bytes(range(187))) * 40


def stream(recorder: Recorder, *, master: str = "") -> None:
    """A playlist of 40 pieces, each of one packet."""
    names = [f"/hls/{at}.ts" for at in range(40)]
    recorder.files |= {name: PACKETS[at * 188 : at * 188 + 188] for at, name in enumerate(names)}
    lines = ["#EXTM3U", *(f"#EXTINF:6,\n{name}" for name in names), "#EXT-X-ENDLIST"]
    recorder.files["/hls/low.m3u8"] = "\n".join(lines).encode()
    recorder.files["/hls/all.m3u8"] = f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{master or 'low.m3u8'}".encode()


async def test_the_pieces_of_a_stream_are_joined(recorder: Recorder, blobs: Blobs, run: Run) -> None:
    stream(recorder)
    found = await remote(recorder, blobs).fetch(lecture(recorder, "/hls/all.m3u8"), run)
    assert found["recording"].media_type == "video/mp2t"
    assert await kept(blobs, found["recording"]) == PACKETS
    assert await left(blobs) == []


async def test_a_stream_goes_on_at_the_part_that_was_missing(recorder: Recorder, blobs: Blobs, run: Run) -> None:
    stream(recorder)
    gone = recorder.files.pop("/hls/33.ts")
    with pytest.raises(PermanentError, match="does not have it"):
        await remote(recorder, blobs).fetch(lecture(recorder, "/hls/all.m3u8"), run)
    recorder.files["/hls/33.ts"] = gone
    before = len(recorder.asked)
    found = await remote(recorder, blobs).fetch(lecture(recorder, "/hls/all.m3u8"), run)
    assert await kept(blobs, found["recording"]) == PACKETS
    asked = [path for path, _ in recorder.asked[before:] if path.endswith(".ts")]
    assert asked == [f"/hls/{at}.ts" for at in range(32, 40)]


async def test_the_pieces_of_a_stream_come_over_one_connection_and_have_a_limit_each(
    recorder: Recorder, blobs: Blobs, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream(recorder)
    await remote(recorder, blobs).fetch(lecture(recorder, "/hls/all.m3u8"), run)
    assert len({port for path, port in recorder.ports if path.endswith(".ts")}) == 1
    monkeypatch.setattr(downloading, "_PIECE_BYTES", 100)
    with pytest.raises(PermanentError, match="The piece is larger than 100 bytes"):
        await remote(recorder, blobs).fetch(lecture(recorder, "/hls/low.m3u8"), run)


async def test_each_piece_of_a_stream_is_held_to_the_same_addresses(recorder: Recorder, blobs: Blobs, run: Run) -> None:
    stream(recorder)
    recorder.moved["/hls/5.ts"] = "https://169.254.169.254/latest/meta-data"
    with pytest.raises(PermanentError, match=r"private network|not a public host"):
        await remote(recorder, blobs).fetch(lecture(recorder, "/hls/all.m3u8"), run)
    for master in ("https://10.0.0.1/low.m3u8", "file:///etc/passwd", "all.m3u8"):
        stream(recorder, master=master)
        with pytest.raises(PermanentError):
            await remote(recorder, blobs).fetch(lecture(recorder, "/hls/all.m3u8"), run)
    assert [ref async for ref, _ in blobs.backend.listing("recordings/") if "answers" not in ref] == []


async def test_a_file_that_came_whole_is_not_asked_for_again(recorder: Recorder, blobs: Blobs, run: Run) -> None:
    recorder.files["/jobs.wav"] = WHOLE

    async def silent(subject: str, question: bytes) -> bytes:
        return b"" if subject == FETCHED else await run.ask(subject, question)

    asked = lecture(recorder, "/jobs.wav")
    with pytest.raises(TransientError):
        await remote(recorder, blobs).fetch(asked, replace(run, ask=silent))
    found = await remote(recorder, blobs).fetch(asked, run)
    assert await kept(blobs, found["recording"]) == WHOLE
    assert len(recorder.asked) == 1
