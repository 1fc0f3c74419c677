"""What happens when: the effect of a value, flag or setting, or the condition of an effect, among its siblings."""

import re
from collections.abc import Iterator, Sequence

from services.modules.offline.items.clauses import Rule, find_rules, is_clear
from services.modules.offline.items.entries import Entry, Group, find_groups, names_itself, raise_first
from services.modules.offline.items.options import choose_options, describe_shape, digest, rank_by_likeness, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import show_plain

_ADVISES = re.compile(
    r"^(?:you|we|use|set|add|try|see|make|please|consider|run|call|pass|check|do|be|install|create|ensure|read|there"
    r"|specify|choose|define|write|start|put|provide|note|go|open|click|select|include|import|remember|invoke|return"
    r"|visit|know|follow|switch|copy|enter|press|move|let|have|keep|replace|update|change|remove|delete|enable|disable)\b"
    r"|\byou\b|\byour?\b",
    re.IGNORECASE,
)
_ALIKE = 0.5
_FEWEST_WORDS = 3
_VALUES = frozenset({"value", "text", "constant"})
_SETTINGS = frozenset({"flag", "assignment"})


def ask_effects(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Questions about values and flags of one group, and about conditions of one section."""
    for group in find_groups(one, said):
        for entry in group.entries:
            stem = _word_entry(entry, group)
            if stem and is_clear(entry.text, 3, 24, loaded=True) and not names_itself(entry.name, entry.text):
                near = [_effect(other) for other in group.entries if _differs(entry.text, other.text)]
                rivals = rank_by_likeness(stem, near)
                yield from _ask(one, said, stem, _effect(entry, is_key=True), rivals)
    rules = [rule for rule in said.gather(find_rules) if _tells(rule)]
    for rule in [rule for rule in find_rules(one, said) if _tells(rule)]:
        near = sorted((other for other in rules if _is_rival(rule, other)), key=lambda other: _rank(rule, other))
        rivals = [_behaviour(other) for other in near]
        if not any(_is_under(rule, other) for other in rules if other != rule):
            stem = f"What happens {lower_first(rule.condition)}?"
            yield from _ask(one, said, stem, _behaviour(rule, is_key=True), rivals)


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
    return not _ADVISES.search(rule.behaviour) and (
        "`" in rule.condition or len(split_words(rule.condition)) >= _FEWEST_WORDS
    )


def _is_rival(rule: Rule, other: Rule) -> bool:
    return _differs(rule.behaviour, other.behaviour) and _differs(rule.condition, other.condition)


def _rank(rule: Rule, other: Rule) -> tuple[bool, int, str]:
    """The same document first, then the conditions that are most alike."""
    shared = len(split_words(rule.condition) & split_words(other.condition))
    return rule.span.path != other.span.path, -shared, digest(rule.condition + other.behaviour)


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
