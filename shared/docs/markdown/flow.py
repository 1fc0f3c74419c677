"""From block tokens to headings and blocks in reading order, each with its raw lines."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby, product

from markdown_it.token import Token

from shared.docs.headings import MODULE_NAME, Heading, Part
from shared.docs.included import NotIncluded
from shared.docs.included_prose import bring_in
from shared.docs.includes import Include, includes_of_line
from shared.docs.links import is_external
from shared.docs.markdown.code_blocks import CodeReader
from shared.docs.markdown.containers import ADMONITIONS, TABS
from shared.docs.markdown.frames import Frame, containers, is_callout, prose_block, without_alert
from shared.docs.markdown.html_blocks import HtmlPart, NumberedLines, html_parts
from shared.docs.markdown.inline import MAX_PARAGRAPH, InlineText, read_inline
from shared.docs.markdown.live import is_control, live_end
from shared.docs.markdown.noise import is_formula, link_bar, malformed_table
from shared.docs.markdown.paragraph import Picture, Surroundings
from shared.docs.markdown.tags import ICON, icon_words
from shared.docs.markdown.targets import written_target
from shared.docs.model import VERSION_TITLES, Block, Image, Sentence
from shared.docs.picture_names import name_of_picture
from shared.docs.plain import plain_text
from shared.docs.prose import escape_plain, note_mark, sentences_of
from shared.docs.reading import put_within, renumber_lists, say_not_shown
from shared.docs.snippets import is_prose

_TASK = re.compile(r"^\s*\[([ xX])\]\s+")
_HEADING_MARKS = re.compile(r"(?<!\s)\s++#++\s*$")
_SIGN = re.compile(r"\.svg\b|icon", re.IGNORECASE)
_MARKED = re.compile(r"[<*\[!]")
# `# Words[[words]]`, `# Words [#words]`, `# Words {/*words*/}`
_HEADING_ANCHOR = re.compile(
    r"(?:(?:(?<=[^\s\[])\[(?=\[.*\]\])|(?<=\s)(?=\[#))\[#?(?P<id>[\w.-]{1,200})\]{1,2}"
    r"|(?<=\s)\{/\*\s*#?(?P<mdx>[\w.-]{1,200})\s*\*/\})\s*$"
)


ReadPart = Callable[[Include], tuple[str, Sequence[Part]]]
"""Reads the text that an include stands for: its file and what it holds. Raises NotIncluded."""


class Flow:
    """Walks the tokens of one document once; `parts` and `problems` are the result."""

    def __init__(self, around: Surroundings, code: CodeReader, read_part: ReadPart) -> None:
        self.parts: list[Part] = []
        self._read_part = read_part
        self._around = around
        self.code = code
        self.problems = code.problems
        self._frames: list[Frame] = []
        self._lists = 0
        self._says = False  # whether there was prose
        self._bar = 0  # how many parts there are with a paragraph of links alone

    def walk(self, tokens: Sequence[Token]) -> None:
        """Add what the tokens hold."""
        index = 0
        while index < len(tokens):
            index = self._token(tokens, index)
        if self._bar == len(self.parts) > 0:  # at the end of the page
            self.parts.pop()

    def _token(self, tokens: Sequence[Token], index: int) -> int:
        """Handle the token at `index`; the index of the next one to handle."""
        token = tokens[index]
        if token.type in ("html_block", "paragraph_open") and (end := live_end(tokens, index)):
            return end
        match token.type:
            case "heading_open":
                self._heading(numbered(tokens[index + 1]), int(token.tag[1]))
                return index + 3
            case "paragraph_open":
                self.paragraph(numbered(tokens[index + 1]))
                return index + 3
            case "dt_open":
                lines = numbered(tokens[index + 1])
                term = read_inline(lines, self._around).line.removesuffix(":")
                self._frames[-1].term, self._frames[-1].line = term, lines[0][0]
                return index + 3
            case "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                self._table(_rows(tokens[index:end]))
                return end + 1
            case "fence" | "code_block":
                self._code(token)
            case "html_block":
                self._html(numbered(token))
            case _ if token.nesting == 1:
                self._open(token)
            case _ if token.nesting == -1:
                self._close()
        return index + 1

    def _open(self, token: Token) -> None:
        line = token.map[0] + 1 if token.map else 0
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._lists += 1
                first = int(token.attrs.get("start", 1))
                frame = Frame("list", ordered=token.type == "ordered_list_open", list_id=self._lists, number=first - 1)
            case "list_item_open":
                self._frames[-1].count += 1
                self._frames[-1].number += 1
                frame = replace(self._frames[-1], kind="item", line=line)
            case "blockquote_open":
                frame = Frame("quote", prefixed=True, line=line)
            case "container_open" if token.info == "blockquote":
                frame = Frame("quote", line=line)
            case "footnote_reference_open":
                frame = Frame("footnote", label=note_mark(token.meta["label"]))
            case "dd_open":
                term, at = self._frames[-1].term, self._frames[-1].line or line
                frame = Frame("definition", term=term, line=at, begins=len(self.parts))
            case "container_open" if token.info in TABS and token.meta["title"]:
                title = plain_text(read_inline([(line, token.meta["title"])], self._around).line)
                frame = Frame("tab", title=title, line=line)
            case "container_open" if token.info in VERSION_TITLES:
                version, _, remark = token.meta["title"].partition(" ")
                title = f"{VERSION_TITLES[token.info]} {version}" if version else ""
                frame = Frame("admonition", label=token.info, title=title, line=line, begins=len(self.parts))
                self._frames.append(frame)
                self._prose([(line, remark)] if remark.strip() else [])
                return
            case "container_open" if token.info in ADMONITIONS:
                title = plain_text(read_inline([(line, token.meta["title"])], self._around).line)
                label = "note" if token.info == "admonition" else token.info
                frame = Frame("admonition", label=label, title=title, line=line, begins=len(self.parts))
            case _:
                frame = Frame("group")
        self._frames.append(frame)

    def _close(self) -> None:
        """The end of a container; of an admonition that holds nothing, its title is what it says."""
        frame = self._frames[-1]
        if frame.kind == "admonition" and frame.title and frame.begins == len(self.parts):
            block = Block("admonition", frame.line, frame.line, depth=self._depth, label=frame.label, title=frame.title)
            self._add([block])
        self._frames.pop()
        if frame.kind == "definition" and frame.begins < len(self.parts):
            self._frames[-1].line = 0  # a second definition of the term stands apart

    @property
    def _depth(self) -> int:
        return sum(1 for frame in self._frames if frame.kind == "item")

    def _inner(self, *kinds: str) -> Frame | None:
        return next((frame for frame in reversed(self._frames) if frame.kind in kinds), None)

    def _heading(self, lines: NumberedLines, level: int, anchor: str = "") -> None:
        if not self._heads_a_section():
            self.paragraph(_strong(lines) if self._frames[-1].kind == "admonition" else lines)
            return
        lines = [(number, _HEADING_MARKS.sub("", line)) for number, line in lines]
        if given := _HEADING_ANCHOR.search(lines[-1][1]):
            anchor = anchor or given["id"] or given["mdx"]
            lines = [*lines[:-1], (lines[-1][0], lines[-1][1][: given.start()])]
        text = read_inline(lines, self._around)
        words = plain_text(text.line).strip()
        if words:
            self.parts.append(Heading(words, level, lines[0][0], anchor or text.anchor))
        self._pictures(text.pictures)

    def _heads_a_section(self) -> bool:
        """Whether a heading stands in no container. A numbered item that begins with one is a section, too."""
        around = [frame for frame in self._frames if frame.kind in ("item", "quote", "admonition", "definition")]
        item = around[0] if around and around == self._frames[-1:] else None
        if item is None or item.kind != "item" or not (item.ordered and item.fresh):
            return not around
        item.kind = "group"
        return True

    def paragraph(self, lines: NumberedLines) -> None:
        """A paragraph: its prose and pictures, and the code it includes on lines of their own."""
        if self._frames and self._frames[-1].kind == "quote" and self._frames[-1].fresh:
            lines = without_alert(self._frames[-1], lines)
        elif is_callout(lines) and not ((around := self._inner("item", "definition")) and around.fresh):
            self._frames.append(Frame("quote"))
            self.paragraph(lines)
            self._frames.pop()
            return
        for includes, run in groupby(lines, lambda line: includes_of_line(self._around.path, line[1])):
            if not includes:
                self._prose(list(run))
            for number, include in product((number for number, _ in run), includes):
                if is_prose(include):
                    self._include(include, number)
                else:
                    self._add(self.code.included(include, number, "", self._depth))

    def _include(self, include: Include, number: int) -> None:
        """The text of another file, where it is a part of pages."""
        try:
            path, parts = self._read_part(include)
        except NotIncluded as error:
            self.problems.append(f"line {number}: {error}: {include.spelled}")
            self._add(say_not_shown([(number, include.spelled)], self._depth))
            return
        titles = not self._inner("item", "quote", "admonition", "definition")
        self._bring(bring_in(parts, path, number, titles=titles))

    def _bring(self, parts: Sequence[Part]) -> None:
        """Add what another reader read."""
        before = self._lists
        for part in parts:
            if isinstance(part, Heading):
                self.parts += [part] * (part.level < MODULE_NAME or not self._frames)
            else:
                self._add([renumber_lists(part, before)])
                self._lists = max(self._lists, before + part.list_id)

    def _prose(self, lines: NumberedLines) -> None:
        if not lines:
            return
        if sum(len(text) for _, text in lines) > MAX_PARAGRAPH:
            self.problems.append(
                f"line {lines[0][0]}: a paragraph of more than {MAX_PARAGRAPH} characters was left out"
            )
            return
        texts = [text for _, text in lines]
        if is_control("\n".join(texts)):
            return
        if is_formula(texts):
            code = "\n".join(texts)
            self._add([Block("code", lines[0][0], lines[-1][0], depth=self._depth, code=code, language="tex")])
            return
        marks = [at for at, text in enumerate(texts) if text.strip() == "$$"]
        if len(marks) > 1:  # around a formula inside the paragraph
            for part in (lines[: marks[0]], lines[marks[0] : marks[1] + 1], lines[marks[1] + 1 :]):
                self._prose(part)
            return
        if table := malformed_table(texts):
            header, rows = table
            self._prose(lines[:header])
            numbers = [number for number, _ in lines[header:]]
            self._table([[[(n, cell)] for cell in row] for n, row in zip(numbers, rows, strict=True)])
            return
        item, note = self._inner("item"), self._inner("footnote")
        if item and item.fresh:
            lines = [(lines[0][0], _TASK.sub(lambda box: "☐ " if box[1] == " " else "☑ ", lines[0][1])), *lines[1:]]
        if note and note.fresh:
            note.fresh = False
            lines = [(lines[0][0], f"{note.label} {lines[0][1]}"), *lines[1:]]
        text, raw = read_inline(lines, self._around), "\n".join(texts)
        sentences = sentences_of(text.lines)
        self._pictures([one for one in text.pictures if one.leads])
        bar = "" if item or self._is_announced() else link_bar(text.line, raw)
        if sentences and bar != "bar" and (self._says or not bar or not self._stands_free()):
            self._says = True
            at_edge = bar == "edge" and self._stands_free()
            self._add_prose(sentences, lines[0][0], lines[-1][0])
            self._bar = len(self.parts) if at_edge else 0
        self._pictures([one for one in text.pictures if not one.leads])

    def _stands_free(self) -> bool:
        """Whether what comes next stands in no container and is not all that a heading below the title has."""
        last = self.parts[-1] if self.parts else None
        return not self._inner("item", "quote", "admonition", "definition", "tab") and not (
            isinstance(last, Heading) and last.level > 1
        )

    def _is_announced(self) -> bool:
        """Whether the paragraph before ends with a colon: what comes next is what it speaks of."""
        last = self.parts[-1] if self.parts else None
        return isinstance(last, Block) and bool(last.sentences) and last.sentences[-1].text.endswith(":")

    def _add_prose(self, sentences: tuple[Sentence, ...], start: int, end: int) -> None:
        """Sentences as a block of the innermost container, or as more of the block it already has."""
        frame = self._inner("item", "quote", "admonition", "definition")
        if frame and frame.block == len(self.parts) - 1 >= 0:
            block = self.parts[-1]
            assert isinstance(block, Block)
            self.parts[-1] = replace(block, sentences=block.sentences + sentences, end_line=end)
            return
        self._add([prose_block(frame, sentences, start, end, self._depth)])
        if frame:
            frame.fresh = False
            frame.block = len(self.parts) - 1

    def _add(self, blocks: Sequence[Block]) -> None:
        """Add blocks that stand in the containers which are open."""
        self.parts.extend(put_within(blocks, *containers(self._frames)))

    def _pictures(self, pictures: Sequence[Picture]) -> None:
        for line, end, image, _ in pictures:
            self._add([Block("image", line, end, depth=self._depth, image=image)])

    def _code(self, token: Token) -> None:
        assert token.map is not None
        if include := self.code.chosen_part(token):
            self._include(include, token.map[0] + 1)
            return
        quoted = any(frame.prefixed for frame in self._frames)
        self._bring(self.code.read(token, self._depth, quoted=quoted))

    def _html(self, lines: NumberedLines) -> None:
        for include in includes_of_line(self._around.path, lines[0][1]) if len(lines) == 1 else ():
            self._include(include, lines[0][0])
        before = self._lists
        items: list[Frame] = []
        terms: list[NumberedLines] = []
        box: tuple[int, str] = (0, "")
        for part in [*html_parts(lines), HtmlPart("table")]:  # the last one is empty, and ends what is open
            kind = {"dd": "definition" if terms else "group", "blockquote": "quote"}.get(part.box[1], "admonition")
            if part.kind != "term" if part.box == box else kind != "definition":
                for one in terms:  # without a meaning
                    self.paragraph(one)
                terms = []
            if part.box != box:
                del self._frames[len(self._frames) - bool(box[1]) :]
                box, line = part.box, [*(terms[0] if terms else part.lines), *lines][0][0]
                read = [read_inline(one, self._around) for one in terms]
                term = ", ".join(one.line for one in read)
                frame = Frame(kind, label=box[1] * (kind == "admonition"), term=term, line=line, begins=len(self.parts))
                self._frames += [frame] * bool(box[1])
                self._pictures([picture for one in read for picture in one.pictures])
                terms = []
            match part.kind:
                case "term":
                    terms.append(_trimmed(part.lines))
                case "heading":
                    self._heading(_trimmed(part.lines), part.level, part.anchor)
                case "table":
                    self._table(part.rows)
                case "code":
                    self._add(self.code.preformatted(part.lines, part.language, self._depth))
                case "item":
                    self._lists = max(self._lists, before + part.list_number)
                    self._html_item(part, before + part.list_number, items)
                case _:
                    self.paragraph(_strong(_trimmed(part.lines)) if part.heads else _trimmed(part.lines))

    def _html_item(self, part: HtmlPart, list_id: int, items: list[Frame]) -> None:
        """An item of HTML; `items` are those it may stand in, the outermost first."""
        line = part.lines[0][0] if part.lines else 0
        own = Frame("item", ordered=part.ordered, count=part.number, number=part.number, list_id=list_id, line=line)
        unnamed = (Frame("item", fresh=False) for _ in range(part.level))
        items[:] = [*[*items, *unnamed][: part.level], own]
        self._frames += items
        self._prose(_trimmed(part.lines))
        del self._frames[-len(items) :]

    def _table(self, rows: Sequence[Sequence[NumberedLines]]) -> None:
        cells: list[tuple[str, ...]] = []
        places: list[tuple[int, int]] = []
        for row in rows:
            texts = [self._cell(cell) for cell in row]
            numbers = [number for cell in row for number, text in cell if text.strip()]
            if numbers and any(texts):
                cells.append(tuple(texts))
                places.append((min(numbers), max(numbers)))
        if cells:
            start, end = places[0][0], places[-1][1]
            self._add([Block("table", start, end, depth=self._depth, rows=tuple(cells), row_lines=tuple(places))])

    def _cell(self, lines: NumberedLines) -> str:
        if sum(len(text) for _, text in lines) > MAX_PARAGRAPH:
            return ""
        text = read_inline(lines, self._around) if lines else InlineText(())
        shown = [_in_cell(picture.image) for picture in text.pictures]
        icons = [escape_plain(icon_words(tag)) for _, raw in lines for tag in ICON.findall(raw)]
        return " ".join(text.line.split()) or ", ".join(shown or icons)


def _in_cell(image: Image) -> str:
    """A picture by its words; one without words, which is no drawn sign, as a link where it stands elsewhere."""
    words = escape_plain(image.alt or name_of_picture(image.target))
    if image.alt or not is_external(image.target):
        return words if image.alt or image.sort != "Picture" else ""
    is_shown = image.target.startswith(("https://", "http://")) and not _SIGN.search(image.target)
    return "" if not is_shown else f"[{words}]({written_target(image.target)})"


def numbered(token: Token) -> NumberedLines:
    """The lines of a token's text with their raw line numbers."""
    assert token.map is not None
    return [(token.map[0] + 1 + offset, text) for offset, text in enumerate(token.content.rstrip("\n").split("\n"))]


def _trimmed(lines: NumberedLines) -> NumberedLines:
    """Without blank lines at both ends; at least one line."""
    filled = [index for index, (_, text) in enumerate(lines) if text.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else lines[:1]


def _strong(lines: NumberedLines) -> NumberedLines:
    """A line of words alone as strong; other lines as they are."""
    words = lines[0][1].strip()
    return lines if len(lines) > 1 or _MARKED.search(words) else [(lines[0][0], f"**{words}**")]


def _rows(tokens: Sequence[Token]) -> list[list[NumberedLines]]:
    """Cells of a Markdown table, row by row."""
    rows: list[list[NumberedLines]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and token.map:
            rows[-1].append([(token.map[0] + 1, token.content)])
    return rows
