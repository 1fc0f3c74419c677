"""One question to a model with a structured answer: cached, counted, bounded. Attempts are the log's business."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ValidationError

from shared.engine.model.cache import AnswerCache, StoredAnswer, answer_key, declined_key
from shared.engine.model.prices import Prices
from shared.engine.model.provider import Provider, Reply
from shared.engine.model.question import Question
from shared.engine.model.traces import Call, CallTraces
from shared.engine.types import Usage
from shared.events.base import EngineName
from shared.kernel.errors import CoursewrightError, EngineDeclined, PermanentError
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.tracing import span

M = TypeVar("M", bound=BaseModel)

_CHARACTERS_PER_TOKEN = 3
_PROBLEMS = 10


class ModelClient:
    """Asks one model for one run of one owner. `token_cap` bounds input and output tokens of this client's life,
    `answer_tokens` those of one answer; 0 = as many as a question needs.
    """

    def __init__(
        self,
        provider: Provider,
        model: str,
        cache: AnswerCache,
        *,
        traces: CallTraces,
        prices: Prices,
        run_id: str,
        parallelism: int,
        token_cap: int,
        answer_tokens: int = 0,
        conversation_id: str = "",
    ) -> None:
        self._provider, self.model, self._cache, self._run_id = provider, model, cache, run_id
        self._traces, self._prices, self._conversation_id = traces, prices, conversation_id
        self._slots = asyncio.Semaphore(parallelism)
        self._cap, self._answer_tokens = token_cap, answer_tokens
        self._used = 0
        self._unreported = Usage()
        self._reported: set[str] = set()

    @property
    def engine(self) -> EngineName:
        return self._provider.engine

    async def ask(self, question: Question, schema: type[M]) -> tuple[M, Usage]:
        """The answer as a value of the schema, and what it cost: nothing when another run has paid for it.

        An answer that cannot be used is asked for once more: with more room when it was cut off, with what is wrong
        with its form, and a refused one as it was, because models refuse by chance as well. Raises TransientError for
        limits, overload and time-outs, PermanentError for a refused key or the token cap, EngineDeclined when the
        second answer cannot be used either, and for the rest of the day when the question comes again.
        """
        key = answer_key(self._body(question, schema))
        stored = await self._cache.get(key)
        if stored is not None:
            return schema.model_validate(stored.answer), self._owed(key, stored)
        refusal = declined_key(key, datetime.now(UTC).date())
        if (stored := await self._cache.get(refusal)) is not None:
            error = EngineDeclined(stored.answer, code=stored.declined)
            error.spent = self._owed(refusal, stored)
            raise error
        try:
            value, answer, cost = await self._ask_twice(question, schema, key)
        except EngineDeclined as error:
            cost = self._take_unreported()
            await self._store(
                refusal, StoredAnswer(answer=error.message, usage=cost, run_id=self._run_id, declined=error.code)
            )
            error.spent = cost + Usage(answer_keys=(refusal,))
            raise
        await self._store(key, StoredAnswer(answer=answer, usage=cost, run_id=self._run_id))
        reached(KillPoint.answer_stored, schema.__name__)
        return value, cost + Usage(answer_keys=(key,))

    async def _ask_twice(self, question: Question, schema: type[M], key: str) -> tuple[M, Any, Usage]:
        try:
            return await self._answered(question, schema, key)
        except _Unusable as error:
            instead = error.instead
        try:
            return await self._answered(instead, schema, key)
        except _Unusable as error:
            raise error.declined from error

    async def _store(self, key: str, answer: StoredAnswer) -> None:
        await self._cache.put(key, answer)
        self._reported.add(key)

    async def _answered(self, question: Question, schema: type[M], key: str) -> tuple[M, Any, Usage]:
        """One call: the value, the answer as it came, and what it and the unusable ones before it cost."""
        request = self._body(question, schema)
        async with self._slots:
            reserved = self._reserve(request, question.max_tokens)
            try:
                reached(KillPoint.before_call, schema.__name__)
                with span(f"chat {self.model}", kind=SpanKind.CLIENT, attributes=self._about):
                    reply = await self._traced(request, key)
                reached(KillPoint.answer_received, schema.__name__)
            finally:
                self._used -= reserved
        self._used += reply.tokens.total
        self._unreported += self._prices.usage(self.model, reply.tokens)  # told with this answer, or the next
        value = _read(reply, question, schema)
        return value, reply.answer, self._take_unreported()

    def _take_unreported(self) -> Usage:
        cost, self._unreported = self._unreported, Usage()
        return cost

    async def _traced(self, request: dict[str, Any], key: str) -> Reply:
        """Send a request, and keep how it ended."""
        began, ending, tokens = datetime.now(UTC), "interrupted", None
        try:
            reply = await self._provider.send(request)
            ending, tokens = reply.ending, reply.tokens
            return reply
        except CoursewrightError as error:
            ending = error.code
            raise
        finally:
            about = self.engine, self.model, self._run_id, key
            call = Call(*about, began, datetime.now(UTC), ending, tokens, self._conversation_id)
            await self._traces.note(call)

    def _body(self, question: Question, schema: type[M]) -> dict[str, Any]:
        most = min(question.max_tokens, self._answer_tokens or question.max_tokens)
        return self._provider.body(self.model, replace(question, max_tokens=most), schema)

    @property
    def _about(self) -> dict[str, str]:
        return {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": self.engine,
            "gen_ai.request.model": self.model,
        }

    def _owed(self, key: str, stored: StoredAnswer) -> Usage:
        """The cost that this run paid for a stored answer and has not told, because it was cut before it could."""
        free = Usage(model=self.model, answer_keys=(key,))
        if stored.run_id != self._run_id or key in self._reported:
            return free
        self._reported.add(key)
        return stored.usage + Usage(answer_keys=(key,))

    def _reserve(self, request: dict[str, Any], max_tokens: int) -> int:
        """Count what a call may use before it is made, so that calls side by side cannot pass the cap together."""
        estimate = len(json.dumps(request)) // _CHARACTERS_PER_TOKEN + max_tokens
        if self._used + estimate > self._cap:
            raise PermanentError(
                f"The run would use more than the {self._cap} tokens it may use", code="budget_exceeded"
            )
        self._used += estimate
        return estimate


class _Unusable(Exception):
    """An answer that cannot be used: the error when it was the last one, and what to ask otherwise."""

    def __init__(self, reason: str, code: str, instead: Question) -> None:
        super().__init__(reason)
        self.declined = EngineDeclined(reason, code=code)
        self.instead = instead


def _read(reply: Reply, question: Question, schema: type[M]) -> M:
    """The value of a reply. Raises _Unusable."""
    match reply.ending:
        case "truncated":
            longer = replace(question, max_tokens=question.max_tokens * 2)
            raise _Unusable("The model's answer was cut off", "engine_truncated", longer)
        case "refused":
            raise _Unusable("The model refused to answer about this text", "engine_refused", question)
        case "malformed":
            problems = ["it is not a JSON object"]
        case "answered":
            try:
                return schema.model_validate(reply.answer)
            except ValidationError as error:
                problems = [
                    f"{'.'.join(map(str, one['loc'])) or 'the whole'}: {one['msg']}"
                    for one in error.errors(include_input=False, include_url=False)
                ]
    told = "\n".join(f"- {problem}" for problem in problems[:_PROBLEMS])
    mend = f"Your last answer did not have the asked form:\n{told}\nGive the whole answer again in that form."
    raise _Unusable(
        f"The model's answer does not have the asked form ({len(problems)} errors)",
        "engine_malformed",
        replace(question, own=f"{question.own}\n\n{mend}"),
    )
