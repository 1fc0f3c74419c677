"""What stands in a line of a page as inline CommonMark. Pure."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from justhtml import Node, Text

from shared.docs.code_spans import code_span
from shared.docs.html.facts import MAX_DEPTH
from shared.docs.html.tree import attribute, below, children, text_of
from shared.docs.plain import raised
from shared.docs.plain_lines import as_line, escape
from shared.docs.sentences import BREAK, split_sentences

_CODE = frozenset({"code", "kbd", "samp", "tt"})
_ON = {
    "b": "\ue010",
    "strong": "\ue010",
    "em": "\ue011",
    "i": "\ue011",
    "cite": "\ue011",
    "dfn": "\ue011",
    "var": "\ue011",
}
_OFF = "\ue012"
_SIGNS = {"\ue010": "**", "\ue011": "*"}
_MARKED = re.compile("([\ue010\ue011])([^\ue010-\ue012]*)\ue012")
_BEFORE = re.compile(r"[\s(\[{\"'“‘—–/-]?")
_AFTER = re.compile(r"[\s)\]}\"'”’—–/.,;:!?…-]?")
_BLANKS = re.compile(r"[ \t\n\r\f\xa0]+")
_OUTSIDE = re.compile(r"(?:https?|ftp|mailto):", re.IGNORECASE)


def prose(nodes: Iterable[Node | Text], depth: int) -> list[str]:
    """A paragraph with one sentence a line; a backslash ends a line that its author broke."""
    lines: list[str] = []
    for sentence in split_sentences([(1, _inline(nodes, depth).replace("\n", BREAK))]):
        if sentence.after_break and lines:
            lines[-1] += "\\"
        lines.append(as_line(sentence.text))
    return lines


def one_line(nodes: Iterable[Node | Text], depth: int) -> str:
    """The same as one line, as headings, terms and cells have it."""
    return _BLANKS.sub(" ", _inline(nodes, depth)).strip()


def _inline(nodes: Iterable[Node | Text], depth: int) -> str:
    found = "".join(_written(nodes, depth, is_marked=False))
    found = re.sub("([\ue010\ue011])([ \n]+)", r"\2\1", found)
    found = re.sub("(?<![ \n])([ \n]+)\ue012", "\ue012\\1", found)
    found = re.sub(r"[ \n]*\n[ \n]*", "\n", re.sub(" +", " ", found)).strip()
    return re.sub("[\ue010-\ue012]", "", _MARKED.sub(_emphasised, found))


def _emphasised(match: re.Match[str]) -> str:
    """Emphasis where CommonMark reads it as such; the words alone inside of a word."""
    sign, words = _SIGNS[match[1]], match[2]
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    fits = words and _BEFORE.fullmatch(before) and _AFTER.fullmatch(after)
    return f"{sign}{words}{sign}" if fits else words


def _written(nodes: Iterable[Node | Text], depth: int, *, is_marked: bool) -> Iterable[str]:
    before = ""
    for node in nodes:
        text = _one(node, depth, is_marked=is_marked)
        if text.startswith("`") and before.endswith("`"):
            yield " "
        if text:
            yield text
            before = text


def _one(node: Node | Text, depth: int, *, is_marked: bool) -> str:
    name = node.name
    if isinstance(node, Text):
        return escape(_BLANKS.sub(" ", text_of(node)))
    if name in _CODE:
        code = _BLANKS.sub(" ", text_of(node))
        return code_span(code) + " " * (code[-1:] == " ") if code.strip() else code[:1]
    if name == "br":
        return "\n"
    if name == "math":
        return code_span(_BLANKS.sub(" ", _formula(node)))
    if depth > MAX_DEPTH:
        return escape(_BLANKS.sub(" ", text_of(node)))
    on = "" if is_marked else _ON.get(name, "")
    inner = "".join(_written(children(node), depth + 1, is_marked=is_marked or bool(on)))
    if name == "a":
        return _link(inner, attribute(node, "href"))
    if name == "sup":
        return raised(inner)
    if name == "q":
        return f"“{inner}”"
    return f"{on}{inner}{_OFF}" if on else inner


def _link(text: str, target: str) -> str:
    """A link to somewhere outside; of others the text is left, because the course does not have what they name."""
    shown = text.strip()
    if not _OUTSIDE.match(target) or not shown or "\n" in shown or "](" in shown:
        return "" if shown in {"¶", "§", "\\#"} else text
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{lead}[{shown}]({quote(target.strip(), safe='!#$%&*+,/:;=?@[]~')}){trail}"


def _formula(node: Node | Text) -> str:
    """A formula as its author wrote it, if the page tells; else its signs."""
    told = (one for one in below(node) if one.name == "annotation" and "tex" in attribute(one, "encoding"))
    return attribute(node, "alttext") or text_of(next(told, node))
