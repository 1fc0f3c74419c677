"""Which call gives a value, or fails: questions about calls of a section that stand after the same code."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from services.modules.offline.items.copied import can_copy, squeeze
from services.modules.offline.items.examples import Shown
from services.modules.offline.items.needed_code import join_imports, split_imports
from services.modules.offline.items.predict_output import show_code
from services.modules.offline.items.question import Choice, Question, TaughtSection, digest
from services.modules.offline.items.reasons import find_reason
from shared.course.flaws import find_flaws

_KIND = re.compile(r"^[-+]?\d")
_FEWEST, _MOST, _MOST_TRIED = 3, 4, 8


def ask_calls(one: TaughtSection, examples: Sequence[tuple[Shown, str]]) -> Iterator[Question]:
    """For each call a question which of several gives its value or raises its error, or which raises none where all
    others raise one.
    """
    for before, calls in _group_calls(examples):
        tried = [*calls][:_MOST_TRIED]
        for call in tried:
            unlike = [own for own in tried if squeeze(own.value) != squeeze(call.value)]
            others = [own for own in unlike if call.fails or own.fails]
            if not others and not any(can_copy(own.asked, call.value) for own in tried):
                others = [own for own in unlike if (own.way, _kind_of(own)) == (call.way, _kind_of(call))]
            if len(others) >= _FEWEST - 1:
                own = call, *others[: _MOST - 1]
                question = _choose(one, {each: calls[each] for each in own}, before)
                yield from () if find_flaws(question.as_item()) else (question,)


def _kind_of(call: Shown) -> str:
    """A sign for the kind of value that a call gives: numbers share one, words such as `true` share one, and of another
    value it is the first character, a quotation mark or a bracket.
    """
    return _KIND.sub("0", call.value)[:1] if not call.value.isalpha() else "a"


def _group_calls(examples: Sequence[tuple[Shown, str]]) -> Iterator[tuple[str, Mapping[Shown, str]]]:
    """The calls that stand after the same code, each with what it imports; none that is shown with two results."""
    groups: dict[str, dict[Shown, str]] = {}
    for example, code in examples:
        imports, rest = split_imports(code.rpartition("\n")[0])
        group = groups.setdefault(rest, {})
        is_line = "\n" not in example.asked and " = " not in example.asked
        if is_line and "(" in example.asked:
            group[example] = imports
    for rest, found in groups.items():
        times = Counter(call.asked for call in found)
        yield rest, {call: imports for call, imports in found.items() if times[call.asked] == 1}


def _choose(one: TaughtSection, calls: Mapping[Shown, str], before: str) -> Question:
    """Which of the calls does what the first of them does, after the code that all of them need."""
    call = next(iter(calls))
    code = join_imports("\n".join((*dict.fromkeys(calls.values()), before)))
    first = f" The code that runs first:\n\n{show_code(call, code)}" if code else ""
    raises = any(own.fails for own in calls)
    asks = "raises no error" if raises and not call.fails else f"{call.way} `{call.name}`"
    stem = f"Which of these {asks}?{first}"
    own = [_offer(other, is_key=other is call) for other in calls]
    reason = find_reason(one, call.block, call.last, call.spans)
    options = tuple(sorted(own, key=lambda option: digest(stem + option.text)))
    return Question(one, call.block, "fill_call", stem, _tell(call), call.spans, reason, options=options)


def _offer(call: Shown, *, is_key: bool) -> Choice:
    """A call as an option that tells what it gives."""
    return Choice(f"`{call.asked}`", f"{'Right' if is_key else 'No'}: {_tell(call)}.", call.spans, is_key)


def _tell(call: Shown) -> str:
    return f"`{call.asked}` {call.way} `{call.name}`"
