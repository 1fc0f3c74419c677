"""What a scorecard has to be, and a message that is answered later than its sender waits."""

import asyncio

import pytest

from services.tutor.answering import usable
from services.tutor.host import Hearing
from services.tutor.prompts import GradeAnswer, ScoreByModel
from shared.classroom.tutored import TutorQuestion, TutorReply, TutorSentence
from shared.events.classroom import Criterion

QUESTION = TutorQuestion(
    org_id="o", person_id="p", conversation_id="c", message_id="m", message="Why?",
    criteria=(Criterion(name="Clear", max_score=5), Criterion(name="True", min_score=1, max_score=2)),
)  # fmt: skip
CLEAR, TRUE = ScoreByModel(category="Clear", score=5), ScoreByModel(category="True", score=2)


@pytest.mark.parametrize(
    "rows",
    [
        [CLEAR],
        [CLEAR, CLEAR, TRUE],
        [CLEAR, TRUE, ScoreByModel(category="Kind", score=1)],
        [CLEAR, TRUE.model_copy(update={"score": 0.5, "wrong": "Much."})],
        [CLEAR, TRUE.model_copy(update={"score": 3})],
        [CLEAR, TRUE.model_copy(update={"score": 1, "wrong": " "})],
    ],
    ids=[
        "one is missing",
        "one is there twice",
        "one is unknown",
        "too low",
        "too high",
        "it does not say what is wrong",
    ],
)
def test_a_scorecard_that_does_not_fit_its_criteria_is_not_used(rows: list[ScoreByModel]) -> None:
    assert usable(QUESTION, GradeAnswer(is_attempt=True, scorecard=rows)) is None
    assert usable(QUESTION, GradeAnswer(is_attempt=False, scorecard=rows)) == ()


def test_a_scorecard_has_the_order_of_its_criteria() -> None:
    lower = TRUE.model_copy(update={"score": 1, "wrong": "It is half of it."})
    assert usable(QUESTION, GradeAnswer(is_attempt=True, scorecard=[lower, CLEAR])) == [CLEAR, lower]


async def test_a_message_that_takes_long_is_answered_when_it_is_sent_again_and_asked_once() -> None:
    answered, asked = asyncio.Event(), []

    async def answer(question: TutorQuestion) -> TutorReply:
        asked.append(question)
        await answered.wait()
        return TutorReply(sentences=(TutorSentence(text="Because."),))

    hearing, sent = Hearing(answer, 1, 0.2), QUESTION.model_dump_json().encode()
    late = TutorReply.model_validate_json(await hearing.hear(sent))
    assert (late.error, late.status) == ("tutor_thinking", 503)
    again = asyncio.create_task(hearing.hear(sent))
    answered.set()
    assert TutorReply.model_validate_json(await again).sentences[0].text == "Because."
    assert len(asked) == 1
