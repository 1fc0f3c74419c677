"""What learners and their tutor said, drafts of code, and the API that programs of a school read."""

import re
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.api.attempts import as_learner, hand_in, taught
from services.classroom.api.calls import Anybody, Parts, Posting, Services, SignedIn
from services.classroom.api.course_shapes import WholeCourseView
from services.classroom.api.learner_shapes import ChatBody, CodeBody, CodeView, KeptView, MessageView, OrgMessageView
from services.classroom.api.seen_courses import seen_task, seen_tree, tree_view
from services.classroom.api.shapes import DoneView, Id
from services.classroom.api.written import words_of
from services.classroom.asked import new_id
from services.classroom.course_queries import find_course, find_task_of_question
from services.classroom.decisions import learners
from services.classroom.decisions.learners import Who
from services.classroom.learner_queries import find_code, find_messages, list_chat, list_learners, list_org_chat
from services.classroom.placed import placed, placed_in
from services.classroom.rights import Caller, may_list, must_be_self
from services.classroom.rows import Record
from shared.classroom.learners import LEARNER_SIDE, Learner
from shared.events.learner import ChatMessage
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refused, invalid
from shared.web.strict_json import StrictBodies

router = APIRouter(tags=["chat"], route_class=StrictBodies)
_AFTER = re.compile(r"([0-9]{1,18})-([0-9]{1,4})")
_Org = Annotated[Id, Query()]
_Limit = Annotated[int, Query(ge=1, le=1000)]
_After = Annotated[str, Query(max_length=32, description="where the page before ended: its header Link has it")]


@router.post("/chat/")
async def keep_chat(body: ChatBody, caller: Posting, services: Parts) -> list[KeptView]:
    """Keep more of a conversation of the caller about a question or a task. The last message of the user is an attempt
    at the question when `is_complete` is sent.
    """
    if (body.question_id is None) == (body.task_id is None):
        raise Refused(invalid("/question_id", "Name a question or a task"))
    who, task = await _at_work(services, caller, body.question_id, body.task_id, body.user_id)
    task_id = str(task["id"])
    said = [
        ChatMessage(id=new_id(), **one.model_dump(include={"role", "content", "response_type"}))
        for one in body.messages
    ]
    asked = [one for one in said if one.role == "user"]
    if body.is_complete and body.question_id is not None and asked:
        await hand_in(services, task, who, body.question_id, asked[-1].content, asked[-1].id)
    keep = partial(learners.keep_chat, who=who, task_id=task_id, question_id=body.question_id, messages=said)
    await services.commands.carry_out(LEARNER_SIDE, who.id, keep)
    learner: Learner = await services.commands.as_in_log(LEARNER_SIDE, who.id)  # also what the tables do not show yet
    is_complete = None if body.question_id is None else body.question_id in learner.complete_questions
    async with services.reading() as connection:
        shown = await find_messages(connection, who.id, [one.id for one in said])
    about = {
        "created_at": services.now(), "user_id": who.person_id, "question_id": body.question_id, "task_id": task_id,
    }  # fmt: skip
    return [KeptView(**{**about, **one.model_dump(), **shown.get(one.id, {})}, is_complete=is_complete) for one in said]


@router.get("/chat/user/{user_id}/task/{task_id}")
async def list_task_chat(user_id: Id, task_id: Id, caller: SignedIn, services: Parts) -> list[MessageView]:
    """What the caller said of a task, or a learner that the caller teaches."""
    async with services.reading() as connection:
        who = await _seen(connection, services, caller, user_id, task_id)
        return [MessageView(**one) for one in await list_chat(connection, who.id, task_id)]


@router.delete("/chat/")
async def clear_chat(caller: SignedIn, services: Parts) -> DoneView:
    """Delete all conversations of the caller."""
    async with services.reading() as connection:
        works = await list_learners(connection, person_id=caller.person_id)
    for learner_id in works:
        await services.commands.carry_out(LEARNER_SIDE, learner_id, learners.clear_chat)
    return DoneView()


@router.get("/chat/")
@router.get("/chat_history")
async def list_school_chat(
    org_id: _Org, caller: Anybody, services: Parts, response: Response,
    limit: _Limit = 1000, after: _After = "0-0",
) -> list[OrgMessageView]:  # fmt: skip
    """What was said in a school, page by page: for those who run it, and its keys. The header Link names the next."""
    may_list(caller, org_id, "chat:read")
    place = _AFTER.fullmatch(after)
    if place is None:
        raise Refused(invalid("query/after", "Send what the header Link of the page before has"))
    async with services.reading() as connection:
        found = await list_org_chat(connection, org_id, (int(place[1]), int(place[2])), limit)
    if len(found) == limit:
        end = f"{found[-1]['seq']}-{found[-1]['position']}"
        response.headers["Link"] = f'<?org_id={org_id}&limit={limit}&after={end}>; rel="next"'
    return [OrgMessageView(**one) for one in found]


@router.get("/course/{course_id}")
async def show_whole_course(course_id: Id, caller: Anybody, services: Parts) -> WholeCourseView:
    """A course with all that its tasks say: for those who run its school, and its keys."""
    async with services.reading() as connection:
        found = await find_course(connection, course_id)
        if found is None:
            raise NotFound("Course not found")
        may_list(caller, found["org_id"], "courses:read")
        seen = await seen_tree(connection, services, caller, course_id)
        words = await words_of(connection, seen.tree.tasks)
    shown = tree_view(seen, services.now(), only_published=False).model_dump()
    for task in (task for one in shown["milestones"] for task in one["tasks"]):
        says = words[task["id"]].model_dump(mode="json", include={"blocks", "questions", "assignment"})
        task["blocks"] = placed(says["blocks"], task["id"])
        task["questions"] = [placed_in(one, one["id"]) for one in says["questions"]]
        task["assignment"] = says["assignment"] and placed_in(says["assignment"], task["id"])
    return WholeCourseView(**shown)


@router.post("/code/")
async def keep_code(body: CodeBody, caller: Posting, services: Parts) -> DoneView:
    """Keep the draft of the caller's answer to a question, in place of the one before."""
    who, task = await _at_work(services, caller, body.question_id, None, body.user_id)
    keep = partial(learners.keep_code, who=who, task_id=task["id"], question_id=body.question_id, code=body.code)
    await services.commands.carry_out(LEARNER_SIDE, who.id, keep)
    return DoneView()


@router.get("/code/user/{user_id}/question/{question_id}")
async def show_code(user_id: Id, question_id: Id, caller: SignedIn, services: Parts) -> CodeView | None:
    """The draft of the caller, or of a learner that the caller teaches."""
    async with services.reading() as connection:
        task_id = await task_of(connection, question_id)
        who = await _seen(connection, services, caller, user_id, task_id)
        found = await find_code(connection, who.id, question_id)
    return None if found is None else CodeView(**found)


@router.delete("/code/user/{user_id}/question/{question_id}")
async def delete_code(user_id: Id, question_id: Id, caller: SignedIn, services: Parts) -> DoneView:
    """Delete the draft of the caller."""
    async with services.reading() as connection:
        await _seen(connection, services, caller, user_id, await task_of(connection, question_id))
    who, task = await _at_work(services, caller, question_id, None, user_id)
    keep = partial(learners.keep_code, who=who, task_id=task["id"], question_id=question_id, code=[])
    await services.commands.carry_out(LEARNER_SIDE, who.id, keep)
    return DoneView()


async def _at_work(
    services: Services, caller: Caller, question_id: str | None, task_id: str | None, user_id: str | None
) -> tuple[Who, Record]:
    """The caller at a task that it may do, named by itself or by its question. Raises NotFound and Refused."""
    async with services.reading() as connection:
        named = task_id or await task_of(connection, question_id or "")
    seen, who = await as_learner(services, caller, named)
    if user_id is not None:
        must_be_self(caller, user_id)
    return who, seen.task


async def task_of(connection: AsyncConnection, question_id: str) -> str:
    """The task of a question; an assignment is its own question."""
    return await find_task_of_question(connection, question_id) or question_id


async def _seen(
    connection: AsyncConnection, services: Services, caller: Caller, user_id: str, task_id: str
) -> Who:  # fmt: skip
    return await taught(connection, caller, await seen_task(connection, services, caller, task_id), user_id)
