"""A message on its way to the model: once at a time over all processes, within the budget, and its reply is kept."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from services.tutor.answering import DELAYS, Answering, longest_scorecard
from services.tutor.prompts import ask_grade, ask_tutor
from services.tutor.settings import TutorSettings
from shared.classroom.model_budget import Asking, spending
from shared.classroom.tutored import TutorQuestion, TutorReply
from shared.engine.model.cache import AnswerCache, StoredAnswer, answer_key
from shared.engine.model.client import ModelClient
from shared.engine.model.opened import open_client
from shared.engine.model.prices import Prices
from shared.engine.model.provider import Provider, Tokens
from shared.engine.model.providers import model_of, open_provider
from shared.engine.model.question import Question
from shared.engine.types import Usage
from shared.kernel.blobs import Blobs
from shared.kernel.errors import Conflict, PermanentError
from shared.kernel.kill_points import KillPoint, reached
from shared.readmodels.turns import Turns
from shared.sources.sealed_tokens import OpeningKeys
from shared.sources.secret_keys import parse_keys

_BYTES_PER_TOKEN = 3
_TIMES = 2  # a question is asked once more where its answer cannot be used


class AskedOnce:
    """Stored answers lie with the person whose message it was, and go with that person."""

    def __init__(
        self, settings: TutorSettings, engine: AsyncEngine, blobs: Blobs, delays: Sequence[float] = DELAYS
    ) -> None:  # fmt: skip
        self._delays = delays
        self._settings, self._engine, self._blobs = settings, engine, blobs
        self._turns = Turns(engine, settings.tutor_parallelism)
        self._prices = Prices(settings.engine_prices)
        self._provider = lru_cache(maxsize=64)(self._opened)

    async def answer(self, question: TutorQuestion) -> TutorReply:
        """The reply that the message got, else a new one: one message of a conversation at a time. Raises the errors of
        a model, BudgetSpent, LearnerBudgetSpent and Conflict.
        """
        about = question.model_dump(mode="json", include={"person_id", "conversation_id", "message_id", "message"})
        key, cache = answer_key(about), AnswerCache(self._blobs, question.org_id, question.person_id)
        async with self._turns.alone(f"tutor:{question.person_id}/{question.conversation_id}"):
            stored = await cache.get(key)
            if stored is None:
                await _claim(cache, question, key)
                reply = await self._asked(question, f"{question.person_id}/{question.message_id}/{key}")
                answer = reply.model_dump(mode="json")
                stored = StoredAnswer(answer=answer, usage=Usage(), run_id=question.message_id)
                await cache.put(key, stored)
                reached(KillPoint.effect_done, "tutor")
        return TutorReply.model_validate(stored.answer)

    async def _asked(self, question: TutorQuestion, asked_id: str) -> TutorReply:
        chat = self._model(self._settings.tutor_model)
        grading = self._model(self._settings.tutor_grading_model or self._settings.tutor_model)
        most = most_usd(self._prices, question, chat, grading)
        asking = Asking(question.org_id, asked_id, question.conversation_id, most, question.person_id)
        async with spending(
            self._engine, read_keys(self._settings.credential_keys_file), self._settings, asking
        ) as held:
            client = self._clients(question, asked_id, held.access.api_key)
            return await Answering(client(chat), client(grading), held.add, self._delays).answer(question)

    def _clients(self, question: TutorQuestion, asked_id: str, api_key: str | None) -> Callable[[str], ModelClient]:
        def client(model: str) -> ModelClient:
            about = question.org_id, question.person_id, asked_id
            return open_client(
                self._settings, self._blobs, self._settings.tutor_engine, model, *about,
                provider=self._provider(api_key), conversation_id=question.conversation_id,
            )  # fmt: skip

        return client

    def _opened(self, api_key: str | None) -> Provider:
        own = {} if api_key is None else {f"{self._settings.tutor_engine}_api_key": SecretStr(api_key)}
        settings = self._settings.model_copy(update=own)
        return open_provider(settings, settings.tutor_engine, settings.engine_timeout_seconds)

    def _model(self, chosen: str) -> str:
        return model_of(self._settings, self._settings.tutor_engine, chosen)


def most_usd(prices: Prices, question: TutorQuestion, chat: str, grading: str) -> float:
    """What the models may cost at most for a message."""
    asked = [(chat, ask_tutor(question, longest_scorecard(question)))]
    asked += [(grading, ask_grade(question))] if question.criteria else []
    return _TIMES * sum(_cost_usd(prices, model, one) for model, one in asked)


def _cost_usd(prices: Prices, model: str, question: Question) -> float:
    tokens = len(f"{question.shared}{question.own}".encode()) // _BYTES_PER_TOKEN
    return prices.usage(model, Tokens(0, tokens, 0, question.max_tokens)).estimated_cost_usd


async def _claim(cache: AnswerCache, question: TutorQuestion, key: str) -> None:
    """Keep which message has the id, before it costs anything. Raises Conflict for an id that another one has."""
    name = answer_key(question.model_dump(mode="json", include={"person_id", "message_id"}))
    first = await cache.get(name)
    if first is None:
        await cache.put(name, StoredAnswer(answer=key, usage=Usage(), run_id=question.message_id))
    elif first.answer != key:
        raise Conflict("A message with this id said something else", code="message_differs")


def read_keys(file: Path | None) -> OpeningKeys | None:
    """The keys of a file, which is read each time: a new key needs no new start. Raises PermanentError."""
    if file is None:
        return None
    try:
        return OpeningKeys(parse_keys(file.read_text(encoding="utf-8"), "CREDENTIAL_KEYS_FILE"))
    except (OSError, ValueError) as error:
        message = "The keys of organizations cannot be read: look at CREDENTIAL_KEYS_FILE"
        raise PermanentError(message, code="credentials_not_configured") from error
