"""Fill the call: the keyword that does what a list or table says, among its siblings there."""

import re
from collections.abc import Iterator

from services.modules.offline.items.clauses import is_clear
from services.modules.offline.items.entries import Entry, Group, find_groups, names_itself
from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import is_no_own_name, word_stems
from services.modules.offline.items.taught_text import TaughtText, list_code_lines, list_units
from services.modules.offline.items.variants import split_parts
from shared.engine.types import Span

_CALL = re.compile(r"(?<![\w\"'])(?:[A-Za-z_]\w*\.)*(?P<name>[A-Za-z_]\w*)\(")
_KEYWORD = re.compile(r"^(?P<keyword>[a-z]\w{2,})\s?=\s?(?P<value>[^=\s].*)$")
_LONGEST_LINE = 90
Passed = tuple[str, str, str, str, Span]
"""The name of a call, a keyword, its value, the line and its place."""


def find_passed(one: TaughtSection, said: TaughtText) -> Iterator[Passed]:
    """The keywords of all calls in examples."""
    del said
    for block, line, span in list_code_lines(one):
        if block.language.startswith("py") and "`" not in line and not re.match(r"\s*(?:async def|def|class|#)", line):
            for call in _CALL.finditer(line):
                for passed in filter(None, map(_KEYWORD.match, split_parts(line[call.end() :]))):
                    yield call["name"], passed["keyword"], passed["value"], line.strip(), span


def find_parameters(one: TaughtSection, said: TaughtText) -> Iterator[tuple[str, Group]]:
    """The lists and tables of names of a section, each with all that the section says and shows."""
    texts = [text for block in one.section.blocks for text, _ in list_units(one.path, block)]
    codes = [block.code for block in one.section.blocks if block.kind == "code"]
    for group in said.recall(find_groups, one):
        named = tuple(entry for entry in group if re.fullmatch(r"`[a-z]\w+`", entry.name))
        yield "\n".join((one.section.heading, *texts, *codes)), named


def ask_calls(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for the first place of the course where a call is given a keyword that is explained.

    A call that takes any keyword is never asked.
    """
    for passed in said.recall(find_passed, one):
        name, keyword, value, line, _ = passed
        first = next(other for other in said.gather(find_passed) if other[:2] == passed[:2])
        if first != passed or len(line) > _LONGEST_LINE or is_no_own_name(name) or names_itself(keyword, value):
            continue
        for words, group in said.gather(find_parameters):
            about = re.search(rf"\b{name}\b", words) and not re.search(rf"\b{name}\([^()]*\*\*\w", words)
            own = next((entry for entry in group if entry.name == f"`{keyword}`"), None)
            if about and own and is_clear(own.text, 3, 24, loaded=True) and not names_itself(keyword, own.text):
                gapped = re.sub(rf"\b{keyword}(?=\s?=)", "____", line, count=1)
                question = f"which keyword belongs in the gap? “{own.text}”\n\n```python\n{gapped}\n```"
                others = [_choice(entry) for entry in group if not re.search(rf"\b{entry.name[1:-1]}\s?=", line)]
                stems = word_stems(one, question, alone=True)
                stems = [stem for stem in stems if not names_itself(keyword, stem.partition("which")[0])]
                yield from ask_choice("fill_call", one, said, stems, _choice(own), others, ranked=True)


def _choice(entry: Entry) -> Choice:
    return Choice(entry.name, f"{entry.name}: {entry.text}.", (entry.span,))
