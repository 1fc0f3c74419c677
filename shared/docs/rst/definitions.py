"""The definitions of a reStructuredText file for its own inline text: targets and substitutions."""

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from shared.docs.prose import Line
from shared.docs.rst.inline import Definitions, normalise_name
from shared.docs.untrusted import as_text

_TARGET = re.compile(r"^\s*\.\. _(?P<name>`[^`]+`|(?:\\:|[^:`]|:(?!\s|$))+):(?:\s+(?P<url>.*))?$")
_ANONYMOUS = re.compile(r"^\s*(?:\.\. __:|__)\s+(?P<url>\S.*)$")
_SUBSTITUTION = re.compile(r"^\s*\.\. \|(?P<name>[^|]+)\|\s+(?P<kind>replace|unicode|image|date|raw)::\s*(?P<text>.*)$")
_ALT = re.compile(r"^\s+:alt:\s+(?P<text>\S.*)$")
_EMBEDDED = re.compile(r"`(?P<name>[^`<>]*[^`<>\s])\s++<(?P<url>[^<>`]+[^<>`_])>`_(?!_)")
_OTHER = re.compile(r"\s*(?:\.\.(?:\s|$)|:\w[\w -]*:(?:\s|$))")  # explicit markup, an option
_MOST_LINES = 50  # of a substitution
_LEAST_WORDS = 8  # of a substitution that is cited where it is defined
_CLOSING = "*\"')”’"  # behind the end of a sentence
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
            is_text = match["kind"] in ("replace", "unicode")
            text = " ".join([match["text"], *_goes_on(lines, index)]).strip() if is_text else ""
            if match["kind"] == "unicode":  # codes like 0xA9 or U+00A9 between plain words
                text = " ".join(filter(None, map(_character, text.split(" .. ", maxsplit=1)[0].split())))
            if text or match["kind"] != "replace":
                substitutions.setdefault(normalise_name(match["name"]), text)
            if match["kind"] == "image" and (alt := next(filter(None, map(_ALT.match, _options(lines, index))), None)):
                pictured.setdefault(normalise_name(match["name"]), alt["text"].strip())
    for match in _EMBEDDED.finditer("\n".join(lines)):
        urls.setdefault(normalise_name(match["name"]), re.sub(r"\s+", "", match["url"]))
    return Definitions(_indirect(urls), tuple(anonymous), substitutions, pictured)


def find_prose(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """The substitutions that stand for whole sentences: the name of each, and its lines."""
    texts = [line.text for line in lines]
    for index, line in enumerate(lines):
        if (match := _SUBSTITUTION.match(line.text)) and match["kind"] == "replace":
            first = [Line(line.number, match["text"])] if match["text"].strip() else []
            start = index + 1 + (not first and not "".join(texts[index + 1 : index + 2]).strip())
            said = first + [Line(n, text.strip()) for n, text in lines[start : start + len(_goes_on(texts, index))]]
            words = sum(len(one.text.split()) for one in said)
            if (
                words >= _LEAST_WORDS
                and said[-1].text.rstrip(_CLOSING).endswith((".", "!", "?", ":"))
                and all(n for n, _ in said)
            ):
                yield normalise_name(match["name"]), said


def _goes_on(lines: Sequence[str], index: int) -> list[str]:
    """The lines of a substitution below its first, which may be followed by a blank one where it says nothing."""
    start = index + 1
    if lines[index].rstrip().endswith("::") and not "".join(lines[start : start + 1]).strip():
        start += 1
    below, indent = lines[start : start + _MOST_LINES], _indent(lines[index])
    return [line.strip() for line in takewhile(lambda line: _indent(line) > indent and not _OTHER.match(line), below)]


def _indent(line: str) -> int:
    """Columns before the text of a line; -1 for a blank one."""
    text = line.lstrip()
    return len(line[: len(line) - len(text)].expandtabs(8)) if text else -1


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
    is_line_end = len(f"a{chr(number)}a".splitlines()) > 1
    return as_text("" if is_line_end else chr(number)) if code else word
