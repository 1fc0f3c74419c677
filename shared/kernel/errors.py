"""The one error tree. Each class knows whether trying again makes sense, and its HTTP status."""

from typing import Any

# Failures for good that the same attempt may not meet again: somebody mends the cause without another input.
MENDED_ELSEWHERE = frozenset(
    {
        "internal", "engine_not_configured", "engine_key_refused", "engine_model_unknown", "git_missing",
        "not_permitted", "credential_refused", "credential_lost", "credentials_not_configured", "run_limit_passed",
    }
)  # fmt: skip


class CoursewrightError(Exception):
    """An error with a code programs can match and a message a user understands."""

    code = "internal"
    transient = False
    http_status = 500

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class TransientError(CoursewrightError):
    """Trying again later may work: a service is away, a limit was hit, a network broke."""

    code = "temporarily_unavailable"
    transient = True
    http_status = 503

    def __init__(self, message: str, *, code: str | None = None, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_seconds = retry_after_seconds


class LogUnavailable(TransientError):
    """The event log did not answer in time. The message says whether something may have been recorded all the same."""

    code = "log_unavailable"


class PermanentError(CoursewrightError):
    """Trying again without a change cannot work; the message says what to change."""

    code = "failed"
    http_status = 422


class NothingToTeach(PermanentError):
    """A document that was read has no text to teach from; the message is the reason, for users."""

    code = "nothing_to_teach"


class UnreadableText(PermanentError):
    """The file is no text, or too large to be documentation."""

    code = "not_text"


class EngineDeclined(PermanentError):
    """The engine has no answer about one text: it refused twice, or was cut off twice. Other texts may go.

    `spent`: what the answers that could not be used cost, a `shared.engine.types.Usage`; None = nothing.
    """

    code = "engine_declined"
    spent: Any = None


class Defect(PermanentError):
    """Pure code raised what it never should: another attempt would raise it again. `trace` is for the operator."""

    code = "internal"
    http_status = 500

    def __init__(self, about: str, kind: str, trace: str) -> None:
        self.reason = f"something went wrong inside Coursewright ({kind})"
        super().__init__(f"{about}: {self.reason}")
        self.trace = trace


class NotPermitted(PermanentError):
    """A right on a server that the process lacks; only the operator can change that."""

    code = "not_permitted"
    http_status = 500


class Conflict(CoursewrightError):
    """Somebody else wrote to the course first; reload and decide again."""

    code = "conflict"
    http_status = 409


class NotFound(CoursewrightError):
    """There is no such thing, or it is not the caller's."""

    code = "not_found"
    http_status = 404
