"""A course is canceled whatever stage is at work, and goes on, on the real servers, as a poller sees it."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.local.stack import LocalStack
from tests.e2e.conftest import StartStack
from tests.support.follow import follow_facts
from tests.support.sample_repository import make_repository


class Caller:
    """One course of one stack, by its routes."""

    def __init__(self, stack: LocalStack, repository: Path) -> None:
        self.stack = stack
        self.body = {"repo_url": str(repository)}
        self._http = httpx.Client(
            base_url=stack.url, headers={"Authorization": f"Bearer {stack.token}"}, timeout=30.0
        )  # fmt: skip
        self.course_id = str(self.post("/api/projects/", {"title": "Jobs"}, 201)["course_id"])
        self.seen: list[tuple[str, int]] = []

    def post(self, path: str, body: Any = None, status: int = 202) -> Any:
        answer = self._http.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def of_course(self, path: str, body: Any = None, status: int = 202) -> Any:
        return self.post(f"/api/courses/{self.course_id}/{path}", body, status)

    def follow(self, *stop_at: str) -> list[str]:
        """The facts so far, from the first to one of these."""
        return list(follow_facts(self.stack, self.course_id, stop_at=stop_at))

    def poll(self, stop_at: str) -> None:
        """The whole, at each fact."""
        for _ in follow_facts(self.stack, self.course_id, stop_at=(stop_at,)):
            status = self._http.get(f"/api/course-generation/{self.course_id}/status").json()
            self.seen.append((status["status"], status["progress_percentage"]))

    def status(self) -> str:
        return str(self._http.get(f"/api/projects/{self.course_id}").json()["status"])


@pytest.mark.parametrize(
    ("moment", "stopped"),
    [
        ("GenerationRequested", {"stage1", "stage2"}),
        ("DocsAnalysisStarted", {"stage2", "stage3"}),
        ("DocsAnalysed", {"stage3", "stage4"}),
    ],
)
def test_a_canceled_course_stops_and_goes_on_where_it_was(
    moment: str, stopped: set[str], tmp_path: Path, start_stack: StartStack
) -> None:
    stack, _ = start_stack()
    caller = Caller(stack, make_repository(tmp_path / "jobs", copies=6))
    caller.of_course("generate", caller.body)
    caller.follow(moment)
    caller.of_course("cancel")
    names = caller.follow("StageCanceled", "GenerationCanceled")
    if "StageCancelRequested" in names:
        names = caller.follow("StageCanceled")
    stage, _, word = caller.status().partition("_")
    assert (stage in stopped, word) == (True, "canceled"), caller.status()
    caller.of_course("cancel")
    caller.of_course("resume")
    names = caller.follow("CourseGenerated")
    assert names.count("RepoCloned") == names.count("DocsAnalysed") == names.count("GenerationRequested") == 1
    assert names.count("GenerationCanceled") == 1
    assert caller.of_course("cancel", status=409)["course_status"] == "stage4_complete"


def test_who_polls_the_whole_sees_its_end_once_and_no_percentage_fall(tmp_path: Path, start_stack: StartStack) -> None:
    stack, _ = start_stack()
    caller = Caller(stack, make_repository(tmp_path / "jobs", copies=4))
    caller.of_course("generate", caller.body)
    caller.poll("CourseGenerated")
    statuses, percents = zip(*caller.seen, strict=True)
    over = statuses.index("SUCCESS")
    assert set(statuses[:over]) == {"STARTED"}
    assert set(statuses[over:]) == {"SUCCESS"}
    assert list(percents) == sorted(percents)
