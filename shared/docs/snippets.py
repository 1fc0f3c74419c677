"""The text an include stands for: lines of another file, by ranges or by marks in it, always one contiguous run."""

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from shared.docs.code_marks import without_marks
from shared.docs.included import Included, NotIncluded
from shared.docs.includes import Include
from shared.docs.listed_lines import marked_lines
from shared.docs.model import Block, Origin

_MARK = re.compile(
    r"\bANCHOR(?:_END)?:\s*[\w-]+"  # mdBook
    r"|(?<!-)-++8<-++\s*+\[\s*+(?:start|end)\s*:"  # mkdocs snippets
    r"|^\s*+(?:(?://|#|/\*|<!--|--|\*|;|%|\"\"\"|::|REM)\s*+)?#?(?:pragma\s+)?(?:end)?region\b"  # VitePress
    r"|^\s*(?://|#|/\*|<!--)\s*(?:tag|end)::[\w-]+\[\]",  # AsciiDoc
    re.IGNORECASE,
)
_CUT = re.compile(r"\s*// ---cut(?:-before)?---\s*$")
_EXPECTED = re.compile(r"\s*// @(?:errors:|noErrors\b)")
_LANGUAGES = {
    "bash": "bash", "c": "c", "cc": "cpp", "cpp": "cpp", "cs": "csharp", "css": "css", "go": "go", "h": "c", "html":
    "html", "ini": "ini", "java": "java", "js": "javascript", "json": "json", "jsx": "jsx", "kt": "kotlin", "md":
    "markdown", "mjs": "javascript", "php": "php", "ps1": "powershell", "py": "python", "rb": "ruby", "rs": "rust",
    "sh": "bash", "sql": "sql", "swift": "swift", "toml": "toml", "ts": "typescript", "tsx": "tsx", "txt": "text",
    "vue": "vue", "xml": "xml", "yaml": "yaml", "yml": "yaml",
}  # fmt: skip
_PROSE_SUFFIXES = (".md", ".mdx", ".markdown", ".qmd", ".rst", ".adoc")


def is_prose(include: Include) -> bool:
    """Whether an include brings text to read rather than code to show."""
    return bool(include.candidates) and include.candidates[0].lower().endswith(_PROSE_SUFFIXES)


def resolve(include: Include, included: Included, language: str, depth: int) -> Block:
    """The code an include stands for. Raises NotIncluded.

    Lines that only mark parts for includes, and hidden lines of Rust examples, are not shown.
    """
    path = next((candidate for candidate in include.candidates if candidate in included), None)
    if path is None:
        raise NotIncluded("included file not found")
    lines = included.lines(path)
    numbers = select_lines(include, lines)
    if numbers is None:
        raise NotIncluded("included part not found")
    numbers = [n for n in numbers if not _MARK.search(lines[n - 1])]
    seen = visible_lines(lines, numbers, language)
    if not seen:
        raise NotIncluded("included part is empty")
    marked = marked_lines(include.marked, range(1, len(lines) + 1) if include.marks_file else numbers, seen)
    return replace(code_of(included, path, lines, seen, language, depth), marked=marked)


def code_of(
    included: Included, path: str, lines: Sequence[str], numbers: Iterable[int], language: str, depth: int
) -> Block:
    """The lines `numbers` of an included file as code that cites them there. Raises NotIncluded when all are blank."""
    seen = visible_lines(lines, tuple(numbers), "")
    if not seen:
        raise NotIncluded("included part not found")
    code = included.shown(undent([lines[n - 1] for n in seen]))
    origin = Origin(path, seen[0], seen[-1])
    shown_as = language or language_of(path)
    return Block(
        "code", seen[0], seen[-1], depth=depth, code=code, language=shown_as, origin=origin, adapted=has_gaps(seen)
    )


def language_of(path: str) -> str:
    """The language of a code file by its name, "" when it is not known."""
    return _LANGUAGES.get(PurePosixPath(path).suffix.lstrip(".").lower(), "")


def visible_lines(lines: Sequence[str], numbers: Sequence[int], language: str) -> Sequence[int]:
    """The line `numbers` that readers see, without blank lines at both ends.

    Twoslash cuts off what its type checker alone needs, and drops the line that names the errors to expect.
    """
    cut = max((at for at, n in enumerate(numbers, 1) if _CUT.match(lines[n - 1])), default=0)
    numbers = [n for n in numbers[cut:] if not _EXPECTED.match(lines[n - 1])]
    hides = language == "rust"  # what an example needs to compile, behind `# `
    seen = [n for n in numbers if not (hides and f"{lines[n - 1].strip()} ".startswith("# "))]
    filled = [i for i, n in enumerate(seen) if lines[n - 1].strip()]
    return seen[filled[0] : filled[-1] + 1] if filled else ()


def has_gaps(numbers: Sequence[int]) -> bool:
    """Whether lines are missing between the first and the last one."""
    return bool(numbers) and numbers[-1] - numbers[0] + 1 != len(numbers)


def undent(lines: Sequence[str]) -> str:
    """Lines joined, without the white space they all begin with and a builder's marks; blank lines stay as they are."""
    common = posixpath.commonprefix([line for line in lines if line.strip()])
    at = len(common) - len(common.lstrip(" \t"))
    text = "\n".join(one[at:] if one.startswith(common[:at]) else one.lstrip(" \t") for one in lines)
    return without_marks(text, added=False)


def select_lines(include: Include, lines: Sequence[str]) -> list[int] | None:
    """Numbers of the lines an include means, in order; None when its mark is not in the file."""
    count = len(lines)
    if include.anchor:
        return _marked(include.anchor, lines)
    if not include.ranges or include.ranges == ((0, 0),):  # "ln[0]" leaves the whole file to a preview
        return list(range(1, count + 1))
    wanted: list[int] = []
    for first, last in include.ranges:
        start = count + 1 + first if first < 0 else max(first, 1)
        end = count if last is None else count + 1 + last if last < 0 else min(last, count)
        wanted += range(start, end + 1)
    return sorted(set(wanted))


def _marked(anchor: str, lines: Sequence[str]) -> list[int] | None:
    """Lines between the marks that name `anchor`, in whichever way mdBook, mkdocs or VitePress write them."""
    name = re.escape(anchor)
    begin = re.compile(rf"\bANCHOR:\s*{name}(?![\w-])|8<-+\s*\[\s*start\s*:\s*{name}\s*\]", re.IGNORECASE)
    finish = re.compile(rf"\bANCHOR_END:\s*{name}(?![\w-])|8<-+\s*\[\s*end\s*:\s*{name}\s*\]", re.IGNORECASE)
    start = next((n for n, line in enumerate(lines, 1) if begin.search(line)), None)
    if start is None:
        return _region(name, lines)
    end = next((n for n in range(start + 1, len(lines) + 1) if finish.search(lines[n - 1])), len(lines) + 1)
    return list(range(start + 1, end))


def _region(name: str, lines: Sequence[str]) -> list[int] | None:
    """Lines of a `#region name` up to its own `#endregion`."""
    begin = re.compile(rf"(?<!end)\bregion[\s:]+{name}\s*(?:-->|\*/)?\s*$", re.IGNORECASE)
    start = next((n for n, line in enumerate(lines, 1) if _MARK.search(line) and begin.search(line)), None)
    if start is None:
        return None
    open_regions = 1
    for number in range(start + 1, len(lines) + 1):
        line = lines[number - 1]
        if "region" in line.lower() and _MARK.search(line):
            open_regions += -1 if "endregion" in line.lower() else 1
            if not open_regions:
                return list(range(start + 1, number))
    return list(range(start + 1, len(lines) + 1))
