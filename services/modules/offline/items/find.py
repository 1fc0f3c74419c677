"""The questions of a module: all that its sections carry, and of these the best few."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from services.modules.offline.items.calls import ask_calls
from services.modules.offline.items.keep import keep_best
from services.modules.offline.items.predict_output import ask_outputs
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.runs import ask_runs
from services.modules.offline.items.taught_text import TaughtText

_FORMS = (ask_outputs, ask_runs, ask_calls)
_TASKS = re.compile(r"\b(?:exercises?|quiz|challenges?|homework|assignments?|questions?|checklist)\b", re.IGNORECASE)


def find_items(
    taught: Sequence[TaughtSection], said: TaughtText, count: int, is_ours: Callable[[Question], bool]
) -> tuple[Question, ...]:
    """At most `count` questions, in the order of the sections; none where no section carries one.

    `said` is all that the course teaches: what another section asks before is not asked again. Of a section that other
    modules teach as well, each question `is_ours` or another module's. Pure: equal sections give equal questions.
    """
    first = said.group_first(ask_section, _sign)
    found = [one for one in list_questions(taught, said) if is_ours(one)]
    return keep_best([one for one in found if one.place == first.get(_sign(one), one).place], count)


def index_questions(said: TaughtText) -> None:
    """Find the questions of all sections now: each process that is forked afterwards would find them again."""
    said.group_first(ask_section, _sign)


def list_questions(taught: Iterable[TaughtSection], said: TaughtText) -> list[Question]:
    """Every question that the sections carry."""
    return [question for one in taught for question in said.recall(ask_section, one)]


def ask_section(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Every question that a section carries. Exercises of the documentation itself are none of ours."""
    if not _TASKS.search(one.section.heading):
        yield from (question for ask in _FORMS for question in ask(one, said))


def _sign(question: Question) -> str:
    """What two questions have in common that ask for the same: the last line that is shown, and the answer.

    Without code the whole stem: a course does not ask the same words twice. A choice of calls is asked once.
    """
    if question.options:
        return " ".join(sorted(option.text for option in question.options))
    if "```" not in question.stem:
        return question.stem
    return f"{question.form} {question.last} {' '.join(question.keys)}"
