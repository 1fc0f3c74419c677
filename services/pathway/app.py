"""Composition of stage 3. `faststream run services.pathway.app:create_app --factory`."""

from functools import partial
from typing import TYPE_CHECKING

from services.pathway.core import CORE
from services.pathway.effects import PathwayEffects
from services.pathway.offline.engine import OfflinePlanner
from services.pathway.settings import Settings
from shared.engine.model.source import engine_source
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE
from shared.stage.app import StageSpec, service_app
from shared.workers.away import away, later

if TYPE_CHECKING:
    from services.pathway.model import ModelPlanner
    from services.pathway.offline import pathways
else:
    ModelPlanner = later("services.pathway.model:ModelPlanner")
    pathways = away("services.pathway.offline.pathways")


def build_effects(settings: Settings, blobs: Blobs) -> PathwayEffects:
    """The effects with their dependencies."""
    return PathwayEffects(blobs, engine_source(settings, blobs, OfflinePlanner, ModelPlanner))


SPEC = StageSpec(PIPELINE.by_name["pathway"], CORE, Settings, build_effects, pathways.load)
create_app = partial(service_app, SPEC)
