"""HTML and component tags inside prose: how they are recognised and which of them mean something to a reader."""

import re

from shared.docs.links import PICTURE_SOURCE

_ATTRIBUTE = r"""\s+[^\s"'>/=<]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}|[^\s"'=<>`{][^\s"'<>`{]*))?"""
TAG = re.compile(
    rf"<(?P<close>/?)(?P<name>[A-Za-z](?:[\w:-]|\.(?!\.))*)(?P<attributes>(?:{_ATTRIBUTE})*)\s*(?P<empty>/?)>"
)
_VALUE = r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|\{\s*["'`]([^"'`]*)["'`]\s*\}|([^\s"'=<>`{][^\s"'<>`{]*))"""

HTML_NAMES = frozenset({
    "a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "base", "bdi", "bdo", "big",
    "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data",
    "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed", "fieldset",
    "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "g", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "header", "hgroup", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label", "legend", "li",
    "link", "main", "map", "mark", "menu", "meta", "meter", "nav", "nobr", "noscript", "object", "ol", "optgroup",
    "option", "output", "p", "param", "path", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp",
    "script", "search", "section", "select", "slot", "small", "source", "span", "strike", "strong", "style", "sub",
    "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title",
    "tr", "track", "tt", "u", "ul", "var", "video", "wbr",
})  # fmt: skip
"""Names CommonMark writers mean as HTML; other names in angle brackets are placeholders such as `<your-name>`."""

WRAPPERS = frozenset({
    "article", "aside", "center", "details", "div", "fieldset", "figcaption", "figure", "font", "footer",
    "form", "header", "main", "nav", "p", "picture", "section", "small", "span", "summary",
})  # fmt: skip
"""Elements that only group or style: on a line of their own they are dropped and what they wrap is read."""

ICON = re.compile(r"<i\b[^<>]*>\s*</i>")
_ICON_NAME = re.compile(
    r"(?<!\S)(?:fa|bi|mdi|icon|glyphicon)-"
    r"(?!(?:\d+x|\d*xl|xs|sm|lg|fw|ul|li|spin|pulse|border|inverse|(?:rotate|flip|pull|stack)-\w+"
    r"|solid|regular|light|thin|duotone|brands)(?!\S))([\w-]+)"
)

EMBEDDED = {"iframe": "Page", "video": "Video", "audio": "Audio"}
CODE_NAMES = frozenset({"code", "kbd", "samp", "tt", "var"})


def attribute(tag: str, name: str) -> str:
    """The value of an attribute of a tag's text, or ""."""
    match = re.search(rf"(?<![\w-]){name}{_VALUE}", tag)
    return next((group for group in match.groups() if group is not None), "") if match else ""


def picture_of(tag: str) -> str:
    """The address of the picture that a component shows by itself, the light one first; "" for other tags."""
    source = PICTURE_SOURCE.search(tag) if tag[1:2].isupper() and tag.endswith("/>") and attribute(tag, "alt") else None
    return source[1] if source else ""


def icon_words(tag: str) -> str:
    """The words for an icon: its title, or its name in a class such as `fas fa-print`; "" for other elements."""
    named = _ICON_NAME.search(attribute(tag, "class"))
    words = f"{named[1].replace('-', ' ')} icon" if named else ""
    return attribute(tag, "title") or attribute(tag, "aria-label") or words


def embedded(element: str) -> str:
    """A video, a recording or the page of another site that HTML embeds, as one tag without what it holds."""
    source, title = attribute(element, "src"), attribute(element.partition(">")[0] + ">", "title")
    name = element[1:7].lower().rstrip("> \n\t")
    quoted = "".join(f' {key}="{value}"' for key, value in (("src", source), ("title", title)) if '"' not in value)
    return f"<{name}{quoted}></{name}>" if source and name in EMBEDDED else ""


def card_text(tag: str) -> str:
    """The link of a card and, on a line of its own, what the card says of it; "" for other components."""
    title, said = attribute(tag, "title"), attribute(tag, "description")
    target = next(filter(None, (attribute(tag, name) for name in ("href", "to", "url"))), "")
    if not title or not target:
        return ""
    return f"[{title}]({target}):\n{said}" if said else f"[{title}]({target})"


def is_diagram(tag: str) -> bool:
    """Whether what a tag wraps is drawn by Mermaid."""
    return "mermaid" in attribute(tag, "class").split()


def closed_components(lines: list[str]) -> frozenset[str]:
    """Names of components in a text: those that have a closing tag or an empty one (`<Name />`) somewhere."""
    names: set[str] = set()
    for line in lines:
        if "</" in line or "/>" in line:
            names.update(_CLOSED.findall(line), _EMPTY.findall(line))
    return frozenset(names)


_CLOSED = re.compile(r"</([A-Za-z][\w.:-]*)\s*>")
_EMPTY = re.compile(r"<([A-Z][\w.:-]*|[a-z]+-[\w-]+)(?:\s[^<>]*)?/>")
