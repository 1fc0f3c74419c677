"""The definitions of a reStructuredText file for its own inline text: targets and substitutions."""

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from shared.docs.rst.inline import Definitions, normalise_name
from shared.docs.untrusted import as_text

_TARGET = re.compile(r"^\s*\.\. _(?P<name>`[^`]+`|(?:\\:|[^:`]|:(?!\s|$))+):(?:\s+(?P<url>.*))?$")
_ANONYMOUS = re.compile(r"^\s*(?:\.\. __:|__)\s+(?P<url>\S.*)$")
_SUBSTITUTION = re.compile(r"^\s*\.\. \|(?P<name>[^|]+)\|\s+(?P<kind>replace|unicode|image|date|raw)::\s*(?P<text>.*)$")
_ALT = re.compile(r"^\s+:alt:\s+(?P<text>\S.*)$")
_EMBEDDED = re.compile(r"`(?P<name>[^`<>]+?)\s+<(?P<url>[^<>`]+[^<>`_])>`_(?!_)")
_CODE_POINT = re.compile(r"^(?:0x|U\+|\\u)([0-9A-Fa-f]{2,6})$")


def find_definitions(lines: Sequence[str]) -> Definitions:
    """Read all definitions of a file, wherever they stand."""
    urls: dict[str, str] = {}
    substitutions: dict[str, str] = {}
    pictured: dict[str, str] = {}
    anonymous: list[str] = []
    for index, line in enumerate(lines):
        if match := _TARGET.match(line):
            name = normalise_name(match["name"].strip("`"))
            below = "".join(lines[index + 1 : index + 2])
            url = (match["url"] or "").strip() or (below.strip() if below[:1].isspace() and "://" in below else "")
            if url:
                urls.setdefault(name, url)
        elif match := _ANONYMOUS.match(line):
            anonymous.append(match["url"].strip())
        elif match := _SUBSTITUTION.match(line):
            text = "" if match["kind"] in ("image", "date", "raw") else match["text"].strip()
            if match["kind"] == "unicode":  # codes like 0xA9 or U+00A9 between plain words
                text = " ".join(map(_character, text.split(" .. ", maxsplit=1)[0].split()))
            substitutions.setdefault(normalise_name(match["name"]), text)
            if match["kind"] == "image" and (alt := next(filter(None, map(_ALT.match, _options(lines, index))), None)):
                pictured.setdefault(normalise_name(match["name"]), alt["text"].strip())
    for match in _EMBEDDED.finditer("\n".join(lines)):
        urls.setdefault(normalise_name(match["name"]), re.sub(r"\s+", "", match["url"]))
    return Definitions(_indirect(urls), tuple(anonymous), substitutions, pictured)


def _options(lines: Sequence[str], index: int) -> Iterator[str]:
    """The lines of options below the first line of a directive."""
    return takewhile(lambda line: line.lstrip().startswith(":"), islice(lines, index + 1, None))


def _indirect(urls: dict[str, str]) -> dict[str, str]:
    """Targets that name another target (`.. _a: b_`) replaced by what that one says."""
    return {
        name: urls.get(normalise_name(url.strip("`_")), "") if url.endswith("_") and "://" not in url else url
        for name, url in urls.items()
    }


def _character(word: str) -> str:
    code = _CODE_POINT.match(word)
    number = int(code[1], 16) if code else 0
    if number > sys.maxunicode:
        return "\ufffd"
    return as_text(chr(number)) if code else word
