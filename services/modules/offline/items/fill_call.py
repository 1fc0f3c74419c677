"""Fill the call by its value: examples that differ in one name or argument, and each shows what it gives."""

import re
from collections.abc import Iterator
from dataclasses import replace

from services.modules.offline.items.context import write_code
from services.modules.offline.items.examples import Shown, find_shown
from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.predict_output import is_plain
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText

_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[\w.]+|\S")
_LONGEST, _NEAREST = 70, 20


def find_calls(one: TaughtSection, said: TaughtText) -> Iterator[tuple[Shown, str]]:
    """The shown values of a section that follow from their code, each with the code before it."""
    for example in find_shown(one):
        if is_plain(example) and "(" in example.asked and "\n" not in example.asked and not example.test:
            code = write_code(one, example, example.asked, said)
            if code and len(example.asked) <= _LONGEST:
                yield example, code.rpartition("\n")[0]


def ask_calls(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each call that has siblings after the same code, all of which give something else."""
    after: dict[str, list[Shown]] = {}
    for example, before in said.recall(find_calls, one):
        after.setdefault(before, []).append(example)
    for before, at, example in ((before, at, found[at]) for before, found in after.items() for at in range(len(found))):
        near = after[before][max(0, at - _NEAREST) : at + _NEAREST]
        kin = [other for other in near if _differ_once(example.asked, other.asked)]
        if not any(other.value == example.value for other in kin):
            shown = example.block.language
            code = f"{before}\n____".strip("\n")
            stem = (
                f"Which line belongs in the gap, so that it {example.way} `{example.value}`?\n\n```{shown}\n{code}\n```"
            )
            others = [_choice(other) for other in kin]
            key = replace(_choice(example), feedback=f"the documentation shows that it {example.way} this value.")
            yield from ask_choice("fill_call", one, said, [stem], key, others, ranked=True, lines=True)


def _differ_once(one: str, other: str) -> bool:
    """Whether two lines differ in one name, number or text and in nothing else."""
    a, b = _TOKEN.findall(one), _TOKEN.findall(other)
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _choice(example: Shown) -> Choice:
    return Choice(f"`{example.asked}`", f"this line {example.way} `{example.value}`.", example.spans)
