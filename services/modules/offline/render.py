"""Blocks of a section as Markdown with citation marks: all of them, whole, nested as their author nested them."""

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import dropwhile, groupby, pairwise

from services.modules.cited.citing import LONGEST_SPAN, Citations, count_lines
from services.modules.cited.verbatim import render_code
from services.modules.offline.inline import LinkTarget, escape_start, fit
from shared.course.links_check import secure
from shared.course.plain_text import CODE_SPAN
from shared.course.sentence_marks import split_pieces
from shared.docs.code_spans import code_span
from shared.docs.links import image_candidates
from shared.docs.model import VERSION_TITLES, Block, Container, Sentence
from shared.docs.picture_names import name_of_picture
from shared.docs.problems import NOT_SHOWN
from shared.engine.types import Span

_NARROW, _CAPTION_LINES = 8, 8
_FILE = re.compile(r"[\w./-]+\.\w+")
_LIST = re.compile(r"\s*(?:[-*]|\d+[.)]) ")
_TITLE_LINES = 2  # attribute lines may stand between the first line of a container and its title
_KINDS = {"seealso": "See also", "": "Note", "admonition": "Note"}


@dataclass(frozen=True)
class _Lead:
    """The words before the first words of a container: its label or term, and the lines that say it; `also` are those
    of the headings of other pages that it shows.
    """

    text: str
    span: Span
    also: Sequence[Span] = ()


@dataclass(frozen=True)
class SectionRenderer:
    """Renders sections of one document."""

    path: str
    citations: Citations
    target: LinkTarget
    picture: Callable[[str], str | None]

    def render(self, blocks: Sequence[Block]) -> list[str]:
        """Markdown blocks, to be joined by blank lines; a picture from elsewhere needs words before it."""
        return self._render(list(dropwhile(_is_from_elsewhere, blocks)), 0, None)

    def label(self, title: str, line: int, path: str = "") -> str:
        """A title above blocks that is no heading of the lesson, with the line that says it; 0 if no line does."""
        return f"**{fit(title, self.target)}**{self._mark(line, line, path)}"

    def _render(self, blocks: Sequence[Block], level: int, lead: _Lead | None) -> list[str]:
        """Blocks whose first `level` containers are shown already."""
        out: list[str] = []
        if lead and (not blocks or len(blocks[0].within) > level or not blocks[0].sentences):
            text = re.sub(r":\*\*$", "**", lead.text)  # nothing follows on its line
            out.append(f"{text}{''.join(map(self.citations.mark, (lead.span, *lead.also)))}")
            lead = None
        runs = [(around, list(run)) for around, run in groupby(blocks, lambda block: _container(block, level))]
        at = 0
        marker = ""
        while at < len(runs):
            around, run = runs[at]
            if around is None:
                out += [
                    text for block in run for text in self._leaf(block, lead if block is run[0] and not at else None)
                ]
                at, marker = at + 1, ""
            elif around.kind in ("item", "definition"):
                end = next((i for i in range(at, len(runs)) if not _same_list(around, runs[i][0])), len(runs))
                in_item = level > 0 and run[0].within[level - 1].kind == "item"
                if around.kind == "definition" and not out and in_item:
                    out += self._render(run, level + 1, self._term(around, run[0]))  # no bullet inside of a bullet
                else:
                    marker = _other_marker(marker, ordered=around.ordered)
                    out.append(self._list(runs[at:end], level, marker))
                at = end
            else:
                out += self._around(around, run, level)
                at, marker = at + 1, ""
        return [text for text in out if text]

    def _list(self, items: Sequence[tuple[Container | None, list[Block]]], level: int, marker: str) -> str:
        shown: list[list[str]] = []
        for item, run in items:
            if item is None:
                continue
            lead = self._term(item, run[0]) if item.kind == "definition" else None
            inner = self._render(run, level + 1, lead)
            sign = f"{item.number}{marker} " if item.ordered else f"{marker} "
            if any("\t" in text for text in inner):
                sign = sign.ljust(4)  # else Markdown would read a part of a tab as the item's indentation
            if inner:
                shown.append([_indent(text, sign, first=i == 0) for i, text in enumerate(inner)])
        tight = all(len(inner) == 1 or all(map(_LIST.match, inner[1:])) for inner in shown)
        tight = tight and not any("```" in text for inner in shown for text in inner)
        return ("\n" if tight else "\n\n").join(("\n" if tight else "\n\n").join(inner) for inner in shown)

    def _term(self, item: Container, first: Block) -> _Lead:
        """A defined term; signatures may fill several lines."""
        headings: list[Span] = []
        term = fit(item.title, partial(self.target, cited=headings))
        end = first.end_line if first.kind == "definition" and not first.sentences else item.line
        term = term if "`" in term or "*" in term else f"**{term}**"
        return _Lead(term, self._span(item.line, end, item.path), headings)

    def _around(self, around: Container, run: Sequence[Block], level: int) -> list[str]:
        """An admonition, a quote or a tab with what it holds."""
        if around.kind == "tab":
            return [self.label(around.title, around.line, around.path), *self._render(run, level + 1, None)]
        lead: _Lead | None = None
        above: list[str] = []
        if around.kind == "admonition":
            lead, above = self._label(around)
        inner = [*above, *self._render(run, level + 1, lead)]
        lines = "\n\n".join(inner).split("\n")
        return ["\n".join(f"> {line}" if line.strip() else ">" for line in lines)] if inner else []

    def _label(self, around: Container) -> tuple[_Lead | None, list[str]]:
        """The label before an admonition's first words, or the title that stands above them."""
        kind = _KINDS.get(around.label, around.label.replace("-", " ").capitalize())
        title = fit(around.title, self.target)
        span = self._span(around.line, around.line, around.path)
        if around.label in VERSION_TITLES and title:
            return _Lead(f"**{title}:**", span), []
        if not title or title.lower() == kind.lower():
            return _Lead(f"**{kind}:**", span), []
        return None, [f"**{kind}: {title}**{self._mark(around.line, around.line + _TITLE_LINES, around.path)}"]

    def _leaf(self, block: Block, lead: _Lead | None) -> Iterator[str]:
        match block.kind:
            case "code":
                yield self._caption(block)
                yield render_code(block, self.path, self.citations)
            case "table":
                yield from self._table(block)
            case "image":
                yield from self._picture(block)
            case _:
                for i, paragraph in enumerate(split_paragraphs(block.sentences)):
                    yield self._paragraph(paragraph, lead if i == 0 else None, each=bool(block.within))

    def _caption(self, block: Block) -> str:
        """The title of code, with the line that says it: right above, or of a fence that only includes the code; "" for
        none.
        """
        lines = self.citations.lines(self.path)
        above = range(block.start_line - 1, max(0, block.start_line - _CAPTION_LINES), -1)
        if block.origin:
            above = range(1, len(lines) + 1)
        sought = (f'="{block.title}"' if block.origin and block.title else block.title).encode()
        fences = (b"`", b"~") if block.origin else b""
        at = next(
            (n for n in above if sought and sought in lines[n - 1] and lines[n - 1].lstrip().startswith(fences)), 0
        )
        title = code_span(block.title) if _FILE.fullmatch(block.title) else f"*{fit(block.title, self.target)}*"
        return f"{title}{self._mark(at, at)}" if at else ""

    def _paragraph(self, sentences: Sequence[Sentence], lead: _Lead | None, *, each: bool) -> str:
        """One mark at its end where its lines are few, else one for each sentence.

        With `each` too: the paragraphs of an item are one text to whoever reads its marks.
        """
        said = [one for one in map(self._say, sentences) if one[0]]
        if not said:
            return ""
        if lead:
            text, span, headings = said[0]
            glue = "" if lead.text.endswith(":**") else ":"
            also = [lead.span] if lead.span.path != span.path else []
            said[0] = (f"{lead.text}{glue} {text}", self._joined(lead.span, span), [*also, *lead.also, *headings])
        whole = self._joined(said[0][1], said[-1][1])
        if len(said) == 1 or (count_lines(whole) <= _NARROW and not each):
            spans = dict.fromkeys([whole, *(span for _, _, headings in said for span in headings)])
            said = [(" ".join(text for text, _, _ in said), whole, [*spans][1:])]
        if len(said) == 1:
            (text, span, also), *_ = said
            return escape_start(f"{text}{''.join(map(self.citations.mark, (span, *also)))}")
        return escape_start(" ".join(self._marked(text, (span, *also)) for text, span, also in said))

    def _marked(self, text: str, spans: Sequence[Span]) -> str:
        """A sentence with its marks, also behind what may be read as a sentence in it: "a (As b.  In c.) d"."""
        marks = "".join(map(self.citations.mark, spans))
        marked = ""
        for piece in split_pieces(text):
            end = text.index(piece.source) + len(piece.source)
            marked, text = f"{marked}{text[:end]}{marks}", text[end:]
        return marked + text

    def _say(self, sentence: Sentence) -> tuple[str, Span, list[Span]]:
        """A sentence with its lines, and those of the headings of other pages that it shows."""
        headings: list[Span] = []
        text = fit(sentence.text, partial(self.target, cited=headings))
        return text, self._span(sentence.start_line, sentence.end_line, sentence.path), headings

    def _table(self, block: Block) -> Iterator[str]:
        """A table whole: one mark below a short one, one in each row of a long one."""
        width = max(len(row) for row in block.rows)
        path = block.file(self.path)
        spans = [self._span(start, end, path) for start, end in block.row_lines]
        rows = [[_cell(fit(cell, self.target)) for cell in row] + [""] * (width - len(row)) for row in block.rows]
        whole = self._joined(spans[0], spans[-1])
        if count_lines(whole) > _NARROW:
            for row, span in zip(rows, spans, strict=True):
                row[-1] += self.citations.mark(span)
        if block.title:
            title = fit(block.title, self.target)
            yield f"**{title}**{self._mark(max(1, block.start_line - 3), block.start_line, path)}"
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        text = "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])
        yield text
        if count_lines(whole) <= _NARROW:
            yield self.citations.mark(whole)

    def _picture(self, block: Block) -> Iterator[str]:
        image = block.image
        if image is None:
            return
        places = [image.path or "", *image_candidates(block.file(self.path), image.target)]
        asset = next(filter(None, map(self.picture, places)), None)
        words = image.alt.strip() or (asset is None and name_of_picture(image.target)) or ""
        alt = re.sub(r"[\[\]\\<>`*]|\b_|_\b", "", words)
        mark = self._mark(block.start_line, block.end_line, block.file(self.path))
        if asset is not None:
            yield f"![{alt}]({asset}){mark}"
        elif alt.strip() and _is_from_elsewhere(block):
            yield f"{image.sort}: [{alt}]({secure(image.target)}){mark}"
        elif image.sort != "Picture" and image.path:
            yield f"{code_span(posixpath.basename(image.target))} is {NOT_SHOWN}{mark}"

    def _span(self, start: int, end: int, path: str = "") -> Span:
        path = path or self.path
        last = min(max(start, end), start + LONGEST_SPAN - 1, max(start, len(self.citations.lines(path))))
        return Span(path=path, start_line=start, end_line=last)

    def _joined(self, first: Span, last: Span) -> Span:
        """The lines from the one to the other, as far as a citation reaches; the last alone when files differ."""
        if first.path != last.path:
            return last
        return self._span(min(first.start_line, last.start_line), last.end_line, last.path)

    def _mark(self, start: int, end: int, path: str = "") -> str:
        return self.citations.mark(self._span(start, end, path)) if start > 0 else ""


def _is_from_elsewhere(block: Block) -> bool:
    """Shown as a link: a page of a course loads nothing from elsewhere."""
    return (
        block.image is not None and bool(secure(block.image.target)) and not re.search(r"[<>()\\]", block.image.target)
    )


def _container(block: Block, level: int) -> Container | None:
    return block.within[level] if len(block.within) > level else None


def _same_list(one: Container, other: Container | None) -> bool:
    return other is not None and other.kind == one.kind and other.list_id == one.list_id


def _other_marker(before: str, *, ordered: bool) -> str:
    """A mark that begins a new list: Markdown would join lists of one mark that follow each other."""
    first, second = (".", ")") if ordered else ("-", "*")
    return second if before == first else first


def _indent(text: str, sign: str, *, first: bool) -> str:
    pad = " " * len(sign)
    first_line, *rest = text.split("\n")
    lines = [(sign if first else pad) + first_line, *(pad + line if line.strip() else "" for line in rest)]
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Text of a cell; in code a backslash before a bar is a sign of its own."""
    in_code = CODE_SPAN.sub(lambda code: code.group().replace("|", "\\|"), text)
    return re.sub(r"(?<!\\)\|", r"\\|", in_code)


def split_paragraphs(sentences: Sequence[Sentence]) -> list[Sequence[Sentence]]:
    """Sentences with a blank line between them, or a break that the author made, are of different paragraphs."""
    parted = (b.after_break or b.start_line > a.end_line + 1 for a, b in pairwise(sentences))
    cuts = [i for i, is_cut in enumerate(parted, 1) if is_cut]
    return [sentences[start:end] for start, end in pairwise([0, *cuts, len(sentences)]) if start < end]
