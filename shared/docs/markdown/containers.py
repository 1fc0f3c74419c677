"""Block rules for what documentation sites add to Markdown: colon containers, and mkdocs' admonitions and tabs.

`:::note Title` … `:::` and `!!! note "Title"` with an indented body become `container` tokens; the token's `info` is
the kind, its `meta["title"]` the title. The dialects that mean the same (`/// note`, `{% hint %}`, `<Aside>`) are
spelled as colon containers before parsing, see `dialects`.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

ADMONITIONS = frozenset({
    "abstract", "admonition", "aside", "attention", "bug", "callout", "caution", "check", "danger", "deprecated",
    "error", "example", "failure", "faq", "hint", "important", "info", "information", "note", "notice", "question",
    "quote", "remember", "secondary", "seealso", "success", "summary", "tip", "tldr", "todo", "versionadded",
    "versionchanged", "versionremoved", "warn", "warning",
})  # fmt: skip
"""Container kinds that set text apart; all others (tabs, steps, columns, …) only group and are read through."""

_STYLES = frozenset({"abstract", "example", "quote", "secondary", "summary"})
_OF_ANY_KIND = frozenset({"admonition", "aside", "callout", "notice"})  # they say that it is a box, and not which

TABS = frozenset(
    {"tab", "tab-item", "tabitem", "tabbed", "details", "dropdown", "collapse", "accordion", "card", "step"}
)
"""Container kinds with a label of their own: one of several tabs, or what a reader unfolds."""

_CLASS = re.compile(r"(?<![\w-])(?:(?:[a-z]+-)?(?:admonition|alert|callout|notice|prompt)-+)?([a-z]+)(?![\w-])")
_OPEN = re.compile(r":{3,}\s*(?:\{\s*\.?(?:callout-)?)?([A-Za-z][\w-]*)(.*)$")
_CLOSE = re.compile(r":{3,}\s*$")
_OBJECT = re.compile(r":::\s+([A-Za-z_]\w*(?:\.\w+)*)\s*$")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_MARKS_BEFORE = re.compile(r"^(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
_CLOSERS = "colon_closers"
_MARKED = re.compile(r"(?:!!!|\?\?\?\+?)\s*([\w-]+)?([^\"']*)(?:\"(.*)\"|'(.*)')?\s*$")
_TAB = re.compile(r"===[!+]?\s+(?:\"(.*)\"|'(.*)')\s*$")
_TITLE = re.compile(r"\[(.{0,300}?)\](?!\()|title=[\"']([^\"']*)[\"']")
_INTERRUPTS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}


def add_containers(md: MarkdownIt) -> None:
    """Let a parser recognise colon containers and mkdocs' marked blocks."""
    md.block.ruler.before("fence", "colon_container", _colon_container, _INTERRUPTS)
    md.block.ruler.before("fence", "marked_block", _marked_block, _INTERRUPTS)


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _colon_container(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith(":::", begin) or state.is_code_block(start_line):
        return False
    text = _line(state, start_line)
    if _CLOSE.match(text):
        return _skip_line(state, start_line, silent)
    opening = _OPEN.match(text)
    if opening is None:
        return False
    if silent:
        return True
    close = _closing_lines(state).get(start_line)
    if close is None and (named := _name_of_object(text)):
        _push_object(state, named, start_line, end_line)
        return True
    if close is None or close >= end_line:
        # Never closed: its mark is dropped, and what follows is read as if it were not there.
        return _skip_line(state, start_line, silent)
    _push(state, opening.group(1).lower(), _title(opening.group(2)), start_line, close, indent=0)
    state.line = close + 1
    return True


def _name_of_object(text: str) -> str:
    """The name in mkdocstrings' `::: package.name`, which has no end; "" when the line opens a container."""
    match = _OBJECT.match(text)
    return match.group(1) if match and match.group(1).lower() not in ADMONITIONS else ""


def box_of(classes: str) -> str:
    """The kind of box that the classes of an element name, "" for none: `alert alert-warning`, `.note .info`."""
    kinds = [one for one in _CLASS.findall(classes.lower()) if one in ADMONITIONS - _STYLES]
    return next((one for one in reversed(kinds) if one not in _OF_ANY_KIND), "note") if kinds else ""


def _push_object(state: StateBlock, name: str, start_line: int, end_line: int) -> None:
    """A fence of a directive, with the indented options below as its lines."""
    last = _last_indented(state, start_line, end_line)
    token = state.push("fence", "code", 0)
    token.info, token.map = f"{{mkdocstrings}} {name}", [start_line, last + 1]
    token.content = state.getLines(start_line + 1, last + 1, state.blkIndent, keepLastLF=True)
    state.line = last + 1


def _last_indented(state: StateBlock, start_line: int, end_line: int) -> int:
    """The last of the indented lines below `start_line`, or `start_line`; blank lines do not end them."""
    last = start_line
    for number in range(start_line + 1, end_line):
        if state.isEmpty(number):
            continue
        if state.sCount[number] < state.blkIndent + 4:
            break
        last = number
    return last


def _skip_line(state: StateBlock, start_line: int, silent: bool) -> bool:
    if not silent:
        state.line = start_line + 1
    return True


def _closing_lines(state: StateBlock) -> dict[int, int]:
    """For the line of each colon container that is closed, the line of its `:::`; found once per document."""
    known: dict[int, int] | None = state.env.get(_CLOSERS)
    if known is not None:
        return known
    closers: dict[int, int] = {}
    opened: list[int] = []
    fence = ""
    for number in range(len(state.bMarks) - 1):
        text = _MARKS_BEFORE.sub("", state.src[state.bMarks[number] : state.eMarks[number]])
        if mark := _FENCE.match(text):
            if not fence:
                fence = mark.group(1)
            elif mark.group(1).startswith(fence) and not text.strip().strip(fence[0]):
                fence = ""
        elif not fence and text.startswith(":::"):
            if not _CLOSE.match(text):
                opened += [] if "." in _name_of_object(text) else [number]
            elif opened:
                closers[opened.pop()] = number
    state.env[_CLOSERS] = closers
    return closers


def _title(rest: str) -> str:
    """The title in what follows a container's kind: `[Title]`, `{title="Title"}` or the rest of the line."""
    if match := _TITLE.search(rest):
        return (match.group(1) or match.group(2) or "").strip()
    return re.sub(r"\{[^{}]*\}|^\}", "", rest).strip()


def _marked_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith(("!!!", "???", "==="), begin) or state.is_code_block(start_line):
        return False
    text = _line(state, start_line)
    if tab := _TAB.match(text):
        kind, title = "tab", tab.group(1) or tab.group(2) or ""
    elif text[0] != "=" and (marked := _MARKED.match(text)):
        kind, title = (marked.group(1) or "note").lower(), marked.group(3) or marked.group(4) or ""
    else:
        return False
    if silent:
        return True
    last = _last_indented(state, start_line, end_line)
    _push(state, kind, title, start_line, last + 1, indent=4)
    state.line = last + 1
    return True


def _push(state: StateBlock, kind: str, title: str, start_line: int, end_line: int, indent: int) -> None:
    """A container token pair around the blocks between its first line and `end_line` (exclusive)."""
    token = state.push("container_open", "div", 1)
    token.info, token.meta, token.map = kind, {"title": title}, [start_line, end_line]
    parent, line_max, block_indent = state.parentType, state.lineMax, state.blkIndent
    state.parentType, state.lineMax = "container", end_line
    state.blkIndent += indent
    state.md.block.tokenize(state, start_line + 1, end_line)
    state.parentType, state.lineMax, state.blkIndent = parent, line_max, block_indent
    state.push("container_close", "div", -1)
