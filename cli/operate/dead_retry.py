"""A dead letter's request once more: a new run with the same inputs, asked for where all requests are."""

from typing import Any

from nats.aio.client import Client as NatsClient

from cli.client import Client
from cli.failures import ApiError
from cli.operate.access import Target
from cli.operate.dead_letters import DeadLetter, examine, letter, remove
from cli.operate.deeds import note_deed
from cli.operate.sessions import with_log
from shared.event_log.port import Recorded, Unreadable
from shared.events.base import StageEvent
from shared.kernel.errors import Conflict, NotFound
from shared.pipeline import PIPELINE


def retry_letter(target: Target, client: Client, seq: int) -> dict[str, Any]:
    """The run that was started. The letter goes only when the gateway has accepted.

    Raises NotFound when the course is gone, Conflict when the request still cannot be read or is settled otherwise:
    its run is not the latest one of its stage.
    """

    async def find(nc: NatsClient) -> tuple[DeadLetter, Recorded | Unreadable | None]:
        one = await letter(nc, seq)
        return one, await examine(nc, one)

    found, request = with_log(target, find)
    if request is None:
        raise NotFound(f"The request and its course were erased; `coursewright dead drop {seq}` removes the letter")
    if isinstance(request, Unreadable):
        raise Conflict(f"The request still cannot be read: {request.reason}. Ask for the stage anew, or drop {seq}")
    assert isinstance(request.event, StageEvent)
    row = PIPELINE.by_name[found.stage]
    try:
        answer = client.retry(found.course_id, row.key, request.event.run_id)
    except ApiError as error:
        if error.code == "not_the_latest_run":
            raise Conflict(f"{error.message}. `coursewright dead drop {seq}` removes the letter") from error
        if error.status == 404:
            raise NotFound("The course was deleted, or is not yours") from error
        raise
    with_log(target, lambda nc: remove(nc, found))
    done = {**found.as_dict(), "task_id": answer.get("task_id")}
    note_deed(target.data_dir, "dead_letter_retried", **done)
    return done
