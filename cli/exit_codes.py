"""What the command says with its exit code; documented in docs/cli.md."""

from enum import IntEnum

from cli.client import ApiError
from shared.errors import CoursewrightError


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


def exit_code_of(error: CoursewrightError) -> ExitCode:
    """The code for an error that ended a command."""
    if isinstance(error, ApiError):
        return {
            404: ExitCode.NOT_FOUND, 409: ExitCode.CONFLICT, 412: ExitCode.CONFLICT, 422: ExitCode.INVALID_INPUT,
            400: ExitCode.INVALID_INPUT, 503: ExitCode.UNAVAILABLE,
        }.get(error.status, ExitCode.FAILED)  # fmt: skip
    return ExitCode.UNAVAILABLE if error.transient else ExitCode.INVALID_INPUT
