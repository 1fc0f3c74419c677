"""The Chat Completions protocol, by the `openai` SDK: OpenAI's own, Ollama, llama.cpp, vLLM, LM Studio and others.

An answer is a JSON object. Servers that can are told its schema; all are shown its type in words, because a server that
forces a form on a model does not tell the model what the fields are for.
"""

import json
from typing import Any

import openai
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from shared.engine.model.form import show_form
from shared.engine.model.provider import ROLE, Reply, SdkErrors, Tokens, not_configured
from shared.engine.model.question import Question
from shared.events.base import EngineName
from shared.kernel.errors import CoursewrightError
from shared.kernel.settings import ModelSettings

_FORM = "Answer with one JSON object of the last type here; the others are its parts:"
_NO_KEY = "none"  # the SDK wants one; servers without a key ignore it
_CHARACTERS_PER_TOKEN = 3
_ERRORS = SdkErrors(openai.APITimeoutError, openai.APIConnectionError, openai.APIStatusError, openai.APIError)


class OpenAiApi:
    """Implements `shared.engine.model.provider.Provider`. `base_url`: None = OpenAI's."""

    engine: EngineName = "openai"

    def __init__(self, key: str | None, base_url: str | None, timeout_seconds: float) -> None:
        self._api = openai.AsyncOpenAI(
            api_key=key or _NO_KEY,
            base_url=base_url,
            max_retries=0,  # retries are the log's business; the SDK's own would pay twice in silence
            timeout=timeout_seconds,
        )
        # OpenAI's newer models refuse the old name of the limit, most other servers do not know the new one.
        self._limit = "max_tokens" if base_url else "max_completion_tokens"
        self._forces_form = True

    def body(self, model: str, question: Question, schema: type[BaseModel]) -> dict[str, Any]:
        form = {"name": schema.__name__, "schema": schema.model_json_schema()}
        return {
            "model": model,
            self._limit: question.max_tokens,
            "messages": [
                {"role": "system", "content": f"{ROLE} {_FORM}\n{show_form(schema)}"},
                # Strangers' text has no place in the message that a model obeys most; a cache takes any beginning.
                {"role": "user", "content": f"{question.shared}\n\n{question.own}"},
            ],
            "response_format": {"type": "json_schema", "json_schema": form},
        }

    async def send(self, request: dict[str, Any]) -> Reply:
        """See Provider.send. A server that refuses to be told a form is not told one again."""
        if self._forces_form:
            try:
                return await self._send(request)
            except _FormRefused:
                self._forces_form = False
        return await self._send({name: value for name, value in request.items() if name != "response_format"})

    async def _send(self, request: dict[str, Any]) -> Reply:
        try:
            with _ERRORS.told_apart(request["model"]):
                completion = await self._api.chat.completions.create(**request)
                if not isinstance(completion, ChatCompletion):
                    raise TypeError("not a completion")
        except CoursewrightError as error:
            if error.code == "engine_request_refused" and "response_format" in request:
                raise _FormRefused from error
            raise
        return _read(request, completion)

    async def look(self, model: str) -> None:
        await _ERRORS.look(self._api.models, model)


class _FormRefused(Exception):
    """The server refused a request with a form; without one it may take it."""


def _read(request: dict[str, Any], completion: ChatCompletion) -> Reply:
    choice = completion.choices[0] if completion.choices else None
    text = (choice.message.content if choice else None) or ""
    tokens = _count(request, completion, text)
    if choice is None:
        return Reply("malformed", tokens)
    if choice.finish_reason == "length":
        return Reply("truncated", tokens)
    if choice.message.refusal or choice.finish_reason == "content_filter":
        return Reply("refused", tokens)
    try:
        return Reply("answered", tokens, _object_in(text))
    except ValueError:
        return Reply("malformed", tokens)


def _object_in(text: str) -> Any:
    """The first JSON object after a model's thoughts, whatever words or fences stand around it. Raises ValueError."""
    said = text.rpartition("</think>")[2]
    found, _ = json.JSONDecoder().raw_decode(said, said.index("{"))
    return found


def _count(request: dict[str, Any], completion: ChatCompletion, text: str) -> Tokens:
    """The tokens as the server counts them; one that does not is estimated."""
    used = completion.usage
    if used is None:
        asked = len(json.dumps(request["messages"]))
        return Tokens(asked // _CHARACTERS_PER_TOKEN, 0, 0, len(text) // _CHARACTERS_PER_TOKEN)
    read = (used.prompt_tokens_details.cached_tokens if used.prompt_tokens_details else None) or 0
    return Tokens(max(0, used.prompt_tokens - read), 0, read, used.completion_tokens)


def opened(settings: ModelSettings, timeout_seconds: float) -> OpenAiApi:
    """The provider that is set. Raises PermanentError `engine_not_configured`."""
    key, address = settings.openai_api_key, settings.openai_base_url or None
    if key is None and address is None:
        raise not_configured(
            "The openai engine needs a server: set OPENAI_BASE_URL, or OPENAI_API_KEY for OpenAI's own"
        )
    return OpenAiApi(key.get_secret_value() if key else None, address, timeout_seconds)
