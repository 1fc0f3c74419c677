"""What learners do with tasks: start, answer, complete; and what those who teach say of answers."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.api.calls import Parts, Posting, Services, SignedIn
from services.classroom.api.learner_shapes import (
    AttemptBody,
    AttemptView,
    ExamView,
    GivenView,
    GradeBody,
    UserBody,
)
from services.classroom.api.seen_courses import SeenTask, for_learners, seen_task
from services.classroom.api.shapes import DoneView, Id
from services.classroom.api.submitted import find_own, read_submission
from services.classroom.asked import new_id
from services.classroom.course_queries import find_questions, find_scorecard, find_words, list_ways
from services.classroom.decisions import learners
from services.classroom.decisions.learners import Asked, Who
from services.classroom.learner_queries import list_attempts
from services.classroom.placed import placed_in
from services.classroom.queries import find_places
from services.classroom.rights import Caller, must_be_self
from services.classroom.rows import Record
from shared.classroom.learners import LEARNER_SIDE, Learner
from shared.events.classroom import Criterion
from shared.events.content import Assignment, Question
from shared.events.learner import Answer
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refusal, Refused
from shared.web.strict_json import StrictBodies

router = APIRouter(prefix="/tasks", tags=["attempts"], route_class=StrictBodies)


@router.post("/{task_id}/complete")
async def complete_task(
    task_id: Id, caller: Posting, services: Parts, body: UserBody = UserBody.model_validate({})  # noqa: B008  never changed
) -> DoneView:  # fmt: skip
    """Say that a learning material was read."""
    seen, who = await as_learner(services, caller, task_id)
    if body.user_id is not None:
        must_be_self(caller, body.user_id)
    decide = partial(learners.complete, who=who, task_id=task_id, kind=seen.task["type"])
    await services.commands.carry_out(LEARNER_SIDE, who.id, decide)
    return DoneView()


@router.post("/{task_id}/start")
async def start_task(task_id: Id, caller: Posting, services: Parts) -> ExamView:
    """Have the time of a quiz run, which then shows its questions. It runs once, however often this is sent."""
    seen, who = await as_learner(services, caller, task_id)
    start = partial(
        learners.start, who=who, task_id=task_id, time_limit_seconds=seen.task["time_limit_seconds"],
        now=services.now(),
    )  # fmt: skip
    await services.commands.carry_out(LEARNER_SIDE, who.id, start)
    return ExamView(until=(await services.commands.as_in_log(LEARNER_SIDE, who.id)).exams.get(task_id))


@router.post("/{task_id}/questions/{question_id}/attempts")
async def answer_question(
    task_id: Id, question_id: Id, body: AttemptBody, caller: Posting, services: Parts
) -> GivenView:  # fmt: skip
    """Answer a question. Sent again with the same `id` it is the same attempt. An assignment is answered under its own
    id.
    """
    seen, who = await as_learner(services, caller, task_id)
    if (file := await find_own(services, who.person_id, body.answer.file_id, "/answer/file_id")) is not None:
        await read_submission(services, file)  # what cannot be read is refused while the learner can send another one
    async with services.reading() as connection:
        asked = await asked_of(connection, seen.task, question_id)
    attempt_id = body.id or new_id()
    give = partial(
        learners.give, who=who, asked=asked, attempt_id=attempt_id, answer=body.answer, now=services.now()
    )  # fmt: skip
    await services.commands.carry_out(LEARNER_SIDE, who.id, give)
    learner: Learner = await services.commands.as_in_log(LEARNER_SIDE, who.id)  # also what the tables do not show yet
    own = learner.attempts.get(question_id, {})
    is_shown = asked.question.is_feedback_shown
    return GivenView(
        id=attempt_id, is_right=learners.judge(asked.question, body.answer) if is_shown else None,
        feedback=[one.feedback for one in asked.question.options if is_shown and one.id in body.answer.chosen],
        is_complete=question_id in learner.complete_questions,
        attempts_left=max(0, asked.most_attempts - len(own)) if asked.most_attempts < learners.MOST_ATTEMPTS else None,
    )  # fmt: skip


@router.get("/{task_id}/attempts")
async def list_task_attempts(
    task_id: Id, caller: SignedIn, services: Parts, user_id: Annotated[Id | None, Query()] = None
) -> list[AttemptView]:
    """The attempts at a task: the caller's own, or those of a learner that the caller teaches, as the questions were
    asked then.
    """
    async with services.reading() as connection:
        seen = await seen_task(connection, services, caller, task_id)
        who = await taught(connection, caller, seen, user_id or caller.person_id)
        found = await list_attempts(connection, who.id, task_id)
    return [_attempt_view(one, for_learner=seen.role == "learner") for one in found]


@router.post("/{task_id}/questions/{question_id}/attempts/{attempt_id}/grade")
async def grade_attempt(
    task_id: Id, question_id: Id, attempt_id: Id, body: GradeBody, caller: Posting, services: Parts
) -> DoneView:  # fmt: skip
    """Judge an answer as somebody who teaches: by the scorecard of its question, else by `score`, which is 0 or 1."""
    async with services.reading() as connection:
        seen = await seen_task(connection, services, caller, task_id)
        if seen.role == "learner":
            raise Refused(Refusal(403, "mentors_only", "Only a mentor, an owner or an admin grades"))
        who = await taught(connection, caller, seen, body.user_id)
        asked = await asked_of(connection, seen.task, question_id)
        criteria = await criteria_of(connection, seen.task, asked.question) or [learners.PASSED]
    grade = partial(
        learners.grade, who=who, asked=asked, criteria=criteria, attempt_id=attempt_id, scores=body.scores,
        feedback=body.feedback, by=caller.person_id,
    )  # fmt: skip
    await services.commands.carry_out(LEARNER_SIDE, who.id, grade)
    return DoneView()


async def as_learner(services: Services, caller: Caller, task_id: str) -> tuple[SeenTask, Who]:
    """The task, open for the caller, who learns it. Raises NotFound and Refused."""
    async with services.reading() as connection:
        seen = await seen_task(connection, services, caller, task_id)
    if seen.role != "learner":
        raise Refused(Refusal(403, "learners_only", "Only a learner does tasks"))
    return seen, Who(caller.person_id, seen.task["org_id"])


async def hand_in(services: Services, task: Record, who: Who, question_id: str, text: str, attempt_id: str) -> None:
    """A message as an answer, as front ends of the platform send it: it names an option by its id or its words, where
    there are some. In practice a message that names none is no attempt. Raises Refused.
    """
    async with services.reading() as connection:
        asked = await asked_of(connection, task, question_id)
    named = [one.id for one in asked.question.options if text.strip() in {one.id, one.text.strip()}]
    if asked.question.options and not named and asked.question.response_type != "exam":
        return
    answer = Answer(chosen=named) if asked.question.options else Answer(text=text)
    give = partial(learners.give, who=who, asked=asked, attempt_id=attempt_id, answer=answer, now=services.now())
    await services.commands.carry_out(LEARNER_SIDE, who.id, give)


async def taught(connection: AsyncConnection, caller: Caller, seen: SeenTask, user_id: str) -> Who:
    """The caller, or somebody whom the caller teaches this task or whose school it runs. Raises NotFound."""
    if user_id != caller.person_id:
        if seen.role == "admin":
            places = (await find_places(connection, user_id)).is_in.values()
            is_taught = seen.task["org_id"] in places
        else:
            ways = await list_ways(connection, user_id, task_id=seen.task["id"])
            teaches = {one for one, (_, role) in caller.is_in.items() if role == "mentor"}
            is_taught = any(one["cohort_id"] in teaches for one in ways)
        if not is_taught:
            raise NotFound("User not found")
    return Who(user_id, seen.task["org_id"])


async def asked_of(connection: AsyncConnection, task: Record, question_id: str) -> Asked:
    """A question that the task asks now. Raises NotFound."""
    limit = task["time_limit_seconds"]
    if task["type"] == "assignment" and question_id == task["id"]:
        _, question = await assignment_of(connection, task)
        return Asked(question_id, [question_id], limit, question, 1)
    found = (await find_questions(connection, [task])).get(question_id)
    if found is None:
        raise NotFound("Question not found")
    questions = [one["id"] for one in task["questions"]]
    return Asked(task["id"], questions, limit, Question(**found["says"]), found["version"])


async def assignment_of(connection: AsyncConnection, task: Record) -> tuple[Assignment, Question]:
    """Its rules, and the one question that it is. Raises NotFound."""
    words = await find_words(connection, [task["home_id"]], [task["id"]])
    if not words or words[0]["assignment"] is None:
        raise NotFound("Question not found")
    rules = Assignment(**words[0]["assignment"])
    return rules, Question(
        id=task["id"], type="subjective", title=task["title"], blocks=words[0]["blocks"], context=rules.context,
        max_attempts=rules.max_attempts, scorecard_id=rules.evaluation_criteria.scorecard_id,
    )  # fmt: skip


async def criteria_of(connection: AsyncConnection, task: Record, question: Question) -> list[Criterion]:
    """What an answer to the question is judged by; empty where that is nothing."""
    if task["type"] == "assignment":
        rules, _ = await assignment_of(connection, task)
        marks = rules.evaluation_criteria.model_dump(exclude={"scorecard_id"})
        return [Criterion(name=learners.SCORE, **marks)]
    return await card_of(connection, question)


async def card_of(connection: AsyncConnection, question: Question) -> list[Criterion]:
    """The criteria of the scorecard of a question; empty where it has none."""
    card = await find_scorecard(connection, question.scorecard_id or "")
    return [] if card is None else [Criterion(**one) for one in card["criteria"]]


def _attempt_view(found: Record, *, for_learner: bool) -> AttemptView:
    says = found["says"] and placed_in(found["says"], found["question_id"])
    is_shown = not for_learner or says is None or says["is_feedback_shown"]
    question = says if says is None or not for_learner else for_learners(says)
    grade = {name: found[name] for name in ("scores", "feedback", "passed")} if found["passed"] is not None else None
    return AttemptView(
        id=found["attempt_id"], question_id=found["question_id"], question=question, answer=found["answer"],
        is_right=found["is_right"] if is_shown else None, grade=grade if is_shown else None, created_at=found["at"],
    )  # fmt: skip
