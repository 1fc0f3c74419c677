"""What is reserved for a message before a model is asked."""

import pytest

from services.tutor.asking import most_usd
from shared.classroom.tutored import TutorQuestion
from shared.engine.model.prices import Prices
from shared.engine.model.provider import Tokens
from shared.events.classroom import Criterion

PRICES = Prices()
MODEL = "claude-sonnet-4-5"
QUESTION = TutorQuestion(org_id="o", person_id="p", conversation_id="c", message_id="m", message="Why?")


def cost(question: TutorQuestion) -> float:
    return most_usd(PRICES, question, MODEL, MODEL)


def tokens(count: int) -> float:
    return PRICES.usage(MODEL, Tokens(0, count, 0, 0)).estimated_cost_usd


def test_a_scorecard_that_is_handed_on_is_reserved_too() -> None:
    graded = QUESTION.model_copy(update={"criteria": (Criterion(name="Clear", max_score=5),)})
    of_two_questions = 2 * cost(QUESTION)
    assert cost(graded) - of_two_questions > 2 * tokens(3_500), "4,000 characters, less what the other prompt has not"


def test_a_language_with_a_token_for_each_letter_is_reserved_in_full() -> None:
    more = cost(QUESTION.model_copy(update={"message": "为" * 3_000})) - cost(QUESTION)
    assert more == pytest.approx(2 * tokens(3_000), rel=0.01)
