"""Slack is told each thing once, and a task opens once, though the notifier is killed at each of its points."""

import asyncio
import json
import queue
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from shared.events.content import TaskOpened
from shared.events.registry import CONTENT, REGISTRY
from tests.e2e.conftest import StartStack
from tests.e2e.test_classroom import School, _is_reached, count, points, until
from tests.faults.kills import Kill, arm_point
from tests.support.receiver import Receiver

__all__ = ["points"]

# Heard and not stored, before and after the commit, taken and not sent, told and not noted, told and noted.
POINTS = ("K1:notifier", "K6:notifier", "K7:notifier", "K2:notifier", "L3:notifier", "L4:notifier")


def told(receiver: Receiver) -> list[str]:
    """What the receiver took, by now."""
    found: list[str] = []
    while True:
        try:
            one = receiver.told.get_nowait()
        except queue.Empty:
            return found
        if one.status == 200:
            found.append(json.loads(one.body)["text"])


async def opened(url: str) -> int:
    nc = await connect(url, "operator")
    found = await JetStreamFollowed(nc, aggregate=CONTENT, known=REGISTRY).read("*", only=TaskOpened)
    await nc.close()
    return len(found)


def schedule(school: School, org: str) -> None:
    """A quiz that is to be shown in a moment."""
    course = school.send("POST", "/courses/", {"name": "Loops", "org_id": org}).json()["id"]
    milestone = school.send("POST", f"/courses/{course}/milestones", {"name": "First"}).json()["id"]
    made = {"course_id": course, "milestone_id": milestone, "type": "quiz", "title": "Loops"}
    task = school.send("POST", "/tasks/", made).json()["id"]
    at = (datetime.now(UTC) + timedelta(seconds=10)).isoformat()
    said = {"title": "Loops", "scheduled_publish_at": at, "questions": [{"type": "subjective", "title": "Why?"}]}
    answer = school.send("POST", f"/tasks/{task}/quiz", said)
    assert answer.status_code == 200, answer.text


@pytest.mark.timeout(600)
def test_each_message_once_though_the_notifier_dies_at_each_point(
    points: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("NOTICE_TIMEOUT_SECONDS", "3"), ("NOTICE_RETRY_SECONDS", "[0.5, 0.5]"), ("DUE_SECONDS", "1")):
        monkeypatch.setenv(name, value)
    with Receiver([500]).running() as receiver:
        monkeypatch.setenv("SLACK_WEBHOOK_URL", receiver.url)
        stack, _ = start_stack()
        school = School(stack)
        until(lambda: count(school, "SELECT count(*) FROM app.notifier_places") == 1)
        school.sign_in()
        org = ""
        for turn, kill in enumerate(POINTS):
            until(lambda: count(school, "SELECT count(*) FROM app.notices WHERE finished_at IS NULL") == 0)
            arm_point(points, Kill("gateway", kill.partition(":")[0], "notifier", 1))
            made = school.send("POST", "/organizations/", {"name": f"School {turn}", "slug": f"school-{turn}"})
            assert made.status_code in {200, 400}, made.text
            until(partial(_is_reached, points / kill))
            org = made.json().get("id", org)
        schedule(school, org)
        arm_point(points, Kill("gateway", "K5", "notifier", 1))
        until(partial(_is_reached, points / "K5:notifier"))
        scheduled = "SELECT count(*) FROM read_v1.content_tasks WHERE scheduled_publish_at IS NOT NULL"
        until(lambda: count(school, scheduled) == 0)
        until(lambda: count(school, "SELECT count(*) FROM app.notices WHERE finished_at IS NULL") == 0)
        assert asyncio.run(opened(stack.nats_url("operator"))) == 1
        found = Counter(one.partition(",")[0].partition(" of ")[0] for one in told(receiver))
        school.client.close()
    people = [one for one in found if one.startswith("New user: ")]
    assert found == Counter(
        [*people, *(f"New school: School {turn}" for turn in range(len(POINTS))), "New course: Loops"]
    )
    assert len(people) == 1
