"""Reading a page of the site as a checker does: its elements, ids, addresses, and whether its tags close."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
# Of these a browser closes what is left open by itself; everything else must be closed by hand.
_DRAWING_VOID = frozenset({"path", "circle"})


@dataclass
class Page:
    """The contents of a page: (tag, attributes) in order, its text, and what is wrong with its tags."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """The attributes of the elements of this tag that have these values."""
        return [found for name, found in self.elements if name == tag and attributes.items() <= found.items()]

    @property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [found["id"] for _, found in self.elements if "id" in found]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.page.faults.append(f"<{tag}> names an attribute twice")
        self.page.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID | _DRAWING_VOID:
            self.page.faults.append(f"<{tag}/> does not close itself in HTML")

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.page.faults.append(f"</{tag}> at {self.getpos()} closes {self._open[-1:]}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.page.text += data

    def close(self) -> None:
        super().close()
        self.page.faults += [f"<{tag}> is never closed" for tag in self._open]


def read_page(html: bytes | str) -> Page:
    """Parses a page or a fragment."""
    reader = _Reader()
    reader.feed(html.decode() if isinstance(html, bytes) else str(html))
    reader.close()
    return reader.page
