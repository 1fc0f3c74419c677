"""Answers a model gave, kept by what was asked: no answer is paid for twice, whatever crashes."""

import hashlib
from typing import Any

import rfc8785

from shared.blobs import Blobs


class AnswerCache:
    """The stored answers of one owner. An answer is stored before anything uses it."""

    def __init__(self, blobs: Blobs, owner: str) -> None:
        self._blobs = blobs
        self._owner = owner

    async def get(self, key: str) -> bytes | None:
        """The stored answer, or None."""
        return await self._blobs.get_answer(self._owner, key)

    async def put(self, key: str, answer: bytes) -> None:
        """Store an answer; the first one wins."""
        await self._blobs.put_answer(self._owner, key, answer)


def answer_key(request: dict[str, Any]) -> str:
    """Hex sha256 of the canonical JSON (RFC 8785) of model, parameters, prompt and schema."""
    return hashlib.sha256(rfc8785.dumps(request)).hexdigest()
