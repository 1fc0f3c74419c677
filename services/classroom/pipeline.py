"""The pipeline that makes courses, over the REST API of its gateway, as the person who asked for a course."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from services.classroom.generation_spending import Used
from shared.classroom.contents import Generation
from shared.events.base import EngineName
from shared.events.content import GenerationAsked
from shared.kernel.errors import TransientError

MOST_SAID = 1000
_SECONDS = 30.0
_FAILED = frozenset({"FAILURE", "REVOKED"})
_STAGES = {"structure": ("stage2", "stage3"), "tasks": ("stage2", "stage3", "stage4")}
_ROUTES = {"stage2": "analyze-documents", "stage3": "generate-pathways", "stage4": "generate-course"}


class Stopped(Exception):
    """The pipeline refuses, or a run of it failed."""

    def __init__(self, code: str, message: str, run_id: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.run_id = code, message[:MOST_SAID], run_id


@dataclass(frozen=True)
class Pipeline:
    """One job in the pipeline. Each call can be sent again: what was done is not done twice."""

    client: httpx.AsyncClient
    job: Generation
    engine: EngineName

    async def create(self, title: str) -> str:
        """The id of the course that the pipeline makes for the job."""
        sent = {"title": " ".join(title.split()), "description": self.job.course_description}
        made = await self._post("/api/projects/", sent, self.job.job_id)
        if made.status_code == httpx.codes.ACCEPTED:
            raise TransientError("The course is not to be seen yet", code="gateway_behind")
        return str(made.json()["course_id"])

    async def go_on(self, paper: Callable[[], Awaitable[bytes]], hold: Callable[[], Awaitable[None]]) -> bool:
        """Ask for what is next, after `hold` where that may ask a model. True when the part of the job is done. Raises
        Stopped, TransientError, and what `hold` raises.
        """
        if not await self._is_read(paper):
            return False
        for stage in _STAGES[self.job.part]:
            seen = await self._run(stage)
            if seen["task_id"] is None:
                await hold()
                await self._start(stage)
                return False
            if self._has_failed_before(seen):
                await hold()
            if not await self._is_done(stage, seen):
                return False
        return True

    async def used(self) -> dict[str, Used]:
        """The use of models by the course, by the month."""
        months: defaultdict[str, Used] = defaultdict(Used)
        found = (await self._send("GET", f"/api/projects/{self.job.course_id}")).json()
        for day, one in found["spent"].items():
            known = months[day[:7]]
            months[day[:7]] = Used(round(known.usd + one["usd"], 6), known.tokens + one["tokens"])
        return months

    async def modules(self) -> list[tuple[str, str]]:
        """Ids and titles of the modules that will be written: offline those of all pathways, else of the widest."""
        pathways = (await self._get("/pathways"))["pathways"]
        chosen = pathways if self.engine == "offline" else pathways[:1]
        return list({one["id"]: one["title"] for way in chosen for one in way["modules"]}.items())

    async def course(self) -> dict[str, Any]:
        """The finished `course.json`."""
        found: dict[str, Any] = await self._get("/exports/json")
        return found

    async def _is_read(self, paper: Callable[[], Awaitable[bytes]]) -> bool:
        documents: list[Any] = await self._get("/documents")
        if not documents:
            file = {"file": ("reference.pdf", await paper(), "application/pdf")}
            await self._send("POST", "/api/documents/upload", data={"course_id": self.job.course_id}, files=file)
            return False
        (uploaded, *_) = documents
        if uploaded["status"] == "failed":
            raise Stopped(uploaded["error_code"] or "failed", uploaded["error_message"] or "The PDF cannot be read")
        seen = await self._run("stage5")
        return seen["task_id"] is not None and await self._is_done("stage5", seen)

    async def _start(self, stage: str) -> None:
        about = {"additional_info": wishes_of(self.job)}
        if stage == "stage4":
            pathways = (await self._get("/pathways"))["pathways"]
            if not pathways:
                raise Stopped("no_pathway", "The pipeline found nothing in the PDF to make a course of")
            await self._post(f"{self._path}/stage3-selections", {"selected_pathway_id": pathways[0]["id"]})
        else:
            about["engine"] = self.engine
        key = f"{self.job.job_id}-{self.job.part}-{self.job.attempt}-{stage}"
        await self._post(f"{self._path}/{_ROUTES[stage]}", about, key)

    async def _is_done(self, stage: str, seen: dict[str, Any]) -> bool:
        if seen["status"] not in _FAILED:
            return bool(seen["status"] == "SUCCESS")
        if not self._has_failed_before(seen):
            reason = seen["error_message"] or "The run was canceled"
            raise Stopped(seen["error_code"] or "canceled", reason, seen["task_id"])
        try:
            await self._send("POST", f"{self._path}/stages/{stage}/retry", params={"task_id": seen["task_id"]})
        except Stopped as refused:
            raise Stopped(refused.code, refused.message, seen["task_id"]) from refused
        return False

    def _has_failed_before(self, seen: dict[str, Any]) -> bool:
        """Whether it failed before somebody asked again."""
        return seen["status"] in _FAILED and seen["task_id"] == self.job.run_id

    @property
    def _path(self) -> str:
        return f"/api/courses/{self.job.course_id}"

    async def _run(self, stage: str) -> dict[str, Any]:
        found: dict[str, Any] = await self._get(f"/{stage}/status")
        return found

    async def _get(self, path: str) -> Any:
        return (await self._send("GET", f"{self._path}{path}")).json()

    async def _post(self, path: str, sent: dict[str, Any], key: str | None = None) -> httpx.Response:
        return await self._send("POST", path, json=sent, headers={"Idempotency-Key": key} if key else {})

    async def _send(self, method: str, path: str, **sent: Any) -> httpx.Response:
        try:
            answer = await self.client.request(method, path, timeout=_SECONDS, **sent)
        except httpx.HTTPError as error:
            message = f"The gateway gave no answer ({type(error).__name__})"
            raise TransientError(message, code="gateway_away") from error
        if answer.is_success:
            return answer
        try:
            problem: Any = answer.json()
        except ValueError:
            problem = {}
        problem = problem if isinstance(problem, dict) else {}
        code, detail = str(problem.get("code", "")), str(problem.get("detail", ""))
        may_pass = answer.is_server_error or ("retry-after" in answer.headers and code != "budget_exceeded")
        if may_pass:
            raise TransientError(f"The gateway answered {answer.status_code} {code}", code="gateway_away")
        raise Stopped(code or f"http_{answer.status_code}", detail or "The gateway refused")


def wishes_of(about: Generation | GenerationAsked) -> str:
    """The brief, for whom the course is, and what else is wished for: where the pipeline takes wishes in words."""
    said = (about.course_description, f"For {about.intended_audience}", about.instructions)
    return "\n".join(one.strip().rstrip(".") + "." for one in said if one.strip())
