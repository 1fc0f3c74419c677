"""Find what is wrong: the cause of a documented error, among the causes of its siblings."""

import re
from collections.abc import Iterator

from services.modules.offline.items.clauses import is_clear
from services.modules.offline.items.entries import Entry, find_groups, list_own, names_itself
from services.modules.offline.items.options import are_alike, ask_choice
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import word_stems
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain

_FAULT = re.compile(
    r"error|exception|ERR\b|failed|failure|denied|invalid|violation|[45]\d\d\b|^[EW]\d+$", re.IGNORECASE
)
_SORT = re.compile(r"error|exception|symptom|problem", re.IGNORECASE)


def ask_faults(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each error of a list or table of errors."""
    for group in said.recall(find_groups, one):
        faults = [entry for entry in group if is_fault(entry)]
        for entry in list_own(tuple(faults), one) if len(faults) * 2 > len(group) else ():
            if is_clear(entry.text, 3, 24, loaded=True) and not names_itself(entry.name, entry.text):
                stems = word_stems(one, f"you get {entry.name}. What is wrong?", alone=True)
                others = [_cause(other) for other in group if other != entry and not are_alike(entry.text, other.text)]
                yield from ask_choice("find_wrong", one, said, stems, _cause(entry), others)


def is_fault(entry: Entry) -> bool:
    """Whether an entry is an error and what it means."""
    return bool(_FAULT.search(show_plain(entry.name)) or _SORT.search(entry.sort))


def _cause(entry: Entry) -> Choice:
    return Choice(entry.text, f"this is the cause of {entry.name}.", (entry.span,))
