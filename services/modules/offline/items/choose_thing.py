"""Choose for a situation: which of several things of one kind fits what somebody wants to do."""

import re
from collections.abc import Iterator, Sequence

from services.modules.offline.items.clauses import Advice, find_advice
from services.modules.offline.items.entries import names_itself, normal_name
from services.modules.offline.items.options import are_alike, ask_choice, digest, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import word_stems
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain

_OPEN = re.compile(
    r"\bthe (?:file|value|element|object|item|string|result)(?=$| (?:from|as|with|into|when|if|on|by|at)\b)"
    r"|, \S+ means\b"
)
"""Something that only the page says which one it is, and what belongs to a description and to no question."""
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_MOST_ASKED, _MOST_NEAR, _FEWEST = 50, 300, 2


def ask_choices(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each piece of advice, among others of the same list, table or run of headings."""
    advices = [advice for advice in said.recall(find_advice, one) if advice.asked][:_MOST_ASKED]
    known = said.gather(find_advice) if advices else ()
    beside = [other for other in known if other.asked and other.span.path == one.path][:_MOST_NEAR]
    for advice in advices:
        if _OPEN.search(advice.situation) or any(_says_as_much(other, advice) for other in known):
            continue
        rivals = sorted((o for o in beside if _is_rival(advice, o)), key=lambda o: _rank(advice, o))
        if names_itself(advice.thing, advice.situation):
            rivals = [other for other in rivals if names_itself(other.thing, advice.situation)]
            if names_itself(_tell_apart(advice, rivals), advice.situation):
                continue
        others = dict.fromkeys(map(_choice, rivals))
        yield from ask_choice("choose", one, said, _word_stems(one, advice), _choice(advice), others, ranked=True)


def _tell_apart(advice: Advice, rivals: Sequence[Advice]) -> str:
    """The parts of a thing's name that fewer than two of its rivals have: what gives it away, and none of them."""
    parts = (part for part in _PART.findall(advice.thing))
    return " ".join(part for part in parts if sum(part in other.thing for other in rivals) < _FEWEST)


def _says_as_much(other: Advice, advice: Advice) -> bool:
    """Whether all that is said of a thing is said of another one, too."""
    return other.thing != advice.thing and split_words(advice.situation) <= split_words(other.situation)


def _word_stems(one: TaughtSection, advice: Advice) -> list[str]:
    """The situation, under the headings that it stands under; those that name the thing are left out."""
    stems = word_stems(one, advice.asked)
    plain = advice.asked[0].upper() + advice.asked[1:]
    return [s for s in stems if not names_itself(advice.thing, s.partition(":")[0])] or [plain]


def _choice(advice: Advice) -> Choice:
    return Choice(advice.thing, f"{advice.told}.", (advice.span,))


def _is_rival(advice: Advice, other: Advice) -> bool:
    """Another thing of the same list for a situation that is clearly another one.

    A command is used with each of its subcommands, too.
    """
    ours, theirs = split_words(advice.situation), split_words(other.situation)
    things = sorted((advice.thing.strip("`"), other.thing.strip("`")))
    return (
        advice.group == other.group
        and not ours <= theirs
        and not theirs <= ours
        and not _does_so_too(advice, other)
        and not re.match(rf"{re.escape(things[0])}(?!\w)", things[1])
        and normal_name(other.thing) not in show_plain(other.situation).lower().split()
    )


def _does_so_too(advice: Advice, other: Advice) -> bool:
    """Whether another thing does the same among other things: it has the verb and half of the words."""
    verb = split_words(advice.situation.split()[0])
    return bool(verb) and verb <= split_words(other.situation) and are_alike(advice.situation, other.situation)


def _rank(advice: Advice, other: Advice) -> tuple[int, str]:
    """The situations that are most alike first."""
    return -len(split_words(advice.situation) & split_words(other.situation)), digest(advice.situation + other.thing)
