"""Callers of the REST API who write down every answer, and what must be true of the answers afterwards."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from shared.event_log.port import Recorded
from shared.events.gateway import CourseCreated

ANSWER_SECONDS = 3.0
# What a busy machine may add between the gateway's answer and the caller's clock.
_SLACK_SECONDS = 0.5
_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.25
_AT_ONCE = 8


@dataclass(frozen=True)
class Answer:
    """One request and what came back; status 0 when nothing did."""

    method: str
    title: str
    status: int
    seconds: float
    content_type: str = ""
    retry_after: str = ""
    code: str = ""

    @property
    def accepted(self) -> bool:
        """The gateway took it on."""
        return self.status in {200, 201, 202}

    @property
    def problem(self) -> str:
        """The fault of a call, if it has one: it is neither carried out nor refused clearly and soon."""
        what = f"{self.method} {self.title or 'read'}"
        if self.seconds > ANSWER_SECONDS + _SLACK_SECONDS:
            return f"{what}: {self.status} {self.code} only after {self.seconds:.1f} s"
        if self.accepted:
            return ""
        if self.status != 503:
            return f"{what}: {self.status} {self.code} after {self.seconds:.1f} s"
        if not self.content_type.startswith("application/problem+json") or not self.retry_after.isdigit():
            return f"{what}: 503 without a problem or without Retry-After"
        return ""


@dataclass
class Callers:
    """Callers who create courses under Idempotency-Keys and read, until they are stopped."""

    url: str
    token: str
    answers: list[Answer] = field(default_factory=list)
    _number: "itertools.count[int]" = field(default_factory=itertools.count)

    def client(self) -> httpx.AsyncClient:
        """A client of the caller's."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=_PATIENCE_SECONDS)

    async def run(self, stopping: asyncio.Event, callers: int) -> None:
        """Call until `stopping`."""
        async with self.client() as client:
            await asyncio.gather(*(self._call(client, stopping) for _ in range(callers)))

    async def _call(self, client: httpx.AsyncClient, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            await self.create(client, f"course {next(self._number)}")
            await self._request(client, "GET", "/api/projects/?limit=5", "")
            await asyncio.sleep(_PAUSE_SECONDS)

    async def create(self, client: httpx.AsyncClient, title: str) -> Answer:
        """Ask for a course; the same title is the same request."""
        return await self._request(client, "POST", "/api/projects/", title)

    async def _request(self, client: httpx.AsyncClient, method: str, path: str, title: str) -> Answer:
        loop = asyncio.get_running_loop()
        began = loop.time()
        arguments = {"json": {"title": title}, "headers": {"Idempotency-Key": title.replace(" ", "-")}} if title else {}
        try:
            got = await client.request(method, path, **arguments)  # type: ignore[arg-type]
        except httpx.HTTPError as error:
            answer = Answer(method, title, 0, loop.time() - began, code=type(error).__name__)
        else:
            kind = got.headers.get("content-type", "")
            code = got.json().get("code", "") if kind.startswith("application/problem+json") else ""
            answer = Answer(
                method, title, got.status_code, loop.time() - began, kind, got.headers.get("retry-after", ""), code
            )
        self.answers.append(answer)
        return answer

    async def repeat_refused(self) -> None:
        """Send again, once more, what was refused: now it must be accepted."""
        accepted = {answer.title for answer in self.answers if answer.accepted}
        refused = {answer.title for answer in self.answers if answer.title} - accepted
        async with self.client() as client:
            gate = asyncio.Semaphore(_AT_ONCE)

            async def repeat(title: str) -> None:
                async with gate:
                    await self.create(client, title)

            await asyncio.gather(*(repeat(title) for title in sorted(refused)))

    def problems(self) -> list[str]:
        """Of all answers."""
        return [answer.problem for answer in self.answers if answer.problem]

    def figures(self) -> dict[str, object]:
        """Counts, and the slowest refusal."""
        refused = [answer for answer in self.answers if answer.status == 503]
        return {
            "requests": len(self.answers),
            "accepted": sum(answer.accepted for answer in self.answers),
            "refused": len(refused),
            "codes": dict(Counter(answer.code for answer in refused)),
            "slowest_seconds": round(max((answer.seconds for answer in self.answers), default=0.0), 2),
        }


def lost_and_doubled(callers: Callers, stored: Sequence[Recorded], shown: Sequence[str]) -> tuple[int, int]:
    """Courses that were accepted and are not in the log or not in the tables; and courses that are there twice."""
    created = Counter(item.event.title for item in stored if isinstance(item.event, CourseCreated))
    visible = Counter(shown)
    accepted = {answer.title for answer in callers.answers if answer.accepted and answer.title}
    lost = sum(not created[title] or not visible[title] for title in accepted)
    asked = {answer.title for answer in callers.answers if answer.title}
    doubled = sum(max(created[title], visible[title]) > 1 for title in asked)
    return lost, doubled
