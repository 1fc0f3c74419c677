"""Plain text as lines of Markdown that read the same: for texts that are made of what is no markup."""

import re

_SPECIAL = re.compile(
    r"[\\*\[\]<>{}$~|]|(?<!\w)_|_(?!\w)|(?<=_)_|_(?=_)|(?<=[=+^:])[=+^:]|&(?=#?\w+;)|(?<=\s)-(?=--\s)|:(?=[\w+-]+:)|(?<![\w:]):(?=\w)"
)
_FIRST = re.compile(r"(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|[=-]+\s*$|:|%|//|!)|(?<=^\d)(?=[.)])|(?<=^\d\d)(?=[.)])")
_COUNTED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


def escape(text: str) -> str:
    """Plain text as CommonMark that reads the same, with as few marks as that needs; a tick is a quotation mark."""
    return _SPECIAL.sub(r"\\\g<0>", text.replace("`", "‘"))


def as_line(text: str) -> str:
    """Escaped text as a line that does not begin like a block of Markdown."""
    return _FIRST.sub(r"\\", text, count=1) if _FIRST.match(text) else _COUNTED.sub(r"\1\\\2", text)
