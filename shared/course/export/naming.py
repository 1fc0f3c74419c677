"""File names of modules, and sources in words."""

import re
import unicodedata

from shared.course.in_words import clock, counted
from shared.course.model import AnySource, DocumentSource, LectureSource, Module, Source, TextSource

_MAX_SLUG = 60


def file_slug(title: str) -> str:
    """A title as a file name: lower-case ASCII words joined by hyphens; empty if it has no such letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:_MAX_SLUG].strip("-")


def escape_title(text: str) -> str:
    """A plain title as Markdown that shows it letter for letter, also as the text of a link."""
    return re.sub(r"([\\`*_\[\]<>&])", r"\\\1", " ".join(text.split()))


def name_source(source: AnySource) -> str:
    """The name of a file, or the address of a repository; one of somebody's own machine has a hash there, which tells
    people nothing.
    """
    if not isinstance(source, Source):
        return source.file_name
    kind, _, root = source.url.partition("local:")
    return source.url if kind else f"a local repository (first commit {root[:12]})"


def tell_version(source: AnySource) -> str:
    """Which version of a source the course was made from, in words; hashes as code in Markdown."""
    if not isinstance(source, Source):
        return f"{tell_extent(source)}, SHA-256 `{source.sha256}`"
    return f"commit `{source.commit}` ({source.ref})"


def tell_extent(source: TextSource) -> str:
    """How long a source is: "12 pages", "50:12 of captions"; the kind of a document without pages."""
    if isinstance(source, LectureSource):
        return f"{clock(source.seconds)} of captions"
    if isinstance(source, DocumentSource):
        return source.format.upper()
    return counted(len(source.pages), "page")


def module_name(module: Module, modules: int) -> str:
    """`NN-slug` of a module in a course of `modules` modules; the numbers are as wide as the last one needs."""
    width = max(2, len(str(modules)))
    return f"{module.order:0{width}d}-{file_slug(module.title) or module.id}"
