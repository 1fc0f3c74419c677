"""Deliveries of webhooks in the database: nothing happens twice or is lost, whoever writes at the same time."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import func, select, text

from services.gateway.webhooks import store
from services.gateway.webhooks.core import Next, follow_up
from services.gateway.webhooks.store import Due
from services.gateway.webhooks.tables import deliveries
from shared.sources.posting import Answered
from tests.integration.gateway.conftest import Gateway

_LEASE_SECONDS = 60.0
URL = "https://example.com/hook"


async def hook(gateway: Gateway, url: str = URL) -> str:
    answer = await gateway.api.post("/api/webhooks", json={"url": url, "event_types": ["CourseCreated"]})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["webhook_id"])


async def happen(gateway: Gateway, times: int = 1) -> list[str]:
    """Courses are created, and the deliveries recorded; the courses' ids."""
    courses = [await gateway.create() for _ in range(times)]
    for course_id in courses:
        async with gateway.engine.begin() as connection:
            await store.record_deliveries(connection, await gateway.log.read(course_id))
    return courses


async def take(gateway: Gateway, limit: int = 8, busy: list[str] | None = None) -> list[Due]:
    async with gateway.engine.begin() as connection:
        return await store.take_due(connection, limit, _LEASE_SECONDS, busy or [])


async def settle(gateway: Gateway, due: Due, status: int, after: Next | None = None) -> bool:
    async with gateway.engine.begin() as connection:
        answered = Answered(status)
        return await store.settle(connection, due, answered, after or follow_up(answered, due.attempts + 1))


async def shown(gateway: Gateway, webhook_id: str) -> dict[str, object]:
    found: dict[str, object] = (await gateway.api.get(f"/api/webhooks/{webhook_id}")).json()
    return found


async def test_what_happens_while_a_webhook_is_off_is_told_when_it_is_on_again(gateway: Gateway) -> None:
    webhook_id = await hook(gateway)
    await gateway.api.patch(f"/api/webhooks/{webhook_id}", json={"enabled": False})
    (course_id,) = await happen(gateway)
    assert await take(gateway) == []
    await gateway.api.patch(f"/api/webhooks/{webhook_id}", json={"enabled": True})
    (due,) = await take(gateway)
    assert course_id in due.body


async def test_at_most_two_of_a_webhook_are_under_way_and_the_others_come_in_between(gateway: Gateway) -> None:
    first, second = await hook(gateway), await hook(gateway)
    await happen(gateway, 4)
    taken = await take(gateway)
    assert Counter(due.webhook_id for due in taken) == {first: 2, second: 2}
    assert {due.webhook_id for due in await take(gateway, busy=[first])} == {second}


async def test_two_senders_never_take_the_same(gateway: Gateway) -> None:
    await hook(gateway)
    await happen(gateway, 6)
    taken = [due.delivery_id for part in await asyncio.gather(*(take(gateway, 2) for _ in range(6))) for due in part]
    assert len(taken) == len(set(taken))


async def test_what_another_has_taken_since_is_not_settled_by_the_first(gateway: Gateway) -> None:
    webhook_id = await hook(gateway)
    await happen(gateway)
    (late,) = await take(gateway)
    async with gateway.engine.begin() as connection:
        await connection.execute(deliveries.update().values(next_attempt_at=func.now()))  # its lease is over
    (second,) = await take(gateway)
    assert await settle(gateway, second, 200)
    assert not await settle(gateway, late, 500)
    (delivery,) = (await gateway.api.get(f"/api/webhooks/{webhook_id}/deliveries")).json()
    assert (delivery["status"], delivery["attempts"], delivery["response_status"]) == ("delivered", 1, 200)


async def test_a_delivery_asked_for_anew_is_made_anew_whatever_the_attempt_under_way_came_to(gateway: Gateway) -> None:
    webhook_id = await hook(gateway)
    await happen(gateway)
    (due,) = await take(gateway)
    path = f"/api/webhooks/{webhook_id}/deliveries/{due.delivery_id}/redeliver"
    again = await gateway.api.post(path)
    shown = again.json()
    assert (again.status_code, shown["delivery_id"], shown["status"], shown["attempts"]) == (
        202, due.delivery_id, "pending", 0,
    )  # fmt: skip
    assert not await settle(gateway, due, 200)
    assert [again.delivery_id for again in await take(gateway)] == [due.delivery_id]


@pytest.mark.parametrize("other", ["accepted", "refused"])
async def test_one_event_an_address_cannot_digest_turns_it_off_only_if_it_takes_no_other(
    gateway: Gateway, other: str
) -> None:
    webhook_id = await hook(gateway)
    await happen(gateway, 2)
    poison, good = await take(gateway)
    await settle(gateway, good, 200 if other == "accepted" else 500)
    await settle(gateway, poison, 500, Next("failed", disable="no attempt of 10 was accepted"))
    assert (await shown(gateway, webhook_id))["enabled"] is (other == "accepted")


async def test_an_address_that_is_gone_is_turned_off_whatever_it_took_before(gateway: Gateway) -> None:
    webhook_id = await hook(gateway)
    await happen(gateway, 2)
    gone, good = await take(gateway)
    await settle(gateway, good, 200)
    await settle(gateway, gone, 410)
    assert (await shown(gateway, webhook_id))["enabled"] is False


async def test_no_user_has_more_webhooks_than_there_can_be_however_quickly_they_ask(gateway: Gateway) -> None:
    body = {"url": URL, "event_types": ["CourseCreated"]}
    answers = await asyncio.gather(*(gateway.api.post("/api/webhooks", json=body) for _ in range(25)))
    assert Counter(answer.status_code for answer in answers) == {201: 20, 409: 5}


async def test_who_writes_deliveries_while_the_course_is_erased_is_waited_for(gateway: Gateway) -> None:
    await hook(gateway)
    course_id = await gateway.create()
    recorded = await gateway.log.read(course_id)
    async with gateway.engine.connect() as slow:
        assert await store.record_deliveries(slow, recorded) == 1
        erasing = asyncio.create_task(gateway.eraser._forget_rows(course_id))
        async with gateway.engine.connect() as looking:
            while not await looking.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                assert not erasing.done()
                await asyncio.sleep(0.01)
        await slow.commit()
        assert await erasing >= 1
    async with gateway.engine.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(deliveries)) == 0
