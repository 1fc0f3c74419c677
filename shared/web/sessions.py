"""Sessions: a signed token that names the person. A cookie holds it, or a client sends it as Bearer. The classroom
begins sessions; the gateway takes them too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey

from shared.web.tokens import Unauthenticated

COOKIE = "session"
_ISSUER = "coursewright/classroom"
_ALGORITHM = "HS256"


@dataclass(frozen=True)
class Session:
    """A session of a person, until `expires_at`."""

    token: str
    expires_at: datetime


class Sessions:
    """`keys` by id: the first one signs, all of them are accepted. `clock` gives seconds since 1970."""

    def __init__(self, keys: Mapping[str, bytes], clock: Callable[[], float], seconds: int = 0) -> None:
        self._keys = KeySet([OctKey.import_key(key, {"kid": name}) for name, key in keys.items()])
        self._signing = next(iter(keys))
        self._seconds = seconds
        self._clock = clock

    def begin(self, person_id: str) -> Session:
        """A session from now on."""
        now = self._clock()
        until = int(now) + self._seconds
        claims = {"iss": _ISSUER, "sub": person_id, "iat": now, "exp": until}
        token = jwt.encode({"alg": _ALGORITHM, "kid": self._signing}, claims, self._keys, algorithms=[_ALGORITHM])
        return Session(token, datetime.fromtimestamp(until, UTC))

    def person_of(self, token: str) -> tuple[str, datetime]:
        """The person a session is of, and when it began. Raises Unauthenticated, also for one that has expired."""
        try:
            claims = jwt.decode(token, self._keys, algorithms=[_ALGORITHM]).claims
        except (JoseError, ValueError, TypeError) as error:
            raise Unauthenticated from error
        if claims.get("iss") != _ISSUER or not self._clock() < claims["exp"]:
            raise Unauthenticated
        return str(claims["sub"]), datetime.fromtimestamp(claims["iat"], UTC)
