"""Compare: what tells two siblings apart that are described in nearly the same words."""

from collections.abc import Iterator

from services.modules.offline.items.clauses import is_clear
from services.modules.offline.items.entries import Entry, find_groups, list_own, names_itself
from services.modules.offline.items.options import are_alike, ask_choice, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText


def ask_comparisons(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Questions about things told in nearly the same words."""
    for group in said.recall(find_groups, one):
        for entry in list_own(group, one):
            alike = [other for other in group if split_words(other.text) != split_words(entry.text) and other != entry]
            alike = [
                other
                for other in alike
                if are_alike(entry.text, other.text) and not names_itself(other.name, other.text)
            ]
            if alike and is_clear(entry.text, 4, 24, loaded=True) and not names_itself(entry.name, entry.text):
                stem = f"Which of these describes {entry.name} rather than {alike[0].name}?"
                others = [_describe(other) for other in alike]
                told = f"{entry.name}: {entry.text}."
                key = Choice(entry.text, told, (entry.span,))
                asked = ask_choice("compare", one, said, [stem], key, others, ranked=True)
                yield from (question for question in asked if alike[0].text in {o.text for o in question.options})


def _describe(entry: Entry) -> Choice:
    return Choice(entry.text, f"this describes {entry.name}.", (entry.span,))
