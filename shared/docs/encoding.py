"""From a file's bytes to its text, with lines that stay in step with the lines citations count."""

import codecs

import chardet

from shared.docs.citations import TERMINAL_CODES, as_cited_bytes, wide_encoding
from shared.kernel.errors import UnreadableText

MAX_BYTES = 50_000_000

# A guess needs no more than this, and guessing is the slowest thing a reader does.
_GUESS_BYTES = 20_000
_CONTROL = frozenset(range(32)) - {7, 8, 9, 10, 12, 13, 27}


def decode(raw: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding; raises UnreadableText for a binary or oversized file.

    Line n of the text (split at LF) is line n of `citations.split_lines(raw)`. No byte order mark is left in it.
    """
    if len(raw) > MAX_BYTES:
        raise UnreadableText(
            f"The file has {len(raw)} bytes; documentation is read up to {MAX_BYTES}.", code="too_large"
        )
    encoding = wide_encoding(raw) or "utf-8"
    raw = as_cited_bytes(raw)
    if b"\0" in raw:
        raise UnreadableText("The file is binary: it has NUL bytes.")
    try:
        return raw.decode("utf-8-sig"), encoding
    except UnicodeDecodeError:
        return _guess(raw)


def text_lines(text: str) -> list[str]:
    """Lines of a decoded text as citations count them: split at LF alone, without the CR that ends one.

    The codes of a terminal go, too.
    """
    lines = TERMINAL_CODES.sub("", text).split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _guess(raw: bytes) -> tuple[str, str]:
    if sum(1 for byte in raw[:_GUESS_BYTES] if byte in _CONTROL) > len(raw[:_GUESS_BYTES]) // 100:
        raise UnreadableText("The file is binary: it is full of control bytes.")
    found = chardet.detect(raw[:_GUESS_BYTES])
    name, confidence = found["encoding"], found["confidence"] or 0.0
    # Short western texts give chardet too little to go on; it then names rare code pages. cp1252 is the likelier one.
    for candidate in (name if confidence >= 0.3 else None, "cp1252", "latin-1"):
        if candidate is None or candidate.lower().replace("-", "").startswith(("utf16", "utf32")):
            continue
        try:
            text = raw.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        if text.count("\n") == raw.count(b"\n"):
            return text, codecs.lookup(candidate).name
    raise UnreadableText("The file is in no encoding that can be recognised.")
