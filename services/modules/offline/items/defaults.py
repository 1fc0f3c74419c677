"""What happens when a setting is left out: which value applies, among the defaults of its siblings."""

import re
from collections.abc import Iterator

from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import drop_targets, show_plain
from shared.docs.model import Block
from shared.engine.types import Span

_SETTING = re.compile(r"`[^`]+`|\w+(?:[._-]\w+)+")
_KINDS = (
    (r"\d[\d.,_]*", "number"),
    (r"\d[\d.,_]*\s?(?:ns|us|µs|ms|s|m|h|d|sec|seconds?|min|minutes?|hours?|days?)", "time"),
    (r"\d[\d.,_]*\s?(?:b|kb?|mb?|gb?|tb?|kib|mib|gib|bytes)", "size"),
    (r"[a-z][\w.-]*", "name"),
)
_HEADINGS = ("default", "default value", "defaults")


def ask_defaults(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each setting of a table with a column of defaults."""
    for block in one.section.blocks:
        choices = _read_defaults(one, block) if block.kind == "table" else {}
        for name, choice in choices.items():
            stem = f"{name} is left out. Which value applies?"
            kin = [other for other in choices.values() if _kind(other.text) == _kind(choice.text) != ""]
            kin = [other for other in kin if other.text != choice.text]
            apart = [span for other in kin for span in other.spans]
            yield from ask_choice("what_happens", one, said, stem, choice, kin, apart)


def _kind(value: str) -> str:
    """What a value measures; values of other kinds are no alternatives."""
    plain = show_plain(value).strip("\"'")
    return next((kind for pattern, kind in _KINDS if re.fullmatch(pattern, plain, re.IGNORECASE)), "")


def _read_defaults(one: TaughtSection, block: Block) -> dict[str, Choice]:
    """Each setting's default, by the setting's name."""
    header = [show_plain(cell).lower() for cell in block.rows[0]]
    at = next((i for i, name in enumerate(header) if i and name in _HEADINGS), 0)
    found: dict[str, Choice] = {}
    for row, (start, end) in zip(block.rows[1:], block.row_lines[1:], strict=True) if at else ():
        name, value = drop_targets(row[0]).strip("* "), drop_targets(row[at]).strip() if len(row) > at else ""
        if _SETTING.fullmatch(name) and value and len(show_plain(value).split()) <= 3:
            span = Span(path=one.path, start_line=start, end_line=end)
            found[name] = Choice(value, f"this is the default of {name}.", (span,))
    return found
