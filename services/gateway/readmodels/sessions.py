"""Sessions of the classroom as tokens of the gateway."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.classroom.people import person_identities, persons
from shared.web.sessions import Sessions
from shared.web.tokens import Authenticator, Unauthenticated


@dataclass(frozen=True)
class SessionAuthenticator:
    """Takes sessions beside the tokens that `otherwise` takes. A person who signs in at the classroom by `issuer`,
    which is the gateway's own, is the same user here; any other person is a user by its id.
    """

    sessions: Sessions
    engine: AsyncEngine
    issuer: str
    otherwise: Authenticator

    async def subject(self, token: str) -> str:
        """See Authenticator. A session that was ended, and one of a person who is deleted, are good for nothing."""
        try:
            person_id, began = self.sessions.person_of(token)
        except Unauthenticated:
            return await self.otherwise.subject(token)
        one, of = person_identities.c, persons.c
        query = (
            select(of.sessions_ended, one.subject)
            .outerjoin(person_identities, and_(one.person_id == of.person_id, one.issuer == self.issuer))
            .where(of.person_id == person_id)
            .order_by(one.subject)
        )
        async with self.engine.connect() as connection:
            found = (await connection.execute(query.limit(1))).one_or_none()
        if found is None or (found.sessions_ended is not None and began <= found.sessions_ended):
            raise Unauthenticated
        return str(found.subject or f"classroom|{person_id}")

    def session_in(self, token: str) -> str | None:
        """The token when it is a session; None for one of `otherwise`, which nobody ends."""
        try:
            self.sessions.person_of(token)
        except Unauthenticated:
            return None
        return token

    async def ended(self, sessions: Collection[str]) -> set[str]:
        """Those of these sessions that are over: ended, expired, or of a person who is deleted."""
        over, held = set[str](), {}
        for one in sessions:
            try:
                held[one] = self.sessions.person_of(one)
            except Unauthenticated:
                over.add(one)
        of = persons.c
        query = select(of.person_id, of.sessions_ended).where(of.person_id.in_({person for person, _ in held.values()}))
        async with self.engine.connect() as connection:
            ends = {row.person_id: row.sessions_ended for row in await connection.execute(query)}
        for one, (person, began) in held.items():
            if person not in ends or (ends[person] is not None and began <= ends[person]):
                over.add(one)
        return over
