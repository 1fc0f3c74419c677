"""Documents in a bucket (moto): uploaded, read, given in ranges, and deleted without a trace."""

from sqlalchemy import select

from services.documents.effects import DocumentReader
from services.gateway.readmodels.registry import METADATA
from shared.added.core import ReadFiles
from shared.added.effects import AddedEffects
from shared.events.documents import DocumentRead, DocumentsRead, DocumentsStarted
from shared.events.gateway import DocumentsRequested
from shared.kernel.blob_stores import ObjectBackend
from shared.readmodels.base import APP_METADATA
from shared.stage.port import Run
from tests.integration.gateway.conftest import Gateway
from tests.integration.gateway.test_documents import uploaded
from tests.support.workers import InlineWorkers

MARKER = "zqmarker"
PAGE = f"<!doctype html><title>Kettles</title><h1>Kettles</h1><p>A {MARKER} is in the kettle. It boils.</p>".encode()


async def told(step: str, percent: int) -> None:
    return None


async def read(gateway: Gateway, course_id: str) -> None:
    """The stage itself reads what was asked for last."""
    asked = await gateway.workers.request(course_id, DocumentsRequested)
    about = {"course_id": course_id, "run_id": asked.run_id}
    await gateway.workers.append(DocumentsStarted(**about, attempt=1, worker="w", documents_planned=1))
    effects = AddedEffects(gateway.blobs, 1, DocumentReader(""))
    run = Run(course_id, asked.run_id, told, InlineWorkers())
    async for outcome in effects.perform(ReadFiles(tuple(asked.documents)), run):
        assert isinstance(outcome, DocumentRead)
        await gateway.workers.append(outcome)
    await gateway.workers.append(DocumentsRead(**about, read=1, refused=0))
    await gateway.project()


async def places(gateway: Gateway, bucket: ObjectBackend) -> set[str]:
    """Where the marker stands: keys of the bucket, names of tables, types of events."""
    found = set()
    for key in await bucket.keys(""):
        if MARKER.encode() in await bucket.get(key):
            found.add("bucket")
    async with gateway.engine.connect() as connection:
        for table in (*METADATA.sorted_tables, *APP_METADATA.sorted_tables):
            rows = (await connection.execute(select(table))).all()
            found |= {table.name for row in rows if MARKER in str(tuple(row))}
    stored = await gateway.log.read((await gateway.api.get("/api/courses")).json()[0]["id"])
    return found | {type(one.event).__name__ for one in stored if MARKER in one.event.model_dump_json()}


async def test_a_document_in_a_bucket_is_read_given_and_deleted_without_a_trace(
    gateway: Gateway, bucket: ObjectBackend
) -> None:
    gateway.blobs._backend = bucket
    course_id = await gateway.create()
    document_id = await uploaded(gateway, course_id, data=PAGE, name="kettles.html", mime="text/html")
    await read(gateway, course_id)
    route = f"/api/documents/{document_id}"
    assert (await gateway.api.get(route)).json()["status"] == "ready"
    assert (await gateway.api.get(f"{route}/file")).content == PAGE
    part = await gateway.api.get(f"{route}/file", headers={"range": "bytes=9-19"})
    assert (part.status_code, part.content) == (206, PAGE[9:20])
    assert MARKER in (await gateway.api.get(f"{route}/text")).text
    assert len(list(await bucket.keys(""))) == 5
    assert await places(gateway, bucket) == {"bucket"}
    assert (await gateway.api.delete(route)).status_code == 204
    assert (await gateway.api.get(f"{route}/file")).status_code == 404
    assert list(await bucket.keys("")) == []
    assert await places(gateway, bucket) == set()
