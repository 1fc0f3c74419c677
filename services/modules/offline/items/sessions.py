"""Predict what a command prints: sessions at a shell beside the program that they run."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from services.modules.offline.items.options import ask_choice, digest
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.runs import (
    Print,
    Run,
    fill_text,
    find_gaps,
    find_runs,
    fit_text,
    is_decided,
    is_parameter,
    list_prints,
    read_default,
    read_gaps,
)
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.course.scales import ItemForm
from shared.docs.code_spans import code_span
from shared.engine.types import Span

_GIVEN = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s=]+")
_VALUE = re.compile(r"(?<![\w-])[\w.][\w.-]*")
_NAMED = re.compile(r"'([^']+)'|(?<![\w=.-])(\d[\w.-]*)")
_ASKS = "Which of these lines does the command at the end print?"
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_BRANCH = re.compile(r"(?:if|elif|else|except|case)\b")
_HEAD = re.compile(r"(?:async )?(?:def|function|fn) (\w+)")
_WORD = re.compile(r"[^\W\d_]+")
_NAMED_HEAD = re.compile(r"(?:(?:async )?(?:def|function|fn) |@)?(?P<name>[\w-]+)")
_MOST_RIVALS, _LEAST_WORTH, _FEWEST, _MOST_TEXTS = 3, 3, 2, 5


@dataclass(frozen=True)
class Case:
    """What is asked of a run: one line of its output. The key says which line of the program decides it."""

    run: Run
    asks: str
    printed: tuple[str, Span]
    key: Choice
    maker: Print | None = None
    gaps: Mapping[str, str] = field(default_factory=dict)


Rival = tuple[int, Choice]
"""A wrong line, and how much it tells of somebody who misreads the program."""


def ask_runs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """For each program the question about the run with most to misread."""
    runs = said.recall(find_runs, one)
    for program in dict.fromkeys(run.program.start_line for run in runs):
        own = [run for run in runs if run.program.start_line == program]
        prints = list(list_prints(one, own[0].program))
        cases = [case for run in own if is_decided(run, own) for case in _list_cases(one, run, prints)]
        found = [(case, sorted(_list_rivals(one, case, prints, own), key=lambda two: -two[0])) for case in cases]
        found = sorted((two for two in found if _weigh(two[1]) >= _LEAST_WORTH), key=lambda two: _rank(*two))
        asked = [question for case, _ in found for question in _ask_command(one, said, case, own)]
        asked.sort(key=lambda question: question.form != "find_wrong")
        for case, rivals in found if not asked or _is_even(asked[0]) else ():
            stem = f"{case.asks}\n\n{_show(case.run)}\n\n```console\n$ {case.run.command}\n```"
            near = {rival.text for worth, rival in rivals if worth > 1}  # what is never called is no rival by itself
            told = list(ask_choice("predict_output", one, said, stem, case.key, [rival for _, rival in rivals], near))
            if told:
                asked = told
                break
        yield from asked[:1]
        orders = (question for run in own if is_decided(run, own) for question in _ask_order(one, said, run, prints))
        yield from islice(orders, 1)


def _ask_order(one: TaughtSection, said: TaughtText, run: Run, prints: Sequence[Print]) -> Iterator[Question]:
    """All that a run prints, unless the program has the same lines in the same order and no others.

    Some programs print each line of theirs before it runs: such lines are not asked.
    """
    written = {line.strip() for line in run.program.code.split("\n")}
    printed = {text: span for text, span in run.lines if text not in written}
    texts, makers = list(printed), {text: _find_maker(text, prints) for text in printed}
    ranks = [prints.index(maker) for maker in makers.values() if maker]
    if run.fails or not 1 < len(set(ranks)) == len(texts) <= _MOST_TEXTS:
        return
    by_place = [text for _, text in sorted(zip(ranks, texts, strict=True))]
    idle = [other for other in prints if other not in makers.values() and other.under and not other.names]
    known = sorted([*zip(ranks, texts, strict=True), *((prints.index(other), other.text) for other in idle)])
    wrong = [(by_place, f"`{texts[0]}` is the first line, and `{texts[-1]}` the last one")]
    if idle:
        told = f"{code_span(idle[0].line)} stands under {code_span(idle[0].under)}, and `{run.command}` does not run it"
        wrong.insert(0, ([text for _, text in known], told))
    wrong = [(order, told) for order, told in wrong if order != texts]
    wrong += [(texts[1:], f"`{texts[0]}` is printed first")] if wrong else []
    wrong += [(texts[:-1], f"`{texts[-1]}` is printed at the end")] if wrong else []
    spans = (run.span, *printed.values())
    key = Choice(_join(texts), f"`{run.command}` prints `{texts[0]}` first and `{texts[-1]}` last.", spans)
    others = [Choice(_join(order), f"{told}.", spans) for order, told in wrong]
    asks = "Which lines does the command at the end print, in this order?"
    stem = f"{asks}\n\n{_show(run)}\n\n```console\n$ {run.command}\n```"
    yield from ask_choice("predict_output", one, said, stem, key, others)


def _find_maker(text: str, prints: Sequence[Print]) -> Print | None:
    return next((made for made in prints if fit_text(text, made)), None)


def _join(texts: Sequence[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


def _show(run: Run) -> str:
    return f"```{run.program.language}\n{run.program.code}\n```"


def _is_even(question: Question) -> bool:
    """Whether a question for a command is asked the other way round: half of them are, and none for one that fails."""
    return question.form != "find_wrong" and int(digest(question.stem), 16) % 2 == 0


def _ask_command(one: TaughtSection, said: TaughtText, case: Case, runs: Sequence[Run]) -> Iterator[Question]:
    """The question for the command that prints a line, or that fails, among others with the same program.

    What a command gives and the line has as well is given by another one, too.
    """
    run, text = case.run, case.printed[0]
    others = [rival for rival in runs if text not in {line for line, _ in rival.lines} and not rival.fails]
    shared = set(_VALUE.findall(run.given[1])) & set(_VALUE.findall(text))
    told = all(any(word in _VALUE.findall(rival.given[1]) for rival in others) for word in shared)
    if len({rival.lines[-1][0] for rival in others}) >= _FEWEST and (run.fails or told) and not run.lines[1:]:
        asks = "Which of these commands fails?" if run.fails else f"Which of these commands prints `{text}`?"
        wrong = [
            Choice(
                f"`{rival.command}`",
                f"`{rival.command}` prints `{rival.lines[-1][0]}`.",
                (rival.span, rival.lines[-1][1]),
            )
            for rival in others
        ]
        key = replace(case.key, text=f"`{run.command}`")
        form: ItemForm = "find_wrong" if run.fails else "fill_call"
        yield from ask_choice(form, one, said, f"{asks}\n\n{_show(run)}", key, wrong)


def _rank(case: Case, rivals: Sequence[Rival]) -> tuple[int, bool, int]:
    """First what the program changes on the way, then what is printed by a function that the command does not name."""
    changes = any(value not in case.run.command for value in case.gaps.values())
    named = case.maker and case.maker.words & case.run.words
    branches = bool(case.maker and _BRANCH.match(case.maker.under))
    worth = _weigh(rivals) + 2 * (changes or case.run.fails) + branches
    return -worth, bool(named or case.run.lines[1:]), -len(case.run.command)


def _weigh(rivals: Sequence[Rival]) -> int:
    return sum(worth for worth, _ in rivals[:_MOST_RIVALS])


def _can_reach(made: Print, run: Run) -> bool:
    """Whether a line that is printed stands in a branch, or under the head of a task or function that is named."""
    head = _NAMED_HEAD.match(made.under)
    return bool(_BRANCH.match(made.under)) or not head or bool(set(_WORD.findall(head["name"])) & run.words)


def _list_cases(one: TaughtSection, run: Run, prints: Sequence[Print]) -> Iterator[Case]:
    """The lines of a run that a text of the program makes; of one that fails, its error."""
    if run.fails:
        yield from _list_failures(one, run)
        return
    made = [next((fit_text(text, other) for other in prints if fit_text(text, other)), None) for text, _ in run.lines]
    for at, ((text, span), found) in enumerate(zip(run.lines, made, strict=True)):
        if found and found[0].under and (all(made) or at == len(made) - 1) and _tells_apart(run, *found):
            maker, gaps = found
            asks = _ASKS
            if run.lines[1:]:
                asks = f"What is the {_nth(at, len(made))} line that the command at the end prints?"
            told, places = _tell(one, run, maker, gaps)
            key = Choice(f"`{text}`", f"{told} prints `{text}`.", (span, run.span, *places))
            yield Case(run, asks, (text, span), key, maker, gaps)


def _tells_apart(run: Run, maker: Print, gaps: Mapping[str, str]) -> bool:
    """Whether a line is more than what the command names and gives: the last of several lines is often that alone.

    A number that is only shown with a point has no rival: its digits are those that were given.
    """
    named = maker.words & run.words and all(value in run.command for value in gaps.values())
    words = _list_given(run, "")
    return not (named and run.lines[1:]) and not any(
        value != word and value.startswith(f"{word}.") for value in gaps.values() for word in words
    )


def _nth(at: int, count: int) -> str:
    return "last" if at == count - 1 else _PLACES[at]


def _list_failures(one: TaughtSection, run: Run) -> Iterator[Case]:
    """The error of a run, if a function that the command names or a parameter that the error names decides it."""
    text, span = run.lines[0]
    named, words = set(re.findall(r"\w+", text.lower())), set(re.findall(r"\w+", run.given[1]))
    heads = [(line.strip(), own) for line, own in list_lines(one, run.program) if _HEAD.match(line.strip())]
    takes = [(line, own) for line, own in heads if set(_HEAD.findall(line)) & words]
    takes += [
        (line.strip(), own)
        for line, own in list_lines(one, run.program)
        if any(is_parameter(line.lower(), name) for name in named)
    ]
    for line, own in takes[:1]:
        told = f"`{run.command}` fails with `{text}`: {code_span(line)} decides what the program takes."
        yield Case(run, _ASKS, (text, span), Choice(f"`{text}`", told, (span, run.span, own)))


def _tell(one: TaughtSection, run: Run, maker: Print, gaps: Mapping[str, str]) -> tuple[str, list[Span]]:
    """The line that prints, the line it stands under, and the line that decides what is in its gaps."""
    told, places = f"{code_span(maker.line)}, under {code_span(maker.under)},", [maker.span, maker.above]
    if maker.under.endswith("("):  # the parameters follow on lines of their own
        told, places = f"{code_span(maker.line)}", [maker.span]
    for name in sorted(gaps, key=lambda name: _is_as_given(one, run, name, gaps[name])):  # first what is changed
        given = ((line.strip(), span) for line, span in list_lines(one, run.program) if is_parameter(line, name))
        line, place = next(given, (maker.under, maker.span))
        if line != maker.under:
            return f"{code_span(line)} decides what `{name}` is; {told}", [*places, place]
    return told, places


def _is_as_given(one: TaughtSection, run: Run, name: str, value: str) -> bool:
    """Whether the command has a value as it is printed, or a default is."""
    return value in run.command or any(read_default(line, name) == value for line, _ in list_lines(one, run.program))


def _list_rivals(one: TaughtSection, case: Case, prints: Sequence[Print], runs: Sequence[Run]) -> Iterator[Rival]:
    """What somebody expects who misreads the program: another branch, another order, a default, a value as given."""
    run, command, maker = case.run, case.run.command, case.maker
    printed = {text for text, _ in run.lines}
    for name, text, told, spans in _list_values(one, case, prints):
        for other in (maker,) if maker else prints:
            gaps = {**case.gaps, name: text}
            filled = fill_text(other.text, gaps) if f"{{{name}}}" in other.text else ""
            if filled and filled not in printed:
                yield 2, Choice(f"`{filled}`", told, (*spans, run.span, case.printed[1]))
    filled_in = {name: value for text, _ in run.lines for name, value in find_gaps(text, prints).items()}
    for other in prints:
        text = fill_text(other.text, {**filled_in, **case.gaps})
        if text and text not in printed and other.under:
            told = f"{code_span(other.line)} stands under {code_span(other.under)}, and `{command}` does not run it."
            if run.fails:
                told = f"`{command}` ends with `{case.printed[0]}` before it comes to {code_span(other.line)}."
            yield (
                2 if run.fails or _can_reach(other, run) else 1,
                Choice(f"`{text}`", told, (run.span, other.span, other.above, case.printed[1])),
            )
    for text, span in reversed(run.lines):
        made = next((other for other in prints if fit_text(text, other)), None)
        if text != case.printed[0] and made:
            when = "before" if span.start_line < case.printed[1].start_line else "later"
            yield 2 if made != maker else 0, Choice(f"`{text}`", f"`{command}` prints this {when}.", (run.span, span))
    known = f"{run.program.code} {command}"
    for rival in runs:
        yield from _list_like(case, rival, printed)
        text, span = rival.lines[-1]
        gaps = (read_gaps(maker.text, text) if maker else None) or {}
        values = list(gaps.values())
        values += [part for two in _NAMED.findall(text)[1:] for part in two if part] if rival.fails else []
        if text not in printed and (rival.fails or gaps) and all(_is_known(value, known) for value in values):
            yield 1, Choice(f"`{text}`", f"`{rival.command}` prints this.", (rival.span, span))


def _list_like(case: Case, rival: Run, printed: Container[str]) -> Iterator[Rival]:
    """What another run prints, with what this one is given in the place of what that one is given."""
    ours, theirs = (_VALUE.findall(one.given[1]) for one in (case.run, rival))
    pairs = dict(zip(theirs, ours, strict=True)) if len(ours) == len(theirs) else {}
    for text, span in rival.lines if not rival.fails else ():
        changed = re.sub(r"[\w.-]+", lambda word: pairs.get(word.group(), word.group()), text)
        if changed != text and changed not in printed:
            told = f"`{case.run.command}` prints `{case.printed[0]}`."
            told = told if text == case.printed[0] else f"`{rival.command}` prints `{text}`, but {told}"
            yield 2, Choice(f"`{changed}`", told, (rival.span, span, case.run.span, case.printed[1]))


def _list_values(
    one: TaughtSection, case: Case, prints: Sequence[Print]
) -> Iterator[tuple[str, str, str, tuple[Span, ...]]]:
    """A name, the default or a word of the command that might be taken for its value, why it is not, and its lines."""
    run = case.run
    names = case.gaps or dict.fromkeys(
        name
        for made in prints
        for name in made.names
        if name.isidentifier() and name.lower() in re.findall(r"\w+", case.printed[0].lower())
    )
    for name in names:
        value = case.gaps.get(name)
        for line, span in list_lines(one, run.program):
            default = read_default(line, name.split(".")[0]) if is_parameter(line, name.split(".")[0]) else ""
            if default and default != value:
                head = code_span(line.strip())
                told = f"{head} has `{default}` for what is left out, and `{run.command}` gives a value."
                yield name, default, told, (span,)
        flagged = re.findall(rf"(?<!\w)--{re.escape(name)}[ =](\S+)", run.command)
        for word in flagged or _list_given(run, value or ""):
            if value is None and word in re.findall(r"[\w.-]+", case.printed[0]):
                yield name, word, f"`{run.command}` has `{word}`, which the program refuses.", ()
            elif value is not None and word not in case.gaps.values() and _is_alike(word, value):
                yield name, word, f"`{run.command}` has `{word}`, and `{name}` becomes `{value}`.", ()


def _list_given(run: Run, value: str) -> list[str]:
    """The values that a command gives to its program; those without a flag only where `value` has none, too."""
    before, after = run.given
    words = [word.strip("\"'") for word in _GIVEN.findall(after)]
    flagged = {word for flag, word in pairwise(words) if flag.startswith("-")}
    own = set(re.findall(r"\w+", run.program.code))
    given = [word for word in words if not value or value not in flagged or word in flagged]
    given = [*re.findall(r"\w+=(\S+)", before), *given]
    return [word for word in dict.fromkeys(given) if not re.match(r"-\D", word) and (word not in own or word.isdigit())]


def _is_alike(word: str, value: str) -> bool:
    """Whether two values are words, whole numbers or numbers with a point."""
    return word[:1].isdigit() == value[:1].isdigit() and ("." in word) == ("." in value)


def _is_known(value: str, known: str) -> bool:
    """Whether a value of another run's line is a number of one digit, or the program or the command has it."""
    return value in known or (value.isdigit() and len(value) == 1)
