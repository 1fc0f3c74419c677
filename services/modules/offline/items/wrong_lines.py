"""Find the line that is wrong: a remark of the author in the code says so."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from services.modules.offline.items.options import ask_choice, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.course.item_kinds import is_other_kind
from shared.docs.model import Block
from shared.engine.types import Span

_SLASHES = re.compile(
    r"(?:rust|rs|java|[jt]sx?|mjs|typescript|vue|go|kotlin|swift|c|cpp|cs|csharp|php|dart|scala|zig)\b"
)
_HASHES = re.compile(r"(?:i?python|py|ruby|rb|sh|bash|shell|console|zsh|ya?ml|toml|ini|elixir|dockerfile)\b")
_WRONG = re.compile(
    r"❌.*\b(?:(?:fails|broken|will (?:not|fail)|(?:is|are) not|cannot|called (?:after|before))\b"
    r"|\w+n['’]t do )"
    r"|(?:[❌✗]\s*)?(?:(?:(?:compile(?:-time)?|runtime|mutability|type) )?error\b(?:[!:]|$)"
    r"|\w+(?:Error|Exception)\b(?:[!:]|$)"
    r"|(?:bad|wrong|invalid|illegal)\b(?:[!:.]|$| [-–—])"
    r"|(?:this )?(?:does(?:n['’]t| not)|wo(?:n['’]t| not)) (?:work|compile)\b)",
    re.IGNORECASE,
)
_MARK = re.compile(r"^[❌✗]?\s*(?:compile(?:-time)? )?(?:error|wrong|bad)\b[\s!:.]*|^[❌✗]\s*", re.IGNORECASE)
_MARKED = re.compile(
    r"(?://|#).*(?:FIXME|TODO|❌|✗|\bpanics?\b|\berrors?\b|\w+Error\b|\bfails?\b|\bwrong\b)", re.IGNORECASE
)
_CODE = re.compile(r"(?!.* (?:the|is|are) ).*(?:[;{},]|^\S*\(.*\))$|[\w.]+ = \S+$")
_PART = re.compile(
    r"(?:[})\]>@&|.]|use |import |from |#|package |mod |<|\"|'|else\b|try\b|return$|pass\b|break\b|continue\b)"
    r"|.*[{(\[,:\\]$"
)
_LONGEST, _MOST_LINES = 76, 40


@dataclass(frozen=True)
class Line:
    """A line of code without its remark; `span` are the lines of both. A line that is `out` is commented out."""

    code: str
    remark: str
    span: Span
    out: bool = False

    @property
    def text(self) -> str:
        return self.code.strip()

    @property
    def quoted(self) -> str:
        return f"`{self.text}`"

    @property
    def told(self) -> str:
        """The author's remark on the line, without the mark that the line is wrong."""
        return _MARK.sub("", self.remark)

    @property
    def is_wrong(self) -> bool:
        return bool(_WRONG.match(self.remark))

    @property
    def is_whole(self) -> bool:
        """Whether it is a statement by itself, short enough to be an option."""
        closed = all(self.text.count(a) == self.text.count(b) for a, b in ("()", "[]", "{}"))
        return closed and 3 < len(self.text) <= _LONGEST and "`" not in self.text and not _PART.match(self.text)


def _read(one: TaughtSection, block: Block) -> list[Line]:
    """The lines of a block of code, each with the remark above or behind it; empty where remarks are unknown."""
    sign = "//" if _SLASHES.match(block.language) else "#" if _HASHES.match(block.language) else ""
    found: list[Line] = []
    above: list[tuple[str, Span]] = []
    for line, span in list_lines(one, block) if sign else ():
        code, remark = _split(line, sign)
        told = " ".join(text for text, _ in above)
        first = above[0][1] if above else span
        both = Span(path=span.path, start_line=first.start_line, end_line=span.end_line)
        if code.strip():
            found.append(Line(code, remark or told, span if remark else both))
        elif remark and _WRONG.match(told) and _CODE.match(remark):
            indent = line[: len(line) - len(line.lstrip())]
            found.append(Line(indent + remark, told, both, out=True))
        above = [*above, (remark, span)] if remark and not code.strip() and not _CODE.match(remark) else []
    return found


def _split(line: str, sign: str) -> tuple[str, str]:
    """A line's code and its remark; a remark behind code has a space on both sides of its sign."""
    plain = line.strip()
    if plain.startswith(sign) and not plain.startswith(("#[", "#!", "///", "//!")):
        return "", plain.lstrip(sign).strip()
    found = re.search(rf"\s{sign}\s+(?=\S)", line)
    if found and line[: found.start()].count('"') % 2 == line[: found.start()].count("'") % 2 == 0:
        return line[: found.start()].rstrip(), line[found.end() :].strip()
    return line, ""


def ask_wrong_lines(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each line that the author calls wrong, among the other lines of its example."""
    for block in one.section.blocks:
        lines = list(enumerate(_read(one, block)))
        fine = [(at, line) for at, line in lines if not (line.is_wrong or line.out)]
        marked = [span.start_line for line, span in list_lines(one, block) if _MARKED.search(line)]
        asked = lines if len(fine) < _MOST_LINES else []
        for place, wrong in ((at, line) for at, line in asked if line.is_wrong and line.is_whole):
            if marked and not (wrong.span.start_line <= marked[0] and marked[-1] <= wrong.span.end_line + 1):
                continue  # another line fails, too
            shown = [line for _, line in sorted([*fine, (place, wrong)], key=itemgetter(0))]
            if [line.text for line in shown].count(wrong.text) == 1:
                code = "\n".join(line.code for line in shown)
                stem = f"One line of this example is wrong. Which one?\n\n```{block.language}\n{code}\n```"
                others = [_fine(line, wrong) for line in _rank(wrong, shown)]
                yield from ask_choice("find_wrong", one, said, stem, _tell(wrong), others)


def _rank(wrong: Line, shown: Sequence[Line]) -> list[Line]:
    """The other whole lines of the same kind, those that share most names with the wrong one first."""
    own = split_words(wrong.text)
    fit = [line for line in shown if line != wrong and line.is_whole and not is_other_kind(wrong.quoted, line.quoted)]
    return sorted(fit, key=lambda line: -len(split_words(line.text) & own))


def _tell(wrong: Line) -> Choice:
    says = (
        f"the documentation says of this line: “{wrong.told}”."
        if wrong.told
        else "the documentation marks it as wrong."
    )
    return Choice(wrong.quoted, says, (wrong.span,))


def _fine(line: Line, wrong: Line) -> Choice:
    """A line that works: what the author says of it, else what the line that fails has against it."""
    if " " in line.remark:
        return Choice(line.quoted, f"the example says of it: “{line.remark}”.", (line.span,))
    told = f"what fails is {wrong.quoted}{f': “{wrong.told}”' if wrong.told else ''}."
    return Choice(line.quoted, told, (line.span, wrong.span))
