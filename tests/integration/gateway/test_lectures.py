"""Lectures: what is taken, what is refused, who sees it, how it is tried again, and what becomes of it."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.erase.eraser import Eraser, Erasure
from services.gateway.project.projector import Projector
from services.gateway.readmodels.recordings import RECORDING_SIDE, recording_links, recordings
from services.gateway.readmodels.registry import SIDES
from services.gateway.recordings.keeper import Keeper
from services.gateway.recordings.links import Links
from shared.docs.captions.facts import MAX_CAPTION_BYTES
from shared.events import BlobRef
from shared.events.gateway import (
    DocsAnalysisRequested,
    LectureAdded,
    LectureRemoved,
    LecturesRequested,
    RepoCloneRequested,
)
from shared.events.lectures import LectureFetched
from shared.events.recording import RecordingErased, RecordingLinked
from shared.events.registry import RECORDING
from shared.kernel.blobs import Blobs
from shared.kernel.errors import NotFound
from shared.readmodels.projected import Projected
from shared.readmodels.side import streams_of
from shared.sources.recordings import Held, LinkAsked
from tests.faults.marker import in_database
from tests.integration.gateway.conftest import Gateway, UntouchedStreams, running_gateway
from tests.unit.docs.printed import printed
from tests.unit.lectures.captions import RECORDING as FILM
from tests.unit.lectures.captions import SENTENCES, spoken, vtt

CAPTIONS = spoken(*SENTENCES)


async def upload(
    gateway: Gateway, course_id: str, file: tuple[str, bytes] = ("talk.vtt", CAPTIONS),
    beside: dict[str, tuple[str, bytes]] | None = None, **fields: str,
) -> httpx.Response:  # fmt: skip
    files = {"file": file, **(beside or {})}
    return await gateway.api.post("/api/lectures/upload", files=files, data={"course_id": course_id, **fields})


async def added(gateway: Gateway, course_id: str, **about: Any) -> str:
    answer = await upload(gateway, course_id, **about)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["lecture_id"])


async def facts(gateway: Gateway, course_id: str) -> list[LectureAdded]:
    return [one.event for one in await gateway.log.read(course_id) if isinstance(one.event, LectureAdded)]


async def test_captions_are_a_lecture_of_the_course_and_are_transcribed(gateway: Gateway) -> None:
    course_id = await gateway.create()
    answer = await upload(gateway, course_id, title="Jobs", session_id="week-1", licence="CC-BY-4.0")
    assert answer.status_code == 201, answer.text
    lecture_id = answer.json()["lecture_id"]
    assert answer.json() == {"lecture_id": lecture_id, "course_id": course_id, "status": "pending"}
    assert answer.headers["location"] == f"/api/lectures/{lecture_id}"
    about = {"lecture_id": lecture_id, "error_message": None}
    status = f"/api/lectures/{lecture_id}/status"
    assert (await gateway.api.get(status)).json() == {**about, "status": "pending", "duration_seconds": None}
    assert (await gateway.api.get(f"/api/lectures/{lecture_id}/text")).status_code == 404
    await gateway.workers.transcribe_lectures(course_id)
    await gateway.project()
    assert (await gateway.api.get(status)).json() == {**about, "status": "completed", "duration_seconds": 61}
    shown = (await gateway.api.get(f"/api/lectures/{lecture_id}")).json()
    assert (shown["title"], shown["panopto_session_id"], shown["filename"]) == ("Jobs", "week-1", "talk.vtt")
    assert (shown["panopto_url"], shown["stream_url"], shown["licence"]["spdx"]) == (None, None, "CC-BY-4.0")
    assert not {"blob", "key", "sha256", "audio_storage_key", "transcript_storage_key"} & shown.keys()
    assert (await gateway.api.get(f"/api/courses/{course_id}/lectures")).json() == [shown]
    assert (await gateway.api.get(f"/api/lectures/{lecture_id}/text")).text.startswith("# Jobs\n")
    assert (await gateway.course(course_id))["status"] == "stage6_complete"


async def test_a_recording_has_its_captions_and_chapters_beside_it_and_is_given_in_ranges(gateway: Gateway) -> None:
    course_id = await gateway.create()
    beside = {"captions": ("a.srt", CAPTIONS), "chapters": ("b.vtt", CAPTIONS)}
    lecture_id = await added(gateway, course_id, file=("Week 1.MP4", FILM), beside=beside)
    (fact,) = await facts(gateway, course_id)
    assert (fact.title, fact.path) == ("Week 1", "Week 1.MP4.md")
    kinds = [one.media_type for one in (fact.captions, fact.chapters, fact.recording) if one is not None]
    assert kinds == ["application/x-subrip", "text/vtt", "video/mp4"]
    part = await gateway.api.get(f"/api/lectures/{lecture_id}/file", headers={"range": "bytes=4-11"})
    assert (part.status_code, part.content, part.headers["content-type"]) == (206, b"ftypmp42", "video/mp4")
    assert part.headers["content-disposition"] == "inline; filename*=UTF-8''Week%201.MP4"


async def test_one_session_of_one_course_is_one_lecture(gateway: Gateway) -> None:
    course_id, other = await gateway.create(), await gateway.create()
    first = await added(gateway, course_id, session_id="week-1")
    again = await upload(gateway, course_id, file=("b.vtt", CAPTIONS + b"\n"), session_id="week-1")
    assert (again.status_code, again.json()["lecture_id"]) == (200, first)
    assert await added(gateway, other, session_id="week-1") != first
    assert len(await facts(gateway, course_id)) == 1


async def test_lectures_of_one_name_have_paths_of_their_own(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await added(gateway, course_id)
    second = await added(gateway, course_id, session_id="week-2")
    assert [one.path for one in await facts(gateway, course_id)] == ["talk.vtt.md", f"talk-{second}.vtt.md"]
    requests = [one for one in await gateway.log.read(course_id) if isinstance(one.event, LecturesRequested)]
    assert len(requests) == 1, "one that is added during a run belongs to that run"


PAGE = "https://video.example.org/Viewer.aspx?id=week-1"
STREAM = "https://cdn.example.org/week-1/talk.mp4"


async def download(gateway: Gateway, course_id: str, /, **about: Any) -> httpx.Response:
    sent = {"course_id": course_id, "panopto_url": PAGE, "stream_url": STREAM} | about
    return await gateway.api.post("/api/lectures/download", json=sent)


async def shown(gateway: Gateway, lecture_id: str) -> dict[str, Any]:
    return dict((await gateway.api.get(f"/api/lectures/{lecture_id}")).json())


async def test_a_lecture_at_an_address_is_fetched_and_transcribed(gateway: Gateway) -> None:
    course_id = await gateway.create()
    answer = await download(gateway, course_id, captions_url=f"{STREAM}.vtt")
    lecture_id = answer.json()["lecture_id"]
    assert (answer.status_code, answer.json()["status"]) == (201, "pending")
    asked = (await gateway.workers.request(course_id, LecturesRequested)).lectures
    assert [(one.stream_url, one.captions_url, one.recording) for one in asked] == [(STREAM, f"{STREAM}.vtt", None)]
    about = {"panopto_session_id": "week-1", "panopto_url": PAGE, "stream_url": STREAM, "title": "talk"}
    assert (await shown(gateway, lecture_id)).items() >= {**about, "filename": "talk.mp4"}.items()
    assert (await gateway.api.get(f"/api/lectures/{lecture_id}/file")).json()["code"] == "not_fetched"
    await gateway.workers.start_lectures(course_id)
    await gateway.project()
    assert (await shown(gateway, lecture_id))["status"] == "downloading"
    await gateway.workers.fetch_lecture(course_id, lecture_id, FILM, CAPTIONS)
    await gateway.project()
    assert (await shown(gateway, lecture_id))["status"] == "pending"
    assert (await gateway.api.get(f"/api/lectures/{lecture_id}/file")).content == FILM
    await gateway.workers.transcribe_lectures(course_id)
    await gateway.project()
    assert (await shown(gateway, lecture_id))["status"] == "completed"
    again = await download(gateway, course_id, stream_url=f"{STREAM}?quality=low")
    assert (again.status_code, again.json()) == (200, {**answer.json(), "status": "completed"})


async def projected(gateway: Gateway) -> None:
    """With the tables of recordings."""
    await gateway.project()
    log, sides = gateway.log.of(RECORDING), streams_of(SIDES)[RECORDING.stream]
    running = asyncio.create_task(Projector(gateway.engine, log, gateway.blobs, sides=sides).run())
    assert await Projected(gateway.engine, RECORDING.stream).wait(await log.end(), 20.0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_two_courses_are_made_from_stays_until_the_last_lets_it_go(gateway: Gateway) -> None:
    links, blobs = Links(gateway.log, "gateway"), Blobs(gateway.blobs.backend, RECORDING.blobs)
    lectures = {}
    for _ in range(2):
        course_id = await gateway.create()
        lectures[course_id] = str((await download(gateway, course_id)).json()["lecture_id"])
        state = await links.link(LinkAsked(course_id=course_id, lecture_id=lectures[course_id], stream_url=STREAM))
    ref = await blobs.put(state.id, FILM, "video/mp4")
    await blobs.put_answer(state.id, state.id, "part", b"a part of it")
    await links.keep(Held(recording_id=state.id, recording=ref))
    for course_id, lecture_id in lectures.items():
        await gateway.workers.start_lectures(course_id)
        run_id = (await gateway.workers.request(course_id, LecturesRequested)).run_id
        fetched = LectureFetched(course_id=course_id, run_id=run_id, lecture_id=lecture_id, recording=ref)
        await gateway.workers.append(fetched)
    keeper = Keeper(gateway.engine, links, 1.0)
    streams = UntouchedStreams()
    eraser = Eraser(
        gateway.engine, gateway.log, blobs, streams, settle_seconds=0.0, sweep_seconds=0.0,
        erasure=Erasure(RECORDING_SIDE),
    )  # fmt: skip
    (_, one), (second, other) = lectures.items()
    for removal, left in ((f"lectures/{one}", 2), (f"projects/{second}", 1)):
        await projected(gateway)
        await keeper.work()
        await projected(gateway)
        async with gateway.engine.connect() as connection:
            linked = await connection.execute(select(recording_links.c.course_id))
            assert len(linked.all()) == left
        assert (await gateway.api.get(f"/api/lectures/{other}/file")).content == FILM
        assert (await gateway.api.delete(f"/api/{removal}")).status_code in {200, 202, 204}
    for _ in range(3):
        await projected(gateway)
        await keeper.work()
        await eraser.work()
    assert await blobs.ids() == []
    assert not [key for key in await blobs.backend.keys("owners/") if "sweeps" not in key]
    async with gateway.engine.connect() as connection:
        assert (await connection.execute(select(recordings.c.recording_id))).all() == []
    assert isinstance((await gateway.log.of(RECORDING).read(state.id))[-1].event, RecordingErased)


async def test_a_lecture_that_failed_is_tried_again_with_other_addresses(gateway: Gateway) -> None:
    course_id = await gateway.create()
    lecture_id = (await download(gateway, course_id, title="Jobs")).json()["lecture_id"]
    await gateway.workers.transcribe_lectures(course_id, refused={lecture_id})
    await gateway.project()
    assert (await shown(gateway, lecture_id))["status"] == "failed"
    assert (await download(gateway, course_id)).json()["status"] == "failed", "the same addresses are no other try"
    moved = await download(gateway, course_id, stream_url="https://cdn.example.org/new.mp4")
    assert (moved.status_code, moved.json()["status"]) == (200, "pending")
    (asked,) = (await gateway.workers.request(course_id, LecturesRequested)).lectures
    assert (asked.lecture_id, asked.stream_url) == (lecture_id, "https://cdn.example.org/new.mp4")
    assert len((await gateway.api.get(f"/api/courses/{course_id}/lectures")).json()) == 1


async def test_a_download_that_stops_is_not_shown_as_going_on(gateway: Gateway) -> None:
    course_id = await gateway.create()
    lecture_id = (await download(gateway, course_id)).json()["lecture_id"]
    run_id = await gateway.workers.start_lectures(course_id)
    await gateway.workers.cancel(course_id, "lectures", run_id)
    await gateway.project()
    assert (await shown(gateway, lecture_id))["status"] == "pending"


@pytest.mark.parametrize(
    ("about", "status", "code"),
    [
        ({"stream_url": "http://cdn.example.org/a.mp4"}, 422, "address_refused"),
        ({"stream_url": "https://169.254.169.254/latest/meta-data"}, 422, "address_refused"),
        ({"stream_url": "https://2130706433/a.mp4"}, 422, "address_refused"),
        ({"stream_url": "https://[::1]/a.mp4"}, 422, "address_refused"),
        ({"stream_url": "https://localhost/a.mp4"}, 422, "address_refused"),
        ({"stream_url": "https://cdn.example.org:6379/a.mp4"}, 422, "address_refused"),
        ({"stream_url": "https://me:word@cdn.example.org/a.mp4"}, 422, "address_refused"),
        ({"stream_url": "file:///etc/passwd"}, 422, "address_refused"),
        ({"stream_url": f"{STREAM}?X-Amz-Signature=abc"}, 422, "address_with_secret"),
        ({"stream_url": " "}, 422, "invalid_request"),
        ({"captions_url": "https://10.0.0.1/a.vtt"}, 422, "address_refused"),
        ({"panopto_url": "javascript:alert(1)"}, 422, "address_refused"),
        ({"panopto_url": "https://video.example.org/"}, 400, "no_session_id"),
        ({"panopto_url": "https://video.example.org/?id=a%20b"}, 400, "no_session_id"),
        ({"owner": "bob"}, 422, "invalid_request"),
        ({"course_id": "nobodys"}, 404, "not_found"),
    ],
)
async def test_what_is_no_address_of_a_lecture_is_refused(
    gateway: Gateway, about: dict[str, Any], status: int, code: str
) -> None:
    course_id = await gateway.create()
    answer = await download(gateway, course_id, **about)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await gateway.api.get(f"/api/courses/{course_id}/lectures")).json() == []


@pytest.mark.parametrize(
    ("about", "status", "code"),
    [
        ({"file": ("talk.txt", CAPTIONS)}, 400, "not_lecture"),
        ({"file": ("talk.vtt", b"")}, 400, "not_lecture"),
        ({"file": (".vtt", CAPTIONS)}, 400, "not_lecture"),
        ({"file": ("talk.mp4", CAPTIONS)}, 400, "not_lecture"),
        ({"file": ("a\u202e.vtt", CAPTIONS)}, 400, "invalid_file_name"),
        ({"beside": {"captions": ("b.mp4", FILM)}}, 400, "not_lecture"),
        ({"beside": {"captions": ("b.vtt", CAPTIONS)}}, 422, "invalid_request"),
        ({"session_id": "a b"}, 422, "invalid_request"),
        ({"title": " "}, 422, "invalid_request"),
        ({"sharing": "maybe"}, 422, "invalid_request"),
        ({"stream_url": "https://example.org"}, 422, "invalid_request"),
    ],
)
async def test_what_is_no_lecture_is_refused(gateway: Gateway, about: dict[str, Any], status: int, code: str) -> None:
    course_id = await gateway.create()
    answer = await upload(gateway, course_id, **about)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await gateway.api.get(f"/api/courses/{course_id}/lectures")).json() == []
    assert (await gateway.api.post("/api/lectures/upload", json={"course_id": course_id})).status_code == 415


async def test_captions_past_their_limit_are_refused(gateway: Gateway) -> None:
    answer = await upload(gateway, await gateway.create(), file=("a.vtt", b"WEBVTT" + b" " * MAX_CAPTION_BYTES))
    assert answer.status_code == 413


async def test_a_lecture_of_somebody_else_is_not_there(gateway: Gateway) -> None:
    course_id = await gateway.create()
    lecture_id = await added(gateway, course_id)
    for path in ("", "/status", "/file", "/text"):
        assert (await gateway.bob.get(f"/api/lectures/{lecture_id}{path}")).status_code == 404
    assert (await gateway.bob.delete(f"/api/lectures/{lecture_id}")).status_code == 404
    assert (await gateway.bob.get(f"/api/courses/{course_id}/lectures")).status_code == 404
    assert (await gateway.api.get(f"/api/lectures/{lecture_id}")).status_code == 200


async def test_a_failed_lecture_stays_says_why_and_is_tried_again(gateway: Gateway) -> None:
    course_id = await gateway.create()
    lecture_id = await added(gateway, course_id)
    await gateway.workers.transcribe_lectures(course_id, refused={lecture_id})
    await gateway.project()
    shown = (await gateway.api.get(f"/api/lectures/{lecture_id}")).json()
    assert (shown["status"], shown["error_code"], shown["duration_seconds"]) == ("failed", "captions_missing", None)
    await gateway.post(course_id, "transcribe-lectures", {})
    await gateway.project()
    assert (await gateway.api.get(f"/api/lectures/{lecture_id}")).json()["status"] == "pending"
    await gateway.workers.transcribe_lectures(course_id)
    await gateway.project()
    assert (await gateway.api.get(f"/api/lectures/{lecture_id}")).json()["status"] == "completed"


async def test_a_removed_lecture_is_gone_with_its_bytes_and_what_was_made_from_it_is_outdated(gateway: Gateway) -> None:
    course_id = await gateway.create()
    beside = {"captions": ("a.vtt", CAPTIONS)}
    lecture_id = await added(gateway, course_id, file=("a.mp4", FILM), beside=beside)
    kept = await added(gateway, course_id, file=("b.vtt", CAPTIONS + b"\n"))
    await gateway.workers.transcribe_lectures(course_id)
    await gateway.project()
    await gateway.post(course_id, "analyze-documents", {})
    await gateway.workers.analyse(course_id)
    await gateway.project()
    first, second = await facts(gateway, course_id)
    assert (await gateway.api.delete(f"/api/lectures/{lecture_id}")).status_code == 204
    assert (await gateway.api.delete(f"/api/lectures/{lecture_id}")).status_code == 404
    for blob in (first.captions, first.recording):
        assert isinstance(blob, BlobRef)
        with pytest.raises(NotFound):
            await gateway.blobs.get(blob)
    assert second.captions is not None
    assert await gateway.blobs.get(second.captions) == CAPTIONS + b"\n"
    left = (await gateway.api.get(f"/api/courses/{course_id}/lectures")).json()
    assert [one["id"] for one in left] == [kept]
    assert (await gateway.get(course_id, "stage2/status"))["outdated"] is True
    removed = LectureRemoved(course_id=course_id, lecture_id=lecture_id, by="ann", withheld=True)
    assert (await gateway.events(course_id))[-1] == removed
    assert await added(gateway, course_id, file=("a.mp4", FILM), beside=beside) == lecture_id


MARKER = "a-word-nobody-else-says"


async def test_of_a_removed_lecture_no_byte_is_left_and_of_a_removed_document_neither(
    gateway: Gateway, database_url: str
) -> None:
    course_id = await gateway.create()
    said = spoken(*SENTENCES, f"It is {MARKER}.")
    beside = {"captions": ("a.vtt", said), "chapters": ("b.vtt", vtt((0, 9, MARKER)))}
    lecture_id = await added(gateway, course_id, file=("a.mp4", FILM + MARKER.encode()), beside=beside)
    page = printed(lambda page: page.prose(MARKER)) + MARKER.encode()
    sent = await gateway.api.post(
        "/api/documents/upload", files={"file": ("a.pdf", page, "application/pdf")}, data={"course_id": course_id}
    )
    document_id = sent.json()["document_id"]
    await gateway.workers.transcribe_lectures(course_id)
    await gateway.workers.read_documents(course_id)
    await gateway.blobs.put_answer(course_id, course_id, "heard", f"Words so far: {MARKER}".encode())
    await gateway.project()
    assert len([key for key in await left_of(gateway) if MARKER.encode() in await gateway.blobs.backend.get(key)]) == 5
    for path in (f"lectures/{lecture_id}", f"documents/{document_id}"):
        assert (await gateway.api.delete(f"/api/{path}")).status_code == 204
    await gateway.project()
    assert [key for key in await left_of(gateway) if MARKER.encode() in await gateway.blobs.backend.get(key)] == []
    assert (await in_database(database_url, MARKER)).total() == 0
    assert not [one for one in gateway.log.stored() if MARKER in repr(one)]


async def left_of(gateway: Gateway) -> list[str]:
    return [key async for key, _ in gateway.blobs.backend.listing("")]


async def test_a_course_of_a_lecture_alone_runs_unattended(gateway: Gateway) -> None:
    course_id = await gateway.create()
    assert (await gateway.post(course_id, "generate", {}, 409))["code"] == "no_source"
    await added(gateway, course_id)
    await gateway.post(course_id, "generate", {})
    await gateway.project()
    assert not [one for one in await gateway.log.read(course_id) if isinstance(one.event, DocsAnalysisRequested)]
    await gateway.workers.transcribe_lectures(course_id)
    await gateway.project()
    assert await gateway.workers.request(course_id, DocsAnalysisRequested)


async def test_a_key_that_is_used_again_for_other_captions_is_refused(gateway: Gateway) -> None:
    course_id = await gateway.create()
    gateway.api.headers["Idempotency-Key"] = "once"
    assert (await upload(gateway, course_id, session_id="a")).status_code == 201
    assert (await upload(gateway, course_id, session_id="a")).status_code == 201
    other = await upload(gateway, course_id, file=("talk.vtt", CAPTIONS + b"\n"), session_id="a")
    assert other.status_code == 422


async def test_a_course_with_a_lecture_is_made_beside_one_of_the_repository_alone(gateway: Gateway) -> None:
    alone, course_id = await gateway.create("alone"), await gateway.create("with a lecture")
    await added(gateway, course_id)
    await gateway.workers.transcribe_lectures(course_id)
    await gateway.project()
    for one in (alone, course_id):
        await gateway.post(one, "generate", {"repo_url": "https://github.com/pallets/click"})
        await gateway.project()
    assert await gateway.workers.request(course_id, RepoCloneRequested)
    assert (await gateway.course(course_id))["error_message"] is None


@pytest.mark.parametrize(
    ("switched_on", "admins", "status"), [(True, ["ann"], 200), (True, ["bob"], 404), (False, ["ann"], 404)]
)
async def test_the_lectures_of_everybody_are_listed_only_for_development(
    engine: AsyncEngine, switched_on: bool, admins: list[str], status: int
) -> None:
    async with running_gateway(engine, dev_routes_enabled=switched_on, admin_user_ids=admins) as gateway:
        course_id = await gateway.create()
        lecture_id = await added(gateway, course_id, title="Jobs")
        answer = await gateway.api.get("/api/dev/lectures")
        assert answer.status_code == status
        if status == 200:
            (shown,) = answer.json()
            assert shown.keys() == {"id", "title", "status", "created_at", "updated_at"}
            assert (shown["id"], shown["title"], shown["status"]) == (lecture_id, "Jobs", "pending")


async def test_a_recording_with_other_captions_than_the_lecture_has_is_let_go(gateway: Gateway) -> None:
    links = Links(gateway.log, "gateway")
    course_id = await gateway.create()
    lecture_id = str((await download(gateway, course_id)).json()["lecture_id"])
    asked = LinkAsked(course_id=course_id, lecture_id=lecture_id, stream_url=STREAM)
    kept = await links.link(asked)
    other = await links.link(asked.model_copy(update={"captions_url": "https://cdn.example.org/old.vtt"}))
    await projected(gateway)
    await Keeper(gateway.engine, links, 1.0).work()
    last = {one.id: (await gateway.log.of(RECORDING).read(one.id))[-1].event for one in (kept, other)}
    assert {key: type(event) for key, event in last.items()} == {kept.id: RecordingLinked, other.id: RecordingErased}
