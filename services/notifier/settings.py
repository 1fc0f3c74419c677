"""Settings of the notifier: who is told what, and when the day is over."""

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from services.notifier.core import Topic
from shared.kernel.serving import ServingSettings
from shared.kernel.settings import ProcessSettings
from shared.sources.posting import RETRY_SECONDS


class NotifierSettings(ServingSettings, ProcessSettings):
    """Each value can be given as an environment variable of the same name in upper case."""

    notifier_nats_url: str | None = Field(default=None, description="the notifier's user; default: NATS_URL")
    notifier_database_url: SecretStr | None = Field(default=None, description="its role; default: DATABASE_URL")
    slack_webhook_url: SecretStr | None = Field(default=None, description="told of every topic")
    slack_webhook_urls: dict[Topic, SecretStr] = Field(default={}, description="of topics that go elsewhere")
    smtp_url: SecretStr | None = Field(default=None, description="smtp://user:password@host:port, or smtps://…")
    mail_from: str = ""
    mail_to: list[str] = Field(default=[])
    mail_topics: list[Topic] = Field(default=["usage", "alerts"])
    allow_private_webhooks: bool = Field(default=False, description="let Slack's address be of this network, and http")
    notice_timeout_seconds: float = Field(default=10.0, gt=0)
    notice_retry_seconds: list[float] = Field(
        default=list(RETRY_SECONDS), min_length=1, description="before each further attempt"
    )
    due_seconds: float = Field(default=20.0, gt=0, le=60, description="how often is looked for what is due")
    daily_hour: int = Field(default=4, ge=0, le=23, description="of UTC: from then on the day before is told")
    trace_days: int = Field(default=30, ge=1, description="how long traces of calls of models are kept")
    disk_alert_bytes: int = Field(default=0, ge=0, description="less room than this raises an alarm; 0 = not watched")
    disk_alert_folders: list[str] = Field(default=[])

    def as_notifier(self) -> Self:
        """With the addresses that the notifier connects to."""
        own = {
            "nats_url": self.notifier_nats_url or self.nats_url,
            "database_url": self.notifier_database_url or self.database_url,
        }
        return self.model_copy(update=own)

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        if self.smtp_url is None:
            return self
        parts = urlsplit(self.smtp_url.get_secret_value())
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("SMTP_URL must be smtp://host:port or smtps://host:port")
        if not (self.mail_from and self.mail_to):
            raise ValueError("SMTP_URL needs MAIL_FROM and MAIL_TO")
        return self
