"""The tutor with a model: what it is asked over NATS, and what is made of its reply."""

import json
from collections.abc import Awaitable, Callable, Sequence
from math import ceil

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.api.attempts import asked_of, card_of, criteria_of
from services.classroom.api.calls import Services
from services.classroom.decisions.learners import SCORE, Marked, Who
from services.classroom.learner_queries import list_chat
from services.classroom.rows import Record
from services.classroom.tutoring import right_places, solution_of, text_of, with_mark
from shared.classroom.tutored import CitedPassage, Said, TutorQuestion, TutorReply
from shared.events.classroom import Criterion
from shared.events.content import Question
from shared.events.learner import Answer, GradeEvidence, Score
from shared.kernel.errors import TransientError
from shared.kernel.ids import event_id
from shared.kernel.refusals import Refusal, Refused
from shared.retrieval.passages import Passage

Ask = Callable[[bytes], Awaitable[bytes]]
"""A question to the tutor's process and its answer. Raises TransientError."""

_HISTORY = 20
_CHARACTERS_OF_EACH = 16_000
_BUSY_SECONDS = 5.0
_REFUSALS = frozenset({"budget_spent", "learner_budget_spent", "message_differs"})


async def ask_model(
    services: Services, ask: Ask, who: Who, task: Record, question: Question | None, history: Sequence[Said],
    message_id: str, message: str, near: Sequence[Passage],
) -> TutorReply:  # fmt: skip
    """The tutor's reply. Raises Refused for a budget that is spent and for the id of another message, and
    TransientError.
    """
    about = question.id if question is not None else str(task["id"])
    async with services.reading() as connection:
        criteria, mark = await _judged_by(connection, task, question) if question is not None else ([], None)
    asked = TutorQuestion(
        org_id=who.org_id, person_id=who.person_id, conversation_id=event_id(who.id, "conversation", about),
        message_id=message_id, message=message, history=tuple(history), criteria=tuple(criteria),
        passages=tuple(CitedPassage(place=" › ".join(one.headings), text=one.text) for one in near),
        **({} if question is None else {
            "asked": text_of(question), "solution": solution_of(question), "right": right_places(question),
            "options": tuple(one.text for one in question.options),
        }),
    )  # fmt: skip
    try:
        said = TutorReply.model_validate_json(await ask(asked.model_dump_json().encode()))
    except ValidationError as error:
        raise TransientError("The tutor gave no readable answer", code="tutor_away") from error
    if said.error in _REFUSALS:
        wait = None if said.retry_after_seconds is None else ceil(said.retry_after_seconds)
        raise Refused(Refusal(said.status, said.error, said.message, retry_after_seconds=wait))
    if said.error:
        raise TransientError(said.message, code=said.error, retry_after_seconds=_BUSY_SECONDS)
    return said if mark is None else with_mark(said, criteria, mark)


async def marked_by(
    services: Services, task: Record, question: Question | None, answer: Answer, said: TutorReply, feedback: str
) -> Marked | None:  # fmt: skip
    """The grade of a message that is an attempt; None for one that is not."""
    if question is None or not said.scorecard:
        return None
    async with services.reading() as connection:
        asked = await asked_of(connection, task, question.id)
        criteria, mark = await _judged_by(connection, task, question)
    if mark is not None:  # it passes by its mark alone
        criteria = [*(one.model_copy(update={"pass_score": one.min_score}) for one in criteria), mark]
    scores = [Score(name=one.category, score=one.score, correct=one.correct, wrong=one.wrong) for one in said.scorecard]
    evidence = GradeEvidence(model=said.model, answer_keys=[*said.usage.answer_keys])
    return Marked(asked, answer, criteria, scores, feedback, evidence, services.now())


async def _judged_by(
    connection: AsyncConnection, task: Record, question: Question
) -> tuple[list[Criterion], Criterion | None]:
    """What the model judges an answer in words by, and the mark that follows from it, which an assignment has."""
    if question.answer_kind is not None:
        return [], None
    card = await card_of(connection, question)
    if task["type"] != "assignment":
        return card, None
    (mark,) = await criteria_of(connection, task, question)
    return (card, mark) if card and SCORE not in {one.name for one in card} else ([mark], None)


def answer_id(message_id: str) -> str:
    """The id of the tutor's answer to a message."""
    return event_id(message_id, "tutor", "answer")


async def said_before(connection: AsyncConnection, who: Who, task: Record, question: Question | None) -> list[Said]:
    """What was said before about the same thing."""
    about = question.id if question is not None and question.id != task["id"] else None
    found = [one for one in await list_chat(connection, who.id, str(task["id"])) if one["question_id"] == about]
    return list(said_in(found))


def said_in(kept: Sequence[Record]) -> Sequence[Said]:
    """The last messages of a conversation. What a client kept in the tutor's name is left out. The learner and the
    tutor are bounded apart, so that neither moves out what the other said.
    """
    answers = {answer_id(one["id"]) for one in kept}
    left = {"user": _CHARACTERS_OF_EACH, "assistant": _CHARACTERS_OF_EACH}
    places = dict.fromkeys(left, _HISTORY // len(left))
    said: list[Said] = []
    for one in reversed(kept):
        role, is_tutor = one["role"], one["role"] == "assistant"
        if (is_tutor and one["id"] not in answers) or not places[role] or not left[role]:
            continue
        words = (_words_in(one["content"]) if is_tutor else one["content"])[: left[role]]
        places[role], left[role] = places[role] - 1, left[role] - len(words)
        said.append(Said(role=role, content=words))
    return said[::-1]


def _words_in(content: str) -> str:
    """What the tutor said, with what it said of an attempt."""
    said = json.loads(content)
    rows = (row[name] for row in said.get("scorecard", ()) for name in ("correct", "wrong"))
    return "\n".join(filter(None, [said.get("feedback") or said.get("response", ""), *rows]))
