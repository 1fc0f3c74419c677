"""One document or module that cannot be worked on is left out, and the run goes on with the others."""

import structlog

from shared.kernel.errors import Defect
from shared.workers.limits import LimitPassed

log = structlog.get_logger(__name__)


def say_why(verb: str, error: LimitPassed | Defect) -> str:
    """Why it is left out, for users. `verb` is what could not be done. The log gets the trace of a defect."""
    if isinstance(error, LimitPassed):
        return f"to {verb} it {error.reason}"
    log.error("piece_left_out", message=error.message, exception=error.trace)
    return error.reason
