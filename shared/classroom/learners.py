"""What a person does in one organisation as a learner: attempts, grades, exams that run, and what is complete."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Double, Index, Integer, Table, Text, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.classroom.reviews import reviewed
from shared.classroom.stored import Kept, part_table, root_table, side_of
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.learner import (
    Answer,
    AnswerGiven,
    AnswerGraded,
    ChatCleared,
    ChatKept,
    CodeKept,
    ExamStarted,
    LearnerBegan,
    LearnerErased,
    TaskCompleted,
)
from shared.events.registry import LEARNER
from shared.kernel.ids import event_id
from shared.readmodels.base import Changes, Clear, Fact, put, remove
from shared.readmodels.side import States


def learner_of(person_id: str, org_id: str) -> str:
    """The id of a person as a learner of an organisation."""
    return event_id(person_id, LEARNER.prefix, org_id)


def digest_of(answer: Answer) -> str:
    """Equal for the same answer."""
    return hashlib.sha256(answer.model_dump_json().encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Learner(Kept):
    """A person in an organisation. `exams`: until when each runs; `attempts` by question: the digests of the answers by
    the ids of the attempts, which are in rows of their own, because they are the most of what there is.
    """

    person_id: str = ""
    org_id: str = ""
    exams: Mapping[str, datetime] = field(default_factory=dict)
    attempts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    complete_questions: tuple[str, ...] = ()
    complete_tasks: tuple[str, ...] = ()


def _changed(state: Learner, recorded: Recorded) -> dict[str, Any]:
    event, changed = recorded.event, dict[str, Any]()
    match event:
        case LearnerBegan():
            changed = event.model_dump(include={"person_id", "org_id"})
            changed |= {"id": event.learner_id, "created_at": recorded.time}
        case ExamStarted():
            changed = {"exams": {**state.exams, event.task_id: event.until}}
        case AnswerGiven():
            own = {**state.attempts.get(event.question_id, {}), event.attempt_id: digest_of(event.answer)}
            changed = {"attempts": {**state.attempts, event.question_id: own}}
            if event.completes:
                changed |= _complete(state, event.question_id)
        case AnswerGraded(passed=True):
            changed = _complete(state, event.question_id)
        case TaskCompleted():
            changed = {"complete_tasks": tuple(dict.fromkeys((*state.complete_tasks, event.task_id)))}
        case LearnerErased():
            changed = {"deleted": True}
    return changed


def _complete(state: Learner, question_id: str) -> dict[str, Any]:
    return {"complete_questions": tuple(dict.fromkeys((*state.complete_questions, question_id)))}


learners = root_table(
    "learners", "learner_id", Column("person_id", Text, nullable=False), Column("org_id", Text, nullable=False)
)  # fmt: skip
Index(None, learners.c.person_id)
Index(None, learners.c.org_id)
learner_exams = part_table(
    "learner_exams", learners, ("task_id",),
    Column("until", DateTime(timezone=True), nullable=False),
)  # fmt: skip
learner_attempts = part_table(
    "learner_attempts", learners, ("attempt_id",),
    Column("task_id", Text, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("question_version", Integer, nullable=False),
    Column("answer", JSONB, nullable=False),
    Column("digest", Text, nullable=False),
    Column("is_right", Boolean),
    Column("at", DateTime(timezone=True), nullable=False),
)  # fmt: skip
Index(None, learner_attempts.c.task_id)
Index(None, learner_attempts.c.at)  # of a year, each day
learner_grades = part_table(
    "learner_grades", learners, ("attempt_id",),
    Column("scores", JSONB, nullable=False),
    Column("feedback", Text, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)  # fmt: skip
learner_questions = part_table(
    "learner_questions", learners, ("question_id",),
    Column("task_id", Text, nullable=False),
)  # fmt: skip
learner_tasks = part_table(
    "learner_tasks", learners, ("task_id",),
    Column("at", DateTime(timezone=True), nullable=False),
)  # fmt: skip
learner_reviews = part_table(
    "learner_reviews", learners, ("objective",),
    Column("task_id", Text, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("phase", Integer, nullable=False),
    Column("step", Integer),
    Column("stability", Double),
    Column("difficulty", Double),
    Column("due", DateTime(timezone=True), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("answers", Integer, nullable=False),
    Column("right_answers", Integer, nullable=False),
)  # fmt: skip
learner_chat = part_table(
    "learner_chat", learners, ("message_id",),
    Column("task_id", Text, nullable=False),
    Column("question_id", Text),
    Column("role", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("response_type", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
)  # fmt: skip
Index(None, learner_chat.c.seq)
Index(None, learner_chat.c.at)
learner_code = part_table(
    "learner_code", learners, ("question_id",),
    Column("task_id", Text, nullable=False),
    Column("code", JSONB, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)  # fmt: skip


def _below(fact: Fact) -> Changes:
    event, at = fact.recorded.event, fact.recorded.time
    match event:
        case ExamStarted():
            return put(learner_exams, event.model_dump())
        case AnswerGiven():
            said = event.model_dump(mode="json", exclude={"completes", "objectives"})
            digest = fact.state.attempts[event.question_id][event.attempt_id]
            given = put(learner_attempts, {**said, "digest": digest, "at": at})
            return *given, *(_question(event) if event.completes else ()), *_reviews(fact, event, event.is_right)
        case AnswerGraded():
            said = event.model_dump(mode="json", include={"learner_id", "attempt_id", "scores", "feedback", "passed"})
            graded = put(learner_grades, {**said, "at": at})
            return *graded, *(_question(event) if event.passed else ()), *_reviews(fact, event, event.passed)
        case TaskCompleted():
            return put(learner_tasks, {**event.model_dump(), "at": at})
        case ChatKept():
            about = {"learner_id": event.learner_id, "task_id": event.task_id, "question_id": event.question_id}
            rows = (
                {**about, "message_id": one.id, **one.model_dump(exclude={"id"}), "at": at, "position": position,
                 "seq": fact.recorded.seq}
                for position, one in enumerate(event.messages)
            )  # fmt: skip
            return put(learner_chat, *rows)
        case ChatCleared():
            return (Clear(learner_chat),)
        case CodeKept(code=[]):
            return remove(learner_code, [event.model_dump(include={"learner_id", "question_id"})])
        case CodeKept():
            return put(learner_code, {**event.model_dump(mode="json"), "at": at})
        case _:
            return ()


def _reviews(fact: Fact, event: AnswerGiven | AnswerGraded, is_right: bool | None) -> Changes:
    """An answer that nobody judged yet says nothing of what the learner knows. One whose worth is kept from the learner
    is no review: when to review would tell it.
    """
    if is_right is None or not event.is_worth_shown:
        return ()
    known = {row["objective"]: row for row in fact.stored.of(learner_reviews)}
    about = event.model_dump(include={"learner_id", "task_id", "question_id"})
    rows = (
        {**about, "objective": one, **reviewed(known.get(one), is_right=is_right, at=fact.recorded.time)}
        for one in dict.fromkeys(event.objectives or [event.question_id])
    )
    return put(learner_reviews, *rows)


def _looks_at(event: Event) -> tuple[Table, ...]:
    return (learner_reviews,) if isinstance(event, AnswerGiven | AnswerGraded) else ()


def _question(event: AnswerGiven | AnswerGraded) -> Changes:
    return put(learner_questions, event.model_dump(include={"learner_id", "question_id", "task_id"}))


async def _with_attempts(connection: AsyncConnection, states: States) -> States:
    one = learner_attempts.c
    own = func.jsonb_object_agg(one.attempt_id, one.digest).label("own")
    query = select(one.learner_id, one.question_id, own).where(one.learner_id.in_(states))
    attempts: dict[str, dict[str, dict[str, str]]] = {}
    for row in await connection.execute(query.group_by(one.learner_id, one.question_id)):
        attempts.setdefault(row.learner_id, {})[row.question_id] = row.own
    return {key: replace(state, attempts=attempts.get(key, {})) for key, state in states.items()}


LEARNER_SIDE = side_of(
    LEARNER, Learner(), _changed, learners,
    (
        learner_exams, learner_attempts, learner_grades, learner_questions, learner_tasks, learner_reviews,
        learner_chat, learner_code,
    ),
    _below, _looks_at, _with_attempts, ["attempts"],
)  # fmt: skip
