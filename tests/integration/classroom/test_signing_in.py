"""Signing in with a token of an issuer, and what a session is good for."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import SecretStr, ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.classroom.identities import GOOGLE, Identities, build_identities
from services.gateway.readmodels.sessions import SessionAuthenticator
from shared.web.sessions import Sessions
from shared.web.tokens import LOCAL_ISSUER, LOCAL_USER, LocalAuthenticator, Unauthenticated
from tests.integration.classroom.conftest import Classroom, google_token, running_classroom, settings

EMAIL = "ada@school.example"


def body(email: str = EMAIL, subject: str = "1", **claims: object) -> dict[str, object]:
    token = google_token(email, subject, **claims)
    return {"email": email, "given_name": "Ada King", "family_name": "L.", "id_token": token}


async def test_a_first_sign_in_makes_a_user_and_a_later_one_finds_it(classroom: Classroom) -> None:
    async with classroom.client() as client:
        first = (await client.post("/auth/login", json=body())).json()
        assert {name: first[name] for name in ("email", "first_name", "middle_name", "last_name")} == {
            "email": EMAIL, "first_name": "Ada", "middle_name": "King", "last_name": "L.",
        }  # fmt: skip
        again = (await client.post("/auth/login", json=body() | {"given_name": "Eve"})).json()
        assert (again["id"], again["first_name"]) == (first["id"], "Ada")
        moved = body("ada@new.example")
        assert (await client.post("/auth/login", json=moved)).json()["id"] == first["id"], "the identity is what counts"
        other = (await client.post("/auth/login", json=body(subject="2"))).json()
        assert other["id"] == first["id"], "an identity more with the proven address"


async def test_who_was_added_by_address_signs_in_as_that_user(classroom: Classroom) -> None:
    school = await classroom.school()
    async with classroom.as_person(school.people["owner"]) as owner:
        added = {"emails": [EMAIL.upper()], "roles": ["learner"]}
        assert (await owner.post(f"/cohorts/{school.cohort_id}/members", json=added)).status_code == 200
    async with classroom.client() as client:
        ada = (await client.post("/auth/login", json=body())).json()
        client.headers["Authorization"] = f"Bearer {ada['token']}"
        assert [one["id"] for one in (await client.get(f"/users/{ada['id']}/cohorts")).json()] == [school.cohort_id]


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "eve@school.example"},
        {"id_token": "no.token.here"},
        {"id_token": "local"},
        {"id_token": google_token(EMAIL, "1", aud="somebody else's")},
        {"id_token": google_token(EMAIL, "1", iss="https://issuer.example")},
        {"id_token": google_token(EMAIL, "1", exp=1, iat=0)},
    ],
)
async def test_a_token_that_does_not_count_signs_nobody_in(classroom: Classroom, wrong: dict[str, str]) -> None:
    async with classroom.client() as client:
        answer = await client.post("/auth/login", json=body() | wrong)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.json()["detail"].endswith(" as `id_token`")
        assert "set-cookie" not in answer.headers
    assert await classroom.log.end() == 0


async def test_a_key_that_does_not_count_is_told_its_header(classroom: Classroom) -> None:
    async with classroom.client(api_key="org__x__y") as program:
        answer = await program.get("/organizations/")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert "header `api_key`" in answer.json()["detail"]


UNPROVEN: dict[str, list[dict[str, Any]]] = {
    "no_email": [{"email": None}, {"email": "", "email_verified": True}],
    "email_not_verified": [{"email_verified": False}, {"email_verified": None}, {"email_verified": "false"}],
}


@pytest.mark.parametrize(
    ("code", "claims"), [(code, claims) for code, each in UNPROVEN.items() for claims in each]
)  # fmt: skip
async def test_an_address_that_is_not_proven_is_nobodys(
    classroom: Classroom, code: str, claims: dict[str, Any]
) -> None:
    """No user is made of it, none that was invited is found by it, and the owner of the address is alone later."""
    school = await classroom.school()
    async with classroom.client() as client, classroom.as_person(school.people["owner"]) as owner:

        async def refused(address: str, subject: str = "thief") -> None:
            before = await classroom.log.end()
            said = {"email": address, "subject": subject, **claims}
            answer = await client.post("/auth/login", json=body(address) | {"id_token": google_token(**said)})
            assert (answer.status_code, answer.json()["code"]) == (401, code)
            assert "set-cookie" not in answer.headers
            assert await classroom.log.end() == before

        await refused(EMAIL)
        invited = {"emails": [EMAIL], "roles": ["learner"]}
        assert (await owner.post(f"/cohorts/{school.cohort_id}/members", json=invited)).status_code == 200
        await refused(EMAIL)
        ada = await client.post("/auth/login", json=body())
        assert ada.status_code == 200
        await refused(EMAIL)
        await refused(EMAIL, "1")
        eve = await client.post("/auth/login", json=body("eve@school.example", "thief"))
        assert (eve.status_code, eve.json()["id"] != ada.json()["id"]) == (200, True)


async def test_two_first_sign_ins_at_once_are_one_user(classroom: Classroom) -> None:
    import asyncio

    async with classroom.client() as client:
        answers = await asyncio.gather(*(client.post("/auth/login", json=body()) for _ in range(6)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.json()["id"] for one in answers}) == 1


async def test_a_cookie_writes_only_from_a_page_of_ours(engine: AsyncEngine) -> None:
    async with (
        running_classroom(engine, cors_origins=["https://app.example"]) as classroom,
        classroom.client() as client,
    ):
        client.base_url = httpx.URL("https://testserver")
        signed_in = await client.post("/auth/login", json=body())
        cookie = signed_in.headers["set-cookie"]
        assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Secure", "Path=/;"))
        assert (await client.get("/organizations/")).status_code == 200
        for origin, status in (
            (None, 403), ("https://evil.example", 403), ("null", 403), ("https://testserver.evil.example", 403),
            ("https://testserver", 200), ("https://app.example", 200),
        ):  # fmt: skip
            headers = {} if origin is None else {"Origin": origin}
            made = {"name": "School", "slug": f"s-{status}-{len(str(origin))}"}
            assert (await client.post("/organizations/", json=made, headers=headers)).status_code == status, origin
        answer = await client.get("/organizations/", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers
        answer = await client.get("/organizations/", headers={"Origin": "https://app.example"})
        assert answer.headers["access-control-allow-origin"] == "https://app.example"
        assert (await client.post("/auth/logout", headers={"Origin": "https://app.example"})).status_code == 200
        assert "session" not in client.cookies


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_session_of_another_key_is_none(classroom: Classroom, algorithm: str) -> None:
    school = await classroom.school()
    good = classroom.services.sessions.begin(school.people["owner"]).token
    claims = jwt.decode(good, OctKey.import_key(bytes(32)), algorithms=["HS256"]).claims
    if algorithm == "none":
        forged = ".".join(["eyJhbGciOiJub25lIiwia2lkIjoidGVzdCJ9", good.split(".")[1], ""])
    else:
        forged = jwt.encode({"alg": "HS256", "kid": "test"}, claims, OctKey.import_key(b"x" * 32))
    async with classroom.client(Authorization=f"Bearer {forged}") as client:
        assert (await client.get("/organizations/")).status_code == 401


async def test_the_local_user_signs_in_with_the_local_token_and_as_nobody_else() -> None:
    local = build_identities(
        settings(google_client_id=None, local_token=SecretStr("t" * 32)), lambda: 0.0, lambda: 0.0
    )  # fmt: skip
    proof = await local.prove("t" * 32)
    assert (proof.identity, proof.email) == ((LOCAL_ISSUER, LOCAL_USER), None)
    with pytest.raises(Unauthenticated):
        await Identities({}, LocalAuthenticator("t" * 32)).prove("u" * 32)


@pytest.mark.parametrize("changed", [{"session_keys": SecretStr("")}, {"google_client_id": None}])
def test_a_classroom_without_keys_or_issuers_does_not_start(changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings(**changed)


async def test_all_sessions_end_at_once_and_a_new_one_begins(classroom: Classroom) -> None:
    tokens = []
    async with classroom.client() as client:
        for _ in range(2):
            found = await client.post("/auth/login", json=body("ada@school.example", "ada"))
            tokens.append({"Authorization": f"Bearer {found.json()['token']}"})
        await client.post("/auth/logout", headers=tokens[0])
        assert (await client.get("/organizations/", headers=tokens[1])).status_code == 200, "the cookie alone"
        ended = await client.post("/auth/logout?everywhere=true", headers=tokens[0])
        assert ended.status_code == 200
        for one in tokens:
            assert (await client.get("/organizations/", headers=one)).status_code == 401
        again = await client.post("/auth/login", json=body("ada@school.example", "ada"))
        mine = {"Authorization": f"Bearer {again.json()['token']}"}
        assert (await client.get("/organizations/", headers=mine)).status_code == 200


async def test_a_session_is_good_at_the_gateway_until_it_ends(classroom: Classroom) -> None:
    school = await classroom.school()
    me = school.people["owner"]
    sessions = Sessions({"test": bytes(32)}, classroom.services.clock)
    token = classroom.services.sessions.begin(me).token
    own = LocalAuthenticator("t" * 32)
    gateway = SessionAuthenticator(sessions, classroom.engine, LOCAL_ISSUER, own)
    assert await gateway.subject(token) == f"classroom|{me}"
    assert await gateway.subject("t" * 32) == LOCAL_USER
    assert await replace(gateway, issuer=GOOGLE).subject(token) == f"marker-{me}"
    for refused in ("u" * 32, f"{token}x", classroom.services.sessions.begin("nobody").token):
        with pytest.raises(Unauthenticated):
            await gateway.subject(refused)
    late = replace(gateway, sessions=Sessions({"test": bytes(32)}, lambda: classroom.services.clock() + 13 * 3600))
    with pytest.raises(Unauthenticated):
        await late.subject(token)
    nobodys = classroom.services.sessions.begin("nobody").token
    assert [gateway.session_in(one) for one in (token, "t" * 32)] == [token, None]
    assert await gateway.ended({token, nobodys}) == {nobodys}, "of a person who is not there"
    assert await late.ended({token}) == {token}
    async with classroom.client(Authorization=f"Bearer {token}") as client:
        assert (await client.post("/auth/logout?everywhere=true")).status_code == 200
    with pytest.raises(Unauthenticated):
        await gateway.subject(token)
    assert await gateway.ended({token}) == {token}


async def test_a_caller_has_so_many_requests_and_figures_tell_of_them(engine: AsyncEngine) -> None:
    async with running_classroom(engine, request_limit=3, request_window_seconds=3600) as classroom:
        one, other = await classroom.school(), await classroom.school()
        async with classroom.as_person(one.people["owner"]) as client:
            codes = [(await client.get("/organizations/")).status_code for _ in range(4)]
            refused = await client.get("/organizations/")
        assert codes == [200, 200, 200, 429]
        assert int(refused.headers["retry-after"]) > 0
        async with classroom.client(api_key=other.api_key) as program:
            assert (await program.get("/organizations/")).status_code == 200
        async with classroom.client(Authorization="Bearer x") as stranger:
            wrong = body() | {"id_token": "x"}
            guesses = [(await stranger.post("/auth/login", json=wrong)).status_code for _ in range(4)]
            assert guesses == [401, 401, 401, 429], "a token that is not looked at makes nothing free"
            told = (await stranger.get("/metrics")).text
        assert 'coursewright_http_requests_total{method="GET",route="/organizations/",status="200"} 4.0' in told
        assert 'route="/organizations/",status="429"} 2.0' in told
