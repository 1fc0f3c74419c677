"""Links, pictures and raw HTML of a course's Markdown."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.course.field_text import FieldText, Link, read_markdown
from shared.course.section_links import Spots, list_fragments

ASSET = re.compile(r"assets/[0-9a-f]{64}\.(?:png|jpe?g|gif|webp|avif|bmp|ico|svg)")
ADDRESS = re.compile(
    r"https://[^\s/?#@<>\"]+\.[^\s<>\"]*|https?://(?:localhost|127(?:\.\d+){3}|\[::1\])(?:[:/?#][^\s<>\"]*)?",
    re.IGNORECASE,
)
"""Where a link of a course may lead: by https, or to the reader's own machine, where a program of theirs answers."""
_PUBLIC = re.compile(
    r"http://(?:[\w-]+\.)+(?!(?:example|internal|invalid|local|localhost|test)(?![\w-]))[^\W\d_][\w-]*(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_AT_COMMIT = re.compile(r"[/=][0-9a-f]{40}(?:/|$)")
_SCRIPT = re.compile(r"\b(?:javascript|vbscript|data):", re.IGNORECASE)


@dataclass(frozen=True)
class LinkProblem:
    """A link, picture or bit of HTML that does not hold."""

    where: str
    target: str
    detail: str


def secure(address: str) -> str:
    """An address that a link may have; one by http as one by https, where anybody can look up its host; else ""."""
    return f"https{address[4:]}" if _PUBLIC.fullmatch(address) else address if ADDRESS.fullmatch(address) else ""


def find_link_problems(
    texts: tuple[FieldText, ...], known_modules: AbstractSet[str], assets: AbstractSet[str] | None, spots: Spots
) -> Iterator[LinkProblem]:
    """Everything L1 counts. `assets` are the pictures that travel with the course; None checks their form only.

    `spots`: the titles that links to each module may have; those of a module that it lacks are not checked.
    """
    headings = frozenset(list_fragments(heading.text for text in texts for heading in text.headings))
    for text in texts:
        for link in text.links:
            problem = (
                _check_image(link.target, assets) if link.image else _check_link(link, known_modules, headings, spots)
            )
            if problem:
                yield LinkProblem(text.where, link.target, problem)
        for found in text.html:
            yield LinkProblem(text.where, found, "raw HTML")


def find_unknown_hosts(
    texts: tuple[FieldText, ...], cited_files: str, is_named: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """Field and target of links to a host that the cited files never name, unless they lead to a file at a commit.

    Paths are not compared: sources put addresses together from attributes and macros. Of an address on the project's
    own site a page names the path alone; then any document of the course may name the host (`is_named`).
    """
    known = cited_files.lower()
    for text in texts:
        for link in text.links:
            host = urlsplit(link.target).hostname if ADDRESS.fullmatch(link.target) else None
            if host and host not in known and not _AT_COMMIT.search(link.target):
                path = link.target.partition(f"//{host}")[2]
                if not (path[1:] and path in cited_files and is_named(host)):
                    yield text.where, link.target


def find_unsafe(markdown: str) -> str | None:
    """Raw HTML, a script's address or a picture in a short text such as an option, if any."""
    if "<" not in markdown and "](" not in markdown:
        return None
    text = read_markdown("", markdown)
    targets = (link.target for link in text.links if link.image or _SCRIPT.match(link.target.strip()))
    return next(iter((*text.html, *targets)), None)


def _check_link(link: Link, known_modules: AbstractSet[str], headings: AbstractSet[str], spots: Spots) -> str | None:
    target, name = link.target, link.target[1:]
    if target.startswith("#") and link.title and link.title not in spots.get(name, (link.title,)):
        return "a link to a section that its module does not have"
    if target.startswith("#"):
        return None if name in known_modules or name in headings else "a link to no module and no heading"
    if _SCRIPT.match(target.strip()):
        return "a link that runs a script"
    return None if ADDRESS.fullmatch(target) else "a link that is not an absolute https address"


def _check_image(target: str, assets: AbstractSet[str] | None) -> str | None:
    if not ASSET.fullmatch(target):
        return "a picture that does not travel with the course"
    return None if assets is None or target in assets else "a picture the course does not hold"
