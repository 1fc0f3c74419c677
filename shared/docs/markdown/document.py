"""Reading Markdown: CommonMark and GitHub's additions, and what documentation sites write besides."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

from shared.docs.encoding import text_lines
from shared.docs.formats import format_of
from shared.docs.front_matter import FrontMatter, read_front_matter
from shared.docs.headings import Heading, Part, build_sections, divide_long, title_from_path
from shared.docs.included import Included, NotIncluded
from shared.docs.included_prose import find_part, prose_lines, with_included
from shared.docs.includes import Include, includes_of_line
from shared.docs.markdown.code_blocks import CodeReader
from shared.docs.markdown.containers import add_containers
from shared.docs.markdown.dialects import outside_fences, spell
from shared.docs.markdown.flow import Flow
from shared.docs.markdown.logo import title_of_logo
from shared.docs.markdown.paragraph import Surroundings
from shared.docs.markdown.tags import closed_components
from shared.docs.markdown.templates import find_signs
from shared.docs.model import Link
from shared.docs.parsed import ParsedDocument
from shared.docs.plain import plain_text
from shared.docs.python_source import name_python
from shared.docs.reading import Body
from shared.docs.snippets import is_prose, select_lines


class _Parser(MarkdownIt):
    """Blocks only, addresses as they are written: the inline text is rewritten by `inline`, not parsed."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the name markdown-it calls
        return url

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name markdown-it calls
        return bool(url)


def _parser(*, components: bool) -> MarkdownIt:
    md = _Parser("commonmark").enable("table").use(deflist_plugin).use(footnote_plugin)
    md.block.ruler.at("footnote_def", footnote_def, {"alt": ["paragraph", "reference", "blockquote"]})
    add_containers(md)
    if components:
        # Components indent what they wrap, so MDX has no indented code.
        md.disable("code")
    return md


_MARKDOWN = _parser(components=False)
_COMPONENTS = _parser(components=True)

_WORD = re.compile(r"\w{4,}")
_TITLE_OF_JEKYLL = re.compile(r"# +\{\{-? *page\.title *-?\}\}\s*$")
_LEAST_LETTERS = 4
_OPENING, _LATIN = re.compile(r"(?i)(?:^|/)(?:readme|_?index|overview)\."), re.compile(r"[a-z0-9]+")
_OPENING_LINES, _MOST_REPEATED, _LONGEST_TITLE = 4, 0.6, 60

Rewrite = Callable[[str, Sequence[str]], Sequence[str]]
"""Makes Markdown of the lines of the file with this path, line for line."""


def read(path: str, text: str, included: Included) -> ParsedDocument:
    """Read a Markdown document; `included` holds the files it includes by repository path."""
    return read_document_lines(path, text_lines(text), included)


def read_document_lines(
    path: str, raw_lines: Sequence[str], included: Included, rewrite: Rewrite | None = None
) -> ParsedDocument:
    """A document from the lines of its file, or what `rewrite` makes of them, as many as before."""
    front = read_front_matter(raw_lines)
    named = f"# {front.title or title_from_path(path)}"
    lines = [""] * front.lines + [named if _TITLE_OF_JEKYLL.match(line) else line for line in raw_lines[front.lines :]]
    _show_description(front, lines, raw_lines)
    body = read_body(path, lines, raw_lines, included, rewrite)
    parts = divide_long([*name_python(body.parts)])
    title, title_line = html.unescape(plain_text(front.title)), front.title_line
    if not title or _is_short_for(title, parts):
        title, title_line = _title(parts, path)
    if not title:
        title, title_line = title_of_logo(path, parts)
    return ParsedDocument(
        title=title, title_line=title_line, links=body.links, front_matter=front.values,
        sections=build_sections(title or title_from_path(path), parts, len(raw_lines)),
        problems=(*front.problems, *body.problems),
    )  # fmt: skip


def _show_description(front: FrontMatter, lines: list[str], raw_lines: Sequence[str]) -> None:
    """Show the head's description of the page below its title, as sites do, unless the page begins by saying it."""
    text = str(front.values.get("description", "")).strip()
    number = next((number for number, line in enumerate(raw_lines[: front.lines]) if text and text in line), 0)
    texts = [line for _, line in outside_fences(lines) if line.strip()]
    opening, said = " ".join(texts[:_OPENING_LINES]).lower(), _WORD.findall(text.lower())
    is_repeated = sum(word in opening for word in said) > _MOST_REPEATED * len(said)
    is_titled = not front.title or any(line.startswith("# ") for line in texts)
    if number and text.endswith((".", "!", "?", "。")) and not (is_titled or is_repeated):
        lines[number] = text


def read_body(
    path: str,
    lines: Sequence[str],
    raw_lines: Sequence[str],
    included: Included,
    rewrite: Rewrite | None = None,
    around: tuple[str, ...] = (),
) -> Body:
    """Headings and blocks of Markdown lines. Their line numbers count `lines`, from 1.

    `around` are the files that include this one.
    """
    spelled, problems = spell(rewrite(path, lines) if rewrite else lines)
    env: dict[str, Any] = {}
    tokens: list[Token] = []
    parser = _COMPONENTS if rewrite else _MARKDOWN
    parser.block.parse("\n".join(spelled), parser, env, tokens)
    every = with_included(path, lines, included, _included_by)
    # A link that an included text defines is defined on this page, too.
    defined = [line for _, line in outside_fences(every[len(lines) :]) if line.startswith("[")]
    parser.block.parse("\n\n".join(defined), parser, env, [])
    references = {label: entry["href"] for label, entry in env.get("references", {}).items()}
    prose = [line for _, line in outside_fences(lines)]
    names = closed_components([line for line in prose if "<" in line])
    around_text = Surroundings(path, references, names, included, find_signs(prose))
    code = CodeReader(path, raw_lines, included, read_body)
    links_of_parts: list[Link] = []

    def read_part(include: Include) -> tuple[str, Sequence[Part]]:
        found, body = _read_part(include, included, raw_lines, rewrite, (*around, path))
        links_of_parts.extend(body.links)
        problems.extend(f"{found} {problem}" for problem in body.problems)
        return found, body.parts

    flow = Flow(around_text, code, read_part)
    flow.walk(tokens)
    links = sorted((*around_text.links, *code.links, *links_of_parts), key=lambda link: link.line)
    return Body(tuple(flow.parts), tuple(links), (*problems, *flow.problems))


def _included_by(path: str, lines: Sequence[str]) -> Iterator[str]:
    """Where the texts that lines include may stand."""
    found = (include for _, line in outside_fences(lines) for include in includes_of_line(path, line))
    return (one for include in found if is_prose(include) and not include.anchor for one in include.candidates)


def _read_part(
    include: Include, included: Included, own: Sequence[str], rewrite: Rewrite | None, around: tuple[str, ...]
) -> tuple[str, Body]:
    """The file that an include names and what its chosen lines hold. Raises NotIncluded."""
    found = find_part(include.candidates, included, own, chosen=bool(include.ranges or include.anchor))
    if found is None or format_of(found) not in ("markdown", "mdx"):
        raise NotIncluded("included text is not shown here")
    whole = prose_lines(included, found, around)
    front = read_front_matter(whole).lines
    chosen = frozenset(select_lines(include, whole) or ())
    lines = [line if n in chosen and n > front else "" for n, line in enumerate(whole, 1)]
    return found, read_body(found, lines, whole, included, rewrite, around)


def _is_short_for(title: str, parts: Sequence[Part]) -> bool:
    """Whether the page opens with a heading that has a longer name around `title`; words on it make none."""
    opening = parts[0].text if parts and isinstance(parts[0], Heading) and parts[0].level == 1 else ""
    around = re.search(rf"(?<![^\W_])(?i:{re.escape(title)})(?![\w(]| [a-z])", opening)
    return around is not None and len(title) < len(opening) <= _LONGEST_TITLE and _title(parts)[0] == opening


def _title(parts: Sequence[Part], path: str = "index.md") -> tuple[str, int]:
    """The one heading of level 1 that most stand below, else the one that opens the page; of several if it names it."""
    headings = [part for part in parts if isinstance(part, Heading)]
    first = next(iter(headings), None)
    tops = [at for at, heading in enumerate(headings) if heading.level == 1]
    if len(tops) == 1 and 2 * tops[0] < len(headings):
        first = headings[tops[0]]
    elif tops == [0, 1] and parts[1] is headings[1]:  # the first names the book, the second this page of it
        return headings[1].text, headings[1].line
    if first and first.level > 1:
        said, named = ({*_LATIN.findall(one.lower())} for one in (first.text, title_from_path(path)))
        is_word = any(len(one) >= _LEAST_LETTERS for one in named) and first.text.isascii()
        is_of_several = (
            is_word and sorted(one.level for one in headings)[:2] == [first.level] * 2 and not _OPENING.search(path)
        )
        if first is not parts[0] or (is_of_several and said and said.isdisjoint(named)):
            first = None
    return (first.text, first.line) if first else ("", 1)
