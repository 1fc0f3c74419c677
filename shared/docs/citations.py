"""Line spans and their hashes, by the rule every export and every checker of a course shares."""

import hashlib


def split_lines(raw: bytes) -> list[bytes]:
    """Lines of a raw blob: split at LF, one final CR of each removed. UTF-16/32 files are taken as UTF-8 first."""
    lines = as_cited_bytes(raw).split(b"\n")
    if lines and lines[-1] == b"":
        lines.pop()
    return [line[:-1] if line.endswith(b"\r") else line for line in lines]


def as_cited_bytes(raw: bytes) -> bytes:
    """The bytes a citation counts lines in: UTF-16 and UTF-32 with a byte order mark become UTF-8, others stay."""
    for bom, codec in (
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(bom):
            return raw.decode(codec, errors="replace").encode()
    return raw


def span_bytes(lines: list[bytes], start_line: int, end_line: int) -> bytes:
    """Lines start_line..end_line (1-based, inclusive) joined by LF, without a last one."""
    return b"\n".join(lines[start_line - 1 : end_line])


def span_sha256(lines: list[bytes], start_line: int, end_line: int) -> str:
    """Hex sha256 of `span_bytes`."""
    return hashlib.sha256(span_bytes(lines, start_line, end_line)).hexdigest()
