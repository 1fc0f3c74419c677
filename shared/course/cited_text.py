"""The text of cited lines in the forms a sentence may quote it: raw, and with the source's markup seen through."""

import html
import re
from functools import lru_cache

from shared.course.plain_text import drop_escapes
from shared.docs.plain import raised
from shared.docs.untrusted import load_json

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "\u00a0": " "})
_LINE_PREFIX = re.compile(
    r"^[ \t]*(?:(?:>[ \t]?)+|[*+-][ \t]+|#{1,6}[ \t]+|\|[ \t]?|//+[ \t]?|\.\.[ \t]+)?", re.MULTILINE
)
_RST_ROLE = re.compile(r"[:{]([a-zA-Z][\w:+.-]{0,80})[:}]`([^`]*)`")
_CALLED = ("func", "meth")  # a site shows their names with brackets
_RST_NAME = re.compile(r"(?<![`:])`(?:~(?:\w+\.)*|\.)(?=[A-Za-z])([\w.]+(?:\(\))?)`(?!`)")  # of the default role
_RST_TARGET = re.compile(r"`([^`<]+?)(?:(?<!\s)|(?<=`\s))\s*+<[^`<>]*>`__?")
_ROLE_TARGET = re.compile(r"^[~!]?(.*?)(?<!\s)\s*+<([^<>]*)>$", re.DOTALL)
_NOTE = re.compile(r"\[[\^#]([^\[\]\s]+)\]")
_MD_LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\])")
_ADOC_LINK = re.compile(r"(?:link:)?\bhttps?://[^\s\[\]]++(?:\[([^\[\]]+)\])?")
_FIELD = re.compile(r"^\s*:\w+ [^:\n]+:", re.MULTILINE)  # its name: a docstring that is not raw doubles its backslashes
_SHORTCUT = re.compile(r"(?<![\w\\!\]])\[([\w.-]+)\](?![\[(:])")  # a link by its own words: `theme.[name]`
_UNDERSCORES = re.compile(r"(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)")  # at the edges of words: a star may stand inside
_EMPHASIS = re.compile(r"[*`]|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)")  # not the underscores inside a name
_SUPERSCRIPT = re.compile(r"<sup>([-+/()\w ]+)</sup>|\^([-+\d]+)\^", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_JSON_LINE = re.compile(r'^\s*+(?:"\w+":\s*+)?(?:\[\s*+)?(?P<string>"(?:[^"\\]|\\.)*")\s*+\]?,?\s*$')


def normalise_quotes(text: str) -> str:
    """Typographic quotation marks as plain ones."""
    return text.translate(_QUOTES)


@lru_cache(maxsize=8192)
def read_variants(text: str) -> tuple[str, ...]:
    """The normalised forms of some cited lines, the rawest first, each once."""
    text = normalise_quotes(text)
    joined = _LINE_PREFIX.sub("", text)
    bare = _NOTE.sub(r"[\1]", _read_roles(joined))  # before a link is read: two brackets in a row look like one
    bare = _ADOC_LINK.sub(lambda found: found[1] or found[0], _MD_LINK.sub(r"\1", _MD_LINK.sub(r"\1", bare)))
    lifted = _SUPERSCRIPT.sub(lambda found: raised(found[1] or found[2]), bare)
    untagged = html.unescape(_TAG.sub("", bare))
    forms = (
        text,
        joined,
        html.unescape(text),
        bare,
        drop_escapes(bare),
        bare.replace("\\|", "|"),  # code in a table
        drop_escapes(_FIELD.sub(lambda found: found[0].replace("\\\\", "\\"), bare)),
        re.sub(r"[*`]", "", drop_escapes(_SHORTCUT.sub(r"\1", bare))),
        _UNDERSCORES.sub("", drop_escapes(bare)),
        untagged,
        html.unescape(_TAG.sub("", lifted)),
        drop_escapes(untagged),
        re.sub(r"[*`]", "", drop_escapes(untagged)),
        re.sub(r"[*_`]", "", drop_escapes(untagged)),
        _EMPHASIS.sub("", drop_escapes(untagged)),
        re.sub(r"[+*_`#~]{1,2}", "", drop_escapes(untagged)),
    )
    return tuple(dict.fromkeys(" ".join(form.split()) for form in forms))


def unescape_json_lines(text: str) -> str:
    """Lines of a notebook's JSON as the text they hold; a line that is no JSON string stays as it is."""
    return "\n".join(_unescape(line) for line in text.split("\n"))


def _unescape(line: str) -> str:
    found = _JSON_LINE.match(line)
    if not found:
        return line
    try:
        return str(load_json(found.group("string"))).removesuffix("\n")
    except ValueError:
        return line


def _read_roles(text: str) -> str:
    """ReStructuredText roles and named references as the words a reader sees."""

    def show(found: re.Match[str]) -> str:
        inner = found.group(2)
        titled = _ROLE_TARGET.match(inner)
        if titled and titled.group(1):
            return titled.group(1)
        name = inner.rsplit(".", 1)[-1].lstrip("~") if inner.startswith("~") else inner.lstrip("!.")
        return f"{name}()" if "(" not in name and found[1].endswith(_CALLED) else name

    text = _RST_NAME.sub(r"`\1`", _RST_ROLE.sub(show, text))
    text = _RST_TARGET.sub(r"\1", text)
    return text.replace("\\ ", "")
