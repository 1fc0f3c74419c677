"""One paragraph of Markdown on its way to inline CommonMark: what a site would hide goes, what readers see stays.

The text is rewritten from left to right. Emphasis, code and links stay as they are written, so that the result says in
the same words what its lines say; and every replacement keeps the line ends it covers, so that line n of the result is
still line n of the paragraph.
"""

import html
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from markdown_it.common.utils import normalizeReference

from shared.docs.anchors import as_target
from shared.docs.code_spans import code_span
from shared.docs.included import Included
from shared.docs.links import image_candidates, is_external, relative_path
from shared.docs.markdown.inline_tokens import MARK, TOKEN, matching_brackets
from shared.docs.markdown.tags import CODE_NAMES, EMBEDDED, HTML_NAMES, ICON, TAG, attribute, icon_words, picture_of
from shared.docs.markdown.targets import (
    is_badge,
    is_film,
    is_in_the_dark,
    is_safe,
    read_target,
    stated_address,
    written_target,
)
from shared.docs.markdown.templates import DROPPED, anchor_of, emoji_text, template_text
from shared.docs.model import Image, Link
from shared.docs.plain import POWER, plain_text, raised
from shared.docs.prose import escape_plain, note_mark, words_of
from shared.docs.rst.roles import PAGE_ROLES, read_role
from shared.docs.sentences import BREAK, GLUE

_TRACE = re.compile(rf"(?<![ \t])[ \t]*+{DROPPED}[ \t{DROPPED}]*(?P<next>[^\s]?)")
_LINK_OF_RST, _ENDS_LINK = re.compile(r"([^<>]*[^<>\s])\s+<(https?://[^<>\s]+)>"), re.compile("__?(?!\\w)")
_OPENS_STRONG, _CLOSES_STRONG = re.compile(r"(?:\A|\s)\*\*\Z"), re.compile(r"\*\*(?![^\s.,;:!?)])")
_INLINE_LANGUAGE = re.compile(r"^(?:#!|:::)[\w+-]+\s+(?=\S)")
_INVISIBLE = str.maketrans({"\xa0": " ", "\ufeff": "", "\t": " "})
_SPACES = re.compile(r"[ \t]{2,}")
_CODE_PARTS = re.compile(r"<[^<>]*>|\[(?=[^\[\]]*\]\()|\]\([^()\s]*\)")
_TICK = re.compile(r"\\(`)|`")  # marks code in code, unless it is escaped
# Since which version, or that it is new: said of the word before it, and no part of the sentence.
_BADGE = re.compile(
    r"(?i)v?\d+\.\d+(?:\.[\dx]+)*\+?(?:master)?|master|main|new!?|beta|alpha|experimental|deprecated|\[\d+\]|[-\d*†‡]+"
)
_SHOWS_TITLE = re.compile(r"^(?:[#/]|[\w./-]+\.(?:md|rst|ipynb)(?:#|$))[\w./#-]*$")  # of what it leads to
_OPENING = re.compile(r"<[A-Za-z]")
_BEFORE_WORDS, _BEHIND_WORDS = re.compile(r"\s*[\w.,;:)]"), re.compile(r"[\w,;:(]\s*\Z")
_NAME = re.compile(r"`?[A-Za-z_][\w.]{0,200}`?")
_OF_DOCC = re.compile(r"doc:(?://[^/]*)?(?=.)")
_WIKI = re.compile(r"!?[\w ./#'|,()-]{1,120}")
_CROSSED = {"sec": "section", "fig": "figure", "tbl": "table", "lst": "listing", "eq": "equation"}
_BEGINS = re.compile(r"(?:\A|[.!?][ \n]+)\Z")
_NO_WORDS = re.compile(r"(?:<[^<>]*>|!?\[[^\[\]]*\]\([^()]*\)|[\W_])*+")
_DECORATES = re.compile(r"\balt\s*=\s*(?:\"\"|'')|avatar|\blogo", re.IGNORECASE)
_THIN = frozenset({"0", "1", "0px", "1px"})  # a picture so thin only keeps a distance
_ARROW = re.compile(r"\b(?:src|class)\s*=\s*[\"'][^\"'<>]*\b(?:icons?|arrow|external)", re.IGNORECASE)
_LINK_WORDS, _LONGEST_LINK_WORDS = re.compile(r"\[[^\[\]<>]*\w[^\[\]<>]*\Z"), 200
_HOLDS_MORE = re.compile(r"<(?:a|br|div|img|p)\b", re.IGNORECASE)
_MAX_DEPTH = 5


@dataclass
class Surroundings:
    """The targets of a paragraph's marks: the file, its link definitions and components, the files it includes.

    `signs` are the emoji and the marks of notes that say something in it. `links` collects the links met, in order.
    """

    path: str
    references: Mapping[str, str]
    components: frozenset[str]
    included: Included
    signs: frozenset[str] = frozenset()
    links: list[Link] = field(default_factory=list)


class Picture(NamedTuple):
    """A picture met in prose, on its raw lines; `leads`: no words stand before it."""

    line: int
    end_line: int
    image: Image
    leads: bool


class Paragraph:
    """One paragraph on its way; `convert` works on a stretch of it, links call it for the text they wrap."""

    def __init__(self, text: str, numbers: list[int], surroundings: Surroundings) -> None:
        self.text = text
        self.numbers = numbers
        self.around = surroundings
        self.closers = matching_brackets(text) if "[" in text else {}
        self.pictures: list[Picture] = []
        self.anchor = ""
        self.depth = 0
        self.has_pictures = False  # what `nested` read last

    def rewritten(self) -> list[str]:
        """The lines of the paragraph as inline CommonMark, with BREAK where the author broke them."""
        return _TRACE.sub(_close_gap, self.convert(0, len(self.text))).translate(_INVISIBLE).split("\n")

    def convert(self, begin: int, end: int) -> str:
        """Stretch begin..end of the text, rewritten, with as many line ends as before."""
        out: list[str] = []
        position = searched = begin
        while mark := MARK.search(self.text, searched, end):
            start = mark.start()
            match = TOKEN.match(self.text, start, end)
            if match is None:
                searched = start + 1
                continue
            out.append(_SPACES.sub(" ", self.text[position:start]))
            piece, position = _HANDLERS[match.lastgroup or ""](self, match, end)
            lost = self.text.count("\n", start, position) - piece.count("\n")
            out.append(piece)
            if lost:
                touches = not "".join(out[-2:]).rstrip(DROPPED).endswith((" ", "\n", "\t"))
                out.append("\n" * lost + (GLUE if touches and not self.text[position : position + 1].isspace() else ""))
            searched = position
        out.append(_SPACES.sub(" ", self.text[position:end]))
        return "".join(out)

    def line_at(self, position: int) -> int:
        return self.numbers[self.text.count("\n", 0, position)]

    def code(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        inner = _INLINE_LANGUAGE.sub("", match.group("code"))
        ends = _ENDS_LINK.match(self.text, match.end())
        if ends and (linked := _LINK_OF_RST.fullmatch(inner)):  # pages that were moved from reStructuredText keep some
            return self.link(escape_plain(linked[1]), linked[2], match.start()), ends.end()
        return match.group("ticks") + inner + match.group("ticks"), match.end()

    def role(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        """A role of MyST; one that names a page, a label or an object of this project is a link to it."""
        role = match.group("role")
        shown, target, untitled = read_role(role, match.group("role_text"), self.around.path)
        if role.rpartition(":")[2] in PAGE_ROLES:
            shown = self.link(shown, target, match.start(), untitled=untitled)
        elif target:
            self.note(shown, target, match.start())
        return shown or DROPPED, match.end()

    def crossing(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        """A cross reference of Quarto, `@sec-a` or `[-@fig-a]`, as a link in words: its number is the site's."""
        kind, _, name = match.group("crossed").partition("-")
        words = f"{_CROSSED[kind]} {name.replace('-', ' ').replace('_', ' ')}"
        if _BEGINS.search(self.text, max(0, match.start() - 3), match.start()):
            words = words.capitalize()
        opened = match.group().startswith("[")
        if opened and not match.group("closed"):
            return "[", match.start() + 1
        shown = self.link(words, as_target(match.group("crossed")), match.start())
        return shown if opened else shown + (match.group("closed") or ""), match.end()

    def tag(self, match: re.Match[str], end: int) -> tuple[str, int]:
        tag = TAG.match(self.text, match.start(), end)
        if tag is None:
            return "\\" + match.group(), match.end()
        lower = (name := tag.group("name")).lower()
        known = lower in HTML_NAMES or name in self.around.components or "." in name or tag.group("close")
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
            return BREAK, tag.end()
        if source := attribute(tag.group(), "src") if name == "img" else picture_of(tag.group()):
            words = attribute(tag.group(), "alt")
            decorates = is_external(source) and not words and _DECORATES.search(tag.group())
            bare = tag.group().replace(words, "")
            is_thin = not _THIN.isdisjoint({attribute(bare, "width"), attribute(bare, "height")})
            is_arrow = not words and _ARROW.search(tag.group()) and self.follows_words_of_link(tag.start())
            if not (decorates or is_thin or is_arrow):
                self.picture(source, words, tag.start(), lines=tag.group().count("\n"))
            return DROPPED, tag.end()
        if name in EMBEDDED:
            return self.embedded(name, tag, end)
        if icon := ICON.match(self.text, tag.start(), end):
            return self.icon(icon, end), icon.end()
        target = html.unescape(attribute(tag.group(), "href")) if name == "a" or tag.group("name")[0].isupper() else ""
        if tag.group("empty") and target and name != "a":  # a component that shows its title
            return self.link(attribute(tag.group(), "title"), target, tag.start()), tag.end()
        wraps = target or name in CODE_NAMES or name in ("a", "sup", "script", "style", "svg", "del", "s", "strike")
        if not wraps or tag.group("empty"):
            return DROPPED, tag.end()
        closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self.text, tag.end(), end)
        if closing is None:
            return DROPPED, tag.end()
        gap = " " if _OPENING.match(self.text, closing.end(), end) else ""
        return self.wrapped(name, tag, closing, target) + gap, closing.end()

    def follows_words_of_link(self, start: int) -> bool:
        """Whether a picture stands behind the words of a link, as the arrows do that say that it leads elsewhere."""
        return self.depth > 0 and _LINK_WORDS.search(self.text[max(0, start - _LONGEST_LINK_WORDS) : start]) is not None

    def embedded(self, name: str, tag: re.Match[str], end: int) -> tuple[str, int]:
        closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self.text, tag.end(), end)
        is_open = closing is None or re.search(rf"<{name}\b", self.text[tag.end() : closing.start()], re.IGNORECASE)
        after = tag.end() if is_open or tag.group("empty") or closing is None else closing.end()
        source = html.unescape(attribute(self.text[tag.start() : after], "src"))
        if name != "iframe" or is_external(source):
            lines = self.text.count("\n", tag.start(), after)
            self.picture(source, attribute(tag.group(), "title"), tag.start(), EMBEDDED[name], lines)
        return DROPPED, after

    def wrapped(self, name: str, tag: re.Match[str], closing: re.Match[str], target: str) -> str:
        inner = self.text[tag.end() : closing.start()]
        if name in CODE_NAMES and not (name == "kbd" and _HOLDS_MORE.search(inner)):
            # Code that holds links is several pieces of code: only those stand in the lines as they are shown.
            bare = _TICK.sub(lambda tick: tick[1] or "", inner)
            pieces = [code_span(html.unescape(piece)) for piece in _CODE_PARTS.split(bare)]
            return " ".join(piece for piece in pieces if piece) or DROPPED
        if name == "sup" and POWER.fullmatch(inner) and re.search(r"(?:\d|\b\w)$", self.text[: tag.start()]):
            return raised(inner)
        if name == "sup" and inner.strip() in self.around.signs:
            gap = " " if self.text[max(0, tag.start() - 1) : tag.start()].isalnum() else ""
            return gap + note_mark(inner.strip())
        if name == "sup" and _BADGE.fullmatch(inner.strip()):
            return f" ({inner.strip()})" if re.match(r"v?\d+\.", inner.strip()) else DROPPED  # since which version
        if name in ("script", "style", "svg"):
            return DROPPED
        text = self.nested(tag.end(), closing.start())
        if target or name in ("a", "sup"):
            return self.link(text, target, tag.start())
        return f"~~{text.strip()}~~" if text.strip() and name != "kbd" else text or DROPPED

    def icon(self, icon: re.Match[str], end: int) -> str:
        """The words for an icon that a sentence speaks of; one at the beginning or the end of words decorates them."""
        before = self.text[max(0, icon.start() - 9) : icon.start()]
        is_told = before.rstrip().endswith(":") or _BEFORE_WORDS.match(self.text, icon.end(), end)
        stands_amid = is_told and _BEHIND_WORDS.search(before) and not self.depth
        words = escape_plain(icon_words(icon.group())) if stands_amid else ""
        return words if before.endswith("(") else f"({words})" if words else DROPPED

    def footnote(self, match: re.Match[str], end: int) -> tuple[str, int]:
        """The mark of a footnote; `[^1][label]` is a link with a number for its text, where the label is defined."""
        start, after = match.start(), match.end()
        label = self.text[after + 1 : self.closers.get(after, after)]
        target = self.around.references.get(normalizeReference(label)) if label else None
        if target and match.group().startswith("[") and self.closers[after] < end:
            return self.link("\\" + match.group()[1:-1], target, start), self.closers[after] + 1
        return note_mark(match.group().strip("^[]")), after

    def bracket(self, match: re.Match[str], end: int) -> tuple[str, int]:
        start = match.start()
        close = self.closers.get(start, end)
        if close >= end or self.depth >= _MAX_DEPTH:
            return "[", match.end()
        if self.text.startswith("[[", start) and self.closers.get(start + 1) == close - 1:
            inner = self.text[start + 2 : close - 1]
            if _WIKI.fullmatch(inner) and not self.text[start - 1 : start].isalnum():
                hidden = inner.strip("_").lower() == "toc"
                return (DROPPED if hidden else escape_plain(inner.rpartition("|")[2].lstrip("!"))), close + 1
        target = read_target(self.text, close + 1, end)
        if target is not None:
            text = self.nested(start + 1, close)
            named = "" if text.strip() or not _SHOWS_TITLE.search(target.address) else target.address
            if named and (named[0] != "#" or self.text[:start].strip()):  # else an anchor
                words = words_of(posixpath.splitext(named.strip("#/").rpartition("/")[2])[0])
                return self.link(words, named, start, untitled=True), target.end
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
        target = self.around.references.get(normalizeReference(label))
        if target is None and after == close + 1:
            return "[", start + 1
        if target is None and _NAME.fullmatch(label):  # mkdocs finds it among the objects of all pages
            target = as_target(label.strip("`"))
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
        address = self.around.references.get(normalizeReference(label))
        if address is None:
            return "!", match.end()
        self.picture(address, alt, match.start())
        return DROPPED, after

    def nested(self, begin: int, end: int) -> str:
        self.depth += 1
        before = len(self.pictures)
        text = self.convert(begin, end)
        self.has_pictures = len(self.pictures) > before
        self.depth -= 1
        return text.replace(BREAK, " ")

    def link(self, text: str, target: str, position: int, *, untitled: bool = False) -> str:
        """A link as CommonMark; its text alone when it leads nowhere, nothing when it has no text."""
        shown, target = text.replace(DROPPED, ""), stated_address(target)
        if not shown.strip():
            if self.has_pictures and target.startswith(("https://", "http://")):
                self.lead_on(target)
            return DROPPED
        if named := _OF_DOCC.match(target):
            target = target[named.end() :]
        if not target or not is_safe(target):
            return shown
        self.note(shown, target, position, untitled=untitled)
        return f"[{shown}]({written_target(target)})"

    def lead_on(self, target: str) -> None:
        """Keep where a picture leads: to a film, or to a page of another site in place of a picture without words."""
        line, end, image, leads = self.pictures[-1]
        if is_film(target):
            if not (image.alt or image.path):
                self.pictures.pop()
            self.pictures.append(Picture(line, end, Image(image.alt, target, None, "Video"), leads))
        elif image.path is None and not image.alt and not is_badge(target):
            self.pictures[-1] = Picture(line, end, replace(image, target=target), leads)

    def note(self, shown: str, target: str, position: int, *, untitled: bool = False) -> None:
        """Keep a link that the text shows, or hides in a name in code."""
        path, fragment = relative_path(target, self.around.path)
        words = plain_text(" ".join(shown.split()))
        self.around.links.append(Link(words, target, path, fragment, self.line_at(position), untitled))

    def picture(self, target: str, alt: str, position: int, sort: str = "Picture", lines: int = 0) -> None:
        target = stated_address(target)
        if sort != "Picture":
            target, sort = re.sub(r"^//", "https://", target), "Video" if is_film(target) else sort
        if not target or is_badge(target) or is_in_the_dark(target) or not is_safe(target):
            return
        candidates = image_candidates(self.around.path, target)
        path = next((c for c in candidates if c in self.around.included), candidates[0] if candidates else None)
        words = plain_text(" ".join(html.unescape(alt).split()))
        leads = _NO_WORDS.fullmatch(self.text, 0, position) is not None
        line = self.line_at(position)
        self.pictures.append(Picture(line, line + max(lines, alt.count("\n")), Image(words, target, path, sort), leads))

    def entity(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        text = html.unescape(match.group())
        if text == match.group():
            return text, match.end()
        return ("\\" + text if text in "<*_`[]\\" else text), match.end()

    def address(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        target = match.group("address")
        self.around.links.append(Link(target, target, None, "", self.line_at(match.start())))
        return match.group(), match.end()

    def docc(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        """A link of DocC, `<doc:Page#Section>`: pages are named without folder and ending, whose titles it shows."""
        name = re.split(r"[/#:]", match.group("docc").rstrip("/#"))[-1]
        return self.link(words_of(name), match.group("docc"), match.start(), untitled=True), match.end()

    def url(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        if "{{" in match.group():  # the site puts a part of it in
            return code_span(match.group()), match.end()
        self.around.links.append(Link(match.group(), match.group(), None, "", self.line_at(match.start())))
        return match.group(), match.end()

    def template(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        return template_text(match.group()) or DROPPED, match.end()

    def attributes(self, match: re.Match[str], _end: int) -> tuple[str, int]:
        self.anchor = self.anchor or anchor_of(match.group())
        return DROPPED, match.end()


def _keep(_paragraph: Paragraph, match: re.Match[str], _end: int) -> tuple[str, int]:
    return match.group(), match.end()


def _drop(_paragraph: Paragraph, match: re.Match[str], _end: int) -> tuple[str, int]:
    return DROPPED, match.end()


Handler = Callable[[Paragraph, re.Match[str], int], tuple[str, int]]
_HANDLERS: dict[str, Handler] = {
    "break": lambda _, match, __: (BREAK * (1 + (match[0][0] == "\\")) + "\n" if match[0][1:] else "", match.end()),
    "escape": _keep, "role_text": Paragraph.role,
    "code": Paragraph.code, "after": Paragraph.code,
    "lone": lambda _, match, __: ("\\`" * len(match.group()), match.end()), "comment": _drop,
    "address": Paragraph.address, "docc": Paragraph.docc, "mail": lambda _, match, __: (match["mail"], match.end()),
    "tag": Paragraph.tag, "footnote": Paragraph.footnote, "image": Paragraph.image, "crossing": Paragraph.crossing,
    "bracket": Paragraph.bracket, "entity": Paragraph.entity, "template": Paragraph.template,
    "attributes": Paragraph.attributes, "url": Paragraph.url,
    "math": lambda _, match, __: (code_span(match.group()), match.end()),
    "starred": lambda _, match, __: (match.group().replace("*", "\\*"), match.end()),
    "emoji": lambda one, match, _: (emoji_text(match.group(), one.around.signs) or DROPPED, match.end()),
    "keys": lambda _, match, __: (code_span(match.group().strip("+")), match.end()),
    "elsewhere": lambda _, match, __: (code_span(match["elsewhere"]), match.end()),
    "dash": lambda _, match, __: ("—", match.end()),
    "strike": lambda one, match, _: (f"~~{one.nested(match.start() + 2, match.end() - 2)}~~", match.end()),
    "mark": lambda _, match, __: (match.group("marked"), match.end()),
}  # fmt: skip


def _close_gap(match: re.Match[str]) -> str:
    """One blank where something dropped stood between words, none before punctuation or a line end."""
    following = match.group("next")
    is_edge = _OPENS_STRONG.search(match.string[max(0, match.start() - 3) : match.start()])
    is_edge = is_edge or _CLOSES_STRONG.match(match.string, match.start("next"))
    gap = " " if not is_edge and re.search(r"[ \t]", match.group()) else ""
    return following if not following or following in ".,;:!?)" else gap + following
