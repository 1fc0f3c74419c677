"""Clients that know nothing but what such clients usually expect: a poller, a front end that goes stage by stage and
shows each status, and a worker that triggers jobs and checks the token of each callback.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import psutil
import pytest

from cli.local.stack import LocalStack
from tests.faults.marker import in_database, in_files
from tests.support.receiver import Receiver
from tests.support.sample_repository import make_repository
from tests.unit.docs.printed import Print, printed

_POLL_SECONDS = 0.1
_MOST_SECONDS = 90.0


@pytest.fixture
def api(shared_stack: LocalStack) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {shared_stack.token}"}
    with httpx.Client(base_url=f"{shared_stack.url}/api", headers=headers, timeout=10) as client:
        yield client


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_repository(tmp_path_factory.mktemp("sample") / "widgets"))


def poll(api: httpx.Client, path: str, going: set[str]) -> list[dict[str, Any]]:
    """What was seen until the status is no longer one of these."""
    seen: list[dict[str, Any]] = []
    until = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < until:
        answer = api.get(path)
        assert answer.status_code == 200, answer.text
        seen.append(answer.json())
        if seen[-1]["status"] not in going:
            return seen
        time.sleep(_POLL_SECONDS)
    raise AssertionError(f"still {seen[-1]}")


def test_a_poller_that_asks_for_as_long_as_it_reads_started_sees_the_end(api: httpx.Client, repository: str) -> None:
    course_id = api.post("/projects/", json={"title": "My Course", "description": "For us"}).json()["course_id"]
    assert api.post(f"/courses/{course_id}/generate", json={"repo_url": repository}).status_code == 202
    seen = poll(api, f"/course-generation/{course_id}/status", {"STARTED"})
    percentages = [one["progress_percentage"] for one in seen]
    assert (seen[-1]["status"], percentages[-1], seen[-1]["error_message"]) == ("SUCCESS", 100, None)
    assert percentages == sorted(percentages)
    assert all(one["current_step"] and 1 <= one["current_step_number"] <= one["total_steps"] for one in seen)
    for stage in ("stage2", "stage3", "stage4"):
        progress = api.get(f"/course-generation/{stage}/progress", params={"course_id": course_id}).json()
        assert (progress["status"], progress["progress"], progress["error"]) == ("SUCCESS", 100, None)
    assert api.delete(f"/projects/{course_id}").json() == {"message": "Course deleted successfully"}
    assert api.get(f"/projects/{course_id}").status_code == 404


def test_a_front_end_goes_stage_by_stage_and_shows_what_each_found(api: httpx.Client, repository: str) -> None:
    course_id = api.post("/projects/", json={"title": "My Course"}).json()["course_id"]
    base = f"/courses/{course_id}"

    def start(path: str, body: dict[str, Any], stage: str) -> None:
        answer = api.post(f"{base}/{path}", json=body)
        assert answer.json()["status"] == "started", answer.text
        assert poll(api, f"{base}/{stage}/status", {"PENDING", "STARTED"})[-1]["status"] == "SUCCESS"

    start("analyze-repository", {"repo_url": repository}, "stage1")
    listing = api.get(f"{base}/repository-files").json()
    chosen = {
        "selected_folders": [one["path"] for one in listing["folders"]],
        "overview_document": listing["overview_candidates"][0],
    }
    saved = api.post(f"{base}/stage1-selections", json=chosen).json()
    assert saved["next_stage"] == "stage2"
    start("analyze-documents", {"complexity_level": "beginner", "additional_info": "practical examples"}, "stage2")
    documents = api.get(f"{base}/analyzed-documents").json()["documents"]
    assert all(one["key_concepts"] is not None and one["learning_objectives"] is not None for one in documents)
    start("generate-pathways", {"additional_info": "Beginner-friendly with hands-on exercises"}, "stage3")
    pathways = api.get(f"{base}/pathways").json()["pathways"]
    api.post(f"{base}/stage3-selections", json={"selected_pathway_id": pathways[0]["id"]})
    start("generate-course", {}, "stage4")
    course = api.get(f"{base}/generated-course").json()
    sections = ("introduction", "main_content", "conclusion", "assessment", "summary")
    assert all(isinstance(module[name], str) for module in course["modules"] for name in sections)
    assert all(module["introduction"] + module["main_content"] for module in course["modules"])
    assert [one["title"] for one in api.get(f"{base}/chapters").json()] == [one["title"] for one in course["modules"]]


def test_a_worker_triggers_a_job_follows_its_steps_and_trusts_its_callback(
    api: httpx.Client, shared_stack: LocalStack, repository: str
) -> None:
    with Receiver().running() as receiver:
        wanted = {"url": receiver.url, "event_types": ["CourseGenerated"]}
        hook = api.post("/webhooks", json=wanted)
        assert hook.status_code == 201
        triggered = api.post("/jobs/trigger", json={"repositoryId": repository})
        assert triggered.status_code == 201, triggered.text
        job = triggered.json()
        seen = poll(api, f"/jobs/{job['jobId']}/status", {"pending", "claimed", "cloning", "analyzing"})
        steps = [one["currentStep"] for one in seen]
        assert (seen[-1]["status"], steps[-1], seen[-1]["totalSteps"]) == ("completed", 6, 6)
        assert steps == sorted(steps)
        assert all(one["attempts"] <= one["maxAttempts"] for one in seen)
        told = receiver.told.get(timeout=30)
        assert told.headers["x-job-token"] == job["callbackToken"]
        assert json.loads(told.body)["data"]["course_id"] == job["courseId"]
        assert api.delete(f"/webhooks/{hook.json()['webhook_id']}").status_code == 204
    with httpx.Client(base_url=shared_stack.url) as anybody:
        assert anybody.get("/readyz").status_code == 200
        assert anybody.get(f"/api/jobs/{job['jobId']}/status").status_code == 401


MARKER = "quokkaberry"


def _prints(page: Print) -> None:
    page.head("Kettles", depth=0)
    page.prose(
        "A kettle heats water until the water boils. The kettle then switches itself off, so nobody has to wait."
    )
    page.prose(f"The switch of a kettle is a {MARKER}: a strip of two metals that bends when steam warms the strip.")


def test_of_a_removed_document_and_a_removed_lecture_nothing_is_left_on_the_disk(
    api: httpx.Client, shared_stack: LocalStack
) -> None:
    said = [f"Water boils at one hundred degrees, and a {MARKER} bends.", "So the kettle knows when it is done."]
    captions = "WEBVTT\n\n" + "".join(f"00:0{at}.000 --> 00:0{at + 1}.000\n{one}\n\n" for at, one in enumerate(said))
    course_id = api.post("/projects/", json={"title": "Kettles"}).json()["course_id"]
    sent = {
        "documents": {"file": ("kettles.pdf", printed(_prints), "application/pdf")},
        "lectures": {"file": ("talk.vtt", captions.encode(), "text/vtt")},
    }
    about = {"course_id": course_id, "session_id": "1"}
    added = {
        kind: api.post(f"/{kind}/upload", files=files, data=about if kind == "lectures" else {"course_id": course_id})
        for kind, files in sent.items()
    }
    ids = {kind: answer.json()[f"{kind[:-1]}_id"] for kind, answer in added.items()}
    assert api.post(f"/courses/{course_id}/generate", json={}).status_code == 202
    seen = poll(api, f"/course-generation/{course_id}/status", {"STARTED"})
    assert (seen[-1]["status"], seen[-1]["error_message"]) == ("SUCCESS", None)
    picture = api.get(f"/documents/{ids['documents']}/pages/1")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    own = shared_stack.data_dir / "blobs" / "courses" / course_id
    assert in_files(own, MARKER) > 0
    for kind, one in ids.items():
        assert api.delete(f"/{kind}/{one}").status_code == 204
    assert api.get(f"/documents/{ids['documents']}/pages/1").status_code == 404
    assert [path for path in own.rglob("*") if path.is_file()] == []
    assert in_files(shared_stack.data_dir / "jetstream", MARKER) == 0
    assert in_files(shared_stack.data_dir / "blobs", MARKER) == 0
    assert asyncio.run(in_database(shared_stack.database_url(), MARKER)) == {}


def test_a_pdf_of_500_mb_is_refused_within_seconds_and_is_not_held(api: httpx.Client, shared_stack: LocalStack) -> None:
    course_id = api.post("/projects/", json={"title": "Huge"}).json()["course_id"]
    gateway = psutil.Process(shared_stack.services["gateway"].pid)

    def body() -> Iterator[bytes]:
        yield (
            f'--b\r\nContent-Disposition: form-data; name="course_id"\r\n\r\n{course_id}\r\n'
            '--b\r\nContent-Disposition: form-data; name="file"; filename="huge.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n%PDF-1.7\n"
        ).encode()
        for _ in range(500):
            yield bytes(1024 * 1024)

    before, began = gateway.memory_info().rss, time.monotonic()
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = api.post("/documents/upload", content=body(), headers=form, timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert time.monotonic() - began < 20
    assert gateway.memory_info().rss - before < 64 * 1024 * 1024
    assert api.get("/projects/").status_code == 200
