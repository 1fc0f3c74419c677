"""A user cannot read another user's course: every route, by its owner, another user, and without a token."""

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.gateway.migrate import migrate
from shared.kernel.ids import new_id
from tests.faults.promise import Outcome, Promise, Scale
from tests.integration.gateway.conftest import OPERATOR_TOKEN, Gateway, client_of, running_gateway
from tests.integration.gateway.test_ownership import OPEN, OPERATORS, OWN, Hook, create_hook, operations, send
from tests.support.servers import running_postgres

_HEADERS = ("", "Bearer", "Bearer ", "Bearer nobody", "Basic YW5uOg==", "bearer  ann", "ann", "Bearer ann,ann")
_STRANGERS: dict[str, dict[str, str]] = {
    "no token": {}, **{f"the header {one!r}": {"Authorization": one} for one in _HEADERS},
}  # fmt: skip
_REPAIRS = {"cancelStage", "retryStage"}  # of a finished course there is nothing to repair
_OF_A_PROBLEM = {"course_status", "type", "title", "status", "detail", "code", "instance", "trace_id"}
_ABOUT_THE_REQUEST = {"trace_id", "instance"}


def _comparable(answer: httpx.Response, course_id: str) -> tuple[int, Any]:
    """Status and body without the course's id and what names the single request."""
    text = answer.text.replace(course_id, "COURSE")
    for name in _ABOUT_THE_REQUEST:
        text = re.sub(rf'"{name}":\s*"[^"]*"', f'"{name}":""', text)
    return answer.status_code, text


class _Attempt:
    """All calls against one finished course, and what they gave away."""

    def __init__(self, gateway: Gateway, course_id: str, hook: Hook) -> None:
        self._gateway, self._course_id, self._hook = gateway, course_id, hook
        self.calls = 0
        self.owner_answers = 0

    async def run(self) -> list[str]:
        """Another's calls first: what the owner does may change or delete the course."""
        failures: list[str] = []
        before = await self._gateway.course(self._course_id)
        for method, path, name in operations():
            if name not in OPEN | OWN | OPERATORS:
                failures += [failure async for failure in self._by_another(method, path, name)]
            failures += [failure async for failure in self._by_nobody(method, path, name)]
        lists = [(await self._gateway.bob.get(f"/api/{path}")).json() for path in ("projects/", "webhooks")]
        if lists != [[], []] or await self._gateway.course(self._course_id) != before:
            failures.append("another user has something, or changed the course")
        failures += await self._by_the_operator()
        for method, path, name in sorted(operations(), key=lambda one: one[0] == "DELETE"):
            if name in OPEN or path.endswith("/events"):
                continue
            answer = await send(self._gateway.api, method, path, name, self._course_id, self._hook)
            self.calls += 1
            if "{webhook_id}" in path and not answer.is_success:
                failures.append(f"{method} {path} answers its owner with {answer.status_code}")
            self.owner_answers += answer.status_code not in {401, 403}
            if answer.status_code in {401, 403}:
                failures.append(f"{method} {path} refuses its owner: {answer.status_code}")
        return failures

    async def _by_another(self, method: str, path: str, name: str) -> Any:
        foreign = await send(self._gateway.bob, method, path, name, self._course_id, self._hook)
        nowhere = new_id()
        missing = await send(self._gateway.bob, method, path, name, nowhere)
        self.calls += 2
        if foreign.status_code != httpx.codes.NOT_FOUND:
            yield f"{method} {path} answers another user with {foreign.status_code}"
        if _comparable(foreign, self._course_id) != _comparable(missing, nowhere):
            yield f"{method} {path} tells a foreign course from a missing one"

    async def _by_the_operator(self) -> list[str]:
        """Whoever runs the gateway repairs stages, and is told of no course what is in it."""
        failures = []
        course = await self._gateway.course(self._course_id)
        told = [course[name] for name in ("course_id", "title", "repo_url") if course.get(name)]
        async with client_of(self._gateway.app, OPERATOR_TOKEN) as operator:
            for method, path, name in operations():
                if name in OPEN:
                    continue
                answer = await send(operator, method, path, name, self._course_id, self._hook)
                self.calls += 1
                if name in OPERATORS:
                    if not answer.is_success or any(word in answer.text for word in told):
                        failures.append(f"{method} {path} answers the operator with {answer.status_code} or too much")
                    continue
                expected = httpx.codes.CONFLICT if name in _REPAIRS else httpx.codes.FORBIDDEN
                if answer.status_code != expected:
                    failures.append(f"{method} {path} answers the operator with {answer.status_code}")
                if set(answer.json()) - _OF_A_PROBLEM:
                    failures.append(f"{method} {path} tells the operator more than why not")
        return failures

    async def _by_nobody(self, method: str, path: str, name: str) -> Any:
        transport = httpx.ASGITransport(self._gateway.app, raise_app_exceptions=False)
        for who, headers in _STRANGERS.items():
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=headers) as client:
                answer = await send(client, method, path, name, self._course_id)
            self.calls += 1
            told = answer.status_code, answer.headers.get("WWW-Authenticate")
            if told != ((httpx.codes.OK, None) if name in OPEN else (httpx.codes.UNAUTHORIZED, "Bearer")):
                yield f"{method} {path} answers {who} with {told}"


async def _prove(url: str) -> Outcome:
    engine = create_async_engine(url, pool_size=10)
    with structlog.testing.capture_logs():
        return await _attempt(engine)


async def _attempt(engine: AsyncEngine) -> Outcome:
    async with running_gateway(engine) as gateway:
        attempt = _Attempt(gateway, await gateway.generated(), await create_hook(gateway))
        failures = await attempt.run()
    await engine.dispose()
    figures = {"routes": len(list(operations())), "calls": attempt.calls, "owner_answers": attempt.owner_answers}
    return Outcome(attempt.calls, failures=tuple(failures), figures=figures)


def prove(scale: Scale, folder: Path) -> Outcome:
    """The same at every scale: there are only so many routes."""
    with running_postgres(folder) as server:
        migrate(server.url)
        return asyncio.run(_prove(server.url))


PROMISE = Promise("P28", "nobody reads another's course, or learns that there is one", prove)
