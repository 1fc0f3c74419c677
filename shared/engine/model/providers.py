"""The provider and the model by the settings. An adapter and its SDK are imported on first use, which takes seconds."""

from importlib import import_module

from shared.engine.model.provider import Provider, not_configured
from shared.events.base import EngineName
from shared.kernel.settings import ModelSettings

ADAPTERS = {"anthropic": "shared.engine.model.anthropic_api", "openai": "shared.engine.model.openai_api"}
"""The module of each engine's protocol. Its `opened(settings, timeout_seconds)` gives the provider."""


def model_of(settings: ModelSettings, engine: EngineName, chosen: str) -> str:
    """The name of the model to ask. Raises PermanentError `engine_not_configured` when nobody named one."""
    name = chosen or (settings.anthropic_model if engine == "anthropic" else settings.openai_model)
    if not name:
        raise not_configured(f"The {engine} engine needs the name of a model: set {engine.upper()}_MODEL")
    return name


def open_provider(settings: ModelSettings, engine: EngineName, timeout_seconds: float) -> Provider:
    """The adapter of an engine's protocol. Raises PermanentError `engine_not_configured`."""
    try:
        provider: Provider = import_module(ADAPTERS[engine]).opened(settings, timeout_seconds)
    except ModuleNotFoundError as error:
        raise not_configured(f"The {engine} engine is not installed here: install coursewright[{engine}]") from error
    return provider
