"""Inline markup of AsciiDoc as inline CommonMark, line by line (see `shared.docs.inline` for how lines are kept)."""

import html
import posixpath
import re
from collections.abc import Callable, Mapping

from shared.docs.anchors import as_target
from shared.docs.asciidoc.attributes import CHARACTERS, expand
from shared.docs.asciidoc.paths import page_target
from shared.docs.code_spans import code_span
from shared.docs.inline import InlineMarkup
from shared.docs.plain import raised
from shared.docs.prose import escape_plain, words_of
from shared.docs.sentences import BREAK

_TERM = r"\(\(\((?:[^()]|\((?!\()|\)(?!\)\))){0,300}\)\)\)"  # of an index, which shows nothing
_ROLE = r"(?:\[[^\[\]\n]{0,100}\])?"
_TOKEN = re.compile(
    r"""
    \\(?P<escape>[*_`\#{<\[\\]|(?=(?:https?|link|xref|image|pass):))
  | (?P<passthrough>
        \+\+\+(?P<raw3>.{1,500}?)\+\+\+
      | (?<![\w+])\+\+(?P<raw2>[^+\n]+?)\+\+(?!\+)
      | (?<![\w+])\+(?=[^\s+])(?P<raw1>[^+\n]*?[^\s+])\+(?![\w+])
      | pass:[a-z,]{0,40}+\[(?P<raw0>(?>(?:[^\[\]\\]|\\.|\[[^\[\]]{0,300}\]){0,300}))\]
    )
  | (?P<quoted>(?P<mark>["'])`(?=\S)(?P<quoted_text>[^`]*[^\s`])`(?P=mark))
  | (?P<old_quoted>(?<![\w`])``(?=[^\s`])(?P<old_text>[^`'\n]*[^\s`'])''(?![\w']))
  | (?P<code>_ROLE_(?:
        ``(?P<code2>[^`]+(?:`[^`]+)*)``
      | (?<![\w`])`(?=[^\s`])(?P<code1>[^`]*[^\s`]|[^\s`])`(?![\w`])
    ))
  | (?P<index_hidden>[ ]?_TERM_(?!\w)|_TERM_)
  | \(\((?P<index>[^()\n]{1,300})\)\)
  | (?P<anchor>\[\[[\w:.-]{1,100}(?:,[^\[\]\n]{0,300})?\]\]|anchor:[\w-]{1,100}\[[^\[\]]{0,300}\])
  | (?P<hidden>
        [ ]?(?:footnote(?:ref)?:[\w-]*(?=\[[\w-]*\])|indexterm:|icon:[\w-]+|toc:|counter2?:[\w-]+)
        \[(?:[^\[\]]|\[[^\[\]]{0,300}\]){0,1000}\]
    )
  | (?P<note>[ ]?footnote:[\w-]*\[(?P<note_text>(?:[^\[\]]|\[[^\[\]]{0,300}\]){1,1000})\])
  | (?P<stem>(?:stem|latexmath|asciimath):\[(?P<stem_text>[^\[\]]{0,500})\])
  | (?P<ui>(?P<ui_kind>kbd|btn|menu):(?P<ui_target>[^\[\s]{0,100})\[(?P<ui_text>(?:[^\[\]\\]|\\.){0,300})\])
  | (?P<image>[ ]?image:(?!:)[^\s\[\]]{1,500}+\[[^\[\]]{0,500}+\])
  | <<(?P<xref>[^<>]{1,500})>>
  | (?P<macro>
        (?<!\w)(?P<macro_name>[a-z][a-z0-9_-]{0,40}+):(?!:)(?=[^\[]{1,600}\[[^\]]{0,4000}\])
        (?P<macro_target>
            (?>(?:\{[\w-]+\}|\+\+[^+]*\+\+|[^\s\[\]{}]){1,500})(?=\[)
          | (?>(?:\{[\w-]+\}|[^\s\[\]{}]){1,500})(?=\[)
        )
        \[(?P<macro_text>(?>(?:[^\[\]\\]|\\.|\[[^\[\]]{0,300}\]){0,1000}))\]
    )
  | (?P<attribute_link>
        \{(?P<link_attribute>\w[\w-]*)\}(?P<link_rest>[^\s\[\]{}]{0,500}+)
        \[(?P<link_text>(?>(?:[^\[\]\\]|\\.|\[[^\[\]]{0,300}\]){0,1000}))\]
    )
  | \{(?P<attribute>\w[\w-]*|counter2?:[\w:-]+|set:[^{}]*)\}
  | (?P<url><?(?:https?|ftp|irc)://[^\s<>\[\]`]*[^\s<>\[\]`.,;:!?'")*_]>?)
  | (?P<strong>_ROLE_(?:
        \*\*(?P<strong2>[^*]+)\*\*
      | (?<![\w*])\*(?=[^\s*])(?P<strong1>[^*]*[^\s*]|[^\s*])\*(?![\w*])
    ))
  | (?P<emphasis>_ROLE_(?:
        __(?P<emphasis2>[^_]+)__(?!_)
      | (?<![\w_`])_(?=[^\s_])(?P<emphasis1>(?:[^_]|(?<=\w)_(?=\w))*[^\s_]|[^\s_])_(?![\w_])
    ))
  | (?P<marked>_ROLE_(?:
        \#\#(?P<marked2>[^\#]+)\#\#
      | (?<![\w\#&])\#(?=[^\s\#])(?P<marked1>[^\#\n]*[^\s\#]|[^\s\#])\#(?![\w\#])
    ))
  | (?P<script>\^(?P<sup>[^\s^]+)\^|~(?P<sub>[^\s~]+)~)
  | (?P<hard_break>[ ]\+$)
    """.replace("_ROLE_", _ROLE).replace("_TERM_", _TERM),
    re.VERBOSE | re.MULTILINE,
)
_WRAPPED = re.compile(r"^(?:\+(?P<plus>.+)\+|\*(?P<star>[^*]+)\*|_(?P<under>[^_]+)_)$", re.DOTALL)
_FILE = re.compile(r"[\w./-]+\.\w+")
_LINK_MACROS = frozenset({"http", "https", "ftp", "irc", "link", "mailto", "xref"})


_DASH = re.compile(r"(?<!\S)--(?!\S)")
_ENTITY = re.compile(r"&(?:[A-Za-z]\w{1,31}|#\d{1,7}|#x[\da-fA-F]{1,6});")


class AsciidocInline(InlineMarkup):
    """The inline markup of AsciiDoc.

    `attributes` is the reader's own dictionary: it grows as the file sets them.
    """

    token = _TOKEN

    def __init__(self, path: str, attributes: Mapping[str, str]) -> None:
        super().__init__(path)
        self._attributes = attributes
        self._handlers: Mapping[str, Callable[[re.Match[str], int], str]] = {
            "escape": lambda m, _: escape_plain(m["escape"]),
            "passthrough": lambda m, _: _literally(_first(m, "raw3", "raw2", "raw1", "raw0")),
            "quoted": lambda m, p: m["mark"] + self._clean(m["quoted_text"], p) + m["mark"],
            "old_quoted": lambda m, p: f'"{self._clean(m["old_text"], p)}"',
            "code": self._code,
            "index": lambda m, p: self._clean(m["index"], p),
            "note": lambda m, p: f" ({self._clean(m['note_text'].strip(), p).strip().rstrip('.')})",
            "stem": lambda m, _: code_span(m["stem_text"]),
            "ui": self._interface,
            "xref": self._angle_reference,
            "macro": self._macro,
            "attribute_link": self._attribute_link,
            "attribute": self._attribute,
            "url": self._url,
            "strong": lambda m, p: _wrap("**", self._clean(_first(m, "strong2", "strong1"), p)),
            "emphasis": lambda m, p: _wrap("*", self._clean(_first(m, "emphasis2", "emphasis1"), p)),
            "marked": lambda m, p: self._clean(_first(m, "marked2", "marked1"), p),
            "hard_break": lambda _, __: 2 * BREAK,
            "script": lambda m, p: raised(m["sup"]) if m["sup"] else self._clean(m["sub"], p),
        }

    def of_file(self, path: str) -> "AsciidocInline":
        """The inline markup of a file that this one includes, with the attributes and the links of this one."""
        inner = AsciidocInline(path, self._attributes)
        inner.links = self.links
        return inner

    def _plain(self, text: str) -> str:
        """The text between marks; an entity is the character it stands for, two strokes between blanks are a dash."""
        return super()._plain(_DASH.sub("—", _ENTITY.sub(lambda found: html.unescape(found.group()), text)))

    def _replace(self, match: re.Match[str], position: int) -> str:
        handler = self._handlers.get(match.lastgroup or "")  # the group that closes last is the outermost one
        return handler(match, position) if handler else ""

    def _code(self, match: re.Match[str], _position: int) -> str:
        text = _first(match, "code2", "code1")
        if wrapped := _WRAPPED.match(text):
            text = _first(wrapped, "plus", "star", "under")
            if wrapped["plus"]:
                return code_span(text)
        unescaped = re.sub(r"\\(?=[{*_`#<\[])", "", text)
        return code_span(unescaped)

    def _interface(self, match: re.Match[str], _position: int) -> str:
        parts = [match["ui_target"].strip(), *match["ui_text"].split(">" if match["ui_kind"] == "menu" else "\0")]
        return _wrap("**", escape_plain(" > ".join(part.strip() for part in parts if part.strip())))

    def _attribute(self, match: re.Match[str], position: int) -> str:
        name = match["attribute"]
        if ":" in name:
            return ""
        value = expand(match[0], self._attributes)
        if name.lower() in CHARACTERS:
            return escape_plain(value)
        if "{" in value or (re.search(r"[`\d_/]", value) and value not in self._line(position)):
            return code_span(match[0])  # a value that the line does not say: the page shows its name
        return self._clean(value, position).replace("\n", " ")

    def _attribute_link(self, match: re.Match[str], position: int) -> str:
        value = expand(f"{{{match['link_attribute']}}}", self._attributes) + match["link_rest"]
        text = self._link_text(match["link_text"], position)
        if "://" in value and text:
            return self._link(text, value.removeprefix("link:"), position)
        return text or code_span(f"{{{match['link_attribute']}}}{match['link_rest']}")

    def _macro(self, match: re.Match[str], position: int) -> str:
        name, target = match["macro_name"], expand(match["macro_target"].replace("++", ""), self._attributes)
        text, unknown = self._link_text(match["macro_text"], position), code_span(target)
        if name not in _LINK_MACROS:
            return text or code_span(re.split(r"[./#]", target.rstrip("/#"))[-1])
        if name == "xref":
            return self._cross_reference(target, text, position)
        if name == "link":
            if "{" in target:
                return text or unknown
            is_file = "://" not in target and target.endswith(text) and _FILE.fullmatch(text or target)
            return self._link(code_span(text or target) if is_file else text or escape_plain(target), target, position)
        address = f"{name}:{target}"
        shown = text or ("" if name != "mailto" else target)
        return self._link(shown, address, position) if "{" not in address else shown or unknown

    def _link_text(self, raw: str, position: int) -> str:
        """The text in the brackets of a macro, without named attributes and the mark for a new window."""
        text = raw.strip()
        if text.startswith('"') and (closed := re.match(r'^"((?:[^"\\]|\\.)*)"', text)):
            text = closed[1]
        elif re.search(r",\s*[\w-]+\s*=|^[\w-]+=", text):
            text = re.split(r"(?:^|,)\s*[\w-]+\s*=", text, maxsplit=1)[0]
        return self._clean(text.rstrip("^").strip().replace("\\]", "]"), position).strip()

    def _angle_reference(self, match: re.Match[str], position: int) -> str:
        target, _, text = match["xref"].partition(",")
        return self._cross_reference(target.strip(), self._clean(text.strip(), position), position)

    def _cross_reference(self, target: str, text: str, position: int) -> str:
        if "{" in target:
            return text or code_span(target)
        page, _, fragment = target.rpartition("#") if "#" in target else ("", "", target)
        if not page and posixpath.splitext(fragment)[1] in (".adoc", ".asciidoc"):
            page, fragment = fragment, ""
        if page:
            address = page_target(self._path, page) + (f"#{fragment}" if fragment else "")
            shown = text or _humanised(fragment or posixpath.basename(page))
            return self._link(shown, address, position, untitled=not text and not fragment)
        return self._link(text or _humanised(fragment), as_target(fragment), position, untitled=not text)


def _first(match: re.Match[str], *groups: str) -> str:
    return next((match[group] for group in groups if match[group] is not None), "")


def _literally(raw: str) -> str:
    """Text passed through: HTML loses its tags, markup is shown as it stands, anything else is plain."""
    text = re.sub(r"</?[A-Za-z][^<>]*>", "", raw)
    return code_span(text) if re.search(r"[*_`#{}<>\[\]+|]", text) else escape_plain(text)


def _wrap(mark: str, text: str) -> str:
    return f"{mark}{text}{mark}" if text.strip() else text


def _humanised(name: str) -> str:
    return words_of(re.sub(r"\.(?:adoc|asciidoc|html)$", "", name.strip("#")))
