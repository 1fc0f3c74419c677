"""Match: names, cases and terms of one list, table or module, and what is said of each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.modules.offline.items.clauses import Advice, find_advice, is_clear
from services.modules.offline.items.definitions import Definition, find_definitions
from services.modules.offline.items.entries import Entry, Group, find_groups, names_itself, raise_first
from services.modules.offline.items.options import digest, mean_alike, stands_in
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.rules import Rule, find_rules
from services.modules.offline.items.stems import is_no_own_name, list_scenes
from services.modules.offline.items.taught_text import TaughtText
from shared.course.flaws import describe_form
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words
from shared.engine.types import Span

_PAIRS, _FEWEST = 4, 3
_FEWEST_WORDS, _MOST_WORDS, _MOST_NAME_WORDS = 3, 22, 4
_ALIKE, _NEAR = 0.4, 0.6


@dataclass(frozen=True)
class Pair:
    """A term and the text that belongs to it, as one place says both."""

    term: str
    text: str
    told: str
    span: Span
    one: TaughtSection


def ask_matches(taught: Sequence[TaughtSection], said: TaughtText) -> Iterator[Question]:
    """A question for each group of names, and one each for the cases, tools and terms of all the sections."""
    for one in taught:
        for group in said.recall(find_groups, one):
            sort = group[0].sort if len(group[0].sort.split()) == 1 and group[0].sort.isalpha() else "name"
            pairs = [_pair_entry(one, entry) for entry in group if _is_fit(entry, group)]
            yield from _ask(f"match each {sort} with its description", pairs, said)
    for question, find, pair in _POOLS:
        yield from _ask(
            question, [made for one in taught for x in said.recall(find, one) for made in pair(one, x)], said
        )


def _ask(question: str, found: Sequence[Pair], said: TaughtText) -> Iterator[Question]:
    """The question about three or four pairs that cannot be taken for one another."""
    pairs = [pair for pair in found if all(stands_in(pair.one, half, pair.span) for half in (pair.term, pair.text))]
    chosen: list[Pair] = []
    for pair in sorted(pairs, key=lambda pair: digest(pair.term + pair.text)):
        if len(chosen) < _PAIRS and all(_are_apart(pair, other, said) for other in chosen):
            chosen.append(pair)
    if len(chosen) >= _FEWEST and any(_scene(pair.one) for pair in chosen):
        yield _make(question, sorted(chosen, key=pairs.index))


def _pair_entry(one: TaughtSection, entry: Entry) -> Pair:
    return Pair(entry.name, entry.text, f"{entry.name}: {entry.text}", entry.span, one)


def _pair_rule(one: TaughtSection, rule: Rule) -> Iterator[Pair]:
    if rule.verbatim:
        term, text = raise_first(rule.condition), raise_first(rule.effect)
        yield Pair(term, text, f"{term}: {rule.effect}", rule.span, one)


def _pair_advice(one: TaughtSection, advice: Advice) -> Iterator[Pair]:
    if not advice.listed and not names_itself(advice.thing, advice.situation):
        text = raise_first(advice.situation)
        yield Pair(advice.thing, text, f"{advice.thing} is there to {advice.situation}", advice.span, one)


def _pair_definition(one: TaughtSection, known: Definition) -> Iterator[Pair]:
    yield Pair(known.term, raise_first(known.gloss), f"{known.term}: {known.gloss}", known.span, one)


_POOLS: tuple[tuple[str, Callable[..., Iterable[object]], Callable[..., Iterable[Pair]]], ...] = (
    ("match each case with what follows", find_rules, _pair_rule),
    ("match each name with what it is used for", find_advice, _pair_advice),
    ("match each term with its meaning", find_definitions, _pair_definition),
)


def _is_fit(entry: Entry, group: Group) -> bool:
    forms = [describe_form(other.name) for other in group]
    return (
        is_clear(entry.text, _FEWEST_WORDS, _MOST_WORDS, loaded=True)
        and not is_no_own_name(entry.name)
        and describe_form(entry.name) == max(sorted(set(forms)), key=forms.count)
        and not any(names_itself(other.name, entry.text) for other in group)
    )


def _are_apart(pair: Pair, other: Pair, said: TaughtText) -> bool:
    one, two = (set(stem_content_words(show_plain(p.text))) for p in (pair, other))
    first, second = (set(stem_content_words(show_plain(p.term))) for p in (pair, other))
    return (
        bool(one and two)
        and not first <= second
        and not second <= first
        and len(one & two) <= _ALIKE * min(len(one), len(two))
        and not said.also_answers(pair.term, other.text, (pair.span, other.span))
        and not said.also_answers(other.term, pair.text, (pair.span, other.span))
        and not mean_alike(pair.text, other.text, _NEAR)
        and not (len(first) > _MOST_NAME_WORDS and mean_alike(pair.term, other.term, _NEAR))
        and not _names(pair.term, other.text)
        and not _names(other.term, pair.text)
    )


def _names(term: str, text: str) -> bool:
    """Whether a text speaks of a term by its name; a case is no name."""
    return len(term.split()) <= _MOST_NAME_WORDS and names_itself(term, text)


def _make(question: str, chosen: Sequence[Pair]) -> Question:
    texts = sorted(chosen, key=lambda pair: digest(pair.text))
    if [pair.term for pair in texts] == [pair.term for pair in chosen]:
        texts = [*texts[1:], texts[0]]
    scenes = dict.fromkeys(scene for pair in chosen for scene in _scene(pair.one))
    count, home = len(chosen), chosen[0].one
    return Question(
        form="match",
        kind="matching",
        stem=f"{', '.join(scenes)}: {question}.",
        options=tuple(
            Choice(text, raise_first(pair.told), (pair.span,), is_key=True)
            for text, pair in (*((p.term, p) for p in chosen), *((p.text, p) for p in texts))
        ),
        explanation="; ".join(pair.told for pair in chosen) + ".",
        spans=tuple(pair.span for pair in chosen),
        document_id=home.document_id,
        section_id=home.section.id,
        bloom="understand",
        groups=tuple((i, count + texts.index(pair)) for i, pair in enumerate(chosen)),
    )


def _scene(one: TaughtSection) -> list[str]:
    return list(list_scenes(one))[-1:]
