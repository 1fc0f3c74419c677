"""How a heading is meant: as a doing ("Declaring options", "Test business logic") or as a thing. Pure.

English does not tell "test" the verb from "test" the noun; the headings beside it and the words below it do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.engine.offline.phrase_grammar import is_object, is_thing, tokens_of
from shared.engine.offline.phrases import is_countable
from shared.engine.offline.verbs import MAYBE_VERBS, OFTEN_VERBS, THING_GERUNDS
from shared.engine.offline.word_classes import (
    CONJUNCTIONS,
    DETERMINERS,
    EMPTY_VERBS,
    PREPOSITIONS,
    base_of_gerund,
    classes_of,
    is_base_form,
    is_name,
)
from shared.engine.terms import singular, word_set

_AIMS = frozenset({"to", "from", "into", "over", "by", "with", "between", "in", "on"})
_STRONG_AIMS = frozenset({"to", "from", "into", "with", "between", "at"})
PARTICLES = word_set("up out down off in on over back away together")
# Participles that describe the noun behind them; the second group does so only when nothing follows that noun.
_DESCRIBING = word_set(
    """
    dangling missing existing following remaining outgoing incoming competing conflicting recurring interesting
    underlying overlapping leading trailing living pending
    """
)
_DESCRIBING_ALONE = word_set("breaking working rolling floating moving ending")
# What a gerund before it describes rather than acts on: "Clustering configuration".
_HEADS = word_set(
    "configuration support syntax behavior behaviour information performance policy order strategy mode system process"
)
# Verbs as often as nouns: without a sign of either they give no reading at all.
_EITHER = word_set(
    """
    test sort shape map mock print sign filter query read label mark track trace scale schedule start stop switch
    reset support display
    """
)
# "Access to the context" and "changes to the store" are things; "print to stdout" is a doing.
_THINGS_TO = word_set(
    """
    access change update upgrade route approach guide answer key reference visit alternative
    """
)
# Adjectives that a noun before them completes: "case insensitive choices", "type safe events".
_QUALITIES = word_set(
    """
    insensitive sensitive safe free based specific aware independent dependent first only friendly ready native
    """
)
_KINDS = word_set(
    """
    pattern function method command option event type step phase flag hook callback keyword operator statement error
    mode action handler api decorator attribute directive filter parameter property button strategy
    """
)
_INTRANSITIVE = word_set("unsubscribe reconnect subscribe")
_QUESTION_WORDS = frozenset({"how", "what", "when", "where", "whether", "which", "who", "why"})


@dataclass(frozen=True)
class Clues:
    """What stands around a heading: whether the headings beside it are doings, and the text below it in lower case."""

    beside_doings: bool = False
    text: str = ""


NO_CLUES = Clues()


@dataclass(frozen=True)
class Doing:
    """A verb in its plain form and what follows it."""

    verb: str
    rest: str


@dataclass(frozen=True)
class Thing:
    """A noun phrase in sentence case."""

    phrase: str


def read_phrase(phrase: str, clues: Clues) -> Doing | Thing | None:
    """The reading of a heading in sentence case, questions and comparisons apart; None when it makes no phrase."""
    tokens = tokens_of(phrase)
    if not tokens:
        return None
    doing = _as_doing(tokens, clues)
    if doing is None:
        if tokens[0].lower() in _EITHER and len(tokens) > 1 and not _is_named_below(tokens, clues):
            return None
        return Thing(phrase) if _is_no_bare_gerund(tokens) and is_thing(phrase) else None
    if doing.verb in EMPTY_VERBS:
        return None
    if not doing.rest:
        return doing if doing.verb in _INTRANSITIVE else None
    if doing.verb == "use" and tokens_of(doing.rest)[0].lower() in PREPOSITIONS:
        return None
    if doing.rest.lower() in _KINDS:
        return None  # "Evolve pattern", "Delete method": a name and what kind of thing it is of
    asks = doing.rest.split()[0].lower() in _QUESTION_WORDS
    return doing if asks or is_object(doing.rest) else None


def is_sure_doing(phrase: str) -> bool:
    """Whether a heading is a doing whatever stands around it."""
    tokens = tokens_of(phrase)  # a heading may be a picture or dots only: it has no words
    return bool(tokens) and _as_doing(tokens, NO_CLUES) is not None


def _is_no_bare_gerund(tokens: Sequence[str]) -> bool:
    """Tell "Logging", a subject, from "Configuring", which lacks one."""
    only = tokens[0].lower()
    return len(tokens) > 1 or only in THING_GERUNDS or base_of_gerund(only) is None or "NOUN" in classes_of(only)


def _as_doing(tokens: Sequence[str], clues: Clues) -> Doing | None:
    if not tokens:
        return None  # a heading of full stops has no word
    first = tokens[0].lower()
    listed = _as_list_of_doings(tokens)
    if listed is not None or is_name(first):
        return listed
    if first.endswith("ly") and len(tokens) > 2 and (manner := base_of_gerund(tokens[1].lower())):
        return Doing(manner, f"{' '.join(tokens[2:])} {first}")
    base = base_of_gerund(first)
    if base is not None:
        if len(tokens) == 1:
            return Doing(base, "") if base in _INTRANSITIVE else None
        verbal = _is_verbal_gerund(first, tokens) and not (len(tokens) == 2 and _is_named_below(tokens, clues))
        return Doing(base, _without_of(tokens[1:])) if verbal else None
    kinds = classes_of(first)
    if "VERB" not in kinds or not is_base_form(first) or len(tokens) == 1:
        return None
    if tokens[1].lower() in CONJUNCTIONS:
        return None
    if kinds == {"VERB"} or _is_meant_as_verb(first, tokens, clues):
        return Doing(first, " ".join(tokens[1:]))
    return None


def _as_list_of_doings(tokens: Sequence[str]) -> Doing | None:
    """Several verbs with one object: "Creating, updating and deleting rows", "Add and remove rows"."""
    verbs: list[str] = []
    place = 0
    while place + 1 < len(tokens):
        word = tokens[place].lower()
        bare = word.rstrip(",")
        base = base_of_gerund(bare) or (bare if classes_of(bare) == {"VERB"} and is_base_form(bare) else None)
        if base is None:
            return None
        verbs.append(base)
        following = tokens[place + 1].lower()
        if word.endswith(","):
            place += 2 if following in CONJUNCTIONS else 1
        elif following in CONJUNCTIONS:
            place += 2
        else:
            rest = tokens[place + 1 :]
            if len(verbs) < 2:
                return None
            return Doing(f"{', '.join(verbs[:-1])} and {verbs[-1]}", " ".join(rest))
    return None


def _without_of(rest: Sequence[str]) -> str:
    """What "sorting of the commands" does, "sorting the commands" does too."""
    return " ".join(rest[1:] if rest[0].lower() == "of" and len(rest) > 1 else rest)


def _is_verbal_gerund(first: str, tokens: Sequence[str]) -> bool:
    second = tokens[1].lower()
    if first in _DESCRIBING or (first in _DESCRIBING_ALONE and len(tokens) == 2):
        return second in DETERMINERS
    if second in CONJUNCTIONS or (len(tokens) == 2 and second in _HEADS):
        return False
    if (
        first not in THING_GERUNDS
        or second.startswith("`")
        or second in DETERMINERS | _AIMS | {"for", "up", "multiple", "custom"}
    ):
        return True
    last = tokens[-1].lower()
    return len(tokens) > 2 and singular(last) != last


def _is_meant_as_verb(first: str, tokens: Sequence[str], clues: Clues) -> bool:
    """Of a word that is a noun as well: what follows it, how often it is a verb, and what stands around it decide."""
    second = tokens[1].lower()
    if second in DETERMINERS or (second in PARTICLES and len(tokens) > 2):
        return True
    if second in {"of", "for"} or second in _QUALITIES:
        return False
    if second in PREPOSITIONS:
        toward = second in {"from", "into"} or (second == "to" and first not in _THINGS_TO)
        return first in OFTEN_VERBS or (first in MAYBE_VERBS and (toward or clues.beside_doings))
    if not is_name(second):
        if len(tokens) == 2 and is_countable(second):
            return False  # "Dispatch function": after a verb it would have an article
        kinds = classes_of(second)
        if len(tokens) > 2 and "NOUN" not in kinds and "ADJ" in kinds and "ADJ" not in classes_of(first):
            return True
        objects = singular(second) != second or not is_countable(second)
        if objects and first in MAYBE_VERBS and any(token.lower() in _STRONG_AIMS for token in tokens[2:]):
            return True
    if _is_named_below(tokens, clues):
        return False
    return (
        first in OFTEN_VERBS or (clues.beside_doings and first in MAYBE_VERBS) or _is_done_below(first, tokens, clues)
    )


def _is_named_below(tokens: Sequence[str], clues: Clues) -> bool:
    """Whether the text speaks of "a signing key" or "the test client", which makes the first word no verb."""
    first, second = re.escape(tokens[0].lower()), re.escape(singular(tokens[1].lower()))
    return re.search(rf"\b(?:a|an|the|this|each|any|your|of|every) {first} {second}", clues.text) is not None


def _is_done_below(first: str, tokens: Sequence[str], clues: Clues) -> bool:
    """Whether the text says "to test business" or "you can test your business" of "Test business logic"."""
    second = re.escape(tokens[1].lower())
    pattern = (
        rf"(?:\b(?:to|can|could|will|you|we|must|should|then|let's|easily|simply) {re.escape(first)}"
        rf"(?: (?:a|an|the|your|our|all|some|any|these|multiple|more))?(?: \w+)? {second}\b)"
        rf"|(?:(?:^|[.:!] ){re.escape(first)} (?:a|an|the|your|all) (?:\w+ )?{second}\b)"
    )
    return re.search(pattern, clues.text) is not None
