"""Choose for a situation: which of several things of one kind fits what somebody wants to do."""

import re
from collections.abc import Iterator

from services.modules.offline.items.clauses import Advice, find_advice
from services.modules.offline.items.entries import names_itself
from services.modules.offline.items.options import are_alike, ask_choice, digest, mean_alike, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import word_stems
from services.modules.offline.items.taught_text import TaughtText

_SIGNS = re.compile(r"[^\w\s]")
_ALIKE, _NEAR = 0.34, 0.6
_MOST_ASKED, _MOST_NEAR = 50, 300


def ask_choices(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each piece of advice, with others that are told nearby or for the like.

    A thing whose name tells is asked among things whose names tell as much.
    """
    advices = [advice for advice in said.recall(find_advice, one) if advice.asked][:_MOST_ASKED]
    beside = [other for near in (one, *said.list_siblings(one)) for other in said.recall(find_advice, near)]
    known = (*beside[:_MOST_NEAR], *(other for other in said.gather(find_advice) if other.asked)) if advices else ()
    for advice in advices:
        if any(_says_as_much(other, advice) for other in known):
            continue
        told = names_itself(advice.thing, advice.situation)
        rivals = [
            other
            for other in known
            if (not told or other.group == advice.group)
            and _is_rival(advice, other)
            and (not told or names_itself(other.thing, advice.situation))
        ]
        others = [_choice(other) for other in sorted(rivals, key=lambda other: _rank(advice, other))]
        yield from ask_choice(
            "choose", one, said, _word_stems(one, advice), _choice(advice), dict.fromkeys(others), ranked=True
        )


def _says_as_much(other: Advice, advice: Advice) -> bool:
    """Whether all that is said of a thing is said of another one, too."""
    return other.thing != advice.thing and split_words(advice.situation) <= split_words(other.situation)


def _word_stems(one: TaughtSection, advice: Advice) -> list[str]:
    """The situation, under the headings that it stands under; those that name the thing are left out."""
    plain = [advice.asked[0].upper() + advice.asked[1:]]
    if advice.group and not advice.group[0].home:
        return plain
    stems = word_stems(one, advice.asked)
    return [s for s in stems if not names_itself(advice.thing, s.partition(":")[0])] or plain


def _choice(advice: Advice) -> Choice:
    return Choice(advice.thing, f"{advice.told}.", (advice.span,))


def _is_rival(advice: Advice, other: Advice) -> bool:
    """Another thing for clearly another situation, or for another one of the same list.

    A command is used with each of its subcommands, too.
    """
    things = sorted((advice.thing.strip("`"), other.thing.strip("`")))
    if f"{things[1]} ".startswith(f"{things[0]} "):
        return False
    if advice.group and advice.group == other.group:
        ours, theirs = split_words(advice.situation), split_words(other.situation)
        return not ours <= theirs and not theirs <= ours
    if set(_SIGNS.findall(advice.thing)) != set(_SIGNS.findall(other.thing)):
        return False
    return not are_alike(advice.situation, other.situation, _ALIKE) and not (
        not other.asked and mean_alike(advice.situation, other.situation, _NEAR)
    )


def _rank(advice: Advice, other: Advice) -> tuple[bool, bool, int, str]:
    """The same list first, then the same document, then the situations that are most alike."""
    shared = len(split_words(advice.situation) & split_words(other.situation))
    beside = bool(advice.group) and advice.group == other.group
    return not beside, advice.span.path != other.span.path, -shared, digest(advice.situation + other.thing)
