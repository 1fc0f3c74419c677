"""Composition of stage 2. `faststream run services.doc_analyser.app:create_app --factory`."""

from functools import partial
from typing import TYPE_CHECKING

from services.doc_analyser.core import CORE
from services.doc_analyser.effects import DocAnalyserEffects
from services.doc_analyser.offline.engine import OfflineAnalyser
from services.doc_analyser.settings import Settings
from shared.engine.model.source import engine_source
from shared.event_log.names import ENGINE_READY
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE
from shared.stage.app import StageSpec, service_app
from shared.workers.away import away, later

if TYPE_CHECKING:
    from services.doc_analyser.model import ModelAnalyser
    from services.doc_analyser.offline import documents
    from shared.engine.model.ready import answer_ready
else:
    ModelAnalyser = later("services.doc_analyser.model:ModelAnalyser")
    answer_ready = later("shared.engine.model.ready:answer_ready")
    documents = away("services.doc_analyser.offline.documents")


def build_effects(settings: Settings, blobs: Blobs) -> DocAnalyserEffects:
    """The effects with their dependencies."""
    return DocAnalyserEffects(
        blobs, engine_source(settings, blobs, OfflineAnalyser, ModelAnalyser), settings.engine_parallelism
    )


SPEC = StageSpec(
    PIPELINE.by_name["doc_analyser"], CORE, Settings, build_effects, documents.load, {ENGINE_READY: answer_ready}
)
create_app = partial(service_app, SPEC)
