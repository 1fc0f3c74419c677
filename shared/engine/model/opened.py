"""A client for one run, with the keys, models and limits of the settings."""

from shared.engine.model.cache import AnswerCache
from shared.engine.model.client import ModelClient
from shared.engine.model.prices import Prices
from shared.engine.model.provider import Provider
from shared.engine.model.providers import model_of, open_provider
from shared.engine.model.traces import CallTraces
from shared.events.base import EngineName
from shared.kernel.blobs import Blobs
from shared.kernel.settings import EngineSettings


def open_client(
    settings: EngineSettings, blobs: Blobs, engine: EngineName, model: str, owner: str, course_id: str, run_id: str,
    *, provider: Provider | None = None, conversation_id: str = "",
) -> ModelClient:  # fmt: skip
    """The client of one run of an owner's course. `model`: the one that was chosen for it; empty = as set. `provider`:
    one that is open; else that of the settings.

    Raises PermanentError `engine_not_configured`.
    """
    return ModelClient(
        provider or open_provider(settings, engine, settings.engine_timeout_seconds),
        model_of(settings, engine, model),
        AnswerCache(blobs, owner, course_id),
        traces=CallTraces(blobs.backend),
        prices=Prices(settings.engine_prices),
        run_id=run_id,
        parallelism=settings.engine_parallelism,
        token_cap=settings.engine_token_cap,
        answer_tokens=settings.engine_answer_tokens,
        conversation_id=conversation_id,
    )
