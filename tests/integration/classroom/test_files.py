"""Files of people: on a folder through the API, and on an S3 (moto) by signed addresses."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.classroom.files import Files, KeptFile, media_type_of
from services.gateway.erase.eraser import ERASURES
from services.gateway.erase.orphans import Orphans
from shared.classroom.people import heard_key
from shared.events import Event
from shared.events.classroom import FileNamed
from shared.events.registry import PERSON
from shared.kernel.blob_stores import FolderBackend, ObjectBackend
from shared.kernel.blobs import Blobs
from shared.kernel.refusals import Refused
from tests.integration.classroom.conftest import WAV, Classroom, School
from tests.integration.classroom.test_a_school import ok

LIMIT = 1000


def use(classroom: Classroom, backend: ObjectBackend) -> Files:
    files = Files(backend, LIMIT)
    object.__setattr__(classroom.services, "files", files)
    return files


async def send(client: httpx.AsyncClient, content_type: str, data: bytes, name: str = "x.wav") -> httpx.Response:
    return await client.post("/file/upload-local", files={"file": (name, data)}, data={"content_type": content_type})


async def test_a_folder(classroom: Classroom, tmp_path: Path) -> None:
    school = await classroom.school()
    use(classroom, FolderBackend(tmp_path))
    async with classroom.as_person(school.people["learner"]) as learner:
        kept = await send(learner, "audio/wav; codecs=1", WAV + b"x", "../../../etc/passwd")
        assert kept.status_code == 200, kept.text
        file_id = kept.json()["file_uuid"]
        path = kept.json()["static_url"]
        answer = await learner.get(path)
        assert (answer.content, answer.headers["content-type"]) == (WAV + b"x", "audio/wav")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == [file_id]
        for uuid, extension, status in (
            (file_id, "mp3", 404), (school.org_id, "wav", 404), ("../secret", "wav", 422), (file_id, "../x", 422),
        ):  # fmt: skip
            found = await learner.get("/file/download-local/", params={"uuid": uuid, "file_extension": extension})
            assert found.status_code == status, (uuid, extension)
        signed = await learner.put("/file/presigned-url/create", json={"content_type": "audio/wav"})
        assert (signed.status_code, signed.json()["code"]) == (409, "no_addresses")
    await require_status(classroom, school, path, {"mentor": 404, "owner": 404})
    async with classroom.as_person(school.people["learner"]) as learner:
        said = {"content": file_id, "role": "user", "response_type": "audio", "created_at": "2026-07-01T12:00:00Z"}
        await ok(learner, "POST", "/chat/", {"question_id": school.essay_id, "messages": [said]})
    await require_status(classroom, school, path, {"mentor": 200, "owner": 200, "fellow": 404, "other": 404})


async def require_status(classroom: Classroom, school: School, path: str, wanted: dict[str, int]) -> None:
    for who, status in wanted.items():
        async with classroom.as_person(school.people[who]) as client:
            assert (await client.get(path)).status_code == status, who


async def test_another_school_sees_neither_files_nor_days_of_a_learner_it_adds(classroom: Classroom) -> None:
    school, other = await classroom.school(), await classroom.school()
    me = school.people["learner"]
    figures = f"/users/{me}/activity/2026", f"/users/{me}/active_days?days=366", f"/users/{me}/streak"
    path = f"/file/download-local/?uuid={school.zip_id}&file_extension=zip"
    async with classroom.as_person(me) as learner:
        email = (await ok(learner, "GET", f"/users/{me}"))["email"]
        await ok(learner, "POST", f"/tasks/{school.task_ids['material']}/complete", {})
        own = [await ok(learner, "GET", one) for one in figures]
    async with classroom.as_person(other.people["owner"]) as stranger:
        sent = {"emails": [email], "roles": ["learner"]}
        await ok(stranger, "POST", f"/cohorts/{other.cohort_id}/members", sent)
        seen = [await ok(stranger, "GET", one) for one in figures]
        assert (sum(seen[0]), seen[1], seen[2]["streak_count"]) == (0, [], 0)
        assert (await stranger.get(path)).status_code == 404
    for who in ("owner", "mentor"):
        async with classroom.as_person(school.people[who]) as teacher:
            assert [await ok(teacher, "GET", one) for one in figures] == own
            assert (await teacher.get(path)).status_code == 200
    assert sum(own[0]) >= 1


async def test_what_is_refused_leaves_nothing(classroom: Classroom, tmp_path: Path) -> None:
    school = await classroom.school()
    use(classroom, FolderBackend(tmp_path))
    end = await classroom.log.end()
    async with classroom.as_person(school.people["learner"]) as learner:
        for content_type, data, status in (
            ("audio/wav", b"<script>", 415), ("text/html", b"<script>", 415), ("audio/wav", b"", 415),
            ("audio/wav", WAV + bytes(LIMIT), 413), ("image/png", WAV, 415),
        ):  # fmt: skip
            assert (await send(learner, content_type, data)).status_code == status
        no_file = await learner.post("/file/upload-local", data={"content_type": "audio/wav"})
        assert no_file.status_code == 415
    assert await classroom.log.end() == end
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


async def test_files_of_those_who_run_a_school_are_for_its_members(classroom: Classroom, tmp_path: Path) -> None:
    school = await classroom.school()
    use(classroom, FolderBackend(tmp_path))
    async with classroom.as_person(school.people["admin"]) as admin:
        path = (await send(admin, "image/png", b"\x89PNG\r\n\x1a\n")).json()["static_url"]
    for who, status in (("learner", 200), ("mentor", 200), ("other", 404)):
        async with classroom.as_person(school.people[who]) as client:
            assert (await client.get(path)).status_code == status, who


async def test_signed_addresses(classroom: Classroom, bucket: ObjectBackend) -> None:
    school = await classroom.school()
    use(classroom, bucket)
    async with classroom.as_person(school.people["learner"]) as learner, httpx.AsyncClient(timeout=60) as browser:
        made = await ok(learner, "PUT", "/file/presigned-url/create", {"content_type": "audio/wav"})
        asked = f"/file/presigned-url/get?uuid={made['file_uuid']}&file_extension=wav"
        assert (await learner.get(asked)).status_code == 404  # nothing was sent yet
        sent = await browser.put(made["presigned_url"], content=WAV)
        assert sent.status_code == 200, sent.text
        assert "X-Amz-Expires=600" in made["presigned_url"]
        url = (await ok(learner, "GET", asked))["url"]
        assert (await browser.get(url)).content == WAV
        # The address is still good, and leads to no file that was judged.
        await browser.put(made["presigned_url"], content=b"<script>")
        assert (await browser.get((await ok(learner, "GET", asked))["url"])).content == WAV
        wrong = await ok(learner, "PUT", "/file/presigned-url/create", {"content_type": "image/png"})
        asked = f"/file/presigned-url/get?uuid={wrong['file_uuid']}&file_extension=png"
        for data, status in ((b"<script>", 415), (b"\x89PNG\r\n\x1a\n" + bytes(LIMIT), 413)):
            await browser.put(wrong["presigned_url"], content=data)
            assert (await learner.get(asked)).status_code == status
            assert (await learner.get(asked)).status_code == 404  # it is gone
    left = set(await bucket.keys("people"))
    key = made["file_key"].removesuffix(".wav")
    assert left == {key, key.replace(made["file_uuid"], f"new/{made['file_uuid']}")}


async def test_a_file_is_named_as_clients_find_it(classroom: Classroom) -> None:
    """By its extension, and by the path of the API, wherever that is mounted."""
    school = await classroom.school()
    token = classroom.services.sessions.begin(school.people["learner"]).token
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(classroom.app, root_path="/classroom"), base_url="http://testserver",
        headers={"Authorization": f"Bearer {token}"},
    ) as learner:  # fmt: skip
        made = (await send(learner, "audio/wav", WAV)).json()
        assert made["file_key"] == made["file_path"]
        assert made["file_key"].endswith(f"/{made['file_uuid']}.wav")
        assert made["static_url"].startswith("/classroom/file/download-local/?")
        assert (await learner.get(made["static_url"])).content == WAV


@dataclass(frozen=True)
class Named:
    """What the log says of a person's files."""

    events: list[Event]

    async def blobs_named(self, _: str) -> tuple[dict[str, bool], list[Event]]:
        return {}, self.events


async def test_the_daily_sweep_takes_what_nobody_looked_at_and_leaves_every_file(tmp_path: Path) -> None:
    backend = FolderBackend(tmp_path)
    kept, left, new = (KeptFile("p", name, "audio/wav") for name in ("kept", "left", "new"))
    words = heard_key("p", "kept")
    for key in (kept.key, words, left.sent_to, new.sent_to):
        await backend.put(key, WAV)
    for key in (kept.key, words, left.sent_to):
        os.utime(tmp_path / key, (1, 1))
    events: list[Event] = [FileNamed(person_id="p", file_id=one.file_id, media_type="x") for one in (kept, left, new)]
    sweeping: Any = Named(events)
    assert await Orphans(Blobs(backend, PERSON.blobs), sweeping).sweep() == 1
    assert sorted(await backend.keys("people")) == sorted([kept.key, words, new.sent_to])


async def test_files_go_with_their_person(tmp_path: Path) -> None:
    """The eraser of people has their folder."""
    (erasure,) = (one for one in ERASURES if one.side.key == "person_id")
    backend = FolderBackend(tmp_path)
    for one in ("p", "q"):
        await backend.put(KeptFile(one, "f", "audio/wav").key, WAV)
    blobs = Blobs(backend, erasure.side.aggregate.blobs)
    assert await blobs.ids() == ["p", "q"]
    assert await blobs.delete_all("p") == 1
    assert await backend.keys("") == [KeptFile("q", "f", "audio/wav").key]


def test_types() -> None:
    assert media_type_of("Audio/X-WAV;rate=1") == "audio/wav"
    with pytest.raises(Refused):
        media_type_of("image/svg+xml")
