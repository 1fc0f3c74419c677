"""Advisory locks of the gateway's database, all in one place so that no two mean the same number."""

import zlib

from shared.events import Stream

_OURS = 0x636F_7572_7365_0000
# Held by a migration's transaction.
MIGRATION = _OURS + 2
# Shared by each transaction that writes read tables, exclusive while another schema takes their place.
TABLES = _OURS + 3
# Held by the one rebuild there may be.
REBUILD = _OURS + 4
# Shared by each transaction that writes deliveries of webhooks, exclusive while those of a deleted course are removed.
DELIVERIES = _OURS + 5
# + 6 is held by the notifier that leads.


def projector_of(stream: Stream) -> int:
    """Held by the active projector of a stream for as long as it leads."""
    return 0x636F_7573 << 32 | zlib.crc32(stream.name.encode())
