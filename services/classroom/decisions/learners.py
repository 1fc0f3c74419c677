"""What may be decided on a learner: what an answer is worth, and what is complete. That the caller may see the task was
looked at before.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from unicodedata import normalize

from services.classroom.decisions import Decision
from shared.classroom.learners import Learner, digest_of, learner_of
from shared.events import Event
from shared.events.classroom import Criterion
from shared.events.content import Question, TaskType
from shared.events.learner import (
    Answer,
    AnswerGiven,
    AnswerGraded,
    ChatCleared,
    ChatKept,
    ChatMessage,
    Code,
    CodeKept,
    ExamStarted,
    GradeEvidence,
    LearnerBegan,
    LearnerErased,
    Score,
    TaskCompleted,
)
from shared.kernel.refusals import Refusal, invalid

MOST_BYTES = 512 * 1024  # an event must fit into one message
TUTOR = "tutor"  # who grades where nobody who teaches did
MOST_ATTEMPTS = 1000  # at a question without a number of its own
SCORE = "score"  # the one criterion where there is no scorecard
PASSED = Criterion(name=SCORE, max_score=1, pass_score=1)  # of a question that has neither a key nor a scorecard


@dataclass(frozen=True)
class Who:
    """A person in an organisation."""

    person_id: str
    org_id: str

    @property
    def id(self) -> str:
        """The id of its learner."""
        return learner_of(self.person_id, self.org_id)


@dataclass(frozen=True)
class Asked:
    """A question as it is asked now, in its task; `questions` are all of the task."""

    task_id: str
    questions: Collection[str]
    time_limit_seconds: int | None
    question: Question
    version: int

    @property
    def most_attempts(self) -> int:
        """An exam that does not say has one attempt."""
        return self.question.max_attempts or (1 if self.question.response_type == "exam" else MOST_ATTEMPTS)


def start(learner: Learner, who: Who, task_id: str, time_limit_seconds: int | None, now: datetime) -> Decision:
    """Have the time of a quiz run. It runs once."""
    if time_limit_seconds is None:
        return Refusal(409, "no_time_limit", "The task takes as long as it takes")
    if task_id in learner.exams:
        return ()
    until = now + timedelta(seconds=time_limit_seconds)
    return *_began(learner, who), ExamStarted(learner_id=who.id, task_id=task_id, until=until)


def give(learner: Learner, who: Who, asked: Asked, attempt_id: str, answer: Answer, now: datetime) -> Decision:
    """An attempt at a question. One that is there already is not made again, and its id is not good for another answer:
    whoever sends it would be told for nothing whether that one is right.
    """
    question, own = asked.question, learner.attempts.get(asked.question.id, {})
    if own.get(attempt_id) == digest_of(answer):
        return ()
    if any(attempt_id in one for one in learner.attempts.values()):
        return Refusal(409, "attempt_differs", "An attempt with this id was made with another answer")
    if asked.time_limit_seconds is not None:
        until = learner.exams.get(asked.task_id)
        if until is None:
            return Refusal(409, "not_started", "The time of this task is limited: send POST /tasks/{id}/start first")
        if now > until:
            return Refusal(409, "time_over", "The time of this task is over")
    if len(own) >= asked.most_attempts:
        return Refusal(409, "no_attempts_left", "All attempts at this question were made")
    if refusal := _unfit(question, answer):
        return refusal
    is_right = judge(question, answer)
    completes = question.response_type == "exam" or is_right is True
    given = AnswerGiven(
        learner_id=who.id, task_id=asked.task_id, question_id=question.id, question_version=asked.version,
        attempt_id=attempt_id, answer=answer, is_right=is_right, completes=completes,
        objectives=[one.id for one in question.objectives], is_worth_shown=question.is_feedback_shown,
    )  # fmt: skip
    return *_began(learner, who), given, *(_completed(learner, who, asked) if completes else ())


def grade(
    learner: Learner, who: Who, asked: Asked, criteria: Sequence[Criterion], attempt_id: str, scores: Sequence[Score],
    feedback: str, by: str, evidence: GradeEvidence | None = None,
) -> Decision:  # fmt: skip
    """What somebody who teaches says of an attempt, or the tutor: one score for each criterion."""
    if attempt_id not in learner.attempts.get(asked.question.id, {}):
        return Refusal(404, "not_found", "Attempt not found")
    if asked.question.answer_kind is not None:
        detail = "The classroom judges this question by its key. To grade it, write the question without `answer_kind`"
        return Refusal(409, "not_graded", detail)
    said = {one.name: one.score for one in scores}
    if len(said) != len(scores) or said.keys() != {one.name for one in criteria}:
        names = ", ".join(one.name for one in criteria)
        return invalid("/scores", f"There must be one score for each criterion: {names}")
    if any(not one.min_score <= said[one.name] <= one.max_score for one in criteria):
        return invalid("/scores", "A score is outside of its criterion")
    passed = all(said[one.name] >= one.passes_at for one in criteria)
    graded = AnswerGraded(
        learner_id=who.id, task_id=asked.task_id, question_id=asked.question.id, attempt_id=attempt_id,
        scores=[*scores], feedback=feedback, passed=passed, by=by,
        evidence=evidence,
        objectives=[one.id for one in asked.question.objectives], is_worth_shown=asked.question.is_feedback_shown,
    )  # fmt: skip
    return graded, *(_completed(learner, who, asked) if passed else ())


def complete(learner: Learner, who: Who, task_id: str, kind: TaskType) -> Decision:
    """A learning material that was read. Other tasks are complete by what was answered."""
    if kind != "learning_material":
        detail = "This task is complete when its questions are: send answers to /tasks/{id}/questions/{id}/attempts"
        return Refusal(409, "by_answers", detail)
    if task_id in learner.complete_tasks:
        return ()
    return *_began(learner, who), TaskCompleted(learner_id=who.id, task_id=task_id)


def keep_chat(
    learner: Learner, who: Who, task_id: str, question_id: str | None, messages: Sequence[ChatMessage]
) -> Decision:  # fmt: skip
    """More of a conversation. It decides nothing: what is complete the answers say."""
    kept = ChatKept(learner_id=who.id, task_id=task_id, question_id=question_id, messages=[*messages])
    return _too_large(kept) or (*_began(learner, who), kept)


@dataclass(frozen=True)
class Marked:
    """A message that is an attempt at a question, as the tutor grades it."""

    asked: Asked
    answer: Answer
    criteria: Sequence[Criterion]
    scores: Sequence[Score]
    feedback: str
    evidence: GradeEvidence
    now: datetime


def keep_marked(learner: Learner, who: Who, messages: Sequence[ChatMessage], marked: Marked) -> Decision:
    """A conversation whose first message is an attempt, with its grade. Where no more attempts are allowed it is a
    conversation and no more.
    """
    asked, attempt_id = marked.asked, messages[0].id
    about = asked.task_id, asked.question.id if asked.question.id != asked.task_id else None, messages
    given = give(learner, who, asked, attempt_id, marked.answer, marked.now)
    if not isinstance(given, tuple) or not given:
        return keep_chat(learner, who, *about)
    own = {**learner.attempts.get(asked.question.id, {}), attempt_id: digest_of(marked.answer)}
    after = replace(learner, id=who.id, created_at=marked.now, attempts={**learner.attempts, asked.question.id: own})
    graded = grade(
        after, who, asked, marked.criteria, attempt_id, marked.scores, marked.feedback, TUTOR, marked.evidence
    )  # fmt: skip
    kept = keep_chat(after, who, *about)
    if not isinstance(kept, tuple) or not isinstance(graded, tuple):
        return kept
    return *given, *graded, *kept


def clear_chat(learner: Learner) -> Decision:
    """Delete all conversations."""
    return (ChatCleared(learner_id=learner.id),) if learner.exists else ()


def keep_code(learner: Learner, who: Who, task_id: str, question_id: str, code: Sequence[Code]) -> Decision:
    """The draft of an answer; empty to delete it."""
    kept = CodeKept(learner_id=who.id, task_id=task_id, question_id=question_id, code=[*code])
    return _too_large(kept) or (*_began(learner, who), kept)


def _too_large(kept: ChatKept | CodeKept) -> Refusal | None:
    if len(kept.model_dump_json().encode()) > MOST_BYTES:
        return Refusal(413, "too_large", f"One call keeps at most {MOST_BYTES} bytes")
    return None


def erase(learner: Learner, learner_id: str) -> Decision:
    """All that the person did there: the person or the organisation is deleted. A learner who has not begun gets the
    tombstone too, so an answer that comes in this instant finds it.
    """
    return () if learner.deleted else (LearnerErased(learner_id=learner_id),)


def judge(question: Question, answer: Answer) -> bool | None:
    """Whether an answer is right by the key; None where there is none."""
    flat = [one for one in question.key if isinstance(one, str)]
    groups = [one for one in question.key if isinstance(one, list)]
    match question.answer_kind:
        case None:
            return None
        case "choice":
            return set(answer.chosen) == set(flat)
        case "text":
            return _plain(answer.text) in {_plain(one) for one in flat}
        case "order":
            return answer.chosen in groups
        case "match":
            return sorted(answer.pairs) == sorted(groups)


def _plain(text: str) -> str:
    """A written answer as it is compared: a page of a course compares in the same way."""
    plain = re.sub(r"[\"“”‘’`]", "'", " ".join(normalize("NFKC", text).casefold().split()))
    return re.sub(r" ?([,:=()\[\]{}]) ?", r"\1", plain).strip("'").removesuffix(".")


def _unfit(question: Question, answer: Answer) -> Refusal | None:
    known = {one.id for one in question.options}
    if answer.file_id and question.answer_kind is not None:
        return invalid("/answer/file_id", "The question is judged by its key, which no file fits")
    match question.answer_kind:
        case "choice" | "order" if not answer.chosen or not set(answer.chosen) <= known:
            return invalid("/answer/chosen", "Choose options of the question, by their ids")
        case "order" if sorted(answer.chosen) != sorted(known):
            return invalid("/answer/chosen", "Name each option of the question once")
        case "match" if not answer.pairs or any(len(pair) != 2 or not {*pair} <= known for pair in answer.pairs):
            return invalid("/answer/pairs", "Match two options of the question in each pair, by their ids")
        case "text" | None if not answer.text.strip() and not answer.file_id:
            return invalid("/answer/text", "The answer is empty")
        case _:
            return None


def _began(learner: Learner, who: Who) -> tuple[Event, ...]:
    if learner.exists:
        return ()
    return (LearnerBegan(learner_id=who.id, person_id=who.person_id, org_id=who.org_id),)


def _completed(learner: Learner, who: Who, asked: Asked) -> tuple[Event, ...]:
    """The task is complete with this question when all its others are."""
    others = set(asked.questions) - {asked.question.id}
    if asked.task_id in learner.complete_tasks or not others <= set(learner.complete_questions):
        return ()
    return (TaskCompleted(learner_id=who.id, task_id=asked.task_id),)
