"""Line spans and their hashes, by the rule every export and every checker of a course shares."""

import codecs
import hashlib
import re

TERMINAL_CODES = re.compile("\x1b\\[[0-9;]*[A-Za-z]")
"""Colours of a terminal in its recorded output: no page shows them."""
# The mark of UTF-16 begins that of UTF-32.
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def split_lines(raw: bytes) -> list[bytes]:
    """Lines of a raw blob: split at LF, one final CR of each removed. UTF-16/32 files are taken as UTF-8 first."""
    lines = as_cited_bytes(raw).split(b"\n")
    if lines and lines[-1] == b"":
        lines.pop()
    return [line[:-1] if line.endswith(b"\r") else line for line in lines]


def as_cited_bytes(raw: bytes) -> bytes:
    """The bytes a citation counts lines in: UTF-16 and UTF-32 with a byte order mark become UTF-8, others stay."""
    wide = wide_encoding(raw)
    return raw.decode(wide, errors="replace").encode() if wide else raw


def wide_encoding(raw: bytes) -> str:
    """The encoding that a byte order mark of UTF-16 or UTF-32 names; "" for other files."""
    return next((name for mark, name in _WIDE_MARKS if raw.startswith(mark)), "")


def span_bytes(lines: list[bytes], start_line: int, end_line: int) -> bytes:
    """Lines start_line..end_line (1-based, inclusive) joined by LF, without a last one."""
    return b"\n".join(lines[start_line - 1 : end_line])


def span_sha256(lines: list[bytes], start_line: int, end_line: int) -> str:
    """Hex sha256 of `span_bytes`."""
    return hashlib.sha256(span_bytes(lines, start_line, end_line)).hexdigest()
