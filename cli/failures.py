"""Errors of the command line, beside those of the rest of the product. Light: every command imports it."""

from typing import Any

from shared.kernel.errors import MENDED_ELSEWHERE, CoursewrightError, PermanentError, TransientError

_NOT_NOW = frozenset({429, 502, 503, 504})


class ApiError(CoursewrightError):
    """The gateway refused a request; message and code are those of its problem document.

    `transient`: the gateway, a proxy before it or a server behind it could not answer at that moment.
    """

    def __init__(self, message: str, code: str, status: int) -> None:
        super().__init__(message, code=code)
        self.status = status
        self.transient = status in _NOT_NOW


class GatewayAway(TransientError):
    """The gateway does not answer."""

    code = "gateway_unreachable"


class GenerationFailed(CoursewrightError):
    """A stage failed; code and message are the stage's own. `stage` counts from 1."""

    def __init__(self, stage: int, answer: dict[str, Any]) -> None:
        self.canceled = answer["status"] == "REVOKED"
        message = "The course was canceled" if self.canceled else str(answer["error_message"] or "The stage failed")
        super().__init__(message, code=str(answer.get("error_code") or ("canceled" if self.canceled else "failed")))
        self.stage = stage
        self.transient = bool(answer.get("retryable"))

    @property
    def can_go_on(self) -> bool:
        """Whether the gateway would run the stage again. It refuses when the stage would fail in the same way."""
        return self.canceled or self.transient or self.code in MENDED_ELSEWHERE


class NoRepository(PermanentError):
    """A path of this machine holds no repository, as the first stage would say."""

    code = "repository_not_found"
    stage = 1


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, with what became of the work."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
