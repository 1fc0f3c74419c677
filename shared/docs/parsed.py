"""The result of a format's reader."""

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
