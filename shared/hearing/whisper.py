"""Ears that are a Whisper model: the one of the extra `transcription`, or one in a folder of the operator's."""

import asyncio
import hashlib
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from shared.hearing.installed import find_model
from shared.hearing.port import Said
from shared.kernel.errors import PermanentError
from shared.workers.away import away
from shared.workers.limits import Limits
from shared.workers.port import Workers

if TYPE_CHECKING:
    from shared.hearing import model
else:
    model = away("shared.hearing.model")

_SHA256 = "354707de3e0d4852bb9a68edab854ae0fe7ac5e19dc1e4cfe996395d77a11e71"


@dataclass(frozen=True)
class Whisper:
    """See Ears. `sha256`: of the files that were published; empty for a model of the operator's."""

    folder: Path
    sha256: str
    limits: Limits

    async def name(self) -> str:
        """See Ears.name."""
        digest = await asyncio.to_thread(_digest, self.folder)
        if self.sha256 not in ("", digest):
            message = f"The model in {self.folder} is not the one that was published: install it again"
            raise PermanentError(message, code="model_damaged")
        return f"whisper-1/{digest}"

    async def hear(self, pcm: bytes, workers: Workers, key: str) -> list[Said]:
        """See Ears.hear."""
        work = partial(model.hear, str(self.folder), pcm)
        return await workers.run(work, list[Said], about="The recording", key=key, limits=self.limits)


def find_whisper(folder: Path | None, limits: Limits) -> Whisper:
    """The model in a folder, else the one that is installed. Raises NoEars."""
    return Whisper(find_model(folder), "" if folder else _SHA256, limits)


@cache
def _digest(folder: Path) -> str:
    """Of the model and all that is read with it; a process looks once."""
    found = hashlib.sha256()
    for path in sorted(one for one in folder.iterdir() if one.is_file()):
        with path.open("rb") as file:
            found.update(hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()
