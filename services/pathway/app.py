"""Composition of stage 3. `faststream run services.pathway.app:create_app --factory`."""

from functools import partial
from importlib import import_module

from faststream import FastStream

from services.pathway.core import CORE
from services.pathway.effects import PathwayEffects
from services.pathway.model import ModelPlanner
from services.pathway.offline.engine import OfflinePlanner
from services.pathway.settings import Settings
from shared.engine.model.source import engine_source
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE
from shared.stage.app import StageSpec, service_app


def build_effects(settings: Settings, blobs: Blobs) -> PathwayEffects:
    """The effects with their dependencies."""
    return PathwayEffects(blobs, engine_source(settings, blobs, OfflinePlanner, ModelPlanner))


SPEC = StageSpec(
    PIPELINE.by_name["pathway"], CORE, Settings, build_effects,
    partial(import_module, "services.pathway.offline.pathways"),
)  # fmt: skip


def create_app() -> FastStream:
    """The service with settings from the environment."""
    return service_app(SPEC)
