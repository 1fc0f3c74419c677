"""Passes over a module's Markdown tokens before they are rendered: headings, admonitions, links and pictures."""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence

from markdown_it.token import Token

from shared.course.links_check import ADDRESS
from shared.course.section_links import Spot, Spots, slug_heading
from shared.docs.anchors import free_anchor

# How sources and lessons call what stands apart, and which of six looks each gets.
_LABELS = {
    "try it": "task",
    "note": "note",
    "info": "note",
    "see also": "note",
    "example": "note",
    "tip": "tip",
    "hint": "tip",
    "success": "tip",
    "important": "important",
    "warning": "warning",
    "attention": "warning",
    "deprecated": "warning",
    "caution": "warning",
    "danger": "danger",
    "error": "danger",
    "failure": "danger",
    "bug": "danger",
}
_LABEL = re.compile(r"\s*(" + "|".join(_LABELS) + r")\b", re.IGNORECASE)
_OTHER_LABEL = re.compile(r".{1,60}:\s*", re.DOTALL)


def note_headings(tokens: Sequence[Token], taken: dict[str, int]) -> list[tuple[int, str, str]]:
    """Gives each heading an id that is new on the page and a level of 2 or more; returns (level, id, plain text)."""
    headings = []
    for index, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        level = max(2, int(token.tag[1:]))
        token.tag = f"h{level}"
        if token.type == "heading_open":
            inline = tokens[index + 1]
            slug = free_anchor(slug_heading(inline.content) or "section", taken)
            token.attrSet("id", slug)
            headings.append((level, slug, _plain(inline)))
    return headings


def _plain(inline: Token) -> str:
    kept = (token.content for token in inline.children or [] if token.type in ("text", "code_inline"))
    return "".join(kept).strip()


def name_blocks(tokens: Sequence[Token]) -> None:
    """Gives blocks the classes the style sheet knows; a quotation with a bold label becomes an aside of its kind."""
    quotations: list[str | None] = []
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            quotations.append(_admonition_kind(tokens, index))
            if quotations[-1]:
                token.tag = "aside"
                token.attrSet("class", f"admonition {quotations[-1]}")
        elif token.type == "blockquote_close":
            token.tag = "aside" if quotations.pop() else token.tag
        elif token.type == "paragraph_open":
            _name_paragraph(token, tokens[index + 1])
        elif token.type in ("th_open", "td_open"):
            # markdown-it aligns cells with an inline style, which the pages' content policy refuses.
            side = str(token.attrs.pop("style", "")).removeprefix("text-align:")
            if side:
                token.attrSet("class", side)


def _name_paragraph(paragraph: Token, inline: Token) -> None:
    kinds = {child.type for child in inline.children or [] if child.type != "softbreak" and child.content.strip(" ")}
    kinds |= {child.type for child in inline.children or [] if child.type in ("image", "citation")}
    if kinds == {"citation"}:
        paragraph.attrSet("class", "marks")
    elif "image" in kinds and kinds <= {"image", "citation"}:
        paragraph.attrSet("class", "picture")


def _admonition_kind(tokens: Sequence[Token], index: int) -> str | None:
    inside = tokens[index + 1 : index + 3]
    if len(inside) < 2 or inside[0].type != "paragraph_open":
        return None
    children = [child for child in inside[1].children or [] if child.type != "text" or child.content]
    if len(children) < 2 or children[0].type != "strong_open":
        return None
    label = children[1].content
    found = _LABEL.match(label)
    if found:
        return _LABELS[found.group(1).lower()]
    return "note" if _OTHER_LABEL.fullmatch(label) else None


def refuse_links(
    tokens: Sequence[Token],
    modules: Mapping[str, str],
    spots: Spots,
    fragments: Container[str],
    pictures: Container[str],
) -> None:
    """Points links at the page's own targets; what leads nowhere, or may not be followed or loaded, becomes text."""

    def point(link: Token) -> Token | None:
        target, title = str(link.attrs.get("href", "")), str(link.attrs.get("title", ""))
        spot = spots.get(target[1:], {}).get(title, Spot("", gloss=True))
        href = _href(target, modules, fragments)
        at = f"#{spot.fragment}" if spot.fragment else ""
        return None if href is None else _pointed_at(link, href + at, title if spot.gloss else "")

    for token in tokens:
        if token.children is not None:
            token.children = list(_checked(token.children, point, pictures))


def _checked(
    children: Sequence[Token], point: Callable[[Token], Token | None], pictures: Container[str]
) -> Iterator[Token]:
    kept: list[bool] = []
    for token in children:
        if token.type == "link_open":
            link = point(token)
            kept.append(link is not None)
            if link is not None:
                yield link
        elif token.type == "link_close":
            if kept.pop():
                yield token
        elif token.type == "image" and token.attrs.get("src") not in pictures:
            # The picture did not travel: its description is what is left of it.
            yield from _checked(token.children or [], point, pictures)
        else:
            yield token


def _href(target: str, modules: Mapping[str, str], fragments: Container[str]) -> str | None:
    if target.startswith("#"):
        name = target[1:]
        return modules.get(name) or (target if name in fragments else None)
    return target if ADDRESS.fullmatch(target) else None


def _pointed_at(token: Token, href: str, gloss: str) -> Token:
    token.attrs = {"href": href}
    if gloss:
        token.attrs |= {"class": "gloss", "title": gloss}
    if ADDRESS.fullmatch(href):
        token.attrs |= {"class": "external", "rel": "noopener noreferrer nofollow"}
    return token
