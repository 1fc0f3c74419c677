"""Where a module's code comes from: equal to cited lines, marked as adapted, or a defect."""

import re
import textwrap
from collections.abc import Iterator

from shared.course.evidence import Evidence
from shared.course.field_text import CodeBlock
from shared.docs.code_marks import shown_text, without_marks

_PREFORMATTED = re.compile(r"\s*<pre\b", re.IGNORECASE)
_QUOTE = re.compile(r"^ {0,3}(?!>>>(?!>))> ?")  # `>>>` is the prompt of a Python session
_MOST_QUOTES = 3


def find_code_problem(block: CodeBlock, evidence: Evidence) -> str | None:
    """Why a code block does not hold, or None.

    A block without `adapted` equals a contiguous run of the cited lines, indentation and quotation marks (`>`) aside.
    """
    if not block.text.strip():
        return "an empty code block"
    if block.citation_id is None:
        return "a code block that names no source"
    cited = evidence.cited.get(block.citation_id)
    if cited is None:
        return f"a code block that cites {block.citation_id}, which the module does not list"
    if cited.problem:
        return f"a code block whose citation does not resolve: {cited.problem}"
    if block.adapted or equals_run(block.text, cited.text):
        return None
    return "a code block that differs from the lines it cites and is not marked as adapted"


def equals_run(code: str, cited: str) -> bool:
    """Whether the code equals some contiguous run of the cited lines, each with its common indentation removed.

    Lines that open with `<pre>` are also read as a browser shows them.
    """
    wanted, lines = (without_marks(text).split("\n") for text in (code, cited))
    wanted = outdent(wanted)
    if _holds(lines, wanted):
        return True
    return _PREFORMATTED.match(cited) is not None and _holds([shown_text(line) for line in lines], wanted)


def _holds(lines: list[str], wanted: list[str]) -> bool:
    size = len(wanted)
    runs = (lines[i : i + size] for i in range(len(lines) - size + 1))
    return any(outdent(there) == wanted for run in runs for there in unquote(run))


def unquote(run: list[str]) -> Iterator[list[str]]:
    """The lines as they are written. Then, while all of them are quoted, the lines without one more quotation mark."""
    yield run
    for _ in range(_MOST_QUOTES):
        if not all(_QUOTE.match(line) for line in run):
            return
        run = [_QUOTE.sub("", line) for line in run]
        yield run


def outdent(lines: list[str]) -> list[str]:
    """The lines without their common indentation."""
    return textwrap.dedent("\n".join(lines)).split("\n")
