"""Answers the stage that fetches repositories, with sealed tokens that this process cannot open."""

import base64

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.credentials.store import note_revoked, take_sealed
from shared.sources.credentials import OPEN, REVOKED, CredentialAnswer, CredentialAsked

log = structlog.get_logger(__name__)

_TOGETHER = "gateway"  # of several gateways one answers


async def answer_stages(nc: Client, engine: AsyncEngine) -> None:
    """Answer from now on, as long as the connection lasts."""
    answers = Answers(engine)
    await nc.subscribe(OPEN, queue=_TOGETHER, cb=answers.give)
    await nc.subscribe(REVOKED, queue=_TOGETHER, cb=answers.note)


class Answers:
    """The two questions. A question that cannot be read has no answer."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def give(self, message: Msg) -> None:
        """The sealed token of a credential."""
        asked = _read(message)
        if asked is None:
            return
        try:
            answer = await self.find(asked)
        except (SQLAlchemyError, OSError) as error:  # the stage asks again later
            log.warning("credential_unread", error=type(error).__name__)
            return
        await _respond(message, answer.model_dump_json().encode())

    async def note(self, message: Msg) -> None:
        """That a host refuses the token."""
        asked = _read(message)
        if asked is None:
            return
        try:
            async with self._engine.begin() as connection:
                await note_revoked(connection, asked.owner, asked.credential_id)
        except (SQLAlchemyError, OSError) as error:
            log.warning("refusal_not_noted", error=type(error).__name__)
            return
        await _respond(message, b"{}")

    async def find(self, asked: CredentialAsked) -> CredentialAnswer:
        """The credential of this owner for this host, or why there is nothing to give."""
        async with self._engine.begin() as connection:
            found = await take_sealed(connection, asked.owner, asked.credential_id)
        if found is None:
            return CredentialAnswer(
                error="credential_not_found",
                message="The credential is not there any more; ask for the repository again with another one",
            )
        if found.host != asked.host:
            return CredentialAnswer(
                error="credential_of_another_host",
                message=f"The credential is for {found.host}, and is not sent to {asked.host}",
            )
        return CredentialAnswer(
            username=found.username, key_id=found.key_id, sealed=base64.b64encode(found.sealed)
        )  # fmt: skip


def _read(message: Msg) -> CredentialAsked | None:
    try:
        return CredentialAsked.model_validate_json(message.data)
    except ValidationError:
        log.warning("question_unreadable", subject=message.subject)
        return None


async def _respond(message: Msg, answer: bytes) -> None:
    try:
        await message.respond(answer)
    except nats.errors.Error as error:
        log.warning("answer_not_sent", subject=message.subject, error=type(error).__name__)
