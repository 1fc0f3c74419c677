"""The allow list every rendered text passes before it becomes part of a page."""

import nh3
from markupsafe import Markup

from shared.course.links_check import ADDRESS

from .diagram import DRAWN_ATTRIBUTES, DRAWN_ELEMENTS

_TAGS = {
    "p",
    "br",
    "hr",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "em",
    "strong",
    "s",
    "mark",
    "code",
    "pre",
    "span",
    "sup",
    "a",
    "img",
    "ul",
    "ol",
    "li",
    "blockquote",
    "aside",
    "figure",
    "figcaption",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    *DRAWN_ELEMENTS,
}
_ATTRIBUTES = {
    "a": {"href", "class", "rel", "aria-label", "title"},
    "aside": {"class"},
    "div": {"class", "role", "aria-label", "tabindex"},
    "details": {"class"},
    "figure": {"class", "data-language", "data-typed"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
    "img": {"src", "alt", "loading", "width", "height"},
    "ol": {"start"},
    "p": {"class"},
    "pre": {"tabindex"},
    "span": {"class"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class"},
    **dict.fromkeys(DRAWN_ELEMENTS, DRAWN_ATTRIBUTES),
}


def sanitise(html: str) -> Markup:
    """HTML of the listed elements and attributes only; an address is relative, https, or the reader's machine's.

    The result is `Markup`: templates print it as it is, and nothing else.
    """
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http"},
        attribute_filter=_keep,
        link_rel=None,
        strip_comments=True,
    )
    return Markup(clean)  # noqa: S704 - it has just passed the allow list


def _keep(_element: str, attribute: str, value: str) -> str | None:
    address = "".join(value.split()).lower()  # browsers skip blanks in one
    if attribute not in {"href", "src"} or not address.startswith("http:"):
        return value
    return value if attribute == "href" and ADDRESS.fullmatch(address) else None
