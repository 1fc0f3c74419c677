"""Loops of a process beside a database and a log. They outlive errors, and end when they are cancelled."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import nats.errors
import structlog
from sqlalchemy.exc import SQLAlchemyError

from shared.kernel.errors import CoursewrightError, TransientError
from shared.kernel.logging import error_facts
from shared.kernel.work import end_if_cancelled

log = structlog.get_logger(__name__)

_OF_SERVERS = (SQLAlchemyError, OSError, nats.errors.Error)


@contextmanager
def logged(name: str, known: type[CoursewrightError] = TransientError) -> Iterator[None]:
    """A round of the loop `name`: its error becomes a line of the log, with a traceback if it is a defect."""
    interrupted, failed = f"{name}_interrupted", f"{name}_failed"
    try:
        yield
    except (*_OF_SERVERS, known) as error:
        log.warning(interrupted, **error_facts(error))
    except Exception:  # the boundary of a loop: what was not done is found again in the next round
        log.exception(failed)
    end_if_cancelled()


async def repeat(
    name: str,
    work: Callable[[], Awaitable[None]],
    pause_seconds: float,
    known: type[CoursewrightError] = TransientError,
) -> None:
    """Do the work again and again, with pauses."""
    while True:
        with logged(name, known):
            await work()
        await asyncio.sleep(pause_seconds)
