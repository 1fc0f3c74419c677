"""Reading MDX: imports, exports, components and expressions go, what components wrap stays. Nothing is executed.

The file is rewritten to Markdown line for line and read as such; see `dialects` for the rule of lines.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from shared.docs.code_spans import code_span
from shared.docs.encoding import text_lines
from shared.docs.included import Included
from shared.docs.includes import imports
from shared.docs.markdown.braces import LONGEST, Braces
from shared.docs.markdown.dialects import FENCE, IMPORT_DONE, closes, container_tag, label_of, outside_fences
from shared.docs.markdown.document import read_document_lines
from shared.docs.markdown.tags import HTML_NAMES, TAG, attribute, card_text, picture_of
from shared.docs.markdown.templates import DROPPED
from shared.docs.parsed import ParsedDocument
from shared.docs.problems import NOT_SHOWN

_MODULE_LINE = re.compile(r"^(?:import\s+[\w{*'\"]|export\s+(?:const|default|function|let|var|async|class|\{|\*))")
# Mathematics: `\\( … \\)` and `$$ … $$` inside a paragraph, `$ … $` inside a line. Braces in it are no expressions.
_MATH = (
    r"\\\\\((?:(?!\\\\[()])[^\n]|\n(?![^\S\n]*+\n))*+\\\\\)"
    r"|\$\$(?:[^$\n]|\n(?![^\S\n]*+\n))++\$\$"
    r"|\$(?![\s{])(?=[^$\n`\\^_]*+[\\^_])[^$\n`]++(?<=\S)\$(?!\d)"
)
_NEXT = re.compile(
    rf"{_MATH}|\\[\s\S]|(?<!`)(`+)(?!`)[\s\S]+?(?<!`)\1(?!`)|<!--[\s\S]*?(?:-->|\Z)|<(?=[A-Za-z/>])|\{{(?![{{%#])"
)
_REST_BLANK = re.compile(r"[^\S\n]*+(?:\n|\Z)")
_NAME = re.compile(r"</?\s*([A-Za-z][\w.:-]*)?")
_LONGEST_SAID = 80
_CONTENTS = re.compile(r"(?:TOC|Toc|TableOfContents)(?![a-z])")
_STRING = re.compile(r"^\{\s*(?:\"([^\"]*)\"|'([^']*)'|`([^`$]*)`)\s*\}$")
_IDENTIFIER = re.compile(r"^\{\s*(\w+)\s*\}$")
_ADDRESS_CALL = re.compile(r"=\s*\{\s*(?:require|useBaseUrl)\(\s*['\"]([^'\"]+)['\"]\s*\)(?:\.default)?\s*\}")
_EXPRESSION_ATTRIBUTE = re.compile(r"(?<!\s)\s++[\w:-]++\s*+=\s*+\{[\s\S]*?\}(?=\s|/?>)")
_CODE_PROP = re.compile(r"\bcode=\{\s*(\w+)\s*\}")
_LONGEST_MODULE = 400
_LONGEST_SHOWN = 80  # characters of an expression inside a line of text


def read(path: str, text: str, included: Included) -> ParsedDocument:
    """Read an MDX document; `included` holds the files it includes by repository path."""
    return read_document_lines(path, text_lines(text), included, to_markdown)


def to_markdown(path: str, lines: Sequence[str]) -> list[str]:
    """The lines of an MDX file as Markdown lines, as many as before."""
    raw_names = {name: include.spelled for name, include in imports(path, "\n".join(lines)).items()}
    kept = _without_modules(_without_comments(lines))
    prose = {index for index, _ in outside_fences(kept)}
    out: list[str] = []
    stack: list[_Open] = []
    for is_prose, run in groupby(range(len(kept)), prose.__contains__):
        texts = [kept[index] for index in run]
        out += _Stretch("\n".join(texts), raw_names, stack).rewritten() if is_prose else texts
    return out


def _without_comments(lines: Sequence[str]) -> list[str]:
    """Lines with comments over several blocks blank: a fence inside of one is no fence."""
    out = [*lines]
    for index, _ in outside_fences(lines):
        if out[index].lstrip().startswith("{/*") and "*/}" not in out[index]:
            end = next((at for at in range(index, len(out)) if "*/}" in out[at]), None)
            if end is None:
                break
            out[index : end + 1] = [*[""] * (end - index), out[end].partition("*/}")[2]]
    return out


def _without_modules(lines: Sequence[str]) -> list[str]:
    """Lines with import and export statements blank."""
    out: list[str] = []
    fence = ""
    depth, open_import, taken = 0, False, 0
    for line in lines:
        mark = FENCE.match(line)
        if fence:
            if mark and closes(fence, mark):
                fence = ""
            out.append(line)
            continue
        starts = _MODULE_LINE.match(line) is not None
        if depth > 0 or open_import or starts:
            taken = 1 if starts and depth <= 0 else taken + 1
            depth += sum(line.count(c) for c in "{[(") - sum(line.count(c) for c in "}])")
            open_import = ((starts and line.startswith("import")) or open_import) and not IMPORT_DONE.search(line)
            if taken > _LONGEST_MODULE or (open_import and not line.strip()):
                depth, open_import = 0, False
            out.append("")
            continue
        fence = mark.group(2) if mark else ""
        out.append(line)
    return out


@dataclass(frozen=True)
class _Open:
    """A component that is open, and whether it was spelled as a container or as a link."""

    name: str
    container: bool
    link: bool


class _Stretch:
    """Text between two fences, on its way from MDX to Markdown."""

    def __init__(self, text: str, raw_names: Mapping[str, str], stack: list[_Open]) -> None:
        self.text = text
        self.raw_names = raw_names
        self.stack = stack
        self.braces = Braces(text)

    def rewritten(self) -> list[str]:
        out: list[str] = []
        position = 0
        while match := _NEXT.search(self.text, position):
            start = match.start()
            out.append(self.text[position:start])
            piece, position = match.group(), match.end()
            if piece == "<":
                piece, position = self.tag(start)
            elif piece == "{":
                piece, position = self.expression(start)
            elif piece.startswith("<!--"):
                piece = ""
            out.append(piece + "\n" * (self.text.count("\n", start, position) - piece.count("\n")))
        out.append(self.text[position:])
        return "".join(out).split("\n")

    def alone(self, start: int, end: int) -> bool:
        """Whether start..end has its first and last line to itself."""
        while start and self.text[start - 1].isspace() and self.text[start - 1] != "\n":
            start -= 1
        return (not start or self.text[start - 1] == "\n") and _REST_BLANK.match(self.text, end) is not None

    def tag(self, start: int) -> tuple[str, int]:
        end = _tag_end(self.text, start, self.braces)
        if end < 0:
            return "<", start + 1
        tag = " ".join(self.text[start:end].split())
        match = _NAME.match(tag)
        name = (match.group(1) if match else None) or ""
        if name.lower() in HTML_NAMES and name[0].islower():
            return self.html(start, end), end
        if code := _CODE_PROP.search(tag):
            spelled = self.raw_names.get(code.group(1))
            return (f"<<< {spelled}" if spelled else ""), end
        if name in self.raw_names and tag.endswith("/>") and self.alone(start, end):
            return f"<<< {self.raw_names[name]}", end
        if tag.startswith("</"):
            return self.closed(name, start, end), end
        if source := picture_of(tag):
            return f'<img alt="{html.escape(attribute(tag, "alt"))}" src="{source}">', end
        plain = TAG.fullmatch(_EXPRESSION_ATTRIBUTE.sub("", tag))
        if plain and plain.group("empty") and self.alone(start, end) and (card := card_text(tag)):
            lines = self.text.count("\n", start, end)
            return card.replace("\n", f"\n{DROPPED}" * (lines - 1) + "\n" if lines else " "), end  # to its last line
        is_told = tag.endswith("/>") and self.text[:start].rstrip().endswith(":") and self.alone(start, end)
        if name and is_told and not _CONTENTS.search(name):
            said = tag[1:-2].strip() if "{" not in tag and len(tag) <= _LONGEST_SAID else name
            return f"> {code_span(said)} is {NOT_SHOWN}", end  # what words lead to
        spelled = container_tag(plain) if plain and self.alone(start, end) else ""
        if not tag.endswith("/>"):
            target = plain and (attribute(tag, "href") or attribute(tag, "to"))
            is_link = bool(target and not spelled and f"</{name}>" in self.text[end : self.text.find("\n", end)])
            self.stack.append(_Open(name, bool(spelled), is_link))
            if is_link:
                return f'<a href="{html.escape(str(target))}">', end
            if plain and not spelled and container_tag(plain) and (label := label_of(plain.group())):
                spelled = f"**{label}:** "  # in a line with what it wraps
        return spelled, end

    def closed(self, name: str, start: int, end: int) -> str:
        while self.stack:
            component = self.stack.pop()
            if component.name == name:
                return "</a>" if component.link else ":::" if component.container and self.alone(start, end) else ""
        return ""

    def html(self, start: int, end: int) -> str:
        """An HTML tag without what would have to be computed; addresses that are only wrapped in a call stay."""
        tag = self.text[start:end]
        if "{" not in tag:
            return tag
        tag = _EXPRESSION_ATTRIBUTE.sub("", _ADDRESS_CALL.sub(r'="\1"', tag))
        if "{" in tag or not TAG.fullmatch(tag):
            src = attribute(tag, "src") or attribute(tag, "href")
            name = tag[1:].split()[0].strip("/<>")
            tag = f"<{name}>" if not src else f'<{name} src="{src}" href="{src}">'
        return tag

    def expression(self, start: int) -> tuple[str, int]:
        end = self.braces.end(start, min(len(self.text), start + LONGEST))
        if end < 0:
            return "{", start + 1
        text = self.text[start:end]
        if re.match(r"\{\s*/\*", text):
            return "", end
        if string := _STRING.match(text):
            return next(group for group in string.groups() if group is not None), end
        if (name := _IDENTIFIER.match(text)) and name.group(1) in self.raw_names:
            return f"<<< {self.raw_names[name.group(1)]}", end
        if self.text.startswith("`", start - 1) or ":" in text[:2]:
            return text, end  # attributes of a code span
        shown = " ".join(text.split())
        return ("" if self.alone(start, end) or "`" in text or len(shown) > _LONGEST_SHOWN else code_span(shown)), end


def _tag_end(text: str, start: int, braces: Braces) -> int:
    """The offset after a tag that begins at `start`; braces and quotes inside are passed over; -1 if none."""
    position = start + 1
    limit = min(len(text), start + LONGEST)
    while position < limit:
        char = text[position]
        if char == ">":
            return position + 1
        if char == "<":
            return -1
        if char in "\"'":
            close = text.find(char, position + 1, limit)
            if close < 0:
                return -1
            position = close
        elif char == "{":
            close = braces.end(position, limit)
            if close < 0:
                return -1
            position = close - 1
        position += 1
    return -1
