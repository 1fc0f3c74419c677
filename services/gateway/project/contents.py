"""The contents of blobs that rows are made of. A blob that stays unreadable is given up, so other courses go on."""

import asyncio
from collections.abc import Collection, Mapping

import structlog
from pydantic import BaseModel, ValidationError

from services.gateway.project.working_set import Payloads, Step
from shared.events import BlobRef
from shared.kernel.blob_stores import BlobsUnavailable
from shared.kernel.blobs import Blobs
from shared.kernel.errors import NotFound
from shared.readmodels.side import ReadSide

log = structlog.get_logger(__name__)

_AT_ONCE = 16
# How often, and how far apart, a blob is tried that the store does not give while it gives others.
_TRIES = 11
_PAUSE_SECONDS = 1.0

_Wanted = Mapping[str, tuple[BlobRef, type[BaseModel]]]


class Contents:
    """Read a few at a time, however many a batch of events needs."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._reading = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, side: ReadSide, steps: Collection[Step]) -> Payloads:
        """By key; None for what is gone, not what it should be, or stays unreadable.

        Raises BlobsUnavailable when the store is away as a whole: then nothing may be passed over.
        """
        wanted = {
            ref.key: (ref, model) for step in steps for ref, model in side.needed(step.recorded.event, step.state)
        }
        found: dict[str, BaseModel | None] = {}
        for left in reversed(range(_TRIES)):
            found |= await self._try(wanted)
            wanted = {key: one for key, one in wanted.items() if key not in found}
            if not wanted:
                break
            await self._blobs.require_readable()
            if not left:
                log.error("blobs_given_up", keys=sorted(wanted))
                return found | dict.fromkeys(wanted)
            await asyncio.sleep(_PAUSE_SECONDS)
        return found

    async def _try(self, wanted: _Wanted) -> dict[str, BaseModel | None]:
        """Without those the store did not give."""
        found: dict[str, BaseModel | None] = {}

        async def fetch(ref: BlobRef, model: type[BaseModel]) -> None:
            async with self._reading:
                try:
                    found[ref.key] = await self._load(ref, model)
                except BlobsUnavailable as error:
                    log.warning("blob_unavailable", key=ref.key, detail=error.message)

        await asyncio.gather(*(fetch(ref, model) for ref, model in wanted.values()))
        return found

    async def _load(self, ref: BlobRef, model: type[BaseModel]) -> BaseModel | None:
        try:
            return await self._blobs.get_model(ref, model)
        except NotFound:
            # Ordinary in a rebuild: the aggregate was deleted later on, and its blobs with it.
            log.warning("blob_missing", key=ref.key)
        except ValidationError as error:
            log.error("blob_unreadable", key=ref.key, errors=error.error_count())  # noqa: TRY400 - no contents in logs
        return None
