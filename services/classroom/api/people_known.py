"""People by their e-mail addresses, made where nobody knew them."""

from collections.abc import Collection
from functools import partial

from services.classroom.api.calls import Services
from services.classroom.decisions import people
from services.classroom.queries import find_by_emails
from shared.classroom.people import PERSON_SIDE
from shared.kernel.ids import new_id


async def know_people(services: Services, emails: Collection[str], by: str) -> dict[str, str]:
    """The ids of people by address. Two calls that name the same new address take turns, so it becomes one person.
    The tables show new people no later than what the caller writes next.
    """
    async with services.reading() as connection:
        known = await find_by_emails(connection, emails)
    if known.keys() >= set(emails):
        return known
    async with services.commands.alone("people"):
        await services.commands.come_up()
        async with services.reading() as connection:
            known = await find_by_emails(connection, emails)
        for email in sorted(set(emails) - known.keys()):
            known[email] = new_id()
            add = partial(people.add, person_id=known[email], email=email, by=by)
            await services.commands.carry_out(PERSON_SIDE, known[email], add, waits=False)
    return known
