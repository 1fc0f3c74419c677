"""Objectives about things: which verb suits the thing a heading names. Pure."""

import re

from shared.engine.offline.phrase_grammar import is_thing, tokens_of
from shared.engine.offline.phrases import is_countable, with_article
from shared.engine.offline.titles import is_generic
from shared.engine.offline.word_classes import PREPOSITIONS, classes_of, is_name
from shared.engine.offline.wordings import Place, Wording
from shared.engine.terms import singular, word_set, words_of

# Names of a page's sort rather than of a subject; behind a subject they are left out.
_FURNITURE = re.compile(
    r"\s+(?:walk-?through|tutorial|guide|overview|introduction|basics|quick ?start|demo|reference|cheat ?sheet|example"
    r"|examples|tour|usage|section|details|explained|summary|faq|notes?)$",
    re.IGNORECASE,
)
# Heads that name no subject: what they are of is in another heading.
_EMPTY_HEADS = word_set(
    """
    definition example resource documentation link article community help support sponsor license conduct feature
    thing way note detail tip trick idea info information step part section basics summary overview introduction
    question answer reference reading material video talk post chat forum channel credit author contributor team
    version history news roadmap future status badge change changelog release requirement prerequisite sample
    explanation solution problem advice usage background rationale context recipe consideration case misc appendix
    expectation world bad good content listing setup concept next ingredient feedback issue compatibility
    improvement benefit motivation comparison conclusion goal remark topic functionality capability syntax output
    result other
    """
)
_RULES = word_set(
    """
    pattern principle strategy technique practice convention rule guideline approach recipe
    """
)
# What is understood rather than used, even where code stands beside it.
_UNDERSTOOD = word_set(
    """
    difference limitation concept architecture guarantee philosophy behavior behaviour semantics lifecycle
    visibility verbosity structure layout order scope precedence anatomy hierarchy model mechanism flow cycle
    internals design performance security safety policy role size shape support state status type-system standard
    format cost lifetime memory protocol case edge-case priority meaning level value default signature definition
    property properties prerequisite response error exception-hierarchy name naming path place relation relationship
    """
)
# What every program has: as the only word of a heading it needs the subject that stands elsewhere.
_TOO_PLAIN = word_set(
    """
    configuration installation setup running testing deployment administration integration customization development
    management parameters options arguments properties methods fields values types results steps files
    prerequisities attributes variables logs commands
    """
)
_TROUBLES = word_set(
    """
    error problem issue pitfall mistake failure trouble warning gotcha
    """
)
_PROCESS = re.compile(r"(?:ation|ition|ution|ction|sion|ment|ing|shutdown|recovery|rollback|handling)$")
_STATE = re.compile(r"(?:ity|ness|ance|ence|ship|ism|cy|phy)$")


def word_thing(phrase: str, place: Place, *, is_title: bool) -> Wording | None:
    """An objective about a noun phrase in sentence case; None when it says too little to be one."""
    bare = phrase
    while (shorter := _FURNITURE.sub("", bare)) != bare:
        bare = shorter
    if (
        _FURNITURE.fullmatch(f" {bare}")
        or (bare != phrase and not is_thing(bare))
        or is_generic(bare)
        or re.search(r"(?:^|\s)\$(?:\s|$)", bare)
    ):
        return None
    bare = re.sub(r"^(?:an? )?(?:example|sample) (?!program|app|project|code|repo)(?=\w+ )", "", bare)
    if re.match(r"(?:our|my|step|part) |\S+ \d+$|.*[{}]|\S*\d+\.\d+\S*$", bare) or not is_thing(bare):
        return None
    head = head_of(bare)
    single = len(tokens_of(re.sub(r"^(?:the|an?)\s", "", bare, flags=re.IGNORECASE))) == 1
    if singular(head.lower()) in _EMPTY_HEADS and " of " not in bare:
        return None
    if place.purpose and not (is_countable(head) and single and not is_name(head)):
        return Wording(f"use {with_article(bare)} {place.purpose}", "apply", 3)
    if single and not is_name(head) and not is_title and (singular(head) == head or not place.has_code):
        return None
    if single and not is_name(head) and ("NOUN" not in classes_of(head) or "ADJ" in classes_of(head)):
        return None
    if single and head in _TOO_PLAIN:
        return None
    worth = (0 if is_countable(head) or not is_title else 1) if single else 2
    return _word(bare, head, place, worth)


def _word(phrase: str, head: str, place: Place, worth: int) -> Wording:
    name, key = with_article(phrase), singular(head.lower())
    if key in _TROUBLES:
        if not re.match(r"(?:the )?(?:most )?(?:common|known|typical|frequent|possible)\b", phrase):
            return Wording(f"explain {name}", "understand", max(0, worth - 1))
        return (
            Wording(f"diagnose {name}", "analyze", worth)
            if place.has_code
            else Wording(f"recognize {name}", "understand", worth)
        )
    if place.has_table and not place.has_code:
        return Wording(f"identify {name}", "remember", worth)
    if key in _UNDERSTOOD or _STATE.search(head):
        return Wording(f"explain {name}", "understand", max(0, worth - (not place.has_code)))
    if not place.has_code:
        verb = "explain" if _PROCESS.search(head) and not is_countable(head) else "describe"
        return Wording(f"{verb} {name}", "understand", max(0, worth - 1))
    if key in _RULES:
        return Wording(f"apply {name}", "apply", worth)
    if _PROCESS.search(head) and not is_countable(head) and not is_name(head):
        return Wording(f"demonstrate {name}", "apply", worth)
    return Wording(f"use {name}", "apply", worth)


def head_of(phrase: str) -> str:
    """The noun a phrase is about: the last word before a preposition or a clause."""
    head = ""
    for token in tokens_of(phrase):
        if head and token.lower() in PREPOSITIONS | {"that", "which", "to"}:
            break
        head = token.rstrip(",")
    return head if is_name(head) else next(iter(reversed(words_of(head))), head)
