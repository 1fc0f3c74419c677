"""A course in the making over WebSockets: each client has each message once, whatever process it asks."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from cli.local.ports import free_port
from shared.events.gateway import ModulesRequested
from tests.integration.served import TOKEN, Running

REQUEST = {"repo_url": "https://github.com/pallets/click", "complexity_level": "beginner"}
_CLIENTS = 200
_PATIENCE_SECONDS = 180
_SERVE = "import asyncio; from services.gateway.host import serve_only; asyncio.run(serve_only(asyncio.Event()))"


async def course_up_to_modules(running: Running) -> str:
    course_id: str = (await running.api.post("/api/projects/", json={"title": "Live"})).json()["course_id"]
    await running.api.post(f"/api/courses/{course_id}/generate", json=REQUEST)
    for stage, work in enumerate((running.workers.clone, running.workers.analyse, running.workers.propose), start=1):
        await running.until(course_id, f"stage{stage}_running")
        await work(course_id)
    await running.until(course_id, "stage4_running")
    return course_id


def live(running: Running, course_id: str, port: int | None = None, **given: str) -> connect:
    query = "&".join(f"{name}={value}" for name, value in given.items())
    address = f"ws://127.0.0.1:{port or running.api.base_url.port}/ws/course/{course_id}/generation?{query}"
    headers = {} if "ticket" in given else {"Authorization": f"Bearer {TOKEN}"}
    return connect(address, additional_headers=headers, proxy=None, open_timeout=_PATIENCE_SECONDS)


async def told(socket: ClientConnection, last: str = "generation_completed") -> list[dict[str, Any]]:
    """Its messages up to the last one."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not found or found[-1]["event"] != last:
            found.append(json.loads(await socket.recv()))
    return found


async def test_a_client_that_comes_late_is_told_the_whole_structure(running: Running) -> None:
    course_id = await course_up_to_modules(running)
    asked = await running.workers.request(course_id, ModulesRequested)
    await running.workers.write(course_id)
    async with live(running, course_id) as socket:
        messages = await told(socket)

    events = [one["event"] for one in messages]
    modules = [one["module"] for one in messages if one["event"] == "module_created"]
    assert [(one["id"], one["ordering"]) for one in modules] == [(one, at) for at, one in enumerate(asked.module_ids)]
    assert all(one["name"] and one["color"].startswith("#") for one in modules)
    assert events[: 3 * len(modules)] == ["module_created", "task_created", "task_created"] * len(modules)
    assert events[3 * len(modules)] == "course_structure_completed"
    tasks = [one["task"]["id"] for one in messages if one["event"] == "task_created"]
    done = [(one["task"]["id"], one["total_completed"]) for one in messages if one["event"] == "task_completed"]
    assert sorted(task for task, _ in done) == sorted(tasks)
    assert [number for _, number in done] == list(range(1, len(tasks) + 1))
    for place in (0, 1, 5, len(messages) - 2):
        async with live(running, course_id, after=str(messages[place]["id"])) as socket:
            assert await told(socket) == messages[place + 1 :]


async def test_a_failure_is_told(running: Running) -> None:
    course_id = await course_up_to_modules(running)
    await running.api.post(f"/api/courses/{course_id}/stages/stage4/cancel")
    asked = await running.workers.request(course_id, ModulesRequested)
    await running.workers.cancel(course_id, "modules", asked.run_id)
    async with live(running, course_id) as socket:
        failed = (await told(socket, "generation_failed"))[-1]
    assert (failed["stage"], failed["job_id"]) == ("stage4", asked.run_id)


@pytest.mark.parametrize(
    ("given", "query", "status"),
    [
        ({}, "", 401),
        ({"Authorization": "Bearer other"}, "", 401),
        ({}, "?ticket=stolen", 401),
        ({"Authorization": f"Bearer {TOKEN}"}, "?after=x", 422),
        ({"Authorization": f"Bearer {TOKEN}"}, "", 404),
        ({"host": "evil.test"}, "", 400),
    ],
)
async def test_who_may_not_follow_is_told_so(running: Running, given: dict[str, str], query: str, status: int) -> None:
    port = running.api.base_url.port
    sent = {name: value for name, value in given.items() if name != "host"}
    address = f"ws://{given.get('host', '127.0.0.1')}:{port}/ws/course/nothing/generation{query}"
    with pytest.raises(InvalidStatus) as refused:
        await connect(address, additional_headers=sent, proxy=None, host="127.0.0.1", port=port)
    assert refused.value.response.status_code == status
    assert b"problem+json" in refused.value.response.headers["content-type"].encode()


async def send(socket: ClientConnection, *texts: str) -> None:
    for text in texts:
        await socket.send(text)
    await told(socket)


async def test_a_ticket_opens_and_talk_closes(running: Running) -> None:
    course_id = await course_up_to_modules(running)
    ticket = (await running.api.post("/api/event-tickets")).json().get("ticket")
    given = {"ticket": ticket} if ticket else {}
    async with live(running, course_id, **given) as socket:
        await told(socket, "course_structure_completed")
        with pytest.raises(ConnectionClosed) as closed:
            await send(socket, *["hello"] * 200)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
    async with live(running, course_id, **given) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await send(socket, "x" * 20_000)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


@contextlib.asynccontextmanager
async def gateway(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """A process of its own that serves and projects nothing."""
    port = free_port()
    with (folder / f"{port}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _SERVE, env={**os.environ, "GATEWAY_PORT": str(port)}, stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                with contextlib.suppress(OSError):
                    (await asyncio.open_connection("127.0.0.1", port))[1].close()
                    break
                await asyncio.sleep(0.05)
        yield process, port
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class Client:
    """Follows at one process, and at the other one when its process is gone."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.resumed = 0
        self.began = asyncio.Event()

    async def follow(self, running: Running, course_id: str, ports: list[int]) -> None:
        for port in ports:
            try:
                async with live(running, course_id, port, after=self.ids[-1] if self.ids else "0-0") as socket:
                    while True:
                        message = json.loads(await socket.recv())
                        self.ids.append(message["id"])
                        self.began.set()
                        if message["event"] == "generation_completed":
                            return
            except (ConnectionClosed, OSError):
                self.resumed += 1
        raise AssertionError("no process is left")


async def test_hundreds_follow_two_processes_and_one_is_killed(running: Running, tmp_path: Path) -> None:
    course_id = await course_up_to_modules(running)
    async with gateway(tmp_path) as (first, one), gateway(tmp_path) as (_, other), asyncio.TaskGroup() as group:
        clients = [Client() for _ in range(_CLIENTS)]
        for number, client in enumerate(clients):
            group.create_task(client.follow(running, course_id, [one, other] if number % 2 else [other, other]))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await asyncio.gather(*(client.began.wait() for client in clients))
        await running.workers.write(course_id, stop_after=2)
        first.send_signal(signal.SIGKILL)
        await running.workers.write(course_id, written=2)
    async with live(running, course_id) as socket:
        expected = [one["id"] for one in await told(socket)]
    assert [client.ids for client in clients] == [expected] * _CLIENTS
    assert sum(client.resumed for client in clients) == _CLIENTS // 2
