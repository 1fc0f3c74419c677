"""What a thing is for, from the first sentences of its section: "use `prompt` to ask for a missing value". Pure."""

import re
from collections.abc import Iterator

from shared.docs.model import Section
from shared.docs.plain import give_back, plain_text
from shared.engine.offline.phrase_grammar import is_object
from shared.engine.offline.phrases import HELD
from shared.engine.offline.word_classes import (
    EMPTY_VERBS,
    base_of_gerund,
    base_of_third_person,
    classes_of,
    is_base_form,
)
from shared.engine.terms import content_words

_CONSIDERED = 5
_LONGEST_PURPOSE_WORDS = 9
_CODE = re.compile(r"`[^`]+`")
_NAME = r"(?P<name>[^,.;:()]{2,70}?)"
_FOR_ONE = r"(?:lets?|allows?|enables?|helps?) (?:you|us|users|developers|one)(?: to)?"
_IS_USED = r"(?:is|are|can be) (?:often |commonly |mainly |also )?used"
# Each names a thing, and after it the words that say what it does: as infinitive, gerund or third person.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE if form != "does" else 0), form)
    for pattern, form in (
        (rf"\b(?:can|should|could|may) (?:also |then )?(?:be )?used? {_NAME} to (?P<to>.+)", "to"),
        (rf"^use {_NAME} (?:if you want |when you want |in order )?to (?P<to>.+)", "to"),
        (rf"^{_NAME} {_IS_USED} to (?P<to>.+)", "to"),
        (rf"^{_NAME} {_IS_USED} for (?P<to>.+)", "for"),
        (rf"^{_NAME} {_FOR_ONE} (?P<to>.+)", "to"),
        (rf"^to (?P<to>[^,]+), (?:you (?:can|could|may|should|must) |simply |just )*use {_NAME}(?=[ .,:;]|$)", "to"),
        (r"^(?P<to>[A-Z][a-z]+s (?:an?|the|all|whether|how) .+)", "does"),
    )
)
_END = re.compile(
    r"[,;:(]|\.(?=\s|$)|[–—]| - |\s(?:which|where|because|so that|since|although|but|and then|unless|instead"
    r"|rather than|as well as|such as|e\.g|i\.e|like|when|whenever|if|to be|without having|based on whether)\b.*",
    re.IGNORECASE,
)
_WEAK = frozenset({"take", "accept", "have", "contain", "receive", "represent", "describe", "mean", "need", "require"})
_POINTING = re.compile(
    r"\b(?:it|its|this|that|these|those|them|they|their|we|our|us|I|my|here|above|below|following)\b"
)


def find_purpose(section: Section, thing: str) -> str:
    """The purpose of a thing named in a heading, as "to" and an infinitive; "" when no sentence says it plainly.

    `thing` may be code or words: the sentence has to name it, or to be the description of a bare name.
    """
    wanted = frozenset(content_words(plain_text(thing)))
    for sentence in _first_sentences(section):
        for pattern, form in _PATTERNS:
            found = pattern.search(sentence)
            if found is None:
                continue
            if form != "does" and not wanted & frozenset(content_words(plain_text(found["name"]))):
                continue
            if form == "does" and not thing.startswith("`"):
                continue
            purpose = _as_infinitive(found["to"], form)
            if purpose and not wanted >= frozenset(content_words(plain_text(purpose))):
                return f"to {purpose}"
    return ""


def _first_sentences(section: Section) -> Iterator[str]:
    count = 0
    for block in section.blocks:
        if block.kind not in ("paragraph", "definition"):
            continue
        for sentence in block.sentences:
            count += 1
            if count > _CONSIDERED:
                return
            yield _keep_code(sentence.text)


def _keep_code(inline: str) -> str:
    """Plain text with its code spans still marked."""
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found.group())
        return f"XQ{len(held) - 1}QX"

    masked = _CODE.sub(hold, inline)
    return give_back(held, HELD, plain_text(masked))


def _as_infinitive(words: str, form: str) -> str | None:
    """The purpose's verb in its plain form with a short, plain object; None when it has none."""
    text = _END.split(words, maxsplit=1)[0].strip().rstrip(".")
    verb, _, rest = text.partition(" ")
    if form == "for":
        verb = base_of_gerund(verb) or ""
    elif form == "does":
        verb = base_of_third_person(verb.lower()) or ""
    if form == "does" and verb in _WEAK:
        return None
    if (
        not verb
        or not verb.islower()
        or "VERB" not in classes_of(verb)
        or not is_base_form(verb)
        or verb in EMPTY_VERBS
    ):
        return None
    rest = re.sub(r"\s+(?:even|also|only|just|both|either)$", "", rest)
    if re.search(r"\b(?:to|either|either|both|not)\b|\d$", _CODE.sub(" ", rest)):
        return None
    rest = re.sub(r"\b(?:you|the user|users) (?:want|need|wish|like)s?\b.*", "", rest).strip()
    short = 1 <= len(rest.split()) <= _LONGEST_PURPOSE_WORDS
    if not short or _POINTING.search(_CODE.sub(" ", rest)) or rest.count("`") % 2 or not is_object(rest):
        return None
    return f"{verb} {rest}"
