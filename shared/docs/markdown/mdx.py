"""Reading MDX: imports, exports, components and expressions go, what components wrap stays. Nothing is executed.

The file is rewritten to Markdown line for line and read as such; see `dialects` for the rule of lines.
"""

import html
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent

from shared.docs.code_spans import code_span
from shared.docs.encoding import text_lines
from shared.docs.included import Included
from shared.docs.includes import imports
from shared.docs.markdown.braces import LONGEST, Braces
from shared.docs.markdown.dialects import IMPORT_DONE, container_tag, label_of, outside_fences
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
_OWN = re.compile(r"import\s++(?:\{\s*+)?(\w++)\s*+(?:\}\s*+)?from\s*+['\"](?:\.|[~@]?/|@site/)")  # of the project
_CONTENTS = re.compile(r"(?:TOC|Toc|TableOfContents)(?![a-z])")
_STRING = re.compile(r"^\{\s*(?:\"([^\"]*)\"|'([^']*)'|`([^`$]*)`)\s*\}$")
_IDENTIFIER = re.compile(r"^\{\s*(\w+)\s*\}$")
_ADDRESS_CALL = re.compile(r"=\s*\{\s*(?:require|useBaseUrl)\(\s*['\"]([^'\"]+)['\"]\s*\)(?:\.default)?\s*\}")
_EXPRESSION_ATTRIBUTE = re.compile(r"(?<!\s)\s++[\w:-]++\s*+=\s*+\{[\s\S]*?\}(?=\s|/?>)")
_CODE_PROP = re.compile(r"(?<=\s)code=\{\s*(\w+)\s*\}")
_CODE = re.compile(
    r"(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*?(?<=\s)code=\{\s*+(?!`\s*+`)"
    r"(?:`(?:[^\S\n]*+\n)*+(?P<text>(?:[^`$\\]|\\.|\$(?!\{))*+)`\s*+\})?+"
)
_LONGEST_MODULE, _LOOKED_AT = 400, 400  # lines of a module, characters before a tag
_LONGEST_SHOWN = 80  # characters of an expression inside a line of text, and of a tag


def read(path: str, text: str, included: Included) -> ParsedDocument:
    """Read an MDX document; `included` holds the files it includes by repository path."""
    return read_document_lines(path, text_lines(text), included, to_markdown)


def to_markdown(path: str, lines: Sequence[str]) -> list[str]:
    """The lines of an MDX file as Markdown lines, as many as before."""
    raw_names = {name: include.spelled for name, include in imports(path, "\n".join(lines)).items()}
    own = {found[1] for _, line in outside_fences(lines) if (found := _OWN.match(line))}
    kept = _without_modules(lines)
    prose = {index for index, _ in outside_fences(kept)}
    out: list[str] = []
    stack: list[_Open] = []
    for is_prose, run in groupby(range(len(kept)), prose.__contains__):
        texts = [kept[index] for index in run]
        out += _Stretch("\n".join(texts), raw_names, own, stack).rewritten() if is_prose else texts
    return out


def _without_modules(lines: Sequence[str]) -> list[str]:
    """Lines with modules, and comments over several blocks, blank: a fence inside of one is no fence."""
    out = [*lines]
    last = max((index for index, line in enumerate(lines) if "*/}" in line), default=0)
    for index, line in outside_fences(out):  # which sees the lines that are blank now
        if index < last and line.lstrip().startswith("{/*") and "*/}" not in line:
            end = next(at for at in range(index, last + 1) if "*/}" in out[at])
            out[index : end + 1] = [*[""] * (end - index), out[end].partition("*/}")[2]]
        elif _MODULE_LINE.match(line):
            depth, is_open = 0, line.startswith("import")
            for at in range(index, min(index + _LONGEST_MODULE, len(out))):
                text, out[at] = out[at], ""
                depth += sum(text.count(c) for c in "{[(") - sum(text.count(c) for c in "}])")
                is_open = is_open and not IMPORT_DONE.search(text)
                if not text.strip() if is_open else depth <= 0:
                    break
    return out


@dataclass(frozen=True)
class _Open:
    """A component that is open, and whether it was spelled as a container or as a link."""

    name: str
    container: bool
    link: bool


class _Stretch:
    """Text between two fences, on its way from MDX to Markdown."""

    def __init__(self, text: str, raw_names: Mapping[str, str], own: Collection[str], stack: list[_Open]) -> None:
        self.text, self.stack = text, stack
        self.raw_names, self.own = raw_names, own
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
        name = next(iter(_NAME.findall(tag)), "")
        if name.lower() in HTML_NAMES and name[0].islower():
            return self.html(start, end), end
        is_alone = tag.endswith("/>") and self.alone(start, end)
        named = _CODE_PROP.search(tag)
        if spelled := self.raw_names.get(named[1] if named else name if is_alone else ""):
            return f"<<< {spelled}", end
        code = _CODE.match(self.text, start, end) if tag.endswith("/>") else None
        edge = "\n" + self.text[self.text.rfind("\n", 0, start) + 1 : start] if is_alone else ""
        lines = self.text.count("\n", start, end)  # what is made of a tag stands on all of its lines
        if code and code["text"] and (is_alone or not lines):
            return self.code(start, end, code, edge), end
        if tag.startswith("</"):
            return self.closed(name, start, end), end
        if source := picture_of(tag):
            return f'<img alt="{html.escape(attribute(tag, "alt"))}"' + "\ndata-line" * lines + f' src="{source}">', end
        plain = TAG.fullmatch(_EXPRESSION_ATTRIBUTE.sub("", tag))
        if plain and is_alone and (card := card_text(tag)):
            return card.replace("\n", f"\n{DROPPED}" * (lines - 1) + "\n" if lines else " "), end
        before = self.text[max(0, start - _LOOKED_AT) : start].rstrip()
        sentence = re.split(r"[.!?]\s|\n\n", before)[-1].lstrip()
        words = re.findall("[A-Z][a-z]{2,}[a-rt-z]", name) if name in self.own and sentence[:1] not in {*"<#{"} else ()
        is_told = code or before.endswith(":") or any(re.search(rf"(?i)\b{word}", sentence) for word in words)
        is_last = is_alone or (code and _REST_BLANK.match(self.text, end))
        if name and is_last and is_told and not _CONTENTS.search(name):
            said = tag[1:-2].strip() if "{" not in tag and len(tag) <= _LONGEST_SHOWN else name
            more = f"{edge}> {DROPPED}" * (lines if said != name else 0)
            return f"{'> ' if is_alone else ''}{code_span(said)} is{more} {NOT_SHOWN}", end  # what words lead to
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

    def code(self, start: int, end: int, found: re.Match[str], edge: str) -> str:
        """The code that a component shows, on its lines: a block if the tag has more for the fences, else in code."""
        text, first = found["text"].rstrip(), found.start("text")
        before, below = self.text.count("\n", start, first), self.text.count("\n", first + len(text), end)
        rows = dedent(re.sub(r"\\([`$\\])", r"\1", text)).split("\n")
        if before and below and (self.text[first - 1] == "\n" or any(not row[:1].strip() for row in rows)):
            fence = "`" * max([3, *(len(run) + 1 for row in rows for run in re.findall("`+", row))])
            return edge * (before - 1) + edge.join((fence, *rows, fence))
        spans = (re.sub("^`+", rf"\g<0>{row[: -len(row.lstrip())]}", code_span(row)) for row in rows)
        return edge * before + re.sub(r"`\n(?=[^\S\n]*`)", r"`\\\n", edge.join(spans))

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
