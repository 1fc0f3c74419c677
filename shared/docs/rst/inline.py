"""Inline markup of reStructuredText as inline CommonMark, line by line (`shared.docs.inline` keeps the lines)."""

import re
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.docs.anchors import as_target
from shared.docs.code_spans import code_span
from shared.docs.inline import InlineMarkup
from shared.docs.model import Link
from shared.docs.prose import Line, escape_plain, note_mark
from shared.docs.rst.roles import OBJECT_ROLES, PAGE_ROLES, read_role, role_text, split_title

# Names have an end, 80 characters or 61 words: else `a:a:a:…` and `a-a-a-…` would be read to their ends from every `a`.
_TOKEN = re.compile(
    r"""
    (?<![\\$\w])\$(?=[^\s$][^$]{0,300}[\\^_{])(?P<formula>[^$]{1,300})(?<=[^\s\\])\$(?![\w$])
  | (?P<escape>\\(?:[\s\S]|\Z))
  | (?<!`)(?::[A-Za-z][\w.+:-]{0,80}:)?``(?P<literal>(?:[^`]|`(?!`)|`(?=``(?!`)))+)``(?!`)
  | :(?P<role>[A-Za-z][\w.+:-]{0,80}):`(?P<role_text>(?:[^`\\]|\\[\s\S])+)`
  | `(?P<post_text>(?:[^`\\]|\\[\s\S])+)`:(?P<post_role>[A-Za-z][\w.+:-]{0,80}):
  | (?<![A-Za-z0-9])(?P<inline_target>_)?`(?P<phrase>(?:[^`\\]|\\[\s\S])+)`(?P<reference>__?(?!\w))?
  | (?<![\w*])\*\*(?=[^\s*])(?P<strong>[^*]+(?:\*[^*\s]+)*)(?<=[^\s\\])\*\*
  | (?<![\w*])\*(?=[^\s*])(?P<emphasis>[^*]+)(?<=[^\s\\])\*(?![\w*])
  | (?P<footnote>\s?\[(?:\d+|\#[\w-]*|\*|[A-Za-z][\w.-]*)\]_(?!\w))
  | (?<![\w|])\|(?=[^\s|])(?P<substitution>[^|\n]{1,80}?)(?<=\S)\|_{0,2}(?![\w|])
  | (?P<url><https?://[^\s<>]+>|(?:https?|ftp)://[^\s<>`]+[^\s<>`.,;:!?'")\]])
  | (?<![\w`@/])(?P<word>(?>[^\W_]+(?:[-._+:][^\W_]+){0,60}))(?P<word_end>__?)(?![\w`])
    """,
    re.VERBOSE,
)
_IDENTIFIER = re.compile(r"^[^\s]+$")
_OBJECT = re.compile(
    r"[^\s<>]+\s+<[~!.]?[A-Za-z_][\w.]*>|(?:~[A-Za-z_]|\.[A-Z])[\w.]*(?:\(\))?"
)  # as Sphinx' default role is often set
_ROLE = re.compile(r":(?P<name>[A-Za-z][\w.+:-]{0,80}):`(?P<text>[^`]+)`")
_DASH = re.compile(r"(?<!\S)--(-?)(?!\S)")
_CODE = re.compile(r"[{}<>=|$;]|\w\(")  # in a phrase of the default role: many authors write code with one backtick


@dataclass(frozen=True)
class Definitions:
    """The definitions of a file: addresses of named targets, texts of substitutions and of those that are pictures; the
    role that its project gives to text in one backtick, "" where it gives none; and the substitutions of the project
    that are whole sentences, each with its file and its lines.
    """

    urls: Mapping[str, str] = field(default_factory=dict)
    anonymous: tuple[str, ...] = ()
    substitutions: Mapping[str, str] = field(default_factory=dict)
    pictured: Mapping[str, str] = field(default_factory=dict)
    default_role: str = ""
    prose: Mapping[str, tuple[str, Sequence[Line]]] = field(default_factory=dict)


def normalise_name(name: str) -> str:
    """Reference names are compared without case and with single blanks."""
    return " ".join(name.replace("\\", "").split()).lower()


class InlineText(InlineMarkup):
    """The inline markup of reStructuredText."""

    token = _TOKEN

    def __init__(self, path: str, definitions: Definitions) -> None:
        super().__init__(path)
        self.definitions = definitions
        self._anonymous = iter(definitions.anonymous)
        self._read: dict[str, tuple[str, Sequence[Link]]] = {}
        self._put_in = [0]  # characters of substitutions, those of included files as well

    def of_file(self, path: str) -> "InlineText":
        """The inline markup of a file that this one includes, with the definitions and the links of this one."""
        inner = InlineText(path, replace(self.definitions, anonymous=()))
        inner.links, inner._put_in = self.links, self._put_in
        return inner

    def _replace(self, match: re.Match[str], position: int) -> str:
        handlers: tuple[tuple[str, Callable[[re.Match[str], int], str]], ...] = (
            ("formula", self._code), ("escape", self._escape), ("literal", self._code), ("role", self._role),
            ("post_role", self._role), ("phrase", self._phrase), ("strong", self._lifted), ("emphasis", self._lifted),
            ("footnote", self._footnote), ("substitution", self._substitution), ("url", self._url),
            ("word", self._word),
        )  # fmt: skip
        return next(handler(match, position) for group, handler in handlers if match[group] is not None)

    def _plain(self, text: str) -> str:
        """The text between marks, with dashes as Sphinx prints them."""
        return super()._plain(_DASH.sub(lambda dash: "—" if dash[1] else "–", text))

    def _code(self, match: re.Match[str], _: int) -> str:
        """A literal, or TeX between dollars as extensions of Sphinx read it: a backslash begins a command."""
        return code_span(match["literal"] or match["formula"])

    def _escape(self, match: re.Match[str], _: int) -> str:
        character = match["escape"][1:]
        if not character.strip():
            # Two pieces of code that touch would have the marks of one.
            around = match.string[match.start() - 1 : match.start()] + match.string[match.end() : match.end() + 1]
            return "\n" if character == "\n" else " " if around == "``" else ""
        return character if character.isalnum() else f"\\{character}"

    def _lifted(self, match: re.Match[str], position: int) -> str:
        group, mark = ("strong", "**") if match["strong"] else ("emphasis", "*")
        return f"{mark}{self._clean(match[group], position + match.start(group) - match.start())}{mark}"

    def _footnote(self, match: re.Match[str], _: int) -> str:
        blank, _opening, label = match["footnote"].removesuffix("_").rpartition("[")
        return f"{blank}{note_mark(label.rstrip(']'))}"

    def _role(self, match: re.Match[str], position: int) -> str:
        role, text = match["role"] or match["post_role"], match["role_text"] or match["post_text"]
        return self._interpreted(role, text, position)

    def _substitution(self, match: re.Match[str], position: int) -> str:
        name = match["substitution"]
        text = self.definitions.substitutions.get(normalise_name(name))
        self._put_in[0] += len(text or "")
        if text is None or self._put_in[0] > _MOST_PUT_IN:
            return f"*{escape_plain(name)}*"
        if (role := _ROLE.fullmatch(text)) and role["name"].rsplit(":", 1)[-1].lower() in OBJECT_ROLES:
            self._note(name, as_target(split_title(role["text"])[1]), position)
            return code_span(name)  # the line says no more than its name
        shown, links = self._read_once(text)
        if re.search(r"[`\d_]|://", _TARGET.sub("]", shown)) and text not in self._line(position):
            shown = code_span(name) if "`" in shown else f"*{escape_plain(name)}*"  # its line does not say that much
        else:
            line = self._lines[bisect(self._ends, position)].number
            self.links.extend(replace(link, line=line) for link in links)
        is_link = re.search(r"[^_]_$", match.group()) is not None
        return self._link(shown, self._address(name), position) if is_link else shown

    def _read_once(self, text: str) -> tuple[str, Sequence[Link]]:
        """A substitution as the page shows it, and the links in it. Each text is read once."""
        if text not in self._read:
            inner = InlineText(self._path, replace(self.definitions, substitutions={}, anonymous=()))
            self._read[text] = inner.one_line([Line(1, text)]), inner.links
        return self._read[text]

    def _word(self, match: re.Match[str], position: int) -> str:
        word = match["word"]
        url = next(self._anonymous, "") if match["word_end"] == "__" else self._address(word)
        return self._link(escape_plain(word), url, position)

    def _address(self, name: str) -> str:
        """The address of a named target, else the name as that of a label or a heading."""
        return self.definitions.urls.get(normalise_name(name), "") or as_target(name)

    def _phrase(self, match: re.Match[str], position: int) -> str:
        phrase = _unescape(match["phrase"])
        if match["inline_target"]:
            return escape_plain(phrase)
        if not match["reference"]:
            if self.definitions.default_role in _ROLES_OF_NAMES and _NAMED.fullmatch(phrase):
                return self._interpreted("obj", match["phrase"], position)
            if self.definitions.default_role and split_title(phrase)[0]:
                return self._interpreted(self.definitions.default_role, match["phrase"], position)
            if _OBJECT.fullmatch(phrase):
                return role_text("obj", phrase)
            if not _IDENTIFIER.match(phrase) and not _CODE.search(phrase):
                return f"*{escape_plain(phrase.strip())}*"
            return code_span(ESCAPED_MARK.sub(r"\1", match["phrase"]))
        title, target = split_title(phrase)
        if title and target.endswith("_"):
            target = self._address(target[:-1])
        elif not title and not re.match(r"^<.*>$", phrase):
            title = phrase
            target = next(self._anonymous, "") if match["reference"] == "__" else self._address(phrase)
        shown = escape_plain((title or target.strip("<>")).strip())
        return self._link(shown, re.sub(r"\s+", "", target.strip("<>")), position)

    def _interpreted(self, role: str, raw: str, position: int) -> str:
        name = role.rsplit(":", 1)[-1].lower()
        text = raw if name in _RAW_ROLES else _unescape(raw)
        text = _INVENTORY.sub("", text) if name in _PYTHON_ROLES else text
        shown, target, untitled = read_role(role, text, self._path)
        if name in PAGE_ROLES:
            return self._link(shown, target, position, untitled=untitled)
        if target:
            self._note(shown, target, position)
        return shown


_ROLES_OF_NAMES = frozenset({"any", "obj", "py:obj"})
_INVENTORY = re.compile(r"^(?:[a-z][\w-]*:)(?=[A-Za-z_][\w.]*(?:\(\))?$)")  # of another project's documentation
_PYTHON_ROLES = frozenset({"attr", "class", "data", "exc", "func", "meth", "mod", "obj"})
_NAMED = re.compile(r"(?:[a-z][\w-]*:)?[A-Za-z_][\w.]*(?:\(\))?")
_MOST_PUT_IN = 100_000  # in a file: a short file can define long texts and use them often
_TARGET = re.compile(r"\]\([^()\n]*\)")
_RAW_ROLES = frozenset({"code", "math"})
"""Their text is the author's as it stands: a backslash begins a command of TeX."""

ESCAPED_MARK = re.compile(r"\\([\W_])")
"""In code a backslash before a mark escapes it, and one before a letter or a digit is the author's: `\\x06`."""


def _unescape(text: str) -> str:
    return re.sub(r"\\([\s\S])", lambda m: "" if m[1] == " " else m[1], text)
