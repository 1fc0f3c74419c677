"""Files that learners hand in as answers."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import httpx

from services.classroom.settings import ClassroomSettings
from shared.hearing.installed import NoEars
from shared.hearing.port import Said
from shared.workers.port import Workers
from tests.integration.classroom.conftest import Classroom
from tests.integration.classroom.test_a_school import ok
from tests.unit.answers.test_zipped import HOSTILE, packed
from tests.unit.lectures.sounds import tone

GOOD = packed(("work/main.py", b"print('hello')\n"), ("work/inner.zip", b"PK\x03\x04"))


async def upload(client: httpx.AsyncClient, data: bytes, media_type: str = "application/zip") -> str:
    sent = {"files": {"file": ("work.zip", data)}, "data": {"content_type": media_type}}
    made = await client.post("/file/upload-local", **sent)  # type: ignore[arg-type]
    assert made.status_code == 200, made.text
    return str(made.json()["file_uuid"])


async def test_an_archive_is_handed_in_and_who_grades_it_sees_what_it_holds(classroom: Classroom) -> None:
    school = await classroom.school()
    task = school.task_ids["assignment"]
    path = f"/tasks/{task}/questions/{task}/attempts"
    async with classroom.as_person(school.people["learner"]) as learner:
        file_id = await upload(learner, GOOD)
        given = await ok(learner, "POST", path, json={"answer": {"file_id": file_id, "text": "Mine"}, "id": "try-1"})
        shown = await ok(learner, "GET", f"{path}/try-1/file")
    wanted: dict[str, Any] = {
        "file_id": file_id, "media_type": "application/zip",
        "parts": [
            {"path": "work/inner.zip", "size": 4, "text": None, "left_out": "an archive in an archive is not opened"},
            {"path": "work/main.py", "size": 15, "text": "print('hello')\n", "left_out": None},
        ],
    }  # fmt: skip
    assert (given["id"], shown) == ("try-1", wanted)
    whose = {"user_id": school.people["learner"]}
    query = f"user_id={whose['user_id']}"
    async with classroom.as_person(school.people["mentor"]) as mentor:
        assert await ok(mentor, "GET", f"{path}/try-1/file?{query}") == wanted
        (seen,) = await ok(mentor, "GET", f"/tasks/{task}/attempts?{query}")
        assert seen["answer"]["file_id"] == file_id
        graded = {**whose, "scores": [{"name": "score", "score": 4}]}
        await ok(mentor, "POST", f"{path}/try-1/grade", json=graded)
        nothing = await mentor.get(f"{path}/try-2/file", params=whose)
        assert nothing.status_code == 404
    async with classroom.as_person(school.people["fellow"]) as fellow:
        assert (await fellow.get(f"{path}/try-1/file", params=whose)).status_code == 404
        stolen = await fellow.post(path, json={"answer": {"file_id": file_id}})
        assert (stolen.status_code, stolen.json()["errors"][0]["pointer"]) == (422, "/answer/file_id")


async def test_a_file_that_cannot_be_read_or_judged_is_no_answer(classroom: Classroom) -> None:
    school = await classroom.school()
    task, quiz = school.task_ids["assignment"], school.task_ids["quiz"]
    async with classroom.as_person(school.people["learner"]) as learner:
        bad = await upload(learner, HOSTILE["a link"][0])
        paper = await upload(learner, b"%PDF-1.7", "application/pdf")
        good = await upload(learner, GOOD)
        end = await classroom.log.end()
        for of, question, file_id, code, detail in (
            (task, task, bad, "answer_not_readable", "The archive holds a link or a device: a"),
            (task, task, paper, "answer_not_readable", "application/pdf is not read"),
            (task, task, "nothing", "invalid_request", "You sent no such file"),
            (quiz, school.question_id, good, "invalid_request", "judged by its key"),
        ):
            sent = {"answer": {"file_id": file_id}}
            refused = await learner.post(f"/tasks/{of}/questions/{question}/attempts", json=sent)
            assert (refused.status_code, refused.json()["code"]) == (422, code), refused.text
            assert detail in refused.text
        assert await classroom.log.end() == end


@dataclass
class Ears:
    """Hears one sentence in each piece."""

    heard: list[int] = field(default_factory=list)

    async def name(self) -> str:
        return "fake-1"

    async def hear(self, pcm: bytes, workers: Workers, key: str) -> list[Said]:
        self.heard.append(len(pcm))
        return [Said(0.0, 1.0, "A queue hands out what came first.")]


async def test_a_recording_is_heard_once_and_who_grades_it_reads_the_words(classroom: Classroom) -> None:
    school, ears = await classroom.school(), Ears()
    hearing = classroom.services.hearing
    path = f"/tasks/{school.task_ids['quiz']}/questions/{school.essay_id}/attempts"
    object.__setattr__(classroom.services.files, "_limit_bytes", 1_000_000)
    with patch.object(ClassroomSettings, "ears", lambda _: ears):
        async with classroom.as_person(school.people["learner"]) as learner:
            for name, data, said, left_out in (
                ("good", tone(2, 1), "A queue hands out what came first.", None),
                ("bad", b"RIFF\x04\x00\x00\x00WAVE", None, "The recording cannot be decoded"),
                ("long", tone(31, 1), None, "longer than"),
            ):
                seconds = 30 if name == "long" else 600
                with patch("shared.answers.reading.MOST_SOUND_SECONDS", seconds):
                    file_id = await upload(learner, data, "audio/wav")
                    sent = {"answer": {"file_id": file_id}, "id": name}
                    await ok(learner, "POST", path, json=sent)
                    await asyncio.gather(*hearing.heard_now.values())
                (part,) = (await ok(learner, "GET", f"{path}/{name}/file"))["parts"]
                assert (part["path"], part["size"], part["text"]) == ("recording", len(data), said)
                assert (left_out or "") in (part["left_out"] or ""), part
    assert len(ears.heard) == 1, "what was heard is kept, and what is too long is not heard"
    no_ears = NoEars("to hear it, install it")
    with patch.object(ClassroomSettings, "ears", side_effect=no_ears):
        async with classroom.as_person(school.people["learner"]) as learner:
            file_id = await upload(learner, tone(3, 1), "audio/wav")
            await ok(learner, "POST", path, json={"answer": {"file_id": file_id}, "id": "deaf"})
            (part,) = (await ok(learner, "GET", f"{path}/deaf/file"))["parts"]
    assert (part["text"], part["left_out"]) == (None, "to hear it, install it")
