"""Marks that a site generator would replace or hide: templates, roles, emoji names, attribute lists, keys."""

import re

from shared.docs.prose import UNTRUE, code_span, escape_plain

DROPPED = "\ue002"
"""Stands in inline text where markup was dropped, until the gap it leaves is closed."""

TEMPLATE = (
    r"\{\{[<%]?(?:[^{}]|\{[^{}\n]*\}){0,400}?[%>]?\}\}"  # {{ x }}, {{< shortcode >}}, {{% shortcode %}}
    r"|\{%(?:[^%]|%(?!\})){0,400}%\}"  # {% tag %}
    r"|\{\#(?:[^\#{}]|\#(?!\})){1,400}\#\}"  # {# comment #}
)
_VALUE = r"(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|[^\s\"'{}]{1,200})"
ATTRIBUTES = (
    rf"\{{:?\s*(?:[#.][\w:./-]{{1,100}}|[\w:-]{{1,60}}={_VALUE})"
    rf"(?:\s+(?:[\w:-]{{1,60}}={_VALUE}|[#.]?[\w:./-]{{1,100}})){{0,12}}\s*\}}"
)
EMOJI = r"(?<![\w:/`.])(?<!\}):(?=[a-z0-9_+-]*[a-z])[a-z0-9_+-]{2,60}:(?![\w:/`])"
KEYS = r"(?<![\w+])\+\+[\w-]+(?:\+[\w-]+)*\+\+(?![\w+])"

_ANCHOR = re.compile(r"[#]([\w:./-]+)|\bid=[\"']?([\w:./-]+)")
_SHORTCODE_TEXT = re.compile(r"\b(?:text|title|label)\s*=\s*\"([^\"]+)\"")
_CODE_ROLES = frozenset(
    {
        "attr", "attribute", "c", "class", "code", "command", "const", "cpp", "data", "dfn-code", "enum",
        "envvar", "exc", "exception", "file", "func", "function", "js", "kbd", "keyword", "literal", "macro",
        "member", "meth", "method", "mod", "obj", "option", "program", "property", "py", "rst", "samp", "shell",
        "token", "type", "var",
    }
)  # fmt: skip
_HIDDEN_ROLES = frozenset(
    {
        "badge", "bdg", "cite", "cve", "fa", "fab", "fas", "footcite", "gh", "ghsa", "index", "issue",
        "material-regular", "octicon", "pr", "user",
    }
)  # fmt: skip
_REFERENCE = re.compile(r"^(.*?)\s*<([^<>]+)>$", re.DOTALL)


def template_text(template: str) -> str:
    """What is left of a template in prose: the text it names, nothing for markup, UNTRUE where a value would be."""
    if template.startswith(("{#", "{%")):
        return ""
    if named := _SHORTCODE_TEXT.search(template):
        return escape_plain(named.group(1))
    inner = template.strip("{}<>% ")
    if template.startswith(("{{<", "{{%")):
        return UNTRUE if inner.startswith(("param", "var", "skew", "latest")) else ""
    return UNTRUE if inner and not inner.startswith(("#", "/", "toc", "TOC")) else ""


def anchor_of(attributes: str) -> str:
    """The id an attribute list gives, or ""."""
    match = _ANCHOR.search(attributes)
    return (match.group(1) or match.group(2)) if match else ""


def role_text(role: str, text: str) -> str:
    """A MyST role as CommonMark: names of code as code, titles of references as text, bare references by their name."""
    name = role.strip("{}").lower().rpartition(":")[2]
    if name in _HIDDEN_ROLES:
        return ""
    title, target = text.strip(), ""
    if match := _REFERENCE.match(title):
        title, target = match.group(1), match.group(2)
    if name in _CODE_ROLES:
        return code_span(title.rpartition(".")[2] if title.startswith("~") else title.lstrip("!."))
    if name in ("ref", "doc", "numref", "term") and not target and re.fullmatch(r"[\w/.:-]*[-_/:][\w/.:-]*", title):
        # A bare reference shows its target's title, which does not stand here.
        return UNTRUE
    return escape_plain(title)
