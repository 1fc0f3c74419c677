"""Settings every process shares.

Each value can be given as an environment variable of the same name in upper case
(`NATS_URL`, `BLOB_STORE_URL`, …); a wrong value ends the start with a readable message.
"""

import os

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.events.base import ATTEMPTS

ACK_WAIT_SECONDS = 15.0
BEATS_PER_ACK_WAIT = 3  # signs of life in that time


class LogSettings(BaseSettings):
    """Where the log is, and how its consumers wait."""

    model_config = SettingsConfigDict(extra="ignore", secrets_dir=None)

    nats_url: str = "nats://127.0.0.1:4222"
    ack_wait_seconds: float = Field(
        default=ACK_WAIT_SECONDS, ge=1, description="how long a worker may be silent before another gets its request"
    )


class ProcessSettings(LogSettings):
    """Settings of every service. The blob store has no default: other services would read another one."""

    blob_store_url: str = Field(min_length=1, description="file:///folder, s3://…, gs://…, az://…")
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65535, description="health and figures of a worker; 0 = not served")


class StageSettings(ProcessSettings):
    """Every stage service. What one stage alone needs stands in its own folder."""

    stage_concurrency: int = Field(default=2, ge=1, le=64, description="runs one process works on at a time")
    stage_attempts: int = Field(default=ATTEMPTS, ge=1, le=50)
    retry_first_seconds: float = Field(default=5.0, gt=0)
    retry_longest_seconds: float = Field(default=600.0, gt=0)
    retry_longest_asked_seconds: float = Field(
        default=3900.0, gt=0, description="the longest wait that a server may ask for; more is cut to it"
    )
    worker_processes: int = Field(
        default=max(1, min(4, os.cpu_count() or 1)), ge=1, le=64, description="processes one run reads and writes with"
    )
    work_processor_seconds: float = Field(default=30.0, gt=0, description="for one document, or one module")
    work_memory_bytes: int = Field(default=400 * 1024**2, ge=64 * 1024**2, description="what a worker may add")


class EngineSettings(StageSettings):
    """A stage that asks an engine: with them comes the key of the model."""

    engine_parallelism: int = Field(default=4, ge=1, le=64)
    anthropic_api_key: SecretStr | None = None
    anthropic_base_url: str | None = None
    anthropic_model: str = ""
    anthropic_token_cap: int = Field(default=5_000_000, gt=0, description="tokens one attempt of a stage may use")
    anthropic_timeout_seconds: float = Field(default=120.0, gt=0)
