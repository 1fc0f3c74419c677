"""Settings every process shares.

Each value can be given as an environment variable of the same name in upper case
(`NATS_URL`, `BLOB_STORE_URL`, …); a wrong value ends the start with a readable message.
"""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.events.base import ATTEMPTS

ACK_WAIT_SECONDS = 15.0
BEATS_PER_ACK_WAIT = 3  # signs of life in that time
_BESIDE_WORKERS = 4  # processes of an isolated run that prepare, or hold what was prepared


class LogSettings(BaseSettings):
    """Where the log is, and how its consumers wait."""

    model_config = SettingsConfigDict(extra="ignore", secrets_dir=None)

    nats_url: str = "nats://127.0.0.1:4222"
    ack_wait_seconds: float = Field(
        default=ACK_WAIT_SECONDS, ge=1, description="how long a worker may be silent before another gets its request"
    )


class DatabaseSettings(BaseSettings):
    """Where the tables are."""

    model_config = LogSettings.model_config

    database_url: SecretStr = Field(
        default=SecretStr("postgresql+asyncpg://localhost/coursewright"), description="SQLAlchemy URL for asyncpg"
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
    work_isolation: Literal["process", "sandbox", "container"] = "process"
    work_container: str = Field(default="", description="the command that starts a container, up to its Python")
    work_readable: list[Path] = Field(default=[], description="what a sandbox may read besides code, as a model")
    run_memory_bytes: int = Field(default=2 * 1024**3, ge=512 * 1024**2, description="of all processes of a run")
    run_processes: int = Field(default=32, ge=8, le=4096)
    run_seconds: float = Field(default=4 * 3600.0, gt=0, description="of one attempt, by the clock on the wall")

    @model_validator(mode="after")
    def _can_isolate(self) -> Self:
        if self.work_isolation == "container" and not self.work_container:
            raise ValueError("WORK_ISOLATION=container needs WORK_CONTAINER, the command that starts one")
        if self.work_isolation != "process" and self.run_processes < self.worker_processes + _BESIDE_WORKERS:
            raise ValueError(f"RUN_PROCESSES has to be at least WORKER_PROCESSES + {_BESIDE_WORKERS}")
        return self


class ModelSettings(BaseSettings):
    """Where models are, and the keys to them."""

    model_config = LogSettings.model_config

    anthropic_api_key: SecretStr | None = None
    anthropic_base_url: str | None = None
    anthropic_model: str = "claude-sonnet-5"
    openai_api_key: SecretStr | None = Field(default=None, description="a server of one's own may need none")
    openai_base_url: str | None = Field(default=None, description="a server that speaks the Chat Completions protocol")
    openai_model: str = ""


class EngineSettings(StageSettings, ModelSettings):
    """A stage that asks an engine: with them come the keys of models."""

    engine_parallelism: int = Field(default=4, ge=1, le=64)
    engine_token_cap: int = Field(default=5_000_000, gt=0, description="tokens one attempt of a stage may use")
    engine_answer_tokens: int = Field(default=0, ge=0, description="the most of one answer; 0 = as a question needs")
    engine_timeout_seconds: float = Field(default=120.0, gt=0)
    engine_prices: dict[str, tuple[float, float, float]] = Field(
        default={}, description="model -> USD per million tokens: input, input that a cache had, output"
    )
