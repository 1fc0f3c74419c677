"""Uploads: what is taken, what is refused, who sees it, and what becomes of it."""

import hashlib
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.docs.pdf.facts import MAX_PDF_BYTES
from shared.events.documents import DocumentRead
from shared.events.gateway import (
    DocsAnalysisRequested,
    DocumentDeleted,
    DocumentsRequested,
    DocumentUploaded,
    StageCancelRequested,
)
from shared.events.modules import CourseGenerated
from shared.kernel.blobs import references_in
from shared.kernel.errors import NotFound
from tests.integration.gateway.conftest import Gateway, running_gateway
from tests.integration.gateway.workers import PICTURE

PDF = b"%PDF-1.7\n" + b"one page of text\n" * 200

PAGE = b"<!doctype html><title>Kettles</title><script>alert(1)</script><p>A kettle heats water.</p>"


async def upload(
    gateway: Gateway, course_id: str, data: bytes = PDF, name: str = "notes.pdf", mime: str = "application/pdf",
    **fields: str,
) -> httpx.Response:  # fmt: skip
    return await gateway.api.post(
        "/api/documents/upload", files={"file": (name, data, mime)}, data={"course_id": course_id, **fields}
    )


async def uploaded(gateway: Gateway, course_id: str, **about: Any) -> str:
    answer = await upload(gateway, course_id, **about)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["document_id"])


async def test_an_upload_is_a_document_of_the_course_and_is_read(gateway: Gateway) -> None:
    course_id = await gateway.create()
    answer = await upload(gateway, course_id, name="C:\\texts\\Nöte 1.PDF", licence="CC-BY-4.0", sharing="allowed")
    assert answer.status_code == 201, answer.text
    document_id = answer.json()["document_id"]
    assert answer.json() == {"document_id": document_id, "course_id": course_id, "status": "uploaded"}
    assert answer.headers["location"] == f"/api/documents/{document_id}"
    request = await gateway.workers.request(course_id, DocumentsRequested)
    assert [(one.document_id, one.path) for one in request.documents] == [(document_id, "Nöte 1.PDF.md")]
    await gateway.workers.read_documents(course_id)
    await gateway.project()
    shown = (await gateway.api.get(f"/api/documents/{document_id}")).json()
    assert (shown["filename"], shown["status"], shown["page_count"], shown["size_bytes"]) == (
        "Nöte 1.PDF", "ready", 2, len(PDF),
    )  # fmt: skip
    assert shown["licence"] == {"spdx": "CC-BY-4.0", "path": "", "sharing": "allowed"}
    assert not {"blob", "key", "sha256", "checksum", "storage_key"} & shown.keys()
    assert (await gateway.api.get(f"/api/courses/{course_id}/documents")).json() == [shown]
    assert (await gateway.course(course_id))["status"] == "stage5_complete"


async def test_a_page_is_a_document_without_pages_and_is_a_download(gateway: Gateway) -> None:
    course_id = await gateway.create()
    document_id = await uploaded(gateway, course_id, data=PAGE, name="kettles.HTML", mime="text/html; charset=utf-8")
    await gateway.workers.read_documents(course_id)
    await gateway.project()
    shown = (await gateway.api.get(f"/api/documents/{document_id}")).json()
    assert (shown["mime_type"], shown["status"], shown["page_count"]) == ("text/html", "ready", None)
    sent = await gateway.api.get(f"/api/documents/{document_id}/file")
    assert (sent.content, sent.headers["x-content-type-options"]) == (PAGE, "nosniff")
    assert sent.headers["content-disposition"].startswith("attachment;")


async def test_the_same_bytes_in_one_course_are_one_document(gateway: Gateway) -> None:
    course_id, other = await gateway.create(), await gateway.create()
    first = await uploaded(gateway, course_id)
    again = await upload(gateway, course_id, name="other.pdf")
    assert (again.status_code, again.json()["document_id"]) == (200, first)
    assert await uploaded(gateway, other) != first
    assert len([one for one in await gateway.log.read(course_id) if isinstance(one.event, DocumentUploaded)]) == 1


async def test_an_upload_during_a_run_belongs_to_that_run_and_another_name_gets_another_path(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await uploaded(gateway, course_id)
    await uploaded(gateway, course_id, data=PDF + b"more")
    events = await gateway.events(course_id)
    paths = [one.path for one in events if isinstance(one, DocumentUploaded)]
    assert paths[0] == "notes.pdf.md"
    assert paths[1] == f"notes-{hashlib.sha256(PDF + b'more').hexdigest()[:8]}.pdf.md"
    assert len([one for one in events if isinstance(one, DocumentsRequested)]) == 1


@pytest.mark.parametrize(
    ("about", "status", "code"),
    [
        ({"data": b"not a pdf at all"}, 400, "not_document"),
        ({"data": b""}, 400, "not_document"),
        ({"name": "notes.txt"}, 400, "not_document"),
        ({"mime": "text/html"}, 400, "not_document"),
        ({"name": "notes.html", "mime": "text/html"}, 400, "not_document"),
        ({"name": "notes.html", "data": PAGE}, 400, "not_document"),
        ({"name": "notes.docx", "mime": "", "data": PAGE}, 400, "not_document"),
        ({"name": "notes.epub", "mime": "", "data": PDF}, 400, "not_document"),
        ({"name": "a\u202e.pdf"}, 400, "invalid_file_name"),
        ({"licence": "<b>"}, 422, "invalid_request"),
        ({"sharing": "maybe"}, 422, "invalid_request"),
        ({"folder": "x"}, 422, "invalid_request"),
    ],
)
async def test_what_is_not_a_pdf_is_refused(gateway: Gateway, about: dict[str, Any], status: int, code: str) -> None:
    course_id = await gateway.create()
    answer = await upload(gateway, course_id, **about)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await gateway.api.get(f"/api/courses/{course_id}/documents")).json() == []


async def test_other_bodies_are_refused(gateway: Gateway) -> None:
    course_id = await gateway.create()
    assert (await gateway.api.post("/api/documents/upload", json={"course_id": course_id})).status_code == 415
    no_file = await gateway.api.post("/api/documents/upload", files={"course_id": (None, course_id)})
    assert no_file.status_code == 422
    broken = await gateway.api.post(
        "/api/documents/upload", content=b"--x\r\nnothing", headers={"content-type": "multipart/form-data; boundary=y"}
    )
    assert 400 <= broken.status_code < 500
    no_boundary = await gateway.api.post(
        "/api/documents/upload", content=b"--x\r\n", headers={"content-type": "multipart/form-data"}
    )
    assert 400 <= no_boundary.status_code < 500


async def test_a_document_past_the_limit_is_refused(gateway: Gateway) -> None:
    course_id = await gateway.create()
    limit = gateway.services.settings.document_limit_bytes
    assert limit <= MAX_PDF_BYTES
    assert (await upload(gateway, course_id, data=PDF + b"\0" * limit)).status_code == 413


async def test_a_document_of_somebody_else_is_not_there(gateway: Gateway) -> None:
    course_id = await gateway.create()
    document_id = await uploaded(gateway, course_id)
    for path in ("", "/file", "/text"):
        assert (await gateway.bob.get(f"/api/documents/{document_id}{path}")).status_code == 404
    assert (await gateway.bob.delete(f"/api/documents/{document_id}")).status_code == 404
    assert (await gateway.bob.get(f"/api/courses/{course_id}/documents")).status_code == 404
    foreign = await gateway.bob.post(
        "/api/documents/upload", files={"file": ("a.pdf", PDF, "application/pdf")}, data={"course_id": course_id}
    )
    assert foreign.status_code == 404
    assert (await gateway.api.get(f"/api/documents/{document_id}")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        (None, 200, slice(None)),
        ("bytes=0-8", 206, slice(0, 9)),
        ("bytes=9-", 206, slice(9, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=0-99999999", 200, slice(None)),
        ("bytes=5-2", 200, slice(None)),
        ("bytes=1-2,4-5", 200, slice(None)),
        ("bytes=99999999-", 416, slice(0)),
        ("bytes=-0", 416, slice(0)),
    ],
)
async def test_the_file_is_given_in_ranges(gateway: Gateway, asked: str | None, status: int, part: slice) -> None:
    document_id = await uploaded(gateway, await gateway.create(), name="Nöte.pdf")
    headers = {} if asked is None else {"range": asked}
    answer = await gateway.api.get(f"/api/documents/{document_id}/file", headers=headers)
    assert answer.status_code == status
    if status == 416:
        assert answer.headers["content-range"] == f"bytes */{len(PDF)}"
    else:
        assert answer.content == PDF[part]
        assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''N%C3%B6te.pdf"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "application/pdf"
        known = {"if-none-match": answer.headers["etag"]}
        assert (await gateway.api.get(f"/api/documents/{document_id}/file", headers=known)).status_code == 304


async def test_a_deleted_document_is_gone_with_its_bytes_and_what_was_made_from_it_is_outdated(
    gateway: Gateway,
) -> None:
    course_id = await gateway.create()
    document_id = await uploaded(gateway, course_id)
    kept = await uploaded(gateway, course_id, data=PDF + b"more")
    await gateway.workers.read_documents(course_id)
    await gateway.project()
    await gateway.post(course_id, "analyze-documents", {})
    await gateway.workers.analyse(course_id)
    await gateway.project()
    blobs = [one for one in await gateway.events(course_id) if isinstance(one, DocumentUploaded)]
    assert (await gateway.api.delete(f"/api/documents/{document_id}")).status_code == 204
    assert (await gateway.api.delete(f"/api/documents/{document_id}")).status_code == 404
    with pytest.raises(NotFound):
        await gateway.blobs.get(blobs[0].blob)
    assert await gateway.blobs.get(blobs[1].blob) == PDF + b"more"
    left = (await gateway.api.get(f"/api/courses/{course_id}/documents")).json()
    assert [one["document_id"] for one in left] == [kept]
    assert (await gateway.get(course_id, "stage2/status"))["outdated"] is True
    assert (await gateway.events(course_id))[-1] == DocumentDeleted(
        course_id=course_id, document_id=document_id, by="ann", withheld=True
    )
    assert await uploaded(gateway, course_id) == document_id


async def with_document(gateway: Gateway) -> tuple[str, str]:
    """A course whose one document is read, and is to be analysed; and that document."""
    course_id = await gateway.create()
    document_id = await uploaded(gateway, course_id)
    await gateway.workers.read_documents(course_id)
    await gateway.project()
    await gateway.post(course_id, "analyze-documents", {})
    return course_id, document_id


async def test_a_course_whose_only_document_was_deleted_asks_for_another_one(gateway: Gateway) -> None:
    course_id, document_id = await with_document(gateway)
    await gateway.workers.analyse(course_id)
    await gateway.project()
    assert (await gateway.api.delete(f"/api/documents/{document_id}")).status_code == 204
    assert (await gateway.post(course_id, "generate-pathways", {}, 409))["code"] == "stage_out_of_turn"
    assert (await gateway.post(course_id, "analyze-documents", {}, 422))["code"] == "no_documents"


async def taught(gateway: Gateway) -> tuple[str, str]:
    """A course that is made from two documents, and the first document, `notes.pdf`."""
    course_id = await gateway.create()
    document_id = await uploaded(gateway, course_id)
    await uploaded(gateway, course_id, data=PDF + b"more", name="b.pdf")
    await gateway.workers.read_documents(course_id)
    await gateway.project()
    await gateway.post(course_id, "analyze-documents", {})
    await gateway.workers.analyse(course_id)
    await gateway.project()
    await gateway.post(course_id, "generate-pathways", {})
    await gateway.workers.propose(course_id)
    await gateway.project()
    await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": "p-complete"}, 200)
    await gateway.post(course_id, "generate-course", {})
    await gateway.workers.write(course_id)
    await gateway.project()
    return course_id, document_id


async def test_the_picture_of_a_cited_page_is_given_to_whoever_may_read_the_document(gateway: Gateway) -> None:
    _, document_id = await taught(gateway)
    at = f"/api/documents/{document_id}/pages/"
    picture = PICTURE + hashlib.sha256(PDF).hexdigest().encode()
    whole = await gateway.api.get(f"{at}1")
    assert (whole.status_code, whole.headers["content-type"], whole.content) == (200, "image/png", picture)
    assert (await gateway.api.get(f"{at}1", headers={"If-None-Match": whole.headers["etag"]})).status_code == 304
    part = await gateway.api.get(f"{at}1", headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, picture[1:4])
    answers = {page: await gateway.api.get(f"{at}{page}") for page in ("2", "0", "1001", "one")}
    assert [one.status_code for one in answers.values()] == [404, 422, 422, 422]
    assert answers["2"].json()["code"] == "page_not_cited"
    stranger = await gateway.bob.get(f"{at}1")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "document_not_found")


async def test_what_was_made_from_a_deleted_document_is_withheld_with_its_bytes_and_the_other_modules_stay(
    gateway: Gateway,
) -> None:
    course_id, gone = await taught(gateway)
    modules = (await gateway.get(course_id, "generated-course"))["modules"]
    analysed = {
        one["id"]: one["file_path"] for one in (await gateway.get(course_id, "analyzed-documents"))["documents"]
    }
    of_gone = {one["id"] for one in modules if "notes.pdf.md" in {analysed[key] for key in one["document_ids"]}}
    assert of_gone
    assert len(of_gone) < len(modules)
    before = await gateway.events(course_id)
    (made,) = [one for one in before if isinstance(one, CourseGenerated)]
    assert made.pages is not None
    pictures = set(await gateway.blobs.references_of(made.pages.key))
    assert len(pictures) == 2
    assert (await gateway.api.delete(f"/api/documents/{gone}")).status_code == 204

    (removed,) = [one for one in await gateway.events(course_id) if isinstance(one, DocumentDeleted)]
    assert removed.withheld
    assert set(removed.kept_modules) == {one["id"] for one in modules} - of_gone
    for path in ("generated-course", "exports", "exports/json", "quality", "chapters"):
        answer = await gateway.get(course_id, path, 409)
        assert (answer["code"], "notes.pdf" in answer["detail"]) == ("source_removed", True), path
    for path in ("analyzed-documents", "pathways"):
        assert (await gateway.get(course_id, path, 409))["code"] == "source_removed"
    status = await gateway.get(course_id, "stage4/status")
    assert (status["status"], status["error_code"]) == ("REVOKED", "source_removed")
    for module in modules:
        expected = 409 if module["id"] in of_gone else 200
        assert (await gateway.api.get(f"/api/courses/{course_id}/modules/{module['id']}")).status_code == expected
    named = {key for event in before for key, _ in references_in(event.model_dump_json().encode())}
    named |= pictures
    living = [
        event for event in before
        if isinstance(event, DocumentUploaded | DocumentRead) and event.document_id != gone
    ]  # fmt: skip
    kept = {key for event in [removed, *living] for key, _ in references_in(event.model_dump_json().encode())}
    there = {key for key in named if await is_there(gateway, key)}
    assert there == kept

    await gateway.post(course_id, "analyze-documents", {})
    await gateway.workers.analyse(course_id)
    await gateway.project()
    assert len((await gateway.get(course_id, "analyzed-documents"))["documents"]) == 1


async def test_a_document_whose_text_is_lost_can_be_deleted(gateway: Gateway) -> None:
    course_id, document_id = await with_document(gateway)
    await gateway.workers.analyse(course_id)
    await gateway.project()
    (read,) = [one for one in await gateway.events(course_id) if isinstance(one, DocumentRead)]
    await gateway.blobs.delete_key(read.text.key)
    assert (await gateway.api.delete(f"/api/documents/{document_id}")).status_code == 204


async def test_what_is_made_from_a_document_that_is_deleted_is_stopped(gateway: Gateway) -> None:
    course_id, document_id = await with_document(gateway)
    assert (await gateway.api.delete(f"/api/documents/{document_id}")).status_code == 204
    stopped, removed = (await gateway.events(course_id))[-2:]
    assert isinstance(stopped, StageCancelRequested)
    assert isinstance(removed, DocumentDeleted)
    assert (await gateway.get(course_id, "stage2/status"))["status"] == "REVOKED"


async def test_a_course_made_before_a_document_was_read_stays_when_it_is_deleted(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    document_id = await uploaded(gateway, course_id)
    await gateway.workers.read_documents(course_id)
    await gateway.project()
    assert (await gateway.api.delete(f"/api/documents/{document_id}")).status_code == 204
    assert len((await gateway.get(course_id, "generated-course"))["modules"]) > 1


async def is_there(gateway: Gateway, key: str) -> bool:
    try:
        await gateway.blobs.references_of(key)
    except NotFound:
        return False
    return True


async def test_a_refused_upload_leaves_no_bytes(gateway: Gateway) -> None:
    course_id = await gateway.analysed()
    await gateway.post(course_id, "generate-pathways", {})
    answer = await upload(gateway, course_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "stage_out_of_turn")
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert not await is_there(gateway, f"courses/{course_id}/{sha256[:2]}/{sha256}")


async def test_a_refused_document_says_why_and_is_no_source(gateway: Gateway) -> None:
    course_id = await gateway.create()
    document_id = await uploaded(gateway, course_id)
    await gateway.workers.read_documents(course_id, refused={document_id})
    await gateway.project()
    shown = (await gateway.api.get(f"/api/documents/{document_id}")).json()
    assert (shown["status"], shown["error_code"], shown["page_count"]) == ("failed", "pdf_encrypted", None)
    assert (await gateway.api.get(f"/api/documents/{document_id}/text")).status_code == 404
    assert (await gateway.post(course_id, "analyze-documents", {}, 422))["code"] == "no_documents"


async def test_a_course_of_documents_alone_runs_unattended(gateway: Gateway) -> None:
    course_id = await gateway.create()
    assert (await gateway.post(course_id, "generate", {}, 409))["code"] == "no_source"
    await uploaded(gateway, course_id)
    await gateway.post(course_id, "generate", {})
    await gateway.project()
    assert not [one for one in await gateway.log.read(course_id) if isinstance(one.event, DocsAnalysisRequested)]
    await gateway.workers.read_documents(course_id)
    await gateway.project()
    assert await gateway.workers.request(course_id, DocsAnalysisRequested)
    assert (await gateway.course(course_id))["status"] == "stage2_running"


async def test_an_upload_takes_nothing_from_an_unattended_run(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "generate", {"repo_url": "https://github.com/pallets/click"})
    await gateway.project()
    await uploaded(gateway, course_id)
    await gateway.workers.clone(course_id)
    await gateway.project()
    assert not [one for one in await gateway.log.read(course_id) if isinstance(one.event, DocsAnalysisRequested)]
    await gateway.workers.read_documents(course_id)
    await gateway.project()
    asked = await gateway.workers.request(course_id, DocsAnalysisRequested)
    assert asked.documents_planned > 1


async def test_courses_are_listed_in_short(gateway: Gateway) -> None:
    second, first = await gateway.create("Zebras"), await gateway.create("Ants")
    listed = (await gateway.api.get("/api/courses")).json()
    assert [(one["id"], one["code"], one["title"]) for one in listed] == [(first, "", "Ants"), (second, "", "Zebras")]
    assert (await gateway.bob.get("/api/courses")).json() == []


async def test_a_generation_is_canceled_beside_documents_that_are_read(gateway: Gateway) -> None:
    course_id = await gateway.create()
    document_id = await uploaded(gateway, course_id)
    await gateway.post(course_id, "generate", {})
    await gateway.post(course_id, "cancel")
    request = await gateway.workers.request(course_id, DocumentsRequested)
    await gateway.workers.cancel(course_id, "documents", request.run_id)
    await gateway.project()
    events = await gateway.events(course_id)
    assert not [one for one in events if isinstance(one, DocsAnalysisRequested)]
    assert (await gateway.course(course_id))["status"] == "stage2_canceled"
    assert (await gateway.api.get(f"/api/documents/{document_id}")).json()["status"] == "uploaded"
    await gateway.post(course_id, "read-documents", {})
    assert (await gateway.workers.request(course_id, DocumentsRequested)).run_id != request.run_id


async def test_a_key_that_is_used_again_for_another_licence_is_refused(gateway: Gateway) -> None:
    course_id = await gateway.create()
    gateway.api.headers["Idempotency-Key"] = "once"
    assert (await upload(gateway, course_id, licence="MIT")).status_code == 201
    assert (await upload(gateway, course_id, licence="MIT")).status_code == 201
    assert (await upload(gateway, course_id, licence="CC-BY-4.0")).status_code == 422


async def test_an_administrator_deletes_a_document_of_anybody_and_reads_none(engine: AsyncEngine) -> None:
    async with running_gateway(engine, admin_user_ids=["bob"]) as gateway:
        course_id = await gateway.create()
        document_id = await uploaded(gateway, course_id)
        for path in ("", "/file"):
            assert (await gateway.bob.get(f"/api/documents/{document_id}{path}")).status_code == 404
        assert (await gateway.bob.delete("/api/documents/u0")).status_code == 404
        assert (await gateway.bob.delete(f"/api/documents/{document_id}")).status_code == 204
        (removed,) = [one for one in await gateway.events(course_id) if isinstance(one, DocumentDeleted)]
        assert removed.by == "bob"
        assert (await gateway.api.get(f"/api/documents/{document_id}")).status_code == 404
