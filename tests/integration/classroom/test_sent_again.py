"""A POST whose answer was lost is sent again under its Idempotency-Key: it happens once."""

from typing import Any

import pytest

from services.classroom.app import _ROUTERS
from tests.integration.classroom.conftest import Classroom
from tests.integration.classroom.test_rights import ALLOWED, send

# A session, a secret that is shown once, and bytes that nobody looked at yet.
NEVER_THE_SAME = {"POST /auth/logout", "POST /organizations/{org_id}/api_keys", "POST /file/upload-local"}
POSTS = sorted({one for one in ALLOWED if one.startswith("POST ")} - NEVER_THE_SAME)
# What the answer says has been done by then; a program, which changes nothing, takes another time.
NEVER_SAYS_THE_SAME = {"POST /courses/generated", "POST /code/run"}


@pytest.mark.parametrize("route", POSTS)
async def test_it_happens_once(classroom: Classroom, route: str) -> None:
    school, caller = await classroom.school(), ALLOWED[route].split()[0]
    key = {"Idempotency-Key": "once"}
    first = await send(classroom, school, caller, route, headers=key)
    assert first.status_code == 200, first.text
    end = await classroom.log.end()
    again = await send(classroom, school, caller, route, headers=key)
    assert (again.status_code, await classroom.log.end()) == (200, end), again.text
    if route not in NEVER_SAYS_THE_SAME:
        assert again.json() == first.json()
    elsewhere = await classroom.school()
    other = await send(classroom, elsewhere, caller, route, headers=key)
    assert other.status_code == 200, "the key of another person"


async def test_what_was_half_done_is_finished(classroom: Classroom) -> None:
    """Two people are new, and the process ends before they are members."""
    school = await classroom.school()
    sent = {"emails": ["b@new.example", "a@new.example"], "roles": ["learner"] * 2}
    async with classroom.as_person(school.people["owner"]) as owner:
        owner.headers["Idempotency-Key"] = "half"
        commands = classroom.services.commands
        kept = commands.carry_out
        commands.carry_out = _die  # type: ignore[method-assign, assignment]
        path = f"/cohorts/{school.cohort_id}/members"
        assert (await owner.post(path, json=sent)).status_code == 500
        commands.carry_out = kept  # type: ignore[method-assign]
        for _ in range(2):
            assert (await owner.post(path, json=sent)).status_code == 200
        members = (await owner.get(f"/cohorts/{school.cohort_id}")).json()["members"]
        assert sorted(one["email"] for one in members if "new" in one["email"]) == sorted(sent["emails"])
        other = await owner.post(path, json={"emails": ["c@new.example"], "roles": ["learner"]})
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        for wrong in ("", "a b", "x" * 256):
            refused = await owner.post(path, json=sent, headers={"Idempotency-Key": wrong})
            assert refused.status_code == 422, wrong


async def test_a_body_that_is_not_json_is_refused_under_a_key_too(classroom: Classroom) -> None:
    school = await classroom.school()
    async with classroom.as_person(school.people["learner"]) as learner:
        for body in (b"{bad", b"\xff"):
            path = f"/tasks/{school.task_ids['quiz']}/start"
            refused = await learner.post(path, content=body, headers={"Idempotency-Key": "once"})
            assert (refused.status_code, refused.json()["code"]) == (422, "invalid_json")


async def _die(*_: Any) -> None:
    raise RuntimeError("the process ends here")


def test_each_post_takes_a_key_but_those_that_never_answer_the_same() -> None:
    taking = set()
    for module in _ROUTERS:
        for route in module.router.routes:
            if "POST" in route.methods and "idempotency_key" in {
                one.name for needed in route.dependant.dependencies for one in needed.header_params
            }:
                taking.add(f"POST {route.path}")
    assert taking == set(POSTS)
