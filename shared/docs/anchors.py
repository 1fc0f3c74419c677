"""The names that other pages may use for places of a document: its labels, and the objects it describes. Pure."""

import re
from collections.abc import Iterator

from shared.docs.model import Document, Section

REFERENCE = "ref:"
"""The scheme of a link's target that is a name: which page it stands on is known only beside all documents."""

_LABEL = re.compile(
    r"^\s*(?:\.\. _(?P<rst>`[^`]+`|[^:`]+):\s*$|\((?P<myst>[^()]+)\)=\s*$"
    r"|\[[\[#](?P<adoc>[^\[\],.%]+)[^\[\]]*\]\]?\s*$)"
    r"|<a\b[^<>]*?\s(?:id|name)\s*=\s*[\"'](?P<html>[^\"'<>]+)[\"']|\{(?::\s*)?#(?P<listed>[\w:.-]+)[^{}]*\}"
)
_OBJECT = re.compile(
    r"^\s*(?:[-*+]\s+)?(?:\.\.\s+|[`:~]{3,}\{)(?:[a-z]+:)?(?P<kind>auto[a-z]+|(?:current)?module|(?:async)?function|class"
    r"|method|(?:class|static)method|decorator|attribute|property|data|exception|confval|option|directive|role)"
    r"(?:::|\})\s*(?P<name>[~!\w.:-]{1,300})"
)
_DESCRIBED = re.compile(r"^:::\s+(?P<name>[A-Za-z_][\w.]{0,300})\s*$")
_BEFORE_HEADING = re.compile(r"^\s*(?:\.\. _[^:]+:|\([^()]+\)=|([!-/:-@\[-`{-~])\1{2,})?\s*$")


def fold(name: str) -> str:
    """Names are compared without case, blanks and signs, as each generator of sites spells them in its own way."""
    return re.sub(r"[^\w.]+", "-", name.strip().lower().replace("_", "-").lstrip("~!.")).strip("-")


def as_target(name: str) -> str:
    """The target of a link that gives a name."""
    return f"{REFERENCE}{fold(name)}"


def list_names(document: Document) -> Iterator[tuple[str, Section]]:
    """The folded names that a document gives its places, with the section each leads to, in its order."""
    if not document.sections:
        return
    module, at = "", 0
    for number, line in enumerate(document.raw_lines, 1):
        while at + 1 < len(document.sections) and document.sections[at + 1].start_line <= number:
            at += 1
        if label := next((found for match in _LABEL.finditer(line) for found in match.groups() if found), ""):
            yield fold(label), document.sections[_after(document, number, at)]
        if found := _DESCRIBED.match(line) or _OBJECT.match(line):
            name = found["name"].lstrip("~!")
            if "kind" in found.re.groupindex and found["kind"] in ("module", "currentmodule", "automodule"):
                module = name
            yield fold(name), document.sections[at]
            if module and module != name:
                yield fold(f"{module}.{name}"), document.sections[at]


def _after(document: Document, number: int, at: int) -> int:
    """The section that a label stands for: the next one when only its heading follows, else the one around it."""
    if at + 1 == len(document.sections):
        return at
    following = document.sections[at + 1].start_line
    between = document.raw_lines[number : following - 1]
    return at + 1 if len(between) < 8 and all(map(_BEFORE_HEADING.match, between)) else at
