"""Answers a model gave, kept by what was asked: no answer is paid for twice, whatever crashes."""

import hashlib
from datetime import date
from typing import Any

import rfc8785
from pydantic import BaseModel, ConfigDict

from shared.engine.types import Usage
from shared.kernel.blobs import Blobs


class StoredAnswer(BaseModel):
    """A model's answer, what it cost, and the run that paid. `declined`: why there is none; then `answer` says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: Any
    usage: Usage
    run_id: str
    declined: str = ""


class AnswerCache:
    """The stored answers of one owner, as a course of theirs uses them. An answer is stored before anything uses it."""

    def __init__(self, blobs: Blobs, owner: str, course_id: str) -> None:
        self._blobs = blobs
        self._owner = owner
        self._course_id = course_id

    async def get(self, key: str) -> StoredAnswer | None:
        """The stored answer, or None."""
        data = await self._blobs.get_answer(self._owner, self._course_id, key)
        return None if data is None else StoredAnswer.model_validate_json(data)

    async def put(self, key: str, answer: StoredAnswer) -> None:
        """Store an answer; the first one wins."""
        await self._blobs.put_answer(self._owner, self._course_id, key, answer.model_dump_json().encode())


def answer_key(request: dict[str, Any]) -> str:
    """Hex sha256 of the canonical JSON (RFC 8785) of model, parameters, prompt and schema."""
    return hashlib.sha256(rfc8785.dumps(request)).hexdigest()


def declined_key(key: str, day: date) -> str:
    """The key of what was declined on a day of UTC: another day the model may give an answer."""
    return answer_key({"declined": key, "day": day.isoformat()})
