"""Playlists of HLS: where the pieces of a recorded lecture lie. Pure; a playlist is a stranger's text.

Of several versions the one for ears is taken, else the smallest. What cannot be put together by joining pieces is
refused: keys, live streams, ranges of one file, and several beginnings.
"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from shared.kernel.errors import PermanentError

MARK = b"#EXTM3U"
MAX_PLAYLIST_BYTES = 4 * 1024 * 1024
MAX_PIECES = 20_000

_MOST_LINE = 16_384
_ATTRIBUTE = re.compile(r'(?<![A-Z0-9-])([A-Z0-9-]{1,64})=("[^"]*"|[^,]*)')


class PlaylistRefused(PermanentError):
    """The stream cannot be taken; the message says why."""

    code = "stream_refused"


@dataclass(frozen=True)
class Playlist:
    """The addresses of all pieces, the beginning that they share first."""

    pieces: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Equal for equal pieces."""
        return hashlib.sha256("\n".join(self.pieces).encode()).hexdigest()


def read_playlist(text: bytes, url: str) -> Playlist | str:
    """The pieces, or the address of the playlist to read instead. Raises PlaylistRefused."""
    lines = [line.strip() for line in text.decode(errors="replace").splitlines()]
    if not lines or not lines[0].encode().startswith(MARK):
        raise PlaylistRefused("What lies at the address is not a playlist")
    if any(len(line) > _MOST_LINE for line in lines):
        raise PlaylistRefused(f"The playlist has a line of more than {_MOST_LINE:,} characters")
    if any(_attributes(line).get("METHOD", "NONE") != "NONE" for line in lines if "-KEY:" in line[:20]):
        raise PlaylistRefused("The stream is encrypted")
    versions = _versions(lines)
    if versions:
        return urljoin(url, min(versions)[1])
    return _pieces(lines, url)


def _versions(lines: list[str]) -> list[tuple[int, str]]:
    """Those of a playlist of playlists, with their bits a second; sound alone has none."""
    found = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        about = _attributes(line)
        if line.startswith("#EXT-X-MEDIA:") and about.get("TYPE") == "AUDIO" and about.get("URI"):
            found.append((0, about["URI"]))
        elif line.startswith("#EXT-X-STREAM-INF:") and following and not following.startswith("#"):
            bits = about.get("BANDWIDTH", "")
            found.append((int(bits) if bits.isdecimal() and len(bits) < 12 else 10**12, following))
    return found


def _pieces(lines: list[str], url: str) -> Playlist:
    if "#EXT-X-ENDLIST" not in lines:
        raise PlaylistRefused("The stream is live: it has no end yet")
    if any(line.startswith("#EXT-X-BYTERANGE") for line in lines):
        raise PlaylistRefused("The pieces of the stream are ranges of a file, which is not supported")
    begins = {_attributes(line).get("URI", "") for line in lines if line.startswith("#EXT-X-MAP:")}
    if len(begins) > 1 or "" in begins or any("BYTERANGE" in line for line in lines if line.startswith("#EXT-X-MAP:")):
        raise PlaylistRefused("The stream begins anew in its middle, which is not supported")
    pieces = [line for line in lines if line and not line.startswith("#")]
    if not pieces or len(pieces) > MAX_PIECES:
        raise PlaylistRefused(f"The stream has {len(pieces):,} pieces; from 1 to {MAX_PIECES:,} can be taken")
    return Playlist(tuple(urljoin(url, piece) for piece in (*begins, *pieces)))


def _attributes(line: str) -> dict[str, str]:
    text = line.partition(":")[2] if line.startswith("#EXT-X-") else ""
    return {name: value.strip('"') for name, value in _ATTRIBUTE.findall(text)}
