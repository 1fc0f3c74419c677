"""Idempotency keys: the first request under a key decides, and the same request again gets the same answer.

A key is claimed before anything happens, and the command takes its id from the key. So a request whose answer was lost
writes the same events again, and the log stores them once. Refusals are not kept: a refusal changed nothing, and the
same request may succeed once the reason is gone.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Header, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import JSON, Column, DateTime, Delete, Index, Integer, Table, Text, func, null, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.kernel.refusals import Refusal, Refused, invalid
from shared.readmodels.base import APP_METADATA

idempotency_keys = Table(
    "idempotency_keys",
    APP_METADATA,
    Column("key_hash", Text, primary_key=True),
    Column("request_hash", Text, nullable=False),
    Column("command_id", Text, nullable=False),
    Column("course_id", Text),
    Column("status", Integer),
    # Not JSONB, which orders members anew: the same answer is the same to the byte.
    Column("headers", JSON),
    Column("body", JSON),
    Column("claimed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_idempotency_keys_claimed_at", "claimed_at"),
    Index("ix_idempotency_keys_course_id", "course_id"),
)

IdempotencyKey = Annotated[
    str | None, Header(description="POST only: the same key and body get the same answer for 24 hours")
]
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_NO_CONTENT = 204
_KEPT_FOR = text("interval '24 hours'")


@dataclass(frozen=True)
class Answer:
    """The answer to a request."""

    status: int
    headers: dict[str, str]
    body: Any

    def response(self) -> Response:
        """As sent. The status 204 has no body: a server breaks the connection off rather than send one."""
        if self.status == _NO_CONTENT:
            return Response(status_code=self.status, headers=self.headers)
        return JSONResponse(self.body, self.status, self.headers)


@dataclass(frozen=True)
class Claim:
    """A claimed key: the id its command has, and the answer if there was one."""

    key_hash: str
    command_id: str
    answer: Answer | None


def require_key(key: str) -> None:
    """Raise Refused for what cannot be a key."""
    if not _KEY.fullmatch(key):
        raise Refused(invalid("header/Idempotency-Key", "Use 1 to 255 visible ASCII characters"))


def fingerprint(request: Request, sent: Any) -> bytes:
    """The bytes that tell a request from another one: a key that was used for one is refused for the other."""
    whole = [request.method, request.url.path, sent, *filter(None, [request.url.query])]
    return json.dumps(whole, sort_keys=True).encode()


class IdempotencyKeys:
    """Keys are scoped to their owner and kept for 24 hours. Without `with_answers` no answer is kept or
    read: only the request's hash and the command's id.
    """

    def __init__(self, engine: AsyncEngine, *, with_answers: bool = True) -> None:
        self._engine = engine
        kept = idempotency_keys.c
        answers = (kept.status, kept.headers, kept.body) if with_answers else (null().label("status"),)
        self._query = select(kept.request_hash, kept.command_id, *answers)

    async def claim(self, owner: str, key: str, request: bytes, command_id: str, course_id: str | None) -> Claim:
        """Take the key, or find who took it. Raises Refused when it was taken for another request."""
        key_hash, request_hash = _digest(owner.encode(), key.encode()), _digest(request)
        keys = idempotency_keys
        row = insert(keys).values(
            key_hash=key_hash, request_hash=request_hash, command_id=command_id, course_id=course_id
        )
        async with self._engine.begin() as connection:
            await connection.execute(keys.delete().where(keys.c.claimed_at < func.now() - _KEPT_FOR))
            await connection.execute(row.on_conflict_do_nothing())
            found = (await connection.execute(self._query.where(keys.c.key_hash == key_hash))).one()
        if found.request_hash != request_hash:
            detail = "This Idempotency-Key was used for another request. Use a new key for a new request."
            raise Refused(Refusal(422, "idempotency_key_reused", detail))
        answer = None if found.status is None else Answer(found.status, found.headers, found.body)
        return Claim(key_hash, found.command_id, answer)

    async def keep(self, claim: Claim, answer: Answer, course_id: str | None) -> None:
        """Remember the answer."""
        keys = idempotency_keys
        update = keys.update().where(keys.c.key_hash == claim.key_hash)
        values = {"status": answer.status, "headers": answer.headers, "body": answer.body, "course_id": course_id}
        async with self._engine.begin() as connection:
            await connection.execute(update.values(**values))


def forget_course(course_id: str) -> Delete:
    """Answers hold titles and texts: they go with their course."""
    return idempotency_keys.delete().where(idempotency_keys.c.course_id == course_id)


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\x1f".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
