"""What happens when: the effect of a value, flag or setting, or the condition of an effect, among its siblings."""

import re
from collections.abc import Iterator, Sequence

import lemminflect

from services.modules.offline.items.clauses import Rule, as_task, find_rules, is_clear
from services.modules.offline.items.entries import Entry, Group, find_groups, names_itself, raise_first
from services.modules.offline.items.options import choose_options, describe_shape, rank_by_likeness, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain

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
_ALIKE = 0.5
_FEWEST_WORDS, _FEWEST_SHARED = 4, 2
_VALUES = frozenset({"value", "text", "constant"})
_SETTINGS = frozenset({"flag", "assignment"})


def ask_effects(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Questions about values and flags of one group, and about conditions of one section."""
    for group in said.recall(find_groups, one):
        entries = [entry for entry in group.entries if as_task(entry.text) or _FORBIDS.match(entry.text)]
        for entry in entries:
            stem = _word_entry(entry, group)
            if stem and is_clear(entry.text, 3, 24, loaded=True) and not names_itself(entry.name, entry.text):
                near = [_effect(other) for other in entries if _differs(entry.text, other.text)]
                yield from _ask(one, said, stem, _effect(entry, is_key=True), rank_by_likeness(stem, near))
    rules = said.gather(find_events)
    for rule in said.recall(find_events, one):
        rivals = [_behaviour(other) for other in rules if _is_rival(rule, other)]
        if rivals and not any(_is_under(rule, other) for other in rules if other != rule):
            stem = f"What happens {lower_first(rule.condition)}?"
            yield from _ask(one, said, stem, _behaviour(rule, is_key=True), rank_by_likeness(stem, rivals))


def find_events(one: TaughtSection, said: TaughtText) -> Iterator[Rule]:
    """The rules of a section that tell what happens, not what to do."""
    return (rule for rule in find_rules(one, said) if _tells(rule))


def _ask(one: TaughtSection, said: TaughtText, stem: str, key: Choice, rivals: Sequence[Choice]) -> Iterator[Question]:
    options = choose_options(one, stem, key, rivals, said)
    if options:
        yield Question(
            form="what_happens",
            kind="single_choice",
            stem=stem,
            options=options,
            explanation=key.feedback.removeprefix("Right: "),
            spans=key.spans,
            document_id=one.document_id,
            section_id=one.section.id,
            bloom="understand",
        )


def _word_entry(entry: Entry, group: Group) -> str:
    shape = describe_shape(entry.name)
    if shape in _VALUES and group.subject:
        return f"{group.subject} is set to {entry.name}. What happens?"
    return f"What happens when {entry.name} is given?" if shape in _SETTINGS else ""


def _effect(entry: Entry, *, is_key: bool = False) -> Choice:
    lead = "Right: " if is_key else "No: "
    return Choice(entry.text, f"{lead}{entry.name} does this.", (entry.span,), is_key)


def _behaviour(rule: Rule, *, is_key: bool = False) -> Choice:
    text = raise_first(rule.behaviour)
    lead = "Right: " if is_key else "No, that is so in another case: "
    return Choice(text, f"{lead}{lower_first(rule.condition)}, {rule.behaviour}.", (rule.span,), is_key)


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
    shared = split_words(rule.condition + rule.behaviour) & split_words(other.condition + other.behaviour)
    near = rule.span.path == other.span.path or len(shared) >= _FEWEST_SHARED
    return near and _differs(rule.behaviour, other.behaviour) and _differs(rule.condition, other.condition)


def _is_under(rule: Rule, other: Rule) -> bool:
    """Whether another rule has the same condition, or a part of it: both then tell what happens."""
    return split_words(other.condition) <= split_words(rule.condition) or split_words(rule.condition) <= split_words(
        other.condition
    )


def lower_first(text: str) -> str:
    """The words as they stand inside a sentence."""
    return text[0].lower() + text[1:]


def _differs(one: str, other: str) -> bool:
    a, b = split_words(one), split_words(other)
    return show_plain(one) != show_plain(other) and len(a & b) < _ALIKE * min(len(a), len(b))
