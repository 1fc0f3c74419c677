"""Webhooks on the real stack: signed, told at least once, told again after trouble, and gone with their course."""

import contextlib
import json
import queue
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from cli.client import Client
from cli.local.stack import LocalStack
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

    def delete(self, webhook_id: str) -> None:
        assert self.api.delete(f"/webhooks/{webhook_id}").status_code == 204

    def deliveries(self, webhook_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get(f"/webhooks/{webhook_id}/deliveries").json()
        return found


def take(receiver: Receiver, count: int) -> list[Told]:
    return [receiver.told.get(timeout=60) for _ in range(count)]


def verified(told: Told, secret: str) -> dict[str, Any]:
    Webhook(secret).verify(told.body, told.headers)
    said: dict[str, Any] = json.loads(told.body)
    return said


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack that tells again at once what was refused: six times in all."""
    stack = LocalStack(tmp_path_factory.mktemp("hasty") / "data", durable=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEBHOOK_RETRY_SECONDS", "[0.3, 0.3, 0.3, 0.3, 0.3]")
        patch.setenv("WEBHOOK_TIMEOUT_SECONDS", "1")
        stack.start()
    try:
        yield stack
    finally:
        stack.stop()


def test_what_was_asked_for_is_told_signed_and_once_per_attempt_that_failed_again(
    sample_repository: Path, hasty: LocalStack
) -> None:
    with Receiver([500, 302]).running() as receiver, closing(Client(hasty.url, hasty.token)) as client:
        hooks = Hooks(hasty)
        hook = hooks.create(receiver.url)
        course_id = request(client, sample_repository)
        assert list(follow_facts(hasty, course_id))[-1] == "CourseGenerated"
        told = take(receiver, 4)  # refused, redirected, then each event accepted once, in any order
        said = [verified(one, hook["secret"]) for one in told]
        kinds = [f"coursewright.course.{name}.v1" for name in ("CourseGenerated", "RepoCloned")]
        assert sorted(one["type"] for one in said[2:]) == kinds
        names = {(one.headers["webhook-id"], event["type"]) for one, event in zip(told, said, strict=True)}
        assert sorted(kind for _, kind in names) == kinds
        assert {one["data"]["course_id"] for one in said} == {course_id}
        client.delete(course_id)
        deleted = verified(take(receiver, 1)[0], hook["secret"])
        assert deleted["type"] == "coursewright.course.CourseDeleted.v1"
        assert "secret" not in hooks.api.get(f"/webhooks/{hook['webhook_id']}").json()
        with pytest.raises(queue.Empty):
            receiver.told.get(timeout=0.5)


def test_deliveries_show_what_came_of_them_and_are_made_again_on_demand(hasty: LocalStack) -> None:
    with Receiver([503] * 6).running() as receiver:
        hooks = Hooks(hasty)
        hook = hooks.create(receiver.url, event_types=["CourseCreated"])["webhook_id"]
        hooks.api.post("/projects/", json={"title": "Jobs"})
        first, *more = take(receiver, 6)
        assert {one.headers["webhook-id"] for one in more} == {first.headers["webhook-id"]}
        (delivery,) = wait_for_status(hooks, hook, "failed")
        assert (delivery["attempts"], delivery["response_status"]) == (6, 503)
        assert hooks.api.get(f"/webhooks/{hook}").json()["disabled_reason"] == "no attempt of 6 was accepted"
        assert hooks.api.post(f"/webhooks/{hook}/deliveries/{delivery['delivery_id']}/redeliver").status_code == 202
        assert hooks.api.patch(f"/webhooks/{hook}", json={"enabled": True}).json()["enabled"] is True
        assert take(receiver, 1)[0].headers["webhook-id"] == first.headers["webhook-id"]
        (delivery,) = wait_for_status(hooks, hook, "delivered")
        assert datetime.fromisoformat(delivery["finished_at"])
        hooks.delete(hook)


def test_a_gateway_that_is_killed_loses_no_delivery(hasty: LocalStack) -> None:
    with Receiver([503, 503]).running() as receiver:
        hooks = Hooks(hasty)
        hook = hooks.create(receiver.url, event_types=["CourseCreated"])["webhook_id"]
        course_id = hooks.api.post("/projects/", json={"title": "Jobs"}).json()["course_id"]
        take(receiver, 1)
        hasty.services["gateway"].kill()
        bodies = [json.loads(one.body) for one in take(receiver, 2)]
        assert {one["data"]["course_id"] for one in bodies} == {course_id}
        wait_for_status(Hooks(hasty), hook, "delivered")


def test_an_address_that_hangs_keeps_no_other_waiting(shared_hooks: Hooks) -> None:
    with Receiver().running() as hanging, Receiver().running() as other:
        hanging.answering.clear()
        made = [
            shared_hooks.create(receiver.url, event_types=["CourseCreated"])["webhook_id"]
            for receiver in (hanging, hanging, hanging, other)
        ]
        for number in range(4):
            shared_hooks.api.post("/projects/", json={"title": f"Course {number}"})
            # An attempt at the address that hangs ends after ten seconds.
            other.told.get(timeout=9)
        for webhook_id in made:
            shared_hooks.delete(webhook_id)


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


@pytest.fixture
def shared_hooks(shared_stack: LocalStack) -> Hooks:
    return Hooks(shared_stack)
