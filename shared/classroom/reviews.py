"""When to review an objective, by FSRS. Pure: the same facts make the same rows, at each replay."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fsrs import Card, Rating, Scheduler, State

from shared.readmodels.base import Row

# Without chance: a rebuild must come to the same days.
_SCHEDULER = Scheduler(enable_fuzzing=False)


def reviewed(row: Row | None, *, is_right: bool, at: datetime) -> Row:
    """The columns of a review after one more answer. An answer that was stored out of order counts as the last one."""
    card = Card(card_id=0, due=at.astimezone(UTC)) if row is None else _card(row)
    at = max(at.astimezone(UTC), card.last_review or at.astimezone(UTC))
    card, _ = _SCHEDULER.review_card(card, Rating.Good if is_right else Rating.Again, at)
    counts = row or {"answers": 0, "right_answers": 0}
    return {
        "phase": card.state.value, "step": card.step, "stability": card.stability, "difficulty": card.difficulty,
        "due": card.due, "at": at, "answers": counts["answers"] + 1,
        "right_answers": counts["right_answers"] + is_right,
    }  # fmt: skip


def recall(row: Mapping[str, Any], now: datetime) -> float:
    """How probable it is that the learner knows it now."""
    return _SCHEDULER.get_card_retrievability(_card(row), now.astimezone(UTC))


def _card(row: Mapping[str, Any]) -> Card:
    return Card(
        card_id=0, state=State(row["phase"]), step=row["step"], stability=row["stability"],
        difficulty=row["difficulty"], due=row["due"].astimezone(UTC), last_review=row["at"].astimezone(UTC),
    )  # fmt: skip
