"""The budget of an organisation: bounded together, counted once, and not the business of who has a key of its own."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shared.classroom.model_budget import (
    Asking,
    BudgetSettings,
    BudgetSpent,
    LearnerBudgetSpent,
    list_spending,
    model_spending,
    spending,
)
from shared.classroom.model_keys import put_model_key
from shared.engine.types import Usage
from shared.kernel.errors import EngineDeclined, TransientError
from tests.integration.classroom.conftest import MODEL_KEYS, Classroom

BUDGETS = BudgetSettings(model_budget_usd=1.0, model_trial_budget_usd=0.5)


def usage(cost: float) -> Usage:
    return Usage(model="m", calls=1, input_tokens=10, output_tokens=5, estimated_cost_usd=cost)


async def ask(classroom: Classroom, asked_id: str, cost: float, most: float = 0.4, org_id: str = "o") -> None:
    about = Asking(org_id, asked_id, "c", most)
    async with spending(classroom.engine, MODEL_KEYS, BUDGETS, about) as held:
        held.add(usage(cost))


async def spent(classroom: Classroom) -> float:
    async with classroom.engine.connect() as connection:
        return sum(float(one) for one in (await connection.execute(select(model_spending.c.cost_usd))).scalars().all())


async def test_calls_side_by_side_do_not_pass_the_budget_together(classroom: Classroom) -> None:
    ended = await asyncio.gather(*(ask(classroom, f"m{n}", 0.4) for n in range(4)), return_exceptions=True)
    refused = [one for one in ended if one is not None]
    assert len(refused) == 2
    assert isinstance(refused[0], BudgetSpent)
    assert "month (1 USD)" in str(refused[0])
    assert "begins anew on" in str(refused[0])
    assert await spent(classroom) == pytest.approx(0.8)


async def test_the_same_message_asked_again_is_counted_once(classroom: Classroom) -> None:
    for cost in (0.3, 0.0):
        await ask(classroom, "m1", cost)
    async with classroom.engine.connect() as connection:
        (row,) = await list_spending(connection, "o")
    assert (row["cost_usd"], row["messages"], row["input_tokens"], row["paid_by"]) == (0.3, 1, 10, "operator")


@pytest.mark.parametrize(
    ("error", "counted"),
    [(TransientError("x", code="engine_busy"), 0.0), (TransientError("x", code="engine_timeout"), 0.4)],
)
async def test_a_call_whose_end_nobody_saw_counts_as_the_most_that_it_may_cost(
    classroom: Classroom, error: TransientError, counted: float
) -> None:
    with pytest.raises(TransientError):
        async with spending(classroom.engine, None, BUDGETS, Asking("o", "m1", "c", 0.4)):
            raise error
    assert await spent(classroom) == counted
    await ask(classroom, "m1", 0.1)
    assert await spent(classroom) == 0.1


async def test_a_refusing_model_is_paid_and_counted(classroom: Classroom) -> None:
    declined = EngineDeclined("no")
    declined.spent = usage(0.2)
    with pytest.raises(EngineDeclined):
        async with spending(classroom.engine, None, BUDGETS, Asking("o", "m1", "c", 0.4)):
            raise declined
    assert await spent(classroom) == 0.2


async def test_a_key_of_its_own_is_not_bounded_and_a_trial_is_bounded_by_the_budget_of_a_trial(
    classroom: Classroom,
) -> None:
    async with classroom.engine.begin() as connection:
        await put_model_key(connection, MODEL_KEYS.sealing, "own", "sk-1234", is_free_trial=False)
        await put_model_key(connection, MODEL_KEYS.sealing, "trial", None, is_free_trial=True)
    async with spending(classroom.engine, MODEL_KEYS, BUDGETS, Asking("own", "m1", "c", 100.0)) as held:
        assert held.access.api_key == "sk-1234"
    await ask(classroom, "m1", 0.4, org_id="trial")
    with pytest.raises(BudgetSpent, match="free trial"):
        await ask(classroom, "m2", 0.4, org_id="trial")


async def test_one_learner_spends_a_share_of_a_day_and_no_more_also_by_a_key_of_the_school(
    classroom: Classroom,
) -> None:
    async with classroom.engine.begin() as connection:
        await put_model_key(connection, MODEL_KEYS.sealing, "o", "sk-1234", is_free_trial=False)
    budgets = BUDGETS.model_copy(update={"model_learner_budget_usd": 0.5})

    async def message(person: str, number: int) -> None:
        asking = Asking("o", f"{person}/m{number}", "c", 0.2, person)
        async with spending(classroom.engine, MODEL_KEYS, budgets, asking) as held:
            held.add(usage(0.2))

    ended = await asyncio.gather(*(message("ann_1", number) for number in range(4)), return_exceptions=True)
    (first, _) = [one for one in ended if one is not None]
    assert isinstance(first, LearnerBudgetSpent)
    assert "0.5 USD" in str(first)
    assert "00:00 UTC" in str(first)
    assert 0 < first.retry_after_seconds <= 24 * 3600
    await message("annx1", 1)
    async with classroom.engine.begin() as connection:
        await connection.execute(update(model_spending).values(at=model_spending.c.at - timedelta(days=1)))
    await message("ann_1", 5)
