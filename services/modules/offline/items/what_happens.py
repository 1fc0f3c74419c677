"""Ask for what happens: effects of conditions, each among those of others."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from services.modules.offline.items.entries import raise_first
from services.modules.offline.items.options import are_alike, ask_choice, mean_alike, rank_by_likeness, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.rules import Rule, find_rules
from services.modules.offline.items.stems import list_scenes, word_stems
from services.modules.offline.items.taught_text import TaughtText

_TELLING_WORDS = 6
_NEAR, _NEARBY = 0.6, 10
_CODE = re.compile(r"`[^`]+`")
_THE = re.compile(r"\bthe (?:(?P<code>(?:\w+ )?(?:`|\w+ (?:\d|of\b)))|(?P<noun>[\w'-]+(?: [\w'-]+)?))", re.IGNORECASE)


def ask_effects(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Questions about conditions."""
    rules = said.recall(find_rules, one)
    paths = {rule.span.path for rule in rules}
    own = [other for other in said.gather(find_rules) if other.span.path in paths] if rules else []
    cases = Counter(map(_case_of, own))
    for rule in rules:
        if cases[_case_of(rule)] == 1 and _is_known(rule, split_words(" ".join(list_scenes(one))), said):
            yield from _ask_effect(one, said, rule, own)


def _is_known(rule: Rule, scenes: frozenset[str], said: TaughtText) -> bool:
    """Whether each thing that the effect calls "the …" is named in the case, or in any heading of the course."""
    known = split_words(rule.case).union(scenes, *said.gather(_read_heading))
    return all(found["code"] or split_words(found["noun"]) & known for found in _THE.finditer(rule.effect))


def _read_heading(one: TaughtSection, said: TaughtText) -> Iterator[frozenset[str]]:
    """The words of a section's heading: things that a learner of the course meets by name."""
    del said
    yield split_words(one.section.heading)


def _ask_effect(one: TaughtSection, said: TaughtText, rule: Rule, own: Sequence[Rule]) -> Iterator[Question]:
    asks = "is required" if rule.binds else "happens"
    stems = word_stems(one, f"what {asks} {rule.condition}?", alone=_stands_alone(rule.case))
    if not stems:
        return iter(())
    key = _tell_effect(rule)
    near = [other for other in own if other.span.path == one.path and _is_apart(rule, other)]
    shared = split_words(_CODE.sub("", rule.effect))
    parallel = {_tell_effect(other) for other in near if shared & split_words(_CODE.sub("", other.effect))}
    others = rank_by_likeness(stems[0], [_tell_effect(other) for other in near])
    others = sorted(others, key=lambda other: other not in parallel)
    return ask_choice("what_happens", one, said, stems, key, others if parallel else [], ranked=True, lines=True)


def _stands_alone(text: str) -> bool:
    """Whether a clause names what it is about: a name of code, or many words."""
    return "`" in text or len(split_words(text)) >= _TELLING_WORDS


def _tell_effect(rule: Rule) -> Choice:
    return Choice(raise_first(rule.effect), f"that is so {rule.condition}.", (rule.span,))


def _case_of(rule: Rule) -> tuple[str, frozenset[str]]:
    """The document and the words of a rule's case: rules that share both tell of one case."""
    return rule.span.path, split_words(rule.case)


def _is_apart(rule: Rule, other: Rule) -> bool:
    """Whether another rule's effect does not follow in this case too: neither case is a part of the other one."""
    case, theirs = split_words(rule.case), split_words(other.case)
    return (
        rule.binds == other.binds
        and not _follows(rule, other)
        and not case <= theirs
        and not theirs <= case
        and not are_alike(rule.case, other.case)
        and (not are_alike(rule.effect, other.effect) or _have_own_names(rule, other))
        and not _name_facts(rule.effect) & _name_facts(other.effect)
        and not mean_alike(rule.case, other.case, _NEAR)
        and (not mean_alike(rule.effect, other.effect, _NEAR) or _have_own_names(rule, other))
    )


def _have_own_names(rule: Rule, other: Rule) -> bool:
    """Whether both effects name code, and none alike: then they differ, however alike their words are."""
    return bool(_name_facts(rule.effect) and _name_facts(other.effect))


def _follows(rule: Rule, other: Rule) -> bool:
    """Whether a rule nearby tells more of what happens in this case: its effect speaks of what only this case names."""
    near = rule.span.path == other.span.path and abs(rule.span.start_line - other.span.start_line) <= _NEARBY
    return near and bool(split_words(rule.case) & split_words(other.effect) - split_words(other.case))


def _name_facts(effect: str) -> frozenset[str]:
    """The numbers and names of code in a clause: effects that share one may be the same in other words."""
    return frozenset(re.findall(r"`[^`]+`|\d+", effect))
