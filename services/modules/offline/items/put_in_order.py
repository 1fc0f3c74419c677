"""Put in order: lines of an example whose order follows from the names that each makes and uses."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import factorial

from services.modules.offline.items.chance import digest
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.docs.model import Block
from shared.engine.types import Span

_ASKS = "In which order does each of these lines have what it uses?"
_ASKS_WITHIN = "In which order can these lines stand in the gap, so that each has what it uses?"
_MOST, _FEWEST, _MOST_ACCEPTED, _ONE_OF = 7, 4, 4, 12
_LONGEST, _MOST_SHOWN = 80, 22
_LANGUAGE = re.compile(
    r"(?:py|python3?|pycon|ipython|m?js|javascript|[jt]sx?|typescript|go|rust|rs|ruby|rb|elixir|ex|php|r|julia|kotlin|swift"
    r"|java|scala|csharp|lua)$",
    re.IGNORECASE,
)
_MARKED = re.compile(r"`|\+\+\+")
"""Texts that cannot be shown as a line of code, and marks of what an example adds."""
_REMARK = re.compile(r"\s*(?:#(?!\[)|//|--\s)")
_BEHIND = re.compile(r"\s+(?:#(?![\[{])|//)\s.*$")
_TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_FILLED = re.compile(r"(?<!\\)[#$]?\{([^{}]*)\}")
"""The code inside of a text."""
_NAME = re.compile(r"(?<![\w.$@\"':])[$@]?[A-Za-z_]\w*(?!\w|:(?!:)|\s*=(?![=>~]))")
_BINDS = re.compile(
    r"(?:(?:const|let|var|val|local|my|final)\s+(?:mut\s+)?)?"
    r"(?P<names>[$@]?[A-Za-z_]\w*(?:\s*,\s*[$@]?\w+)*|[\[({][\w\s,:]+[\])}])"
    r"\s*(?::\s*[\w\[\]<>., |&]+?)?\s*(?::=|=|<-)(?![=>~])\s*(?P<value>.+)"
)
_CHANGES = re.compile(
    r"(?P<root>[$@]?[A-Za-z_]\w*)(?:[.\[][^=(]*(?<![=!<>])=(?![=>~])|\.(?:append|add|extend|insert|push|set|update|put|register)\w*\()"
)
"""A line that changes a thing for whatever uses the thing later."""
_CALLS = re.compile(r"(?:await\s+)?(?P<root>[$@]?[A-Za-z_]\w*)")
_TAKES = re.compile(r"\b(?:next|pop|shift|read\w*|recv|receive|take|time|now|random\w*|input|rand|fetchone|commit)\b")
"""What a second call gives otherwise than the first."""
_PRINTS = re.compile(r"(?:\w+\.)*p?(?:print\w*|puts|log)[ (!]", re.IGNORECASE)
_OPENS = re.compile(
    r"(?:import|from|use|using|require|include|return|if|elif|else|elsif|unless|for|foreach|while|with"
    r"|async (?:def|with|for)|def\w*|class|module|end|try|except|catch|finally|raise|throw|yield"
    r"|export|package|pub|fn|func|function|type|interface|struct|enum|impl|case|match|switch|defer"
    r"|go|break|continue|pass|del|global|assert\w*|expect|test\w*"
    r"|public|private|alias|namespace|fun|do|set|echo|puts|library)\b|[^\w$@]"
)
_GOES_ON = re.compile(r"\s*(?:[.|&+?:)\]}]|->|=>|and\b|or\b)")
_OPEN_END = re.compile(r"[:,({\[\\=|+.]$|\b(?:do|then|and|or)$|->$|=>$|<-$|%>%$|\|>$")
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))


@dataclass(frozen=True)
class Step:
    """A line of an example. `changes` are things that it changes, `acts` says that it does more than to make names."""

    at: int
    text: str
    span: Span
    makes: frozenset[str]
    uses: frozenset[str]
    changes: str = ""
    acts: bool = False


def ask_order(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """The order of the lines of an example, where what they make and use leaves few orders."""
    for block in one.section.blocks:
        if block.kind != "code" or not _LANGUAGE.match(block.language) or _MARKED.search(block.code):
            continue
        lines = _list_typed(list_lines(one, block))
        if len(lines) <= _MOST_SHOWN:
            found = (steps for run in _list_runs(lines) for steps in _list_windows(run))
            fit = ((steps, orders) for steps in found if (orders := list_orders(steps)) and _is_ours(steps, said))
            yield from (_ask(one, block, lines, *own) for own in [*fit][:1])


def _list_typed(lines: Sequence[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """The lines, or what is typed in a session, without remarks; a sign stands for what the session prints."""
    if any(line.startswith(">>> ") for line, _ in lines):
        lines = [(line[4:] if line.startswith((">>> ", "... ")) else ">", span) for line, span in lines]
    return [(_BEHIND.sub("", line).rstrip(), span) for line, span in lines if line.strip() and not _REMARK.match(line)]


def _list_runs(lines: Sequence[tuple[str, Span]]) -> Iterator[list[Step]]:
    """Lines that follow each other at one depth, each a whole statement."""
    steps = [_read_step(at, lines) for at in range(len(lines))]
    depths = [len(line) - len(line.lstrip()) for line, _ in lines]
    for _, own in groupby(zip(steps, depths, strict=True), key=lambda two: (two[0] is None, two[1])):
        yield [step for step, _ in own if step]


def _read_step(at: int, lines: Sequence[tuple[str, Span]]) -> Step | None:
    """A line as a step; None where it is not one whole statement that makes names or calls something."""
    line, span = lines[at][0].strip(), lines[at][1]
    below = lines[at + 1][0] if at + 1 < len(lines) else ""
    deeper = len(below) - len(below.lstrip()) > len(lines[at][0]) - len(line)
    bare = _TEXT.sub("''", line)
    odd = bare.replace("''", "").count('"') or bare.replace("''", "").count("'")
    whole = not odd and all(bare.count(a) == bare.count(b) for a, b in _PAIRS)
    if (
        not whole
        or deeper
        or len(line) > _LONGEST
        or _OPENS.match(line)
        or "require(" in line
        or _GOES_ON.match(below)
        or _OPEN_END.search(bare)
    ):
        return None
    filled = " ".join(part for text in _TEXT.findall(line) for part in _FILLED.findall(text))
    binds, changes, calls = _BINDS.match(line), _CHANGES.match(line), _CALLS.match(line)
    text = line.rstrip(";")
    if binds:
        made = frozenset(re.findall(r"[$@]?\w+", binds["names"])) - {"_"}
        uses = frozenset(_NAME.findall(f"{_TEXT.sub('', binds['value'])} {filled}"))
        return Step(at, text, span, made, uses, acts=bool(_TAKES.search(bare)))
    uses = frozenset(_NAME.findall(f"{_TEXT.sub('', line)} {filled}"))
    if changes:
        return Step(at, text, span, frozenset(), uses | {changes["root"]}, changes=changes["root"])
    return Step(at, text, span, frozenset(), uses, acts=True) if calls and "(" in line else None


def _list_windows(run: Sequence[Step]) -> Iterator[Sequence[Step]]:
    """The parts of a run that can be asked, the longest first. Where a line stands that only prints is no question."""
    for size in range(min(_MOST, len(run)), _FEWEST - 1, -1):
        found = (run[start : start + size] for start in range(len(run) - size + 1))
        yield from (steps for steps in found if sum(not _PRINTS.match(step.text) for step in steps) >= _FEWEST)


def list_orders(steps: Sequence[Step]) -> list[tuple[int, ...]]:
    """Every order in which each line has what it uses; empty where they are many, or where one of them is in doubt."""
    count = len(steps)
    needs = [{i for i in range(j) if _needs(steps[j], steps[i])} for j in range(count)]
    closed: list[set[int]] = []
    for own in needs:
        closed.append(own.union(*(closed[i] for i in own)))
    doubts = any(_is_in_doubt(steps[i], steps[j]) for j in range(count) for i in range(j) if i not in closed[j])
    made = [name for step in steps for name in step.makes]
    if doubts or len(set(made)) < len(made) or len({step.text for step in steps}) < count:
        return []
    orders: list[tuple[int, ...]] = [()]
    for _ in steps:
        orders = [(*o, i) for o in orders for i in range(count) if i not in o and needs[i] <= set(o)]
        if len(orders) > _MOST_ACCEPTED:
            return []
    return orders if len(orders) * _ONE_OF <= factorial(count) else []


def _needs(later: Step, earlier: Step) -> bool:
    """Whether a line uses what an earlier one makes or changes."""
    made = earlier.makes or ({earlier.changes} if earlier.changes else set())
    return bool(made & later.uses) and later.changes != (earlier.changes or None)


def _is_in_doubt(earlier: Step, later: Step) -> bool:
    """Whether the order of two lines may matter though names do not tell."""
    both_act = (earlier.acts or earlier.changes) and (later.acts or later.changes)
    acting = earlier if earlier.acts or earlier.changes else later if later.acts or later.changes else None
    shared = (earlier.uses | earlier.makes) & (later.uses | later.makes)
    return bool(both_act or earlier.uses & later.makes or (acting and shared))


def _is_ours(steps: Sequence[Step], said: TaughtText) -> bool:
    """Whether the lines have something that the course tells of."""
    names = {name for step in steps for name in re.findall(r"\w+", _TEXT.sub("", step.text)) if len(name) > 2}
    return any(said.names(name) or said.imports(name) for name in names)


def _ask(
    one: TaughtSection,
    block: Block,
    lines: Sequence[tuple[str, Span]],
    steps: Sequence[Step],
    orders: Sequence[tuple[int, ...]],
) -> Question:
    first, last = steps[0].at, steps[-1].at
    shown = ["" if line == ">" else line for line, _ in lines]
    depth = len(shown[first]) - len(shown[first].lstrip())
    around = "\n".join(filter(None, [*shown[:first], f"{' ' * depth}____", *shown[last + 1 :]]))
    within = f"{_ASKS_WITHIN}\n\n```{block.language}\n{around}\n```"
    stem = within if around.strip() != "____" else _ASKS
    told = [_tell(step, steps[:at]) for at, step in enumerate(steps)]
    choices = sorted(told, key=lambda choice: digest(stem + choice.text))
    return Question(
        form="order",
        stem=stem,
        options=tuple(choices),
        explanation=" ".join(choice.feedback for choice in told if ", which " in choice.feedback),
        spans=tuple(step.span for step in steps),
        document_id=one.document_id,
        section_id=one.section.id,
        bloom="analyze",
        example=block.start_line,
        orders=tuple(tuple(told[i].text for i in order) for order in orders),
    )


def _tell(step: Step, before: Sequence[Step]) -> Choice:
    """A line, and which of the lines it needs."""
    needed = [(other, min((other.makes or {other.changes}) & step.uses)) for other in before if _needs(step, other)]
    if not needed:
        return Choice(f"`{step.text}`", "It uses nothing that another of these lines makes.", (step.span,))
    told = ", and ".join(
        f"`{name}`, which `{other.text}` {'changes' if other.changes else 'makes'}" for other, name in needed
    )
    return Choice(f"`{step.text}`", f"`{step.text}` uses {told}.", (step.span, *(other.span for other, _ in needed)))
