"""Which questions a module keeps: of many forms and sections, no two alike."""

from collections import Counter
from collections.abc import Sequence

from services.modules.offline.items.question import Question, digest
from shared.course.near_items import compare_items
from shared.course.plain_text import show_plain

_NEAR_EQUAL = 0.78
_MOST_OF_FORM = 2
"""Questions of a form that one section may have."""
_SHORTEST_TOLD = 2


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
    """What is of another form or section than those before adds most."""
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
