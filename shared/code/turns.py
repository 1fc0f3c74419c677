"""Only so many programs run at a time: others wait, one of each caller, and what is more than may wait is refused."""

import asyncio
from collections.abc import Sequence

from shared.code.port import Case, Result, RunLanguage, Runner
from shared.kernel.refusals import Refusal, Refused

_AGAIN_SECONDS = 5
_WAITING_SECONDS = 30.0


class Turns:
    """In one process. `at_once` programs run, and `waiting` more wait."""

    def __init__(self, runner: Runner, at_once: int, waiting: int) -> None:
        self._runner = runner
        self._free = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._callers: set[str] = set()

    async def run(
        self, caller: str, language: RunLanguage, source: str, stdin: str, cases: Sequence[Case] = ()
    ) -> Result:
        """As Runner does. Raises Refused, too."""
        if caller in self._callers:
            detail = "A program of yours runs already: wait for its end"
            raise Refused(Refusal(429, "code_runs", detail, retry_after_seconds=_AGAIN_SECONDS))
        if len(self._callers) >= self._most:
            raise _full()
        self._callers.add(caller)
        try:
            try:
                async with asyncio.timeout(_WAITING_SECONDS):
                    await self._free.acquire()
            except TimeoutError as error:
                raise _full() from error
            try:
                return await self._runner.run(language, source, stdin, cases)
            finally:
                self._free.release()
        finally:
            self._callers.discard(caller)


def _full() -> Refused:
    detail = "Too many programs wait for their turn; try again soon"
    return Refused(Refusal(503, "code_full", detail, retry_after_seconds=_AGAIN_SECONDS))
