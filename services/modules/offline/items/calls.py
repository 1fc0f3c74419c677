"""Which call gives what: questions about calls of a section that stand after the same code."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from services.modules.offline.items.copied import can_copy, read_tokens
from services.modules.offline.items.examples import Shown
from services.modules.offline.items.needed_code import join_imports, split_imports
from services.modules.offline.items.predict_output import find_decided, name_value, show_code
from services.modules.offline.items.question import Choice, Question, TaughtSection, digest
from services.modules.offline.items.reasons import find_reason
from services.modules.offline.items.taught_text import TaughtText
from shared.course.flaws import find_flaws
from shared.engine.types import Span

_FEWEST, _MOST, _MOST_TRIED = 3, 4, 8
_WORD = re.compile(r"\w+|[^\w\s'\"`,.()\[\]{}]+")
_PART = re.compile(r"\.[^\W\d]\w*$")
_NO_ERROR = "raises no error"


def ask_calls(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Of each group of calls one question that matches them with their results, and of the calls that are left which of
    them gives a result. Neither is asked where texts and numbers of the calls tell it.
    """
    for before, imports in _group_calls(one, said):
        calls = [*imports][:_MOST_TRIED]
        best = _choose_calls(calls)
        left = [call for call in calls if call not in best]
        if best:
            yield _match(one, best, f"Which result belongs to which call?{_show_first(best, before, imports)}")
        for call in left:
            choices = sorted(_list_choices(call, left), key=lambda own: (-len(own), _measure_spread(own)))
            found = (_choose(one, own, _show_first(own, before, imports)) for own in choices)
            yield from [question for question in found if not find_flaws(question.as_item())][:1]


def _choose_calls(calls: Sequence[Shown]) -> Sequence[Shown]:
    """The calls that can be matched with their results, the most; none where they give it away."""
    giving = _drop_equal([call for call in calls if not call.fails])
    sets = (own for size in (_MOST, _FEWEST) for own in combinations(giving, size) if _is_open(own))
    return next(sets, ())


def _group_calls(one: TaughtSection, said: TaughtText) -> Iterator[tuple[str, Mapping[Shown, str]]]:
    """The calls that stand after the same code, each with what it imports; none that is shown with two results."""
    groups: dict[str, dict[Shown, str]] = {}
    for example, code in said.recall(find_decided, one):
        imports, rest = split_imports(code.rpartition("\n")[0])
        group = groups.setdefault(rest, {})
        if _is_call(example) and (example.asked, example.value) not in {(call.asked, call.value) for call in group}:
            group[example] = imports
    for rest, found in groups.items():
        times = Counter(call.asked for call in found)
        yield rest, {call: imports for call, imports in found.items() if times[call.asked] == 1}


def _is_call(example: Shown) -> bool:
    """Whether an example is one line that calls something and asks for no part of what that gives."""
    is_line = "\n" not in example.asked and " = " not in example.asked
    return is_line and "(" in example.asked and not _PART.search(example.asked)


def _drop_equal(calls: Sequence[Shown]) -> list[Shown]:
    """The calls whose results differ in more than marks and capitals, the first of each."""
    found: dict[tuple[str, ...], Shown] = {}
    for call in calls:
        found.setdefault(read_tokens(call.value), call)
    return [*found.values()]


def _list_choices(call: Shown, calls: Sequence[Shown]) -> Iterator[Sequence[Shown]]:
    """Sets of calls of which this one alone has its result; without an error alone, where all others raise one."""
    others = [other for other in calls if read_tokens(other.value) != read_tokens(call.value)]
    failing = [other for other in others if other.fails]
    for size in (_MOST, _FEWEST):
        for own in combinations(others if call.fails else failing or _drop_equal(others), size - 1):
            if call.fails or failing or _is_hidden(call, (call, *own)):
                yield call, *own


def _is_open(calls: Sequence[Shown]) -> bool:
    """Whether no result can be told by the texts and numbers of its call alone; one of many may."""
    return sum(not _is_hidden(call, calls) for call in calls) <= len(calls) - _FEWEST


def _is_hidden(call: Shown, calls: Sequence[Shown]) -> bool:
    """Whether a call's result cannot be copied from it, and another of the calls has as much of that in it."""
    fits = [_count_shared(other, call.value) for other in calls if other is not call]
    return not can_copy(call.asked, call.value) and _count_shared(call, call.value) <= max(fits)


def _count_shared(call: Shown, value: str) -> int:
    return len(_list_words(call.asked) & _list_words(value))


def _list_words(text: str) -> set[str]:
    return {*_WORD.findall(text.lower())}


def _measure_spread(calls: Sequence[Shown]) -> int:
    """How much longer or shorter than the first call the others are: a length is no clue."""
    return sum(abs(len(call.asked) - len(calls[0].asked)) for call in calls)


def _match(one: TaughtSection, calls: Sequence[Shown], stem: str) -> Question:
    told = [_tell(call) for call in calls]
    terms = [Choice(f"`{call.asked}`", f"{text}.", (_span(call),)) for call, text in zip(calls, told, strict=True)]
    results = [Choice(f"`{call.value}`", "", (_span(call),)) for call in calls]
    spans, options = tuple(map(_span, calls)), (*terms, *results)
    return Question(one, calls[0].block, "match", stem, "; ".join(told), spans, options=options)


def _choose(one: TaughtSection, calls: Sequence[Shown], first: str) -> Question:
    """Which of the calls gives what the first of them gives."""
    call = calls[0]
    is_sound = not call.fails and any(other.fails for other in calls)
    asks = _NO_ERROR if is_sound else f"{call.way} `{name_value(call)}`"
    stem = f"Which of these {asks}?{first}"
    own = [_offer(other, is_key=other is call) for other in calls]
    reason = find_reason(one, call.block, call.last, call.spans)
    options = tuple(sorted(own, key=lambda option: digest(stem + option.text)))
    return Question(one, call.block, "fill_call", stem, _tell(call), call.spans, reason, options=options)


def _show_first(calls: Sequence[Shown], before: str, imports: Mapping[Shown, str]) -> str:
    code = join_imports("\n".join((*dict.fromkeys(imports[call] for call in calls), before)))
    return f" The code that runs first:\n\n{show_code(calls[0], code)}" if code else ""


def _offer(call: Shown, *, is_key: bool) -> Choice:
    """A call as an option that tells what it gives."""
    return Choice(f"`{call.asked}`", f"{'Right' if is_key else 'No'}: {_tell(call)}.", call.spans, is_key)


def _tell(call: Shown) -> str:
    return f"`{call.asked}` {call.way} `{name_value(call)}`"


def _span(call: Shown) -> Span:
    """The lines of a call and its result."""
    first, last = call.spans[0], call.spans[-1]
    return Span(path=first.path, start_line=first.start_line, end_line=last.end_line)
