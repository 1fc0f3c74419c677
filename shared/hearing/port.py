"""What listens to a recording: sound in, the words that are said with their seconds out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from shared.docs.captions.first_bytes import is_adts, is_transport_stream

if TYPE_CHECKING:
    from shared.workers.port import Workers

RATE = 16_000
"""Samples a second of the sound, which is mono and has 16 bits a sample."""
PIECE_SECONDS = 300
INPUT = "/dev/fd/0"
HEAD_BYTES = 512


@dataclass(frozen=True)
class Said:
    """What is said in one go: seconds from the begin of the sound, and the words."""

    start: float
    end: float
    text: str


class Ears(Protocol):
    """A model that hears words. `name` says which one: with another one the same sound can be other words."""

    async def name(self) -> str:
        """Raises PermanentError when the model is not there, or not the one that it should be."""
        ...

    async def hear(self, pcm: bytes, workers: "Workers", key: str) -> list[Said]:
        """The words of at most PIECE_SECONDS. Raises what Workers raises."""
        ...


def needs_ffmpeg(head: bytes) -> bool:
    """Whether a recording that begins so is of a format of films or streams, or speech in Opus."""
    return is_adts(head) or is_transport_stream(head) or (
        head[4:8] == b"ftyp" or head[:4] == b"\x1aE\xdf\xa3" or b"OpusHead" in head[:64]
    )  # fmt: skip
