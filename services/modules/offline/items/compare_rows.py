"""Compare: what tells two siblings apart that are described in nearly the same words, or two columns of a table."""

from collections.abc import Iterator, Sequence
from itertools import permutations

from services.modules.offline.items.clauses import is_clear
from services.modules.offline.items.entries import Entry, find_groups, names_itself
from services.modules.offline.items.options import are_alike, ask_choice, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import drop_targets, show_plain
from shared.docs.model import Block
from shared.engine.types import Span

_YES = frozenset({"yes", "✅", "✓", "✔", "✔️", "x", "true", "supported", "y"})
_NO = frozenset({"no", "❌", "✗", "✘", "-", "–", "—", "", "false", "unsupported", "not supported", "n"})


def ask_comparisons(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Questions about things told in nearly the same words, and about tables of what has what."""
    for group in said.recall(find_groups, one):
        for entry in group:
            alike = [other for other in group if split_words(other.text) != split_words(entry.text) and other != entry]
            alike = [other for other in alike if are_alike(entry.text, other.text)]
            if alike and is_clear(entry.text, 4, 24, loaded=True) and not names_itself(entry.name, entry.text):
                stem = f"Which of these describes {entry.name} rather than {alike[0].name}?"
                others = [*alike, *(other for other in group if other != entry and other not in alike)]
                yield from ask_choice("compare", one, said, stem, _describe(entry), map(_describe, others))
    for block in one.section.blocks:
        if block.kind == "table" and len(block.rows[0]) >= 3:
            yield from _ask_columns(one, said, block)


def _describe(entry: Entry) -> Choice:
    return Choice(entry.text, f"that is {entry.name}.", (entry.span,))


def _ask_columns(one: TaughtSection, said: TaughtText, block: Block) -> Iterator[Question]:
    """What one column has and another one has not."""
    header, *rows = [[" ".join(drop_targets(cell).split()).strip("* ") for cell in row] for row in block.rows]
    for has, lacks in permutations(range(1, len(header)), 2):
        truths = [(_truth(row, has), _truth(row, lacks)) for row in rows]
        if (True, False) not in truths or any(None in pair for pair in truths):
            continue
        choices = [
            _tell(one.path, header, row, lines, (has, lacks))
            for row, lines in zip(rows, block.row_lines[1:], strict=True)
        ]
        stem = f"Which of these does {header[has]} have that {header[lacks]} lacks?"
        key = choices[truths.index((True, False))]
        others = [choice for choice, truth in zip(choices, truths, strict=True) if truth != (True, False)]
        yield from ask_choice("compare", one, said, stem, key, others, [span for o in others for span in o.spans])


def _tell(
    path: str, header: Sequence[str], row: Sequence[str], lines: tuple[int, int], columns: tuple[int, int]
) -> Choice:
    told = ", ".join(f"{header[i]}: {row[i] or '–'}" for i in columns)
    return Choice(row[0], f"{told}.", (Span(path=path, start_line=lines[0], end_line=lines[1]),))


def _truth(row: Sequence[str], at: int) -> bool | None:
    plain = show_plain(row[at]).lower().strip() if at < len(row) else "?"
    return True if plain in _YES else False if plain in _NO else None
