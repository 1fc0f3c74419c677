"""Fill the gap in an example: a name of the project that does what the example is for, among names of its kind."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from services.modules.offline.items.entries import names_itself
from services.modules.offline.items.examples import OF_VERSIONS
from services.modules.offline.items.options import ask_choice, count_shared, digest, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.sessions import SHELLS
from services.modules.offline.items.stems import is_no_own_name, list_scenes
from services.modules.offline.items.taught_text import TaughtText, list_code_lines, list_units
from shared.course.plain_text import drop_targets
from shared.docs.model import Block
from shared.engine.objectives import is_general
from shared.engine.types import Span
from shared.language.headings import clean_heading

_PLACES = (
    re.compile(r"^\s*(?:(?:>>>|\.\.\.) )?(?P<of>@(?:\w+\.)*)(?P<name>\w+)"),
    re.compile(r"^\s*(?P<of>\[)(?P<name>[\w-]+)(?=[(\]])"),
    re.compile(r"(?P<of>\b[\w.]*\w)\([^()]*?\b(?P<name>\w+)=(?!=)"),
    re.compile(r"(?<![@\w.])(?P<of>[\w.]*\w\w\.)(?P<name>\w+)(?=\()"),
    re.compile(r"(?<![@\w.$\[-])(?P<of>)(?P<name>[A-Za-z]\w{2,})(?=\()"),
)
_IN_COMMANDS = (
    re.compile(r"^\s*(?:[$>] )?(?P<of>[a-z][\w-]*(?: [a-z][\w-]*)?)(?: .*?)? (?P<name>--[a-z][\w-]+)"),
    re.compile(r"^\s*(?:[$>] )?(?P<of>[a-z][\w-]*) (?P<name>[a-z][\w-]+)(?=\s|$)"),
)
"""Where a name stands in code, and what it belongs to: decorators, attributes, keywords, methods, and functions of
the language; flags and subcommands.
"""
_NO_USE = re.compile(
    r"^\s*(?:(?:>>>|\.\.\.) )?(?:export |async )*(?:def|fn|func|function|class|from|import)\b|test_fail|raises|throws"
    r"|toThrow|Raises",
)
"""A line that makes a name, and one that has to fail: that does so with any name."""
_CODE, _NAME = re.compile(r"`+([^`]+)`+"), re.compile(r"--[\w-]+|[\w-]+")
_NO_GOAL = re.compile(
    r"^(?:this|that|these|it|they|see|note|for (?:example|instance)|example|here(?:'s| is)|like|or|and|but|then|now"
    r"|also)\b|.*\b(?:above|below|previous|following|earlier|thus|it|them|this|that|these|those)\b",
    re.IGNORECASE,
)
_NO_EXAMPLE = re.compile(rf"{OF_VERSIONS.pattern}|```|</|^.{{120}}", OF_VERSIONS.flags)
_NOTICE = "is not shown here"
_MOST_LINES, _MOST_GAPS, _MOST_USES, _MOST_HEADING, _MOST_COMMON = 24, 3, 60, 8, 16
_FEWEST_WORDS, _MOST_WORDS, _DECIDING, _MOST_TOLD = 5, 34, 2, 40


@dataclass(frozen=True)
class Use:
    """A `name` in a line of an example; `of` is what it belongs to."""

    name: str
    of: str
    block: Block
    line: str
    span: Span

    @property
    def look(self) -> tuple[bool, bool]:
        """Whether it is a flag, and whether it begins with a capital."""
        return self.name.startswith("-"), self.name[:1].isupper()

    @property
    def code(self) -> str:
        """The example with a gap for the name."""
        return re.sub(rf"(?<![\w-]){re.escape(self.name)}(?![\w-])", "____", self.block.code)

    @property
    def is_shown(self) -> bool:
        """Whether the example is a session that shows what comes of the name, in its line or a later one."""
        lines = self.block.code.split("\n")
        after = lines[lines.index(self.line) + 1 :] if self.line in lines else []
        output = any(line.strip() and not line.startswith((">>>", "...")) for line in after)
        return output and self.block.code.startswith(">>> ")


@dataclass(frozen=True)
class Told:
    """What a sentence says of a name; the text is "" where that is only that it is left out."""

    name: str
    text: str
    span: Span


def ask_gaps(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each name of an example whose task the section tells in words that fit no sibling as well, or
    whose effect the example shows.
    """
    scene = _read_scene(one)
    for use in said.recall(find_uses, one)[:_MOST_USES] if scene else ():
        goal = _read_goal(one, use.block)
        goal = "" if _gives_away(use.name, goal) else goal
        wanted = split_words(f"{scene} {goal}")
        key = _explain(use, said, wanted, _DECIDING)
        if key is None and use.is_shown:  # what it gives decides, whatever the text says
            goal, key = "", _explain(use, said, wanted, 0)
        gaps = use.code.count("____")
        common = len(said.group(find_told, attrgetter("name"))[use.name]) > _MOST_COMMON
        about = f"{scene} {one.document.title}"
        if key and not common and gaps <= _MOST_GAPS and not _gives_away(use.name, about):
            asks = "Which name belongs into all gaps of this example?" if gaps > 1 else "What belongs into the gap?"
            stem = f"{scene}: “{goal}” {asks}" if goal else f"{scene}: {asks[0].lower()}{asks[1:]}"
            stem = f"{stem}\n\n```{use.block.language}\n{use.code}\n```"
            others = (_explain(other, said, wanted, 0) for other in _list_siblings(use, wanted, said))
            wrong = [other for other in others if other]
            yield from ask_choice("fill_call", one, said, [stem], key, wrong, ranked=True, lines=True)


def find_uses(one: TaughtSection, said: TaughtText) -> Iterator[Use]:
    """The names in a section's examples that are the project's own, and that its sentences tell of."""
    told = {found.name for found in said.recall(find_told, one)}
    for block, line, span in list_code_lines(one) if told else ():
        if _NO_EXAMPLE.search(block.code) or block.code.count("\n") >= _MOST_LINES:
            continue
        places = _IN_COMMANDS if block.language in SHELLS else _PLACES
        for place in places if not _NO_USE.search(line) else ():
            for found in place.finditer(line):
                name = found["name"]
                if name in told and not is_no_own_name(name) and not said.makes(name):
                    yield Use(name, found["of"] or block.language, block, line, span)


def find_told(one: TaughtSection, said: TaughtText) -> Iterator[Told]:
    """The sentences of a section that tell of names."""
    for block in one.section.blocks:
        for text, span in list_units(one.path, block):
            plain = " ".join(drop_targets(text).split())
            if _FEWEST_WORDS <= len(plain.split()) <= _MOST_WORDS and plain.count("`") % 2 == 0:
                names = {name for code in _CODE.findall(plain) for name in _NAME.findall(code)}
                left_out = names and (_NOTICE in plain or said.find_missing(f"“{plain}”", [span]))
                yield from (Told(name, "" if left_out else plain, span) for name in sorted(names))


def _list_told(name: str, said: TaughtText, path: str) -> list[Told]:
    """What the course says of a name, the words of one document first."""
    told = said.group(find_told, attrgetter("name")).get(name, ())[:_MOST_TOLD]
    return sorted(told, key=lambda one: one.span.path != path)


def _list_siblings(use: Use, wanted: frozenset[str], said: TaughtText) -> list[Use]:
    """Names at such places in other examples that the wanted words fit less, those that they fit most first."""
    path = use.span.path
    beside = said.group(find_uses, attrgetter("of"))[use.of][:_MOST_USES]
    told = {other.name: {found.text for found in _list_told(other.name, said, path)} for other in (use, *beside)}
    fits = {name: len(wanted & frozenset().union(*map(split_words, texts))) for name, texts in told.items()}
    siblings = {
        other.name: other
        for other in beside
        if other.look == use.look
        and other.name not in use.block.code
        and not (told[use.name] & told[other.name]) - {""}  # else both may do the same
        and (use.is_shown or fits[other.name] < fits[use.name])
    }
    return sorted(siblings.values(), key=lambda other: (-fits[other.name], digest(use.name + other.name)))


def _explain(use: Use, said: TaughtText, wanted: frozenset[str], least: int) -> Choice | None:
    """The name with the sentence that says most of what is wanted, or with its line; None where too little is said."""
    told = _list_told(use.name, said, use.span.path)
    best = max(told, key=lambda one: len(wanted & split_words(one.text)), default=None)
    if best and best.text and len(wanted & split_words(best.text)) >= least:
        return Choice(f"`{use.name}`", f"the documentation says: “{best.text.rstrip('.: ')}”.", (use.span, best.span))
    return None if least else Choice(f"`{use.name}`", f"the documentation has `{use.line.strip()}`.", (use.span,))


def _gives_away(name: str, text: str) -> bool:
    return bool(text) and (names_itself(f"`{name}`", text) or count_shared(text, f"`{name}`") > 0)


def _read_scene(one: TaughtSection) -> str:
    """What the examples of a section are about: its heading, if that says something, else one above it."""
    own = clean_heading(one.section.heading)
    fits = (
        1 < len(own.split()) <= _MOST_HEADING and not is_general(one.section.heading) and not re.search(r"[?!:]", own)
    )
    return own if fits else next(list_scenes(one), "")


def _read_goal(one: TaughtSection, block: Block) -> str:
    """The sentence that leads to an example, if it says what the example is for."""
    place = one.section.blocks.index(block)
    last = one.section.blocks[place - 1].sentences[-1:] if place else ()
    goal = " ".join(drop_targets(last[0].text).split()) if last else ""
    fits = _FEWEST_WORDS <= len(goal.split()) <= _MOST_WORDS and not _NO_GOAL.match(goal) and goal.endswith((".", ":"))
    return goal if fits and goal.count("`") % 2 == 0 else ""
