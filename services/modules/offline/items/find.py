"""The questions of a module: all that its sections carry, and of these the best few."""

from collections.abc import Sequence

from services.modules.offline.items.keep import keep_best
from services.modules.offline.items.match_terms import ask_matches
from services.modules.offline.items.predict_output import ask_outputs
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.model import Level
from shared.engine.types import ConceptGraph

_FORMS = (ask_outputs, ask_matches)


def find_items(
    taught: Sequence[TaughtSection], graph: ConceptGraph, said: TaughtText, level: Level, count: int
) -> tuple[Question, ...]:
    """At most `count` questions, in the order of the sections; none where no section carries one.

    `said` is all that the course teaches. Pure: equal sections give equal questions.
    """
    del graph, level
    found = [question for one in taught for ask in _FORMS for question in ask(one, said)]
    return keep_best(found, count)
