"""Reads for front ends: entity tags, compression, pages, methods, origins, tickets."""

import gzip
import time
from typing import Any

import asyncpg
import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy import column, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.api import callers, rendered
from services.gateway.api.rendered import Body, Rendered, accepts_gzip
from services.gateway.api.strict_json import StrictRoute, _defaults_of_read
from services.gateway.readmodels import reads
from services.gateway.readmodels.courses import find_course
from shared.readmodels.missing import tells_of_missing_tables
from tests.integration.gateway.conftest import Gateway, client_of, running_gateway, settings

WHOLE = [
    "repository-files",
    "analyzed-documents",
    "pathways",
    "generated-course",
    "generated-course/contents",
    "quality",
]
SMALL = ["stage4/status", "stage1-selections", "stage3-selections", "exports", "history"]


async def test_every_read_has_a_tag_and_is_not_sent_twice(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    paths = [f"/api/courses/{course_id}/{part}" for part in (*WHOLE, *SMALL)]
    module_id = (await gateway.get(course_id, "generated-course"))["modules"][0]["id"]
    paths += [
        "/api/projects/", f"/api/projects/{course_id}", f"/api/courses/{course_id}", f"/api/courses/{course_id}?at=9",
        f"/api/courses/{course_id}/chapters", f"/api/course-generation/{course_id}/status", "/api/webhooks",
        "/api/credentials", f"/api/courses/{course_id}/modules/{module_id}", f"/api/courses/{course_id}/exports/json",
    ]  # fmt: skip
    for path in paths:
        first = await gateway.api.get(path)
        assert first.status_code == 200, path
        again = await gateway.api.get(path, headers={"If-None-Match": f'"other", {first.headers["ETag"]}'})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"]), path
        other = await gateway.api.get(path, headers={"If-None-Match": '"other"'})
        assert (other.status_code, other.content) == (200, first.content), path


async def test_a_part_is_new_with_each_version_and_its_tag_guards_a_write(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    path = f"/api/courses/{course_id}/pathways"
    before = await gateway.api.get(path)
    tagged = {"If-Match": before.headers["ETag"]}
    pathway = before.json()["pathways"][0]
    changed = await gateway.api.patch(f"{path}/{pathway['id']}", json={"title": "Another"}, headers=tagged)
    assert changed.status_code == 200
    after = await gateway.api.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.json()["pathways"][0]["title"]) == (200, "Another")
    refused = await gateway.api.patch(f"{path}/{pathway['id']}", json={"title": "Third"}, headers=tagged)
    assert refused.status_code == 412


async def test_what_was_rendered_is_the_owners_and_ends_with_the_course(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    path = f"/api/courses/{course_id}/generated-course"
    assert (await gateway.api.get(path)).status_code == 200
    assert (await gateway.bob.get(path)).status_code == 404
    await gateway.api.delete(f"/api/projects/{course_id}")
    await gateway.project()
    assert (await gateway.api.get(path)).status_code == 404


def test_what_was_rendered_is_kept_for_a_minute_and_within_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendered, "_LIMIT_BYTES", 100)
    kept = Rendered()
    kept.keep(("ann", "one", "p"), Body(1, b"x" * 60))
    kept.keep(("ann", "two", "p"), Body(1, b"x" * 60))
    assert kept.find(("ann", "one", "p"), 1) is None
    assert kept.find(("ann", "two", "p"), 2) is None
    assert kept.find(("ann", "two", "p"), 1) is not None
    later = time.monotonic() + 61
    monkeypatch.setattr("services.gateway.api.rendered.time.monotonic", lambda: later)
    assert kept.find(("ann", "two", "p"), 1) is None


@pytest.mark.parametrize(
    ("sent", "takes"),
    [
        ("gzip, deflate, br", True), ("br", False), ("*", True), ("gzip;q=0", False), ("GZIP;q=0.5", True),
        ("*, gzip;q=0.0", False), ("", False),
    ],
)  # fmt: skip
def test_who_takes_gzip(sent: str, takes: bool) -> None:
    assert accepts_gzip(sent) is takes


async def test_an_export_comes_as_a_file_that_is_called_like_its_course(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    await gateway.api.put(f"/api/projects/{course_id}", json={"title": "Learn Click"})
    answer = await gateway.api.get(f"/api/courses/{course_id}/exports/site")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="learn-click-site.zip"'


async def test_large_answers_are_compressed_for_callers_that_take_it(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    for part in ("generated-course", "exports/json"):
        path = f"/api/courses/{course_id}/{part}"
        plain = await gateway.api.get(path, headers={"Accept-Encoding": "identity"})
        async with gateway.api.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            packed = b"".join([chunk async for chunk in answer.aiter_raw()])
        assert answer.headers["Content-Encoding"] == "gzip"
        assert plain.headers["Vary"] == answer.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(packed) == plain.content
        assert len(packed) < len(plain.content)


async def test_a_page_of_a_list_says_how_long_the_list_is(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    for part, name in (
        ("repository-files", "files"),
        ("analyzed-documents", "documents"),
        ("generated-course", "modules"),
    ):
        whole = await gateway.get(course_id, part)
        assert whole["total"] == len(whole[name]) > 1, part
        page = await gateway.get(course_id, f"{part}?limit=1&offset=1")
        assert (page[name], page["total"]) == (whole[name][1:2], whole["total"])
    assert (await gateway.api.get(f"/api/courses/{course_id}/generated-course?limit=0")).status_code == 422


async def test_contents_have_no_texts(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    whole, contents = (
        await gateway.get(course_id, "generated-course"),
        await gateway.get(course_id, "generated-course/contents"),
    )
    for full, short in zip(whole["modules"], contents["modules"], strict=True):
        assert short == {name: full[name] for name in short}
    assert contents["estimated_minutes"] == sum(one["estimated_minutes"] for one in whole["modules"])
    assert not {"introduction", "main_content", "items"} & contents["modules"][0].keys()


async def test_names_of_the_seeds_stand_beside_ours(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    found = await gateway.get(course_id, "repository-files")
    for file in found["files"]:
        assert (file["file_path"], file["file_size"], file["file_type"]) == (file["path"], file["size"], "file")
    assert {(one["file_path"] == one["path"], one["file_type"]) for one in found["folders"]} == {(True, "folder")}
    entries = [*found["folders"], *found["files"]]
    assert len({one["id"] for one in entries}) == len(entries)
    course = await gateway.get(course_id, "generated-course")
    assert (await gateway.api.get(course["export_path"])).headers["Content-Type"] == "application/zip"
    progress = (await gateway.api.get(f"/api/course-generation/stage2/progress?course_id={course_id}")).json()
    assert progress["error_message"] == progress["error"]


async def test_positions_count_from_one_and_read_objectives_can_be_written(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    path = f"/api/courses/{course_id}/pathways/p-complete/modules"
    document_id = (await gateway.get(course_id, "analyzed-documents"))["documents"][0]["id"]
    body: dict[str, Any] = {"title": "First", "document_ids": [document_id], "position": 1}
    body["objectives"] = [{"text": "Explain it", "bloom": "analyze"}]
    added = (await gateway.api.post(path, json=body)).json()["modules"][0]
    assert (added["title"], added["sequence_order"]) == ("First", 1)
    assert (await gateway.api.post(path, json={**body, "position": 0})).status_code == 422
    for name in ("objectives", "learning_objectives"):
        written = await gateway.api.patch(f"{path}/{added['id']}", json={name: added[name]})
        module = written.json()["modules"][0]
        assert (module["objectives"], module["learning_objectives"]) == (body["objectives"], ["Explain it"])
    both = {name: added[name] for name in ("objectives", "learning_objectives")}
    assert (await gateway.api.patch(f"{path}/{added['id']}", json=both)).status_code == 422


async def test_objectives_of_a_written_module_have_the_names_that_a_pathway_gives_them(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    for part in ("generated-course", "generated-course/contents"):
        for module in (await gateway.get(course_id, part))["modules"]:
            assert module["learning_objectives"] == [one["text"] for one in module["objectives"]] != []
            assert all(one["bloom"] for one in module["objectives"])


async def test_head_is_get_without_a_body(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    for path in ("/version", f"/api/projects/{course_id}", f"/api/courses/{course_id}/generated-course"):
        got, head = await gateway.api.get(path), await gateway.api.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert _lasting(head) == _lasting(got)
    assert (await gateway.api.head("/api/projects/nobodys")).status_code == 404
    events = await gateway.api.head(f"/api/courses/{course_id}/events")
    assert (events.status_code, events.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


async def test_options_and_405_list_the_methods_of_a_path(gateway: Gateway) -> None:
    path, all_of_it = "/api/projects/some-id", "DELETE, GET, HEAD, OPTIONS, PUT"
    answer = await gateway.api.options(path)
    assert (answer.status_code, answer.headers["Allow"]) == (204, all_of_it)
    refused = await gateway.api.post(path)
    assert (refused.status_code, refused.headers["Allow"]) == (405, all_of_it)
    assert (await gateway.api.options("/nothing/here")).status_code == 404


async def test_pages_of_named_origins_may_call(engine: AsyncEngine) -> None:
    mine, sent = (
        "https://app.example.org",
        {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "if-match"},
    )
    async for gateway in _of(engine, cors_origins=[mine]):
        asked = await gateway.api.options("/api/projects/x", headers={"Origin": mine, **sent})
        assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (200, mine)
        assert "PUT" in asked.headers["Access-Control-Allow-Methods"]
        got = await gateway.api.get("/api/projects/", headers={"Origin": mine})
        assert "ETag" in got.headers["Access-Control-Expose-Headers"]
        other = await gateway.api.options("/api/projects/x", headers={"Origin": "https://evil.example", **sent})
        assert (other.status_code, other.headers.get("Access-Control-Allow-Origin")) == (400, None)


def _lasting(answer: httpx.Response) -> dict[str, str]:
    """The headers but for the count of requests that are left, which each request lowers."""
    return {name: value for name, value in answer.headers.items() if name != "ratelimit"}


async def _of(engine: AsyncEngine, **changed: Any) -> Any:
    async with running_gateway(engine, **changed) as made:
        yield made


@pytest.mark.parametrize("origin", ["*", "https://app.example.org/", "app.example.org", "https://*.example.org"])
def test_an_origin_is_exact(origin: str) -> None:
    with pytest.raises(ValidationError, match="CORS_ORIGINS"):
        settings(cors_origins=[origin])


async def test_a_ticket_opens_event_streams_for_a_minute_and_nothing_else(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_id = await gateway.create()
    made = await gateway.api.post("/api/event-tickets")
    assert (made.status_code, made.json()["expires_in"]) == (201, 60)
    ticket = made.json()["ticket"]
    stranger = client_of(gateway.app, "nobody")
    del stranger.headers["Authorization"]
    path = f"/api/courses/{course_id}/events"
    assert "event: snapshot" in (await stranger.get(f"{path}?ticket={ticket}")).text
    assert (await stranger.get(path)).status_code == 401
    assert (await stranger.get(f"/api/projects/{course_id}?ticket={ticket}")).status_code == 401
    for wrong in (ticket[:-4] + "AAAA", "x", "", "ü"):
        assert (await stranger.get(path, params={"ticket": wrong})).status_code == 401, wrong
    bobs = (await gateway.bob.post("/api/event-tickets")).json()["ticket"]
    assert (await stranger.get(f"{path}?ticket={bobs}")).status_code == 404
    now = time.time()
    monkeypatch.setattr("services.gateway.api.tickets.time.time", lambda: now + 61)
    assert (await stranger.get(f"{path}?ticket={ticket}")).status_code == 401
    await stranger.aclose()


async def test_a_read_is_one_statement_and_nothing_around_it(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    course_id = await gateway.create()
    said: list[str] = []
    prepare = reads._read_json

    async def listen(connection: Any) -> None:
        await prepare(connection)
        connection.add_query_logger(lambda query: said.append(query.query))

    monkeypatch.setattr(reads, "_read_json", listen)
    mine = reads.Reads(gateway.engine, 1, gateway.services.projected.require_filled)
    for _ in range(2):
        assert (await find_course(mine, "ann", course_id)) is not None
    mine.close()
    assert [query.split()[0] for query in said] == ["SELECT", "SELECT"]
    assert "read_v1.courses" in said[1]


async def test_a_read_that_fails_is_an_error_of_the_database(gateway: Gateway) -> None:
    with pytest.raises(DBAPIError) as failed:
        await gateway.services.reads.all(select(table("nowhere", column("one"))))
    assert tells_of_missing_tables(failed.value)


async def test_a_read_without_a_query_is_answered_as_one_that_fastapi_solves(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "check_query", lambda _: None)
    course_id = await gateway.generated()
    lean = [
        route
        for route in gateway.app.routes
        if isinstance(route, StrictRoute) and _defaults_of_read(route) is not None and "{kind}" not in route.path
    ]
    polled = {"getCourse", "listCourses", "getGenerationStatus", "getPathways", "getGeneratedCourse"}
    assert polled <= {route.operation_id for route in lean}
    for route in lean:
        path = route.path.format(course_id=course_id)
        answer, solved = await gateway.api.get(path), await gateway.api.get(f"{path}?nothing=known")
        assert (answer.status_code, answer.content) == (200, solved.content), path
        assert _lasting(answer) == _lasting(solved)
        no_course = 404 if "{course_id}" in route.path else 200
        assert (await gateway.api.get(route.path.format(course_id="a.b"))).status_code == no_course
    del gateway.api.headers["Authorization"]
    assert {(await gateway.api.get(route.path.format(course_id=course_id))).status_code for route in lean} == {401}


@pytest.mark.parametrize("query", ["statsu=draft", "=", "limit=1&offset=2", "limit=1&page=2"])
async def test_a_parameter_that_is_not_there_is_refused_by_its_name(gateway: Gateway, query: str) -> None:
    answer = await gateway.api.get(f"/api/projects/?{query}")
    name = query.rpartition("&")[2].partition("=")[0]
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"query/{name}")


async def test_parameters_of_pages_times_and_tickets_are_known(gateway: Gateway) -> None:
    course_id = await gateway.analysed()
    paths = (
        f"courses/{course_id}/analyzed-documents?limit=1&offset=0", f"projects/{course_id}?at=2",
        "projects/?limit=1&status=draft&q=x", f"course-generation/stage1/progress?course_id={course_id}",
    )  # fmt: skip
    assert [(await gateway.api.get(f"/api/{path}")).status_code for path in paths] == [200] * 4


async def test_a_connection_that_ends_between_two_messages_is_a_database_that_is_away(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ends(*_: Any, **__: Any) -> None:
        raise asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")

    monkeypatch.setattr(asyncpg.Pool, "fetch", ends)
    answer = await gateway.api.get("/api/projects/")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
