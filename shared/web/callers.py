"""The callers of a REST API, by settings: one local user with one token, or the users of an OIDC issuer."""

import re
import time
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from shared.kernel.settings import LogSettings
from shared.sources.sealed_tokens import SealingKey
from shared.sources.secret_keys import parse_keys
from shared.web.tokens import Authenticator, Clock, IssuerKeys, JwtAuthenticator, LocalAuthenticator, fetcher

RsaOrEc = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]


class CallerSettings(BaseSettings):
    """Callers are checked either against the local token (one user, one machine) or by an OIDC issuer, never both."""

    model_config = LogSettings.model_config

    cors_origins: list[str] = Field(
        default=[], description="origins of web pages that may call this gateway, such as `https://app.example.org`"
    )
    session_keys: SecretStr = Field(
        default=SecretStr(""), description="id:key,… of 32 bytes as base64; the first signs sessions, all are accepted"
    )
    credential_sealing_key: str = Field(
        default="", description="id:key, what tokens and keys of others are sealed with; it opens none of them"
    )
    local_token: SecretStr | None = Field(default=None, description="the bearer token of the one local user")
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_jwks_url: str | None = Field(default=None, description="https only")
    oidc_authorized_parties: list[str] = Field(
        default=[],
        description="origins to which tokens are issued (`azp`), for tokens without an audience",
    )
    oidc_user_claim: str = Field(
        default="sub", min_length=1, description="the claim that names the user; `sub` where a token is without it"
    )
    oidc_algorithms: list[RsaOrEc] = Field(default=["RS256"], description="of one family")

    @model_validator(mode="after")
    def _one_kind_of_caller(self) -> Self:
        meant_for = self.oidc_audience or self.oidc_authorized_parties
        oidc = (self.oidc_issuer, meant_for, self.oidc_jwks_url)
        if self.local_token is not None and any(oidc):
            raise ValueError("set LOCAL_TOKEN or the OIDC_… settings, not both")
        if any(oidc) and not all(oidc):
            raise ValueError("OIDC_ISSUER, OIDC_AUDIENCE or OIDC_AUTHORIZED_PARTIES, and OIDC_JWKS_URL belong together")
        if self.oidc_jwks_url is not None and not self.oidc_jwks_url.startswith("https://"):
            raise ValueError("OIDC_JWKS_URL must be an https address")
        if len({"RS" if name[:2] in {"RS", "PS"} else name[:2] for name in self.oidc_algorithms}) != 1:
            raise ValueError("OIDC_ALGORITHMS must be of one family")
        if self.local_token is not None and len(self.local_token.get_secret_value()) < 16:
            raise ValueError("LOCAL_TOKEN is too short to be safe; use at least 16 characters")
        return self

    @property
    def sealing_key(self) -> SealingKey | None:
        """The key that seals; None where nothing can be kept. Raises ValueError."""
        keys = parse_keys(self.credential_sealing_key, "CREDENTIAL_SEALING_KEY")
        return SealingKey(*next(iter(keys.items()))) if keys else None

    @model_validator(mode="after")
    def _sealing_key_can_be_read(self) -> Self:
        _ = self.sealing_key
        return self

    @field_validator("cors_origins")
    @classmethod
    def _origins_are_exact(cls, origins: list[str]) -> list[str]:
        for origin in origins:
            if not re.fullmatch(r"https?://[a-z0-9.\[\]:-]+", origin):
                raise ValueError("CORS_ORIGINS takes whole origins in lower case, without a path and without `*`")
        return origins


def build_authenticator(settings: CallerSettings, clock: Clock) -> Authenticator:
    """The one the settings ask for. Raises ValueError when they ask for none: there is no open mode."""
    if settings.local_token is not None:
        return LocalAuthenticator(settings.local_token.get_secret_value())
    if settings.oidc_issuer is None or settings.oidc_jwks_url is None:
        raise ValueError("Set LOCAL_TOKEN, or OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL")
    # A wall clock that is set back would keep new keys out for as long.
    keys = IssuerKeys(fetcher(settings.oidc_jwks_url), time.monotonic)
    return JwtAuthenticator(
        settings.oidc_issuer, settings.oidc_audience, tuple(settings.oidc_algorithms), keys, clock,
        frozenset(settings.oidc_authorized_parties), settings.oidc_user_claim,
    )  # fmt: skip
