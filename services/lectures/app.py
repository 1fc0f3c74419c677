"""Composition of stage 6. `faststream run services.lectures.app:create_app --factory`."""

from functools import partial
from importlib import import_module

from services.lectures.core import CORE
from services.lectures.effects import CaptionReader, Elsewhere
from services.lectures.settings import Settings
from services.lectures.transcription import Transcriber
from shared.added.effects import AddedEffects
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE
from shared.stage.app import StageSpec, service_app


def build_effects(settings: Settings, blobs: Blobs) -> AddedEffects:
    """The effects with their dependencies."""
    transcriber = Transcriber(blobs, settings.ears, settings.work_isolation != "process")
    elsewhere = Elsewhere(blobs, settings)
    return AddedEffects(
        blobs, settings.lectures_parallelism, CaptionReader(transcriber), elsewhere.fetch, elsewhere.tidy
    )  # fmt: skip


SPEC = StageSpec(
    PIPELINE.by_name["lectures"], CORE, Settings, build_effects, partial(import_module, "shared.docs.captions.reader")
)
create_app = partial(service_app, SPEC)
