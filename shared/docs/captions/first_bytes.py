"""Tells recordings and captions by the first bytes of a file."""

import re

from shared.docs.kinds import ending_of

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
