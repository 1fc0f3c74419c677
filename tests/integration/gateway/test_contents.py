"""A blob that cannot be read costs its own rows; a store that gives none at all costs nothing but time."""

from collections.abc import Callable

import pytest
import structlog
from sqlalchemy import select

from services.gateway.readmodels.analyzed_documents import analyzed_documents
from services.gateway.readmodels.projection_defects import projection_defects
from services.gateway.rebuild.rebuild import Rebuild
from shared.events.doc_analyser import DocumentAnalysed
from shared.kernel.blob_stores import BlobsUnavailable, ObjectBackend
from tests.integration.gateway.conftest import Gateway
from tests.integration.gateway.test_projection import apply, clear, dump, events_of


class Store:
    """Of all blobs, those for which `is_away` is true cannot be read; `tried` are the keys asked for meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_away: Callable[[str], bool] = lambda _: False
        self.tried: list[str] = []
        plain = ObjectBackend.get

        async def get(backend: ObjectBackend, key: str) -> bytes:
            self.tried.append(key)
            if self.is_away(key):
                raise BlobsUnavailable("an input/output error")
            return await plain(backend, key)

        monkeypatch.setattr(ObjectBackend, "get", get)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr("services.gateway.project.contents._PAUSE_SECONDS", 0.0)  # the pause is not tried
    return Store(monkeypatch)


async def first_analysis(gateway: Gateway, course_id: str) -> tuple[str, str]:
    """Of the first document analysed: its id and the blob's key."""
    events = [item.event for item in await gateway.log.read(course_id)]
    one = next(event for event in events if isinstance(event, DocumentAnalysed))
    return one.document_id, one.analysis.key


async def test_one_unreadable_blob_stops_nobody_and_is_in_sight_until_it_is_repaired(
    gateway: Gateway, store: Store
) -> None:
    course_id = await gateway.analysed()
    whole, events = await dump(gateway.engine), await events_of(gateway)
    document_id, key = await first_analysis(gateway, course_id)
    await clear(gateway.engine)
    store.is_away = lambda asked: asked == key
    store.tried.clear()
    with structlog.testing.capture_logs() as logs:
        await apply(gateway, [events])
    assert [entry["keys"] for entry in logs if entry["event"] == "blobs_given_up"] == [[key]]
    assert store.tried.count(key) == 11
    async with gateway.engine.connect() as connection:
        shown = set(await connection.scalars(select(analyzed_documents.c.id)))
        ((noted_course, reason),) = await connection.execute(
            select(projection_defects.c.course_id, projection_defects.c.reason)
        )
    assert (len(shown), document_id in shown) == (len(whole["analyzed_documents"]) - 1, False)
    assert noted_course == course_id
    assert key in reason
    ready = (await gateway.api.get("/readyz")).json()
    assert (ready["status"], ready["checks"]["tables"]) == ("degraded", "1 facts without rows")
    assert "coursewright_projection_defects 1.0" in (await gateway.api.get("/metrics")).text
    store.is_away = lambda _: False
    async with Rebuild(gateway.engine, gateway.log, gateway.blobs).open() as rebuild:
        assert (await rebuild.replace(course_id)).defects == ()
    assert await dump(gateway.engine) == whole


@pytest.mark.parametrize("content", [None, b"{}"])
async def test_a_course_built_again_without_one_of_its_blobs_says_which_facts_have_no_rows(
    gateway: Gateway, content: bytes | None
) -> None:
    course_id = await gateway.analysed()
    _, key = await first_analysis(gateway, course_id)
    await gateway.blobs._backend.delete(key)
    if content is not None:
        await gateway.blobs._backend.put(key, content)
    async with Rebuild(gateway.engine, gateway.log, gateway.blobs).open() as rebuild:
        (defect,) = (await rebuild.replace(course_id)).defects
    assert defect.type == "DocumentAnalysed"
    assert key in defect.reason


async def test_a_blob_that_comes_back_in_time_costs_nothing(gateway: Gateway, store: Store) -> None:
    course_id = await gateway.analysed()
    whole, events = await dump(gateway.engine), await events_of(gateway)
    _, key = await first_analysis(gateway, course_id)
    await clear(gateway.engine)
    store.tried.clear()
    store.is_away = lambda asked: asked == key and store.tried.count(key) < 3
    await apply(gateway, [events])
    assert await dump(gateway.engine) == whole


async def test_a_store_that_gives_nothing_holds_the_projection_and_loses_nothing(
    gateway: Gateway, store: Store
) -> None:
    await gateway.analysed()
    whole, events = await dump(gateway.engine), await events_of(gateway)
    await clear(gateway.engine)
    store.is_away = lambda _: True
    with pytest.raises(BlobsUnavailable):
        await apply(gateway, [events])
    assert not any((await dump(gateway.engine)).values())
    store.is_away = lambda _: False
    await apply(gateway, [events])
    assert await dump(gateway.engine) == whole
