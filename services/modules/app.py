"""Composition of stage 4. `faststream run services.modules.app:create_app --factory`."""

from functools import partial
from typing import TYPE_CHECKING

from services.modules.core import CORE
from services.modules.effects import ModulesEffects
from services.modules.offline.engine import OfflineWriter
from services.modules.settings import Settings
from shared.engine.model.source import engine_source
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE
from shared.stage.app import StageSpec, service_app
from shared.workers.away import away, later

if TYPE_CHECKING:
    from services.modules import writing
    from services.modules.model import ModelWriter
else:
    ModelWriter = later("services.modules.model:ModelWriter")
    writing = away("services.modules.writing")


def build_effects(settings: Settings, blobs: Blobs) -> ModulesEffects:
    """The effects with their dependencies."""
    return ModulesEffects(
        blobs, engine_source(settings, blobs, OfflineWriter, ModelWriter), settings.engine_parallelism
    )


SPEC = StageSpec(PIPELINE.by_name["modules"], CORE, Settings, build_effects, writing.load)
create_app = partial(service_app, SPEC)
