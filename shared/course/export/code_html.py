"""Code blocks as HTML: coloured by Pygments, labelled with their language, cited, and marked when they were changed."""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from functools import cache
from html import escape, unescape
from itertools import groupby
from typing import NamedTuple

from pygments import format as format_tokens
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

from shared.course.fences import parse_info
from shared.docs.listed_lines import marked_lines

from .diagram import draw_diagram
from .typed_text import PLAIN, typed_text

# Colouring is a courtesy: a dump of this size would only make the page heavy.
_MAX_COLOURED = 100_000
# A block of more lines is folded on the screen; it is whole in the page, on paper and without a script.
_LONG = 30
_UNFOLDED = 15  # of these lines the first are seen then
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True, classprefix="t-")
# Most tokens are of these; an element around each would make a page slow to draw and no easier to read.
_PLAIN_KINDS = frozenset({Token.Name, Token.Punctuation, Token.Text.Whitespace})
_NAMES = {
    "py": "Python",
    "python": "Python",
    "pycon": "Python console",
    "console": "Console",
    "shell": "Shell",
    "sh": "Shell",
    "bash": "Shell",
    "zsh": "Shell",
    "powershell": "PowerShell",
    "js": "JavaScript",
    "javascript": "JavaScript",
    "jsx": "JSX",
    "ts": "TypeScript",
    "typescript": "TypeScript",
    "tsx": "TSX",
    "json": "JSON",
    "yaml": "YAML",
    "yml": "YAML",
    "toml": "TOML",
    "ini": "INI",
    "html": "HTML",
    "css": "CSS",
    "sql": "SQL",
    "rust": "Rust",
    "go": "Go",
    "java": "Java",
    "kotlin": "Kotlin",
    "csharp": "C#",
    "cs": "C#",
    "c": "C",
    "cpp": "C++",
    "ruby": "Ruby",
    "php": "PHP",
    "swift": "Swift",
    "dockerfile": "Dockerfile",
    "diff": "Diff",
    "xml": "XML",
    "markdown": "Markdown",
    "md": "Markdown",
    "rst": "reStructuredText",
    "mermaid": "Diagram, in Mermaid",
    "plantuml": "Diagram, in PlantUML",
    "dot": "Diagram, in Graphviz",
    "graphviz": "Diagram, in Graphviz",
    "d2": "Diagram, in D2",
}
_PROMPT = re.compile(r"^\s*>>>", re.MULTILINE)
# Some sites write the colours of a terminal's output as HTML, which their pages draw.
_TERMINALS = frozenset({"console", "terminal", "shell-session"})
_COLOURS = re.compile(r"</?(?:font|span|b|i|u|em|strong)\b[^<>\n]*>")
_IS_COLOURED = re.compile(r"<(?:font|span)\b[^<>\n]*\bcolor\b[^<>\n]*>")


class Covered(NamedTuple):
    """A result in a block: whole `lines`, from 0, or the `tail` of one."""

    lines: range
    tail: str = ""


def render_code(
    code: str, info: str, mark: Callable[[str], str], drawings: Iterator[int], covered: Mapping[str, Covered]
) -> str:
    """A figure around one block; `mark(citation id)` gives the HTML of a citation mark, `drawings` numbers diagrams.

    `covered`: citation id → the result in it that the reader shall predict.
    """
    fence = parse_info(info)
    language = fence.language.lower().strip("{}.")
    if language == "pycon" and not _PROMPT.search(code):
        language = "python"  # a question takes the prompts off; what has none would be coloured as output
    written = fence.language
    if not _is_coloured(language) and _is_coloured(base := language.partition("-")[0]):
        language = written = base  # `js-nolint`: the rest is for the site's own tools
    parts = [_label(language, written)]
    if fence.adapted:
        parts.append('<span class="adapted">adapted from the source</span>')
    if fence.citation_id is not None:
        parts.append(mark(fence.citation_id))
    code = code.rstrip("\n")
    if language in _TERMINALS and _IS_COLOURED.search(code):
        code = unescape(_COLOURS.sub("", code))
    tokens = _tokens(code, language)
    typed = typed_text(code, language, tokens)
    # What the copy button gives, where that is not what is shown.
    copied = f' data-typed="{escape(typed)}"' if typed != code else ""
    shown = ((Token.Text if kind in _PLAIN_KINDS else kind, text) for kind, text in tokens)
    result, every = covered.get(fence.citation_id or ""), range(code.count("\n") + 1)
    body = _cover(str(format_tokens(shown, _FORMATTER)).rstrip("\n"), result)
    marked = {at - 1 for at in marked_lines(fence.marked, every, every)}.difference(result.lines if result else ())
    if marked:
        body, told = _highlight(body, marked)
        parts.append(f'<span class="hidden">Highlighted lines: {told}</span>')
    if 'class="covered"' in body:
        parts.append('<span class="predict">Predict what is covered, then show it</span>')
    caption = " ".join(part for part in parts if part)
    figcaption = f"<figcaption>{caption}</figcaption>" if caption else ""
    long = " long" if every.stop > _LONG and max(marked, default=0) < _UNFOLDED else ""
    figure = f'<figure class="code{long}" data-language="{escape(language)}"{copied}>'
    shown_text = f'{figure}{figcaption}<pre tabindex="0"><code>{body}</code></pre></figure>\n'
    drawn = draw_diagram(code, f"drawing-{next(drawings)}") if language == "mermaid" else None
    return _around_drawing(*drawn, shown_text) if drawn else shown_text


def _cover(body: str, result: Covered | None) -> str:
    """The lines of a block with the result in one element; every element of the colours ends on its line."""
    lines = body.split("\n")
    if result is None or result.lines.stop > len(lines):
        return body
    before, told, after = (
        lines[: result.lines.start],
        lines[result.lines.start : result.lines.stop],
        lines[result.lines.stop :],
    )
    text = "\n".join(told)
    tail = re.escape(escape(result.tail, quote=False))  # as Pygments writes it
    found = re.search(rf'(?:<span class="[\w -]+">{tail}</span>|(?<!>){tail})$', text) if result.tail else None
    start = found.start() if found else len(text) if result.tail else 0
    covered = f'<span class="covered">{text[start:]}</span>' if start < len(text) else ""
    return "\n".join([*before, text[:start] + covered, *after])


def _highlight(body: str, marked: Container[int]) -> tuple[str, str]:
    """The lines with each run of the `marked` ones, from 0, in one element; and their numbers in words, from 1."""
    shown, told = "", list[str]()
    for is_marked, run in groupby(enumerate(re.findall(r".*\n|.+", body)), lambda line: line[0] in marked):
        numbers, lines = zip(*run, strict=True)
        text = "".join(lines)
        shown += f"<mark>{text}</mark>" if is_marked else text
        if is_marked:
            told.append(f"{numbers[0] + 1}–{numbers[-1] + 1}" if lines[1:] else f"{numbers[0] + 1}")
    return shown, ", ".join(told)


def _around_drawing(kind: str, svg: str, text: str) -> str:
    """A drawing, and behind it what it was made from, for those that hear or copy it."""
    opening = f'<figure class="diagram"><div class="drawing" role="group" aria-label="{kind}" tabindex="0">'
    return f"{opening}{svg}</div><details><summary>The diagram in words</summary>{text}</details></figure>\n"


def _label(language: str, written: str) -> str:
    if language in PLAIN:
        return ""
    return f'<span class="language">{escape(name_language(language) or written)}</span>'


def name_language(language: str) -> str:
    """The name that people use for a fence's language; "" for an unknown one."""
    return _NAMES.get(language, "")


def _tokens(code: str, language: str) -> list[tuple[_TokenType, str]]:
    plain = [(Token.Text, code)]
    if language in PLAIN or len(code) > _MAX_COLOURED:
        return plain
    tokens = list(_lexer(language).get_tokens(f"{code}\n"))
    # A lexer that loses a character would show something that the cited lines do not say.
    return tokens if "".join(text for _, text in tokens).rstrip("\n") == code else plain


def _is_coloured(language: str) -> bool:
    return not isinstance(_lexer(language), TextLexer)


@cache
def _lexer(language: str) -> Lexer:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False)
