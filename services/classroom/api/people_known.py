"""People by their e-mail addresses, made where nobody knew them."""

import asyncio
from collections.abc import Collection

from services.classroom.api.calls import Services
from services.classroom.asked import new_id
from services.classroom.queries import find_by_emails
from shared.classroom.people import PERSON_SIDE
from shared.events.classroom import PersonAdded


async def know_people(services: Services, emails: Collection[str], by: str) -> dict[str, str]:
    """The ids of people by address. Two calls that name the same new address take turns, so it becomes one person."""
    async with services.reading() as connection:
        known = await find_by_emails(connection, emails)
    if known.keys() >= set(emails):
        return known
    async with services.commands.alone("people"):
        await services.commands.come_up()
        async with services.reading() as connection:
            known = await find_by_emails(connection, emails)
        added = {email: new_id(email) for email in sorted(set(emails) - known.keys())}
        begin = services.commands.begin
        await asyncio.gather(
            *(begin(PERSON_SIDE, PersonAdded(person_id=one, email=email, by=by)) for email, one in added.items())
        )
    return {**known, **added}
