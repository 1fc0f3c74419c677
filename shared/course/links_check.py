"""Links, pictures and raw HTML of a course's Markdown."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.course.field_text import FieldText, read_markdown
from shared.course.plain_text import show_plain
from shared.docs.headings import slug

ASSET = re.compile(r"assets/[0-9a-f]{64}\.(?:png|jpe?g|gif|webp|avif|bmp|ico|svg)")
_HTTPS = re.compile(
    r"^https://[^\s/?#<>\"]+\.[^\s<>\"]*$|^https://(?:localhost|\[?[\da-f.:]+\]?)(?:[:/?#]|$)", re.IGNORECASE
)
_AT_COMMIT = re.compile(r"[/=][0-9a-f]{40}(?:/|$)")
_SCRIPT = re.compile(r"\b(?:javascript|vbscript|data):", re.IGNORECASE)


@dataclass(frozen=True)
class LinkProblem:
    """A link, picture or bit of HTML that does not hold."""

    where: str
    target: str
    detail: str


def slug_heading(text: str) -> str:
    """The fragment a heading of Markdown is linked by."""
    return slug(show_plain(text))


def find_link_problems(
    texts: tuple[FieldText, ...], known_modules: AbstractSet[str], assets: AbstractSet[str] | None
) -> Iterator[LinkProblem]:
    """Everything L1 counts. `assets` are the pictures that travel with the course; None checks their form only."""
    headings = _list_fragments(texts)
    for text in texts:
        for link in text.links:
            problem = (
                _check_image(link.target, assets) if link.image else _check_link(link.target, known_modules, headings)
            )
            if problem:
                yield LinkProblem(text.where, link.target, problem)
        for found in text.html:
            yield LinkProblem(text.where, found, "raw HTML")


def find_unknown_hosts(texts: tuple[FieldText, ...], cited_files: str) -> Iterator[tuple[str, str]]:
    """Field and target of links to a host that the cited files never name, unless they lead to a file at a commit.

    Paths are not compared: sources put addresses together from attributes and macros.
    """
    known = cited_files.lower()
    for text in texts:
        for link in text.links:
            host = urlsplit(link.target).hostname if _HTTPS.match(link.target) else None
            if host and host not in known and not _AT_COMMIT.search(link.target):
                yield text.where, link.target


def find_unsafe(markdown: str) -> str | None:
    """Raw HTML, a script's address or a picture in a short text such as an option, if any."""
    if "<" not in markdown and "](" not in markdown:
        return None
    text = read_markdown("", markdown)
    targets = (link.target for link in text.links if link.image or _SCRIPT.match(link.target.strip()))
    return next(iter((*text.html, *targets)), None)


def _check_link(target: str, known_modules: AbstractSet[str], headings: AbstractSet[str]) -> str | None:
    if target.startswith("#"):
        name = target[1:]
        return None if name in known_modules or name in headings else "a link to no module and no heading"
    if _SCRIPT.match(target.strip()):
        return "a link that runs a script"
    return None if _HTTPS.match(target) else "a link that is not an absolute https address"


def _check_image(target: str, assets: AbstractSet[str] | None) -> str | None:
    if not ASSET.fullmatch(target):
        return "a picture that does not travel with the course"
    return None if assets is None or target in assets else "a picture the course does not hold"


def _list_fragments(texts: tuple[FieldText, ...]) -> set[str]:
    """Fragments of a module's headings; a repeated heading gets -1, -2, … as hosts number them."""
    counts: dict[str, int] = {}
    fragments: set[str] = set()
    for text in texts:
        for heading in text.headings:
            slug = slug_heading(heading.text)
            seen = counts.get(slug, 0)
            counts[slug] = seen + 1
            fragments.add(f"{slug}-{seen}" if seen else slug)
    return fragments
