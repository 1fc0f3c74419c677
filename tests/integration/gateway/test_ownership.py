"""Every operation of the description, as P28 of `make faults` asks for it: by its owner, by others and by nobody."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from services.gateway.openapi import render
from services.gateway.webhooks.store import record_deliveries
from tests.integration.gateway.conftest import Gateway

BODIES: dict[str, Any] = {
    "askCourse": {"question": "What is a callback?"},
    "createCourse": {"title": "x"},
    "updateCourse": {"title": "stolen"},
    "generate": {"repo_url": "https://github.com/pallets/click"},
    "analyzeRepository": {"repo_url": "https://github.com/pallets/click"},
    "saveStage1Selections": {"selected_folders": ["docs"]},
    "analyzeDocuments": {"complexity_level": "beginner"},
    "reviseDocument": {"title": "stolen"},
    "generatePathways": {},
    "editPathway": {"title": "stolen"},
    "addModule": {"title": "stolen", "document_ids": ["d1"]},
    "editModule": {"title": "stolen"},
    "orderModules": {"module_ids": ["m-complete-0"]},
    "saveStage3Selections": {"selected_pathway_id": "p-complete"},
    "generateCourse": {},
    "createWebhook": {"url": "https://example.org/hook", "event_types": ["CourseDeleted"]},
    "updateWebhook": {"description": "stolen"},
    "createCredential": {"name": "work", "host": "github.com", "token": "a-token"},
    "updateCredential": {"token": "stolen"},
    "addPathway": {"title": "stolen", "modules": [{"pathway_id": "p-complete", "module_id": "m-complete-0"}]},
    "takeModule": {"from_pathway_id": "p-complete"},
    "regenerate": {"complexity_level": "beginner"},
    "triggerJob": {"repositoryId": "pallets/click"},
    "readDocuments": {},
    "transcribeLectures": {},
    "downloadLecture": {"panopto_url": "https://example.org/talk", "stream_url": "https://example.org/talk.mp4"},
    "uploadDocument": {},  # a form
    "uploadLecture": {},  # a form
}
NOWHERE = "019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f"
OPERATORS = {"getHealthStatistics"}  # sums over all owners: test_statistics.py asks who may see them
OPEN = {"health", "healthz", "ready", "metrics", "version"}
OWN = {
    "followCourses", "listCourseChoices",
    "createCourse", "listCourses", "createEventTicket", "createWebhook", "listWebhooks", "createCredential",
    "listCredentials", "triggerJob", "getLimits",
}  # fmt: skip


def operations() -> Iterator[tuple[str, str, str]]:
    """Method, path and operation id of everything described."""
    for path, methods in json.loads(render())["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation["operationId"]


@dataclass(frozen=True)
class Hook:
    """A webhook and one delivery of it."""

    webhook_id: str
    delivery_id: str


async def create_hook(gateway: Gateway) -> Hook:
    """Ann's webhook, which is to be told of a course of hers."""
    made = await gateway.api.post("/api/webhooks", json=BODIES["createWebhook"] | {"event_types": ["CourseCreated"]})
    assert made.status_code == 201, made.text
    webhook_id = made.json()["webhook_id"]
    course_id = await gateway.create("Told")
    async with gateway.engine.begin() as connection:
        assert await record_deliveries(connection, await gateway.log.read(course_id)) == 1
    (delivery,) = (await gateway.api.get(f"/api/webhooks/{webhook_id}/deliveries")).json()
    return Hook(webhook_id, delivery["delivery_id"])


async def send(
    client: httpx.AsyncClient, method: str, path: str, name: str, course_id: str, hook: Hook | None = None, **kw: Any
) -> httpx.Response:
    told = hook or Hook(NOWHERE, NOWHERE)
    filled = (
        path.replace("{course_id}", course_id).replace("{stage}", "stage2").replace("{kind}", "json")
        .replace("{pathway_id}", "p-complete").replace("{module_id}", "m-complete-0").replace("{document_id}", "d1")
        .replace("{page}", "1")
        .replace("{webhook_id}", told.webhook_id).replace("{delivery_id}", told.delivery_id)
        .replace("{credential_id}", NOWHERE).replace("{job_id}", f"{course_id}_{NOWHERE}")
        .replace("{lecture_id}", "l1").replace("{host}", "github.com").replace("{repository}", "pallets/click")
    )  # fmt: skip
    parameters = {"course_id": course_id} if path.endswith("/progress") else None
    if name in {"uploadDocument", "uploadLecture"}:
        file = ("a.pdf", b"%PDF-1.7 stolen") if name == "uploadDocument" else ("a.vtt", b"WEBVTT stolen")
        form: dict[str, Any] = {
            "files": {"file": file},
            "data": {"course_id": course_id},
        }
        return await client.request(method, filled, **form, **kw)
    body = BODIES.get(name)
    if name == "downloadLecture":
        body = {**BODIES[name], "course_id": course_id}
    return await client.request(method, filled, json=body, params=parameters, **kw)


async def test_two_authorization_headers_are_none(gateway: Gateway) -> None:
    headers = [("Authorization", "Bearer ann"), ("Authorization", "Bearer bob")]
    transport = httpx.ASGITransport(gateway.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        assert (await client.get("/api/projects/", headers=headers)).status_code == 401


def test_every_operation_with_a_body_is_tried() -> None:
    described = json.loads(render())["paths"].values()
    with_body = {o["operationId"] for methods in described for o in methods.values() if "requestBody" in o}
    assert with_body == set(BODIES)
