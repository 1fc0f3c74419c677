"""Predict the output: what an example gives, when the code that is shown decides it. The reader writes the answer."""

import re
from collections.abc import Iterator, Sequence

from services.modules.offline.items.copied import can_copy
from services.modules.offline.items.examples import PRINTS, Shown, find_shown
from services.modules.offline.items.needed_code import QUOTED, SHELL, write_code
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.reasons import find_reason
from services.modules.offline.items.taught_text import TaughtText

_LONGEST_VALUE, _LONGEST_ASKED = 40, 80
_PASSING = re.compile(
    r"\b0x[0-9a-f]{4,}|\d{4}-\d\d-\d\d|\d\d:\d\d|/(?:home|Users|tmp|usr)/|\.{2,}|…|<[^>]* at |`|[\u2500-\u257f]"
    r"|\w<\w[^>]*>|\s{2,}|\d{5,}|[\"'][A-Z](?:\S* ){2,}\S*[.!]['\"]|\d\.\d+\.\d|\b(?:19|20)\d\d\b"
    r"|^(?:print|puts|console\.log)[ (][\"'`](?!.*(?:\\\(|[#$]\{))"
)
"""Values of one run alone, what is left out, messages in a sentence, and lines that print a text."""
_SET = re.compile(r"(?:frozen)?(?:set|Set)\(|\{[^{}:]*,[^{}:]*\}")
"""A set of several, which promises no order."""
_ASKS = re.compile(
    r"^(?!#|//|>|(?:import|from|class|end|type|interface|export|function|def|alias)\b)"
    r".*(?:\w[.?!]?\(|\)\.|\w\[|\s[-+*/%|<>=]+\s)"
)
"""A line that does something with what it names; in a session a name is enough."""
_STATE = re.compile(r"[\w.$@]*[a-z_]\w*")
_BINDS = re.compile(r"(?:(?:const|let|var|val) )?[$\w, ]+(?:: ?[\w<>\[\]?|]+)? = ")
_WORD = re.compile(r"[^\W\d_]+")
WRITE_ALL = " Write all lines of it; a space may stand for the end of a line."


def ask_outputs(one: TaughtSection, examples: Sequence[tuple[Shown, str]]) -> Iterator[Question]:
    """A question for each shown value that the code decides. What is shown with two values is not asked."""
    for example, code in examples:
        values = {other.value for other, own in examples if own == code}
        if len(values) == 1 and (example.name not in code if example.fails else is_worked_out(code, example.value)):
            yield _ask(one, example, code)


def find_decided(one: TaughtSection, said: TaughtText) -> Iterator[tuple[Shown, str]]:
    """The examples of a section whose value can be written as an answer, each with the code that gives it."""
    for example in find_shown(one):
        code = write_code(one, example, said) if _is_plain(example) else ""
        if code and (example.prints or example.is_session or not PRINTS.search(code)):  # else it is printed, not given
            yield example, code


def _is_plain(example: Shown) -> bool:
    """Whether a value can be written as an answer: short, and the same on every run."""
    last = example.asked.rpartition("\n")[2]
    bound = _BINDS.match(example.last)
    is_noted = not example.is_session and example.spans[-1].end_line <= example.block.end_line
    is_command = "{{" in last or (SHELL.match(example.block.language) and " " in last)
    several = ", " in re.sub(r"[\[({\"'`].*", "", example.value) and (not example.prints or "console.log(" in last)
    is_asked = example.is_session or is_command or _ASKS.search(example.last) or _STATE.fullmatch(last)
    if (
        len(example.asked) > _LONGEST_ASKED
        or last[:1].isspace()
        or (bound and not (is_noted and (_ASKS.search(example.last[bound.end() :]) or "|" in last)))
        or (several and not example.is_session)  # without the brackets or the blanks that they have
        or not _WORD.search(example.asked)  # two numbers with a sign between them say nothing of the project
        or not is_asked
    ):
        return False
    return example.fails or (
        len(example.value) <= _LONGEST_VALUE and not _PASSING.search(example.last) and _is_lasting(example.value)
    )


def _is_lasting(value: str) -> bool:
    """Whether a value says something and is the same on every run, and holds no sign that sets one."""
    is_alone = re.search(r"\w", value) and " = " not in QUOTED.sub("''", value)
    return bool(is_alone) and not (_PASSING.search(value) or _SET.match(value))


def is_worked_out(code: str, value: str) -> bool:
    """Whether a reader has to work a value out: it cannot be copied from the code, and its words are known there."""
    words = {word.lower() for word in _WORD.findall(value)}
    known = " ".join(_WORD.findall(code)).lower()
    return not can_copy(code, value) and all(word in known for word in words)


def _ask(one: TaughtSection, example: Shown, code: str) -> Question:
    # Whether it raises one is not given away.
    has_errors = "{{" not in code and not SHELL.match(example.block.language)
    error = ", or which error does it raise (its name is enough)" if has_errors else ""
    line = "the last statement" if "\n" in example.asked else "the last line" if "\n" in code else "this line"
    asks = f"What does {line} {'print' if example.prints else 'give'}{error}?{WRITE_ALL if example.is_long else ''}"
    names = example.name, example.value
    is_whole = 0 < len(example.message) <= _LONGEST_ASKED and not re.search(r"\.\.\.|`", example.message)
    message = f": {example.message}" if is_whole else ""
    return Question(
        one,
        example.block,
        "what_happens" if example.fails else "predict_output",
        f"{asks}\n\n{show_code(example, code)}",
        f"`{example.last}` {example.way} `{example.value}{message}`",
        example.spans,
        find_reason(one, example.block, code, example.spans, value=example.value),
        answers=tuple(dict.fromkeys(f"{own}{end}" for end in ("", message) for own in names)),
    )


def show_code(example: Shown, code: str) -> str:
    """The code as a block in the language of the example; what was typed in a session is Python."""
    return f"```{'python' if example.is_session else example.block.language}\n{code}\n```"
