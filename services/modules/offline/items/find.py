"""The questions of a module: all that its sections carry, and of these the best few."""

import re
from collections.abc import Iterable, Iterator, Sequence

from services.modules.offline.items.calls import ask_calls
from services.modules.offline.items.keep import keep_best
from services.modules.offline.items.predict_output import ask_outputs
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.runs import ask_runs
from services.modules.offline.items.taught_text import TaughtText

_FORMS = (ask_outputs, ask_runs, ask_calls)
_TASKS = re.compile(r"\b(?:exercises?|quiz|challenges?|homework|assignments?|questions?|checklist)\b", re.IGNORECASE)


def find_items(taught: Sequence[TaughtSection], said: TaughtText, count: int) -> tuple[Question, ...]:
    """At most `count` questions, in the order of the sections; none where no section carries one.

    `said` is all that the course teaches. What another module asks, too, goes when the course is put together. Pure:
    equal sections give equal questions.
    """
    return keep_best(list_questions(taught, said), count)


def list_questions(taught: Iterable[TaughtSection], said: TaughtText) -> list[Question]:
    """Every question that the sections carry. Exercises of the documentation itself are none of ours."""
    asked = (one for one in taught if not _TASKS.search(one.section.heading))
    return [question for one in asked for question in _ask(one, said)]


def _ask(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    return (question for ask in _FORMS for question in ask(one, said))
