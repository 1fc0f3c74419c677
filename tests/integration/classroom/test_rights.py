"""Every route by everybody who might try: nobody gets what is not for him, and what may not be seen is not there."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.classroom.app import _ROUTERS
from tests.integration.classroom.conftest import WAV, Classroom, School
from tests.support.course_fixture import build_course

# For each route those who get through; `self` is the learner, whose id stands in the paths.
ALLOWED: dict[str, str] = {
    "POST /auth/logout": "owner admin mentor learner other",
    "POST /organizations/": "owner admin mentor learner other",
    "GET /organizations/": "owner admin mentor learner other key",
    "GET /organizations/slug/{slug}": "owner admin mentor learner key",
    "GET /organizations/{org_id}": "owner admin mentor learner key",
    "PUT /organizations/{org_id}": "owner admin",
    "DELETE /organizations/{org_id}": "owner",
    "POST /organizations/{org_id}/members": "owner admin",
    "DELETE /organizations/{org_id}/members": "owner admin",
    "GET /organizations/{org_id}/members": "owner admin key",
    "POST /organizations/{org_id}/api_keys": "owner admin",
    "GET /organizations/{org_id}/api_keys": "owner admin",
    "DELETE /organizations/{org_id}/api_keys/{key_id}": "owner admin",
    "PUT /organizations/{org_id}/openai_api_key": "owner",
    "GET /organizations/{org_id}/openai_api_key": "owner",
    "DELETE /organizations/{org_id}/openai_api_key": "owner",
    "GET /organizations/{org_id}/model_spending": "owner admin",
    "GET /users/{user_id}": "owner admin mentor learner",
    "PUT /users/{user_id}": "learner",
    "DELETE /users/{user_id}": "learner",
    "GET /users/{user_id}/orgs": "owner admin mentor learner",
    "GET /users/{user_id}/cohorts": "owner admin mentor learner",
    "GET /users/{user_id}/org/{org_id}/cohorts": "owner admin mentor learner",
    "GET /users/{user_id}/cohort/{cohort_id}/present": "owner admin mentor learner",
    "GET /cohorts/": "owner admin mentor learner key",
    "POST /cohorts/": "owner admin",
    "GET /cohorts/{cohort_id}": "owner admin mentor learner key",
    "PUT /cohorts/{cohort_id}": "owner admin",
    "DELETE /cohorts/{cohort_id}": "owner admin",
    "POST /cohorts/{cohort_id}/members": "owner admin",
    "DELETE /cohorts/{cohort_id}/members": "owner admin",
    "GET /batches/": "owner admin mentor key",
    "POST /batches/": "owner admin",
    "GET /batches/user/{user_id}/cohort/{cohort_id}": "owner admin mentor learner",
    "GET /batches/{batch_id}": "owner admin mentor key",
    "PUT /batches/{batch_id}": "owner admin",
    "DELETE /batches/{batch_id}": "owner admin",
    "GET /users/{user_id}/courses": "owner admin mentor learner",
    "GET /cohorts/{cohort_id}/courses": "owner admin mentor learner key",
    "POST /cohorts/{cohort_id}/courses": "owner admin",
    "DELETE /cohorts/{cohort_id}/courses": "owner admin",
    "POST /courses/": "owner admin",
    "POST /courses/generated": "owner admin",
    "GET /courses/": "owner admin key",
    "GET /courses/{course_id}": "owner admin mentor learner key",
    "PUT /courses/{course_id}": "owner admin",
    "DELETE /courses/{course_id}": "owner admin",
    "POST /courses/{course_id}/restore": "owner admin",
    "POST /courses/{course_id}/duplicate": "owner admin",
    "POST /courses/{course_id}/milestones": "owner admin",
    "PUT /courses/milestones/order": "owner admin",
    "PUT /courses/tasks/order": "owner admin",
    "PUT /courses/{course_id}/milestones/swap": "owner admin",
    "PUT /courses/{course_id}/tasks/swap": "owner admin",
    "POST /courses/tasks": "owner admin",
    "DELETE /courses/tasks": "owner admin",
    "GET /courses/{course_id}/tasks": "owner admin mentor learner key",
    "GET /courses/{course_id}/cohorts": "owner admin",
    "POST /courses/{course_id}/cohorts": "owner admin",
    "DELETE /courses/{course_id}/cohorts": "owner admin",
    "GET /milestones/": "owner admin key",
    "GET /milestones/course/{course_id}": "owner admin mentor learner key",
    "PUT /milestones/{milestone_id}": "owner admin",
    "DELETE /milestones/{milestone_id}": "owner admin",
    "POST /tasks/": "owner admin",
    "POST /tasks/duplicate": "owner admin",
    "DELETE /tasks/": "owner admin",
    "GET /tasks/course/{course_id}/learning_material": "owner admin mentor learner key",
    "GET /tasks/{task_id}": "owner admin mentor learner key",
    "DELETE /tasks/{task_id}": "owner admin",
    "POST /tasks/{task_id}/restore": "owner admin",
    "POST /tasks/{task_id}/learning_material": "owner admin",
    "PUT /tasks/{task_id}/learning_material": "owner admin",
    "POST /tasks/{task_id}/quiz": "owner admin",
    "PUT /tasks/{task_id}/quiz": "owner admin",
    "POST /tasks/{task_id}/assignment": "owner admin",
    "PUT /tasks/{task_id}/assignment": "owner admin",
    "GET /scorecards/": "owner admin",
    "POST /scorecards/": "owner admin",
    "PUT /scorecards/{scorecard_id}": "owner admin",
    "POST /tasks/{task_id}/complete": "learner",
    "POST /tasks/{task_id}/start": "learner",
    "POST /tasks/{task_id}/questions/{question_id}/attempts": "learner",
    "GET /tasks/{task_id}/attempts": "owner admin mentor learner",
    "POST /tasks/{task_id}/questions/{question_id}/attempts/{attempt_id}/grade": "owner admin mentor",
    "GET /cohorts/{cohort_id}/completion": "owner admin mentor learner",
    "GET /cohorts/{cohort_id}/leaderboard": "owner admin mentor learner key",
    "GET /cohorts/{cohort_id}/streaks": "owner admin mentor learner key",
    "GET /cohorts/{cohort_id}/courses/{course_id}/metrics": "owner admin mentor key",
    "GET /users/{user_id}/streak": "owner admin mentor learner",
    "GET /users/{user_id}/active_days": "owner admin mentor learner",
    "GET /users/{user_id}/activity/{year}": "owner admin mentor learner",
    "GET /users/{user_id}/mastery": "owner admin mentor learner",
    "POST /chat/": "learner",
    "GET /tasks/{task_id}/questions/{question_id}/attempts/{attempt_id}/file": "owner admin mentor learner",
    "POST /ai/chat": "learner",
    "POST /ai/generate/course/{course_id}/structure": "owner admin",
    "POST /ai/generate/course/{course_id}/tasks": "owner admin",
    "GET /ai/generate/course/{course_id}": "owner admin",
    "GET /chat/": "owner admin key",
    "DELETE /chat/": "owner admin mentor learner other",
    "GET /chat_history": "owner admin key",
    "GET /chat/user/{user_id}/task/{task_id}": "owner admin mentor learner",
    "POST /code/": "learner",
    "POST /code/run": "owner admin mentor learner other",
    "GET /code/user/{user_id}/question/{question_id}": "owner admin mentor learner",
    "DELETE /code/user/{user_id}/question/{question_id}": "learner",
    "GET /course/{course_id}": "owner admin key",
    "PUT /file/presigned-url/create": "owner admin mentor learner other",
    "GET /file/presigned-url/get": "owner admin mentor learner",
    "POST /file/upload-local": "owner admin mentor learner other",
    "GET /file/download-local/": "owner admin mentor learner",
}
# What of a school stands in a path; a task is one of the type that its route is about.
HIDDEN = "POST /courses/{course_id}/restore"
OPEN = {"POST /auth/login", "GET /health", "GET /readyz", "GET /metrics"}
ABOUT_NOBODY = {
    "POST /auth/logout", "DELETE /chat/", "PUT /file/presigned-url/create", "POST /file/upload-local",
    "POST /organizations/", "GET /organizations/",
}  # fmt: skip
CALLERS = ("owner", "admin", "mentor", "learner", "other", "other key", "key", "expired", "deleted", "none")


def routes() -> Iterator[str]:
    app = FastAPI()
    for module in _ROUTERS:
        app.router.routes.extend(module.router.routes)
    for path, operations in app.openapi()["paths"].items():
        for method in operations:
            yield f"{method.upper()} {path}"


def body_of(route: str, school: School) -> Any:
    fellow, admin = school.people["fellow"], school.people["admin"]
    task, quiz = school.task_ids["material"], school.task_ids["quiz"]
    first, second = school.milestone_ids
    criteria = [{"name": "Stolen", "max_score": 1}]
    assignment = {"evaluation_criteria": {"max_score": 1, "pass_score": 1}}
    questions = [one.model_dump(mode="json") for one in (school.question(), school.essay())]
    if route == "POST /courses/generated":
        return {"course": build_course().model_dump(mode="json"), "org_id": school.org_id}
    return {
        "POST /tasks/{task_id}/questions/{question_id}/attempts": {"answer": {"text": "marker"}},
        "POST /tasks/{task_id}/questions/{question_id}/attempts/{attempt_id}/grade": {
            "user_id": school.people["learner"],
            "scores": [{"name": "Marker", "score": 5}],
        },
        "PUT /file/presigned-url/create": {"content_type": "audio/wav"},
        "POST /ai/generate/course/{course_id}/tasks": {"job_uuid": school.job_id},
        "POST /ai/generate/course/{course_id}/structure": {
            "course_description": "Stolen",
            "intended_audience": "Stolen",
            "reference_material_s3_key": school.paper_id,
        },
        "POST /ai/chat": {"task_id": school.task_ids["material"], "user_response": "Stolen"},
        "POST /chat/": {"task_id": quiz, "messages": [{"role": "user", "content": "Stolen"}]},
        "POST /code/run": {"language": "sql", "value": "select 1"},
        "POST /code/": {"question_id": school.essay_id, "code": [{"language": "python", "value": "Stolen"}]},
        "POST /cohorts/{cohort_id}/courses": {"course_ids": [school.course_id]},
        "DELETE /cohorts/{cohort_id}/courses": {"course_ids": [school.course_id]},
        "POST /courses/": {"name": "New", "org_id": school.org_id},
        "PUT /courses/{course_id}": {"name": "Stolen"},
        "POST /courses/{course_id}/milestones": {"name": "Stolen"},
        "PUT /courses/milestones/order": {"milestone_orders": [[second, 0], [first, 1]]},
        "PUT /courses/tasks/order": {"task_orders": [[quiz, 0]]},
        "PUT /courses/{course_id}/milestones/swap": {"milestone_1_id": first, "milestone_2_id": second},
        "PUT /courses/{course_id}/tasks/swap": {"task_1_id": task, "task_2_id": quiz},
        "POST /courses/tasks": {"course_tasks": [[task, school.course_id, second]]},
        "DELETE /courses/tasks": {"course_tasks": [[task, school.course_id]]},
        "POST /courses/{course_id}/cohorts": {"cohort_ids": [school.cohort_id]},
        "DELETE /courses/{course_id}/cohorts": {"cohort_ids": [school.cohort_id]},
        "PUT /milestones/{milestone_id}": {"name": "Stolen"},
        "POST /tasks/": {"course_id": school.course_id, "type": "quiz", "title": "Stolen"},
        "POST /tasks/duplicate": {"task_id": task, "course_id": school.course_id, "milestone_id": first},
        "POST /tasks/{task_id}/learning_material": {"title": "Stolen", "blocks": []},
        "PUT /tasks/{task_id}/learning_material": {"title": "Stolen", "blocks": []},
        "POST /tasks/{task_id}/quiz": {"title": "Stolen", "questions": []},
        "PUT /tasks/{task_id}/quiz": {"title": "Stolen", "questions": questions},
        "POST /tasks/{task_id}/assignment": {"title": "Stolen", "blocks": [], "assignment": assignment},
        "PUT /tasks/{task_id}/assignment": {"title": "Stolen", "blocks": [], "assignment": assignment},
        "POST /scorecards/": {"org_id": school.org_id, "title": "Stolen", "criteria": criteria},
        "PUT /scorecards/{scorecard_id}": {"title": "Stolen", "criteria": criteria},
        "POST /organizations/": {"name": "New", "slug": f"new-{school.slug}"},
        "PUT /organizations/{org_id}": {"name": "Stolen"},
        "POST /organizations/{org_id}/members": {"emails": ["new@marker.example"]},
        "DELETE /organizations/{org_id}/members": {"user_ids": [admin]},
        "POST /organizations/{org_id}/api_keys": {"name": "k", "scopes": ["members:read"]},
        "PUT /organizations/{org_id}/openai_api_key": {"encrypted_openai_api_key": "sk-marker-0000"},
        "POST /cohorts/": {"name": "New", "org_id": school.org_id},
        "PUT /cohorts/{cohort_id}": {"name": "Stolen"},
        "POST /cohorts/{cohort_id}/members": {"emails": ["new@marker.example"], "roles": ["learner"]},
        "DELETE /cohorts/{cohort_id}/members": {"member_ids": [fellow]},
        "POST /batches/": {"name": "New", "cohort_id": school.cohort_id, "user_ids": [fellow]},
        "PUT /batches/{batch_id}": {"name": "Stolen", "members_added": [fellow]},
    }.get(route)


async def send(
    classroom: Classroom,
    school: School,
    caller: str,
    route: str,
    elsewhere: School | None = None,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    """As a caller; the key of another school is that of `elsewhere`."""
    method, _, path = route.partition(" ")
    filled = path.format(
        org_id=school.org_id, cohort_id=school.cohort_id, batch_id=school.batch_id, key_id=school.key_id,
        user_id=school.people["learner"], slug=school.slug,
        course_id=school.hidden_course_id if route == HIDDEN else school.course_id,
        milestone_id=school.milestone_ids[0], scorecard_id=school.scorecard_id, question_id=school.essay_id,
        task_id=school.task_ids[_task_of(route)], attempt_id=school.attempt_id, year=2026,
    )  # fmt: skip
    query = {
        "GET /cohorts/": {"org_id": school.org_id},
        "GET /batches/": {"cohort_id": school.cohort_id},
        "PUT /users/{user_id}": {"first_name": "Stolen"},
        "GET /courses/": {"org_id": school.org_id},
        "GET /file/presigned-url/get": {"uuid": school.zip_id, "file_extension": "zip"},
        "GET /file/download-local/": {"uuid": school.zip_id, "file_extension": "zip"},
        "GET /chat/": {"org_id": school.org_id},
        "GET /chat_history": {"org_id": school.org_id},
        "GET /milestones/": {"org_id": school.org_id},
        "GET /scorecards/": {"org_id": school.org_id},
        "GET /cohorts/{cohort_id}/completion": {"user_id": school.people["learner"]},
        "GET /tasks/{task_id}/questions/{question_id}/attempts/{attempt_id}/file": {
            "user_id": school.people["learner"]
        },
        "GET /tasks/{task_id}/attempts": {"user_id": school.people["learner"]},
        "DELETE /tasks/": {"task_ids": school.task_ids["material"]},
    }.get(route)
    whose, caller = (elsewhere or school, "key") if caller == "other key" else (school, caller)
    async with client_of(classroom, whose, caller) as client:
        if route == "POST /file/upload-local":
            sent = {"file": ("marker.wav", WAV)}
            return await client.post(filled, files=sent, data={"content_type": "audio/wav"})
        return await client.request(method, filled, params=query, json=body_of(route, school), headers=headers)


def _task_of(route: str) -> str:
    if route == "POST /tasks/{task_id}/restore":
        return "deleted"
    if "attempts" in route or "/start" in route:
        return "exam" if "/start" in route else "quiz"
    return next((one for one in ("quiz", "assignment") if route.endswith(one)), "material")


def client_of(classroom: Classroom, school: School, caller: str) -> httpx.AsyncClient:
    match caller:
        case "none":
            return classroom.client()
        case "key":
            return classroom.client(api_key=school.api_key)
        case "deleted":
            return classroom.as_person("019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f")
        case "expired":
            sessions = classroom.services.sessions
            now, sessions._clock = sessions._clock, lambda: 1_000_000_000.0
            token = sessions.begin(school.people["owner"]).token
            sessions._clock = now
            return classroom.client(Authorization=f"Bearer {token}")
        case _:
            return classroom.as_person(school.people[caller])


def test_every_route_is_in_the_matrix() -> None:
    assert set(routes()) == ALLOWED.keys() | OPEN


@pytest.mark.timeout(400)  # some hundred requests, on machines that do other things too
async def test_each_route_lets_nobody_else_through(classroom: Classroom) -> None:
    """A test that only reads leaves the schools as they are, so two schools serve every case."""
    school, elsewhere = await classroom.school(), await classroom.school()
    before = await classroom.log.end()
    for route in sorted(ALLOWED):
        for caller in (one for one in CALLERS if one not in ALLOWED[route].split()):
            answer = await send(classroom, school, caller, route, elsewhere)
            said = (route, caller, answer.text)
            if route == "GET /organizations/" and caller == "other key":
                assert school.org_id not in answer.text
                continue
            assert answer.status_code in {401, 403, 404}, said
            if caller in {"expired", "deleted", "none"}:
                assert answer.status_code == 401, said
            if caller == "other" and route not in ABOUT_NOBODY:
                assert answer.status_code == 404, said
            assert "marker" not in answer.text.lower(), said
            assert await classroom.log.end() == before, said


async def test_each_route_that_reads_is_open_to_whom_it_is_for(classroom: Classroom) -> None:
    school = await classroom.school()
    before = await classroom.log.end()
    for route in sorted(one for one in ALLOWED if one.startswith("GET ")):
        for caller in ALLOWED[route].split():
            await _through(classroom, school, caller, route)
    assert await classroom.log.end() == before


@pytest.mark.parametrize("route", sorted(one for one in ALLOWED if not one.startswith("GET ")))
async def test_a_route_that_writes_is_open_to_whom_it_is_for(classroom: Classroom, route: str) -> None:
    """Each on a school that nobody has changed."""
    for caller in ALLOWED[route].split():
        await _through(classroom, await classroom.school(), caller, route)


async def _through(classroom: Classroom, school: School, caller: str, route: str) -> None:
    answer = await send(classroom, school, caller, route)
    assert answer.status_code == 200, (route, caller, answer.text)
    if caller == "other":
        assert "Marker" not in answer.text


async def test_a_learner_sees_mentors_and_itself_and_no_fellow(classroom: Classroom) -> None:
    school = await classroom.school()
    for who, seen in (("learner", {"mentor", "learner"}), ("mentor", {"mentor", "learner", "fellow"})):
        async with classroom.as_person(school.people[who]) as client:
            members = (await client.get(f"/cohorts/{school.cohort_id}")).json()["members"]
            assert {one["id"] for one in members} == {school.people[one] for one in seen}
            fellow = await client.get(f"/users/{school.people['fellow']}")
            assert fellow.status_code == (200 if who == "mentor" else 404)


async def test_of_a_person_nobody_sees_the_places_that_are_not_his_own(classroom: Classroom) -> None:
    """A person in two schools: each school sees its own part."""
    one, two = await classroom.school(), await classroom.school()
    both = two.people["learner"]
    async with classroom.as_person(one.people["owner"]) as client:
        added = {"emails": [two.email("learner")], "roles": ["learner"]}
        assert (await client.post(f"/cohorts/{one.cohort_id}/members", json=added)).status_code == 200
        found = (await client.get(f"/users/{both}/cohorts")).json()
        assert [place["id"] for place in found] == [one.cohort_id]
        there = await client.get(f"/users/{both}/cohort/{two.cohort_id}/present")
        assert there.status_code == 404
    async with classroom.as_person(both) as client:
        found = (await client.get(f"/users/{both}/cohorts")).json()
        assert {place["id"] for place in found} == {one.cohort_id, two.cohort_id}


@pytest.mark.parametrize(
    ("scope", "open_to", "closed"),
    [("members:read", "/organizations/{}/members", "/cohorts/?org_id={}"),
     ("cohorts:read", "/cohorts/?org_id={}", "/organizations/{}/members")],
)  # fmt: skip
async def test_a_key_reads_what_its_scope_says_until_it_is_revoked(
    classroom: Classroom, scope: str, open_to: str, closed: str
) -> None:
    school = await classroom.school()
    keys = f"/organizations/{school.org_id}/api_keys"
    async with classroom.as_person(school.people["admin"]) as client:
        made = (await client.post(keys, json={"name": "reports", "scopes": [scope]})).json()
        assert made["api_key"].startswith(f"org__{school.org_id}__")
        listed = await client.get(keys)
        assert made["api_key"] not in listed.text
        async with classroom.client(api_key=made["api_key"]) as program:
            assert (await program.get(open_to.format(school.org_id))).status_code == 200
            assert (await program.get(closed.format(school.org_id))).status_code == 403
            assert (await client.delete(f"{keys}/{made['id']}")).status_code == 200
            assert (await program.get(open_to.format(school.org_id))).status_code == 401
    assert made["api_key"] not in str(classroom.log.stored())
