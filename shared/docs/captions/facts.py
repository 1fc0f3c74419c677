"""A lecture as text: what reading its captions gives, what is refused, and the limits. Needs no library of captions.

The text is Markdown with one sentence a line, so that a lecture goes the way of a repository's page. It is a function
of the captions' bytes, of the chapters' bytes, of the title and of READER alone.
"""

from dataclasses import dataclass

from shared.docs.kinds import ending_of
from shared.kernel.errors import PermanentError

READER = "captions-2/webvtt-py-0.6.0"
"""Which reader made a text. Another version of either part may make other lines of the same captions."""

MAX_CAPTION_BYTES = 8 * 1024 * 1024
MAX_CUES = 50_000
MAX_SECONDS = 24 * 3600

CAPTION_TYPES = {"vtt": "text/vtt", "srt": "application/x-subrip"}
"""The media types of captions by the ending of their name."""

RECORDING_TYPES = {
    "mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/quicktime", "m4a": "audio/mp4", "webm": "video/webm",
    "mkv": "video/x-matroska", "mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg", "flac": "audio/flac",
    "aac": "audio/aac", "ts": "video/mp2t",
}  # fmt: skip
"""The media types of recordings by the ending of their name."""

STREAM_ENDING = "m3u8"
"""The ending of a name of a playlist, which names the parts of a recording."""


def ending_as_fetched(name: str, media_type: str) -> str:
    """The ending of a recording's name; that of its type, where the address that it came from has another one."""
    named = ending_of(name)
    fits = [ending for ending, kind in RECORDING_TYPES.items() if kind == media_type]
    return named if named in fits or not fits else fits[0]


class UnreadableCaptions(PermanentError):
    """Captions that are refused. `code` says why for programs, the message for users."""

    code = "captions_damaged"


@dataclass(frozen=True)
class LectureText:
    """What reading captions gives. `times` has the first and the last second of each line of `text`; a heading has
    those of the sentence below it, and a blank line those of the line before it. `seconds`: when the last word ends.
    """

    text: str
    times: tuple[tuple[int, int], ...]
    seconds: int
    problems: tuple[str, ...] = ()
