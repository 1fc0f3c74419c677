"""Match: the names of one list or table, and what is said of each."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from services.modules.offline.items.clauses import is_clear
from services.modules.offline.items.entries import Entry, Group, find_groups, names_itself
from services.modules.offline.items.options import digest, mean_alike, stands_in
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import is_no_own_name, list_scenes
from services.modules.offline.items.taught_text import TaughtText
from shared.course.flaws import describe_form
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words

_PAIRS, _MOST = 4, 12
_FEWEST_WORDS, _MOST_WORDS = 3, 22
_NEAR = 0.75
_MADE_UP = re.compile(r"(?<![a-z])(?:foo|bar|baz)(?![a-z])", re.IGNORECASE)


def ask_matches(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each group: four of its entries that cannot be taken for one another."""
    scenes = list(list_scenes(one))
    for group in said.recall(find_groups, one):
        scene = next(iter(scenes[bool(group[0].home) :]), "")
        if scene and group[0].home in ("", one.section.id):
            fit = [entry for entry in group if _is_fit(one, entry, group)]
            chosen = _choose(sorted(fit, key=lambda entry: digest(entry.name + entry.text))[:_MOST])
            if chosen:
                sort = group[0].sort if group[0].sort.isalpha() else "name"
                stem = f"{scene}: match each {sort} with its description."
                yield _make(one, stem, sorted(chosen, key=fit.index))


def _choose(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The first four entries that cannot be taken for one another."""
    fours = combinations(entries, _PAIRS)
    return next((four for four in fours if all(are_apart(one, two) for one, two in combinations(four, 2))), ())


def _is_fit(one: TaughtSection, entry: Entry, group: Group) -> bool:
    forms = [describe_form(other.name) for other in group]
    return (
        is_clear(entry.text, _FEWEST_WORDS, _MOST_WORDS, loaded=True)
        and not is_no_own_name(entry.name)
        and not names_itself(entry.name, entry.text)
        and not _MADE_UP.search(entry.name)
        and describe_form(entry.name) == max(sorted(set(forms)), key=forms.count)
        and all(stands_in(one, half, entry.span) for half in (entry.name, entry.text))
    )


@lru_cache(maxsize=65536)
def are_apart(entry: Entry, other: Entry) -> bool:
    """Whether neither of two descriptions may be said of the other thing, as far as words tell."""
    one, two = (set(stem_content_words(show_plain(e.text))) for e in (entry, other))
    first, second = (set(stem_content_words(show_plain(e.name))) or {e.name} for e in (entry, other))
    return (
        not one <= two
        and not two <= one
        and not first <= second
        and not second <= first
        and not mean_alike(entry.text, other.text, _NEAR)
    )


def _make(one: TaughtSection, stem: str, chosen: Sequence[Entry]) -> Question:
    texts = sorted(chosen, key=lambda entry: digest(entry.text))
    if texts == list(chosen):
        texts = [*texts[1:], texts[0]]
    told = {entry: f"{entry.name}: {entry.text}" for entry in chosen}
    return Question(
        form="match",
        kind="matching",
        stem=stem,
        options=tuple(
            Choice(text, told[entry], (entry.span,), is_key=True)
            for text, entry in (*((e.name, e) for e in chosen), *((e.text, e) for e in texts))
        ),
        explanation="; ".join(told.values()) + ".",
        spans=tuple(entry.span for entry in chosen),
        document_id=one.document_id,
        section_id=one.section.id,
        bloom="understand",
        groups=tuple((i, len(chosen) + texts.index(entry)) for i, entry in enumerate(chosen)),
    )
