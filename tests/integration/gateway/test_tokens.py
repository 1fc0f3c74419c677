"""Tokens of an OIDC issuer, good and bad."""

import asyncio
import base64
import hmac
import json
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from pydantic import SecretStr, ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.api.auth import expected_token
from services.gateway.settings import GatewaySettings
from services.modules.settings import Settings
from shared.kernel.errors import TransientError
from shared.web.callers import build_authenticator
from shared.web.tokens import IssuerKeys, JwtAuthenticator, LocalAuthenticator, Unauthenticated, bearer_token
from tests.integration.gateway.conftest import Gateway, running_gateway

NOW = 1_800_000_000.0
ISSUER, AUDIENCE = "https://issuer.example/", "https://api.example/"
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "auth0|123", "iat": NOW - 10, "exp": NOW + 3600}
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}, private=True)
OTHER = RSAKey.generate_key(2048, {"kid": "k2"}, private=True)


class Issuer:
    """Serves a key set and counts who asks."""

    def __init__(self, *keys: RSAKey) -> None:
        self.body = json.dumps(KeySet(list(keys)).as_dict(private=False)).encode()
        self.asked = 0
        self.now = NOW

    async def fetch(self) -> bytes:
        self.asked += 1
        return self.body

    def clock(self) -> float:
        return self.now

    def authenticator(self) -> JwtAuthenticator:
        keys = IssuerKeys(self.fetch, self.clock)
        return JwtAuthenticator(ISSUER, AUDIENCE, ("RS256",), keys, self.clock)


def token(claims: dict[str, Any] | None = None, key: Any = KEY, **header: Any) -> str:
    head = {"alg": "RS256", "kid": "k1", **header}
    registry = jws.JWSRegistry(algorithms=[head["alg"]], strict_check_header=False)
    return jwt.encode(head, {**CLAIMS, **(claims or {})}, key, registry=registry)


def forged(header: dict[str, Any], claims: dict[str, Any] | None = None, signature: str = "AA") -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part(header)}.{part({**CLAIMS, **(claims or {})})}.{signature}"


async def test_a_good_token_names_its_subject() -> None:
    assert await Issuer(KEY).authenticator().subject(token()) == "auth0|123"
    assert await Issuer(KEY).authenticator().subject(token({"aud": ["https://other/", AUDIENCE]})) == "auth0|123"


async def test_a_signature_is_checked_once_for_a_key_and_the_time_at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    decode = jwt.decode

    def count(sent: str, *rest: Any, **more: Any) -> Any:
        checked.append(sent)
        return decode(sent, *rest, **more)

    monkeypatch.setattr("shared.web.tokens.jwt.decode", count)
    issuer = Issuer(KEY)
    authenticator, mine = issuer.authenticator(), token({"exp": NOW + 9000})
    assert [await authenticator.subject(mine) for _ in range(3)] == ["auth0|123"] * 3
    assert checked == [mine]
    issuer.now += 3601  # the keys are fetched anew
    assert await authenticator.subject(mine) == "auth0|123"
    assert checked == [mine, mine]
    issuer.body = Issuer(OTHER).body
    issuer.now += 3500  # not fetched anew yet
    assert await authenticator.subject(mine) == "auth0|123"
    issuer.now += 200
    assert issuer.now < NOW + 9000, "the token itself is still good"
    with pytest.raises(Unauthenticated):
        await authenticator.subject(mine)


async def test_a_token_that_was_good_is_refused_when_it_ends() -> None:
    issuer = Issuer(KEY)
    authenticator, mine = issuer.authenticator(), token()
    assert await authenticator.subject(mine) == "auth0|123"
    issuer.now = NOW + 3600
    with pytest.raises(Unauthenticated):
        await authenticator.subject(mine)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://issuer.example"}, {"iss": [ISSUER]}, {"iss": None}, {"aud": "https://other/"}, {"aud": []},
        {"aud": None}, {"exp": NOW - 1}, {"exp": str(NOW + 60)}, {"exp": 1e300}, {"exp": -1}, {"exp": None},
        {"exp": True}, {"iat": NOW + 3600, "exp": NOW + 7200}, {"iat": None}, {"nbf": NOW + 3600}, {"nbf": "x"},
        {"sub": None}, {"sub": ""}, {"sub": 5}, {"sub": "x" * 10_000}, {"sub": "a\nb"},
        {"exp": NOW + 30 * 24 * 3600},
    ],
)  # fmt: skip
async def test_a_claim_that_does_not_fit_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        await Issuer(KEY).authenticator().subject(token(claims))


def signed_with_public_key() -> str:
    """An HMAC keyed with what everybody knows."""
    unsigned = forged({"alg": "HS256", "kid": "k1"}).rpartition(".")[0]
    mac = hmac.digest(KEY.as_pem(private=False), unsigned.encode(), "sha256")
    return f"{unsigned}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


@pytest.mark.parametrize(
    "bad",
    [
        "", "a", "a.b", "a.b.c", "a.b.c.d.e", "." * 2, "x" * 20_000,
        forged({"alg": "none", "kid": "k1"}, signature=""), forged({"alg": "nOnE", "kid": "k1"}),
        forged({"alg": "RS256", "kid": "k1"}, signature=""), forged({"alg": "RS256", "kid": "../../dev/null"}),
        forged({"alg": "RS256", "kid": "' OR 1=1--"}), forged({"alg": "RS256", "kid": "k" * 12_000}),
        forged({"alg": "RS256", "kid": ["k1"]}), forged({"alg": "RS256"}),
        token(jku="https://evil.test/"), token(jwk=OTHER.as_dict(private=False)), token(x5u="https://evil.test/"),
        token(key=OTHER), token(alg="PS256"),
        signed_with_public_key(),
    ],
)  # fmt: skip
async def test_a_forged_token_is_refused(bad: str) -> None:
    with pytest.raises(Unauthenticated):
        await Issuer(KEY).authenticator().subject(bad)


async def test_a_token_that_names_two_subjects_is_refused() -> None:
    claims = json.dumps(CLAIMS)
    twice = f'{claims[:-1]}, "sub": "somebody else"}}'
    signed = [
        jws.serialize_compact({"alg": "RS256", "kid": "k1"}, payload.encode(), KEY) for payload in (claims, twice)
    ]
    assert await Issuer(KEY).authenticator().subject(signed[0]) == "auth0|123"
    with pytest.raises(Unauthenticated):
        await Issuer(KEY).authenticator().subject(signed[1])


async def test_critical_extensions_are_refused() -> None:
    with pytest.raises(Unauthenticated):
        await Issuer(KEY).authenticator().subject(forged({"alg": "RS256", "kid": "k1", "crit": ["x"], "x": 1}))
    with pytest.raises(Unauthenticated):
        await Issuer(KEY).authenticator().subject(forged({"alg": "RS256", "kid": "k1", "b64": False}))


async def test_a_key_of_another_family_under_the_same_id_is_refused() -> None:
    issuer = Issuer()
    curve = ECKey.generate_key("P-256", {"kid": "k1"}, private=True)
    issuer.body = json.dumps(KeySet([curve]).as_dict(private=False)).encode()
    with pytest.raises(Unauthenticated):
        await issuer.authenticator().subject(token())


async def test_unknown_key_ids_do_not_storm_the_issuer() -> None:
    issuer = Issuer(KEY)
    authenticator = issuer.authenticator()
    await authenticator.subject(token())
    for number in range(1000):
        with pytest.raises(Unauthenticated):
            await authenticator.subject(forged({"alg": "RS256", "kid": f"k-{number}"}))
    assert issuer.asked == 1


async def test_callers_that_come_while_the_first_asks_for_the_keys_wait_for_them() -> None:
    issuer = Issuer(KEY)
    served = asyncio.Event()

    async def slow() -> bytes:
        await served.wait()
        return await Issuer.fetch(issuer)

    issuer.fetch = slow  # type: ignore[method-assign]
    authenticator = issuer.authenticator()
    asking = [asyncio.create_task(authenticator.subject(token())) for _ in range(20)]
    await asyncio.sleep(0)
    served.set()
    assert await asyncio.gather(*asking) == ["auth0|123"] * 20
    assert issuer.asked == 1


async def test_a_rotated_key_is_found_after_the_floor() -> None:
    issuer = Issuer(KEY)
    authenticator = issuer.authenticator()
    await authenticator.subject(token())
    issuer.body = Issuer(KEY, OTHER).body
    issuer.now += 31
    assert await authenticator.subject(token(key=OTHER, kid="k2")) == "auth0|123"


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'{"keys": []}', b'{"keys": [{}]}', b'{"keys": 5}'])
async def test_the_last_good_keys_are_kept_when_the_issuer_breaks(body: bytes) -> None:
    issuer = Issuer(KEY)
    authenticator = issuer.authenticator()
    await authenticator.subject(token())
    issuer.body = body
    issuer.now += 3601
    assert await authenticator.subject(token({"exp": issuer.now + 60, "iat": issuer.now})) == "auth0|123"
    assert issuer.asked == 2


async def test_without_any_keys_the_caller_is_told_to_come_back() -> None:
    issuer = Issuer(KEY)
    issuer.body = b"no json"
    with pytest.raises(TransientError):
        await issuer.authenticator().subject(token())


async def test_the_local_token_is_the_only_one() -> None:
    authenticator = LocalAuthenticator("t" * 32)
    assert await authenticator.subject("t" * 32) == "local"
    for wrong in ("t" * 31, "t" * 33, "T" * 32, ""):
        with pytest.raises(Unauthenticated):
            await authenticator.subject(wrong)


@pytest.mark.parametrize(
    "values", [[], ["Bearer a", "Bearer b"], ["Bearer"], ["Bearer "], ["Bearer a b"], ["Bearer ä"]]
)
def test_one_header_with_one_token(values: list[str]) -> None:
    with pytest.raises(Unauthenticated):
        bearer_token(values)
    assert bearer_token(["bEaReR abc"]) == "abc"


CLERK = {
    "azp": "https://app.example",
    "sid": "sess_1",
    "external_id": "7f9c24e8-3b12-4fef-91e0-1f7a5b8c1d2e",
    "aud": None,
}


def clerk(issuer: Issuer, user_claim: str = "external_id") -> JwtAuthenticator:
    keys = IssuerKeys(issuer.fetch, issuer.clock)
    parties = frozenset({"https://app.example"})
    return JwtAuthenticator(ISSUER, None, ("RS256",), keys, issuer.clock, parties, user_claim)


async def test_a_session_token_without_an_audience_counts_by_the_page_it_was_issued_to() -> None:
    authenticator = clerk(Issuer(KEY))
    session = token(CLERK, cat="cl_B7d4PD111AAA")
    assert await authenticator.subject(session) == CLERK["external_id"]
    assert await authenticator.subject(token({**CLERK, "external_id": None})) == CLAIMS["sub"]
    assert await clerk(Issuer(KEY), "sub").subject(session) == CLAIMS["sub"]
    for wrong in ({"azp": "https://evil.example"}, {"azp": None}, {"external_id": 7}, {"external_id": "a\n"}):
        with pytest.raises(Unauthenticated):
            await authenticator.subject(token({**CLERK, **wrong}))
    with pytest.raises(Unauthenticated):
        await Issuer(KEY).authenticator().subject(session)


async def test_nobody_is_let_in_without_an_audience_and_without_parties() -> None:
    issuer = Issuer(KEY)
    keys = IssuerKeys(issuer.fetch, issuer.clock)
    with pytest.raises(Unauthenticated):
        await JwtAuthenticator(ISSUER, None, ("RS256",), keys, issuer.clock).subject(token({"aud": None}))


async def test_a_cookie_counts_where_a_setting_names_it_and_changes_only_for_known_pages(engine: AsyncEngine) -> None:
    page = "https://app.example"
    async with running_gateway(engine, session_cookie="__session", cors_origins=[page]) as gateway:
        sent = gateway.api.headers.pop("Authorization").removeprefix("Bearer ")
        cookie = {"Cookie": f"__session={sent}"}
        body = {"title": "T", "description": ""}
        assert (await gateway.api.get("/api/projects/", headers=cookie)).status_code == 200
        known = await gateway.api.post("/api/projects/", json=body, headers={**cookie, "Origin": page})
        assert (known.status_code, known.headers["access-control-allow-credentials"]) == (201, "true")
        foreign_pages: tuple[dict[str, str], ...] = ({}, {"Origin": "https://evil.example"})
        for foreign in foreign_pages:
            answer = await gateway.api.post("/api/projects/", json=body, headers={**cookie, **foreign})
            assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
        assert (await gateway.api.get("/api/projects/", headers={"Cookie": "__session=nobodys"})).status_code == 401


async def test_no_cookie_counts_without_the_setting(gateway: Gateway) -> None:
    sent = gateway.api.headers.pop("Authorization").removeprefix("Bearer ")
    for name in ("__session", ""):
        answer = await gateway.api.get("/api/projects/", headers={"Cookie": f"{name}={sent}"})
        assert answer.status_code == 401


def test_there_is_no_open_mode() -> None:
    with pytest.raises(ValueError, match="LOCAL_TOKEN"):
        build_authenticator(GatewaySettings(blob_store_url="memory:", local_token=None), lambda: NOW)


@pytest.mark.parametrize(
    "values",
    [
        {"local_token": SecretStr("short")},
        {"local_token": SecretStr("t" * 32), "oidc_issuer": ISSUER},
        {"oidc_issuer": ISSUER},
        {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_jwks_url": "http://169.254.169.254/"},
        {"local_token": SecretStr("t" * 32), "oidc_algorithms": ["RS256", "ES256"]},
        {"local_token": SecretStr("t" * 32), "operator_token": SecretStr("t" * 32)},
        {"local_token": SecretStr("t" * 32), "operator_token": SecretStr("o" * 31)},
        {"local_token": SecretStr("t" * 32), "operator_token": SecretStr("o" * 31 + " ")},
        {"local_token": SecretStr("t" * 32), "oidc_algorithms": ["HS256"]},
    ],
)
def test_settings_that_cannot_be_safe_end_the_start(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        GatewaySettings(blob_store_url="memory:", **values)
    assert not any(error["type"] == "missing" for error in caught.value.errors())


def test_no_process_starts_without_a_blob_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BLOB_STORE_URL", raising=False)
    for settings in (GatewaySettings, Settings):
        with pytest.raises(ValidationError, match="blob_store_url"):
            settings()


def test_a_refusal_says_which_token_is_expected() -> None:
    local = GatewaySettings(blob_store_url="memory:", local_token=SecretStr("t" * 32))
    assert "LOCAL_TOKEN" in expected_token(local)
    assert "t" * 32 not in expected_token(local)
    issued = GatewaySettings(
        blob_store_url="memory:", oidc_issuer=ISSUER, oidc_audience=AUDIENCE,
        oidc_jwks_url="https://issuer.example/keys", local_token=None,
    )  # fmt: skip
    assert expected_token(issued) == f"an access token that {ISSUER} issued for {AUDIENCE}"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nobodys"}, {"Authorization": "Basic YTpi"}])
async def test_without_a_good_token_the_answer_says_which_one_is_expected(
    gateway: Gateway, headers: dict[str, str]
) -> None:
    gateway.api.headers.pop("Authorization")
    answer = await gateway.api.get("/api/projects/", headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "the token of this gateway's local user" in answer.json()["detail"]
