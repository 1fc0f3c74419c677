"""The meanings of exit codes; documented in docs/cli.md."""

from enum import IntEnum

from cli.failures import ApiError, GenerationFailed
from shared.kernel.errors import Conflict, CoursewrightError, NotFound


class ExitCode(IntEnum):
    """0 done; the others say where to look."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    INVALID_INPUT = 4
    CONFLICT = 5
    UNAVAILABLE = 6
    INCOMPLETE = 7
    INTERRUPTED = 130


_SERVER_ERROR = 500
_OF_STATUS = {
    400: ExitCode.INVALID_INPUT, 401: ExitCode.INVALID_INPUT, 403: ExitCode.INVALID_INPUT, 404: ExitCode.NOT_FOUND,
    409: ExitCode.CONFLICT, 412: ExitCode.CONFLICT, 413: ExitCode.INVALID_INPUT, 422: ExitCode.INVALID_INPUT,
    429: ExitCode.UNAVAILABLE,
}  # fmt: skip


def exit_code_of(error: CoursewrightError) -> ExitCode:
    """The code for an error that ended a command."""
    if isinstance(error, ApiError):
        return _OF_STATUS.get(error.status, ExitCode.UNAVAILABLE if error.status >= _SERVER_ERROR else ExitCode.FAILED)
    if isinstance(error, GenerationFailed):
        # Stage 1 judges what the user gave: the address, the ref, whether there is anything to teach.
        refused = error.stage == 1 or error.code == "engine_not_configured"
        return ExitCode.UNAVAILABLE if error.transient else ExitCode.INVALID_INPUT if refused else ExitCode.FAILED
    if isinstance(error, NotFound):
        return ExitCode.NOT_FOUND
    if isinstance(error, Conflict):
        return ExitCode.CONFLICT
    return ExitCode.UNAVAILABLE if error.transient else ExitCode.INVALID_INPUT
