"""Interpreted-text roles of reStructuredText (`:func:`, `:ref:`, …) as CommonMark.

Sphinx looks most names up in the whole project; a reader of one file says what stands in the line, and nothing that
does not, because a citation must find the words there.
"""

import builtins
import posixpath
import re

from shared.docs.anchors import as_target
from shared.docs.code_spans import code_span
from shared.docs.formats import format_of
from shared.docs.prose import escape_plain, words_of

_TITLED = re.compile(r"^(?P<title>.*\S)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
_NUMBER = re.compile(r"^#?\d+$")

_PLAIN_WORDS = (
    "term abbr sub sup subscript superscript cve cwe eq mailheader newsgroup del user github_user manpage keyword"
    " text plain"
)
_PLAIN_ROLES = frozenset(_PLAIN_WORDS.split())
_CODE_ROLES = frozenset({"code", "literal", "samp", "file", "math", "kbd", "command", "program"})
_EMPHASISED_ROLES = frozenset({"emphasis", "dfn", "title-reference", "title", "t"})
OBJECT_ROLES = frozenset(
    {"func", "meth", "class", "mod", "attr", "exc", "data", "obj", "const", "deco", "option", "confval"}
)
PAGE_ROLES = frozenset({"ref", "numref", "any", "doc", "download", "term"})
"""Roles that are a link in words; others hide one in a name in code."""
CALLED_ROLES = frozenset({"func", "meth"})
_HIDDEN_ROLES = frozenset({"index", "raw", "raw-html", "octicon", "fa", "fab", "fas", "bdg", "cite", "footcite"})
_HIDDEN_PREFIXES = ("bdg-", "octicon", "fa-", "material-")


def split_title(text: str) -> tuple[str, str]:
    """`title <target>` as its two parts; without a target both are the text."""
    if titled := _TITLED.match(text):
        return titled["title"], titled["target"].strip()
    return "", text.strip()


def short_name(text: str) -> str:
    """A cross-reference as Sphinx shows it: `~a.b.c` is `c`, `!x` and `.x` are `x`."""
    name = text.strip()
    if name.startswith("~"):
        return name.lstrip("~.").rsplit(".", 1)[-1]
    return name.lstrip("!.")


def read_role(role: str, text: str, path: str) -> tuple[str, str, bool]:
    """A role as CommonMark, the target it links to or "", and whether the site puts the title of the place there."""
    name = role.rpartition(":")[2].lower()
    title, target = split_title(text)
    if name in OBJECT_ROLES:
        is_elsewhere = title or hasattr(builtins, target.lstrip("~!"))  # `None`, `__init__`: all have it
        return role_text(name, text), "" if is_elsewhere else as_target(target), False
    if name in ("ref", "numref", "any"):
        label = re.sub(r":\w+:`~?([^`]*)`|\\|^[\w./-]+:(?=\w)", r"\1", target.lstrip("!~"))  # without page or project
        words = words_of(label) if re.search(r"[^\W\d]", label) else label  # a version keeps its full stops
        return escape_plain(title or words), as_target(target.lstrip("!~")), not title
    if name in ("doc", "download"):
        extension = posixpath.splitext(path)[1] if format_of(path) else ".rst"  # a docstring names pages, too
        folder, page = posixpath.split(target.rpartition(":")[2])
        if name == "download" or ":" in target:  # a file, or a page of another project
            return escape_plain(title) or code_span(page), "", False
        page = page.removesuffix(extension)
        page = posixpath.basename(folder) or page if page in ("index", "readme", "README") else page
        return escape_plain(title or words_of(page)), target.removesuffix(extension) + extension, not title
    shown = role_text(role, text)
    # A term, or a name that a project has a role of its own for.
    is_own = name == "term" or (shown.startswith("`") and name not in _CODE_ROLES - {"command"})
    return shown, as_target(f"{name}-{target}") if is_own else "", False


def role_text(role: str, text: str) -> str:
    """CommonMark for one role of reStructuredText or MyST."""
    name = role.rsplit(":", 1)[-1].lower()
    title, target = split_title(text)
    if name in _HIDDEN_ROLES or name.startswith(_HIDDEN_PREFIXES):
        return ""
    if name in _CODE_ROLES:
        return code_span(text)
    if name == "pep" and target.isdigit():
        return f"[PEP {target}](https://peps.python.org/pep-{target.zfill(4)}/)"
    if name == "rfc" and target.isdigit():
        return f"[RFC {target}](https://www.rfc-editor.org/rfc/rfc{target})"
    if name in ("guilabel", "menuselection", "strong"):
        return f"**{escape_plain(text.replace('&', '').replace('-->', '>').strip())}**"
    if name in _EMPHASISED_ROLES:
        return f"*{escape_plain((title or target).strip())}*"
    if name in _PLAIN_ROLES:
        return escape_plain(text.strip() if name == "abbr" else (title or target).strip())
    return _named(title, f"{target}()" if name in CALLED_ROLES and "(" not in target else target)


def _named(title: str, target: str) -> str:
    if title:
        return escape_plain(title) if re.search(r"\s", title) else code_span(short_name(title))
    if _NUMBER.match(target):
        return f"#{target.lstrip('#')}"
    return (
        escape_plain(target)
        if re.search(r"[^\W\d]\s+[^\W\d]", target) and "(" not in target
        else code_span(short_name(target))
    )
