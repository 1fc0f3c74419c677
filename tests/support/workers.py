"""Workers that do their work in the test's own process, for tests that are not about processes."""

import contextlib
import pickle
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from shared.workers.messages import dump_plain, load_plain, read_as

R = TypeVar("R")


class InlineWorkers:
    """See shared.workers.port.Workers. Work has to survive a pickle, and its value the way back as plain data."""

    def __init__(self) -> None:
        self.processor_seconds = 0.0
        self.is_prepared = False
        self._prepared: Any = None

    async def prepare(self, work: Callable[[], Any], *, about: str, pieces: int) -> None:
        self._prepared = pickle.loads(pickle.dumps(work))()
        self.is_prepared = True

    async def run(self, work: Callable[[], R], gives: Any = Any, **_: Any) -> R:
        value: R = read_as(gives, load_plain(dump_plain(pickle.loads(pickle.dumps(work))())))
        return value

    async def run_prepared(self, work: Callable[[Any], R], gives: Any = Any, **_: Any) -> R:
        assert self.is_prepared
        value: R = read_as(gives, load_plain(dump_plain(pickle.loads(pickle.dumps(work))(self._prepared))))
        return value


@contextlib.asynccontextmanager
async def inline_workers() -> AsyncIterator[InlineWorkers]:
    """See shared.stage.port.WorkerSource."""
    yield InlineWorkers()
