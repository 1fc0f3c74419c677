"""Attributes of an AsciiDoc document: `:name: value`, used as `{name}`."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

ENTRY = re.compile(r"^:(?P<off>!?)(?P<name>\w[\w-]*)(?P<off_after>!?):(?:\s+(?P<value>.*))?$")
REFERENCE = re.compile(r"(?<!\\)\{(\w[\w-]*)\}")

CHARACTERS: Mapping[str, str] = MappingProxyType(
    {
        "nbsp": " ", "sp": " ", "empty": "", "blank": "", "zwsp": "", "wj": "", "shy": "", "plus": "+", "asterisk": "*",
        "backtick": "`", "vbar": "|", "lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": '"', "startsb": "[",
        "endsb": "]", "tilde": "~", "caret": "^", "cpp": "C++", "pp": "++", "cxx": "C++", "hash": "#", "deg": "°",
        "lsquo": "'", "rsquo": "'", "ldquo": '"', "rdquo": '"', "two-colons": "::", "two-semicolons": ";;",
        "backslash": "\\", "brvbar": "|",
    }
)  # fmt: skip


def document_attributes(lines: Sequence[str]) -> dict[str, str]:
    """All attributes a file sets, for the paths of its includes and pictures; the first value of each counts."""
    found: dict[str, str] = {}
    for line in lines:
        if (match := ENTRY.match(line)) and not (match["off"] or match["off_after"]):
            found.setdefault(match["name"].lower(), (match["value"] or "").removesuffix(" \\").strip())
    return found


def expand(text: str, attributes: Mapping[str, str]) -> str:
    """`text` with the attributes it refers to; unknown ones stay as they stand."""
    for _ in range(4):  # values may refer to values
        replaced = REFERENCE.sub(lambda m: value_of(m[1], attributes, m[0]), text)
        if replaced == text or len(replaced) > 10_000:
            break
        text = replaced
    return text


def value_of(name: str, attributes: Mapping[str, str], missing: str) -> str:
    """The value of one attribute."""
    key = name.lower()
    return attributes.get(key, CHARACTERS.get(key, missing))
