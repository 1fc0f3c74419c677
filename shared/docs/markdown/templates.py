"""Marks that a site generator would replace or hide: templates, emoji names, attribute lists, keys."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

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
    "heavy_multiplication_x": "✖", "negative_squared_cross_mark": "❎", "cross_mark": "❌", "no_entry": "⛔",
    "no_entry_sign": "🚫", "warning": "⚠", "construction": "🚧", "+1": "👍", "-1": "👎",
}  # fmt: skip
_NOTE = re.compile(r"^[\s>*_-]*<sup>\s*(\d{1,3}|[*†‡]{1,3})\s*</sup>(?=\s)")
_ICON_SET = re.compile(r"(?:material|octicons|simple|fontawesome(?:-(?:brands|regular|solid))?)-")
_CHECK = re.compile(r"(?P<no>close|xmark|x-\d)|check(?!box-blank|er)")
_EMOJI = re.compile(EMOJI)

_ANCHOR = re.compile(r"[#]([\w:./-]+)|\bid=[\"']?([\w:./-]+)")
_SHORTCODE_TEXT = re.compile(r"\b(?:text|title|label)\s*=\s*\"([^\"]+)\"")


_ARGUMENT = re.compile(r"(\w+)\s*=\s*([\"'])([^\"'<>\[\]()\s][^\"'<>\[\]()]*)\2")
_WORDS = ("title", "alt", "caption")
_FILMS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
_PICTURE = re.compile(r"\S+\.(?:png|jpe?g|gif|webp|svg|avif)", re.IGNORECASE)


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


def call_text(name: str, arguments: str) -> str:
    """Markdown in place of a call such as `{{ name(key="value") }}` that stands alone on its line.

    It is the film, the picture, the link or the words that the arguments name, and "" where they name nothing.
    """
    given = {key: value for key, _, value in _ARGUMENT.findall(arguments)}
    words, text = (next((given[key] for key in keys if key in given), "") for keys in (_WORDS, ("text", "label")))
    address = next((given[key] for key in ("url", "src", "href", "path") if key in given), "")
    if name in _FILMS and "id" in given:
        return f'<iframe src="{_FILMS[name]}{given["id"]}" title="{words}"></iframe>'
    if _PICTURE.fullmatch(address):
        return f"![{words}]({address})"
    return f"[{words or text or address}]({address})" if address.startswith(("https://", "http://")) else text


def find_signs(lines: Sequence[str]) -> frozenset[str]:
    """The emoji and icons that stand in several rows of tables: there they are what a cell says; raised marks that
    notes begin with.
    """
    names = Counter(name for line in lines if "|" in line and ":" in line for name in {*_EMOJI.findall(line)})
    notes = (mark for line in lines if "<sup" in line for mark in _NOTE.findall(line))
    return frozenset(name for name, count in names.items() if count > 1).union(notes)


def emoji_text(written: str, signs: Collection[str]) -> str:
    """What an emoji or icon that says something shows, by its name between colons: a character, or the name in words
    for one of the `signs` of the page; "" for others.
    """
    colons = written.partition("{")[0]
    name = colons.strip(":")
    own = _ICON_SET.sub("", name, count=1)
    if own != name and (check := _CHECK.match(own)):
        return "❌" if check["no"] else "✔"
    return _SAYING.get(name) or (f"({own.replace('-', ' ').replace('_', ' ')})" if colons in signs else "")


def anchor_of(attributes: str) -> str:
    """The id an attribute list gives, or ""."""
    match = _ANCHOR.search(attributes)
    return (match.group(1) or match.group(2)) if match else ""
