"""What happens when: the effect of a flag among its siblings, and the event that a condition brings about."""

import re
from collections.abc import Iterator

import lemminflect

from services.modules.offline.items.clauses import Rule, as_task, find_rules, is_clear
from services.modules.offline.items.entries import Entry, find_groups, names_itself, raise_first
from services.modules.offline.items.find_wrong import is_fault
from services.modules.offline.items.options import are_alike, ask_choice, describe_shape, rank_by_likeness, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText

_SUBJECT = re.compile(
    r"^(?:(?:the|an?|any|each|no|both|all|these|only)\s|`|[A-Z][\w]+\s(?:is|are|will|does|has|\w+s)\b|[a-z]+s\s(?!that\b|of\b))"
)
_FORBIDS = re.compile(r"(?:do not|don't|never) \w", re.IGNORECASE)
_NO_EVENT = re.compile(
    r"\b(?:you|your|we|can|could|may|might|must|should|would|similar(?:ly)?|recommended|useful|best|better|easier|simpler)\b",
    re.IGNORECASE,
)
_NO_CASE = re.compile(
    r"^\w+ (?:(?:not )?\w+(?:ed|en)\b|(?:set|given|true|false|possible|necessary|not|so|in|on|for|with|by)\b|`[^`]+`$"
    r"|\w+ing\b[^`]*$)",
    re.IGNORECASE,
)
_FEWEST_WORDS, _FEWEST_SHARED = 4, 2


def ask_effects(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Questions about the flags of one group, and about conditions."""
    for group in said.recall(find_groups, one):
        told = [e for e in group if (as_task(e.text) or _FORBIDS.match(e.text)) and not is_fault(e)]
        for entry in told:
            flag = describe_shape(entry.name) in ("flag", "assignment")
            if flag and is_clear(entry.text, 3, 24, loaded=True) and not names_itself(entry.name, entry.text):
                stem = f"What happens when {entry.name} is given?"
                others = [_effect(other) for other in told if other != entry and not are_alike(entry.text, other.text)]
                yield from ask_choice("what_happens", one, said, stem, _effect(entry), rank_by_likeness(stem, others))
    rules = said.gather(find_events)
    for rule in said.recall(find_events, one):
        stem = f"What happens {rule.condition[0].lower()}{rule.condition[1:]}?"
        others = [_behaviour(other) for other in rules if _is_rival(rule, other)]
        if others and not any(_is_under(rule, other) for other in rules if other != rule):
            yield from ask_choice("what_happens", one, said, stem, _behaviour(rule), rank_by_likeness(stem, others))


def find_events(one: TaughtSection, said: TaughtText) -> Iterator[Rule]:
    """The rules of a section that tell what happens, not what to do."""
    return (rule for rule in find_rules(one, said) if _tells(rule))


def _effect(entry: Entry) -> Choice:
    return Choice(entry.text, f"{entry.name} does this.", (entry.span,))


def _behaviour(rule: Rule) -> Choice:
    told = f"that is so {rule.condition[0].lower()}{rule.condition[1:]}."
    return Choice(raise_first(rule.behaviour), told, (rule.span,))


def _tells(rule: Rule) -> bool:
    """Whether a rule has a case of its own and an event with a subject, not advice."""
    first = rule.behaviour.split()[0].lower()
    return (
        bool(_SUBJECT.match(rule.behaviour))
        and first not in lemminflect.getAllLemmas(first, upos="VERB").get("VERB", ())
        and not _NO_EVENT.search(rule.behaviour)
        and not _NO_CASE.match(rule.condition)
        and ("`" in rule.condition or len(split_words(rule.condition)) >= _FEWEST_WORDS)
    )


def _is_rival(rule: Rule, other: Rule) -> bool:
    """Whether another rule is about the like and differs in its case and in its event."""
    shared = split_words(rule.condition + rule.behaviour) & split_words(other.condition + other.behaviour)
    near = rule.span.path == other.span.path or len(shared) >= _FEWEST_SHARED
    apart = not are_alike(rule.behaviour, other.behaviour) and not are_alike(rule.condition, other.condition)
    return near and apart and rule != other


def _is_under(rule: Rule, other: Rule) -> bool:
    """Whether another rule has the same condition, or a part of it: both then tell what happens."""
    one, two = split_words(rule.condition), split_words(other.condition)
    return one <= two or two <= one
