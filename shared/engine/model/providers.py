"""The provider and the model by the settings. The SDKs are imported here on first use, which takes seconds."""

from typing import assert_never

from shared.engine.model.provider import Provider
from shared.events.base import EngineName
from shared.kernel.errors import PermanentError
from shared.kernel.settings import ModelSettings


def model_of(settings: ModelSettings, engine: EngineName, chosen: str) -> str:
    """The name of the model to ask. Raises PermanentError `engine_not_configured` when nobody named one."""
    name = chosen or (settings.anthropic_model if engine == "anthropic" else settings.openai_model)
    if not name:
        raise _not_configured(f"The {engine} engine needs the name of a model: set {engine.upper()}_MODEL")
    return name


def open_provider(settings: ModelSettings, engine: EngineName, timeout_seconds: float) -> Provider:
    """The adapter of an engine's protocol. Raises PermanentError `engine_not_configured`."""
    try:
        match engine:
            case "anthropic":
                return _anthropic(settings, timeout_seconds)
            case "openai":
                return _openai(settings, timeout_seconds)
            case "offline":
                raise ValueError("The offline engine asks no model")
            case _:
                assert_never(engine)
    except ModuleNotFoundError as error:
        raise _not_configured(f"The {engine} engine is not installed here: install coursewright[{engine}]") from error


def _anthropic(settings: ModelSettings, timeout_seconds: float) -> Provider:
    if settings.anthropic_api_key is None:
        raise _not_configured("The anthropic engine needs a key: set ANTHROPIC_API_KEY, or use the offline engine")
    from shared.engine.model.anthropic_api import AnthropicApi

    return AnthropicApi(settings.anthropic_api_key.get_secret_value(), settings.anthropic_base_url, timeout_seconds)


def _openai(settings: ModelSettings, timeout_seconds: float) -> Provider:
    key, address = settings.openai_api_key, settings.openai_base_url or None
    if key is None and address is None:
        raise _not_configured(
            "The openai engine needs a server: set OPENAI_BASE_URL, or OPENAI_API_KEY for OpenAI's own"
        )
    from shared.engine.model.openai_api import OpenAiApi

    return OpenAiApi(key.get_secret_value() if key else None, address, timeout_seconds)


def _not_configured(message: str) -> PermanentError:
    return PermanentError(message, code="engine_not_configured")
