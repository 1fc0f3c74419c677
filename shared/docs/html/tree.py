"""Elements of a page: which are shown, which stand apart as blocks, and their text. Pure."""

import re
from collections.abc import Iterator

from justhtml import Element, Node, Text

_NOT_SHOWN = frozenset(
    {
        "audio", "button", "canvas", "datalist", "dialog", "embed", "head", "iframe", "input", "link", "meta", "nav",
        "noframes", "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title", "video",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "details", "div", "dl", "fieldset", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "li", "main",
        "menu", "ol", "p", "pre", "section", "summary", "table", "ul",
    }
)  # fmt: skip
_FRAMES = frozenset({"header", "footer"})
_ROLES = frozenset({"navigation", "search", "contentinfo"})
_NUMBERS = frozenset({"linenos", "lineno", "headerlink", "gutter"})
"""Classes of what sites add to code and headings: numbers of lines, and links to the heading itself."""
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_FEW_LINKS, _MOSTLY = 3, 1.25
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STRAY = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 8288, 65279, *range(57344, 57376)))
"""Control characters, and those that mark places in texts while they are read."""


def attribute(node: Node | Text, name: str) -> str:
    """An attribute of an element; "" where it has none."""
    return (node.attrs.get(name) or "") if isinstance(node, Element) else ""


def classes(node: Node | Text) -> list[str]:
    """The classes of an element."""
    return attribute(node, "class").split()


def children(node: Node | Text) -> list[Node | Text]:
    """What an element holds and a browser shows, in order."""
    return [one for one in node.children or () if _is_shown(one)] if isinstance(node, Node) else []


def _is_shown(node: Node | Text) -> bool:
    if isinstance(node, Text):
        return True
    if not isinstance(node, Element) or node.name in _NOT_SHOWN:
        return False
    if node.name in _FRAMES and not _holds_title(node):
        return False
    if attribute(node, "role") in _ROLES or attribute(node, "aria-hidden") == "true" or "hidden" in node.attrs:
        return False
    return _NUMBERS.isdisjoint(classes(node)) and not _HIDDEN_STYLE.search(attribute(node, "style"))


def _holds_title(frame: Element) -> bool:
    """Whether a header or footer holds a title, or one more of its kind: that is not looked into, or nested ones would
    be read once for each level.
    """
    found = (one.name for one in below(frame) if one.name == "h1" or one.name in _FRAMES)
    return next(found, None) is not None


def below(node: Node | Text) -> Iterator[Node | Text]:
    """All that stands inside a node, in order, shown or not; not by recursion, because strangers nest as they like."""
    left = [iter(node.children or ())] if isinstance(node, Node) else []
    while left:
        one = next(left[-1], None)
        if one is None:
            left.pop()
            continue
        yield one
        if isinstance(one, Node) and one.children:
            left.append(iter(one.children))


def is_block(node: Node | Text) -> bool:
    """Whether a node stands apart from the text around it."""
    return node.name in _BLOCKS or (isinstance(node, Element) and any(one.name in _BLOCKS for one in below(node)))


def is_contents(node: Node | Text) -> bool:
    """Whether a list is a table of contents: all that it says are links to other places of the same document."""
    links = [one for one in below(node) if one.name == "a"]
    if len(links) < _FEW_LINKS or any(_OUTSIDE.match(attribute(one, "href")) for one in links):
        return False
    said = sum(len(text_of(one).split()) for one in links)
    return said * _MOSTLY >= len(text_of(node).split())


def text_of(node: Node | Text) -> str:
    """The text that is shown inside a node, with its blanks."""
    found: list[str] = []
    left = [node]
    while left:
        one = left.pop()
        if isinstance(one, Text):
            found.append((one.data or "").translate(_STRAY))
        elif one.name == "br":
            found.append("\n")
        else:
            left += reversed(children(one))
    return "".join(found)
