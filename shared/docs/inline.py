"""Inline Markdown as authors write it to inline CommonMark: what a site would hide goes, what readers see stays.

The text of a paragraph is rewritten from left to right. Emphasis, code and links stay as they are written, so that the
result says in the same words what its lines say; and every replacement keeps the line ends it covers, so that line n of
the result is still line n of the paragraph.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markdown_it.common.utils import normalizeReference

from shared.docs.includes import image_candidates
from shared.docs.links import relative_path
from shared.docs.model import Image, Link
from shared.docs.plain import plain_text
from shared.docs.prose import code_span, escape_plain
from shared.docs.tags import CODE_NAMES, HTML_NAMES, TAG, attribute
from shared.docs.targets import is_badge, is_safe, read_target, written_target
from shared.docs.templates import ATTRIBUTES, DROPPED, EMOJI, KEYS, TEMPLATE, anchor_of, role_text, template_text

_TOKEN = re.compile(
    rf"""
    (?P<break>(?:\\|[ ]{{2,}})\n)
  | (?P<escape>\\[!-/:-@\[-`{{-~])
  | \{{(?P<role>[A-Za-z][\w:+.-]*)\}}(?P<role_ticks>`+)(?P<role_text>[^`]+)(?P=role_ticks)
  | (?<!`)(?P<ticks>`+)(?!`)(?P<code>[\s\S]+?)(?<!`)(?P=ticks)(?!`)(?P<after>\{{[:.]\w[\w.-]*\}})?
  | (?P<lone>`+)
  | (?P<comment><!--[\s\S]*?(?:-->|\Z))
  | <(?P<address>(?:https?|ftp|mailto):[^\s<>]+)>
  | <(?P<mail>[\w.+-]+@[\w.-]+\.\w+)>
  | (?P<tag></?(?=[A-Za-z]))
  | (?P<footnote>\^?\[\^[^\[\]\s]{{1,60}}\])
  | (?P<image>!(?=\[))
  | (?P<bracket>\[)
  | (?P<entity>&(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});)
  | (?P<template>{TEMPLATE})
  | (?P<attributes>{ATTRIBUTES})
  | (?P<url>(?:https?|ftp)://[^\s<>\[\]`|]*[\w/#=&%~+$-])
  | (?P<math>\$(?=\S)[^$\n`]*[\\^_{{}}][^$\n`]*(?<=\S)\$(?!\d))
  | (?P<emoji>{EMOJI}(?:\{{[^{{}}\n]*\}})?)
  | (?P<keys>{KEYS})
  | (?P<strike>~~(?=\S)(?:[^~\n]|~(?!~)){{1,500}}~~)
  | (?P<mark>==(?=\S)(?P<marked>[^=\n]{{1,500}})(?<=\S)==)
    """,
    re.VERBOSE,
)
# Where a token may begin; looking for this first is several times faster than looking for the tokens.
_MARK = re.compile(r"[\\`<!\[&{$:+~=^]|(?:ht|f)tps?://|  +\n")
_SKIPPED = re.compile(r"\\[\s\S]|(?<!`)(`+)(?!`)[\s\S]+?(?<!`)\1(?!`)|<[A-Za-z/!][^<>]*>|[\[\]]")
_BREAK = "\ue001"
_TRACE = re.compile(rf"[ \t]*{DROPPED}[ \t{DROPPED}]*(?P<next>[^\s]?)")
_INLINE_LANGUAGE = re.compile(r"^(?:#!|:::)[\w+-]+\s+(?=\S)")
_INVISIBLE = str.maketrans({"\xa0": " ", "\ufeff": "", "\t": " "})
_SPACES = re.compile(r"[ \t]{2,}")
_CODE_PARTS = re.compile(r"<[^<>]*>|\[(?=[^\[\]]*\]\()|\]\([^()\s]*\)")
_OPENING = re.compile(r"<[A-Za-z]")
_WIKI = re.compile(r"[\w ./#'|,()-]{1,120}")
_MAX_DEPTH = 5
MAX_PARAGRAPH = 60_000


class Picture(NamedTuple):
    """A picture met in prose, on its raw line."""

    line: int
    image: Image


@dataclass(frozen=True)
class InlineText:
    """A paragraph after rewriting.

    `segments` are its parts between line breaks the author made, each as numbered lines; `anchor` is an id given in it.
    """

    segments: tuple[tuple[tuple[int, str], ...], ...]
    pictures: tuple[Picture, ...] = ()
    anchor: str = ""

    @property
    def line(self) -> str:
        """All of it on one line."""
        return " ".join(text.strip() for segment in self.segments for _, text in segment if text.strip())


class InlineReader:
    """Rewrites the paragraphs of one file and collects the links it meets, in reading order."""

    def __init__(
        self, path: str, references: Mapping[str, str], components: frozenset[str], included: Mapping[str, bytes]
    ) -> None:
        self.links: list[Link] = []
        self.path = path
        self.references = references
        self.components = components
        self.included = included

    def read(self, lines: Sequence[tuple[int, str]]) -> InlineText:
        """Rewrite one paragraph, given as (raw line number, text) pairs."""
        paragraph = _Paragraph(self, [number for number, _ in lines], "\n".join(text for _, text in lines))
        return paragraph.rewritten()


class _Paragraph:
    """One paragraph on its way; `convert` works on a stretch of it, links call it for the text they wrap."""

    def __init__(self, reader: InlineReader, numbers: list[int], text: str) -> None:
        self.reader = reader
        self.numbers = numbers
        self.text = text
        self.closers = _matching_brackets(text) if "[" in text else {}
        self.pictures: list[Picture] = []
        self.anchor = ""
        self.depth = 0

    def rewritten(self) -> InlineText:
        clean = _TRACE.sub(_close_gap, self.convert(0, len(self.text))).translate(_INVISIBLE)
        numbered = list(zip(self.numbers, clean.split("\n"), strict=True))
        return InlineText(_segments(numbered), tuple(self.pictures), self.anchor)

    def convert(self, begin: int, end: int) -> str:
        """Stretch begin..end of the text, rewritten, with as many line ends as before."""
        out: list[str] = []
        position = begin
        searched = begin
        while mark := _MARK.search(self.text, searched, end):
            start = mark.start()
            match = _TOKEN.match(self.text, start, end)
            if match is None:
                searched = start + 1
                continue
            out.append(_SPACES.sub(" ", self.text[position:start]))
            piece, position = _HANDLERS[match.lastgroup or ""](self, match, end)
            lost = self.text.count("\n", start, position) - piece.count("\n")
            out.append(piece + "\n" * lost)
            searched = position
        out.append(_SPACES.sub(" ", self.text[position:end]))
        return "".join(out)

    def line_at(self, position: int) -> int:
        return self.numbers[self.text.count("\n", 0, position)]

    def code(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        inner = match.group("code")
        if language := _INLINE_LANGUAGE.match(inner):
            return match.group("ticks") + inner[language.end() :] + match.group("ticks"), match.end()
        return match.group("ticks") + inner + match.group("ticks"), match.end()

    def tag(self, match: re.Match[str], end: int) -> tuple[str, int]:
        tag = TAG.match(self.text, match.start(), end)
        if tag is None:
            return "\\" + match.group(), match.end()
        name = tag.group("name")
        lower = name.lower()
        known = lower in HTML_NAMES or name in self.reader.components or "." in name or tag.group("close")
        if not known and not (tag.group("empty") and name[0].isupper()):
            return "\\" + tag.group(), tag.end()
        if tag.group("close"):
            # Two elements side by side are two words, styled apart.
            return (f" {DROPPED}" if _OPENING.match(self.text, tag.end(), end) else DROPPED), tag.end()
        return self.opened(lower, tag, end)

    def opened(self, name: str, tag: re.Match[str], end: int) -> tuple[str, int]:
        """An opening tag of a known name, with what it wraps when that needs rewriting too."""
        self.anchor = (
            self.anchor or attribute(tag.group(), "id") or (attribute(tag.group(), "name") if name == "a" else "")
        )
        if name == "br":
            return _BREAK, tag.end()
        if name == "img":
            self.picture(attribute(tag.group(), "src"), attribute(tag.group(), "alt"), tag.start())
            return DROPPED, tag.end()
        wraps = name in CODE_NAMES or name in ("a", "sup", "script", "style", "svg", "del", "s", "strike")
        if not wraps or tag.group("empty"):
            return DROPPED, tag.end()
        closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self.text, tag.end(), end)
        if closing is None:
            return DROPPED, tag.end()
        gap = " " if _OPENING.match(self.text, closing.end(), end) else ""
        return self.wrapped(name, tag, closing) + gap, closing.end()

    def wrapped(self, name: str, tag: re.Match[str], closing: re.Match[str]) -> str:
        inner = self.text[tag.end() : closing.start()]
        if name in CODE_NAMES:
            # Code that holds links is several pieces of code: only those stand in the lines as they are shown.
            pieces = [code_span(html.unescape(piece).replace("`", "")) for piece in _CODE_PARTS.split(inner)]
            return " ".join(piece for piece in pieces if piece) or DROPPED
        if name == "sup" and re.fullmatch(r"[-\d]+", inner):
            return "^" + inner if re.search(r"(?:\d|\b\w)$", self.text[: tag.start()]) else DROPPED
        if name in ("a", "sup"):
            text = self.nested(tag.end(), closing.start())
            return self.link(text, html.unescape(attribute(tag.group(), "href")), tag.start())
        return DROPPED

    def bracket(self, match: re.Match[str], end: int) -> tuple[str, int]:
        start = match.start()
        close = self.closers.get(start, end)
        if close >= end or self.depth >= _MAX_DEPTH:
            return "[", match.end()
        if self.text.startswith("[[", start) and self.closers.get(start + 1) == close - 1:
            inner = self.text[start + 2 : close - 1]
            if _WIKI.fullmatch(inner):
                hidden = inner.strip("_").lower() == "toc"
                return (DROPPED if hidden else escape_plain(inner.rpartition("|")[2])), close + 1
        target = read_target(self.text, close + 1, end)
        if target is not None:
            text = self.nested(start + 1, close)
            return self.link(text, target.address, start), target.end
        return self.reference(start, close, end)

    def reference(self, start: int, close: int, end: int) -> tuple[str, int]:
        """`[text][label]`, `[label][]` or `[label]`; text alone when a full reference leads nowhere."""
        after = close + 1
        if self.text.startswith("[", after) and self.closers.get(after, end) < end:
            label = self.text[after + 1 : self.closers[after]] or self.text[start + 1 : close]
            after = self.closers[after] + 1
        else:
            label = self.text[start + 1 : close]
        target = self.reader.references.get(normalizeReference(label))
        if target is None and after == close + 1:
            return "[", start + 1
        return self.link(self.nested(start + 1, close), target or "", start), after

    def image(self, match: re.Match[str], end: int) -> tuple[str, int]:
        close = self.closers.get(match.end(), end)
        if close >= end:
            return "!", match.end()
        alt = self.text[match.end() + 1 : close]
        target = read_target(self.text, close + 1, end)
        if target is not None:
            self.picture(target.address, alt, match.start())
            return DROPPED, target.end
        after, label = close + 1, alt
        if self.text.startswith("[", after) and self.closers.get(after, end) < end:
            label = self.text[after + 1 : self.closers[after]] or alt
            after = self.closers[after] + 1
        address = self.reader.references.get(normalizeReference(label))
        if address is None:
            return "!", match.end()
        self.picture(address, alt, match.start())
        return DROPPED, after

    def nested(self, begin: int, end: int) -> str:
        self.depth += 1
        text = self.convert(begin, end)
        self.depth -= 1
        return text.replace(_BREAK, " ")

    def link(self, text: str, target: str, position: int) -> str:
        """A link as CommonMark; its text alone when it leads nowhere, nothing when it has no text."""
        shown = text.replace(DROPPED, "")
        if not shown.strip():
            return DROPPED
        if not target or not is_safe(target):
            return shown
        path, fragment = relative_path(target, self.reader.path)
        words = plain_text(" ".join(shown.split()))
        self.reader.links.append(Link(words, target, path, fragment, self.line_at(position)))
        return f"[{shown}]({written_target(target)})"

    def picture(self, target: str, alt: str, position: int) -> None:
        if not target or is_badge(target) or not is_safe(target):
            return
        candidates = image_candidates(self.reader.path, target)
        path = next((c for c in candidates if c in self.reader.included), candidates[0] if candidates else None)
        words = plain_text(" ".join(html.unescape(alt).split()))
        self.pictures.append(Picture(self.line_at(position), Image(words, target, path)))

    def entity(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        text = html.unescape(match.group())
        if text == match.group():
            return text, match.end()
        return ("\\" + text if text in "<*_`[]\\" else text), match.end()

    def address(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        target = match.group("address")
        self.reader.links.append(Link(target, target, None, "", self.line_at(match.start())))
        return match.group(), match.end()

    def url(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        self.reader.links.append(Link(match.group(), match.group(), None, "", self.line_at(match.start())))
        return match.group(), match.end()

    def attributes(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        self.anchor = self.anchor or anchor_of(match.group())
        return DROPPED, match.end()


def _keep(_paragraph: _Paragraph, match: re.Match[str], _end: int) -> tuple[str, int]:
    return match.group(), match.end()


def _drop(_paragraph: _Paragraph, match: re.Match[str], _end: int) -> tuple[str, int]:
    return DROPPED, match.end()


Handler = Callable[[_Paragraph, re.Match[str], int], tuple[str, int]]
_HANDLERS: dict[str, Handler] = {
    "break": lambda _, match, __: (_BREAK + "\n", match.end()),
    "escape": _keep,
    "role_text": lambda _, match, __: (
        role_text(match.group("role"), match.group("role_text")) or DROPPED,
        match.end(),
    ),
    "code": _Paragraph.code,
    "after": _Paragraph.code,
    "lone": lambda _, match, __: ("\\`" * len(match.group()), match.end()),
    "comment": _drop,
    "address": _Paragraph.address,
    "mail": lambda _, match, __: (match.group("mail"), match.end()),
    "tag": _Paragraph.tag,
    "footnote": _drop,
    "image": _Paragraph.image,
    "bracket": _Paragraph.bracket,
    "entity": _Paragraph.entity,
    "template": lambda _, match, __: (template_text(match.group()) or DROPPED, match.end()),
    "attributes": _Paragraph.attributes,
    "url": _Paragraph.url,
    "math": _keep,
    "emoji": _drop,
    "keys": lambda _, match, __: (code_span(match.group().strip("+")), match.end()),
    "strike": _drop,
    "mark": lambda _, match, __: (match.group("marked"), match.end()),
}


def _matching_brackets(text: str) -> dict[int, int]:
    """Offsets of `[` with those of their `]`, brackets in code and tags aside."""
    closers: dict[int, int] = {}
    stack: list[int] = []
    for match in _SKIPPED.finditer(text):
        if match.group() == "[":
            stack.append(match.start())
        elif match.group() == "]" and stack:
            closers[stack.pop()] = match.start()
    return closers


def _close_gap(match: re.Match[str]) -> str:
    """One blank where something dropped stood between words, none before punctuation or a line end."""
    following = match.group("next")
    gap = " " if re.search(r"[ \t]", match.group()) else ""
    return following if not following or following in ".,;:!?)" else gap + following


def _segments(lines: Sequence[tuple[int, str]]) -> tuple[tuple[tuple[int, str], ...], ...]:
    """Lines parted where the author broke the line and a new thought begins."""
    segments: list[list[tuple[int, str]]] = [[]]
    pending = False
    for number, line in lines:
        for index, piece in enumerate(line.split(_BREAK)):
            if index:
                pending = True
            if not piece.strip():
                continue
            if pending and segments[-1]:
                before = segments[-1][-1][1].rstrip(" *_`)")[-1:]
                if before in (".", ":", "!", "?", "…") or piece.lstrip().startswith(("**", "- ", "• ")):
                    segments.append([])
            pending = False
            segments[-1].append((number, piece))
    return tuple(tuple(segment) for segment in segments if segment)
