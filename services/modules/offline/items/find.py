"""The questions of a module: all that its sections carry, and of these the best few."""

import re
from collections.abc import Callable, Iterable, Sequence

from services.modules.offline.items.choose_thing import ask_choices
from services.modules.offline.items.compare_rows import ask_comparisons
from services.modules.offline.items.fill_call import ask_calls
from services.modules.offline.items.fill_gap import ask_gaps
from services.modules.offline.items.find_wrong import ask_faults
from services.modules.offline.items.keep import keep_best
from services.modules.offline.items.match_terms import ask_matches
from services.modules.offline.items.precedence import ask_precedence
from services.modules.offline.items.predict_output import ask_outputs
from services.modules.offline.items.put_in_order import ask_orders
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.sessions import ask_runs
from services.modules.offline.items.taught_text import TaughtText
from services.modules.offline.items.wrong_lines import ask_wrong_lines

_FORMS = (
    ask_outputs,
    ask_runs,
    ask_faults,
    ask_wrong_lines,
    ask_orders,
    ask_choices,
    ask_comparisons,
    ask_calls,
    ask_gaps,
    ask_precedence,
    ask_matches,
)
_TASKS = re.compile(r"\b(?:exercises?|quiz|challenges?|homework|assignments?|questions?|checklist)\b", re.IGNORECASE)


def find_items(
    taught: Sequence[TaughtSection], said: TaughtText, count: int, is_ours: Callable[[Question], bool]
) -> tuple[Question, ...]:
    """At most `count` questions, in the order of the sections; none where no section carries one.

    `said` is all that the course teaches. Of a section that other modules teach as well, each question `is_ours` or
    another module's. Pure: equal sections give equal questions.
    """
    return keep_best(list(filter(is_ours, list_questions(taught, said))), count)


def list_questions(taught: Iterable[TaughtSection], said: TaughtText) -> list[Question]:
    """Every question that the sections carry; exercises of the documentation itself are none of ours."""
    lessons = [one for one in taught if not _TASKS.search(one.section.heading)]
    asked = [question for one in lessons for ask in _FORMS for question in ask(one, said)]
    places = {(one.document_id, one.section.id): i for i, one in enumerate(lessons)}
    return sorted(asked, key=lambda q: places[q.document_id, q.section_id])
