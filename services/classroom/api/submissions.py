"""Answers that are files, shown to who grades them."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.classroom.api.attempts import taught
from services.classroom.api.calls import Parts, SignedIn
from services.classroom.api.seen_courses import seen_task
from services.classroom.api.shapes import Id
from services.classroom.api.submitted import find_own, read_submission
from services.classroom.learner_queries import list_attempts
from shared.events.learner import Answer
from shared.kernel.errors import NotFound
from shared.web.strict_json import StrictBodies

router = APIRouter(prefix="/tasks", tags=["attempts"], route_class=StrictBodies)


class PartView(BaseModel):
    """A file of an answer. `left_out`: why it has no text here."""

    path: str
    size: int
    text: str | None
    left_out: str | None


class SubmissionView(BaseModel):
    """The file of an answer by its parts."""

    file_id: str
    media_type: str
    parts: list[PartView]


@router.get("/{task_id}/questions/{question_id}/attempts/{attempt_id}/file")
async def show_submission(
    task_id: Id, question_id: Id, attempt_id: Id, caller: SignedIn, services: Parts,
    user_id: Annotated[Id | None, Query()] = None,
) -> SubmissionView:  # fmt: skip
    """What the file of an answer holds: for its learner, and for those who teach the learner."""
    async with services.reading() as connection:
        seen = await seen_task(connection, services, caller, task_id)
        who = await taught(connection, caller, seen, user_id or caller.person_id)
        attempts = await list_attempts(connection, who.id, task_id)
    named = (one for one in attempts if (one["attempt_id"], one["question_id"]) == (attempt_id, question_id))
    answer = Answer(**next(named, {"answer": {}})["answer"])
    file = await find_own(services, who.person_id, answer.file_id, "/answer/file_id")
    if file is None:
        raise NotFound("The attempt has no file")
    found = await read_submission(services, file)
    parts = [
        PartView(path=one.path, size=one.size, text=one.text, left_out=one.left_out or None) for one in found.parts
    ]
    return SubmissionView(file_id=file.file_id, media_type=file.media_type, parts=parts)
