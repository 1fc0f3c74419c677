"""The streams that read tables are built from."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.project.projection import Projection
from services.gateway.project.working_set import by_side
from services.gateway.rebuild.loader import Loader
from shared.event_log.following import FollowedLog
from shared.event_log.port import Recorded, Unreadable
from shared.events import Stream
from shared.kernel.errors import LogUnavailable
from shared.readmodels.checkpoint import Place, advance, place_of, read_checkpoint
from shared.readmodels.side import Sides

OnProgress = Callable[[int, int], None]

_SILENT_LOOKS = 30


@dataclass(frozen=True)
class Source:
    """One of them, with the read sides of its aggregates."""

    stream: Stream
    log: FollowedLog
    sides: Sides
    projection: Projection

    async def fill(self, connection: AsyncConnection, schema: str, there: Place, on_progress: OnProgress) -> int:
        """Fill empty tables up to a place; how many events that were."""
        loaders = {
            side.aggregate.prefix: Loader(connection, schema, self.log, self.projection, side=side)
            for side in self.sides
        }
        events, reached = 0, Place()
        async for batch in self.up_to(1, there.seq):
            for side, mine in by_side(batch, self.sides):
                await loaders[side.aggregate.prefix].take(mine)
            events, reached = events + len(batch), place_of(batch[-1])
            on_progress(min(reached.seq, there.seq), there.seq)
        for loader in loaders.values():
            await loader.end()
        await self.come_to(connection, replace(reached, filled_at=there.filled_at), there)
        return events

    async def follow(self, connection: AsyncConnection, target: Place) -> int:
        """Bring the tables of a connection to a place; how far they are then."""
        async with connection.begin():
            reached = await read_checkpoint(connection, self.stream)
        async for batch in self.up_to(reached + 1, target.seq):
            await self.projection.apply(connection, batch)
        await self.come_to(connection, target)
        return max(reached, target.seq)

    async def come_to(self, connection: AsyncConnection, *places: Place) -> None:
        """The tables are as far as these places; of an empty stream they know nothing."""
        async with connection.begin():
            for place in places:
                if place.seq:
                    await connection.execute(advance(place, self.stream))

    async def up_to(self, from_seq: int, limit: int) -> AsyncIterator[list[Recorded | Unreadable]]:
        """The events from one sequence to another; events at either may have been erased. A silence is not the end:
        only the log says where it ends.
        """
        reached, silent = from_seq - 1, 0
        if reached >= limit or reached >= await self.log.end():
            return
        async for batch in self.log.follow(from_seq):
            wanted = [item for item in batch if item.seq <= limit]
            if wanted:
                yield wanted
            reached, silent = (batch[-1].seq, 0) if batch else (reached, silent + 1)
            if reached >= limit or (not batch and reached >= await self.log.end()):
                return
            if silent > _SILENT_LOOKS:
                raise LogUnavailable("The event log says nothing more, and has not ended")
