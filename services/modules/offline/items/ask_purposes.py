"""Which of several lines, names or commands does what a learner wants to do."""

import re
from collections.abc import Iterator, Sequence

from services.modules.offline.items.options import ask_choice, count_shared, split_words
from services.modules.offline.items.purposes import Entry, describe_verb, find_entries
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain
from shared.language.similarity import embed, likeness

_FEWEST, _LONGEST, _REACH, _MOST_TOLD = 2, 80, 40, 300
_ALIKE, _NEAR, _LEAST_OF_NAMES, _STEM, _VERB = 0.6, 0.4, 0.3, 3, 4


def ask_purposes(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Questions about each entry of the section that has siblings, and a purpose that none of them has."""
    for entry in said.recall(find_entries, one):
        kin = said.list_near(find_entries, _name_kin, entry, _REACH)
        is_clear = not any((other.code == entry.code) != (other.words == entry.words) for other in kin)
        if is_clear and _is_line(entry) and not _is_told(entry):
            near = [other for other in kin if _is_line(other) and _is_near(entry, other) and _is_rival(entry, other)]
            if len(near) >= _FEWEST and not _gives_away(entry, near):
                yield from _ask(one, said, entry, near)


def _name_kin(entry: Entry) -> tuple[str, str]:
    return entry.kin


def _is_line(entry: Entry) -> bool:
    """Whether the code can be an option, and be named in a sentence."""
    return "\n" not in entry.code and "`" not in entry.code and len(entry.code) <= _LONGEST


def _ask(one: TaughtSection, said: TaughtText, entry: Entry, near: Sequence[Entry]) -> Iterator[Question]:
    """A purpose, and the codes of siblings to choose from."""
    purpose = entry.purpose[:1].lower() + entry.purpose[1:]
    which = "Which of these commands" if entry.is_command else "Which of these lines" if entry.language else "Which"
    if describe_verb(entry.purpose) == "plain":
        stem = f"You want to {purpose}. {which} does that?"
    else:
        stem = f"{which if entry.language else 'Which of these'} {purpose}?"
    told = entry.told.strip(".: ")
    quoted = len(told) <= _MOST_TOLD and not said.find_missing(f"“{told}”", entry.spans)
    says = f"“{told}”" if quoted else entry.purpose
    key = Choice(f"`{entry.code}`", f"the page says: {says}.", entry.spans)
    others = [
        Choice(f"`{o.code}`", f"of this the page says: {o.purpose[:1].lower()}{o.purpose[1:]}.", o.spans)
        for o in _sort(entry.purpose, near, [other.purpose for other in near])
    ]
    yield from ask_choice("choose", one, said, stem, key, others)


def _gives_away(entry: Entry, near: Sequence[Entry]) -> bool:
    """Whether a word of the purpose stands in the code, and in no other code."""
    said = frozenset(split_words(entry.purpose))
    others = frozenset(word for other in near for word in split_words(other.code))
    return bool(said & frozenset(split_words(entry.code)) - others)


def _is_rival(entry: Entry, other: Entry) -> bool:
    """Whether a sibling does something of its own, and the entry's code does not do that as well."""
    return (
        not entry.words <= other.words
        and not other.words <= entry.words
        and len(entry.words & other.words) < _ALIKE * len(entry.words | other.words)
        and not (entry.language and (entry.tokens <= other.tokens or entry.place != other.place))
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


def _is_near(entry: Entry, other: Entry) -> bool:
    """Whether two entries share words of what they do, or names of their code: far ones are no rivals."""
    shared, both = len(entry.names & other.names), len(entry.names | other.names)
    of_code = shared >= _NEAR * both or (entry.place == other.place and shared > 0)
    return len(entry.words & other.words) >= _LEAST_OF_NAMES * len(entry.words) if not entry.language else of_code


def _sort(asked: str, near: Sequence[Entry], texts: Sequence[str]) -> list[Entry]:
    """The siblings whose texts look most like an answer first."""
    if not near:
        return []
    vectors = embed([asked, *map(show_plain, texts)])
    rates = likeness(vectors[1:], vectors[:1])[:, 0]
    order = sorted(range(len(near)), key=lambda i: (-count_shared(asked, texts[i]), -rates[i], texts[i]))
    return [near[i] for i in order]
