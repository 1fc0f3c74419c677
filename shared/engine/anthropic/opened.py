"""A client for one run, with the key, model and limits of the settings. It imports the SDK, which takes seconds."""

import anthropic

from shared.engine.anthropic.cache import AnswerCache
from shared.engine.anthropic.client import MessagesClient
from shared.kernel.blobs import Blobs
from shared.kernel.settings import EngineSettings
from shared.stage.port import Run

DEFAULT_MODEL = "claude-sonnet-5"


def open_client(settings: EngineSettings, blobs: Blobs, model: str, owner: str, run: Run) -> MessagesClient:
    """The client of one run of an owner's course. `model`: the one that was chosen for it; empty = as set."""
    assert settings.anthropic_api_key is not None
    api = anthropic.AsyncAnthropic(
        api_key=settings.anthropic_api_key.get_secret_value(),
        base_url=settings.anthropic_base_url,
        max_retries=0,  # retries are the log's business; the SDK's own would pay twice in silence
        timeout=settings.anthropic_timeout_seconds,
    )
    return MessagesClient(
        api,
        model or settings.anthropic_model or DEFAULT_MODEL,
        AnswerCache(blobs, owner, run.course_id),
        run_id=run.run_id,
        parallelism=settings.engine_parallelism,
        token_cap=settings.anthropic_token_cap,
    )
