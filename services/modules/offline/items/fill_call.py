"""Choose the call: which of the calls of a section, after the same code, gives a value."""

from collections.abc import Iterator, Sequence
from itertools import islice

from services.modules.offline.items.chance import digest
from services.modules.offline.items.examples import Shown
from services.modules.offline.items.predict_output import find_decided, show_code
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.flaws import find_flaws

_FEWEST, _MOST = 3, 4
Call = tuple[Shown, str]
"""An example and the code before its last line."""


def ask_calls(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each call with siblings: they stand in one section after the same code and give something else."""
    calls = [
        (example, code.rpartition("\n")[0])
        for example, code in said.recall(find_decided, one)
        if "(" in example.asked
        and " = " not in example.asked
        and "\n" not in example.asked
        and not (example.fails or example.test)
    ]
    for call in calls:
        near = [other for other in calls if other[1] == call[1]]
        kin = list({other[0].value: other for other in near if other[0].value != call[0].value}.values())
        split = any(other[0].asked == call[0].asked and other[0].value != call[0].value for other in near)
        if len(kin) >= _FEWEST - 1 and not split and call[0].value not in call[1]:
            yield from islice(_ask(one, call, kin), 1)


def _ask(one: TaughtSection, call: Call, kin: Sequence[Call]) -> Iterator[Question]:
    """The question with the siblings nearest in length that give no clue."""
    example, before = call
    order = sorted(kin, key=lambda other: (abs(len(other[0].asked) - len(example.asked)), digest(other[0].asked)))
    shown = f" The code that runs first:\n\n{show_code(example, before)}" if before else ""
    stem = f"Which of these {example.way} `{example.value}`?{shown}"
    for count in (_MOST - 1, _FEWEST - 1):
        own = [_tell(other, is_key=other is call) for other in (call, *order[:count])]
        options = tuple(sorted(own, key=lambda option: digest(stem + option.text)))
        question = Question(
            form="fill_call",
            stem=stem,
            options=options,
            explanation=own[0].feedback.removeprefix("Right: "),
            spans=example.spans,
            document_id=one.document_id,
            section_id=one.section.id,
            bloom="apply",
            example=example.block.start_line,
        )
        if len(own) == count + 1 and not find_flaws(question.as_item()):
            yield question


def _tell(call: Call, *, is_key: bool) -> Choice:
    example = call[0]
    told = f"`{example.asked}` {example.way} `{example.value}`."
    return Choice(f"`{example.asked}`", f"{'Right' if is_key else 'No'}: {told}", example.spans, is_key)
