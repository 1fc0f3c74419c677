"""Items about examples: a name missing from a line, and lines to be put back in order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.engine.offline.items_facts import names_itself, unlink
from shared.engine.offline.items_forms import Draft, Pool, describe_shape, name_place
from shared.engine.offline.items_options import Candidate, choose_options, shuffle_options
from shared.engine.offline.lesson import Code, Prose, iter_said
from shared.engine.offline.lesson_parts import HeadedPart
from shared.engine.offline.lesson_said import code_form, find_units
from shared.engine.offline.writer_evidence import Span
from shared.engine.offline.writer_text import opens_by_itself

_GAP = "⟨?⟩"
_PERSONAL = re.compile(r"\b(?:I|my|me)\b|\s:$")
_LONGEST_LINE = 76
_KEYED = re.compile(r"(?<=[(,\s])[a-z_]\w{2,}(?==[^=\s])")
_CALLED = re.compile(r"(?<=[.@:])[A-Za-z_]\w{2,}(?=!?\()")
_SUBCOMMAND = re.compile(
    r"(?<=^)(?:[$%>] )?(?:cargo|npm|git|pip|docker|nats|uv|poetry|go|kubectl|helm|conda|brew|yarn|pnpm|rustup|gem) "
    r"(?P<name>[a-z][a-z-]{2,})(?=\s|$)"
)
_INTRODUCES = re.compile(
    r"^\s*(?:(?:async )?def|class|import|from\s+\S+\s+import|let(?: mut)?|const|var|fn|func|mkdir|with)\s+.*?(\w+)"
)
_ASSIGNS = re.compile(r"^\s*([A-Za-z_]\w*)\s*(?::[^=]+)?:?=[^=]")
_ORDER = (
    "Put these lines of {place} in order.",
    "Order the lines as {place} shows them.",
    "Sort these lines into the example of {place}.",
)
_ORDER_TOLD = "The documentation says “{intro}” and shows an example. Put its lines in order."
_MISSING = (
    "“{intro}” Which name belongs at the mark in the example?",
    "The documentation says “{intro}” and shows this line. Which name fills its hole?",
    "One name of this line is gone. Which one is it, when the text says “{intro}”?",
)


@dataclass(frozen=True)
class Names:
    """What the lesson's examples name, by sort: what could stand in a hole of that sort."""

    called: tuple[str, ...]
    decorating: tuple[str, ...]
    keyed: tuple[str, ...]
    subcommands: tuple[str, ...]


def gather_names(parts: Sequence[HeadedPart]) -> Names:
    """The names in all examples of the lesson, in order, each once."""
    lines = [line for one in parts for chunk in list_code(one) for line in chunk.text.split("\n")]
    calls = [(name, _decorates(line)) for line in lines for name in _CALLED.findall(line)]
    return Names(
        called=tuple(dict.fromkeys(name for name, decorates in calls if not decorates)),
        decorating=tuple(dict.fromkeys(name for name, decorates in calls if decorates)),
        keyed=tuple(dict.fromkeys(name for line in lines for name in _KEYED.findall(line))),
        subcommands=tuple(dict.fromkeys(m.group("name") for line in lines for m in _SUBCOMMAND.finditer(line))),
    )


def _decorates(line: str) -> bool:
    return line.lstrip().startswith("@")


def list_code(one: HeadedPart) -> list[Code]:
    """The examples of a part."""
    return [chunk for chunk, _ in _list_told(one)]


def _list_told(one: HeadedPart) -> list[tuple[Code, str]]:
    """The examples of a part with the sentence that introduces each, "" when none does."""
    found: list[tuple[Code, str]] = []
    for passage in one.part.passages:
        for i, chunk in enumerate(passage.chunks):
            if isinstance(chunk, Code):
                before = passage.chunks[i - 1] if i else None
                found.append((chunk, unlink(before.said[-1].text) if isinstance(before, Prose) else ""))
    return found


def fill_code(one: HeadedPart, pool: Pool, names: Names, turn: int, *, untold: bool = False) -> Iterator[Draft]:
    """Names missing from lines of examples, where the sentence before says what the line does without naming it.

    With `untold`, examples that no sentence introduces: the heading has to say what they are about.
    """
    said = (s.text for passage in one.part.passages for chunk in passage.chunks for s in iter_said(chunk))
    taught = set(re.findall(r"[\w-]{3,}", " ".join(said)))
    seen: set[str] = set()
    for chunk, intro in _list_told(one):
        if _tells(intro) == untold:
            continue
        intro = "" if untold else intro
        for number, line in enumerate(chunk.text.split("\n")):
            at = Span(chunk.span.path, chunk.span.start + number, chunk.span.start + number)
            for name, candidates in _find_holes(line, names):
                if name in seen or names_itself(f"`{name}`", intro):
                    continue
                draft = _fill_line(one, pool, turn + number, chunk.language, line, name, candidates, at, intro)
                if draft is not None:
                    seen.add(name)
                    yield draft if name in taught else _worth_less(draft)


def _tells(intro: str) -> bool:
    """Whether a sentence before an example can stand in a question about it."""
    return 4 <= len(intro.split()) <= 28 and opens_by_itself(intro) and not _PERSONAL.search(intro)


def _find_holes(line: str, names: Names) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names that occur once in a line, each with what could be taken for it."""
    if len(line) > _LONGEST_LINE or "`" in line or _GAP in line:
        return
    found = [
        *((name, names.decorating if _decorates(line) else names.called) for name in _CALLED.findall(line)),
        *((name, names.keyed) for name in _KEYED.findall(line)),
        *((match.group("name"), names.subcommands) for match in _SUBCOMMAND.finditer(line)),
    ]
    for name, candidates in found:
        if len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", line)) == 1:
            yield name, candidates


def _fill_line(
    one: HeadedPart,
    pool: Pool,
    turn: int,
    language: str,
    line: str,
    name: str,
    others: Sequence[str],
    at: Span,
    intro: str,
) -> Draft | None:
    key = f"`{name}`"
    kin = [Candidate(f"`{other}`", 0) for other in others if describe_shape(f"`{other}`") == describe_shape(key)]
    chosen = choose_options(key, kin, pool.lines(at))
    if chosen is None:
        return None
    shown = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", _GAP, line.strip(), count=1)
    return Draft(
        kind="single_choice",
        stem=f"{_word_hole(one, intro, turn)}\n\n```{language}\n{shown}\n```",
        options=tuple(chosen[0]),
        key=(chosen[1],),
        explanation=f"The line of the example reads `{line.strip()}`.",
        spans=(at,),
        claims=("apply", "understand"),
        document_id=one.part.document_id,
        section_id=one.part.section_id,
        about=name,
        worth=6,
        form="call",
    )


def _word_hole(one: HeadedPart, intro: str, turn: int) -> str:
    if intro:
        return _MISSING[turn % len(_MISSING)].format(intro=intro)
    return f"Which name belongs at the mark in this line of {name_place(one)}?"


def _worth_less(draft: Draft) -> Draft:
    return Draft(**{**vars(draft), "worth": 4})


def order_code(one: HeadedPart, turn: int, said_before: frozenset[str], least: int = 4) -> Iterator[Draft]:
    """Examples, or units of at least some lines of them, whose lines can stand in one order only.

    Units that earlier modules have are left to them.
    """
    for chunk, intro in _list_told(one):
        lines = chunk.text.split("\n")
        for start, end in find_units(lines):
            unit = [line.strip() for line in lines[start:end]]
            whole = len(unit) == len(lines)
            if code_form(unit) in said_before or any(len(line) > _LONGEST_LINE or "`" in line for line in unit):
                continue
            if len(set(unit)) < len(unit) or not _is_bound(lines[start:end]) or (len(unit) < least and not whole):
                continue
            told = whole and _tells(intro)
            stem = _ORDER_TOLD.format(intro=intro) if told else _ORDER[(turn + start) % len(_ORDER)]
            options, key = shuffle_options([f"`{line}`" for line in unit])
            yield Draft(
                kind="ordering",
                stem=stem.format(place=name_place(one)) if not told else stem,
                options=tuple(options),
                key=tuple(key),
                explanation=f"It begins with `{unit[0]}` and ends with `{unit[-1]}`.",
                spans=(Span(chunk.span.path, chunk.span.start + start, chunk.span.start + end - 1),),
                claims=("apply", "understand"),
                document_id=one.part.document_id,
                section_id=one.part.section_id,
                about=unit[0],
                worth=3 + len(unit) if whole else 1 + len(unit),
                form="lines",
            )
            break


def _is_bound(lines: Sequence[str]) -> bool:
    """Whether each line needs the one before it: it opens a block, decorates, or makes a name that is used next."""
    for before, after in pairwise(lines):
        decorates = before.lstrip().startswith("@") and not after.lstrip().startswith("@")
        opens = before.rstrip().endswith((":", "(", "[", "{", "\\"))
        found = _INTRODUCES.match(before) or _ASSIGNS.match(before)
        uses = found is not None and re.search(rf"\b{re.escape(found.group(1))}\b", after) is not None
        if not (decorates or opens or uses):
            return False
    return True
