"""Credentials: a token goes in sealed and never comes out; each is its owner's, and for one host."""

import json
import socket
from typing import Any

import pytest
from sqlalchemy import select

from services.gateway.credentials.answering import Answers
from services.gateway.credentials.store import MOST_CREDENTIALS, note_revoked
from services.gateway.credentials.tables import credentials
from shared.events.gateway import GenerationRequested, RepoCloneRequested
from shared.kernel.errors import PermanentError
from shared.sources.credentials import CredentialAsked
from shared.sources.sealed_tokens import OpeningKeys
from tests.integration.gateway.conftest import KEYS, Gateway, running_gateway

TOKEN = "canary-token-of-ann"
PRIVATE = {"name": "work", "host": "github.com", "token": TOKEN}


async def keep(gateway: Gateway, status: int = 201, **changed: Any) -> Any:
    answer = await gateway.api.post("/api/credentials", json={**PRIVATE, **changed})
    assert answer.status_code == status, answer.text
    assert TOKEN not in answer.text
    if status == 201:
        assert answer.headers["Location"] == f"/api/credentials/{answer.json()['credential_id']}"
    return answer.json()


async def test_a_token_goes_in_and_never_comes_out(gateway: Gateway) -> None:
    made = await keep(gateway)
    path = f"/api/credentials/{made['credential_id']}"
    assert set(made) == {
        "credential_id", "name", "host", "kind", "username", "key_id", "created_at", "last_used_at", "revoked_at",
    }  # fmt: skip
    assert (await gateway.api.get(path)).json() == made
    assert (await gateway.api.get("/api/credentials")).json() == [made]
    async with gateway.engine.connect() as connection:
        (row,) = (await connection.execute(select(credentials))).all()
    assert TOKEN.encode() not in row.sealed
    about = CredentialAsked(owner="ann", credential_id=made["credential_id"], host="github.com")
    assert KEYS.open(row.key_id, row.sealed, about) == TOKEN
    assert (await gateway.api.delete(path)).status_code == 204
    assert (await gateway.api.get(path)).status_code == 404
    async with gateway.engine.connect() as connection:
        assert (await connection.execute(select(credentials))).all() == []


@pytest.mark.parametrize("changed", [{"owner": "bob"}, {"credential_id": "other"}, {"host": "gitlab.com"}])
async def test_what_is_sealed_opens_for_its_owner_its_id_and_its_host_only(
    gateway: Gateway, changed: dict[str, str]
) -> None:
    about = CredentialAsked(owner="ann", credential_id="c", host="github.com")
    sealed = KEYS.sealing.seal(TOKEN, about)
    with pytest.raises(PermanentError) as caught:
        KEYS.open("k1", sealed, about.model_copy(update=changed))
    assert caught.value.code == "credential_lost"
    with pytest.raises(PermanentError):
        OpeningKeys({"k1": bytes(32)}).open("k1", sealed, about)


@pytest.mark.parametrize(
    ("given", "kind", "username"),
    [
        ({"host": "GitHub.com"}, "github", "x-access-token"),
        ({"host": "gitlab.com"}, "gitlab", "oauth2"),
        ({"host": "bitbucket.org"}, "bitbucket", "x-token-auth"),
        ({"host": "codeberg.org"}, "gitea", "oauth2"),
        ({"host": "git.corp.example.com", "kind": "gitlab"}, "gitlab", "oauth2"),
        ({"host": "git.corp.example.com"}, "other", "git"),
        ({"host": "gitlab.com", "username": "deploy-7"}, "gitlab", "deploy-7"),
    ],
)
async def test_each_kind_of_host_gets_the_user_name_it_wants(
    gateway: Gateway, given: dict[str, Any], kind: str, username: str
) -> None:
    made = await keep(gateway, **given)
    assert (made["kind"], made["username"], made["host"]) == (kind, username, given["host"].lower())


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"host": "localhost"}, "/host"),
        ({"host": "10.0.0.1"}, "/host"),
        ({"host": "github.com/a"}, "/host"),
        ({"host": "user@github.com"}, "/host"),
        ({"host": "github.com:22"}, "/host"),
        ({"token": "with\nline-break"}, "/token"),
        ({"token": "with space"}, "/token"),
        ({"token": ""}, "/token"),
        ({"token": "x" * 4097}, "/token"),
        ({"username": "a:b"}, "/username"),
        ({"username": "a\nb"}, "/username"),
        ({"kind": "svn"}, "/kind"),
    ],
)
async def test_what_cannot_be_a_credential_is_refused_without_showing_it(
    gateway: Gateway, changed: dict[str, Any], pointer: str
) -> None:
    refused = await keep(gateway, 422, **changed)
    assert [error["pointer"] for error in refused["errors"]] == [pointer]
    assert "line-break" not in json.dumps(refused)


async def test_names_are_each_owners_own_and_their_number_has_an_end(gateway: Gateway) -> None:
    await keep(gateway)
    assert (await keep(gateway, 409))["code"] == "name_taken"
    assert (await gateway.bob.post("/api/credentials", json=PRIVATE)).status_code == 201
    for number in range(1, MOST_CREDENTIALS):
        await keep(gateway, name=f"n{number}")
    assert (await keep(gateway, 409, name="one more"))["code"] == "too_many_credentials"


async def test_a_credential_is_its_owners_alone(gateway: Gateway) -> None:
    path = f"/api/credentials/{(await keep(gateway))['credential_id']}"
    for method, body in (("GET", None), ("PATCH", {"token": "x"}), ("DELETE", None)):
        foreign = await gateway.bob.request(method, path, json=body)
        missing = await gateway.bob.request(method, "/api/credentials/none", json=body)
        assert (foreign.status_code, foreign.json()) == (missing.status_code, missing.json())
        assert (foreign.status_code, foreign.json()["code"]) == (404, "credential_not_found")
    assert (await gateway.bob.get("/api/credentials")).json() == []
    assert (await gateway.api.get(path)).status_code == 200


@pytest.mark.parametrize("route", ["analyze-repository", "generate"])
async def test_a_repository_is_asked_for_with_a_credential_of_its_host(gateway: Gateway, route: str) -> None:
    mine = (await keep(gateway))["credential_id"]
    other = (await keep(gateway, name="other", host="gitlab.com"))["credential_id"]
    foreign = (await gateway.bob.post("/api/credentials", json=PRIVATE)).json()["credential_id"]
    course_id = await gateway.create()
    body = {"repo_url": "https://github.com/a/b"}
    for credential, status, code in (
        (foreign, 404, "credential_not_found"),
        ("none", 404, "credential_not_found"),
        (other, 422, "credential_of_another_host"),
    ):
        refused = await gateway.post(course_id, route, {**body, "credential_id": credential}, status)
        assert refused["code"] == code
    await gateway.post(course_id, route, {**body, "credential_id": mine})
    await gateway.project()
    (asked,) = [one for one in await gateway.events(course_id) if isinstance(one, RepoCloneRequested)]
    assert asked.credential_id == mine


async def test_a_later_generation_of_the_same_repository_takes_the_same_credential(gateway: Gateway) -> None:
    mine = (await keep(gateway))["credential_id"]
    course_id = await gateway.create()
    body = {"repo_url": "https://github.com/a/b", "credential_id": mine}
    await gateway.post(course_id, "analyze-repository", body)
    await gateway.workers.clone(course_id)
    await gateway.project()
    await gateway.api.put(f"/api/projects/{course_id}", json={"status": "generating"})
    await gateway.project()
    asked = [one for one in await gateway.events(course_id) if isinstance(one, GenerationRequested)]
    assert [one.credential_id for one in asked] == [mine]


async def test_the_stage_gets_what_is_sealed_and_the_owner_sees_the_use(gateway: Gateway) -> None:
    made = await keep(gateway)
    answers = Answers(gateway.engine)
    asked = CredentialAsked(owner="ann", credential_id=made["credential_id"], host="github.com")
    answer = await answers.find(asked)
    assert answer.username == "x-access-token"
    assert TOKEN not in answer.model_dump_json()
    assert KEYS.open(answer.key_id, answer.sealed, asked) == TOKEN
    (shown,) = (await gateway.api.get("/api/credentials")).json()
    assert shown["last_used_at"] is not None
    assert (await answers.find(asked.model_copy(update={"owner": "bob"}))).error == "credential_not_found"
    assert (await answers.find(asked.model_copy(update={"host": "gitlab.com"}))).error == "credential_of_another_host"


async def test_another_token_takes_the_place_of_a_revoked_one(gateway: Gateway) -> None:
    made = await keep(gateway)
    path = f"/api/credentials/{made['credential_id']}"
    async with gateway.engine.begin() as connection:
        await note_revoked(connection, "ann", made["credential_id"])
    assert (await gateway.api.get(path)).json()["revoked_at"] is not None
    changed = await gateway.api.patch(path, json={"token": "another"})
    assert (changed.status_code, changed.json()["revoked_at"]) == (200, None)
    asked = CredentialAsked(owner="ann", credential_id=made["credential_id"], host="github.com")
    answer = await Answers(gateway.engine).find(asked)
    assert KEYS.open(answer.key_id, answer.sealed, asked) == "another"


async def test_without_a_key_the_operator_is_named(gateway: Gateway) -> None:
    async with running_gateway(gateway.engine, credential_sealing_key="") as keyless:
        assert (await keep(keyless, 422))["code"] == "credentials_not_configured"


@pytest.mark.parametrize("route", ["analyze-repository", "generate"])
async def test_a_name_that_points_inward_is_refused_where_it_is_given(gateway: Gateway, route: str) -> None:
    gateway.lookup.names["git.rebound.org"] = ["93.184.216.34", "10.0.0.7"]
    course_id = await gateway.create()
    refused = await gateway.post(course_id, route, {"repo_url": "https://git.rebound.org/a/b"}, 422)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("invalid_repository_address", "/repo_url")
    assert "10.0.0.7" not in json.dumps(refused)
    assert len(await gateway.events(course_id)) == 1


@pytest.mark.parametrize("error", [socket.gaierror(socket.EAI_NONAME, "x"), TimeoutError()])
async def test_a_name_that_cannot_be_looked_up_is_left_to_the_stage(gateway: Gateway, error: Exception) -> None:
    gateway.lookup.names["git.away.org"] = error
    course_id = await gateway.create()
    await gateway.post(course_id, "analyze-repository", {"repo_url": "https://git.away.org/a/b"})
    assert gateway.lookup.asked == ["git.away.org"]


async def test_a_host_inside_that_the_operator_named_is_taken_without_a_look(gateway: Gateway) -> None:
    async with running_gateway(gateway.engine, inward_repository_hosts=["git.corp.internal:3000"]) as trusting:
        course_id = await trusting.create()
        await trusting.post(course_id, "analyze-repository", {"repo_url": "https://git.corp.internal:3000/a/b"})
        for other in ("https://git.corp.internal/a/b", "https://git.corp.internal:3001/a/b", "https://10.0.0.1/a/b"):
            refused = await trusting.post(course_id, "analyze-repository", {"repo_url": other}, 422)
            assert refused["code"] == "invalid_repository_address"
        assert trusting.lookup.asked == []
