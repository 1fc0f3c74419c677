"""Calls shown with what they give: which of them gives a value, and what one of them gives."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.modules.offline.items.context import bare, write_code
from services.modules.offline.items.deciding import find_deciding
from services.modules.offline.items.examples import Shown, find_shown
from services.modules.offline.items.options import ask_choice, digest
from services.modules.offline.items.predict_output import is_plain, is_read_off, list_reasons, name_call
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.scales import ItemForm

_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[\w.]+|\S")
_PART = re.compile(r"\w+|[^\s\w\"'()\[\]{},:.<>=-]")
"""What a value may have of its call: a word, a number, or a sign that is no bracket and no comma."""
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'|(?<![\w.])-?\d[\w.]*")
_BOUND = re.compile(r"^\s*(?:let |const |var |for )?(?:mut )?(\w+)\s*(?:=[^=]|in )")
_MAKES = re.compile(r"\s|[@})\]]|(?:class|def|import|from|function|const|let|var)\b|\w+ = ")
"""A line that makes something new and changes nothing."""
_BUILDS = tuple(
    map(
        re.compile,
        (r"-?\d", r"(?i)(?:true|false|none|null|nil|undefined)\b", r"[\"']", r"map\[|\{", r"[\[(]", r"\w+\("),
    )
)
"""How values begin: numbers, answers of yes or no, texts in quotes, tables, lists, objects; all else is a bare text."""
_WHOLE = re.compile(r"-?\d+$")
_ANSWERS = ("true", "false", "True", "False", "null", "None", "undefined", "nil")
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
    def given(self) -> tuple[str, ...]:
        """The texts and numbers that the call has, and the language."""
        return self.example.block.language, *sorted(_LITERAL.findall(self.text))

    @property
    def told(self) -> str:
        return f"`{self.text}` {self.example.way} `{self.example.value}`"


def find_calls(one: TaughtSection, said: TaughtText) -> Iterator[Call]:
    """The shown values of a section that follow from their code."""
    for example in find_shown(one):
        if is_plain(example) and "(" in example.asked and "\n" not in example.asked:
            code = write_code(one, example, example.asked, said)
            if code and len(example.asked) <= _LONGEST:
                yield Call(example, code.rpartition("\n")[0])


def ask_calls(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each call that has siblings after the same code, all of which give something else.

    Siblings stand in the section, or are given the same elsewhere. A call that is shown with two values is not asked.
    """
    found = said.recall(find_calls, one)
    for at, call in enumerate(found):
        near = [*found[max(0, at - _NEAREST) : at + _NEAREST], *_list_far(call, said)]
        kin = [other for other in near if other is not call and _is_kin(call, other)]
        value = call.example.value
        kin = [other for other in kin if _is_of_build(other.example, call.example)]
        if value in _ANSWERS:  # of two answers each is that of several calls
            kin = [other for other in kin if other.example.value != value]
        else:
            kin = list({other.example.value: other for other in kin}.values())
        split = any(other.text == call.text and other.example.value != value for other in near)
        if len(kin) >= _FEWEST and not split and all(other.example.value != value for other in kin):
            yield from _ask(one, said, call, kin)


def _list_far(call: Call, said: TaughtText) -> Sequence[Call]:
    """The calls of other sections that are given the same texts and numbers, and need nothing else."""
    near = said.list_near(find_calls, _name_given, call, _NEAREST) if not call.before and call.given[1:] else ()
    return [other for other in near if not other.before]


def _name_given(call: Call) -> tuple[str, ...]:
    return call.given


def _ask(one: TaughtSection, said: TaughtText, call: Call, kin: Sequence[Call]) -> Iterator[Question]:
    """Which call gives the value; or what the call gives, where its siblings are given the same."""
    example, value = call.example, call.example.value
    code = f"{call.before}\n{call.text}".strip("\n")
    line = find_deciding(call.before, call.text, value, firm=True)
    why = f": {line}." if line else "."
    key = Choice("", f"{call.told}{why}", example.spans, why=why if line else "")
    for reason, span in list_reasons(one, said, example, code):
        key = Choice("", f"{call.told}: “{reason}”.", (*example.spans, span))
        break
    alike = [other for other in kin if _is_given_alike(call, other)]
    read_off = is_read_off(f"{call.before}\n{call.text}", example)
    if len(alike) >= _FEWEST and not read_off and int(digest(code), 16) % 2 and not example.fails:
        stem = f"What does the last line {example.way.removesuffix('s')}?\n\n```{example.block.language}\n{code}\n```"
        wrong = [Choice(f"`{o.example.value}`", f"{o.told}, but {call.told}.", o.example.spans) for o in alike]
        near = {f"`{other.example.value}`" for other in alike if _is_near(call, other)}
        yield from ask_choice("predict_output", one, said, stem, replace(key, text=f"`{value}`"), wrong, near)
    elif not (_is_told(call, kin) or is_read_off(f"{call.before}\n", example) or _is_given(call)):
        shown = f"\n\n```{example.block.language}\n{call.before}\n```" if call.before else ""
        stem = f"Which of these {example.way} `{value}`?{' The code that runs first:' * bool(shown)}{shown}"
        parts = _list_parts(call)
        order = sorted(
            kin, key=lambda other: sum(part not in other.text for part in parts)
        )  # those that look right first
        others = [Choice(f"`{other.text}`", f"{other.told}.", other.example.spans) for other in order]
        form: ItemForm = "find_wrong" if example.fails else "fill_call"
        near = {f"`{other.text}`" for other in kin if _is_near(call, other)}
        yield from ask_choice(form, one, said, stem, replace(key, text=f"`{call.text}`"), others, near)


def _is_near(call: Call, other: Call) -> bool:
    """Whether two calls differ in what they are given alone, and their numbers are of like size.

    The name of a call may say what it gives; what it is given does not.
    """
    ours, theirs = (one.example.value for one in (call, other))
    far = _WHOLE.match(ours) and _WHOLE.match(theirs) and 2 * abs(int(ours) - int(theirs)) > max(2, abs(int(ours)))
    return name_call(call.example) == name_call(other.example) and not far


def _is_given(call: Call) -> bool:
    """Whether the call gives what it is given."""
    return call.example.value.strip("\"'") in [text.strip("\"'") for text in call.given[1:]]


def _is_given_alike(call: Call, other: Call) -> bool:
    """Whether two calls work on one thing, and one gives what the other might: its words stand in the code of both.

    They share the longest text, or they stand after the same code.
    """
    texts = [max((t for t in one.given[1:] if t[0] in "\"'"), key=len, default="") for one in (call, other)]
    makes = any(not line.startswith(("import ", "from ", "use ")) for line in call.before.split("\n") if line)
    words = re.findall(r"[^\W\d_]+", other.example.value.lower())
    return (
        not other.example.fails
        and (texts[0] == texts[1] != "" or (makes and call.before == other.before))
        and (other.example.value in _ANSWERS or all(word in f"{call.before}\n{call.text}".lower() for word in words))
    )


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
    builds = [next((i for i, build in enumerate(_BUILDS) if build.match(shown.value)), -1) for shown in (one, other)]
    return one.fails or other.fails or builds[0] == builds[1]


def _differ_once(one: str, other: str) -> bool:
    """Whether two lines differ in one name, number or text and in nothing else."""
    a, b = _TOKEN.findall(one), _TOKEN.findall(other)
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _is_told(call: Call, kin: Sequence[Call]) -> bool:
    """Whether the call has a part of its value that fewer than two of the others have."""
    return any(sum(part in other.text for other in kin) < _FEWEST for part in _list_parts(call))


def _list_parts(call: Call) -> set[str]:
    """The parts of the value that stand in the call."""
    return {part for part in _PART.findall(call.example.value) if part in call.text}
