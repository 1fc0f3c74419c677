"""A gateway of a few lines that answers as it is told, for a client that cannot tell the difference."""

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from cli.client import Client

Answer = Callable[[], httpx.Response]
COURSE = "/api/projects/c1"
STATUS = "/api/course-generation/c1/status"
CANCEL = "POST /api/courses/c1/cancel"
RESUME = "POST /api/courses/c1/resume"
DONE = {"current_stage": "stage4", "database_status": "stage4_complete"}


def problem(status: int, code: str = "refused") -> httpx.Response:
    return httpx.Response(status, json={"code": code, "detail": f"said with {status}"})


def stage(status: str, progress: int = 0, step: str = "", **more: object) -> httpx.Response:
    body = {"status": status, "progress": progress, "current_step": step, "task_id": "run", **more}
    return httpx.Response(200, json=body)


def at(current: str, database: str) -> httpx.Response:
    return httpx.Response(200, json={"current_stage": current, "database_status": database})


@dataclass
class Gateway:
    """`instead`: what the next requests of a method and path are answered with; then comes what always comes."""

    always: dict[str, httpx.Response] = field(default_factory=dict)
    instead: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        stages = {f"GET /api/courses/c1/stage{number}/status": stage("SUCCESS", 100, "Complete") for number in range(5)}
        self.always = {
            "POST /api/projects/": httpx.Response(201, json={"course_id": "c1"}),
            "POST /api/courses/c1/generate": httpx.Response(202, json={}),
            f"GET {STATUS}": httpx.Response(200, json=DONE),
            RESUME: httpx.Response(202, json={"task_id": "again", "status": "started"}),
            CANCEL: httpx.Response(202, json={"task_id": "run", "status": "stopping"}),
            f"DELETE {COURSE}": httpx.Response(200, json={}),
            "GET /api/courses/c1/exports": httpx.Response(
                200, json=[{"kind": "json", "media_type": "application/json"}]
            ),
            "GET /api/courses/c1/exports/json": httpx.Response(
                200, json={"title": "T", "edition": "e", "modules": [], "documents": [], "pathways": [], "quality": {}}
            ),
            **stages,
            **self.always,
        }

    def client(self) -> Client:
        return Client("http://gateway", "token", httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        name = f"{request.method} {request.url.path}"
        self.asked.append(name)
        waiting = self.instead.get(name)
        return waiting.pop(0)() if waiting else self.always[name]
