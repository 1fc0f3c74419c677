"""Facts that only a document's own words tell: a program made it, it is a draft or a stub, it is not prose. Pure."""

import re
from pathlib import PurePosixPath

from services.repo_clone.classify import DATED_POST
from shared.docs.formats import DocFormat

LFS_POINTER = b"version https://git-lfs.github.com/spec/"

_HEAD_CHARACTERS = 800
_MADE = re.compile(
    r"(?:do not|don't|don’t|never) (?:edit|modify|change)\b.{0,200}\bgenerat|\b(?:auto-?|automatically )generated\b"
    r".{0,200}\b(?:do not|don't|don’t|never) (?:edit|modify|change)|@generated\b",
    re.IGNORECASE | re.DOTALL,
)
_COMMENT = re.compile(r"<!--.*?-->|\{/\*.*?\*/\}|^\.\. [^\n]*(?:\n[ \t]+[^\n]*)*|^//[^\n]*", re.MULTILINE | re.DOTALL)
_FRONT = re.compile(r"\A(?P<marks>---|\+\+\+)[ \t]*\n(?P<said>.*?)\n(?P=marks)[ \t]*(?:\n|\Z)", re.DOTALL)
_DRAFT = re.compile(r"(?im)^(?:draft[ \t]*[:=][ \t]*true|published[ \t]*[:=][ \t]*false)[ \t]*$")
_REDIRECT = re.compile(r"^(?:redirect|redirect_to|redirectTo|redirect_url)[ \t]*[:=][ \t]*\S", re.MULTILINE)
_DATE = re.compile(r"^date[ \t]*[:=][ \t]*[\"']?\d{4}-\d", re.MULTILINE)
_BLOG = re.compile(r"(?:^|/)(?:blogs?|_posts)/|^(?:(?:content|site|website|src|www|web|docs)/)*posts/", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_PROSE_LINE_WORDS = 4
_PROSE_SHARE = 0.4
_LEAST_WORDS = 20
# A heading that is a version, with a date beside it or none: "## 4.4.1 / 2025-01-29", "v2.0 (May 2024)".
_RELEASE = re.compile(
    r"^(?:(?P<marks>#{1,6}|={1,6})[ \t]+)?\[?(?:version|release|v)?[ \t]*\d+\.\d+(?:\.\w+){0,3}\]?"
    r"(?:[ \t]*(?:[-–—/(:{]|\d{4}).{0,200})?[ \t]*$(?(marks)|\n[-=~^\"]{3,}[ \t]*$)",
    re.MULTILINE | re.IGNORECASE,
)
# The title of a page about one release: "User visible changes in widgets 3.4", "Widgets 2.0 release notes", or
# "Widgets 2.0" above "Release date: …".
_ONE_RELEASE = re.compile(
    r"\s*[#=]*[ \t]*(?:(?:(?:user[- ]visible|notable) )?changes (?:in|since|from)\b|what.?s new in\b|release notes\b)"
    r".{0,80}?\d\.\d|\s*[#=]*[ \t]*[\w ]{1,40}(?:\.\d+){1,3}"
    r"(?: release notes[ \t]*$|[ \t]*\n(?:[-=~^*]{3,}[ \t]*\n)?\s*release(?:d| date)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_HEADING = re.compile(r"^(#{1,6}|={1,6})[ \t]+\S.*$|^\S.*\n([-=~^\"])\2{2,}[ \t]*$", re.MULTILINE)
_MANY_RELEASES, _MOSTLY = 6, 0.8
_PROGRAM = re.compile(r"\ufeff?#![ \t]*/")  # scripts/install
_ARMOUR = re.compile(r"\s*-----BEGIN [A-Z0-9 ]+-----")  # .asc is AsciiDoc, and also the ending of signatures and keys


def judge_content(path: str, text: str, doc_format: DocFormat, *, named: bool) -> str:
    """Why a document is left out for what it says, or "". `named`: the author's table of contents has it."""
    front = _FRONT.match(text)
    if front and _DRAFT.search(front["said"]):
        return "draft"
    if front and _REDIRECT.search(front["said"]):
        return "only says that its text has moved"
    if _tells_releases(text) or _ONE_RELEASE.match(text, front.end() if front else 0):
        return "changelog"
    if named:
        return ""
    if front and _BLOG.search(path) and _DATE.search(front["said"]):
        return DATED_POST
    if _ARMOUR.match(text) or (doc_format == "text" and _PROGRAM.match(text)):
        return "not documentation text"
    if doc_format != "notebook" and _is_made(text[:_HEAD_CHARACTERS]):
        return "generated"
    may_be_data = doc_format == "text" and "." in PurePosixPath(path).name  # a README without an ending is for people
    return "not documentation text" if may_be_data and not _is_prose(text) else ""


def _tells_releases(text: str) -> bool:
    """Whether nearly all headings of one level are versions. A part of a specification has words beside its number."""
    releases = [match["marks"] or "" for match in _RELEASE.finditer(text)]
    if len(releases) < _MANY_RELEASES:
        return False
    level = max(releases, key=releases.count)
    beside = sum(1 for match in _HEADING.finditer(text) if (match[1] or "") == level)
    return releases.count(level) >= max(_MANY_RELEASES, _MOSTLY * beside)


def _is_made(head: str) -> bool:
    """The mark stands in a comment, where it speaks of the file; in prose it speaks of what is taught."""
    return any(_MADE.search(comment) for comment in _COMMENT.findall(head)) or bool(
        re.match(r"\s*<!--", head) and "-->" not in head and _MADE.search(head)
    )


def _is_prose(text: str) -> bool:
    """Sentences rather than a listing: most of its words stand in lines of several words."""
    counts = [len(_WORD.findall(line)) for line in text.splitlines()]
    in_prose = sum(count for count in counts if count >= _PROSE_LINE_WORDS)
    return sum(counts) >= _LEAST_WORDS and in_prose >= _PROSE_SHARE * sum(counts)
