"""Choose for a situation: which of several things of one kind fits what somebody wants to do."""

from collections.abc import Iterator, Sequence

from services.modules.offline.items.clauses import Advice, find_advice
from services.modules.offline.items.entries import names_itself
from services.modules.offline.items.options import are_alike, ask_choice, digest, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import word_stems
from services.modules.offline.items.taught_text import TaughtText

_ALIKE = 0.34


def ask_choices(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each piece of advice, with others that are told nearby or for the like."""
    for advice in said.recall(find_advice, one):
        if names_itself(advice.thing, advice.situation):
            continue
        rivals = [other for other in said.gather(find_advice) if _is_rival(advice, other)]
        yield from _ask(one, said, advice, rivals)


def _ask(one: TaughtSection, said: TaughtText, advice: Advice, rivals: Sequence[Advice]) -> Iterator[Question]:
    others = [_choice(other) for other in sorted(rivals, key=lambda other: _rank(advice, other))]
    return ask_choice("choose", one, said, _word_stems(one, advice), _choice(advice), others, ranked=True)


def _word_stems(one: TaughtSection, advice: Advice) -> list[str]:
    """The situation, under the headings that it stands under; those that name the thing are left out."""
    question = f"you want to {advice.situation}. What do you use?"
    plain = [f"Y{question[1:]}"]
    if advice.listed:
        return plain
    stems = word_stems(one, question)
    return [s for s in stems if not names_itself(advice.thing, s.partition(":")[0])] or plain


def _choice(advice: Advice) -> Choice:
    return Choice(advice.thing, f"{advice.thing} is there to {advice.situation}.", (advice.span,))


def _is_rival(advice: Advice, other: Advice) -> bool:
    """Another thing for clearly another situation. A command is used with each of its subcommands, too."""
    things = sorted((advice.thing.strip("`"), other.thing.strip("`")))
    is_part = f"{things[1]} ".startswith(f"{things[0]} ")
    return not is_part and not are_alike(advice.situation, other.situation, _ALIKE)


def _rank(advice: Advice, other: Advice) -> tuple[bool, int, str]:
    """The same document first, then the situations that are most alike."""
    shared = len(split_words(advice.situation) & split_words(other.situation))
    return advice.span.path != other.span.path, -shared, digest(advice.situation + other.thing)
