"""Which other files a Markdown document pulls in: code it includes, pictures it shows."""

import re
from collections.abc import Iterator

from shared.docs.includes import PICTURE_SNIPPET, Include, References, few, imports, includes_of_line
from shared.docs.links import PICTURE_SOURCE, image_candidates, unique
from shared.docs.rst.references import find_references as find_of_directives
from shared.docs.run_code import pictures_of

_IMAGE = re.compile(r"!\[[^\[\]]*\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\)[^()\s<>]*)*)")
_IMAGE_NAME = re.compile(r"^[ \t]*\[[^\[\]]+\]:\s*<?([^\s<>]+\.(?:png|jpe?g|gif|svg|webp|avif))\b", re.IGNORECASE)
_DIRECTIVE = re.compile(
    r"^[ \t>]*+(?:[-*+][ \t]++)?"
    r"(?:[`:~]{3,}[ \t]*\{([\w:-]+)\}|\.\.[ \t]+([\w:-]+)::|:::[ \t]+(?=[A-Za-z_][\w.]*\s*$))[ \t]*"
)


def find_references(path: str, text: str) -> References:
    """The files `text` includes and the pictures it shows, as candidates inside the repository."""
    found = [candidate for include in few(_includes_of(path, text)) for candidate in include.candidates]
    directing = [_DIRECTIVE.sub(_as_directive, line) for line in text.split("\n") if _DIRECTIVE.match(line)]
    directives = find_of_directives(path, "\n".join(directing)) if directing else References()
    targets = [match.group(1) for expression in (_IMAGE, PICTURE_SOURCE) for match in expression.finditer(text)]
    targets += [match.group(1) for line in text.split("\n") if (match := _IMAGE_NAME.match(line))]
    targets += [
        f"/{shown[2]}" for line in text.split("\n") if "8<" in line and (shown := PICTURE_SNIPPET.fullmatch(line))
    ]
    targets += [target for _, target, _ in pictures_of(text.split("\n"))] if "include_graphics" in text else []
    images = [candidate for target in few(targets) for candidate in image_candidates(path, target)]
    return References(includes=unique([*found, *directives.includes]), images=unique([*images, *directives.images]))


def _as_directive(match: re.Match[str]) -> str:
    return f".. {match.group(1) or match.group(2) or 'mkdocstrings'}:: "


def _includes_of(path: str, text: str) -> Iterator[Include]:
    """The includes of a text of Markdown."""
    for line in text.split("\n"):
        if "{" in line or "8<" in line or "<<<" in line or "@include" in line:
            yield from includes_of_line(path, line)
    yield from imports(path, text).values()
