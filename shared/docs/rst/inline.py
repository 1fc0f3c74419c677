"""Inline markup of reStructuredText as inline CommonMark, line by line.

The scan is one regular expression over a whole paragraph, so that markup may run over line ends; every replacement
keeps the line ends it covers, so that line n of the result is still line n of the file.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.docs.links import relative_path
from shared.docs.model import Link
from shared.docs.plain import plain_text
from shared.docs.prose import Line, code_span, escape_plain, note_mark, without_ticks, words_of
from shared.docs.rst.roles import REFERENCE_ROLES, role_text, split_title

# Names have an end, 80 characters or 61 words: else `a:a:a:…` and `a-a-a-…` would be read to their ends from every `a`.
_TOKEN = re.compile(
    r"""
    (?P<escape>\\[\s\S])
  | (?<!`)``(?P<literal>(?:[^`]|`(?!`)|`(?=``(?!`)))+)``(?!`)
  | :(?P<role>[A-Za-z][\w.+:-]{0,80}):`(?P<role_text>(?:[^`\\]|\\[\s\S])+)`
  | `(?P<post_text>(?:[^`\\]|\\[\s\S])+)`:(?P<post_role>[A-Za-z][\w.+:-]{0,80}):
  | (?P<inline_target>_)?`(?P<phrase>(?:[^`\\]|\\[\s\S])+)`(?P<reference>__?(?!\w))?
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


@dataclass(frozen=True)
class Definitions:
    """The definitions of a file: addresses of named targets, headings of labels, texts of substitutions."""

    urls: Mapping[str, str] = field(default_factory=dict)
    anonymous: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    substitutions: Mapping[str, str] = field(default_factory=dict)


def normalise_name(name: str) -> str:
    """Reference names are compared without case and with single blanks."""
    return " ".join(name.replace("\\", "").split()).lower()


class InlineText:
    """Turns the paragraphs of one file into CommonMark and collects the links it meets, in reading order."""

    def __init__(self, path: str, definitions: Definitions) -> None:
        self.links: list[Link] = []
        self._path = path
        self._definitions = definitions
        self._anonymous = iter(definitions.anonymous)
        self._first_line = 1
        self._text = ""
        self._base = 0  # where in the paragraph the piece begins that is being cleaned

    def of_file(self, path: str) -> "InlineText":
        """The inline markup of a file that this one includes, with the definitions and the links of this one."""
        inner = InlineText(path, replace(self._definitions, anonymous=()))
        inner.links = self.links
        return inner

    def clean(self, lines: Sequence[Line]) -> list[tuple[int, str]]:
        """(line number, inline CommonMark) of every line of one paragraph."""
        if not lines:
            return []
        self._text = "\n".join(line.text for line in lines)
        self._first_line = lines[0].number
        cleaned = self._clean(self._text, 0).split("\n")
        return [(line.number, text.strip()) for line, text in zip(lines, cleaned, strict=True)]

    def one_line(self, lines: Iterable[Line]) -> str:
        """The same, joined to one line: headings, table cells, terms."""
        return " ".join(text for _, text in self.clean(tuple(lines)) if text)

    def _clean(self, text: str, base: int) -> str:
        """Clean a piece of the paragraph that begins at `base`."""
        outer, self._base = self._base, base
        parts: list[str] = []
        end = 0
        for match in _TOKEN.finditer(text):
            parts.append(without_ticks(text[end : match.start()]))
            replacement = self._replace(match)
            if replacement.startswith("`") and match.start() == end and parts and "".join(parts[-2:]).endswith("`"):
                replacement = f" {replacement}"  # two code spans that touch would be none
            parts.append(replacement + "\n" * (match.group().count("\n") - replacement.count("\n")))
            end = match.end()
        parts.append(without_ticks(text[end:]))
        self._base = outer
        return "".join(parts)

    def _replace(self, match: re.Match[str]) -> str:
        handlers: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
            ("escape", self._escape),
            ("literal", self._literal),
            ("role", self._role),
            ("post_text", self._post_text),
            ("phrase", self._phrase),
            ("strong", self._strong),
            ("emphasis", self._emphasis),
            ("footnote", self._footnote),
            ("substitution", self._substitution),
            ("url", self._url),
            ("word", self._word),
        )
        return next(handler(match) for group, handler in handlers if match[group] is not None)

    def _escape(self, match: re.Match[str]) -> str:
        character = match["escape"][1]
        if character.isspace():
            return "\n" if character == "\n" else ""
        return character if character.isalnum() else f"\\{character}"

    def _literal(self, match: re.Match[str]) -> str:
        return code_span(match["literal"])

    def _strong(self, match: re.Match[str]) -> str:
        return f"**{self._clean(match['strong'], self._base + match.start('strong'))}**"

    def _emphasis(self, match: re.Match[str]) -> str:
        return f"*{self._clean(match['emphasis'], self._base + match.start('emphasis'))}*"

    def _footnote(self, match: re.Match[str]) -> str:
        blank, _, label = match["footnote"].removesuffix("_").rpartition("[")
        return f"{blank}{note_mark(label.rstrip(']'))}"

    def _url(self, match: re.Match[str]) -> str:
        self._link("", match["url"].strip("<>"), self._base + match.start())
        return match["url"]

    def _role(self, match: re.Match[str]) -> str:
        return self._interpreted(match["role"], match["role_text"], self._base + match.start())

    def _post_text(self, match: re.Match[str]) -> str:
        return self._interpreted(match["post_role"], match["post_text"], self._base + match.start())

    def _substitution(self, match: re.Match[str]) -> str:
        name = match["substitution"]
        text = self._definitions.substitutions.get(normalise_name(name))
        if text is None:
            return code_span(match.group())
        line = self._text.count("\n", 0, self._base + match.start())
        says_more = re.search(r"[`\d_]|://", text) and text not in self._text.split("\n")[line]
        return code_span(match.group()) if says_more else escape_plain(text)

    def _word(self, match: re.Match[str]) -> str:
        word = match["word"]
        if match["word_end"] == "__":
            url = next(self._anonymous, "")
        else:
            url = self._definitions.urls.get(normalise_name(word), "")
        if url:
            return self._link(escape_plain(word), url, self._base + match.start())
        return escape_plain(word)

    def _phrase(self, match: re.Match[str]) -> str:
        phrase = _unescape(match["phrase"])
        if match["inline_target"]:
            return escape_plain(phrase)
        if not match["reference"]:
            if not _IDENTIFIER.match(phrase):
                return f"*{escape_plain(phrase.strip())}*"
            return code_span(phrase)
        title, target = split_title(phrase)
        if title and target.endswith("_"):
            target = self._definitions.urls.get(normalise_name(target[:-1]), "")
        elif not title and match["reference"] == "__":
            title, target = phrase, next(self._anonymous, "")
        elif not title and not re.match(r"^<.*>$", phrase):
            title, target = phrase, self._definitions.urls.get(normalise_name(phrase), "")
        shown = escape_plain((title or target.strip("<>")).strip())
        return self._link(shown, re.sub(r"\s+", "", target.strip("<>")), self._base + match.start())

    def _interpreted(self, role: str, raw: str, position: int) -> str:
        text = _unescape(raw)
        name = role.rsplit(":", 1)[-1].lower()
        if name not in REFERENCE_ROLES:
            return role_text(role, text)
        title, target = split_title(text)
        if name in ("ref", "numref", "any"):
            return self._label(title, target.lstrip("!~"), position)
        shown = escape_plain(title or words_of(_name_of_page(target)))
        if name == "download" or ":" in target:  # a page of another project stands elsewhere
            return shown
        extension = posixpath.splitext(self._path)[1]
        return self._link(shown, target if target.endswith(extension) else target + extension, position)

    def _label(self, title: str, label: str, position: int) -> str:
        heading = self._definitions.labels.get(normalise_name(label))
        if title:
            shown = escape_plain(title)
        elif heading and not re.search(r"[`\d_./]", heading):
            shown = escape_plain(heading)
        else:
            shown = words_of(label) if re.search(r"[^\W\d]", label) else ""
        return shown if heading is None else self._link(shown, f"#{label}", position)

    def _link(self, shown: str, target: str, position: int) -> str:
        if not target:
            return shown
        line = self._first_line + self._text.count("\n", 0, position)
        self.links.append(Link(plain_text(shown) or target, target, *relative_path(target, self._path), line))
        return f"[{shown}]({target})" if shown else f"<{target}>"


def _unescape(text: str) -> str:
    return re.sub(r"\\([\s\S])", lambda m: "" if m[1] == " " else m[1], text)


def _name_of_page(target: str) -> str:
    """The last part of a page's path that says something."""
    folder, name = posixpath.split(target.rpartition(":")[2])
    return posixpath.basename(folder) or name if name in ("index", "readme", "README") else name
