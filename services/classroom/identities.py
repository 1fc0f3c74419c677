"""Who signs in: a token of an issuer that the settings know, turned into an identity and a proven e-mail address."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.classroom.settings import ClassroomSettings
from shared.classroom.people import Identity
from shared.kernel.refusals import Refusal, Refused
from shared.web.callers import build_authenticator
from shared.web.tokens import (
    LOCAL_ISSUER,
    Clock,
    IssuerKeys,
    JwtAuthenticator,
    LocalAuthenticator,
    Unauthenticated,
    fetcher,
    issuer_of,
)

GOOGLE = "https://accounts.google.com"


@dataclass(frozen=True)
class Proof:
    """An identity. `email` is the address its issuer has verified; only the one user of a local stack has None."""

    identity: Identity
    email: str | None


class Identities:
    """`issuers` by the name they call themselves; `local`: the one user of a stack of one's own."""

    def __init__(self, issuers: Mapping[str, JwtAuthenticator], local: LocalAuthenticator | None = None) -> None:
        self._issuers = issuers
        self._local = local

    async def prove(self, token: str) -> Proof:
        """Raises Unauthenticated, and Refused for a token that proves no address: whoever sends it could name any."""
        if self._local is not None and token.count(".") != 2:
            return Proof((LOCAL_ISSUER, await self._local.subject(token)), None)
        issuer = self._issuers.get(issuer_of(token) or "")
        if issuer is None:
            raise Unauthenticated
        claims = await issuer.claims(token)
        email = claims.get("email")
        if not isinstance(email, str) or not email.strip():
            raise Refused(Refusal(401, "no_email", "The token holds no e-mail address: ask for the scope `email`"))
        if claims.get("email_verified") is not True:
            raise Refused(Refusal(401, "email_not_verified", "The issuer has not verified the address of the token"))
        return Proof((issuer.issuer, claims["sub"]), email)


def build_identities(settings: ClassroomSettings, clock: Clock, steady: Clock) -> Identities:
    """The issuers of the settings. `steady`: a clock that nobody sets back, for how long keys are kept."""
    issuers: dict[str, JwtAuthenticator] = {}
    if settings.google_client_id is not None:
        keys = IssuerKeys(fetcher(settings.google_jwks_url), steady)
        issuers[GOOGLE] = JwtAuthenticator(GOOGLE, settings.google_client_id, ("RS256",), keys, clock)
    if settings.local_token is None and settings.oidc_issuer is None:
        return Identities(issuers)
    match build_authenticator(settings, clock):
        case LocalAuthenticator() as local:
            return Identities(issuers, local)
        case JwtAuthenticator() as other:
            return Identities({**issuers, other.issuer: other})
        case _:
            raise ValueError("the settings name a kind of caller that signs nobody in")
