"""The caller. Identity is the token's subject; there is no other way to give it."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.registry import HeaderParameter

from shared.kernel.errors import TransientError
from shared.kernel.refusals import Refusal, Refused

log = structlog.get_logger(__name__)

LOCAL_USER = "local"

_TOKEN_LIMIT = 16 * 1024
_SUBJECT_LIMIT = 255
_TOKENS_KEPT = 10_000
_LONGEST_LIFE_SECONDS = 24 * 3600
_CLOCK_SKEW_SECONDS = 30
_KEYS_LIMIT_BYTES = 256 * 1024
_KEYS_FRESH_SECONDS = 3600.0
# An unknown key id may mean a rotation or an attack; either way the issuer is asked no more often than this.
_KEYS_FLOOR_SECONDS = 30.0
_MORE_HEADERS = {"cat": HeaderParameter("The kind of a token of Clerk", "str")}
_HEADER_FIELDS = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256", *_MORE_HEADERS})

Clock = Callable[[], float]


class Unauthenticated(Refused):
    """No token, or none that counts. The answer does not say which check failed, but which token is `expected`."""

    def __init__(self, expected: str = "a valid token") -> None:
        detail = f"Send {expected} as a bearer token: Authorization: Bearer <token>"
        super().__init__(Refusal(401, "unauthenticated", detail))


class Authenticator(Protocol):
    """Turns a bearer token into a subject."""

    async def subject(self, token: str) -> str:
        """Raises Unauthenticated."""
        ...


@dataclass(frozen=True)
class LocalAuthenticator:
    """One user, one random token, compared in constant time."""

    token: str

    async def subject(self, token: str) -> str:
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            raise Unauthenticated
        return LOCAL_USER


class IssuerKeys:
    """The issuer's public keys: fetched from the configured https address only, kept for an hour, and the last good
    set is kept for as long as the issuer cannot be reached.
    """

    def __init__(self, fetch: Callable[[], Awaitable[bytes]], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, Any] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._refreshing = asyncio.Lock()

    async def find(self, kid: str) -> Any | None:
        """The key with this id, or None. Raises TransientError while no key could be had."""
        now = self._clock()
        is_due = kid not in self._keys or now - self._fetched_at > _KEYS_FRESH_SECONDS
        if is_due and now - self._tried_at > _KEYS_FLOOR_SECONDS:
            async with self._refreshing:
                await self._refresh(now)
        elif kid not in self._keys:
            async with self._refreshing:  # another caller has asked for the keys
                pass
        if not self._keys:
            message = "The keys of the token's issuer cannot be had; try again soon"
            raise TransientError(message, code="issuer_unavailable", retry_after_seconds=5)
        return self._keys.get(kid)

    async def _refresh(self, now: float) -> None:
        self._tried_at = now
        try:
            found = KeySet.import_key_set(json.loads(await self._fetch()))
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            log.warning("issuer_keys_unavailable", error=type(error).__name__)
            return
        keys = {key.kid: key for key in found.keys if key.kid and key.as_dict(private=False).get("use") != "enc"}
        if keys:
            self._keys, self._fetched_at = keys, now


@dataclass(frozen=True)
class JwtAuthenticator:
    """Access tokens of one OIDC issuer. `algorithms` are of one family; a header never chooses a key but by its id.
    `parties`: those to whom a token may have been issued (`azp`); a token needs no audience where they are named and
    `audience` is not. `user_claim` names the user, and `sub` where a token is without it.

    A signature is checked once for each token and key; everything else is judged at each call.
    """

    issuer: str
    audience: str | None
    algorithms: tuple[str, ...]
    keys: IssuerKeys
    clock: Clock
    parties: frozenset[str] = frozenset()
    user_claim: str = "sub"
    _signed_by: dict[bytes, Any] = field(default_factory=dict)  # the key, by the token's hash

    async def subject(self, token: str) -> str:
        claims = await self.claims(token)
        user = claims.get(self.user_claim) or claims["sub"]
        if not _names_somebody(user):
            raise Unauthenticated
        return str(user)

    async def claims(self, token: str) -> Mapping[str, Any]:
        """What the issuer says of the caller. Raises Unauthenticated."""
        header = _header_of(token)
        kid = header.get("kid")
        if header.get("alg") not in self.algorithms or not isinstance(kid, str) or not set(header) <= _HEADER_FIELDS:
            raise Unauthenticated
        key = await self.keys.find(kid)
        if key is None:
            raise Unauthenticated
        digest = hashlib.sha256(token.encode()).digest()
        if self._signed_by.get(digest) is not key:
            try:
                jwt.decode(token, key, registry=JWSRegistry(_MORE_HEADERS, list(self.algorithms)))
            except (JoseError, ValueError, TypeError) as error:
                raise Unauthenticated from error
            if len(self._signed_by) >= _TOKENS_KEPT:
                self._signed_by.clear()
            self._signed_by[digest] = key
        return self._checked(_object_of(token.split(".")[1]))

    def _checked(self, claims: Mapping[str, Any]) -> Mapping[str, Any]:
        now = self.clock()
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        times = [claims.get("exp"), claims.get("iat"), claims.get("nbf", claims.get("iat"))]
        if any(isinstance(time, bool) or not isinstance(time, (int, float)) for time in times):
            raise Unauthenticated
        expires, issued, not_before = times
        is_good = (
            claims.get("iss") == self.issuer
            and (self.audience in audiences if self.audience is not None else bool(self.parties))
            and (not self.parties or claims.get("azp") in self.parties)
            and _names_somebody(claims.get("sub"))
            and now < expires <= issued + _LONGEST_LIFE_SECONDS
            and max(issued, not_before) <= now + _CLOCK_SKEW_SECONDS
        )
        if not is_good:
            raise Unauthenticated
        return claims


def _names_somebody(subject: object) -> bool:
    return isinstance(subject, str) and 0 < len(subject) <= _SUBJECT_LIMIT and subject.isprintable()


def issuer_of(token: str) -> str | None:
    """The issuer that a token names, which nobody has checked. Raises Unauthenticated for what is not a token."""
    _header_of(token)
    named = _object_of(token.split(".")[1]).get("iss")
    return named if isinstance(named, str) else None


def _header_of(token: str) -> dict[str, Any]:
    first, *rest = token.split(".")
    if len(token) > _TOKEN_LIMIT or len(rest) != 2:
        raise Unauthenticated
    return _object_of(first)


def _object_of(part: str) -> dict[str, Any]:
    """The JSON object in a part of a token. Raises Unauthenticated, also when a name stands twice: readers differ in
    which of the two they take.
    """
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)), object_pairs_hook=_each_once)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Unauthenticated from error
    if not isinstance(found, dict):
        raise Unauthenticated
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def bearer_token(header_values: list[str]) -> str:
    """The token of the one Authorization header. Raises Unauthenticated."""
    if len(header_values) != 1:
        raise Unauthenticated
    scheme, _, token = header_values[0].partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > _TOKEN_LIMIT or not token.isascii() or " " in token:
        raise Unauthenticated
    return token


def fetcher(url: str) -> Callable[[], Awaitable[bytes]]:
    """Fetches a key set from the configured address, and follows it nowhere else."""

    async def fetch() -> bytes:
        async with (
            httpx.AsyncClient(timeout=5.0, follow_redirects=False) as client,
            client.stream("GET", url, headers={"Accept": "application/json"}) as response,
        ):
            response.raise_for_status()
            body = b""
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _KEYS_LIMIT_BYTES:
                    raise ValueError("the key set is too large")
            return body

    return fetch
