"""The questions of a module: all that its sections carry, and of these the best few."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from services.modules.offline.items.calls import ask_calls
from services.modules.offline.items.predict_output import ask_outputs, find_decided
from services.modules.offline.items.question import Question, TaughtSection, digest
from services.modules.offline.items.runs import ask_runs
from services.modules.offline.items.taught_text import TaughtText
from shared.course.near_items import compare_items
from shared.course.plain_text import show_plain

_TASKS = re.compile(r"\b(?:exercises?|quiz|challenges?|homework|assignments?|questions?|checklist)\b", re.IGNORECASE)
_FORMER = re.compile(r"\b(?:up|down)grad|\bmigrat|\b(?:remov|deprecat|renam)ed\b|\bchange ?logs?\b", re.IGNORECASE)
"""A section about another version shows what holds no more."""
_NEAR_EQUAL, _SHORTEST_TOLD = 0.75, 2
_MOST_OF_FORM = 2  # questions that one section may have


def find_items(taught: Sequence[TaughtSection], said: TaughtText, count: int) -> tuple[Question, ...]:
    """At most `count` questions, in the order of the sections; none where no section carries one.

    `said` is all that the course teaches. What another module asks, too, goes when the course is put together. Pure:
    equal sections give equal questions.
    """
    return keep_best(list_questions(taught, said), count)


def list_questions(taught: Iterable[TaughtSection], said: TaughtText) -> list[Question]:
    """Every question that the sections carry. The documentation's own exercises, and what it says of other versions,
    carry none.
    """
    found: list[Question] = []
    for one in taught:
        about = f"{one.document.title} {one.section.heading}"
        if not (_TASKS.search(f"{one.section.heading} {one.path}") or _FORMER.search(about)):
            examples = [*find_decided(one, said)]
            found += [*ask_outputs(one, examples), *ask_runs(one), *ask_calls(one, examples)]
    return found


def keep_best(found: Sequence[Question], count: int) -> tuple[Question, ...]:
    """At most `count`, in their order, each choice the one that adds most to those before."""
    kept: list[Question] = []
    left = list(found)
    while left and len(kept) < count:
        best = max(left, key=lambda question: (_worth(question, kept), digest(question.stem)))
        kept.append(best)
        left = [question for question in left if question != best and _is_new(question, best, kept)]
    return tuple(question for question in found if question in kept)


def _worth(question: Question, kept: Sequence[Question]) -> int:
    """How much a question adds: most if its form and its section are new among those kept."""
    forms = Counter(other.form for other in kept)
    sections = Counter(other.place for other in kept)
    return -3 * forms[question.form] - 2 * sections[question.place]


def _is_new(question: Question, other: Question, kept: Sequence[Question]) -> bool:
    """Not like another one, and neither gives the other's answer away; its section has not enough of its form."""
    return (
        sum((one.form, one.place) == (question.form, question.place) for one in kept) < _MOST_OF_FORM
        and (question.one.path, question.block) != (other.one.path, other.block)
        and not (_tells(question, other) or _tells(other, question))
        and compare_items(question.as_item(), other.as_item()) <= _NEAR_EQUAL
    )


def _tells(one: Question, other: Question) -> bool:
    """Whether a stem holds the key of another question, of more than a sign, or an option asks for the same."""
    stem = f" {show_plain(one.stem).lower()} "
    if other.answers and any(option.text == f"`{other.last}`" for option in one.options):
        return True
    keys = [show_plain(key).lower() for key in other.keys]
    return any(f" {key} " in stem for key in keys if len(key) > _SHORTEST_TOLD)
