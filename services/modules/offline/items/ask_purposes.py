"""What code does: which of the purposes of siblings it has, and which of several lines has a purpose."""

import re
from collections.abc import Iterator, Sequence

from services.modules.offline.items.options import ask_choice, count_shared, split_words
from services.modules.offline.items.purposes import PROMPT, Entry, describe_verb, find_entries
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain
from shared.language.similarity import embed, likeness

_FEWEST, _LONGEST, _REACH, _MOST_TOLD = 2, 80, 40, 300
_ALIKE, _NEAR, _STEM, _VERB = 0.6, 0.4, 3, 4
_MAKES = re.compile(r"(?:import|from|function|def|class|test|it|describe|export|const \{|//|#)\b|//|#")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`")


def ask_purposes(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Questions about each entry of the section that has siblings with purposes of their own."""
    for entry in said.recall(find_entries, one):
        kin = said.list_near(find_entries, _name_kin, entry, _REACH)
        near = [other for other in kin if _is_near(entry, other) and _is_rival(entry, other)]
        is_clear = not any(other.code == entry.code and other.purpose != entry.purpose for other in kin)
        if is_clear and len(near) >= _FEWEST and not _is_told(entry):
            yield from _ask_effect(one, said, entry, near)
            if entry.language and describe_verb(entry.purpose) == "plain" and _is_line(entry):
                yield from _ask_code(one, said, entry, near)


def _name_kin(entry: Entry) -> tuple[str, str]:
    return entry.kin


def _is_line(entry: Entry) -> bool:
    """Whether the code can be an option, and be named in a sentence."""
    return "\n" not in entry.code and "`" not in entry.code and len(entry.code) <= _LONGEST


def _ask_effect(one: TaughtSection, said: TaughtText, entry: Entry, near: Sequence[Entry]) -> Iterator[Question]:
    """What the code does, among what its siblings do."""
    asks = f"What does this {'command' if entry.is_command else 'code'} do?\n\n```{entry.language}\n{entry.code}\n```"
    stem = asks if entry.language else _ask_name(one, entry)
    named = f"`{entry.code}`" if _is_line(entry) else "this code"
    told = entry.told.strip(".: ")
    quoted = len(told) <= _MOST_TOLD and not said.find_missing(f"“{told}”", entry.spans)
    key = Choice(
        f"{entry.purpose}.", f"of {named} the page says: {f'“{told}”' if quoted else entry.purpose}.", entry.spans
    )
    others = [
        Choice(f"{o.purpose}.", f"{f'`{o.code}`' if _is_line(o) else 'other code'} is what does this.", o.spans)
        for o in _sort(entry.code, near, [o.purpose for o in near])
    ]
    yield from ask_choice("what_happens", one, said, stem, key, others)


def _ask_code(one: TaughtSection, said: TaughtText, entry: Entry, near: Sequence[Entry]) -> Iterator[Question]:
    """Which code has a purpose. Code that has all of it and more would have it as well."""
    lines = [other for other in near if _is_line(other) and not entry.tokens <= other.tokens]
    stem = f"You want to {_lower(entry)}. Which of these {'commands' if entry.is_command else 'lines'} does that?"
    key = Choice(f"`{entry.code}`", f"the page shows it to {_lower(entry)}.", entry.spans)
    found = _sort(entry.purpose, lines, [other.code for other in lines])
    others = [Choice(f"`{o.code}`", f"the page shows it to {_lower(o)}.", o.spans) for o in found]
    yield from ask_choice("choose", one, said, stem, key, others)


def _lower(entry: Entry) -> str:
    return entry.purpose[:1].lower() + entry.purpose[1:]


def _ask_name(one: TaughtSection, entry: Entry) -> str:
    """The question about a row, with a line of code that uses it; else its heading says what it belongs to."""
    heading = show_plain(one.section.heading)
    whole = re.compile(rf"(?<![\w-]){re.escape(entry.code)}{'[(]' if '.' in entry.code else ''}(?![\w-])")
    for section in one.document.sections:
        for block in section.blocks:
            for line in block.code.split("\n") if entry.code in block.code else ():
                used = PROMPT.sub("", line.strip())
                whole_line = len(used) <= _LONGEST and not used.endswith(("{", "(", ",")) and len(used.split()) > 1
                if (
                    whole_line
                    and used.count(entry.code) == 1
                    and used != entry.code
                    and whole.search(_QUOTED.sub("", used))
                    and not _MAKES.match(used)
                ):
                    return f"What does `{entry.code}` do here?\n\n```{block.language}\n{used}\n```"
    return f"What does `{entry.code}` do?" if entry.code in heading else f"{heading}: what does `{entry.code}` do?"


def _is_rival(entry: Entry, other: Entry) -> bool:
    """Whether a sibling does something of its own, and the entry's code does not do that as well."""
    return (
        not entry.words <= other.words
        and not other.words <= entry.words
        and len(entry.words & other.words) < _ALIKE * len(entry.words | other.words)
        and not (entry.language and _holds(entry, other))
        and entry.code != other.code
        and not any(code in entry.code for code in other.codes - entry.codes)
        and describe_verb(entry.purpose) == describe_verb(other.purpose)
    )


def _is_told(entry: Entry) -> bool:
    """Whether the code tells what it does: a name by a part of a word, other code by the verb."""
    code, purpose = entry.code.lower(), entry.purpose.lower()
    if entry.language:
        return bool(re.search(rf"\b{re.escape(purpose.split()[0][:_VERB])}", code))
    parts, plain = split_words(entry.code), re.sub(r"\W", "", purpose)
    shared = set(re.findall(r"\w{3,}", code)) & set(re.findall(r"\w+", purpose))
    return bool(shared) or any(word[:_STEM] in plain for word in parts if len(word) >= _STEM)


def _holds(entry: Entry, other: Entry) -> bool:
    """Whether code does what a sibling does, and more: it has all that the sibling has, or of several lines half."""
    lines = "\n" in entry.code
    return other.tokens <= entry.tokens or (lines and 2 * len(other.names & entry.names) > len(other.names))


def _is_near(entry: Entry, other: Entry) -> bool:
    """Whether two entries are of one list, or share words of what they do or names of their code."""
    shared, both = len(entry.names & other.names), len(entry.names | other.names)
    of_code = bool(entry.language) and (shared >= _NEAR * both or (entry.place == other.place and shared > 0))
    return entry.is_row or bool(entry.words & other.words) or of_code


def _sort(asked: str, near: Sequence[Entry], texts: Sequence[str]) -> list[Entry]:
    """The siblings whose texts look most like an answer first."""
    if not near:
        return []
    vectors = embed([asked, *map(show_plain, texts)])
    rates = likeness(vectors[1:], vectors[:1])[:, 0]
    order = sorted(range(len(near)), key=lambda i: (-count_shared(asked, texts[i]), -rates[i], texts[i]))
    return [near[i] for i in order]
