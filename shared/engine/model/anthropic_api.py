"""The Messages protocol, by the `anthropic` SDK. An answer is the input of a tool that the model has to call."""

from typing import Any

import anthropic
from anthropic.types import Message
from pydantic import BaseModel

from shared.engine.model.provider import ROLE, Reply, SdkErrors, Tokens, not_configured
from shared.engine.model.question import Question
from shared.events.base import EngineName
from shared.kernel.settings import ModelSettings

_TOOL = "answer"
_ERRORS = SdkErrors(
    anthropic.APITimeoutError, anthropic.APIConnectionError, anthropic.APIStatusError, anthropic.APIError
)  # fmt: skip


class AnthropicApi:
    """Implements `shared.engine.model.provider.Provider`. `base_url`: None = Anthropic's."""

    engine: EngineName = "anthropic"

    def __init__(self, key: str, base_url: str | None, timeout_seconds: float) -> None:
        self._api = anthropic.AsyncAnthropic(
            api_key=key,
            base_url=base_url,
            max_retries=0,  # retries are the log's business; the SDK's own would pay twice in silence
            timeout=timeout_seconds,
        )

    def body(self, model: str, question: Question, schema: type[BaseModel]) -> dict[str, Any]:
        return {
            "model": model,
            "max_tokens": question.max_tokens,
            "system": f"{ROLE} Answer only by calling the tool.",
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": question.shared, "cache_control": {"type": "ephemeral"}},
                        {"type": "text", "text": question.own},
                    ],
                }
            ],
            "tools": [
                {"name": _TOOL, "description": "Give the answer.", "input_schema": schema.model_json_schema()},
            ],
            "tool_choice": {"type": "tool", "name": _TOOL},
        }

    async def send(self, request: dict[str, Any]) -> Reply:
        with _ERRORS.told_apart(request["model"]):
            message = await self._api.messages.create(**request)
            if not isinstance(message, Message):
                raise TypeError("not a message")
        used = message.usage
        tokens = Tokens(
            used.input_tokens,
            used.cache_creation_input_tokens or 0,
            used.cache_read_input_tokens or 0,
            used.output_tokens,
        )
        if message.stop_reason == "max_tokens":
            return Reply("truncated", tokens)
        if message.stop_reason == "refusal":
            return Reply("refused", tokens)
        for block in message.content:
            if block.type == "tool_use" and block.name == _TOOL:
                return Reply("answered", tokens, block.input)
        return Reply("malformed", tokens)

    async def look(self, model: str) -> None:
        await _ERRORS.look(self._api.models, model)


def opened(settings: ModelSettings, timeout_seconds: float) -> AnthropicApi:
    """The provider that is set. Raises PermanentError `engine_not_configured`."""
    key = settings.anthropic_api_key
    if key is None:
        raise not_configured("The anthropic engine needs a key: set ANTHROPIC_API_KEY, or use the offline engine")
    return AnthropicApi(key.get_secret_value(), settings.anthropic_base_url, timeout_seconds)
