"""Settings of the classroom: its address, who may sign in, and how long a session lasts."""

from pydantic import Field, SecretStr, model_validator

from shared.classroom.model_budget import BudgetSettings
from shared.classroom.tutored import TutorEngineSettings
from shared.code.settings import CodeSettings
from shared.events.base import EngineName
from shared.hearing.settings import HearingSettings
from shared.kernel.serving import ServingSettings
from shared.kernel.settings import LogSettings
from shared.sources.secret_keys import parse_keys
from shared.web.callers import CallerSettings


class ClassroomSettings(
    TutorEngineSettings, BudgetSettings, CallerSettings, CodeSettings, HearingSettings, ServingSettings, LogSettings
):
    """Each value can be given as an environment variable of the same name in upper case."""

    classroom_host: str = "127.0.0.1"
    classroom_port: int = Field(default=8401, ge=0, le=65535)
    classroom_allowed_hosts: list[str] = Field(
        default=["127.0.0.1", "localhost", "[::1]"], description="values of the Host header"
    )
    classroom_prefix: str = Field(
        default="/classroom", pattern=r"^(/[a-z0-9-]+)?$",
        description="where a local stack mounts it on the gateway's port; empty: not there",
    )  # fmt: skip
    classroom_nats_url: str | None = Field(default=None, description="the classroom's user; default: NATS_URL")
    classroom_database_url: SecretStr | None = Field(
        default=None, description="the classroom's role; default: DATABASE_URL"
    )
    generated_course_limit_bytes: int = Field(
        default=4 * 1024 * 1024, gt=0, description="of a course.json that is published; other bodies: BODY_LIMIT_BYTES"
    )
    blob_store_url: str | None = Field(default=None, description="where files of people lie; without it there are none")
    file_limit_bytes: int = Field(default=25 * 1024 * 1024, gt=0, description="of one file of a person")
    gateway_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/]+$",
        description="of the gateway that makes courses; without it none is made",
    )
    generation_engine: EngineName = Field(default="offline", description="of the courses that are made")
    generation_stage_usd: float = Field(
        default=1.0, ge=0, description="what must be left of a school's model budget before a stage of a course begins"
    )
    generation_look_seconds: float = Field(default=2.0, gt=0, description="between two looks at courses in the making")
    google_client_id: str | None = Field(default=None, description="whose ID tokens of Google count")
    google_jwks_url: str = Field(default="https://www.googleapis.com/oauth2/v3/certs", pattern=r"^https://")
    session_seconds: int = Field(default=12 * 3600, ge=60, le=24 * 3600)
    session_cookie_secure: bool = Field(default=True, description="false only where the classroom is reached by http")

    def as_classroom(self) -> "ClassroomSettings":
        """With the address of the tables that the classroom connects to."""
        return self.model_copy(update={"database_url": self.classroom_database_url or self.database_url})

    @model_validator(mode="after")
    def _has_keys(self) -> "ClassroomSettings":
        if not parse_keys(self.session_keys.get_secret_value(), "SESSION_KEYS"):
            raise ValueError("SESSION_KEYS is empty: without a key nobody can sign in")
        if not (self.google_client_id or self.local_token or self.oidc_issuer):
            raise ValueError("Set GOOGLE_CLIENT_ID, LOCAL_TOKEN, or OIDC_ISSUER with its fellows")
        return self
