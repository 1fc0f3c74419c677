"""Other ways of writing the same Markdown, spelled in the one way the parser knows, line for line.

What comes in and what goes out have the same number of lines, so that every line number stays true. Lines that only a
site generator reads become blank; containers of all kinds become colon containers; fenced code is never touched.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from shared.docs.code_spans import code_span
from shared.docs.includes import INCLUDE_COMMENT, PICTURE_SNIPPET
from shared.docs.markdown.containers import ADMONITIONS, TABS, box_of
from shared.docs.markdown.tags import TAG, WRAPPERS, attribute, card_text, is_diagram, picture_of
from shared.docs.markdown.targets import spell_definition
from shared.docs.markdown.templates import ATTRIBUTES, call_text
from shared.docs.model import VERSION_TITLES
from shared.docs.problems import NOT_SHOWN

MAX_LINE = 20_000

_SCRIPT = re.compile(r"^\s*+<script\b")  # of a Vue component: what stands around it is Markdown
_SCRIPT_END = re.compile(r"</script\s*+>")
IMPORT_DONE = re.compile(r"['\"]\s*;?\s*(?://.*)?$")

FENCE = re.compile(r"^((?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})(.*)$")
_BARE = re.compile(
    r"^(?:\[TOC\]|\[\[_?toc_?\]\]|\$\{toc\}|<!--\s*toc\s*-->"  # tables of contents
    r"|\([\w .:/-]+\)="  # MyST targets
    r"|% .*"  # MyST comments
    rf"|(?:{ATTRIBUTES}|\{{:\s*[\w-]+\s*\}})"  # attributes of the block before
    r"|\*\[[^\[\]]+\]:.*"  # abbreviations
    r"|\\(?:newpage|pagebreak)|!INCLUDE\s.*|\{\{\s*+include\s+\"[^\"\s/]*+/[^\"\s]*+\"\s*+\}\}"
    r"|import\s+(?:[\w{},*$\s]+\s+from\s+)?['\"][^'\"]+['\"];?)$",
    re.IGNORECASE,
)
_CLASSES = re.compile(r"\{:[ \t]*((?:\.[\w-]+[ \t]*)+)\}[ \t]*")
_MOST_LINES_OF_BOX = 60
_ELEMENT = re.compile(r"<(/?)(aside|blockquote|center|div|dl|ol|p|picture|section|table|ul)\b[^<>]*>", re.IGNORECASE)
_ALONE = re.compile(r"\s*<[^<>]*>\s*</\w+>\s*")
_LOOP = re.compile(
    r"[ \t]*\{%-?[ \t]{0,9}(?:for[ \t]{1,9}\w[\w, ]{0,98}?[ \t]{1,9}in[ \t]{1,9}([\w.]+)|endfor\b)[^%]*%\}[ \t]*"
)
_REPEATED = re.compile(r"(?:.*\{[{%].*|</?\w[^<>]*>|)")
_AS_IT_STANDS = re.compile(r"\{%-?\s{0,9}raw\b|<pre\b")
_ENDS_AS_IT_STANDS = re.compile(r"\{%-?\s{0,9}endraw\b|</pre\b")
_WHOLE = frozenset({"dl", "ol", "table", "ul"})
_BEGINS_HTML = re.compile(r"\s*<(?:[dou]l|div|h\d|p|table)\b", re.IGNORECASE)
_HOLDS_MARKDOWN = re.compile(r"\s*(?:(?:[-*+>|]|#+|\d{1,9}[.)])\s|!\[|```|~~~|:::|!!!|\?\?\?|===|\[[^\[\]]+\]:|\$\$)")
_ENDS_BOX = re.compile(r"\s*(?:#{1,3}\s|<h[1-3]\b|(?:=+|---+)\s*$)", re.IGNORECASE)
_LIQUID = re.compile(r"^\{%-?\s*(/?)(end)?([\w-]+)\s*(.*?)\s*/?-?%\}$")
_ENDED = re.compile(r"[ \t]*\{%-?[ \t]{0,9}end([\w-]+)")
_TEMPLATE_OPEN = re.compile(r"\{\{[<%]|\{%")
_TEMPLATE_CLOSERS = {"{{<": ">}}", "{{%": "%}}", "{%": "%}"}
_CALL = re.compile(r"^\{\{-?\s*([\w.:-]+)\(([^{}]*)\)\s*-?\}\}$")
_SHORTCODE = re.compile(r"^\{\{[<%]\s*(/?)\s*([\w/-]+)\s*(.*?)\s*/?\s*[%>]\}\}$")
_SLASHES = re.compile(r"^/{3,}\s*(?:([\w-]+)\s*(?:\|\s*(.*))?)?$")
_SLASH_KINDS = ADMONITIONS | {"details", "tab", "html", "define", "caption", "figure-caption"}
_SLASH_OPTION = re.compile(r"^(?: {4,}|\t)\s*(?:[\w-]+:(?:\s|$)|- )")
_SLASH_TYPE = re.compile(r"^\s+type:\s*([\w-]+)\s*$")
_COLON_DIRECTIVE = re.compile(r"^(:{3,})\s*\{([a-z][\w:-]*)\}\s*(.*)$")
_CELL_DIRECTIVE = re.compile(r"^(\s*(?:[-*+]\s+)*):{3,}\s*\{([a-z][\w:-]*)\}\s*(.*)$")
_COMPONENT = re.compile(r"^(::?(?!:)|#(?=\w))(?:([a-z][\w-]*)(\{.*\})?)?$")
_COMPONENT_END = re.compile(r"^::$")
_COLON_DIAGRAM = re.compile(r"^(:{3})\s*(mermaid)()$")
_MARKDOWN_DIRECTIVES = ADMONITIONS | {
    "card", "card-carousel", "details", "div", "dropdown", "glossary", "grid", "grid-item", "grid-item-card", "margin",
    "panels", "sidebar", "tab", "tab-item", "tab-set", "tabbed", "topic",
}  # fmt: skip
_GLOSSARY, _CLOSING = re.compile(r"^:{3,}glossary$"), re.compile(r"^:{3,}$")
_DIRECTIVE = re.compile(r"^\{([\w:-]+)\}\s*(.*)$")
_OPTION = re.compile(r"^:[\w-]+:(?:\s|$)|^---\s*$")
_CONTAINER_TAGS = {"aside": "note", "admonition": "note", "callout": "note", "alert": "note", "hint": "tip"}
_LABELLED_TAGS = {"accordionitem": "details", "expandable": "details", "collapsible": "details",
                  "fragment": "tab", "listing": "tab"}  # fmt: skip
_LABELS = ("label", "title", "name", "header", "slot", "value", "caption", "file-name")
_HIDDEN_OF_DOCC = re.compile(r" {0,3}@(?:Metadata|Options|Comment)\b(?:\([^()\n]*\))?[ \t]*\{")
_LONGEST_HIDDEN = 200
_SPAN = re.compile(r"`[^`]*`")
_HIDDEN_BLOCK = re.compile(r"^<(script|style)\b", re.IGNORECASE)
_HOLDS_INDENTED = re.compile(r" {0,3}(?:[-*+]\s|\d{1,9}[.)]\s|!!!|\?\?\?|===|:|\[\^|[<>{/])")
_DATA_URI = re.compile(r"\(\s*<?data:[^()\s]{100,}\)")
_QUOTED, _OPEN_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'"), re.compile(r"<[A-Za-z][^<>\"'`]*=([\"'])[^<>]*\Z")
_MOST_LINES_OF_TAG = 60
_LISTING = "`" * 7
_CLOSER = re.compile(r"\{(?:%-?\s*(?:end|/)|\{[<%]\s*/)")
_TABS_OF_HUGO = frozenset({"tabpane", "tabs"})
_HUGE = "line {} has {} characters and was left out"


@dataclass
class _Reading:
    """Where the pass stands: inside which fence, comment or hidden element."""

    problems: list[str] = field(default_factory=list)
    fence: str = ""
    colons: str = ""  # the open fence, when colons in the source were spelled as one
    nested: int | None = None  # directives open in the cells of a table between colons
    wrapped: list[str] = field(default_factory=list)  # fences spelled as containers, innermost last
    options: re.Pattern[str] | None = None  # a directive's option lines, while they may come
    until: str = ""
    is_text: bool = False  # the tabs of the shortcodes around the line hold Markdown
    listing: str = ""  # the template tag around code, until it is closed: the code may hold fences of its own
    may_be_code: bool = True  # what is indented below the last line without an indent
    ended: frozenset[str] = frozenset()  # the names of the block tags that end somewhere
    follows_code: bool = True  # or a blank line, as the first line of indented code does

    def is_code(self, line: str) -> bool:
        """Whether the next line is of indented code, which stays as it is; asked once for each line."""
        if self.fence or self.until or self.options or self.listing:
            return False
        is_indented, is_blank = line.startswith(("    ", "\t")), not line.strip()
        if not is_indented and not is_blank:
            self.may_be_code = not _HOLDS_INDENTED.match(line)
        is_code = is_indented and not is_blank and self.may_be_code and self.follows_code
        self.follows_code = is_blank or is_code
        return is_code


def spell(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """(lines in the one dialect, problems); as many lines as before."""
    reading = _Reading(ended=frozenset(found[1] for found in map(_ENDED.match, lines) if found))
    out: list[str] = []
    hidden = _list_hidden(lines) if any(map(_HIDDEN_OF_DOCC.match, lines)) else set()
    for number, line in enumerate(lines, 1):
        if number in hidden:
            line = ""
        if len(line) > MAX_LINE:
            line = _DATA_URI.sub("()", line)
        if len(line) > MAX_LINE:
            reading.problems.append(_HUGE.format(number, len(line)))
            line = ""
        following = lines[number] if number < len(lines) else ""
        line = line.replace("\r", " ").replace("\0", "\ufffd")
        is_code = reading.is_code(line)
        if is_code or reading.fence or reading.until or reading.listing:
            hidden.add(number)
        out.append(line if is_code else _spelled(line, following, reading))
    _define_terms(out)
    _close_gaps_in_tags(out)
    _read_elements(lines, out, hidden)
    if any(line.startswith("{:") for line in lines):
        _open_boxes(lines, out)
    return out, reading.problems


def _list_hidden(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines of directives that only the site of DocC reads, up to the bracket that closes each."""
    hidden: set[int] = set()
    first = depth = 0
    for index, line in outside_fences(lines):
        if not depth and _HIDDEN_OF_DOCC.match(line):
            first = index
        elif not depth or index - first > _LONGEST_HIDDEN:
            depth = 0
            continue
        bare = _SPAN.sub("", line).rstrip()
        depth = max(0, depth + bare.count("{") - bare.count("}")) if not bare.startswith("#") else 0
        hidden.update(range(first + 1, index + 2) if not depth and bare.endswith("}") else ())
    return hidden


def _read_elements(lines: Sequence[str], out: list[str], hidden: Collection[int]) -> None:
    """Elements of HTML over several lines: boxes and quotes become containers; blank lines end no table and no list.

    Tags that are indented below other tags begin their lines: they are not code. What a template repeats is not read.
    """
    opened = defaultdict[str, list[tuple[int, str]]](list)
    found: list[tuple[int, int, str, str]] = []
    loops: list[tuple[int, str]] = []
    depth, is_below_tag, is_raw = 0, False, False
    for index, line in enumerate(lines):
        if index + 1 in hidden:
            continue
        begins = line.lstrip()[:1]
        if depth > 0 and is_below_tag and begins == "<":
            out[index] = out[index].lstrip()
        is_tag = begins == "<" and not out[index].startswith(("    ", "\t"))
        is_below_tag = is_tag or (is_below_tag and not begins)
        is_raw = (is_raw or _AS_IT_STANDS.search(line) is not None) and not _ENDS_AS_IT_STANDS.search(line)
        if loop := None if is_raw else _LOOP.fullmatch(line):
            first, name = loops.pop() if loops and not loop[1] else (index, loop[1])
            if loop[1]:
                loops.append((index, name))
            elif (
                not loops
                and "{{" in "".join(body := lines[first:index])
                and all(_REPEATED.fullmatch(one.strip()) for one in body)
            ):
                shown = ("<tr><td>" if opened["table"] else _indent(lines[first])) + f"{code_span(name)} is {NOT_SHOWN}"
                out[first : index + 1] = [shown, *[""] * (index - first)]
        for tag in _ELEMENT.finditer(_SPAN.sub("", line)) if "<" in line else ():
            if not tag[1]:
                opened[tag[2].lower()].append((index, tag[0]))
            elif waiting := opened[tag[2].lower()]:
                first, begins = waiting.pop()
                found.append((first, index, tag[2].lower(), begins))
            depth = max(0, depth - 1 if tag[1] else depth + 1)
    whole = 0
    for first, last, name, begins in sorted(found, key=lambda element: (element[0], -element[1])):
        if first >= whole and lines[first].lstrip().startswith(begins):
            if name in _WHOLE and lines[first].rstrip().endswith(">"):
                whole = last
                out[first + 1 : last] = _without_gaps(out[first + 1 : last])
            elif kind := box_of(attribute(begins, "class")) or ("blockquote" if name == "blockquote" else ""):
                _open_box(kind, first, last, lines, out)


def _open_box(kind: str, first: int, last: int, lines: Sequence[str], out: list[str]) -> None:
    """An element between tags that stand alone on their lines becomes a container, unless it is more than a box."""
    inner, indent = out[first + 1 : min(last, first + _MOST_LINES_OF_BOX + 2)], _indent(lines[first])
    before = out[first - 1].strip() if first else ""
    if not (before[:1] in ("", "#") or before.startswith((":::", "</"))) or not _ALONE.fullmatch(
        lines[first] + lines[last]
    ):
        return
    if inner and len(inner) <= _MOST_LINES_OF_BOX and not any(map(_ENDS_BOX.match, inner)):
        is_html = _BEGINS_HTML.match(next(filter(str.strip, inner), ""))
        if is_html or not inner[0].rstrip().startswith((f"{indent}    ", "\t")):
            inner = _without_gaps(inner) if is_html else inner
            out[first : last + 1] = [f"{indent}:::{kind}", *inner, f"{indent}:::"]


def _without_gaps(lines: list[str]) -> list[str]:
    """Lines of HTML without blank ones, which would end it, unless they hold blocks of Markdown."""
    is_html = not any(map(_HOLDS_MARKDOWN.match, lines))
    return [line if line.strip() or not is_html else "\xa0" for line in lines]


def _open_boxes(lines: Sequence[str], out: list[str]) -> None:
    """A paragraph or a quote becomes a box where an attribute list of kramdown right before or after it names one."""
    free = dict(outside_fences(list(out)))
    for index in free:
        found = _CLASSES.fullmatch(lines[index]) if lines[index].startswith("{:") else None
        kind = box_of(found[1]) if found else ""
        if not kind:
            continue
        step = -1 if index and out[index - 1].strip() else 1
        end = index + step
        while end in free and out[end].strip() and abs(end - index) <= _MOST_LINES_OF_BOX:
            end += step
        inner = range(min(index, end) + 1, max(index, end))
        if not inner or end not in free or out[end].strip():
            continue
        if any(out[at].startswith(("#", ":::", "    ", "\t")) for at in inner):
            continue
        for at in inner if all(out[at].startswith(">") for at in inner) else ():
            out[at] = out[at][1:].removeprefix(" ")
        out[inner[0] - 1], out[inner[-1] + 1] = f":::{kind}", ":::"


def _close_gaps_in_tags(out: list[str]) -> None:
    """Blank lines inside of a value in quotes that a tag opens end no HTML: they become lines with a blank alone."""
    until = 0
    for index, line in outside_fences(list(out)):
        opened = _OPEN_VALUE.search(_QUOTED.sub("", line)) if index >= until and line.lstrip().startswith("<") else None
        following = range(index + 1, min(len(out), index + _MOST_LINES_OF_TAG)) if opened else ()
        until = next((at for at in following if opened and opened[1] in out[at]), until)
        for at in range(index + 1, until):
            out[at] = out[at] if out[at].strip() else "\xa0"


def _define_terms(out: list[str]) -> None:
    """Terms of a MyST glossary, with what they mean indented below, as a definition list."""
    inside, term = False, ""
    for index, line in enumerate(out):
        if term and line.startswith("  ") and line.strip():
            out[index] = f":{line[1:]}"
        opens = _GLOSSARY.match(line) is not None
        inside = opens or (inside and _CLOSING.match(line) is None)
        term = line if inside and not opens and not line.startswith(" ") else ""


def outside_fences(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(index, line) of the lines that are not fenced code."""
    fence = ""
    for index, line in enumerate(lines):
        mark = FENCE.match(line)
        if fence:
            if mark and closes(fence, mark):
                fence = ""
        elif mark and not _is_inline(mark):
            fence = mark.group(2)
        else:
            yield index, line


def is_mdx(lines: Sequence[str]) -> bool:
    """Whether a `.md` file is written in MDX, as some generators allow: it imports its components."""
    if not any(line.startswith("import ") for line in lines):
        return False
    in_script = False
    for _, line in outside_fences(lines):
        in_script = not _SCRIPT_END.search(line) if in_script or _SCRIPT.match(line) else False
        if not in_script and line.startswith("import ") and " from " in line and IMPORT_DONE.search(line):
            return True
    return False


def closes(fence: str, mark: re.Match[str]) -> bool:
    """Whether a line that looks like a fence closes the open one."""
    return mark.group(2).startswith(fence) and not mark.group(3).strip()


def _is_inline(mark: re.Match[str]) -> bool:
    """Whether what looks like an opening fence is a code span on a line of its own."""
    return mark.group(2)[0] == "`" and "`" in mark.group(3)


def _spelled(line: str, following: str, reading: _Reading) -> str:
    if reading.until or reading.listing:
        return _in_tag(line, reading)
    if reading.options:
        if reading.options.match(line if reading.options is _SLASH_OPTION else line.strip()):
            return ""
        reading.options = None
    mark = FENCE.match(line)
    if reading.fence:
        return _in_fence(line, mark, reading)
    if mark and not _is_inline(mark):
        return _fence_opened(line, mark, reading)
    stripped = line.strip()
    if not stripped:
        return line
    indent = _indent(line)
    if stripped[0] in "[*({\\$i<I!%" and _BARE.match(stripped):
        return "<!---->" if stripped.startswith("{{") else ""  # an element around it goes on
    match stripped[0]:
        case "[" | "-":
            shown = PICTURE_SNIPPET.fullmatch(line)
            return f'{indent}<img src="/{shown[2]}">' if shown else spell_definition(line)
        case "<":
            return _tag_line(line, stripped, indent, following, reading)
        case "{":
            return _template_line(line, following.strip(), indent, reading)
        case ":" if directive := _COLON_DIRECTIVE.match(stripped) or _COLON_DIAGRAM.match(stripped):
            return _colon_opened(line, directive, indent, reading)
        case ":" | "#" if component := _COMPONENT.match(stripped):
            return _component_line(line, following.strip(), component, reading)
        case "/" if slashes := _SLASHES.match(stripped):
            return _slash_line(line, following, slashes, indent, reading)
    return line


def _in_tag(line: str, reading: _Reading) -> str:
    """A line inside of a tag that is dropped whole, or of a listing."""
    if reading.listing and (_CLOSER.match(line.strip()) is None or reading.listing not in line):
        return line
    shown = _indent(line) + _LISTING if reading.listing else ""
    if reading.listing or reading.until in line.lower():
        reading.listing = reading.until = ""
    return shown


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _in_fence(line: str, mark: re.Match[str] | None, reading: _Reading) -> str:
    is_end = bool(reading.colons) and line.strip().startswith(reading.colons) and not line.strip(": ")
    if reading.nested is not None and (found := _CELL_DIRECTIVE.match(line)):
        reading.nested += 1
        line = f"{found[1]}.. {found[2]}:: {found[3]}"  # the table is read as reStructuredText
    elif reading.nested:
        reading.nested -= is_end
        line = "" if is_end else f"   {line}"
    elif is_end:
        line, reading.fence, reading.colons = line.replace(":", "~"), "", ""
    elif mark and not reading.colons and closes(reading.fence, mark):
        reading.fence = ""
    return line


def _fence_opened(line: str, mark: re.Match[str], reading: _Reading) -> str:
    """A fence; when it is a MyST admonition its content is Markdown, so it becomes a container."""
    if reading.wrapped and closes(reading.wrapped[-1], mark):
        reading.wrapped.pop()
        return mark.group(1) + ":::"
    directive = _DIRECTIVE.match(mark.group(3).strip())
    if directive and directive.group(1) in _MARKDOWN_DIRECTIVES:
        reading.wrapped.append(mark.group(2))
        reading.options = _OPTION
        return f"{mark.group(1)}:::{directive.group(1)} {_directive_title(*directive.groups())}".rstrip()
    reading.fence = mark.group(2)
    return line


def _colon_opened(line: str, directive: re.Match[str], indent: str, reading: _Reading) -> str:
    """A MyST directive between colons: a container when its content is Markdown, else a fence."""
    colons, name, argument = directive.groups()
    if name in _MARKDOWN_DIRECTIVES:
        reading.options = _OPTION
        return f"{indent}{colons}{name} {_directive_title(name, argument)}".rstrip()
    reading.fence = reading.colons = colons
    reading.nested = 0 if name.endswith("table") else None
    return f"{indent}{'~' * len(colons)}{{{name}}} {argument}".rstrip()


def _component_line(line: str, following: str, found: re.Match[str], reading: _Reading) -> str:
    """Components of Nuxt Content, `::note{title="T"}` … `::` and `:name{to="/a"}`: containers, links, or as written;
    `#name` in one begins a part of it.
    """
    colons, name, attributes = found.groups()
    indent, said = _indent(line), f" {(attributes or '').strip('{}')}"
    target, label = attribute(said, "to"), label_of(said)
    if colons == "#":
        return "" if "::" in reading.wrapped else line
    if not name and reading.wrapped[-1:] == ["::"] == [colons]:
        reading.wrapped.pop()
        return f"{indent}:::"
    if name and target and (colons == ":" or following == "::"):
        reading.options = _COMPONENT_END if colons == "::" else None
        return f"{indent}[{label}]({target})"
    if not name or colons == ":":
        return f"{indent}{code_span(line.strip())}" if attributes else line
    reading.wrapped.append("::")
    return f"{indent}:::{name.replace('tabs-item', 'tab-item')} {label}".rstrip()


def _directive_title(name: str, argument: str) -> str:
    """A directive's argument when it is a title to show."""
    return argument if name == "admonition" or name in TABS or name in VERSION_TITLES else ""


def _tag_line(line: str, stripped: str, indent: str, following: str, reading: _Reading) -> str:
    if stripped.startswith("<!--"):
        if "-->" not in stripped:
            reading.until = "-->"
            return ""
        if INCLUDE_COMMENT.match(stripped):
            return line
        return "" if stripped.endswith("-->") and stripped.count("-->") == 1 else line
    if hidden := _HIDDEN_BLOCK.match(stripped):
        closing = f"</{hidden.group(1).lower()}"
        if closing not in stripped.lower() and not stripped.endswith("/>"):
            reading.until = closing
        return ""
    tags = list(TAG.finditer(stripped))
    if not tags or "".join(tag.group() for tag in tags).replace(" ", "") != stripped.replace(" ", ""):
        return line
    if len(tags) == 1 and (spelled := container_tag(tags[0])):
        return indent + spelled
    is_link = all(tag.group("name").endswith("Link") for tag in tags) or (
        tags[0].group("empty") and card_text(stripped)
    )
    if is_link or is_diagram(stripped) or picture_of(stripped):
        return line
    groups = all(tag.group("name").lower() in WRAPPERS or tag.group("name")[0].isupper() for tag in tags)
    # Text indented right below an HTML tag is HTML; with the tag gone it would read as indented code.
    return "" if groups and not following.startswith(("    ", "\t")) else line


def container_tag(tag: re.Match[str]) -> str:
    """A component that is an admonition or has a label, as the line that opens or closes a container; "" for others."""
    name = tag.group("name").rpartition(".")[2].lower()
    labelled = _LABELLED_TAGS.get(name, name if name in TABS else "")
    known = labelled or name in _CONTAINER_TAGS or name in ADMONITIONS
    if not tag.group("name")[0].isupper() or not known or tag.group("empty"):
        return ""
    if tag.group("close"):
        return ":::"
    if labelled:
        return f":::{labelled} {label_of(tag.group())}".rstrip()
    kind = (attribute(tag.group(), "type") or _CONTAINER_TAGS.get(name, name)).lower()
    title = attribute(tag.group(), "title")
    return f":::{kind if kind in ADMONITIONS else 'note'} {title}".rstrip()


def label_of(tag: str) -> str:
    """The label a component gives to what it wraps, or ""."""
    return next((label for name in _LABELS if (label := attribute(tag, name))), "")


def _template_line(line: str, following: str, indent: str, reading: _Reading) -> str:
    stripped = line.strip()
    if call := _CALL.match(stripped):
        return indent + call_text(*call.groups())
    opened = _TEMPLATE_OPEN.match(stripped)
    closer = _TEMPLATE_CLOSERS[opened.group()] if opened else ""
    if opened and closer not in stripped:
        reading.until = closer
        return ""
    if liquid := _LIQUID.match(stripped):
        closing, end, name, arguments = liquid.groups()
        spelled = _named_block(indent, name, arguments, reading, closing=bool(closing or end))
        if spelled or closing or end or following not in ("[", "{") or name not in reading.ended:
            return spelled
        reading.listing = name
        return f"{indent}{_LISTING}json"  # data for a program of the site, such as a console
    if shortcode := _SHORTCODE.match(stripped):
        slash, name, arguments = shortcode.groups()
        if name in _TABS_OF_HUGO:
            reading.is_text = "text=true" in arguments
        if name == "tab" and not slash:
            reading.is_text |= opened is not None and opened.group() == "{{%"
            return _tab_line(stripped, indent, arguments, reading)
        return _named_block(indent, name, arguments, reading, closing=bool(slash))
    return line


def _tab_line(stripped: str, indent: str, arguments: str, reading: _Reading) -> str:
    """A tab of Hugo's themes: one with a language holds code, as it stands, where the author does not say it is text;
    of another its label is shown.
    """
    said = f" {arguments}"
    label = label_of(said) or arguments.strip("\"'") * ("=" not in arguments)
    if stripped.endswith(("/>}}", "/%}}")) or "disabled" in arguments:
        return ""
    language = attribute(said, "lang") or attribute(said, "codelang")
    if language and not reading.is_text:
        reading.listing = "tab"
        return f'{indent}{_LISTING}{language.lower()} title="{label}"'
    return f"{indent}**{label}**" if label and "*" not in label else ""


def _named_block(indent: str, name: str, arguments: str, reading: _Reading, *, closing: bool) -> str:
    """A block tag of a template language: admonitions as containers, highlighted code as a fence, the rest blank."""
    kind = name.lower()
    if kind == "mermaid":
        return indent + "```" + ("" if closing else kind)
    if kind in ("highlight", "codeblock", "code-toggle"):
        language = "" if "=" in arguments.partition(" ")[0] else arguments.partition(" ")[0].strip("\"'")
        reading.listing = "" if closing else name
        return "" if closing else f"{indent}{_LISTING}{language}"
    if kind in ("hint", "callout", "alert", "notice", "admonition", "aside") or kind in ADMONITIONS:
        if closing:
            return indent + ":::"
        words = arguments.split()
        style = next(filter(None, (attribute(f" {arguments}", name) for name in ("style", "type", "color"))), "")
        bare = words[0].strip("\"'") if words and "=" not in words[0] else ""
        label = (style or bare or (kind if kind in ADMONITIONS else "note")).lower()
        title = attribute(" " + arguments, "title")
        return f"{indent}:::{label if label in ADMONITIONS else 'note'} {title}".rstrip()
    return ""


def _slash_line(line: str, following: str, slashes: re.Match[str], indent: str, reading: _Reading) -> str:
    """Blocks of pymdownx: `/// note | Title` … `///`, whose kinds a site may add to; options are indented below."""
    kind, title = slashes.groups()
    if kind is None:
        return indent + ":::"
    kind = re.sub(r"^version-(?=\w)", "version", kind.lower()).replace("versiondeprecated", "deprecated")
    reading.options = _SLASH_OPTION
    if typed := _SLASH_TYPE.match(following):
        kind = typed.group(1).lower() if kind == "admonition" else kind
    if kind not in _SLASH_KINDS and kind not in VERSION_TITLES:
        kind = "note" if title else "div"
    return f"{indent}:::{kind} {title or ''}".rstrip()
