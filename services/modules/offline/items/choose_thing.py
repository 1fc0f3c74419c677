"""Choose for a situation: which of several things of one kind fits what somebody wants to do."""

from collections.abc import Iterator

from services.modules.offline.items.clauses import Advice, find_advice
from services.modules.offline.items.options import choose_options, rank_by_likeness
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words

_ALIKE = 0.5


def ask_choices(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each piece of advice, with the other things that the document advises."""
    own = list(find_advice(one))
    others = [advice for other in said.beside(one) for advice in find_advice(other)] if own else []
    for advice in own:
        stem = _word_stem(advice)
        rivals = [other for other in (*own, *others) if _is_rival(advice, other)]
        near = [other for other in rivals if other in own]
        far = [other for other in rivals if other not in own]
        ranked = [*rank_by_likeness(stem, list(map(_choice, near))), *rank_by_likeness(stem, list(map(_choice, far)))]
        key = Choice(advice.thing, f"Right: {_tell(advice)}.", (advice.span,), is_key=True)
        options = choose_options(one, stem, key, ranked, said)
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


def _word_stem(advice: Advice) -> str:
    return f"You want to {advice.situation}. What do you use?"


def _choice(advice: Advice) -> Choice:
    return Choice(advice.thing, f"No: {_tell(advice)}.", (advice.span,))


def _tell(advice: Advice) -> str:
    return f"{advice.thing} is there to {advice.situation}"


def _is_rival(advice: Advice, other: Advice) -> bool:
    """Another thing for clearly another situation."""
    one, two = _words(advice.situation), _words(other.situation)
    return advice.thing != other.thing and len(one & two) < _ALIKE * min(len(one), len(two))


def _words(text: str) -> set[str]:
    return set(stem_content_words(show_plain(text)))


