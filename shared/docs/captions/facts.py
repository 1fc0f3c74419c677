"""A lecture as text: what reading its captions gives, what is refused, and the limits. Needs no library of captions.

The text is Markdown with one sentence a line, so that a lecture goes the way of a repository's page. It is a function
of the captions' bytes, of the chapters' bytes, of the title and of READER alone.
"""

import re
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

_HEADS = {
    "mp4": (4, b"ftyp"), "m4v": (4, b"ftyp"), "mov": (4, b"ftyp"), "m4a": (4, b"ftyp"), "webm": (0, b"\x1aE\xdf\xa3"),
    "mkv": (0, b"\x1aE\xdf\xa3"), "wav": (0, b"RIFF"), "ogg": (0, b"OggS"), "flac": (0, b"fLaC"),
}  # fmt: skip


_TAG_BYTES = 10
_PACKET_BYTES = 188
_SRT = re.compile(rb"\d{1,9}\r?\n\d{1,3}:\d\d:\d\d[,.]\d{1,3} *-->")


def is_recording(name: str, head: bytes) -> bool:
    """Whether a file called so begins like the recording that its name says it is."""
    ending = ending_of(name)
    if ending == "mp3":
        return head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)
    if ending == "aac":
        return is_adts(head)
    if ending == "ts":
        return is_transport_stream(head)
    offset, mark = _HEADS.get(ending, (0, b""))
    return bool(mark) and head[offset : offset + len(mark)] == mark


def ending_for(head: bytes) -> str:
    """The ending of a name for what begins so: a recording, or captions; empty for anything else."""
    for ending in ("mp4", "webm", "wav", "ogg", "flac", "ts", "aac", "mp3"):
        if is_recording(f".{ending}", head):
            return ending
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "vtt" if text.startswith(b"WEBVTT") else "srt" if _SRT.match(text) else ""


def is_adts(head: bytes) -> bool:
    """Whether AAC begins so, after the tag that a stream's parts begin with. MP3 has other bits for its layer."""
    if head[:3] == b"ID3" and len(head) > _TAG_BYTES:
        size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
        head = head[_TAG_BYTES + size :]
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0


def is_transport_stream(head: bytes) -> bool:
    """Whether MPEG-TS begins so: packets of one length, each with the same first byte."""
    return len(head) > _PACKET_BYTES and head[0] == head[_PACKET_BYTES] == ord("G")


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
