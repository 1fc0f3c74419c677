"""Engines by name. Each is imported on first use, so that an offline process never loads the other's libraries."""

from collections.abc import Callable

from shared.blobs import Blobs
from shared.engine.port import Engine
from shared.errors import PermanentError
from shared.events.base import EngineName
from shared.settings import StageSettings
from shared.stage_port import Run

EngineSource = Callable[[EngineName, str, Run], Engine]


def load_offline() -> None:
    """Import and load the offline engine in a worker process, so that the first course does not wait for it."""
    from shared.engine.offline.engine import load

    load()


def engine_source(settings: StageSettings, blobs: Blobs) -> EngineSource:
    """A function (engine name, owner, run) → Engine, for a thread: the first call imports for seconds.

    It raises PermanentError `engine_not_configured` without a key.
    """

    def choose(name: EngineName, owner: str, run: Run) -> Engine:
        if name == "offline":
            from shared.engine.offline.engine import OfflineEngine

            return OfflineEngine(run.workers)
        if settings.anthropic_api_key is None:
            raise PermanentError(
                "The anthropic engine needs a key: set ANTHROPIC_API_KEY, or use the offline engine",
                code="engine_not_configured",
            )
        from shared.engine.anthropic.engine import open_engine

        return open_engine(settings, blobs, owner, run)

    return choose
