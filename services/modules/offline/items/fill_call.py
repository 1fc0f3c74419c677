"""Calls of one function, each shown with what it gives: which of them gives a value, and what one of them gives."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.modules.offline.items.context import bare, write_code
from services.modules.offline.items.deciding import find_deciding
from services.modules.offline.items.examples import Shown, find_shown
from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.predict_output import is_plain, is_read_off, name_call
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText

_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[\w.]+|\S")
_BOUND = re.compile(r"^\s*(?:let |const |var |for )?(?:mut )?(\w+)\s*(?:=[^=]|in )")
_MAKES = re.compile(r"\s|[@})\]]|(?:class|def|import|from|function|const|let|var)\b|\w+ = ")
"""A line that makes something new and changes nothing."""
_LONGEST, _NEAREST, _FEWEST = 70, 20, 2


@dataclass(frozen=True)
class Call:
    """A shown value of a call; `before` is the code that it needs."""

    example: Shown
    before: str

    @property
    def text(self) -> str:
        return bare(self.example.asked)

    @property
    def choice(self) -> Choice:
        told = f"`{self.text}` {self.example.way} `{self.example.value}`."
        return Choice(f"`{self.text}`", told, self.example.spans)


def find_calls(one: TaughtSection, said: TaughtText) -> Iterator[Call]:
    """The shown values of a section that follow from their code."""
    for example in find_shown(one):
        if is_plain(example) and "(" in example.asked and "\n" not in example.asked:
            code = write_code(one, example, example.asked, said)
            if code and len(example.asked) <= _LONGEST:
                yield Call(example, code.rpartition("\n")[0])


def ask_calls(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each call that has siblings after the same code, all of which give something else."""
    found = said.recall(find_calls, one)
    for at, call in enumerate(found):
        near = found[max(0, at - _NEAREST) : at + _NEAREST]
        kin = [other for other in near if other is not call and _is_kin(call, other)]
        value = call.example.value
        kin = list({other.example.value: other for other in kin if _is_of_build(other.example, call.example)}.values())
        read_off = _is_told(call, kin) or is_read_off(f"{call.before}\n", call.example)
        if len(kin) >= _FEWEST and not read_off and all(other.example.value != value for other in kin):
            shown = f"\n\n```{call.example.block.language}\n{call.before}\n```" if call.before else ""
            stem = f"Which of these {call.example.way} `{value}`?{' The code that runs first:' * bool(shown)}{shown}"
            others = [other.choice for other in kin]
            line = find_deciding(call.before, call.text, value, firm=True)
            told = call.choice.feedback.removesuffix(".") + (f", because of `{line}`." if line else ".")
            key = replace(call.choice, feedback=told)
            yield from ask_choice("find_wrong" if call.example.fails else "fill_call", one, said, stem, key, others)


def _is_kin(call: Call, other: Call) -> bool:
    """Whether another call calls the same, or differs in one part, and would run after the same code."""
    ours, theirs = (set(one.before.split("\n")) - {""} for one in (call, other))
    more, needed = ours - theirs, f"{other.before}\n{other.text}"
    return (
        call.text != other.text
        and theirs <= ours
        and all(_MAKES.match(line) for line in more)
        and not any(re.search(rf"\b{name}\b", needed) for line in more for name in _BOUND.findall(line))
        and (name_call(call.example) == name_call(other.example) or _differ_once(call.text, other.text))
    )


def _is_of_build(one: Shown, other: Shown) -> bool:
    """Whether both give numbers, texts, lists or objects; an error may come of anything."""
    builds = ["0" if re.match(r"-?\d", shown.value) else shown.value[:1] for shown in (one, other)]
    return one.fails or other.fails or builds[0] == builds[1] or all(map(str.isalpha, builds))


def _differ_once(one: str, other: str) -> bool:
    """Whether two lines differ in one name, number or text and in nothing else."""
    a, b = _TOKEN.findall(one), _TOKEN.findall(other)
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _is_told(call: Call, kin: Sequence[Call]) -> bool:
    """Whether the call has a part of its value that fewer than two of the others have."""
    parts = set(_TOKEN.findall(call.example.value.strip("\"'"))) & set(re.findall(r"\w+", call.text))
    return any(sum(part in other.text for other in kin) < _FEWEST for part in parts if part[0].isalnum())
