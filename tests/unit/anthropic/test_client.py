"""The client against a local server that speaks the protocol."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import anthropic
import pytest
from pydantic import SecretStr

from services.doc_analyser.answers import AnalysisAnswer
from shared.engine.anthropic.cache import AnswerCache
from shared.engine.anthropic.client import MessagesClient
from shared.engine.anthropic.opened import open_client
from shared.engine.anthropic.question import Question
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.errors import EngineDeclined, PermanentError, TransientError
from shared.kernel.settings import EngineSettings
from shared.stage.port import Run
from tests.support.messages_server import MessagesServer
from tests.support.workers import InlineWorkers

QUESTION = Question("shared context", "<source>\n# [h1] Title\n[1] A thing is a thing.\n</source>", 500)

World = tuple[MessagesServer, MessagesClient]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    with ExitStack() as stack:
        blobs = Blobs(open_backend("memory:"))

        def build(*faults: str, cap: int = 1_000_000, timeout: float = 5.0, run: str = "run-1") -> World:
            server = stack.enter_context(MessagesServer(tmp_path / "ledger", faults).running())
            api = anthropic.AsyncAnthropic(api_key="test-key", base_url=server.url, max_retries=0, timeout=timeout)
            cache = AnswerCache(blobs, "alice", "c1")
            return server, MessagesClient(api, "claude-sonnet-5", cache, run_id=run, parallelism=2, token_cap=cap)

        yield build


async def test_a_question_is_answered_and_counted(world: Callable[..., World]) -> None:
    server, client = world()
    answer, usage = await client.ask(QUESTION, AnalysisAnswer)
    assert answer.summary == [1]
    assert (usage.calls, usage.input_tokens, usage.output_tokens, usage.cached_tokens) == (1, 1000, 200, 500)
    assert usage.estimated_cost_usd == pytest.approx((1000 * 3 + 500 * 0.3 + 200 * 15) / 1e6, abs=1e-6)
    assert server.calls == 1


async def test_the_same_question_is_never_paid_for_twice(world: Callable[..., World]) -> None:
    server, client = world()
    first, usage = await client.ask(QUESTION, AnalysisAnswer)
    second, again = await client.ask(QUESTION, AnalysisAnswer)
    assert first == second
    assert again.calls == 0
    assert again.answer_keys == usage.answer_keys
    assert server.calls == 1


async def test_a_run_that_was_cut_still_says_what_its_stored_answers_cost(world: Callable[..., World]) -> None:
    _, client = world()
    _, usage = await client.ask(QUESTION, AnalysisAnswer)
    _, after_the_cut = world()
    assert (await after_the_cut.ask(QUESTION, AnalysisAnswer))[1] == usage
    assert (await after_the_cut.ask(QUESTION, AnalysisAnswer))[1].calls == 0, "said once"
    server, other_run = world(run="run-2")
    assert (await other_run.ask(QUESTION, AnalysisAnswer))[1].calls == 0, "it has paid nothing"
    assert server.calls == 1


async def test_questions_side_by_side_are_each_told_their_own_cost(world: Callable[..., World]) -> None:
    _, client = world()
    questions = [Question("shared", f"<source>\n# [h1] T\n[1] Thing {n} is.\n</source>", 500) for n in range(6)]
    answers = await asyncio.gather(*(client.ask(question, AnalysisAnswer) for question in questions))
    assert [usage.calls for _, usage in answers] == [1] * 6


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("rate_limit", TransientError, "engine_busy"),
        ("overloaded", TransientError, "engine_busy"),
        ("malformed", TransientError, "engine_malformed"),
        ("bad_key", PermanentError, "engine_key_refused"),
    ],
)
async def test_a_fault_is_told_apart_and_asked_once(
    world: Callable[..., World], fault: str, kind: type[Exception], code: str
) -> None:
    server, client = world(fault)
    with pytest.raises(kind) as caught:
        await client.ask(QUESTION, AnalysisAnswer)
    assert caught.value.code == code  # type: ignore[attr-defined]
    assert server.calls == 1, "the SDK must not repeat calls by itself"
    answer, _ = await client.ask(QUESTION, AnalysisAnswer)
    assert answer.summary == [1]


async def test_a_model_that_does_not_answer_is_a_passing_error(world: Callable[..., World]) -> None:
    _, client = world("hang", timeout=0.3)
    with pytest.raises(TransientError) as caught:
        await client.ask(QUESTION, AnalysisAnswer)
    assert caught.value.code == "engine_timeout"


async def test_a_cut_answer_is_asked_for_once_more_with_room(world: Callable[..., World]) -> None:
    server, client = world("truncated")
    answer, _ = await client.ask(QUESTION, AnalysisAnswer)
    assert answer.summary == [1]
    assert server.calls == 2


async def test_an_answer_cut_twice_fails_with_its_reason(world: Callable[..., World]) -> None:
    _, client = world("truncated", "truncated")
    with pytest.raises(EngineDeclined) as caught:
        await client.ask(QUESTION, AnalysisAnswer)
    assert caught.value.code == "engine_truncated"


async def test_a_refusal_is_asked_for_once_more_and_then_believed(world: Callable[..., World]) -> None:
    server, client = world("refusal", "refusal", "refusal")
    with pytest.raises(EngineDeclined) as caught:
        await client.ask(QUESTION, AnalysisAnswer)
    assert caught.value.code == "engine_refused"
    assert server.calls == 2
    answer, usage = await client.ask(QUESTION, AnalysisAnswer)
    assert answer.summary == [1]
    assert usage.calls == 4, "what refusals cost is reported with the answer after them"


async def test_the_token_cap_is_never_passed(world: Callable[..., World]) -> None:
    server, client = world(cap=100)
    with pytest.raises(PermanentError) as caught:
        await client.ask(QUESTION, AnalysisAnswer)
    assert caught.value.code == "budget_exceeded"
    assert server.calls == 0


@pytest.mark.parametrize(("chosen", "as_set", "asked"), [("large", "small", "large"), ("", "small", "small")])
async def test_a_run_asks_the_model_that_was_chosen_for_it(
    chosen: str, as_set: str, asked: str, tmp_path: Path
) -> None:
    settings = EngineSettings(blob_store_url="memory:", anthropic_api_key=SecretStr("test-key"), anthropic_model=as_set)
    run = Run("c1", "run-1", no_progress, InlineWorkers())
    assert open_client(settings, Blobs(open_backend("memory:")), chosen, "alice", run).model == asked


async def no_progress(step: str, percent: int) -> None:
    """Tell nobody."""
