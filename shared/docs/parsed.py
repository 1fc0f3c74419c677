"""The result of a format's reader: the `ParsedDocument` it read, and the other files it needs (`References`)."""

from dataclasses import dataclass, field

from shared.docs.model import Link, Section


@dataclass(frozen=True)
class ParsedDocument:
    """A document as its format's reader understood it; `title` is "" when the document names itself nowhere."""

    title: str
    title_line: int
    sections: tuple[Section, ...]
    links: tuple[Link, ...] = ()
    front_matter: dict[str, object] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class References:
    """Other files a document needs to be read in full: repository-relative paths, candidates in order of likelihood."""

    includes: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
