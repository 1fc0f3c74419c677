"""Module Markdown → HTML: the one place where it is done, for the static site and for any page that shows a module.

Documents are text from strangers: raw HTML stays text, links are the course's own or https, pictures are those that
travel with the course, and the result passes an allow list (`sanitise`) once more before it leaves.
"""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from shared.course.commonmark import new_parser
from shared.course.section_links import Spots
from shared.course.sentence_marks import MARK

from .bases import show_bases
from .code_html import Covered, render_code
from .lesson_tokens import name_blocks, note_headings, refuse_links
from .sanitise import sanitise

_MARK_HTML = Markup('<sup class="mark"><a href="#cite-{id}" aria-label="Source {number}">{number}</a></sup>')


@dataclass(frozen=True)
class PageLinks:
    """The targets that a page's Markdown may refer to.

    `marks`: citation id → the number its mark shows. `modules`: module id → href from this page; `spots`: what their
    titles name. `assets`: what stands before `assets/…` in a picture's address. `pictures`: the asset names that
    travel with the course, each with its width and height in pixels where they are known. `drawings` gives each diagram
    of the page a number. `covered`: citation id of a block of code → the result in it for the reader to predict.
    """

    marks: Mapping[str, int] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    spots: Spots = field(default_factory=dict)
    assets: str = ""
    pictures: Mapping[str, tuple[int, int] | None] = field(default_factory=dict)
    drawings: Iterator[int] = field(default_factory=lambda: count(1), compare=False)
    covered: Mapping[str, Covered] = field(default_factory=dict)


@dataclass(frozen=True)
class Heading:
    """A heading of the rendered text, for a table of contents; `text` is plain."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class RenderedText:
    """Sanitised HTML, and its headings in order."""

    html: Markup
    headings: tuple[Heading, ...]


def render_markdown(text: str, links: PageLinks) -> RenderedText:
    """HTML of one text, alone on its page. See `render_sections`."""
    return render_sections([text], links)[0]


def render_sections(texts: Sequence[str], links: PageLinks) -> list[RenderedText]:
    """HTML of the texts that share a page: heading ids are unique over all of them, and `#heading` links hold.

    Headings start at level 2, for the page's title is the only first. A mark `[^ID]` becomes a numbered link to
    `#cite-ID`; a mark whose id the page does not list stays as it is written.
    """
    env = {"links": links}
    parsed = [show_bases(_PARSER.parse(text, env)) for text in texts]
    taken: dict[str, int] = {}
    headings = [note_headings(tokens, taken) for tokens in parsed]
    rendered = []
    for tokens, found in zip(parsed, headings, strict=True):
        name_blocks(tokens)
        refuse_links(tokens, links.modules, links.spots, taken, links.pictures)
        html = sanitise(str(_PARSER.renderer.render(tokens, _PARSER.options, env)))
        rendered.append(RenderedText(html, tuple(Heading(*heading) for heading in found)))
    return rendered


def render_inline(text: str, links: PageLinks) -> Markup:
    """HTML of one line of Markdown (an option, an objective, a title), without a paragraph around it."""
    tokens = _PARSER.parseInline(text, {"links": links})
    refuse_links(tokens, links.modules, links.spots, (), links.pictures)
    return sanitise(str(_PARSER.renderer.render(tokens, _PARSER.options, {"links": links})))


def _read_mark(state: StateInline, silent: bool) -> bool:
    """Inline rule: `[^ID]` of a citation the page lists becomes a token of its own."""
    if not state.src.startswith("[^", state.pos):
        return False
    found = MARK.match(state.src, state.pos, state.posMax)
    links: PageLinks = state.env["links"]
    if found is None or found.group(1) not in links.marks:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.meta = {"id": found.group(1)}
    state.pos = found.end()
    return True


def _render_mark(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return mark_html(tokens[index].meta["id"], env["links"].marks)


def mark_html(citation_id: str, marks: Mapping[str, int]) -> Markup:
    """The small number behind a sentence: a link to the entry of the cited lines on the same page."""
    return _MARK_HTML.format(id=citation_id, number=marks[citation_id])


def _render_fence(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    token = tokens[index]
    links: PageLinks = env["links"]

    def mark(cited: str) -> str:
        return mark_html(cited, links.marks) if cited in links.marks else ""

    return render_code(token.content, token.info, mark, links.drawings, links.covered)


def _render_image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    token = tokens[index]
    links: PageLinks = env["links"]
    name = str(token.attrs["src"])
    token.attrs = {
        "src": f"{links.assets}{name}",
        "alt": renderer.renderInlineAsText(token.children, options, env),
        "loading": "lazy",
    }
    size = links.pictures[name]
    if size is not None:
        # The room is kept free before the picture is there, so that nothing moves when it comes.
        token.attrs |= {"width": size[0], "height": size[1]}
    return str(renderer.renderToken(tokens, index, options, env))


def _build_parser() -> MarkdownIt:
    parser = new_parser()
    parser.inline.ruler.before("link", "citation", _read_mark)
    parser.add_render_rule("citation", _render_mark)
    parser.add_render_rule("fence", _render_fence)
    parser.add_render_rule("code_block", _render_fence)
    parser.add_render_rule("image", _render_image)
    # A wide table scrolls by itself, by keyboard too, instead of making a phone's page wide.
    opening = '<div class="table" role="group" aria-label="Table" tabindex="0"><table>\n'
    parser.add_render_rule("table_open", lambda *_: opening)
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return parser


_PARSER = _build_parser()
