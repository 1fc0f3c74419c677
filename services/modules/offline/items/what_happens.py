"""Ask for what happens: effects of conditions and of flags, each among those of others."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.modules.offline.items.clauses import as_task, is_clear
from services.modules.offline.items.entries import Entry, find_groups, list_own, names_itself, normal_name, raise_first
from services.modules.offline.items.options import (
    are_alike,
    ask_choice,
    mean_alike,
    rank_by_likeness,
    split_words,
)
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.rules import Rule, find_rules, leads_with_pronoun
from services.modules.offline.items.stems import list_scenes, word_stems
from services.modules.offline.items.taught_text import TaughtText

_TELLING_WORDS = 6
_NEAR, _NEARBY = 0.6, 10
_SAME, _MOST_SWITCHES = 0.8, 20
_SWITCH = re.compile(
    r"(?:If|When)(?: this(?: \w+)? is| it is)?(?: set)?(?: to)? "
    r"(?P<value>\*{0,2}`?(?:true|false|yes|no|on|off|enabled|disabled)`?\*{0,2}|set|given|passed|specified|present),? "
    r"(?!and\b|or\b)",
    re.IGNORECASE,
)
_THE = re.compile(r"\bthe (?:(?P<code>(?:\w+ )?(?:`|\w+ (?:\d|of\b)))|(?P<noun>[\w'-]+(?: [\w'-]+)?))", re.IGNORECASE)


def ask_effects(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Questions about options with a value, and about conditions."""
    yield from _ask_switches(one, said)
    rules = said.recall(find_rules, one)
    paths = {rule.span.path for rule in rules}
    own = [other for other in said.gather(find_rules) if other.span.path in paths] if rules else []
    cases = Counter(map(_case_of, own))
    for rule in rules:
        if cases[_case_of(rule)] == 1 and _is_known(rule, split_words(" ".join(list_scenes(one))), said):
            yield from _ask_effect(one, said, rule, own)


@dataclass(frozen=True)
class _Switch:
    """An entry whose description tells what a value of it does."""

    entry: Entry
    value: str
    effect: str


def _ask_switches(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Questions about an option with a value: its effect among the effects of the document's other options."""
    own = said.recall(_find_switches, one)
    beside = [other for near in (one, *said.list_siblings(one)) for other in said.recall(_find_switches, near)]
    for switch in own[:_MOST_SWITCHES]:
        if names_itself(switch.entry.name, switch.effect):
            continue
        rivals = [
            Choice(
                raise_first(other.effect), f"this is so when {other.entry.name} is {other.value}.", (other.entry.span,)
            )
            for other in beside[:_MOST_SWITCHES]
            if normal_name(other.entry.name) != normal_name(switch.entry.name)
            and not are_alike(switch.effect, other.effect, _SAME)
        ]
        asked = f"what happens when {switch.entry.name} is {switch.value}?"
        key = Choice(
            raise_first(switch.effect), f"this is so when {switch.entry.name} is {switch.value}.", (switch.entry.span,)
        )
        stems = word_stems(one, asked, alone=True)[bool(switch.entry.home) :]
        yield from ask_choice("what_happens", one, said, stems, key, rivals)


def _find_switches(one: TaughtSection, said: TaughtText) -> Iterator[_Switch]:
    for group in said.recall(find_groups, one):
        for entry in list_own(group, one):
            found = _SWITCH.match(entry.text)
            effect = entry.text[found.end() :] if found else ""
            if (
                found
                and not as_task(effect)
                and is_clear(effect, 3, 24, loaded=True, pronouns=True)
                and not leads_with_pronoun(effect)
            ):
                yield _Switch(entry, found["value"] or "set", effect)


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
    others = rank_by_likeness(stems[0], [_tell_effect(other) for other in near])
    return ask_choice("what_happens", one, said, stems, key, others, ranked=True)


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
        and not are_alike(rule.effect, other.effect)
        and not _name_facts(rule.effect) & _name_facts(other.effect)
        and not mean_alike(rule.case, other.case, _NEAR)
        and not mean_alike(rule.effect, other.effect, _NEAR)
    )


def _follows(rule: Rule, other: Rule) -> bool:
    """Whether a rule nearby tells more of what happens in this case: its effect speaks of what only this case names."""
    near = rule.span.path == other.span.path and abs(rule.span.start_line - other.span.start_line) <= _NEARBY
    return near and bool(split_words(rule.case) & split_words(other.effect) - split_words(other.case))


def _name_facts(effect: str) -> frozenset[str]:
    """The numbers and names of code in a clause: effects that share one may be the same in other words."""
    return frozenset(re.findall(r"`[^`]+`|\d+", effect))
