"""Patterns of defining sentences. Pure; precision before recall: a wrong concept misleads."""

import re
from dataclasses import dataclass

from shared.language.terms import STOPWORDS, plain, term_key, word_set, words_of

_COPULAS = {
    "en": r"is|are|refers to|refer to|means|denotes|represents|describes",
    "de": r"ist|sind|bezeichnet",
    "fr": r"est|sont|désigne",
    "es": r"es|son",
    "pt": r"é|são",
    "it": r"è|sono",
    "nl": r"is|zijn",
}
_ARTICLES = {
    "en": r"an?|the|any|how|what",
    "de": r"eine?|der|die|das",
    "fr": r"une?|le|la|l|des",
    "es": r"una?|el|la",
    "pt": r"uma?|o|a",
    "it": r"un[oa]?|il|lo|la|gli",
    "nl": r"een|de|het",
}
_LEADING = r"(?:(?:an?|the|ein|eine|un|une|el|la|le|een|in [\w.-]+, (?:an?|the)?)\s+)?"

# A predicate begins with one of these when a sentence judges, counts or points instead of defining.
_NO_DEFINITION = word_set(
    """
    good great bad better best nice bit lot little few must shame pity problem mistake same default only first
    second third last next final main result reason case following above below example question work breaking matter
    common easy quick hard useful valid minimum maximum number required optional recommended possible available
    important new beta deprecated experimental most perfect right wrong reminder place time point idea fan
    difference similar equivalent known alternative safe sample step trick shortcut workaround prerequisite
    requirement limitation caveat old current latest other another meant always never prevalent preferred designed
    intended something someone where term more really fine ok okay pain typical name path value
    """
)

# Words that say nothing by themselves: the furniture of documentation, and words that point.
_FURNITURE = word_set(
    """
    reason reasons problem question part rest default defaults result results output outputs input line lines code
    behavior behaviour background feature features rule point points list table figure image link links detail
    details name names number numbers value values syntax word words title key end beginning middle top bottom user
    users project repository repo version versions team time author license version issue issues answer order topic
    goal document documents page tests support synopsis recipe recipes
    """
)
# Words no term begins or ends with: they place a thing among others, or call it a piece of the documentation.
_NO_EDGE = word_set(
    """
    example examples note notes following section sections chapter page pages documentation docs readme way ways
    thing things case cases idea problem question purpose aim difference advantage disadvantage step steps part rest
    first second third last next main overview introduction summary conclusion usage use installation install setup
    getting started start quickstart tutorial guide guides latest one two three four other others something someone
    anything everything nothing everyone anyone people you we they i he she it this that these those there here what
    who which how why when where below above snippet solution alternative alternatives approach option-a todo faq
    changelog today day lot bit kind sort type-of benefit benefits motivation requirement requirements prerequisite
    prerequisites more most all some each both many few several such same similar additional existing different
    further topics listing exercise quiz recap sentence paragraph description good best better new old great
    important common simple basic quick easy important-note tip tips tricks warning caution questions answers choice
    downside upside drawback catch trick advanced specific behavior behaviour
    """
)
_NO_PREDICATE = re.compile(
    r"at the|in the|on the|one of the most|quite"
    r"|(?:not|just|also|still|very|so|then|now|usually|often|only|all|both|each)\b"
)
_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")
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
    """A term as written and the strength of the evidence: `marked` when the author set it in bold, italics or code."""

    term: str
    marked: bool
    indefinite: bool


def points_back(text: str) -> bool:
    """Whether a sentence begins with a word that needs what stands before it."""
    return bool(_POINTING.match(plain(text).lstrip("\"'“(")))


def defines(sentence: str, language: str) -> Definition | None:
    """The term a sentence of the form "A *term* is a …" defines, or None."""
    sentence = _LINK.sub(r"[\1]", sentence)
    copula = _COPULAS.get(language)
    if copula is None or points_back(sentence) or sentence.rstrip().endswith((":", "?")):
        return None
    pattern = (
        rf"^{_LEADING}(?P<term>[^,;:()]{{2,60}}?)(?:\s*\([^)]{{1,60}}\))?,?\s+(?P<copula>{copula})\s+(?P<rest>\S.*)$"
    )
    match = re.match(pattern, sentence.strip(), re.IGNORECASE)
    if match is None:
        return None
    written = match["term"].strip()
    # An author sets a term in bold or italics to define it, whatever noun says what it is.
    is_set = re.fullmatch(r"(\*{1,3}|_{1,2}).+\1", written) is not None
    if not _predicates(match["copula"].lower(), plain(match["rest"]), language, is_set=is_set):
        return None
    lead = sentence.strip()[: match.start("term")].strip().lower()
    indefinite = lead in {"a", "an", "ein", "eine", "un", "une"}
    term = strip_marks(written)
    if term is None or not is_term(term, is_defined=is_set and indefinite):
        return None
    return Definition(term=term, marked=written[0] in "*_`[", indefinite=indefinite)


def _predicates(copula: str, rest: str, language: str, *, is_set: bool) -> bool:
    words = rest.lower().split()
    if len(words) < 4:
        return False
    if words[:2] == ["that", "the"] or _NO_PREDICATE.match(rest.lower()):
        return False
    if copula == "means" and words[0] in {"that", "you", "something", "we", "it", "there", "the"}:
        return False
    if copula not in {"is", "are", "ist", "sind", "est", "sont", "es", "son", "é", "são", "è", "sono", "zijn"}:
        return True
    article = re.match(rf"(?:{_ARTICLES[language]})[\s'’]+", rest, re.IGNORECASE)
    following = rest[article.end() :].lower().split() if article else words
    if not following or (following[0].strip(",.;") in _NO_DEFINITION and not is_set):
        return False
    # "Arguments are positional parameters …": a plural needs no article, but a participle is no definition.
    plural = copula in {"are", "sind", "sont", "son", "são", "sono", "zijn"}
    return article is not None or (plural and following[0].isalpha() and not following[0].endswith(("ed", "ing", "ly")))


def strip_marks(written: str) -> str | None:
    """The bare term of a subject that is wholly marked or wholly plain; None for a mixture."""
    bare = plain(re.sub(r"^\[(.+)\]$", r"\1", written))
    marks = re.findall(r"[*`]|\]\(", written)
    if marks and not re.fullmatch(r"(\*{1,3}|_{1,2}|`+|\[).+(\*{1,3}|_{1,2}|`+|\]\([^)]*\))", written):
        return None
    return bare or None


def is_term(term: str, *, is_defined: bool = False) -> bool:
    """Whether a term can be a concept's name: one to four words, letters, no furniture, no pronoun, no flag or path.

    "A **result** is the value …" defines a word that is furniture elsewhere: `is_defined`.
    """
    words = words_of(term.replace("-", " "))
    if not 1 <= len(term.split()) <= _MAX_TERM_WORDS or not words or len(term_key(term)) < 3:
        return False
    bare = _NAMED_SO.sub(r"\1", term)
    if re.search(r"[^\w\s'’./+#-]|\d{2,}|^-|--|/|\.\w+$|__|\(|=", bare) or not term[0].isalpha():
        return False
    if words[0] in STOPWORDS or words[-1] in STOPWORDS or any(word in _POINTERS for word in words):
        return False
    if is_defined:
        return True
    return not (words[-1] in _NO_EDGE or words[0] in _NO_EDGE or _FURNITURE.issuperset(words))


_POINTERS = word_set(
    """
    this that these those it they you we your our my their its his her which who if when because that's and or but
    not with for from to in on at by of
    """
) - {"of"}
