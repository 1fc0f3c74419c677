"""Raw lines of a documentation file that hold text, seen without its reader: what looks like markup is left out."""

import re
from collections.abc import Iterator, Sequence

from shared.docs.formats import DocFormat
from shared.docs.model import Document
from shared.docs.run_code import count_unseen

_FEWEST_WORDS = 4
_WORD = re.compile(r"[^\W\d_]{2,}")
_ITEM_OF_SIGNS = re.compile(r"\s*[-*+] (?=.*[()\]{}@$&;])[^\w`<\[!|]+$")
_SENTENCE = re.compile(r"[.!?:…。]\s*$")
_HTML_COMMENT = re.compile(r"<!--.*?-->|\{/\*.*?\*/\}", re.DOTALL)
_ADOC_COMMENT = re.compile(r"^////+$.*?^////+$", re.DOTALL | re.MULTILINE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_TARGETS = re.compile(r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\](?:\([^()]*\)|\[[^\]]*\])|<?(?<!\w)\w++://\S+")
# Lines that are markup as a whole: a directive with its arguments, an attribute, a definition of a target, a rule.
_MARKUP: dict[DocFormat, re.Pattern[str]] = {
    "markdown": re.compile(
        r"^\s*+(?:[>\s]*+\[[^\]]+\]:|#{1,6}\s|:::|!!!|\?\?\?|///|===\s|--8<--|\{[%{#:]|```|~~~|:[\w-]+:\s|\(.*\)=\s*$"
        r"|\[\]\(|%|\+\+\+|import\s|export\s|\*\[[^\]]+\]:|\.\.\s|<)"
    ),
    "rst": re.compile(r"^\s*(?:\.\.(?:\s|$)|:[\w\s-]+:|__\s|[+|][-=+|]|\|[^|]+\|$)"),
    "asciidoc": re.compile(
        r"^\s*(?:=+\s|//|\[[^\]]*\]\s*$|:!?[\w-]+!?:|(?:include|image|ifdef|ifndef|ifeval|endif|toc|video)::|\||\.\S)"
    ),
}


def find_text_lines(document: Document) -> Iterator[int]:
    """Numbers of the lines with a few words that end like a sentence, or with an item of signs; a notebook is JSON."""
    pattern = _MARKUP.get("markdown" if document.format == "mdx" else document.format)
    if pattern is None:
        return
    lines = _blank_out(document.raw_lines, document.format)
    hidden = False
    indent = 0
    for number, line in enumerate(lines, start=1):
        depth = len(line) - len(line.lstrip())
        if hidden and (not line.strip() or depth > indent):
            continue
        hidden = False
        if pattern.match(line):
            # What is indented below a directive, a comment or an option belongs to it.
            hidden, indent = document.format != "asciidoc", depth
        elif _is_text(line):
            yield number


def _blank_out(lines: Sequence[str], doc_format: DocFormat) -> list[str]:
    """The lines with front matter and comments emptied, so that the numbers stay."""
    kept = list(lines)
    if kept and kept[0].rstrip() in ("---", "+++"):
        end = next((i for i in range(1, len(kept)) if kept[i].rstrip() == kept[0].rstrip()), 0)
        kept[: end + 1] = [""] * (end + 1)
    if doc_format == "markdown":
        _blank_unseen(kept)
    pattern = _ADOC_COMMENT if doc_format == "asciidoc" else _HTML_COMMENT
    return pattern.sub(lambda found: "\n" * found.group().count("\n"), "\n".join(kept)).split("\n")


def _blank_unseen(kept: list[str]) -> None:
    """Empty the lines of code that a site runs and that its readers do not see."""
    opened = 0
    for at, line in enumerate(kept):
        fence = line.lstrip()
        if fence.startswith("```{") and not opened:
            opened = at + 1
        elif fence.startswith("```") and opened:
            unseen = count_unseen(kept[opened - 1].lstrip(" `"), kept[opened:at])
            kept[opened : opened + unseen] = [""] * unseen
            opened = 0


def _is_text(line: str) -> bool:
    shown = _TAG.sub("", _TARGETS.sub("", line))
    is_sentence = len(_WORD.findall(shown)) >= _FEWEST_WORDS and _SENTENCE.search(shown) is not None
    return is_sentence or _ITEM_OF_SIGNS.match(line) is not None
