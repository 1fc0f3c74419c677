"""Webhooks on the real stack: signed, told at least once, told again after trouble, and gone with their course."""

import contextlib
import json
import queue
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from cli.local.stack import LocalStack
from tests.e2e.conftest import StartStack
from tests.e2e.test_generate import request
from tests.support.follow import follow_facts
from tests.support.receiver import Receiver, Told

WANTED = ["RepoCloned", "CourseGenerated", "CourseDeleted"]


class Hooks:
    """The API of webhooks, as one user calls it."""

    def __init__(self, stack: LocalStack) -> None:
        headers = {"Authorization": f"Bearer {stack.token}"}
        self.api = httpx.Client(base_url=f"{stack.url}/api", headers=headers, timeout=10)

    def create(self, url: str, **more: object) -> dict[str, Any]:
        answer = self.api.post("/webhooks", json={"url": url, "event_types": WANTED, **more})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def deliveries(self, webhook_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get(f"/webhooks/{webhook_id}/deliveries").json()
        return found


def take(receiver: Receiver, count: int) -> list[Told]:
    return [receiver.told.get(timeout=60) for _ in range(count)]


def verified(told: Told, secret: str) -> dict[str, Any]:
    Webhook(secret).verify(told.body, told.headers)
    said: dict[str, Any] = json.loads(told.body)
    return said


def test_what_was_asked_for_is_told_signed_and_once_per_attempt_that_failed_again(
    sample_repository: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_RETRY_SECONDS", "[0.2, 0.2, 0.2]")
    with Receiver([500, 302]).running() as receiver:
        stack, client = start_stack()
        hooks = Hooks(stack)
        hook = hooks.create(receiver.url)
        course_id = request(client, sample_repository)
        assert list(follow_facts(stack, course_id))[-1] == "CourseGenerated"
        told = take(receiver, 4)  # refused, redirected, then each event accepted once, in any order
        said = [verified(one, hook["secret"]) for one in told]
        kinds = [f"coursewright.course.{name}.v1" for name in ("CourseGenerated", "RepoCloned")]
        assert sorted(one["type"] for one in said[2:]) == kinds
        names = {(one.headers["webhook-id"], event["type"]) for one, event in zip(told, said, strict=True)}
        assert sorted(kind for _, kind in names) == kinds
        assert {one["data"]["course_id"] for one in said} == {course_id}
        headers = {"Authorization": f"Bearer {stack.token}"}
        assert httpx.delete(f"{stack.url}/api/projects/{course_id}", headers=headers).status_code == 200
        deleted = verified(take(receiver, 1)[0], hook["secret"])
        assert deleted["type"] == "coursewright.course.CourseDeleted.v1"
        assert "secret" not in hooks.api.get(f"/webhooks/{hook['webhook_id']}").json()
        with pytest.raises(queue.Empty):
            receiver.told.get(timeout=0.5)


def test_deliveries_show_what_came_of_them_and_are_made_again_on_demand(
    sample_repository: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_RETRY_SECONDS", "[0.1]")
    with Receiver([503, 503]).running() as receiver:
        stack, client = start_stack()
        hooks = Hooks(stack)
        hook = hooks.create(receiver.url, event_types=["CourseCreated"])["webhook_id"]
        client.create_course("Jobs", "")
        first, second = take(receiver, 2)
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        (delivery,) = wait_for_status(hooks, hook, "failed")
        assert (delivery["attempts"], delivery["response_status"]) == (2, 503)
        assert hooks.api.get(f"/webhooks/{hook}").json()["disabled_reason"] == "no attempt of 2 was accepted"
        assert hooks.api.post(f"/webhooks/{hook}/deliveries/{delivery['delivery_id']}/redeliver").status_code == 202
        assert hooks.api.patch(f"/webhooks/{hook}", json={"enabled": True}).json()["enabled"] is True
        assert take(receiver, 1)[0].headers["webhook-id"] == first.headers["webhook-id"]
        (delivery,) = wait_for_status(hooks, hook, "delivered")
        assert datetime.fromisoformat(delivery["finished_at"])


def test_a_gateway_that_is_killed_loses_no_delivery(
    sample_repository: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_RETRY_SECONDS", "[0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]")
    monkeypatch.setenv("WEBHOOK_TIMEOUT_SECONDS", "1")
    with Receiver([503, 503]).running() as receiver:
        stack, client = start_stack()
        hook = Hooks(stack).create(receiver.url, event_types=["CourseCreated"])["webhook_id"]
        course_id = client.create_course("Jobs", "")
        take(receiver, 1)
        stack.services["gateway"].kill()
        bodies = [json.loads(one.body) for one in take(receiver, 2)]
        assert {one["data"]["course_id"] for one in bodies} == {course_id}
        wait_for_status(Hooks(stack), hook, "delivered")


def test_an_address_that_hangs_keeps_no_other_waiting(shared_hooks: Hooks) -> None:
    with Receiver().running() as hanging, Receiver().running() as other:
        hanging.answering.clear()
        for receiver in (hanging, hanging, hanging, other):
            shared_hooks.create(receiver.url, event_types=["CourseCreated"])
        for number in range(4):
            shared_hooks.api.post("/projects/", json={"title": f"Course {number}"})
            # An attempt at the address that hangs ends after ten seconds.
            other.told.get(timeout=9)


def wait_for_status(hooks: Hooks, webhook_id: str, status: str) -> list[dict[str, Any]]:
    """The receiver has answered before the sender has written it down, and a gateway may be coming back."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            found = [one for one in hooks.deliveries(webhook_id) if one["status"] == status]
            if found:
                return found
        time.sleep(0.05)
    raise AssertionError(hooks.deliveries(webhook_id))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "not a url", "event_types": ["CourseCreated"]}, "/url"),
        ({"url": "https://user:pw@example.com/", "event_types": ["CourseCreated"]}, "/url"),
        ({"url": "https://example.com/", "event_types": ["NoSuchThing"]}, "/event_types/0"),
        ({"url": "https://example.com/", "event_types": []}, "/event_types"),
        ({"url": "https://example.com/", "event_types": ["CourseCreated"], "secret": "mine"}, "/secret"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_place(
    shared_hooks: Hooks, body: dict[str, object], pointer: str
) -> None:
    answer = shared_hooks.api.post("/webhooks", json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.fixture(scope="module")
def shared_hooks(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with LocalStack(tmp_path_factory.mktemp("stack") / "data", durable=False).running() as stack:
        yield Hooks(stack)
