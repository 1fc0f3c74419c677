"""Predict what a command prints: sessions at a shell beside the program that they run."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.docs.model import Block
from shared.engine.types import Span

SHELLS = frozenset({"console", "shell", "sh", "bash", "text", "", "shell-session", "terminal"})
_COMMAND = re.compile(r"^(?:\([\w.-]+\) )?\$ (?P<command>\S.*)$")
_REMARK = re.compile(r"^(?://|#|---)")
_ELSEWHERE = re.compile(r"^(?:echo|cd|ls|cat|pip|uv add|npm|git)\b|\[TAB\]|\w::\w")
_RUNS_FILE = re.compile(r"\b[\w-]+\.[a-z]\w*\b|\s-m\s")
_LONGEST_PROGRAM, _MOST_PRINTED = 45, 8
_PRINTS = re.compile(r"(?:print|echo|println!|puts|log)[ (]f?[\"'`](?P<text>[^\"'`]+)[\"'`]\)?;?$")
_GAP = re.compile(r"\$?\{+([^{}]*)\}+")
_WORD = re.compile(r"[^\W\d_]+")
_GIVEN = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s=]+")
_BOX = re.compile(r"^[│|]\s+(?P<inside>\S.*?)\s+[│|]$")
_ERROR = re.compile(
    r"^(?P<error>(?:Error: )?(?:Missing|Invalid|No such|Got unexpected|Unknown|Unexpected)\b[^│]*'?[\w-]+'?\.?)$"
)
_NO_OUTPUT = re.compile(r"[─-╿]|`|^\s*[$>#]|^Usage|\[\w+\]|%|\d{4}-\d\d|<[^>]*>|\x1b\[|(?:\w*Error|error)\b.*:\s")
_FROM_OUTSIDE = re.compile(
    r"```|prompt\s*=|\b(?:prompt|confirm|input|getpass|open|read\w*|exists|is_file|is_dir|now|today)\(|\brandom\b"
)
_ORDERED = re.compile(r"parallel|^\w[\w-]*(?: [^:=\n]*)?:(?: +\(?[\w-]+\)?){2}", re.MULTILINE)
"""Tasks that run at once, and a task that needs several others: which of them ends last is not the program's matter."""
_VALUE = re.compile(r"(?<![\w-])[\w.][\w.-]*")
_NAMED = re.compile(r"'([^']+)'|(?<![\w=.-])(\d[\w.-]*)")
_ASKS = "Which of these lines does the command at the end print?"
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_BRANCH = re.compile(r"(?:if|elif|else|except|case)\b")
_HEAD = re.compile(r"(?:async )?(?:def|function|fn) (\w+)")
_MOST_RIVALS, _LEAST_WORTH = 3, 3


@dataclass(frozen=True)
class Run:
    """A `command` and the `lines` it prints, each with its place. `program` is the code shown before it.

    Of a command that `fails` the one line is its error.
    """

    program: Block
    command: str
    lines: tuple[tuple[str, Span], ...]
    span: Span
    fails: bool = False

    @property
    def given(self) -> tuple[str, str]:
        """The command before and after the file that it runs."""
        before, _, after = self.command.rpartition(next(iter(_RUNS_FILE.findall(self.command)), " "))
        return before, after

    @property
    def words(self) -> set[str]:
        """The words that the program is given."""
        return set(_WORD.findall(self.given[1]))


@dataclass(frozen=True)
class Print:
    """A line of a program that prints a text with gaps, and the line under which it stands."""

    line: str
    text: str
    span: Span
    under: str
    above: Span


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
        prints = list(_list_prints(one, own[0].program))
        cases = [case for run in own if _is_decided(run, own) for case in _list_cases(one, run, prints)]
        found = [(case, sorted(_list_rivals(one, case, prints, own), key=lambda two: -two[0])) for case in cases]
        found = [(case, rivals) for case, rivals in found if _weigh(rivals) >= _LEAST_WORTH]
        for case, rivals in sorted(found, key=lambda two: _rank(*two)):
            code = f"```{case.run.program.language}\n{case.run.program.code}\n```"
            stem = f"{case.asks}\n\n{code}\n\n```console\n$ {case.run.command}\n```"
            asked = list(ask_choice("predict_output", one, said, stem, case.key, [rival for _, rival in rivals]))
            if asked:
                yield from asked
                break


def _rank(case: Case, rivals: Sequence[Rival]) -> tuple[int, bool, int]:
    """First what the program changes on the way, then what is printed by a function that the command does not name."""
    changes = any(value not in case.run.command for value in case.gaps.values())
    named = case.maker and set(_WORD.findall(case.maker.under)) & case.run.words
    branches = bool(case.maker and _BRANCH.match(case.maker.under))
    worth = _weigh(rivals) + 2 * (changes or case.run.fails) + branches
    return -worth, bool(named or case.run.lines[1:]), -len(case.run.command)


def _weigh(rivals: Sequence[Rival]) -> int:
    return sum(worth for worth, _ in rivals[:_MOST_RIVALS])


def _list_cases(one: TaughtSection, run: Run, prints: Sequence[Print]) -> Iterator[Case]:
    """The lines of a run that a text of the program makes; of one that fails, its error."""
    if run.fails:
        yield from _list_failures(one, run)
        return
    made = [next((_fit(text, other) for other in prints if _fit(text, other)), None) for text, _ in run.lines]
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
    named = set(_WORD.findall(maker.under)) & run.words and all(value in run.command for value in gaps.values())
    words = _list_given(run, "")
    return not (named and run.lines[1:]) and not any(
        value != word and value.startswith(f"{word}.") for value in gaps.values() for word in words
    )


def _fit(text: str, made: Print) -> tuple[Print, Mapping[str, str]] | None:
    gaps = _read_gaps(made.text, text)
    return None if gaps is None else (made, gaps)


def _find_gaps(text: str, prints: Sequence[Print]) -> Mapping[str, str]:
    """What fills the gaps of the first text that makes a line."""
    return next((found[1] for made in prints if (found := _fit(text, made))), {})


def _nth(at: int, count: int) -> str:
    return "last" if at == count - 1 else _PLACES[at]


def _list_failures(one: TaughtSection, run: Run) -> Iterator[Case]:
    """The error of a run, if a function that the command names or a parameter that the error names decides it."""
    text, span = run.lines[0]
    named, words = set(re.findall(r"\w+", text.lower())), set(re.findall(r"\w+", run.command))
    heads = [(line.strip(), own) for line, own in list_lines(one, run.program) if _HEAD.match(line.strip())]
    takes = [(line, own) for line, own in heads if set(_HEAD.findall(line)) & words]
    takes += [
        (line.strip(), own)
        for line, own in list_lines(one, run.program)
        if any(_is_parameter(line.lower(), name) for name in named)
    ]
    for line, own in takes[:1]:
        told = f"`{run.command}` fails with `{text}`: `{line}` decides what the program takes."
        yield Case(run, _ASKS, (text, span), Choice(f"`{text}`", told, (span, run.span, own)))


def _tell(one: TaughtSection, run: Run, maker: Print, gaps: Mapping[str, str]) -> tuple[str, list[Span]]:
    """The line that prints, the line it stands under, and the line that decides what is in its gaps."""
    told, places = f"`{maker.line}`, under `{maker.under}`,", [maker.span, maker.above]
    if maker.under.endswith("("):  # the parameters follow on lines of their own
        told, places = f"`{maker.line}`", [maker.span]
    for name in sorted(gaps, key=lambda name: _is_as_given(one, run, name, gaps[name])):  # first what is changed
        given = ((line.strip(), span) for line, span in list_lines(one, run.program) if _is_parameter(line, name))
        line, place = next(given, (maker.under, maker.span))
        if line != maker.under:
            return f"`{line}` decides what `{name}` is; {told}", [*places, place]
    return told, places


def _is_as_given(one: TaughtSection, run: Run, name: str, value: str) -> bool:
    """Whether the command has a value as it is printed, or a default is."""
    return value in run.command or any(read_default(line, name) == value for line, _ in list_lines(one, run.program))


def _is_parameter(line: str, name: str) -> bool:
    """Whether a line of a program is one of a function's parameters, or its head, and has the name."""
    own = re.escape(name)
    return bool(re.search(rf"^\s*{own}\s*:|\b(?:def|function|fn)\b.*\b{own}\s*[:=,)]", line))


def _list_rivals(one: TaughtSection, case: Case, prints: Sequence[Print], runs: Sequence[Run]) -> Iterator[Rival]:
    """What somebody expects who misreads the program: another branch, another order, a default, a value as given."""
    run, command, maker = case.run, case.run.command, case.maker
    printed = {text for text, _ in run.lines}
    for name, text, told, spans in _list_values(one, case, prints):
        for other in (maker,) if maker else prints:
            gaps = {**case.gaps, name: text}
            filled = _fill(other.text, gaps) if f"{{{name}}}" in other.text else ""
            if filled and filled not in printed:
                yield 2, Choice(f"`{filled}`", told, (*spans, run.span, case.printed[1]))
    filled_in = {name: value for text, _ in run.lines for name, value in _find_gaps(text, prints).items()}
    for other in prints:
        text = _fill(other.text, {**filled_in, **case.gaps})
        if text and text not in printed and other.under:
            told = f"`{other.line}` stands under `{other.under}`, and `{command}` does not run it."
            if run.fails:
                told = f"`{command}` ends with `{case.printed[0]}` before it comes to `{other.line}`."
            calls = other.under.startswith("def ") and not set(_WORD.findall(other.under)) & run.words
            worth = 1 if calls and maker and maker.under.startswith("def ") else 2
            yield worth, Choice(f"`{text}`", told, (run.span, other.span, other.above, case.printed[1]))
    for text, span in reversed(run.lines):
        made = next((other for other in prints if _fit(text, other)), None)
        if text != case.printed[0] and made:
            when = "before" if span.start_line < case.printed[1].start_line else "later"
            yield 2 if made != maker else 0, Choice(f"`{text}`", f"`{command}` prints this {when}.", (run.span, span))
    known = f"{run.program.code} {command}"
    for rival in runs:
        yield from _list_like(case, rival, printed)
        text, span = rival.lines[-1]
        gaps = (_read_gaps(maker.text, text) if maker else None) or {}
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
            told = f"`{rival.command}` prints `{text}`, but `{case.run.command}` prints `{case.printed[0]}`."
            yield 2, Choice(f"`{changed}`", told, (rival.span, span, case.run.span, case.printed[1]))


def _list_values(
    one: TaughtSection, case: Case, prints: Sequence[Print]
) -> Iterator[tuple[str, str, str, tuple[Span, ...]]]:
    """A name, the default or a word of the command that might be taken for its value, why it is not, and its lines."""
    run = case.run
    names = case.gaps or dict.fromkeys(
        name
        for made in prints
        for name in map(str.strip, _GAP.findall(made.text))
        if name.isidentifier() and name.lower() in re.findall(r"\w+", case.printed[0].lower())
    )
    for name in names:
        value = case.gaps.get(name)
        for line, span in list_lines(one, run.program):
            default = read_default(line, name.split(".")[0]) if _is_parameter(line, name.split(".")[0]) else ""
            if default and default != value:
                told = f"`{line.strip()}` has `{default}` for what is left out, and `{run.command}` gives a value."
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


def read_default(line: str, name: str) -> str:
    """The text or number that a parameter has if nothing else is given; "" if that is not written out."""
    found = re.search(rf"[(, ]{re.escape(name)}\s*[:=]", f" {line}")
    depth, rest = 0, f" {line}"[found.end() - 1 :] if found else ""
    for at, sign in enumerate(rest):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "=" and not depth:
            value = re.match(r"=\s*(?:\"([^\"]+)\"|'([^']+)'|(-?\d+(?:\.\d+)?))\s*[,)]", rest[at:])
            return next(filter(None, value.groups()), "") if value else ""
        if depth < 0:
            break
    return ""


def _fill(text: str, gaps: Mapping[str, str]) -> str:
    """A text with values in its gaps; "" if one has no value."""
    names = [name.strip() for name in _GAP.findall(text)]
    return _GAP.sub(lambda gap: gaps[gap.group(1).strip()], text) if all(name in gaps for name in names) else ""


def _list_prints(one: TaughtSection, program: Block) -> Iterator[Print]:
    """The lines of a program that print a text, each with the line that it is indented under."""
    lines = list_lines(one, program)
    for at, (line, span) in enumerate(lines):
        found = _PRINTS.search(line)
        if found:
            depth = len(line) - len(line.lstrip())
            above = [(text, own) for text, own in lines[:at] if _is_above(text, depth)]
            under, place = above[-1] if above else ("", span)
            yield Print(line.strip(), found["text"], span, under.strip(), place)


def _is_above(line: str, depth: int) -> bool:
    return bool(line.strip()) and len(line) - len(line.lstrip()) < depth and line.strip()[0] not in ")]}"


def _is_decided(run: Run, runs: Sequence[Run]) -> bool:
    """Whether the program as it is shown prints the lines on every run: it has their words, and the command runs it.

    A command of Python names a file, or it runs something that is not shown. What is in a second file is not shown.
    """
    files = _RUNS_FILE.findall(run.command)
    code, known = run.program.code, f"{run.program.code} {run.command}"
    same = {other.lines for other in runs if other.command == run.command}
    return (
        len(same) == 1
        and code.count("\n") < _LONGEST_PROGRAM
        and not _FROM_OUTSIDE.search(code)
        and not _ORDERED.search(code)
        and not _ELSEWHERE.search(run.command)
        and len(files) <= 1
        and bool(files or not run.program.language.startswith("py"))
        and (run.fails or all(_can_print(text, known) for text, _ in run.lines))
    )


def _can_print(output: str, known: str) -> bool:
    """Whether a program and its command have all words and labels of a line."""
    words, labels = _WORD.findall(output), re.findall(r"\w+:", output)
    return bool(words) and set(words) <= set(_WORD.findall(known)) and all(label in known for label in labels)


def _read_gaps(text: str, output: str) -> dict[str, str] | None:
    """The values of the names in braces with which a text becomes the output; None if it does not."""
    names = [name.strip() for name in _GAP.findall(text)]
    pattern = "(.+)".join(re.escape(part) for part in _GAP.split(text)[::2])
    found = re.fullmatch(pattern, output)
    return dict(zip(names, found.groups(), strict=True)) if found else None


def find_runs(one: TaughtSection, said: TaughtText) -> Iterator[Run]:
    """The commands of a section that run the program shown before them."""
    del said
    program: Block | None = None
    for block in one.section.blocks:
        if block.kind != "code":
            continue
        lines = list_lines(one, block)
        if block.language in SHELLS and any(_COMMAND.match(line) for line, _ in lines):
            if program is not None:
                yield from _read(program, lines)
        elif block.language not in SHELLS:
            program = block


def _read(program: Block, lines: list[tuple[str, Span]]) -> Iterator[Run]:
    command: tuple[str, Span] | None = None
    printed: list[tuple[str, Span]] = []
    for line, span in chain(lines, [("$ end", lines[-1][1])]):
        found = _COMMAND.match(line)
        if found:
            if command and 0 < len(printed) <= _MOST_PRINTED:
                yield from _make(program, command, printed)
            command, printed = (found["command"].strip(), span), []
        elif line.strip() and not _REMARK.match(line):
            printed.append((line.strip(), span))


def _make(program: Block, command: tuple[str, Span], printed: Sequence[tuple[str, Span]]) -> Iterator[Run]:
    """A run with plain lines, or with one error among what it prints."""
    bare = [(box["inside"] if (box := _BOX.match(text)) else text, span) for text, span in printed]
    errors = [(found["error"], span) for text, span in bare if (found := _ERROR.match(text))]
    if len(errors) == 1 and "`" not in command[0]:
        yield Run(program, command[0], tuple(errors), command[1], fails=True)
    elif not any(_NO_OUTPUT.search(text) for text, _ in [*printed, command]):
        yield Run(program, command[0], tuple(printed), command[1])
