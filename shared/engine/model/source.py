"""Engines by name. Each stage has a port of its own and brings what implements it, offline and with a model.

What only a model needs is imported when a course has chosen one.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from shared.events.base import EngineName
from shared.kernel.blobs import Blobs
from shared.kernel.settings import EngineSettings
from shared.stage.port import Run
from shared.workers.away import later
from shared.workers.port import Workers

if TYPE_CHECKING:
    from shared.engine.model.opened import open_client
    from shared.engine.model.question import Model
else:
    open_client = later("shared.engine.model.opened:open_client")

E = TypeVar("E")

EngineSource = Callable[[EngineName, str, str, Run], E]


def engine_source(
    settings: EngineSettings, blobs: Blobs, offline: Callable[[Workers], E], model: "Callable[[Model, Workers], E]"
) -> EngineSource[E]:
    """A function (engine name, model or "", owner, run) → engine, for a thread: the first call with a model imports
    for seconds.

    It raises PermanentError `engine_not_configured` without a key or a server.
    """

    def choose(name: EngineName, model_name: str, owner: str, run: Run) -> E:
        if name == "offline":
            return offline(run.workers)
        return model(open_client(settings, blobs, name, model_name, owner, run.course_id, run.run_id), run.workers)

    return choose
