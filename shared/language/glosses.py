"""Whether the sentence that stands for a term says what the term is. Pure."""

import re
from collections.abc import Sequence
from itertools import chain, pairwise, takewhile

from shared.language.terms import STOPWORDS, content_words, mentions, plain, singular, term_key, word_set
from shared.language.word_classes import AUXILIARIES, DETERMINERS, PREPOSITIONS, classes_of, is_common

_OTHER_THING = re.compile(
    r"(?:when|if|once|use|see|refers?|for|to|after|before|in|by|with)\b|[\w ]+:|\W*\.\.|…", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_ASIDE = re.compile(r"^\s*(?:\([^()]*\))?,?\s*")
_KINDS = word_set(
    "api argument attribute class command decorator directive directory element field file flag function header helper "
    "hook interface keyword message method module object operator option package parameter phase property schema "
    "setting statement tag task type variable"
)
_KIND_LEADS = DETERMINERS - word_set("each no some this that these those your its their all both")
_CODE = re.compile(r"[_().:]|[a-z][A-Z]|[A-Z]{2}[a-z]{2}")
_OPENING = re.compile(r"\s?[(\[]")
OTHER_VERSION = re.compile(r"\b(?:migrat|upgrad)\w+", re.IGNORECASE)
_BESIDE = re.compile(r"^Use (?:the )?(?=`)|\[(?=[^\[\]]+\]\()|\]\([^()\s]*\)")  # "Use `name` to …" says what for
# Verbs that say what a thing is for or does, behind its name. Of other verbs ("comes", "assumes") no sentence defines.
_DEFINING = word_set(
    "accept act add adjust allow build call check collect combine consist contain control convert create decide define "
    "delegate denote describe determine enable encapsulate execute extend generate handle help hold implement invoke "
    "keep let limit list listen make manage map mark mean monitor notify offer open parse perform process provide "
    "publish read receive render represent resolve respond return run scope send serve set show specify store tell "
    "track turn validate wrap write"
)
_PURPOSES = word_set("to for as")
_GRAMMAR = STOPWORDS | DETERMINERS | PREPOSITIONS
_NAME = r"(?!(?:a|an|the|all|any|each|many|most|since|some|that|when|which)\b)[\w`*\[\]().:/'-]+ "
_DESCRIBED = re.compile(rf"^(?:(?:an?|the) )?{_NAME}", re.IGNORECASE)  # "A service endpoint is …" tells of an endpoint
# "Acme supports kettles" tells of kettles, and "Many kettles need a plug" does not tell of a plug.
_GIVES = re.compile(
    rf"(?:the )?(?:{_NAME}){{1,4}}?(?:exports|gives|has|implements|includes|offers|provides?|supports)\b",
    re.IGNORECASE,
)
_AFTER_VERBS = DETERMINERS | {"to", "how", "whether", "what", "where", "you", "it", "them", "us"}

_POINTS = re.compile(
    r"\b(?:this|these|those|above|below|following|follows|here|examples?|previous|preceding|see|it|we|our|let|suppose"
    r"|^defined in|^note|^tip)\b|[^.。!)]$",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    r"[*_]*(`[^`]+`|[^*_:`]{2,60}?)(?::[*_]+|\*\*(?= (?:An?|The) (?!.* (?:is|are|can|does|may|might|must)\b))"
    r"|[*_]*(?::|\s+[-–—]{1,2}))\s+(\S.*)", re.DOTALL)  # fmt: skip


def split_entry(sentence: str) -> tuple[str, str]:
    """The term of an entry of a list and what it says of it, as "**Term**: an object that …"; "" of another form."""
    found = _ENTRY.fullmatch(_BESIDE.sub("", sentence))
    return (found[1], found[2]) if found and (found[1][0] == "`" or says_kind(found[2])) else ("", "")


def says_kind(text: str) -> bool:
    """Whether a text begins with the kind of a thing: "an object that …"."""
    return text.split(" ", 1)[0].lower() in _KIND_LEADS


def is_gloss(name: str, sentence: str, heading: str, language: str) -> bool:
    """Whether a sentence does as the gloss of a term: it tells of the term, or stands first below the heading that
    names it, says a word that is no code, and points to nothing around it.
    """
    if tells(name, sentence, language):
        return True
    is_said = is_code_in(name, "") or set(content_words(plain(name))) <= set(content_words(plain(sentence)))
    bare = bare_heading(heading)
    is_headed = term_key(name) in {term_key(bare), term_key(bare.rpartition(".")[2])}
    return is_said and is_headed and not points_away(sentence)


def points_away(sentence: str) -> bool:
    """Whether an English sentence points to the text around it, or is not whole."""
    return _POINTS.search(sentence) is not None


def leaves_open(name: str, sentence: str, language: str) -> bool:
    """Whether an English sentence that tells of a term says how it is or what it may have, and not what it is."""
    if not language.startswith("en"):
        return False
    if _is_apposed(name, sentence) or term_key(split_entry(sentence)[0]) == term_key(name):
        return False
    described = _DESCRIBED.sub("", sentence)
    if tells(name, described, language):
        sentence = described
    elif not tells(name, sentence, language):
        has_no_subject = is_code_in(name, "") and not mentions(sentence, term_key(name))  # "Returns the size"
        if _OTHER_THING.match(sentence) or (_GIVES.match(sentence) is None) != has_no_subject:
            return True
    following, is_code, is_many = _behind_subject(name, sentence)
    verb, *rest = chain(following, ("", "", ""))
    if verb == "can":
        return rest[:2] != ["be", "used"] or rest[2] not in _PURPOSES
    if verb in {"is", "are", "was", "were"}:
        rest = [] if rest[0] in {"never", "not"} else rest
        is_kind = _says_kind_of([word for word in rest if word in _GRAMMAR or classes_of(word) != {"ADV"}])
        return not is_kind or (sentence.startswith("The ") and not (is_many or is_code) and is_common(name.lower()))
    return verb not in {"", "to"} and singular(verb) not in _DEFINING


def _says_kind_of(words: Sequence[str]) -> bool:
    """Whether the words behind "is" or "are" say a kind or a purpose, and no state: "a tool", "used to write"."""
    first, second, *_ = [*words, "", ""]
    if first in {"a", "an", "the"}:
        return second not in {"default", "first", "following", "last", "most", "only", "same", "usual"}
    if first in _GRAMMAR or second == "as":  # "exposed as a dictionary"
        return first in {"how", "one", "what", "where"} or (second in _PURPOSES and first.endswith("ed"))
    led = [word for word, after in pairwise([*words, ""]) if not (word.endswith("ed") and after in {"", *_GRAMMAR})]
    phrase = list(takewhile(lambda word: word and word not in _GRAMMAR, led))
    kinds = classes_of(phrase[-1]) if phrase else frozenset()
    return "NOUN" in kinds and (len(phrase) > 1 or phrase[0].endswith("s") or not kinds & {"ADJ", "VERB"})


def tells(name: str, gloss: str, language: str) -> bool:
    """Whether a sentence begins with the term and goes on to say something of it: else it speaks of another thing."""
    if term_key(split_entry(gloss)[0]) == term_key(name) != "" or _is_apposed(name, gloss):
        return True
    return _begins_with(name, gloss) and (not language.startswith("en") or _is_subject(name, gloss))


def _is_apposed(name: str, sentence: str) -> bool:
    """Whether an English sentence says beside a marked term what it is: "The first is `kettle`, a thing which …", or
    "… provides a `Kettle` class, which …".
    """
    marked = rf"[`*]+{re.escape(name.strip('`'))}(?:\(\))?[`*]+"
    beside = rf"(?:\S+ ){{1,8}}(?:{marked}, an? (?:[\w-]+ ){{1,4}}?|an? {marked} (?:\w+ )?\w+,? )(?:which|that) "
    return _OTHER_THING.match(sentence) is None and re.match(beside, sentence) is not None


def _begins_with(name: str, gloss: str) -> bool:
    """Whether the first words of a sentence are those of the term, and it points to nothing else before."""
    gloss = plain(_BESIDE.sub("", gloss))
    wanted, said = content_words(plain(name)), content_words(gloss)
    return bool(wanted) and set(wanted) <= set(said[: len(wanted) + 1]) and not _OTHER_THING.match(gloss)


def is_code_in(name: str, gloss: str, path: str = "") -> bool:
    """Whether a term is code: by its form, because its gloss writes it so, or as a word that Python source tells."""
    bare = name.strip("`")
    is_written_so = re.search(rf"`@?(?i:{re.escape(bare[:1])}){re.escape(bare[1:])}(?!\.?\w)", gloss)
    return bool(_CODE.search(name) or is_written_so or (path.endswith(".py") and " " not in name))


def bare_heading(heading: str) -> str:
    """A heading without what stands in parentheses or brackets: the arguments of a call, the type of an option."""
    return _OPENING.split(heading.strip("`"), maxsplit=1)[0]


def is_parameter(name: str) -> bool:
    """Whether code is an attribute, an option or a parameter, by its small first letter: several may have the name."""
    return is_code_in(name, "") and name.removeprefix("__")[:1].islower() and "." not in name


def _is_subject(name: str, sentence: str) -> bool:
    """Whether an English sentence has the name as its subject: "A name …", and then a verb."""
    following, is_code, is_many = _behind_subject(name, sentence)
    verb, after = [*following, "", ""][:2]
    return bool(following) and ((is_code and verb == "to") or _is_verb(verb, after, many=is_many))


def _behind_subject(name: str, sentence: str) -> tuple[list[str], bool, bool]:
    """The words behind a name that begins an English sentence, [] if none does; whether it is code, and several."""
    *first, last = name.strip("`").split()
    one = singular(last)
    last = rf"(?:{re.escape(one)}(?P<many>e?s)?|(?P<as_it_is>{re.escape(last)}))"
    words = r"`?[\s-]+".join((*map(re.escape, first), last))
    code = r"(?P<code>`@?(?:\w+(?:\.|::))*)?"
    pattern = rf"(?:(?:an?|the|your|each|every) )?[*_]*{code}{words}(?:\(\))?`?[*_]*(?!\.?\w)"
    sentence = _BESIDE.sub("", sentence)
    found = re.match(pattern, sentence, re.IGNORECASE)
    if found is None or (found["code"] and len(found["code"]) > 1 and name not in found.group()):
        return [], False, False  # `owner.Name` is not the word "name"
    after = plain(_ASIDE.sub("", sentence[found.end() :], count=1))
    following = [word.lower() for word in _WORD.findall(after)[:12]]
    is_many = bool(found["many"] or found["as_it_is"])
    if found["code"] and following and singular(following[0]) in _KINDS:
        is_many = following[0] not in _KINDS
        following = following[1:]
    return following, bool(found["code"]), is_many


def _is_verb(word: str, after: str, *, many: bool) -> bool:
    """Whether a word behind a subject is its verb; one that can also be a noun is told by its form and what follows."""
    classes = classes_of(word)
    if word.endswith("ed") and after in PREPOSITIONS:
        return False  # "Signals raised by a worker" are one thing.
    if word in AUXILIARIES or classes == {"VERB"}:
        return True
    if "VERB" not in classes or word.endswith("s") == many:
        return False
    return after not in AUXILIARIES and (after in _AFTER_VERBS or classes_of(after) != {"VERB"})
