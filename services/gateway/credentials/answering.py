"""Answers the stage that fetches repositories, with sealed tokens that this process cannot open."""

import base64
from collections.abc import Awaitable, Callable
from functools import partial

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.credentials.store import note_revoked, take_sealed
from shared.kernel.logging import error_facts
from shared.sources.credentials import OPEN, REVOKED, CredentialAnswer, CredentialAsked

log = structlog.get_logger(__name__)

_TOGETHER = "gateway"  # of several gateways one answers


async def answer_stages(nc: Client, engine: AsyncEngine) -> None:
    """Answer from now on, as long as the connection lasts."""
    answers = Answers(engine)
    await nc.subscribe(OPEN, queue=_TOGETHER, cb=partial(_answer, answers.find))
    await nc.subscribe(REVOKED, queue=_TOGETHER, cb=partial(_answer, answers.note))


async def _answer(work: Callable[[CredentialAsked], Awaitable[BaseModel | None]], message: Msg) -> None:
    """A question that cannot be read, or not be answered now, has no answer: the stage asks again later."""
    try:
        answer = await work(CredentialAsked.model_validate_json(message.data))
        await message.respond(b"{}" if answer is None else answer.model_dump_json().encode())
    except (ValidationError, SQLAlchemyError, OSError, nats.errors.Error) as error:
        log.warning("credential_not_answered", subject=message.subject, **error_facts(error))


class Answers:
    """The two questions."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def note(self, asked: CredentialAsked) -> None:
        """A host refuses the token."""
        async with self._engine.begin() as connection:
            await note_revoked(connection, asked.owner, asked.credential_id)

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
