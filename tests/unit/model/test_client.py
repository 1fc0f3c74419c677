"""The client against a local server that speaks both protocols: what holds for one holds for the other."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.doc_analyser.answers import AnalysisAnswer
from shared.engine.model.cache import AnswerCache
from shared.engine.model.client import ModelClient
from shared.engine.model.opened import open_client
from shared.engine.model.prices import Prices
from shared.engine.model.provider import Tokens
from shared.engine.model.providers import model_of, open_provider
from shared.engine.model.question import Question
from shared.engine.model.traces import CallTraces
from shared.events.base import EngineName
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.errors import CoursewrightError, EngineDeclined, PermanentError, TransientError
from shared.kernel.settings import EngineSettings, ModelSettings
from shared.stage.port import Run
from tests.support.model_server import ModelServer
from tests.support.workers import InlineWorkers

QUESTION = Question("shared context", "<source>\n# [h1] Title\n[1] A thing is a thing.\n</source>", 500)
ENGINES: tuple[EngineName, ...] = ("anthropic", "openai")
MODEL = "claude-sonnet-5"

World = tuple[ModelServer, ModelClient]


def settings_for(server: ModelServer, key: str = "test-key") -> ModelSettings:
    return ModelSettings(
        anthropic_api_key=SecretStr(key), anthropic_base_url=server.url,
        openai_api_key=SecretStr(key), openai_base_url=server.chat_url, openai_model="small",
    )  # fmt: skip


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> EngineName:
    chosen: EngineName = request.param
    return chosen


@pytest.fixture
def world(tmp_path: Path, engine: EngineName) -> Iterator[Callable[..., World]]:
    with ExitStack() as stack:
        blobs = Blobs(open_backend("memory:"))

        def build(
            *faults: str,
            cap: int = 1_000_000,
            timeout: float = 5.0,
            run: str = "run-1",
            takes_form: bool = True,
            answer_tokens: int = 0,
        ) -> World:
            server = ModelServer(tmp_path / "ledger", faults, takes_form=takes_form)
            stack.enter_context(server.running())
            provider = open_provider(settings_for(server), engine, timeout)
            cache = AnswerCache(blobs, "alice", "c1")
            client = ModelClient(
                provider, MODEL, cache, traces=CallTraces(blobs.backend), prices=Prices(), run_id=run, parallelism=2,
                token_cap=cap, answer_tokens=answer_tokens,
            )  # fmt: skip
            return server, client

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
        ("broken", TransientError, "engine_busy"),
        ("garbled", TransientError, "engine_malformed"),
        ("bad_key", PermanentError, "engine_key_refused"),
        ("unknown_model", PermanentError, "engine_model_unknown"),
        ("too_long", EngineDeclined, "engine_too_long"),
    ],
)
async def test_a_fault_is_told_apart_and_asked_once(
    world: Callable[..., World], fault: str, kind: type[CoursewrightError], code: str
) -> None:
    server, client = world(fault)
    with pytest.raises(kind) as caught:
        await client.ask(QUESTION, AnalysisAnswer)
    assert (type(caught.value), caught.value.code) == (kind, code)
    assert server.calls == 1, "the SDK must not repeat calls by itself"
    answer, _ = await client.ask(QUESTION, AnalysisAnswer)
    assert answer.summary == [1]


async def test_a_limit_says_how_long_to_wait(world: Callable[..., World]) -> None:
    _, client = world("rate_limit_7")
    with pytest.raises(TransientError) as caught:
        await client.ask(QUESTION, AnalysisAnswer)
    assert caught.value.retry_after_seconds == 7


async def test_a_model_that_does_not_answer_is_a_passing_error(world: Callable[..., World]) -> None:
    _, client = world("hang", timeout=0.3)
    with pytest.raises(TransientError) as caught:
        await client.ask(QUESTION, AnalysisAnswer)
    assert caught.value.code == "engine_timeout"


async def test_a_server_that_is_away_is_a_passing_error(engine: EngineName) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    settings = ModelSettings(anthropic_api_key=SecretStr("k"), anthropic_base_url=url, openai_base_url=url)
    with pytest.raises(TransientError) as caught:
        await open_provider(settings, engine, 1.0).look("any")
    assert caught.value.code == "engine_unreachable"


@pytest.mark.parametrize("fault", ["truncated", "malformed", "wrong_form", "refusal"])
async def test_an_answer_that_cannot_be_used_is_asked_for_once_more_and_stored(
    world: Callable[..., World], fault: str
) -> None:
    server, client = world(fault)
    answer, usage = await client.ask(QUESTION, AnalysisAnswer)
    assert (answer.summary, usage.calls, server.calls) == ([1], 2, 2)
    _, other_run = world(run="run-2")
    assert (await other_run.ask(QUESTION, AnalysisAnswer))[1].calls == 0
    assert server.calls == 2, "a second run pays for neither"


async def test_the_second_question_has_more_room_or_says_what_was_wrong(world: Callable[..., World]) -> None:
    server, client = world("truncated")
    await client.ask(QUESTION, AnalysisAnswer)
    assert [request["max_tokens"] for request in server.requests] == [500, 1000]
    server, client = world("wrong_form", run="run-2")
    await client.ask(Question("other", QUESTION.own, 500), AnalysisAnswer)
    assert "doc_type: Field required" in server.requests[-1]["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("truncated", "engine_truncated"),
        ("malformed", "engine_malformed"),
        ("wrong_form", "engine_malformed"),
        ("refusal", "engine_refused"),
    ],
)
async def test_two_answers_that_cannot_be_used_are_the_end_of_it_for_this_text(
    world: Callable[..., World], fault: str, code: str
) -> None:
    server, client = world(fault, fault)
    with pytest.raises(EngineDeclined) as caught:
        await client.ask(QUESTION, AnalysisAnswer)
    assert (caught.value.code, server.calls, caught.value.spent.calls) == (code, 2, 2)
    answer, usage = await client.ask(QUESTION, AnalysisAnswer)
    assert answer.summary == [1]
    assert usage.calls == 1, "what unusable answers cost was told with the error"


async def test_the_token_cap_is_never_passed(world: Callable[..., World]) -> None:
    server, client = world(cap=100)
    with pytest.raises(PermanentError) as caught:
        await client.ask(QUESTION, AnalysisAnswer)
    assert caught.value.code == "budget_exceeded"
    assert server.calls == 0


async def test_an_answer_is_never_longer_than_is_set(world: Callable[..., World]) -> None:
    server, client = world("truncated", answer_tokens=300)
    await client.ask(QUESTION, AnalysisAnswer)
    assert [request["max_tokens"] for request in server.requests] == [300, 300]


@pytest.mark.parametrize("engine", ["openai"], indirect=True)
async def test_a_server_that_knows_no_forms_is_asked_without_one(world: Callable[..., World]) -> None:
    server, client = world(takes_form=False)
    for number in range(2):
        answer, _ = await client.ask(Question(f"shared {number}", QUESTION.own, 500), AnalysisAnswer)
        assert answer.summary == [1]
    assert ["response_format" in request for request in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    ("looks", "models", "code"),
    [
        ((), (MODEL,), ""),
        ((), None, ""),
        ((), ("another",), "engine_model_unknown"),
        (("bad_key",), (MODEL,), "engine_key_refused"),
        (("broken",), (MODEL,), "engine_busy"),
    ],
    ids=["there", "no list of models", "another model", "refused key", "broken"],
)
async def test_a_look_costs_nothing_and_says_what_is_wrong(
    engine: EngineName, tmp_path: Path, looks: tuple[str, ...], models: tuple[str, ...] | None, code: str
) -> None:
    found = ""
    with ModelServer(tmp_path / "ledger", looks=looks, models=models).running() as server:
        try:
            await open_provider(settings_for(server), engine, 5.0).look(MODEL)
        except CoursewrightError as error:
            found = error.code
        assert (found, server.calls) == (code, 0)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (ModelSettings(anthropic_api_key=None), "ANTHROPIC_API_KEY"),
        (ModelSettings(openai_api_key=None, openai_base_url=None), "OPENAI_BASE_URL"),
    ],
)
def test_what_is_missing_is_named(settings: ModelSettings, named: str) -> None:
    with pytest.raises(PermanentError, match=named) as caught:
        open_provider(settings, "anthropic" if "ANTHROPIC" in named else "openai", 1.0)
    assert caught.value.code == "engine_not_configured"


def test_a_server_of_ones_own_needs_the_name_of_its_model() -> None:
    with pytest.raises(PermanentError, match="OPENAI_MODEL"):
        model_of(ModelSettings(openai_base_url="http://127.0.0.1:1", openai_model=""), "openai", "")


@pytest.mark.parametrize(("chosen", "as_set", "asked"), [("large", "small", "large"), ("", "small", "small")])
async def test_a_run_asks_the_model_that_was_chosen_for_it(
    engine: EngineName, chosen: str, as_set: str, asked: str
) -> None:
    settings = EngineSettings(
        blob_store_url="memory:", anthropic_api_key=SecretStr("test-key"), anthropic_model=as_set,
        openai_base_url="http://127.0.0.1:1", openai_model=as_set,
    )  # fmt: skip
    run = Run("c1", "run-1", no_progress, InlineWorkers())
    assert (
        open_client(settings, Blobs(open_backend("memory:")), engine, chosen, "alice", run.course_id, run.run_id).model
        == asked
    )


def test_prices_that_are_set_count_before_those_that_are_known() -> None:
    tokens = Tokens(1_000_000, 0, 1_000_000, 1_000_000)
    assert Prices({"claude-sonnet-5": (1, 2, 4)}).usage("claude-sonnet-5", tokens).estimated_cost_usd == 7
    assert Prices().usage("llama3.2", tokens).estimated_cost_usd == 0


async def no_progress(step: str, percent: int) -> None:
    """Tell nobody."""
