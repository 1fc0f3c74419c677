"""A school generates a course from a PDF on a local stack, whose classroom is killed at each point of it."""

from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import StartStack, start_stack
from tests.e2e.test_classroom import School, points, school, until
from tests.faults.kills import Kill, arm_point
from tests.unit.docs.printed import Print, printed

__all__ = ["StartStack", "points", "school", "start_stack"]
BRIEF = {"course_description": "How tides come and go", "intended_audience": "beginners"}
# Before the course at the gateway is a fact, before the drafts of each part, and around the facts of a job: that the
# course is begun (the second append), the structure (third), the tasks (fifth).
KILLS = (
    *(("L3", "generation", 1), ("K2", "generation", 1), ("K2", "generation", 2)),
    *((point, "classroom", hit) for point in ("K3", "K5") for hit in (2, 3, 5)),
)


def _write(page: Print) -> None:
    page.head("Tides", depth=0)
    for kind in ("Spring", "Neap"):
        page.head(f"{kind} tides", 13, depth=1)
        page.prose(
            f"A {kind.lower()} tide is a tide that comes twice a month. A tide table lists its heights in metres."
        )
        page.prose(
            f"Read the table of the {kind.lower()} tide before the boat leaves, and add the height of the swell."
        )


def _ended(school: School, path: str) -> dict[str, Any] | None:
    found: dict[str, Any] = school.send("GET", path).json()
    return None if found["status"] == "started" else found


def _make(school: School, org: str, file_key: str, points: Path, kill: tuple[str, str, int] | None) -> Any:
    """What a course shows after both parts."""
    course = school.send("POST", "/courses/", {"name": f"Tides {kill}", "org_id": org}).json()["id"]
    path = f"/ai/generate/course/{course}"
    if kill is not None:
        arm_point(points, Kill("gateway", *kill))
    job = school.send("POST", f"{path}/structure", {**BRIEF, "reference_material_s3_key": file_key}).json()["job_uuid"]
    assert until(partial(_ended, school, path))["status"] == "pending", kill
    assert school.send("POST", f"{path}/tasks", {"job_uuid": job}).status_code == 200
    assert until(partial(_ended, school, path))["status"] == "completed", kill
    if kill is not None:
        assert not (points / f"{kill[0]}:{kill[1]}").exists(), f"{kill} was not reached"
    tree = school.send("GET", f"/courses/{course}?only_published=false").json()
    return [
        (one["name"], [(task["title"], task["type"], task["status"], task["num_questions"]) for task in one["tasks"]])
        for one in tree["milestones"]
    ]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_course_is_generated_once_wherever_the_classroom_is_killed(school: School, points: Path) -> None:
    school.sign_in()
    org = school.send("POST", "/organizations/", {"name": "Tides", "slug": "tides"}).json()["id"]
    sent = {"file": ("tides.pdf", printed(_write))}
    file = school.client.post("/file/upload-local", files=sent, data={"content_type": "application/pdf"}).json()
    whole = _make(school, org, file["file_key"], points, None)
    assert sum(len(tasks) for _, tasks in whole) > 0
    for kill in KILLS:
        assert _make(school, org, file["file_key"], points, kill) == whole, kill
    with httpx.Client(base_url=school.stack.url, headers=school.client.headers, timeout=30, trust_env=False) as api:
        made = api.get("/api/projects/").json()
        assert len(made) == len(KILLS) + 1, "one course at the gateway for each job"
        for one in made:
            events = api.get(f"/api/courses/{one['course_id']}/history").json()
            asked = [event["type"] for event in events if event["type"].endswith("Requested")]
            assert len(asked) == len(set(asked)) == 4, asked
