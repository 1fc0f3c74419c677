"""Choose for a situation: which of several things of one kind fits what somebody wants to do."""

from collections.abc import Iterator

from services.modules.offline.items.clauses import Advice, find_advice
from services.modules.offline.items.options import choose_options, digest
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words

_ALIKE = 0.5


def ask_choices(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each piece of advice, with the other things that the document advises."""
    for advice in find_advice(one, said):
        stem = _word_stem(advice)
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


def _rank(advice: Advice, other: Advice) -> tuple[bool, int, str]:
    """The same document first, then the situations that are most alike."""
    shared = len(_words(advice.situation) & _words(other.situation))
    return advice.span.path != other.span.path, -shared, digest(advice.situation + other.thing)


def _words(text: str) -> set[str]:
    return set(stem_content_words(show_plain(text)))
