"""Attributes of an AsciiDoc document: `:name: value`, used as `{name}`."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

ENTRY = re.compile(r"^:(?P<off>!?)(?P<name>\w[\w-]*)(?P<off_after>!?):(?:\s+(?P<value>.*))?$")
_LONGEST = 500
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

    def value_of(match: re.Match[str]) -> str:
        value = attributes.get(key := match[1].lower(), CHARACTERS.get(key, match[0]))
        return match[0] if len(value) > _LONGEST and "{" in value else value  # it may refer to itself without end

    for _ in range(4):  # values may refer to values
        replaced = REFERENCE.sub(value_of, text)
        if replaced == text or ("{" in replaced and len(replaced) > max(_LONGEST, 2 * len(text))):
            break
        text = replaced
    return text
