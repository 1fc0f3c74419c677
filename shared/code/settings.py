"""Settings of the place where programs are run."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from shared.code.judge0 import Judge0
from shared.code.port import CodeLimits, Runner
from shared.code.sandbox import Sandbox


class CodeSettings(BaseSettings):
    """Each value can be given as an environment variable of the same name in upper case."""

    code_runner_url: str | None = Field(
        default=None, pattern=r"^https?://", description="a Judge0 server; default: this machine"
    )
    code_runner_token: SecretStr | None = Field(default=None, description="the server's X-Auth-Token")
    code_processor_seconds: float = Field(default=2.0, gt=0, le=60)
    code_seconds: float = Field(default=5.0, gt=0, le=60)
    code_memory_bytes: int = Field(default=128 * 1024 * 1024, ge=32 * 1024 * 1024)
    code_at_once: int = Field(default=2, ge=1, description="programs that run at a time, in one process")
    code_waiting: int = Field(default=16, ge=0, description="programs that wait; further ones are refused")

    def runner(self) -> Runner:
        """The place that is set."""
        limits = CodeLimits(self.code_processor_seconds, self.code_seconds, self.code_memory_bytes)
        if self.code_runner_url is None:
            return Sandbox(limits)
        token = self.code_runner_token.get_secret_value() if self.code_runner_token else ""
        return Judge0(self.code_runner_url, token, limits)
