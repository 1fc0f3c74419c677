"""The runs of a course as its events have them and as the tables show them, to be compared one by one."""

from collections.abc import Iterator
from typing import Any

from shared.events.gateway import CourseCreated
from shared.pipeline import PIPELINE
from tests.simulator.account import Stages
from tests.simulator.heard import Heard
from tests.simulator.tables import Tables

Facts = dict[str, object]


def differences(account: Heard, tables: Tables, course_id: str) -> Iterator[str]:
    """The things that the tables show and the events do not say."""
    if not account.exists:
        left = tables.names(course_id)
        if left:
            yield f"{course_id} is gone, and there are rows of it in {', '.join(left)}"
        return
    if tables.course(course_id) is None:
        yield f"{course_id} has no row"
        return
    told, shown = _told(account), _shown(tables, course_id)
    if any(tables.task(course_id, row.key) is not None for row in PIPELINE if not row.unattended):
        # Of several stages at once the percentage is that of the one that is shown, which depends on who was first.
        told["progress"] = shown["progress"]
    for name in {**told, **shown} if told != shown else ():
        if shown.get(name) != told.get(name):
            yield f"{name} of {course_id} is {shown.get(name)} where the log has {told.get(name)}"


def _told(account: Heard) -> Facts:
    created, last = next(account.all(CourseCreated))[0], account.last_heard
    assert last is not None
    stages = Stages(account)
    plan = stages.plan()
    return {
        "seq": last.seq, "created_at": created.time, "updated_at": last.time, "plan": plan and plan.id,
        "next_stage": stages.next_stage(), **stages.course(), **stages.facts(),
    }  # fmt: skip


def _shown(tables: Tables, course_id: str) -> Facts:
    row = tables.course(course_id)
    assert row is not None
    state: dict[str, Any] = row["state"]
    return {
        "seq": row["seq"], "created_at": row["created_at"], "updated_at": row["updated_at"],
        "plan": state["plan"] and state["plan"]["id"], "next_stage": row["next_stage"],
        "status": row["status"], "current_stage": row["current_stage"], "progress": row["progress_percentage"],
        "dead": row["dead"], **_stages(tables, course_id, state["runs"]),
    }  # fmt: skip


def _stages(tables: Tables, course_id: str, runs: dict[str, dict[str, Any]]) -> Facts:
    found: Facts = {}
    for stage in PIPELINE:
        row = tables.task(course_id, stage.key)
        if row is None:
            continue
        counted, of = row["metadata"], f"{stage.key}'s"
        found |= {
            f"{of} run": row["task_id"], f"{of} status": row["status"], f"{of} progress": row["progress_percentage"],
            f"{of} planned": counted["planned"], f"{of} done": counted["done"], f"{of} attempt": row["attempt"],
            f"{of} error": row["error_code"], f"{of} message": row["error_message"],
            f"{of} retryable": row["retryable"], f"{of} death": row["dead"],
            f"{of} next attempt": row["next_attempt_at"], f"{of} start": row["started_at"],
            f"{of} end": row["completed_at"], f"{of} cancel": runs[stage.name]["cancel_requested"],
        }  # fmt: skip
    return found
