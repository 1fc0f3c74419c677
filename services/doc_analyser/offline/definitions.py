"""Sentences that define a term, and the names that a term may have. Pure; a wrong concept misleads."""

import re
from dataclasses import dataclass

from shared.language.terms import STOPWORDS, plain, term_key, word_set, words_of

_ARTICLE = r"(?:an?|the|any|eine?|der|die|das|une?|le|la|una?|el|uma?|o|un[oa]?|il|lo|een|de|het)"
_COPULA = r"(?:is|are|refers? to|means|ist|sind|est|sont|es|son|é|são|è|sono|zijn)"
_DEFINES = re.compile(
    rf"(?:(?P<lead>{_ARTICLE})\s+)?(?P<term>[^,;:()]{{2,60}}?)(?:\s*\([^)]{{1,60}}\))?,?\s+{_COPULA}\s+"
    rf"(?:{_ARTICLE}|how|what)\s+(?P<kind>[\w-]+)",
    re.IGNORECASE,
)
# Words that say nothing by themselves: the furniture of documentation, and words that point.
_FURNITURE = word_set(
    "reason reasons problem question part rest default defaults result results output outputs input line lines code "
    "behavior behaviour background feature features rule point points list table figure image link links detail "
    "details name names number numbers value values syntax word words title key end beginning middle top bottom user "
    "users project repository repo version versions team time author license version issue issues answer order topic "
    "goal document documents page tests support synopsis recipe recipes"
)
# Words no term begins or ends with: they place a thing among others, or call it a piece of the documentation.
_NO_EDGE = word_set(
    "example examples note notes following section sections chapter page pages documentation docs readme way ways "
    "thing things case cases idea problem question purpose aim difference advantage disadvantage step steps part rest "
    "first second third last next main overview introduction summary conclusion usage use installation install setup "
    "getting started start quickstart tutorial guide guides latest one two three four other others something someone "
    "anything everything nothing everyone anyone people you we they i he she it this that these those there here what "
    "who which how why when where below above snippet solution alternative alternatives approach option-a todo faq "
    "changelog today day lot bit kind sort type-of benefit benefits motivation requirement requirements prerequisite "
    "prerequisites more most all some each both many few several such same similar additional existing different "
    "further topics listing exercise quiz recap sentence paragraph description good best better new old great "
    "important common simple basic quick easy important-note tip tips tricks warning caution questions answers choice "
    "downside upside drawback catch trick advanced specific behavior behaviour"
)
_POINTERS = word_set(
    "this that these those it they you we your our my their its his her which who if when because that's and or but "
    "not with for from to in on at by"
)
_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")
_ELSEWHERE = re.compile(r"(?:An? |The )?\[[^\[\]]*\]\(https?:")  # another project, or its page
_MARKED = re.compile(r"[*_\[]+[^*_`\[\]]+[*_\]]+")
# Names that look like paths and files: "Key/Value store", "Nuxt.js".
_NAMED_SO = re.compile(r"^([A-Z]\w*)\.js$|(?<=\w)/(?=[A-Z])")
_MAX_TERM_WORDS = 4
_POINTING = re.compile(
    r"^(?:this|that|these|those|it|its|they|he|she|we|you|i|there|here|such|however|but|and|or|so|also|instead|then"
    r"|therefore|thus|otherwise|finally|additionally|furthermore|moreover|similarly|likewise|hence|meanwhile|yet"
    r"|again|both|either|another|one|as (?:mentioned|noted|discussed|shown|you)|for (?:example|instance)"
    r"|in (?:this|that|these|addition|contrast|other)|the (?:following|above|latter|former|same|next|previous))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Definition:
    """A term as written. `marked`: in bold, italics or a link; `indefinite`: behind "a"."""

    term: str
    marked: bool
    indefinite: bool


def points_back(text: str) -> bool:
    """Whether a sentence begins with a word that needs what stands before it."""
    return bool(_POINTING.match(plain(text).lstrip("\"'“(")))


def defines(sentence: str) -> Definition | None:
    """The term a sentence of the form "A *term* is a …" defines, or None.

    A sentence that goes on with "a good", "the reason" or another such word judges or points instead.
    """
    found = _DEFINES.match(_LINK.sub(r"[\1]", sentence.strip()))
    if found is None or _ELSEWHERE.match(sentence) or points_back(sentence) or found["kind"].lower() in _NO_EDGE:
        return None
    marked = _MARKED.fullmatch(found["term"])
    term = plain(found["term"].strip("[]"))
    if not is_term(term) or (marked is None and term != found["term"]):
        return None
    return Definition(
        term, marked is not None, (found["lead"] or "").lower() in {"a", "an", "ein", "eine", "un", "une"}
    )


def is_term(term: str) -> bool:
    """Whether a term can be a concept's name: one to four words, letters, no furniture, no pronoun, no flag or path."""
    words = words_of(term.replace("-", " "))
    if not 1 <= len(term.split()) <= _MAX_TERM_WORDS or not words or len(term_key(term)) < 3:
        return False
    bare = _NAMED_SO.sub(r"\1", term)
    if re.search(r"[^\w\s'’./+#-]|\d{2,}|^-|--|/|\.\w+$|__|\(|=", bare) or not term[0].isalpha():
        return False
    if not STOPWORDS.isdisjoint({words[0], words[-1]}) or not _POINTERS.isdisjoint(words):
        return False
    return not (words[-1] in _NO_EDGE or words[0] in _NO_EDGE or _FURNITURE.issuperset(words))
