"""A school from its founding to its end over the routes, and its tables built again."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.gateway.erase.eraser import ERASURES
from shared.classroom.model_keys import ModelAccess, open_model_access, org_model_keys
from shared.classroom.orgs import ORG_SIDE
from shared.classroom.people import persons
from shared.events.classroom import PersonDeleted
from shared.kernel.errors import PermanentError
from tests.integration.classroom.conftest import MODEL_KEYS, Classroom
from tests.integration.classroom.test_signing_in import body


async def ok(client: httpx.AsyncClient, method: str, path: str, json: Any = None) -> Any:
    answer = await client.request(method, path, json=json)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def sign_in(classroom: Classroom, name: str) -> tuple[str, httpx.AsyncClient]:
    client = classroom.client()
    token = body(f"{name}@school.example", name) | {"given_name": name.capitalize()}
    found = await ok(client, "POST", "/auth/login", token)
    client.headers["Authorization"] = f"Bearer {found['token']}"
    return found["id"], client


async def run_a_school(classroom: Classroom) -> dict[str, str]:
    """A school with everything that can happen in it."""
    ann, owner = await sign_in(classroom, "ann")
    org = (await ok(owner, "POST", "/organizations/", {"name": "School", "slug": "school", "user_id": ann}))["id"]
    await ok(owner, "PUT", f"/organizations/{org}", {"name": "The School"})
    await ok(owner, "POST", f"/organizations/{org}/members", {"emails": ["bob@school.example", "eve@school.example"]})
    bob, admin = await sign_in(classroom, "bob")
    members = await ok(admin, "GET", f"/organizations/{org}/members")
    assert [(one["email"].partition("@")[0], one["role"]) for one in members] == [
        ("ann", "owner"), ("bob", "admin"), ("eve", "admin"),
    ]  # fmt: skip
    await ok(owner, "DELETE", f"/organizations/{org}/members", {"user_ids": [members[2]["id"]]})
    old, cohort = [
        (await ok(admin, "POST", "/cohorts/", {"name": name, "org_id": org}))["id"] for name in ("Spring", "Autumn")
    ]
    assert [one["id"] for one in await ok(admin, "GET", f"/cohorts/?org_id={org}")] == [cohort, old], "newest first"
    await ok(admin, "DELETE", f"/cohorts/{old}")
    people = {
        "emails": [f"{one}@school.example" for one in ("mo", "lea", "leo")],
        "roles": ["mentor", *["learner"] * 2],
    }
    await ok(admin, "POST", f"/cohorts/{cohort}/members", people | {"org_slug": "school"})
    lea, learner = await sign_in(classroom, "lea")
    leo, other = await sign_in(classroom, "leo")
    made = {"name": "Mornings", "cohort_id": cohort, "user_ids": [lea]}
    batch, gone = [(await ok(admin, "POST", "/batches/", made))["id"] for _ in range(2)]
    await ok(admin, "DELETE", f"/batches/{gone}")
    changed = {"name": "Evenings", "members_added": [leo], "members_removed": [lea]}
    found = await ok(admin, "PUT", f"/batches/{batch}", changed)
    assert (found["name"], [one["id"] for one in found["members"]]) == ("Evenings", [leo])
    narrowed = await ok(admin, "GET", f"/cohorts/{cohort}?batch_id={batch}")
    assert [one["id"] for one in narrowed["members"]] == [leo]
    assert await ok(other, "GET", f"/batches/user/{leo}/cohort/{cohort}") == [
        {"batch_id": batch, "name": "Evenings", "role": "learner"}
    ]
    await ok(learner, "PUT", f"/users/{lea}?first_name=Lea&last_name=Marker")
    key = await ok(owner, "POST", f"/organizations/{org}/api_keys", {"name": "k", "scopes": ["members:read"]})
    await ok(owner, "DELETE", f"/organizations/{org}/api_keys/{key['id']}")
    await ok(owner, "POST", f"/organizations/{org}/api_keys", {"name": "k", "scopes": ["cohorts:read"]})
    for client in (owner, admin, learner, other):
        await client.aclose()
    return {"org": org, "cohort": cohort, "lea": lea, "leo": leo, "bob": bob}


async def test_what_a_school_sees(classroom: Classroom) -> None:
    ids = await run_a_school(classroom)
    _, lea = await sign_in(classroom, "lea")
    assert await ok(lea, "GET", f"/users/{ids['lea']}/org/{ids['org']}/cohorts") != []
    (mine,) = await ok(lea, "GET", f"/users/{ids['lea']}/cohorts")
    assert (mine["org_name"], mine["role"]) == ("The School", "learner")
    assert await ok(lea, "GET", f"/users/{ids['lea']}/cohort/{ids['cohort']}/present") is True
    _, bob = await sign_in(classroom, "bob")
    assert await ok(bob, "GET", f"/users/{ids['bob']}/cohort/{ids['cohort']}/present") is True, "an admin is present"
    assert await ok(bob, "GET", f"/users/{ids['bob']}/cohort/nowhere/present") is False
    eli, out = await sign_in(classroom, "eli")
    assert await ok(out, "GET", f"/users/{eli}/cohort/{ids['cohort']}/present") is False, "as of one that is nowhere"
    assert [one["role"] for one in await ok(bob, "GET", f"/users/{ids['bob']}/org/{ids['org']}/cohorts")] == ["admin"]
    slug = await ok(bob, "GET", "/organizations/slug/school")
    assert slug == await ok(bob, "GET", f"/organizations/{ids['org']}")
    for nowhere in (
        "/organizations/slug/nowhere", "/organizations/nowhere", "/cohorts/nowhere", "/batches/nowhere",
        "/users/nowhere", f"/users/{ids['lea']}/cohort/nowhere/present", "/cohorts/?org_id=nowhere",
        "/organizations/nowhere/members",
    ):  # fmt: skip
        answer = await bob.get(nowhere)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), nowhere


# A path, what is sent, and the status and the code of the answer.
REFUSED: tuple[tuple[str, dict[str, Any], int, str], ...] = (
    ("/organizations/", {"name": "Again", "slug": "school"}, 400, "slug_taken"),
    ("/organizations/", {"name": "x", "slug": "No Slug"}, 422, "invalid_request"),
    ("/organizations/", {"name": " ", "slug": "x"}, 422, "invalid_request"),
    ("/organizations/", {"name": "x", "slug": "x", "user_id": "somebody"}, 403, "not_yourself"),
    ("/organizations/{org}/members", {"emails": ["new@y.example", "bob@school.example"]}, 400, "already_members"),
    ("/organizations/{org}/members", {"emails": ["no address"]}, 422, "invalid_request"),
    ("/cohorts/{cohort}/members", {"emails": ["x@y.example", "bob@school.example"], "roles": ["learner"] * 2}, 400,
     "admin_in_cohort"),
    ("/cohorts/{cohort}/members", {"emails": ["lea@school.example"], "roles": ["learner"]}, 400, "already_members"),
    ("/cohorts/{cohort}/members", {"emails": ["x@y.example"], "roles": []}, 422, "invalid_request"),
    ("/cohorts/{cohort}/members", {"emails": ["x@y.example"], "roles": ["learner"] * 2}, 422, "invalid_request"),
    ("/cohorts/{cohort}/members", {"emails": ["x@y.test"] * 2, "roles": ["learner"] * 2}, 422, "invalid_request"),
    ("/cohorts/{cohort}/members", {"emails": ["x@y.example"], "roles": ["learner"], "org_slug": "else"}, 400,
     "other_organization"),
    ("/batches/", {"name": "B", "cohort_id": "{cohort}", "user_ids": ["somebody"]}, 400, "not_members"),
    ("/batches/", {"name": "B", "cohort_id": "nowhere"}, 404, "not_found"),
    ("/organizations/?more=1", {"name": "x", "slug": "x"}, 422, "invalid_request"),
)  # fmt: skip


async def test_what_is_refused(classroom: Classroom) -> None:
    """By one school, in which no refusal makes way for the next."""
    ids = await run_a_school(classroom)
    _, bob = await sign_in(classroom, "bob")
    for path, sent, status, code in REFUSED:
        filled = {name: value.format(**ids) if isinstance(value, str) else value for name, value in sent.items()}
        answer = await bob.post(path.format(**ids), json=filled)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (path, sent, answer.text)


async def test_a_slug_and_an_address_belong_to_one_whoever_is_first(classroom: Classroom) -> None:
    import asyncio

    (_, ann), (_, bob) = await sign_in(classroom, "ann"), await sign_in(classroom, "bob")
    founded = await asyncio.gather(
        *(one.post("/organizations/", json={"name": "S", "slug": "same"}) for one in (ann, bob, ann, bob))
    )
    assert sorted(one.status_code for one in founded) == [200, 400, 400, 400]
    orgs = [
        (await ok(one, "POST", "/organizations/", {"name": "S", "slug": slug}))["id"]
        for one, slug in ((ann, "a"), (bob, "b"))
    ]
    new = {"emails": [f"new{number}@school.example" for number in range(20)]}
    added = await asyncio.gather(
        *(one.post(f"/organizations/{org}/members", json=new) for one, org in zip((ann, bob), orgs, strict=True))
    )
    assert {one.status_code for one in added} == {200}
    seen = [{one["id"] for one in await ok(client, "GET", f"/organizations/{org}/members")}
            for client, org in zip((ann, bob), orgs, strict=True)]  # fmt: skip
    assert len(seen[0] & seen[1]) == 20


async def test_who_is_deleted_is_nowhere_any_more(classroom: Classroom) -> None:
    ids = await run_a_school(classroom)
    _, lea = await sign_in(classroom, "lea")
    await ok(lea, "DELETE", f"/users/{ids['lea']}")
    assert (await lea.get("/organizations/")).status_code == 401, "the session is over"
    _, bob = await sign_in(classroom, "bob")
    assert (await bob.get(f"/users/{ids['lea']}")).status_code == 404
    members = (await ok(bob, "GET", f"/cohorts/{ids['cohort']}"))["members"]
    assert ids["lea"] not in {one["id"] for one in members}
    ann_id, ann = await sign_in(classroom, "ann")
    last = await ann.delete(f"/users/{ann_id}")
    assert (last.status_code, last.json()["code"]) == (409, "last_owner")
    await ok(ann, "DELETE", f"/organizations/{ids['org']}")
    await ok(ann, "DELETE", f"/users/{ann_id}")
    assert (await bob.get(f"/cohorts/{ids['cohort']}")).status_code == 404
    again, _ = await sign_in(classroom, "lea")
    assert again != ids["lea"], "who comes again is somebody new"


async def test_a_deletion_of_oneself_that_is_sent_again_finds_the_session_over(classroom: Classroom) -> None:
    ids = await run_a_school(classroom)
    _, lea = await sign_in(classroom, "lea")
    sent = await asyncio.gather(*(lea.delete(f"/users/{ids['lea']}") for _ in range(4)))
    assert sorted(one.status_code for one in sent) == [200, 401, 401, 401]


async def test_a_caller_whose_deletion_the_tables_do_not_show_yet_changes_nothing(classroom: Classroom) -> None:
    person_id, client = await sign_in(classroom, "lea")
    async with classroom.engine.begin() as connection:
        await connection.execute(text(f"LOCK TABLE {persons} IN SHARE MODE"))  # the projector waits
        deleted = PersonDeleted(person_id=person_id, by=person_id)
        await classroom.append(deleted, seen=await classroom.log.last_seq(person_id))
        sent = [
            await client.put(f"/users/{person_id}?first_name=Lea"),
            await client.post("/auth/logout?everywhere=true"),
            await client.put("/file/presigned-url/create", json={"content_type": "audio/wav"}),
            await client.post("/organizations/", json={"name": "Of nobody", "slug": "of-nobody"}),
        ]
        end = await classroom.log.last_seq(person_id)
    assert [one.status_code for one in sent] == [401] * 4, [one.text for one in sent]
    assert end == await classroom.log.end(), "and adds nothing to the log"


async def test_who_never_signed_in_is_deleted_by_who_runs_all_its_schools(classroom: Classroom) -> None:
    one, two = await classroom.school(), await classroom.school()
    sent = {"emails": ["typo@school.example"], "roles": ["learner"]}
    async with classroom.as_person(one.people["admin"]) as admin, classroom.as_person(two.people["owner"]) as owner:
        for client, school in ((admin, one), (owner, two)):
            await ok(client, "POST", f"/cohorts/{school.cohort_id}/members", sent)
        members = (await ok(admin, "GET", f"/cohorts/{one.cohort_id}"))["members"]
        typo = next(each["id"] for each in members if each["email"] == "typo@school.example")
        assert (await admin.delete(f"/users/{typo}")).status_code == 403, "it is in another school too"
        await ok(owner, "DELETE", f"/cohorts/{two.cohort_id}/members", {"member_ids": [typo]})
        assert (await admin.delete(f"/users/{one.people['learner']}")).status_code == 403, "it has signed in"
        await ok(admin, "DELETE", f"/users/{typo}")
        assert (await admin.get(f"/users/{typo}")).status_code == 404


async def test_a_model_key_is_kept_for_who_asks_the_model_and_shown_to_nobody(classroom: Classroom) -> None:
    school = await classroom.school()
    path, key = f"/organizations/{school.org_id}/openai_api_key", "sk-a-secret-of-the-school-4711"
    async with classroom.as_person(school.people["admin"]) as admin:
        assert (await admin.put(path, json={"encrypted_openai_api_key": key})).status_code == 403
    async with classroom.as_person(school.people["owner"]) as owner:
        assert (await owner.get(path)).json() == {"last_four": None, "is_free_trial": False, "changed_at": None}
        trial = (await owner.put(path, json={"is_free_trial": True})).json()
        assert (trial["last_four"], trial["is_free_trial"]) == (None, True)
        for _ in range(2):
            kept = await owner.put(path, json={"encrypted_openai_api_key": key})
            assert (kept.json()["last_four"], key in kept.text) == ("4711", False)
        short = await owner.put(path, json={"encrypted_openai_api_key": "sk-4711"})
        assert (short.status_code, "4711" in short.text) == (422, False)
        assert (await owner.get(path)).json() == kept.json()
    async with classroom.engine.begin() as connection:
        access = await open_model_access(connection, MODEL_KEYS, school.org_id)
        assert access == ModelAccess(key, is_free_trial=False)
        assert await open_model_access(connection, MODEL_KEYS, school.other_org_id) == ModelAccess()
        moved = org_model_keys.update().values(org_id=school.other_org_id)
        await connection.execute(moved)
        with pytest.raises(PermanentError, match="cannot be opened"):
            await open_model_access(connection, MODEL_KEYS, school.other_org_id)
        await connection.execute(org_model_keys.update().values(org_id=school.org_id))
    (erasure,) = (one for one in ERASURES if one.side is ORG_SIDE)
    async with classroom.engine.begin() as connection:
        for forget in erasure.forget:
            await connection.execute(forget(school.org_id))
        assert await open_model_access(connection, MODEL_KEYS, school.org_id) == ModelAccess()
