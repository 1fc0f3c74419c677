"""Asking a gateway that may be away for a moment: a database or a log that starts again is no end of a course."""

import time
from collections.abc import Callable
from typing import TypeVar

from cli.failures import ApiError, GatewayAway

T = TypeVar("T")

_AGAIN_SECONDS = 0.2
_PATIENCE_SECONDS = 60.0


class Patience:
    """Repeats a question that changes nothing until it is answered, for so many seconds of silence in a row at most.

    `still_whole` raises when waiting is in vain.
    """

    def __init__(
        self,
        still_whole: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
        seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        self._still_whole = still_whole
        self._clock = clock
        self._wait = wait
        self._seconds = seconds

    def ask(self, question: Callable[[], T]) -> T:
        """The answer. Raises GatewayAway or ApiError: the last silence, or at once what asking again cannot change."""
        began = self._clock()
        while True:
            self._still_whole()
            try:
                return question()
            except (GatewayAway, ApiError) as error:
                if not error.transient or self._clock() - began > self._seconds:
                    raise
            self._wait(_AGAIN_SECONDS)
