"""The part of a link in round brackets: its address as written, and which addresses are worth keeping."""

import re
from typing import NamedTuple

from markdown_it.helpers import parseLinkDestination

from shared.docs.anchors import as_target

_TITLE = re.compile(r"\s+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))(?=\s*\))")
# `{{ '/docs/' | relative_url }}`, `{{< ref "a.md" >}}`, `{{ site.baseurl }}`, `{% link _docs/a.md %}`
_TEMPLATE = re.compile(
    r"([^\s()<>{}:]{0,400})"
    r"(?:\{\{[<%]?[ \t]{0,9}(?:\w{1,40}[ \t]{1,9})?"
    r"(?:\"([^\"{}\n]{0,400})\"|'([^'{}\n]{0,400})'|([^\s\"'{}<>%|]{0,400}))"
    r"[ \t]{0,9}(?:\|[^{}\n]{0,200})?[%>]?\}\}"
    r"|\{%[ \t]{0,9}\w{1,40}[ \t]{1,9}[\"']?([^\s\"'{}%]{0,400})[\"']?[ \t]{0,9}%\})"
)
_REFERENCE = re.compile(r"@(?:ref|id)[ \t]+([^()\n]{1,400}(?:\([^()\n]{0,200}\))?)")  # a label of Documenter's
_DEFINITION = re.compile(r" {0,3}\[[^\[\]]{1,200}\]:[ \t]*<?(?=[^\s<>{}]*\{[{%])")
_BADGE = re.compile(
    r"shields\.io|badge.*\.svg|^(?:https?:)?//.*(?:badge|visitor)|badgen\.net|travis-ci|codecov\.io|coveralls\.io|circleci\.com|appveyor\.com|deepsource|codacy|"
    r"ghbtns\.com|star-history|contrib\.rocks|contributors-img|opencollective\.com/.*\.svg|pepy\.tech|snyk\.io/test|sonarcloud\.io/api|"
    r"/workflows/.*\.svg|_apis/build/status|gitter\.im|goreportcard|godoc\.org.*\.svg|isitmaintained|david-dm\.org|"
    r"(?:^|/)(?:sponsors?|backers|patrons)/",
    re.IGNORECASE,
)
_FILMS = re.compile(
    r"(?:https?:)?//(?:[\w-]+\.)*(?:youtu\.be|youtube(?:-nocookie)?\.com/(?:watch|embed|shorts|playlist)"
    r"|vimeo\.com|asciinema\.org/a|loom\.com)/?"
)
_IN_THE_DARK = re.compile(r"#(?:only-dark|gh-dark-mode-only)$")
_MAX_TARGET = 4000


class Target(NamedTuple):
    """An address and the offset after its closing bracket."""

    address: str
    end: int


def read_target(text: str, position: int, end: int) -> Target | None:
    """The `(address "title")` at `position`, or None when there is none."""
    if position >= end or text[position] != "(":
        return None
    position = _skip_space(text, position + 1, end)
    if text.startswith("<", position):
        close = text.find(">", position, end)
        address, after = (text[position + 1 : close], close + 1) if close > 0 else ("", -1)
    elif reference := _REFERENCE.match(text, position, end):
        address, after = as_target(reference[1]), reference.end()
    elif template := _TEMPLATE.match(text, position, end):
        after = _bare_end(text, template.end(), end)
        address = stated_address(text[position:after])
    else:
        after = _bare_end(text, position, end)
        address = text[position:after]
    if after < 0 or len(address) > _MAX_TARGET:
        return None
    if title := _TITLE.match(text, after, end):
        after = title.end()
    after = _skip_space(text, after, end)
    if after >= end or text[after] != ")":
        return None
    return Target(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", address.replace("&amp;", "&")), after + 1)


def spell_definition(line: str) -> str:
    """A line that defines the address of a label by a template, with the address the template stands for."""
    found = _DEFINITION.match(line)
    return found.group().rstrip("<") + stated_address(line[found.end() :]).rstrip("> ") if found else line


def stated_address(target: str) -> str:
    """An address with what a template before it stands for; variables such as `site.baseurl` are not addresses.

    Of one with a template within it, such as a version, the rest counts: pages near this one are meant.
    """
    template = _TEMPLATE.match(target)
    if template is None or template[1]:
        return target[template.end() :] if template else target
    address = next((group for group in template.groups()[1:] if group), "").strip()
    return re.sub(r"^(?:site|page)\.[\w.]+(?:\s*\|[^/]*)?", "", address) + target[template.end() :]


def written_target(target: str) -> str:
    """An address as CommonMark takes it inside round brackets."""
    if re.search(r"[\s<>]", target):
        return "<" + re.sub(r"[<>\n]", "", target) + ">"
    depth = 0
    for char in target:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            break
    return target if depth == 0 else f"<{target}>"


def is_safe(target: str) -> bool:
    """Whether a link may be kept: no scripts and no embedded data."""
    return not re.match(r"\s*(?:javascript|vbscript|data|about|blob):", target, re.IGNORECASE)


def is_badge(target: str) -> bool:
    """Whether a picture is a badge of a service or the sign of a sponsor, which say nothing about the subject."""
    return _BADGE.search(target) is not None


def is_film(target: str) -> bool:
    """Whether an address is one of a service that shows films."""
    return _FILMS.match(target) is not None


def is_in_the_dark(target: str) -> bool:
    """Whether a picture is the one of two that pages with a dark background show."""
    return _IN_THE_DARK.search(target) is not None


def _skip_space(text: str, position: int, end: int) -> int:
    while position < end and text[position] in " \t\n":
        position += 1
    return position


def _bare_end(text: str, position: int, end: int) -> int:
    """The end of an address without angle brackets; `position` where there is not an address."""
    found = parseLinkDestination(text, position, end)
    return int(found.pos) if found.ok else position
