"""Marks that a site generator would replace or hide: templates, emoji names, attribute lists, keys."""

import re

from shared.docs.code_spans import code_span
from shared.docs.prose import escape_plain

DROPPED = "\ue002"
"""Stands in inline text where markup was dropped, until the gap it leaves is closed."""

TEMPLATE = (
    r"\{\{[<%]?(?:[^{}]|\{[^{}\n]*\}){0,400}?[%>]?\}\}"  # {{ x }}, {{< shortcode >}}, {{% shortcode %}}
    r"|\{%(?>[^%]{0,400}(?:%(?!\})[^%]{0,400}){0,20})%\}"  # {% tag %}
    r"|\{\#(?:[^\#{}]|\#(?!\})){1,400}\#\}"  # {# comment #}
)
_VALUE = r"(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|[^\s\"'{}]{1,200})"
ATTRIBUTES = (
    rf"(?<![_^])\{{:?\s*(?:[#.][\w:./-]{{1,100}}|[\w:-]{{1,60}}={_VALUE})"
    rf"(?:\s+(?:[\w:-]{{1,60}}={_VALUE}|[#.]?[\w:./-]{{1,100}})){{0,12}}\s*\}}"
)
EMOJI = r"(?<![\w:/`.])(?<!\}):(?:x|(?=[a-z0-9_+-]*[a-z])[a-z0-9_+-]{2,60}):(?![\w:/`])"
KEYS = r"(?<![\w+])\+\+[\w-]+(?:\+[\w-]+)*\+\+(?![\w+])"

# Pictures that say something, in tables of what is supported above all; the others decorate.
_SAYING = {
    "white_check_mark": "✅", "heavy_check_mark": "✔", "ballot_box_with_check": "☑", "check": "✔", "x": "❌",
    "octicons-check-16": "✔", "material-check": "✔", "material-check-all": "✔", "heavy_multiplication_x": "✖",
    "negative_squared_cross_mark": "❎", "cross_mark": "❌", "material-close": "❌", "no_entry": "⛔",
    "no_entry_sign": "🚫", "warning": "⚠", "construction": "🚧", "+1": "👍", "-1": "👎",
}  # fmt: skip

_ANCHOR = re.compile(r"[#]([\w:./-]+)|\bid=[\"']?([\w:./-]+)")
_SHORTCODE_TEXT = re.compile(r"\b(?:text|title|label)\s*=\s*\"([^\"]+)\"")


def template_text(template: str) -> str:
    """The rest of a template in prose: the text it names, nothing for markup, itself as code for a value."""
    if template.startswith(("{#", "{%")):
        return ""
    if named := _SHORTCODE_TEXT.search(template):
        return escape_plain(named.group(1))
    inner = template.strip("{}<>% ")
    if template.startswith(("{{<", "{{%")):
        return code_span(template) if inner.startswith(("param", "var", "skew", "latest")) else ""
    return code_span(template) if inner and not inner.startswith(("#", "/", "toc", "TOC")) else ""


def emoji_text(name: str) -> str:
    """The character of an emoji that says something, by its name between colons; "" for others."""
    return _SAYING.get(name.partition("{")[0].strip(": "), "")


def anchor_of(attributes: str) -> str:
    """The id an attribute list gives, or ""."""
    match = _ANCHOR.search(attributes)
    return (match.group(1) or match.group(2)) if match else ""
