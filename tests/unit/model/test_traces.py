import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from obstore.store import MemoryStore

from shared.engine.model.provider import Tokens
from shared.engine.model.traces import Call, CallTraces
from shared.kernel.blob_stores import BlobsUnavailable, ObjectBackend

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = NOON.date()
USED = Tokens(100, 20, 50, 30)


def call(ended: datetime = NOON, tokens: Tokens | None = USED, ending: str = "answered") -> Call:
    return Call("anthropic", "claude", "run", "key", ended - timedelta(seconds=2), ended, ending, tokens)


class Store(ObjectBackend):
    """Dies after so many deletions."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())
        self.deletions = 1000

    async def delete(self, key: str) -> int:
        self.deletions -= 1
        if self.deletions < 0:
            raise BlobsUnavailable("away")
        return await super().delete(key)


async def spans(store: Store) -> list[dict[str, object]]:
    files = [key for key in await store.keys("traces/") if key.endswith(".jsonl")]
    return [json.loads(line) for key in files for line in (await store.get(key)).splitlines()]


async def test_a_call_is_a_span_by_the_names_of_openinference_without_words() -> None:
    traces = CallTraces(store := Store())
    await traces.note(call())
    await traces.gather(DAY)
    (span,) = await spans(store)
    assert span["attributes"] == {
        "openinference.span.kind": "LLM", "llm.provider": "anthropic", "llm.system": "anthropic",
        "llm.model_name": "claude", "session.id": "run", "llm.token_count.prompt": 170,
        "llm.token_count.completion": 30, "llm.token_count.total": 200, "llm.token_count.prompt_details.cache_read": 50,
        "llm.token_count.prompt_details.cache_write": 20,
        "metadata": json.dumps({"answer_key": "key", "ending": "answered"}),
    }  # fmt: skip
    assert (span["start_time"], span["end_time"]) == ("2026-03-01T11:59:58+00:00", "2026-03-01T12:00:00+00:00")


async def test_each_call_is_gathered_once_though_a_gatherer_dies_and_calls_come_late() -> None:
    traces = CallTraces(store := Store())
    for _ in range(3):
        await traces.note(call())
    store.deletions = 1
    with pytest.raises(BlobsUnavailable):
        await traces.gather(DAY)
    store.deletions = 1000
    await traces.note(call(tokens=None, ending="engine_busy"))
    await traces.gather(DAY)
    await traces.gather(DAY)
    assert len({str(span["context"]) for span in await spans(store)}) == len(await spans(store)) == 4
    assert await traces.count(DAY) == {"claude": 4}
    assert [key for key in await store.keys("traces/") if "parts" in key] == []


async def test_conversations_are_kept_together_by_day() -> None:
    traces = CallTraces(store := Store())
    for conversation, at in (("a", NOON), ("b/../c", NOON), ("", NOON), ("a", NOON + timedelta(days=1)), ("a", NOON)):
        await traces.note(replace(call(at), conversation_id=conversation))
    await traces.gather(DAY + timedelta(days=1))
    await traces.gather(DAY + timedelta(days=1))
    keys = await store.keys("traces/")
    assert Counter(key.rpartition("/")[0] for key in keys) == {
        "traces/2026-03-01": 1, "traces/2026-03-01/conversations/a": 1, "traces/2026-03-01/conversations/b____c": 1,
        "traces/2026-03-02/conversations/a": 1,
    }  # fmt: skip
    assert Counter(span["attributes"]["session.id"] for span in await spans(store)) == {"a": 3, "b/../c": 1, "run": 1}  # type: ignore[index]
    assert await traces.count(DAY) == {"claude": 4}
    await traces.sweep(DAY + timedelta(days=2))
    assert await store.keys("traces/") == []


async def test_a_day_that_is_not_over_is_left_and_an_old_one_goes() -> None:
    traces = CallTraces(store := Store())
    for days in (0, 1, 40):
        await traces.note(call(NOON - timedelta(days=days)))
    await traces.gather(DAY - timedelta(days=1))
    await traces.sweep(DAY - timedelta(days=30))
    assert await traces.count(DAY - timedelta(days=1)) == {"claude": 1}
    assert (await traces.count(DAY), await traces.count(DAY - timedelta(days=40))) == ({}, {})
    assert len(await store.keys("traces/parts/")) == 1


async def test_a_store_that_refuses_a_trace_fails_no_work() -> None:
    class Full(Store):
        async def put(self, key: str, data: bytes) -> None:
            raise BlobsUnavailable("full")

    await CallTraces(Full()).note(call())
