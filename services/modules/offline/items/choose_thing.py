"""Choose for a situation: which of several things of one kind fits what somebody wants to do."""

import re
from collections.abc import Iterator

from services.modules.offline.items.clauses import Advice, find_advice
from services.modules.offline.items.entries import names_itself
from services.modules.offline.items.options import choose_options, digest, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain

_GENERAL = re.compile(
    r"\b(?:introduction|overview|usage|use|examples?|options?|configuration|configur\w+|notes?|basics?|using|getting|how"
    r"|what|why|when|setup|installation|summary|details|features?|reference|api|advanced|other|more|general|i)\b",
    re.IGNORECASE,
)
_ALIKE = 0.34


def ask_choices(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each piece of advice, with the other things that the document advises."""
    for advice in said.recall(find_advice, one):
        stem = _word_stem(one, advice)
        rivals = [other for other in said.gather(find_advice) if _is_rival(advice, other)]
        ranked = sorted(rivals, key=lambda other: _rank(advice, other))
        key = Choice(advice.thing, f"Right: {_tell(advice)}.", (advice.span,), is_key=True)
        options = choose_options(one, stem, key, list(map(_choice, ranked)), said)
        if options:
            yield Question(
                form="choose",
                kind="single_choice",
                stem=stem,
                options=options,
                explanation=f"{_tell(advice)}.",
                spans=(advice.span,),
                document_id=one.document_id,
                section_id=one.section.id,
                bloom="apply",
            )


def _word_stem(one: TaughtSection, advice: Advice) -> str:
    """The situation; where a sentence tells it, under the heading that it stands under and speaks of."""
    heading = show_plain(one.section.heading)
    asks = f"ou want to {advice.situation}. What do you use?"
    known = advice.listed or not 1 <= len(heading.split()) <= 6 or _GENERAL.search(heading) or heading[-1] in ".?!:"
    return f"Y{asks}" if known or names_itself(advice.thing, heading) else f"{heading}: y{asks}"


def _choice(advice: Advice) -> Choice:
    return Choice(advice.thing, f"No: {_tell(advice)}.", (advice.span,))


def _tell(advice: Advice) -> str:
    return f"{advice.thing} is there to {advice.situation}"


def _is_rival(advice: Advice, other: Advice) -> bool:
    """Another thing for clearly another situation, from nearby or about the same."""
    one, two = split_words(advice.situation), split_words(other.situation)
    near = advice.span.path.rpartition("/")[0] == other.span.path.rpartition("/")[0] or bool(one & two)
    return near and advice.thing != other.thing and len(one & two) < _ALIKE * min(len(one), len(two))


def _rank(advice: Advice, other: Advice) -> tuple[bool, int, str]:
    """The same document first, then the situations that are most alike."""
    shared = len(split_words(advice.situation) & split_words(other.situation))
    return advice.span.path != other.span.path, -shared, digest(advice.situation + other.thing)
