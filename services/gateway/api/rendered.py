"""Large answers as they are sent. Each is rendered once for each version of its course, and not for each caller.

An entry holds contents of one owner and is found by that owner's name only. It lives for a minute at most, so that
nothing of a deleted course stays in memory for longer.
"""

import asyncio
import gzip
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi.responses import Response

Key = tuple[str, str, str]

_KEPT_SECONDS = 60.0
_LIMIT_BYTES = 64 * 1024 * 1024
_WORTH_COMPRESSING = 1024


@dataclass
class Body:
    """An answer at one version of its course."""

    version: int
    plain: bytes
    rendered_at: float = field(default_factory=time.monotonic)
    zipped: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.plain) + len(self.zipped or b"")

    async def response(
        self, headers: Mapping[str, str], accept_encoding: str, media_type: str = "application/json"
    ) -> Response:
        """As the caller takes it. Compressing is done once, beside the event loop."""
        varying = {**headers, "Vary": "Accept-Encoding"}
        if len(self.plain) < _WORTH_COMPRESSING or not accepts_gzip(accept_encoding):
            return Response(self.plain, media_type=media_type, headers=varying)
        if self.zipped is None:
            self.zipped = await asyncio.to_thread(gzip.compress, self.plain, 6, mtime=0)
        return Response(self.zipped, media_type=media_type, headers={**varying, "Content-Encoding": "gzip"})


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the header Accept-Encoding takes gzip: named, or by `*`, and not with a weight of 0."""
    weights = {}
    for one in accept_encoding.lower().split(","):
        name, _, weight = one.partition(";")
        weights[name.strip()] = weight.replace(" ", "").removeprefix("q=").strip("0.") != "" if weight else True
    return weights.get("gzip", weights.get("*", False))


class Rendered:
    """The answers of one process, by owner, course and part; the oldest go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Body] = OrderedDict()

    def find(self, key: Key, version: int) -> Body | None:
        """The answer at this version, if it is here."""
        self._forget()
        body = self._kept.get(key)
        return body if body is not None and body.version == version else None

    def keep(self, key: Key, body: Body) -> None:
        """Have it at hand for the next caller."""
        self._kept.pop(key, None)
        self._kept[key] = body
        self._forget()

    def _forget(self) -> None:
        oldest_allowed = time.monotonic() - _KEPT_SECONDS
        while self._kept:
            oldest = next(iter(self._kept.values()))
            is_full = len(self._kept) > 1 and self._size() > _LIMIT_BYTES
            if oldest.rendered_at >= oldest_allowed and not is_full:
                return
            self._kept.popitem(last=False)

    def _size(self) -> int:
        return sum(body.size for body in self._kept.values())
