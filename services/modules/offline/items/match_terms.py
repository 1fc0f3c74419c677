"""Match: names of one list, table or run of definitions, and what is said of them."""

from collections.abc import Iterator, Sequence

from services.modules.offline.items.clauses import is_clear
from services.modules.offline.items.entries import Entry, Group, find_groups, names_itself
from services.modules.offline.items.names import is_of_language
from services.modules.offline.items.options import digest
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.flaws import describe_form
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words

_PAIRS = 4
_FEWEST_WORDS, _MOST_WORDS = 4, 22
_ALIKE = 0.4


def ask_matches(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each group with three or four entries that cannot be taken for one another."""
    for group in said.recall(find_groups, one):
        chosen = _choose(group, said)
        if len(chosen) >= 3:
            yield _ask(one, chosen)


def _choose(group: Group, said: TaughtText) -> list[Entry]:
    fit = [entry for entry in group if _is_fit(entry, group)]
    chosen: list[Entry] = []
    for entry in sorted(fit, key=lambda entry: digest(entry.name + entry.text)):
        if len(chosen) < _PAIRS and all(_are_apart(entry, other, said) for other in chosen):
            chosen.append(entry)
    return sorted(chosen, key=group.index)


def _is_fit(entry: Entry, group: Group) -> bool:
    forms = [describe_form(other.name) for other in group]
    return (
        is_clear(entry.text, _FEWEST_WORDS, _MOST_WORDS, loaded=True)
        and not is_of_language(entry.name)
        and describe_form(entry.name) == max(sorted(set(forms)), key=forms.count)
        and not any(names_itself(other.name, entry.text) for other in group)
    )


def _are_apart(entry: Entry, other: Entry, said: TaughtText) -> bool:
    one, two = (set(stem_content_words(show_plain(e.text))) for e in (entry, other))
    return (
        bool(one and two)
        and len(one & two) <= _ALIKE * min(len(one), len(two))
        and not said.also_answers(entry.name, other.text, (entry.span, other.span))
        and not said.also_answers(other.name, entry.text, (entry.span, other.span))
    )


def _ask(one: TaughtSection, chosen: Sequence[Entry]) -> Question:
    sort = chosen[0].sort if len(chosen[0].sort.split()) == 1 and chosen[0].sort.isalpha() else "name"
    texts = sorted(chosen, key=lambda entry: digest(entry.text))
    if [entry.name for entry in texts] == [entry.name for entry in chosen]:
        texts = [*texts[1:], texts[0]]
    count = len(chosen)
    terms = [Choice(e.name, _tell(e), (e.span,), is_key=True) for e in chosen]
    glosses = [Choice(e.text, _tell(e), (e.span,), is_key=True) for e in texts]
    return Question(
        form="match",
        kind="matching",
        stem=f"Match each {sort} with what the documentation says of it.",
        options=(*terms, *glosses),
        explanation="; ".join(_tell(entry) for entry in chosen) + ".",
        spans=tuple(entry.span for entry in chosen),
        document_id=one.document_id,
        section_id=one.section.id,
        bloom="understand",
        groups=tuple((i, count + texts.index(entry)) for i, entry in enumerate(chosen)),
    )


def _tell(entry: Entry) -> str:
    return f"{entry.name}: {entry.text}"
