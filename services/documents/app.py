"""Composition of stage 5. `faststream run services.documents.app:create_app --factory`."""

from functools import partial
from importlib import import_module

from services.documents.core import CORE
from services.documents.effects import DocumentReader
from services.documents.settings import Settings
from shared.added.effects import AddedEffects
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE
from shared.stage.app import StageSpec, service_app


def build_effects(settings: Settings, blobs: Blobs) -> AddedEffects:
    """The effects with their dependencies."""
    return AddedEffects(blobs, settings.documents_parallelism, DocumentReader(settings.scan_languages))


SPEC = StageSpec(
    PIPELINE.by_name["documents"], CORE, Settings, build_effects, partial(import_module, "services.documents.reading")
)
create_app = partial(service_app, SPEC)
