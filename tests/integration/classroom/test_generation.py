"""A course of a school is generated from a brief and a PDF: by a gateway that answers as the real one does, and
breaks off where it is told to.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.classroom.files import Files, KeptFile
from services.classroom.generation_spending import GenerationSpending
from services.classroom.making import Making
from shared.classroom.model_budget import Asking, BudgetSettings, BudgetSpent, spending
from shared.kernel.errors import PermanentError
from tests.integration.classroom.conftest import Classroom, School, running_classroom
from tests.integration.classroom.test_a_school import ok
from tests.support.course_fixture import build_course

KNOWN = json.loads((Path(__file__).parents[3] / "shared/schemas/openapi.json").read_text(encoding="utf-8"))["paths"]
BRIEF = {"course_description": "Tides", "intended_audience": "beginners", "instructions": "at most two hours"}
COURSE = "gateway-course"
STAGES = {"analyze-documents": "stage2", "generate-pathways": "stage3", "generate-course": "stage4"}


@dataclass
class Gateway:
    """The routes of the gateway that the classroom calls. A run ends when its status is asked for. After `cut` calls
    one is carried out and its answer lost.
    """

    course: dict[str, Any] = field(default_factory=lambda: build_course().model_dump(mode="json"))
    broken: dict[str, str] = field(default_factory=dict)
    document: dict[str, Any] | None = None
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    answers: dict[str, httpx.Response] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    cut: int = -1
    refusing: httpx.Response | None = None
    no_json: str = ""
    stage_usd: float = 0.0
    day: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y-%m-%d}")

    def client(self, token: str) -> httpx.AsyncClient:
        self.tokens.add(token)
        return httpx.AsyncClient(base_url="http://gateway.invalid", transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        shapes = (re.sub(r"\{[^}]*\}", "[^/]+", one) for one, ways in KNOWN.items() if request.method.lower() in ways)
        assert any(re.fullmatch(one, request.url.path) for one in shapes), f"the gateway has no {request.url.path}"
        key = request.headers.get("Idempotency-Key")
        answer = self.refusing or self.answers.get(key or "") or self._carry_out(request)
        if key is not None and answer.is_success:
            self.answers[key] = answer
        self.cut -= 1
        if self.cut == -1:
            raise httpx.ReadError("cut")
        return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)

    def _carry_out(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[-1]
        if request.method == "GET":
            return self._show(request.url.path.split("/")[-2], name)
        self.done[name or "projects"] += 1
        match name:
            case "":
                return httpx.Response(201, json={"course_id": COURSE})
            case "upload":
                assert b"%PDF-1.7 paper" in request.content
                self.document = {"status": "uploaded", "error_code": None, "error_message": None}
                self._start("stage5")
                return httpx.Response(201, json={})
            case "stage3-selections":
                return httpx.Response(200, json={})
            case "retry":
                self._start(request.url.path.split("/")[-2])
                return httpx.Response(202, json={})
            case _:
                self.asked.append(json.loads(request.content))
                self._start(STAGES[name])
                return httpx.Response(202, json={})

    def _start(self, stage: str) -> None:
        self.tasks[stage] = {
            "task_id": f"{stage}-{self.done.total()}",
            "status": "STARTED",
            "error_message": None,
            "error_code": None,
        }

    def _show(self, before: str, name: str) -> httpx.Response:
        if name == self.no_json:
            return httpx.Response(200, text="<html>")
        match name:
            case _ if name == COURSE:
                used = self.stage_usd * len(self.asked)
                return httpx.Response(200, json={"spent": {self.day: {"usd": used, "tokens": 100}} if used else {}})
            case "documents":
                return httpx.Response(200, json=[self.document] if self.document else [])
            case "pathways":
                ways = [
                    {"id": "p1", "modules": self.course["modules"]},
                    {"id": "p2", "modules": self.course["modules"]},
                ]
                return httpx.Response(200, json={"pathways": ways})
            case "json":
                return httpx.Response(200, json=self.course)
            case "status":
                task = self.tasks.get(before, {"task_id": None, "status": "PENDING"})
                task |= self._ended(before, task)
                return httpx.Response(200, json=task)
        raise AssertionError(name)

    def _ended(self, stage: str, task: dict[str, Any]) -> dict[str, Any]:
        if task["task_id"] is None or task["status"] != "STARTED":
            return {}
        if stage == "stage5" and self.document:
            self.document["status"] = "ready"
        failure = self.broken.pop(stage, None)
        return (
            {"status": "FAILURE", "error_message": failure, "error_code": "broken"}
            if failure
            else {"status": "SUCCESS"}
        )


@dataclass
class Room:
    """An admin of a school with a course without anything in it."""

    classroom: Classroom
    gateway: Gateway
    school: School
    admin: httpx.AsyncClient
    course_id: str

    @property
    def making(self) -> Making:
        assert self.classroom.services.making is not None
        return self.classroom.services.making

    async def structure(self, **changed: Any) -> dict[str, Any]:
        sent = {**BRIEF, "reference_material_s3_key": f"people/x/{self.school.paper_id}", **changed}
        made: dict[str, Any] = await ok(
            self.admin, "POST", f"/ai/generate/course/{self.course_id}/structure", json=sent
        )
        return made

    async def tasks(self, job_id: str) -> None:
        await ok(self.admin, "POST", f"/ai/generate/course/{self.course_id}/tasks", json={"job_uuid": job_id})

    async def end(self) -> dict[str, Any]:
        for _ in range(30):
            found: dict[str, Any] = await ok(self.admin, "GET", f"/ai/generate/course/{self.course_id}")
            if found["status"] != "started":
                return found
            await self.making.look()
        raise AssertionError(f"it does not end: {found}")

    async def placed(self) -> list[dict[str, Any]]:
        tree = await ok(self.admin, "GET", f"/courses/{self.course_id}?only_published=false")
        return [{**task, "milestone": one["name"]} for one in tree["milestones"] for task in one["tasks"]]


@pytest.fixture
async def room(engine: AsyncEngine) -> Any:
    async with running_classroom(engine) as classroom:
        yield await room_of(classroom)


async def room_of(classroom: Classroom) -> Room:
    school, gateway = await classroom.school(), Gateway()
    assert classroom.services.making is not None
    object.__setattr__(classroom.services.making, "gateway", gateway.client)
    admin = classroom.as_person(school.people["admin"])
    made = await ok(admin, "POST", "/courses/", json={"name": "Tides", "org_id": school.org_id})
    return Room(classroom, gateway, school, admin, made["id"])


async def test_a_structure_and_then_its_tasks_are_drafts_until_somebody_publishes_them(room: Room) -> None:
    job = await room.structure()
    assert (job["status"], job["part"]) == ("started", "structure")
    assert (await room.structure())["job_uuid"] == job["job_uuid"], "the same again is the same job"
    other = {**BRIEF, "course_description": "Waves", "reference_material_s3_key": room.school.paper_id}
    refused = await room.admin.post(f"/ai/generate/course/{room.course_id}/structure", json=other)
    assert (refused.status_code, refused.json()["code"]) == (409, "generation_running")
    early = await room.admin.post(f"/ai/generate/course/{room.course_id}/tasks", json={"job_uuid": job["job_uuid"]})
    assert (early.status_code, early.json()["code"]) == (409, "no_structure")

    assert (await room.end())["status"] == "pending"
    assert (
        room.gateway.asked
        == [{"additional_info": "Tides.\nFor beginners.\nat most two hours.", "engine": "offline"}] * 2
    ), "the brief goes where the pipeline takes wishes"
    structure = await room.placed()
    assert [(one["type"], one["status"], one["num_questions"]) for one in structure] == [
        ("learning_material", "draft", 0), ("quiz", "draft", 0),
    ] * 3  # fmt: skip
    mine = {"title": "My own", "blocks": [], "status": "draft"}
    await ok(room.admin, "PUT", f"/tasks/{structure[0]['id']}/learning_material", json=mine)

    await room.tasks(job["job_uuid"])
    assert all(one["is_generating"] for one in await room.placed())
    assert (await room.end())["status"] == "completed"
    placed = await room.placed()
    assert {one["id"] for one in placed} <= {one["id"] for one in structure}
    assert {one["status"] for one in placed} == {"draft"}
    assert sum(one["num_questions"] for one in placed) == sum(
        len(one["assessment"]) for one in room.gateway.course["modules"]
    )
    assert placed[0]["title"] == "My own", "what somebody wrote stays"
    assert await ok(room.admin, "GET", f"/courses/{room.course_id}") | {"milestones": []} == {
        "id": room.course_id, "name": "Tides", "org_id": room.school.org_id, "milestones": [],
        "course_generation_status": "completed", "edition": room.gateway.course["edition"],
    }  # fmt: skip
    await room.tasks(job["job_uuid"])
    assert (await room.end())["status"] == "completed", "asked again it stays"
    whose = {room.classroom.services.sessions.person_of(one)[0] for one in room.gateway.tokens}
    assert whose == {room.school.people["admin"]}, "the gateway is asked as the person who asked"
    (again,) = {(await room.admin.post(f"/ai/generate/course/{room.course_id}/structure", json=other)).status_code}
    assert again == 409


async def test_wherever_a_job_is_cut_nothing_is_there_twice(room: Room) -> None:
    """An answer of the gateway is lost: the call was carried out. Then the job goes on."""
    whole, cuts = None, 0
    while True:
        gateway = room.gateway = Gateway(cut=cuts)
        object.__setattr__(room.making, "gateway", gateway.client)
        made = await ok(room.admin, "POST", "/courses/", json={"name": "Tides", "org_id": room.school.org_id})
        room.course_id = made["id"]
        job = await room.structure()
        assert (await room.end())["status"] == "pending", cuts
        await room.tasks(job["job_uuid"])
        assert (await room.end())["status"] == "completed", cuts
        found = [(one["milestone"], one["title"], one["num_questions"]) for one in await room.placed()]
        whole = whole or found
        assert found == whole, cuts
        assert {**gateway.done, "upload": 1, "stage3-selections": 1} == {
            "projects": 1, "upload": 1, "analyze-documents": 1, "generate-pathways": 1, "stage3-selections": 1,
            "generate-course": 1,
        }, cuts  # fmt: skip
        assert gateway.done["upload"] <= 1
        if gateway.cut >= 0:
            break
        cuts += 3
    assert cuts > 20


async def spent(room: Room) -> list[tuple[float, str]]:
    found = await ok(room.admin, "GET", f"/organizations/{room.school.org_id}/model_spending")
    return [(round(one["cost_usd"], 6), one["conversation_id"]) for one in found]


def by_a_model(room: Room, budget: float) -> None:
    making = room.making
    budgets = BudgetSettings(model_budget_usd=budget)
    object.__setattr__(making, "engine_name", "anthropic")
    object.__setattr__(making, "spending", GenerationSpending(making.engine, budgets, 1.0))


async def test_the_school_pays_and_a_stage_that_its_budget_does_not_hold_is_not_begun(room: Room) -> None:
    by_a_model(room, 1.9)
    room.gateway.stage_usd = 0.6
    job = await room.structure()
    assert (await room.end())["status"] == "pending"
    assert await spent(room) == [(1.2, room.course_id)], "what was held went, and the cost of both stages came"
    await room.tasks(job["job_uuid"])
    failed = await room.end()
    assert (failed["status"], failed["code"]) == ("failed", "budget_spent")
    assert "month (1.9 USD)" in failed["message"]
    assert "begins anew on" in failed["message"]
    assert (room.gateway.done["generate-course"], await spent(room)) == (0, [(1.2, room.course_id)])
    tutor = Asking(room.school.org_id, "p/m1", "c", 0.8)
    with pytest.raises(BudgetSpent):
        async with spending(room.making.engine, None, room.making.spending.budgets, tutor):
            pass
    by_a_model(room, 3.0)
    await room.tasks(job["job_uuid"])
    assert (await room.end())["status"] == "completed"
    assert await spent(room) == [(1.8, room.course_id)]


@pytest.mark.parametrize("point", ["hold", "count"])
async def test_a_classroom_that_dies_around_what_it_holds_or_counts_does_so_once(room: Room, point: str) -> None:
    by_a_model(room, 2.3)
    room.gateway.stage_usd = 0.6
    die = RuntimeError("killed")
    whole = getattr(GenerationSpending, point)

    async def dying(*sent: Any) -> None:
        with patch.object(GenerationSpending, point, whole):  # the next look goes on
            await whole(*sent)
        patched.stop()
        raise die

    patched = patch.object(GenerationSpending, point, dying)
    patched.start()
    job = await room.structure()
    assert (await room.end())["status"] == "pending"
    await room.tasks(job["job_uuid"])
    assert (await room.end())["status"] == "completed"
    assert await spent(room) == [(1.8, room.course_id)]


async def test_a_failed_job_says_why_and_goes_on_when_it_is_asked_again(room: Room) -> None:
    room.gateway.broken = {"stage2": "The analyser broke", "stage4": "The writer broke"}
    job = await room.structure()
    failed = await room.end()
    assert (failed["status"], failed["code"], failed["message"]) == ("failed", "broken", "The analyser broke")
    tree = await ok(room.admin, "GET", f"/courses/{room.course_id}")
    assert (tree["course_generation_status"], await room.placed()) == ("failed", [])
    again = await room.structure()
    assert (again["job_uuid"], again["attempt"]) == (job["job_uuid"], 2)
    assert (await room.end())["status"] == "pending"
    await room.tasks(job["job_uuid"])
    failed = await room.end()
    assert (failed["part"], failed["status"], failed["message"]) == ("tasks", "failed", "The writer broke")
    await room.tasks(job["job_uuid"])
    assert (await room.end())["status"] == "completed"
    assert (room.gateway.done["retry"], room.gateway.done["analyze-documents"]) == (2, 1)


async def test_what_cannot_be_generated_is_refused_with_what_is_needed(engine: AsyncEngine, room: Room) -> None:
    path = f"/ai/generate/course/{room.course_id}/structure"
    owner = room.classroom.as_person(room.school.people["owner"])
    paper = {"reference_material_s3_key": room.school.paper_id}
    for sent, status, code in (
        (BRIEF, 422, "reference_needed"),
        ({**BRIEF, "reference_material_s3_key": "nothing"}, 404, "not_found"),
        ({**BRIEF, "reference_material_s3_key": room.school.file_id}, 404, "not_found"),
        ({**BRIEF, **paper, "instructions": "x" * 1000}, 422, "too_long"),
        ({**BRIEF, **paper, "instructions": "\x00"}, 422, "invalid_request"),
    ):
        refused = await owner.post(path, json=sent)
        assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    assert (await owner.get(f"/ai/generate/course/{room.course_id}")).status_code == 404
    object.__setattr__(room.classroom.services, "making", None)
    refused = await owner.post(path, json={**BRIEF, **paper})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_pipeline")


async def test_a_gateway_that_refuses_or_an_unknown_course_ends_the_job(room: Room) -> None:
    refusal = {"code": "budget_exceeded", "detail": "The budget of the day is used"}
    room.gateway.refusing = httpx.Response(429, json=refusal, headers={"Retry-After": "60"})
    await room.structure()
    failed = await room.end()
    assert (failed["status"], failed["code"], failed["message"]) == ("failed", *refusal.values())
    room.gateway.refusing = httpx.Response(503, json={})
    await room.structure()
    for _ in range(3):
        await room.making.look()
    found = await ok(room.admin, "GET", f"/ai/generate/course/{room.course_id}")
    assert found["status"] == "started", "a gateway that is away is waited for"
    await ok(room.admin, "DELETE", f"/courses/{room.course_id}")
    await room.making.look()
    await ok(room.admin, "POST", f"/courses/{room.course_id}/restore")
    assert (await room.end())["code"] == "course_deleted"
    await room.structure()
    room.gateway = Gateway()
    object.__setattr__(room.making, "gateway", room.gateway.client)
    assert room.making.files is not None
    await room.making.files._backend.delete(KeptFile(room.school.people["owner"], room.school.paper_id, "").key)
    assert (await room.end())["code"] == "file_gone"


async def test_a_job_that_breaks_fails_in_the_end_and_keeps_no_other_one_from_its_turn(room: Room) -> None:
    room.gateway.no_json = "documents"
    await room.structure()
    await room.making.look()
    broken = room.course_id
    made = await ok(room.admin, "POST", "/courses/", json={"name": "Waves", "org_id": room.school.org_id})
    room.course_id = made["id"]
    await room.structure()
    await room.making.look()
    assert room.gateway.done["projects"] == 2, "the second one has begun"
    for course_id in (broken, made["id"]):
        room.course_id = course_id
        failed = await room.end()
        assert (failed["status"], failed["code"]) == ("failed", "internal")
    room.gateway.no_json = ""
    await room.structure()
    assert (await room.end())["status"] == "pending", "asked again, it has all its tries"
    assert not room.making.broken


async def test_only_what_may_pass_is_waited_for(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    async def whole(_: Any, file: KeptFile) -> bytes:
        raise PermanentError("The store refuses to read it", code="not_permitted")

    monkeypatch.setattr(Files, "whole", whole)
    await room.structure()
    failed = await room.end()
    assert (failed["code"], failed["message"]) == ("not_permitted", "The store refuses to read it")


@pytest.mark.parametrize("said", [[], ["a list"], "a word", None])
async def test_a_refusal_of_any_shape_ends_the_job(room: Room, said: Any) -> None:
    room.gateway.refusing = httpx.Response(400, json=said)
    await room.structure()
    assert (await room.end())["code"] == "http_400"
