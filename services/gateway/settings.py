"""Settings of the gateway: its address, its database, who may call."""

import re
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from services.gateway.course.places import Places
from shared.docs.pdf.facts import MAX_PDF_BYTES
from shared.kernel.serving import ServingSettings
from shared.kernel.settings import ProcessSettings
from shared.sources.posting import RETRY_SECONDS
from shared.sources.secret_keys import parse_keys
from shared.web.callers import CallerSettings


class GatewaySettings(CallerSettings, ServingSettings, ProcessSettings):
    """Each value can be given as an environment variable of the same name in upper case.

    Callers are checked either against the local token (one user, one machine) or by an OIDC issuer, never both.
    """

    gateway_host: str = "127.0.0.1"
    gateway_port: int = Field(default=8400, ge=0, le=65535)
    gateway_allowed_hosts: list[str] = Field(
        default=["127.0.0.1", "localhost", "[::1]"], description="values of the Host header"
    )
    stream_limit: int = Field(default=3072, ge=1, description="event streams one process serves at a time")
    projector_database_url: SecretStr | None = Field(
        default=None, description="the projector's role; default: DATABASE_URL"
    )
    projector_nats_url: str | None = Field(default=None, description="the projector's user; default: NATS_URL")
    eraser_nats_url: str | None = Field(default=None, description="the eraser's user; default: the projector's")
    model_budget_tokens: int = Field(default=0, ge=0, description="tokens of one owner in a period; 0 = no limit")
    model_budget_usd: float = Field(default=0.0, ge=0, description="the same in US dollars, by list prices")
    model_budget_period: Literal["day", "month"] = "month"
    engine_models: list[str] = Field(
        default=[], description="models a run may choose; without one a run has the model its stage is set to"
    )
    courses_at_work: int = Field(
        default=64, ge=0, description="unattended runs at work at a time, of all owners; others wait; 0 = no limit"
    )
    courses_at_work_per_owner: int = Field(default=16, ge=0, description="the same, of one owner")

    operator_token: SecretStr | None = Field(
        default=None, description="a bearer token that cancels and retries stages of any course, and does nothing else"
    )

    session_cookie: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9_-]*$",
        description="a cookie that may hold the token of a page's user, such as `__session`",
    )
    admin_user_ids: list[str] = Field(
        default=[], description="users who may delete documents and lectures of everybody"
    )
    dev_routes_enabled: bool = Field(default=False, description="administrators may list the lectures of everybody")

    allow_local_repositories: bool = Field(default=False, description="accept paths of this machine as repositories")
    allow_http_repositories: bool = False
    inward_repository_hosts: list[str] = Field(
        default=[], description="hosts inside this network that repositories may be fetched from; a port stands beside"
    )
    inward_lecture_hosts: list[str] = Field(
        default=[], description="hosts inside this network that lectures may be fetched from; a port stands beside"
    )
    host_lookup_seconds: float = Field(
        default=0.5, gt=0, description="how long the name of a repository's host is looked up where it is given"
    )

    ready_lag_limit: int = Field(
        default=10_000, ge=1, description="events the projection may be behind before /readyz says not ready"
    )
    secret_keys: SecretStr = Field(
        default=SecretStr(""), description="id:key,… of 32 bytes as base64; the first seals, all open"
    )
    allow_private_webhooks: bool = Field(default=False, description="let webhooks point at this network, and at http")
    webhook_timeout_seconds: float = Field(default=10.0, gt=0)
    webhook_retry_seconds: list[float] = Field(default=list(RETRY_SECONDS), description="before each further attempt")
    erasure_settle_seconds: float = Field(
        default=30.0, gt=0, description="how long after a deletion a worker may still have written"
    )
    erasure_sweep_seconds: float = Field(default=3600.0, gt=0, description="how often leftovers are looked for")
    document_limit_bytes: int = Field(
        default=50 * 1024 * 1024, gt=0, le=MAX_PDF_BYTES, description="of a document that is uploaded"
    )
    lecture_limit_bytes: int = Field(
        default=100 * 1024 * 1024, gt=0, le=1024 * 1024 * 1024, description="of a lecture's recording that is uploaded"
    )
    stream_heartbeat_seconds: float = Field(default=15.0, gt=0)
    stream_seconds: float = Field(default=900.0, gt=0, description="an event stream ends then; clients reconnect")

    @property
    def places(self) -> Places:
        """How many courses may be at work."""
        return Places(self.courses_at_work, self.courses_at_work_per_owner)

    def as_projector(self) -> "GatewaySettings":
        """With the addresses the projector connects to."""
        own = {
            "nats_url": self.projector_nats_url or self.nats_url,
            "database_url": self.projector_database_url or self.database_url,
        }
        return self.model_copy(update=own)

    @model_validator(mode="after")
    def _values_can_be_read(self) -> "GatewaySettings":
        parse_keys(self.secret_keys.get_secret_value(), "SECRET_KEYS")
        return self

    @model_validator(mode="after")
    def _operator_is_nobody_else(self) -> "GatewaySettings":
        if self.operator_token is None:
            return self
        token = self.operator_token.get_secret_value()
        if len(token) < 32 or not re.fullmatch(r"[\x21-\x7e]+", token):
            raise ValueError("OPERATOR_TOKEN must be at least 32 visible ASCII characters")
        if self.local_token is not None and token == self.local_token.get_secret_value():
            raise ValueError("OPERATOR_TOKEN and LOCAL_TOKEN must differ")
        return self
