"""The tutor: a learner's message is answered with passages of the course, kept, and sent piece by piece."""

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.api.attempts import as_learner, assignment_of
from services.classroom.api.calls import Parts, Posting, Services
from services.classroom.api.chats import task_of
from services.classroom.api.model_tutor import answer_id, ask_model, marked_by, said_before
from services.classroom.api.seen_courses import SeenTask, seen_trees
from services.classroom.api.shapes import Body, Id
from services.classroom.api.submitted import find_own, read_submission
from services.classroom.asked import new_id
from services.classroom.course_queries import find_questions, find_versions, find_words, list_ways
from services.classroom.decisions import learners
from services.classroom.decisions.learners import Who
from services.classroom.learner_queries import find_exams, find_messages
from services.classroom.passages import Material
from services.classroom.rights import Caller, must_be_self
from services.classroom.tutoring import Reply, of_model, reply, text_of
from shared.classroom.learners import LEARNER_SIDE
from shared.events.content import Block, InputType, Question
from shared.events.learner import MOST_CHARACTERS, Answer, ChatMessage
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.retrieval.kept import index_of
from shared.retrieval.passages import Passage
from shared.web.strict_json import StrictBodies

if TYPE_CHECKING:
    from shared.retrieval.search import Index

router = APIRouter(prefix="/ai", tags=["tutor"], route_class=StrictBodies)
CHAT = "/ai/chat"
_MOST_SEARCHED = 1000
"""Characters of a message that passages are sought for, as of a question to a course."""
_MOST_OF_A_FILE = 64_000
_EVENTS, _LINES = "text/event-stream", "application/x-ndjson"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Lines of JSON, each with all that is said so far; or the same lines as server-sent events",
        "content": {one: {"schema": {"type": "string"}} for one in (_LINES, _EVENTS)},
    }
}


class TutorBody(Body):
    """A message about a question or a task. `chat_history`, `task_type` and `user_email` may be sent and say nothing:
    the classroom knows them. With `message_id` a message that is sent again gets the same answer. `file_id`: an archive
    or a recording of the caller, which is read with the message; of an answer in audio the message is that id.
    """

    user_response: str = Field(min_length=1, max_length=8_000)
    question_id: Id | None = None
    task_id: Id | None = None
    message_id: Id | None = None
    response_type: InputType = "text"
    file_id: Id | None = None
    user_id: Id | None = None
    user_email: str | None = None
    task_type: str | None = None
    chat_history: list[dict[str, Any]] | None = None


@router.post(CHAT.removeprefix("/ai"), response_class=StreamingResponse, responses=_ANSWERS)
async def chat(
    body: TutorBody, caller: Posting, services: Parts,
    accept: Annotated[str, Header()] = "", last_event_id: Annotated[str, Header()] = "",
) -> StreamingResponse:  # fmt: skip
    """Answer a message of the caller: lines of JSON that grow, or server-sent events. A stream that was cut goes on
    after `Last-Event-ID` when the message is sent again.
    """
    if body.question_id is None and body.task_id is None:
        raise Refused(invalid("/question_id", "Name a question or a task"))
    if body.user_id is not None:
        must_be_self(caller, body.user_id)
    async with services.reading() as connection:
        task_id = body.task_id if body.question_id is None else await task_of(connection, body.question_id)
    seen, who = await as_learner(services, caller, task_id or "")
    if body.question_id == seen.task["id"]:  # an assignment is its own question
        body = body.model_copy(update={"question_id": None})
    message_id = body.message_id or new_id()
    content = await _kept(services, who.id, seen.task["id"], message_id, body)
    if content is None:
        content = await _said(services, caller, seen, who, message_id, body)
    is_events = _EVENTS in accept
    after = re.fullmatch(r"[0-9]{1,6}", last_event_id.removeprefix(f"{message_id}."))
    pieces = _pieces(message_id, json.loads(content), int(after[0]) if after else 0, is_events=is_events)
    return StreamingResponse(pieces, media_type=_EVENTS if is_events else _LINES)


async def _said(
    services: Services, caller: Caller, seen: SeenTask, who: Who, message_id: str, body: TutorBody
) -> str:  # fmt: skip
    """A new answer, which is kept with its message, and with the grade of one that is an attempt."""
    async with services.reading() as connection:
        question = await _question(connection, who.id, seen, body.question_id)
        history = await said_before(connection, who, seen.task, question) if services.ask is not None else []
    about = [text_of(question)] if question is not None else [one.content for one in history if one.role == "user"]
    message = await _read(services, who.person_id, body)
    near, said = await _answer(services, caller, seen, question, [message, *reversed(about)])
    marked = None
    if services.ask is not None:
        asking = question, history, message_id, message, near
        told = await ask_model(services, services.ask, who, seen.task, *asking)
        said = of_model(told, said)
        marked = await marked_by(services, seen.task, question, _answer_in(body), told, said.text)
    content = _content(said, "feedback" if question is not None else "response")
    messages = [
        ChatMessage(id=message_id, role="user", content=_told(body), response_type=body.response_type),
        ChatMessage(id=answer_id(message_id), role="assistant", content=content, response_type="text"),
    ]
    keep = partial(
        learners.keep_chat, who=who, task_id=seen.task["id"], question_id=body.question_id, messages=messages
    ) if marked is None else partial(learners.keep_marked, who=who, messages=messages, marked=marked)  # fmt: skip
    async with services.commands.alone(f"chat {who.id} {message_id}"):  # the same message may be answered beside this
        kept = await _kept(services, who.id, seen.task["id"], message_id, body)
        if kept is None:
            await services.commands.carry_out(LEARNER_SIDE, who.id, keep)
    return kept or content


def _answer_in(body: TutorBody) -> Answer:
    """The message as an attempt."""
    is_audio = body.response_type == "audio"
    return Answer(
        text="" if is_audio else body.user_response, file_id=body.user_response if is_audio else body.file_id or ""
    )


def _told(body: TutorBody) -> str:
    """The message as it is kept."""
    return body.user_response if body.file_id is None else f"{body.user_response}\n\nFile {body.file_id}"


async def _read(services: Services, person_id: str, body: TutorBody) -> str:
    """The message with what its file says. Raises Refused."""
    is_audio = body.response_type == "audio"
    pointer = "/user_response" if is_audio else "/file_id"
    file = await find_own(services, person_id, body.user_response if is_audio else body.file_id or "", pointer)
    if file is None:
        return body.user_response
    found = await read_submission(services, file)
    if not found.text:
        reason = next((one.left_out for one in found.parts if one.left_out), "There is no text in the file")
        raise Refused(Refusal(409, "file_not_read", f"The file has no words here: {reason}", retry_after_seconds=30))
    if len(found.text) > _MOST_OF_A_FILE:
        raise Refused(
            Refusal(413, "file_too_long", f"The tutor reads at most {_MOST_OF_A_FILE:,} characters of a file")
        )
    return found.parts[0].text or "" if is_audio else f"{body.user_response}\n\n{found.text}"


async def _kept(
    services: Services, learner_id: str, task_id: str, message_id: str, body: TutorBody
) -> str | None:  # fmt: skip
    """The answer that the message got before. Raises Refused for an id that another message has."""
    async with services.reading() as connection:
        kept = await find_messages(connection, learner_id, [message_id, answer_id(message_id)])
    message, answer = kept.get(message_id), kept.get(answer_id(message_id))
    if message is None:
        return None
    said = message["task_id"], message["question_id"], message["content"]
    if said != (task_id, body.question_id, _told(body)) or answer is None:
        raise Refused(Refusal(409, "message_differs", "A message with this id said something else"))
    return str(answer["content"])


async def _question(
    connection: AsyncConnection, learner_id: str, seen: SeenTask, question_id: str | None
) -> Question | None:
    """The question that is talked about, or the assignment; None for a material. Raises NotFound and Refused."""
    if question_id is not None:
        found = (await find_questions(connection, [seen.task])).get(question_id)
        if found is None:
            raise NotFound("Question not found")
        question = Question(**found["says"])
        response_type = question.response_type
    elif seen.task["type"] == "assignment":
        rules, question = await assignment_of(connection, seen.task)
        response_type = rules.response_type
    elif seen.task["type"] == "quiz":
        raise Refused(invalid("/question_id", "Name the question of the quiz"))
    else:
        return None
    if response_type == "exam":
        raise Refused(Refusal(409, "exam", "An exam is done without the tutor"))
    if seen.task["time_limit_seconds"] is not None and seen.task["id"] not in await find_exams(connection, learner_id):
        raise Refused(Refusal(409, "not_started", "Start the task first: its time is limited"))
    return question


async def _answer(
    services: Services, caller: Caller, seen: SeenTask, question: Question | None, messages: Sequence[str]
) -> tuple[Sequence[Passage], Reply]:  # fmt: skip
    """The passages near to the first of the messages that is near to one, and the answer with them. They are of the
    learning materials that are open for the caller in the courses that have the task. A caller that waits for them to
    be read holds no connection.
    """
    async with services.reading() as connection:
        ways = await list_ways(connection, caller.person_id, task_id=seen.task["id"])
        trees = await seen_trees(connection, services, caller, dict.fromkeys(one["content_id"] for one in ways))
        open_tasks = [one for tree in trees for one in tree.tasks(services.now()) if one["type"] == "learning_material"]
        titles, homes = {one["id"]: one["title"] for one in open_tasks}, {one["home_id"] for one in open_tasks}
        versions = await find_versions(connection, homes, titles)

    async def read() -> "tuple[Index, Material]":
        material = Material()
        async with services.reading() as own:  # who asked first may be gone before all is read
            rows = await find_words(own, homes, titles)
        for row in rows:
            material.add(row["task_id"], titles[row["task_id"]], [Block(**one) for one in row["blocks"]])
        return await index_of(material.passages), material

    index, material = await services.readings.get((versions, *titles.items()), read)
    near: Sequence[Passage] = ()
    for message in messages:
        if near := await asyncio.to_thread(index.search, message[:_MOST_SEARCHED]):
            break
    return near, reply(near, material.places, question, is_held=bool(near) and message is messages[0])


def _content(said: Reply, name: Literal["feedback", "response"]) -> str:
    """The answer as it is kept. Passages that are too long to be kept are named, not quoted; the longest first."""
    longest = sorted((one for one in said.passages if one.text), key=lambda one: -len(one.text))
    for count in range(len(longest) + 1):
        unsaid = longest[:count]
        passages = tuple(replace(one, text="") if one in unsaid else one for one in said.passages)
        text = _as_json(replace(said, passages=passages), name)
        if len(text) <= MOST_CHARACTERS:
            break
    return text


def _as_json(said: Reply, name: Literal["feedback", "response"]) -> str:
    passages = [
        {
            "task_id": one.task_id, "headings": one.headings, "text": one.text,
            "citations": [{"place": place.place, "url": place.url} for place in one.places],
        }
        for one in said.passages
    ]  # fmt: skip
    whole: dict[str, Any] = {name: said.text, "passages": passages, "is_refused": said.is_refused}
    if said.sentences:
        whole["sentences"] = [one.model_dump(mode="json") for one in said.sentences]
        whole["scorecard"] = [one.model_dump(mode="json") for one in said.scores]
    else:
        whole["words"] = said.words
    return json.dumps(whole, ensure_ascii=False)


def _pieces(message_id: str, content: dict[str, Any], after: int, *, is_events: bool) -> Iterator[str]:
    """The answer as it grows, part by part, from after a part on."""
    for count, piece in enumerate(_growing(content), start=1):
        if count <= after:
            continue
        line = json.dumps({"message_id": message_id, **piece, "is_refused": content["is_refused"]}, ensure_ascii=False)
        yield f"id: {message_id}.{count}\ndata: {line}\n\n" if is_events else f"{line}\n"
    if is_events:
        yield "event: done\ndata: {}\n\n"


def _growing(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Passages one by one; or sentences with the passages that they name, and the scorecard with the last one."""
    name, passages = "feedback" if "feedback" in content else "response", content["passages"]
    sentences = content.get("sentences")
    if sentences is None:
        parts = [one["text"] or " › ".join(one["headings"]) for one in passages] + [content["words"]]
        for count in range(1, len(parts) + 1):
            yield {name: "\n\n".join(filter(None, parts[:count])), "passages": passages[:count]}
        return
    for count in range(1, len(sentences) + 1):
        named = dict.fromkeys(place for one in sentences[:count] for place in one["passages"])
        piece = {name: " ".join(one["text"] for one in sentences[:count]), "passages": [passages[one] for one in named]}
        is_last = count == len(sentences) and content["scorecard"]
        yield {**piece, "scorecard": content["scorecard"]} if is_last else piece
