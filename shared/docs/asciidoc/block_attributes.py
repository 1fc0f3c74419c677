"""Attributes of an AsciiDoc block: `[source,java]`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

_PIECE = re.compile(
    r"""\s*(?:(?P<name>[\w-]+)\s*=\s*)?(?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,]*)\s*(?:,|$)"""
)
_SHORTHAND = re.compile(r"([.#%])([^.#%]+)")

DIAGRAMS = frozenset({"mermaid", "plantuml", "graphviz", "ditaa", "d2", "svgbob", "wavedrom", "vega", "vegalite"})
"""Styles of blocks whose text is drawn."""


@dataclass(frozen=True)
class BlockAttributes:
    """The lines above a block: its style, positional and named attributes, options, id and title."""

    style: str = ""
    positional: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    options: frozenset[str] = frozenset()
    id: str = ""
    title: str = ""
    title_line: int = 0
    line: int = 0

    @property
    def language(self) -> str:
        """The language of a source block, or of a diagram."""
        if self.style in DIAGRAMS:
            return self.style
        return self.named.get("language") or (self.positional[1] if len(self.positional) > 1 else "")

    @property
    def is_source(self) -> bool:
        """Whether the block's content is program text."""
        return self.style == "source" or (not self.style and len(self.positional) > 1 and bool(self.positional[1]))

    @property
    def substitutes(self) -> bool:
        """Whether attributes are replaced in a verbatim block."""
        return bool(re.search(r"(?<![\w-])(?:attributes|normal)\b", self.named.get("subs", "")))

    def merged(self, line: str, number: int) -> "BlockAttributes":
        """These with another attribute line (without its brackets) added."""
        positional: list[str] = []
        named = dict(self.named)
        for name, value in split_attributes(line):
            if name:
                named[name] = value
            else:
                positional.append(value)
        style, found_id, options = _shorthand(positional[0] if positional else "")
        listed = {word.strip() for word in (named.get("options", "") + "," + named.get("opts", "")).split(",")}
        return replace(
            self,
            style=style or self.style,
            positional=tuple(positional) if any(positional) else self.positional,
            named=named,
            options=self.options | options | (listed - {""}),
            id=named.get("id", "") or found_id or self.id,
            line=self.line or number,
        )


def split_attributes(line: str) -> Iterator[tuple[str, str]]:
    """(name, value) of each attribute of a list; the name is "" for a positional one."""
    position = 0
    while position < len(line):
        match = _PIECE.match(line, position)
        if match is None or match.end() == position:
            return
        value = match["value"].strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        yield match["name"] or "", value[1:-1] if quoted else value
        position = match.end()


def _shorthand(text: str) -> tuple[str, str, frozenset[str]]:
    """`style#id.role%option` as style, id and options."""
    style = re.split(r"[.#%]", text, maxsplit=1)[0].strip()
    found = [(match[1], match[2].strip()) for match in _SHORTHAND.finditer(text)]
    ids = [value for mark, value in found if mark == "#"]
    return style, ids[0] if ids else "", frozenset(value for mark, value in found if mark == "%")
