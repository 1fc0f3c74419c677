"""Where the links of a page's lists and tables lead, found by lines: an order needs no more."""

import posixpath
import re
from collections.abc import Iterator

from shared.docs.formats import format_of
from shared.docs.nav.listing import Listing, mapping, nested
from shared.docs.untrusted import load_json

_ITEM = re.compile(r"^[ \t>]*+(?:(?:[-+•]|\*{1,5}|\.{1,5}|\d{1,9}[.)]|#\.)[ \t]|\||<(?:li|td|th)\b)", re.IGNORECASE)
_TABLE_RULE = re.compile(r"^[ \t]*+:?-++:?[ \t]*+\|[ \t:|-]*+$")
_FENCE = re.compile(r"^[ \t>]*+(?:(?:[-+*]|\d{1,9}[.)])[ \t]++)?(`{3}|~{3}|-{4}$|\.{4}$)")
_HEADING = re.compile(r"^(?:#{1,6}|={1,6})[ \t]")
_DEFINITION = re.compile(r"^ {0,3}(?:\[([^\[\]]++)\]:|\.\.[ ]_([^:`]++):)[ \t]*+<?([^\s<>]++)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TARGET = re.compile(
    r"\]\([ \t]*+(?:<(?P<angle>[^<>]++)>|(?P<bare>[^\s()<>]++(?:\([^\s()<>]*+\)[^\s()<>]*+)*+))"
    r"|\bhref[ \t]*+=[ \t]*+[\"'](?P<tag>[^\"'<>\s]++)"
    r"|\[(?P<named>[^\[\]]++)\](?!\()"
    r"|\b(?:xref|link):(?P<macro>[^\s\[\]]{1,300}+)\["
    r"|<<(?P<page>[^\s<>,]++)"
    r"|:doc:`(?:[^`<>]*+<)?(?P<role>[^`<>\s]++)"
    r"|<(?P<embedded>[^\s<>]++)>`_"
    r"|`(?P<quoted>[^`<>]++)`_"
)
LEAST_LINKS = 3
_MOST_CHARACTERS = 200_000


def listed_documents(listing: Listing, page: str, part: str | None = None) -> list[str]:
    """The documents in a page's folder that lists and tables of it link to, or those of a part of its text."""
    folder, text = posixpath.dirname(page), listing.text(page) if part is None else part
    targets = listed_targets(page, text) if len(text) <= _MOST_CHARACTERS else ()
    found = [listing.document(target, page) for target in targets]
    inside = f"{folder}/" if folder else ""
    return list(dict.fromkeys(path for path in found if path and path != page and path.startswith(inside)))


def listed_targets(path: str, text: str) -> Iterator[str]:
    """The targets as the author wrote them, in order."""
    lines = (_prose_of_notebook(text) if format_of(path) == "notebook" else text).split("\n")
    definitions = {_label(match[1] or match[2]): match[3] for line in lines if (match := _DEFINITION.match(line))}
    for line in _lines_of_lists(lines):
        for match in _TARGET.finditer(line):
            label = match["named"] or match["quoted"]
            target = definitions.get(_label(label)) if label else match[match.lastgroup or 0]
            if target:
                yield _ESCAPED.sub(r"\1", target)


def _prose_of_notebook(text: str) -> str:
    try:
        cells = nested(mapping(load_json(text)).get("cells"))
    except (ValueError, RecursionError):
        return ""
    sources = [mapping(cell).get("source") for cell in cells if mapping(cell).get("cell_type") == "markdown"]
    return "\n\n".join("".join(map(str, source)) if isinstance(source, list) else str(source) for source in sources)


def _lines_of_lists(lines: list[str]) -> Iterator[str]:
    """The lines of items and tables. An item ends with its list: at a heading, or at text that is not indented."""
    inside, after_blank, fence = False, True, ""
    for number, line in enumerate(lines):
        if match := _FENCE.match(line):
            fence = "" if fence == match[1] else fence or match[1]
        if match or fence:
            continue
        if not line.strip():
            after_blank = True
            continue
        if _ITEM.match(line) or _TABLE_RULE.match("".join(lines[number + 1 : number + 2])):
            inside = True
        elif _HEADING.match(line) or (after_blank and not line[0].isspace()):
            inside = False
        after_blank = False
        if inside:
            yield line


def _label(label: str) -> str:
    return " ".join(label.split()).casefold()
