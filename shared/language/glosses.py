"""Whether the sentence that stands for a term says what the term is. Pure."""

import re

from shared.language.terms import STOPWORDS, content_words, plain, singular, term_key, word_set
from shared.language.word_classes import AUXILIARIES, DETERMINERS, PREPOSITIONS, classes_of, is_base_form, is_common

_OTHER_THING = re.compile(
    r"(?:when|if|once|use|see|refers?|for|to|after|before|in|by|with)\b|[\w ]+:|\W*\.\.|…", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_ASIDE = re.compile(r"^\s*(?:\([^()]*\))?,?\s*")
_IS = word_set("is are was were")
_KINDS = word_set(
    """
    api argument attribute class command decorator directive directory element field file flag function header helper
    hook interface keyword message method module object operator option package parameter phase property schema setting
    statement tag task type variable
    """
)
_KIND_LEADS = DETERMINERS - {"no", "some", "this", "that", "these", "those", "your", "its", "their", "all", "both"}
_CODE = re.compile(r"[_().:]|[a-z][A-Z]")
_CALLED = re.compile(r"\(.*\)$")
_SHORT_FORM = re.compile(r"\s*\([A-Z]+\)$")
_OTHER_VERSION = re.compile(r"\b(?:migrat|upgrad)\w+", re.IGNORECASE)
_BESIDE = re.compile(r"^Use (?:the )?(?=`)|\[(?=[^\[\]]+\]\()|\]\([^()\s]*\)")  # "Use `name` to …" says what for
_REQUIRES = re.compile(r"\b(?:MUST|SHALL|SHOULD|MAY|RECOMMENDED)\b")  # RFC 2119: what to do with a thing
_JUDGES = re.compile(
    r"\b(?:great|good|best|better|easiest|simplest|most important|inevitable|recommended)\s"
    r"(?:ways?|aspects?|parts?|practices?|choices?|ideas?|options?|methods?|facts?|places?)\b",
    re.IGNORECASE,
)
_FIRST_WORDS = 8
_CONDITION = re.compile(r"(?:when|if|once|you|sometimes|all|perhaps|see)(?![-\w])", re.IGNORECASE)
_LEAVES_OPEN = AUXILIARIES - word_set("is are was were am can do does did has have had")  # "may have", "must be"
_AFTER_VERBS = DETERMINERS | {"to", "how", "whether", "what", "where", "you", "it", "them", "us"}


_POINTS = re.compile(
    r"\b(?:this|these|those|above|below|following|follows|here|examples?|previous|preceding|see|it|we|our|let)\b|[^.。!)]$",
    re.IGNORECASE,
)
"""A sentence points to the text around it by such words, or is not whole."""


_ENTRY = re.compile(r"[*_]*(`[^`]+`|[^*_:`]{2,60}?)(?::[*_]+|[*_]*(?::|\s+[-–—]{1,2}))\s+(\S.*)", re.DOTALL)


def split_entry(sentence: str) -> tuple[str, str]:
    """The term of an entry of a list and what it says of it: "**Term**: an object that …", "`name` - what it is".

    Both are "" where a sentence has another form.
    """
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
    return is_said and term_key(_CALLED.sub("", heading)) == term_key(name) and not _POINTS.search(sentence)


def leaves_open(name: str, sentence: str, language: str) -> bool:
    """Whether an English sentence that tells of a term says how it is or what it may have, and not what it is."""
    if not language.startswith("en"):
        return False
    verb, *rest = [*_behind_subject(name, sentence)[0], ""]
    if is_conditional(sentence) or _JUDGES.search(" ".join(sentence.split()[:_FIRST_WORDS])):
        return True
    if not split_entry(sentence)[0] and _OTHER_THING.match(_BESIDE.sub("", sentence)):
        return True  # "To give a proxy, …" says what to do
    first = found[0].lower() if (found := _WORD.match(sentence)) else ""
    is_order = "VERB" in classes_of(first) and is_base_form(first) and first != name.lower().split()[0]
    if is_order and not is_code_in(name, ""):
        return True  # "Install the plugin …"
    if _REQUIRES.search(sentence) or verb in _LEAVES_OPEN or (verb == "can" and rest[:2] != ["be", "used"]):
        return True
    how, after, *_ = [*(word for word in rest if "ADV" not in classes_of(word)), "", ""]
    is_state = how not in STOPWORDS | DETERMINERS | PREPOSITIONS and "ADJ" in classes_of(how)
    return verb in _IS and is_state and (after in {"", *STOPWORDS} or not classes_of(after) & {"NOUN", "ADJ"})


def is_conditional(sentence: str) -> bool:
    """Whether an entry says what happens when, and not what its term is."""
    return _CONDITION.match(split_entry(sentence)[1] or sentence) is not None


def tells(name: str, gloss: str, language: str) -> bool:
    """Whether a sentence begins with the term and goes on to say something of it: else it speaks of another thing."""
    if term_key(split_entry(gloss)[0]) == term_key(name) != "":
        return True
    return _begins_with(name, gloss) and (not language.startswith("en") or _is_subject(name, gloss))


def _begins_with(name: str, gloss: str) -> bool:
    """Whether the first words of a sentence are those of the term, and it points to nothing else before."""
    gloss = plain(_BESIDE.sub("", gloss))
    wanted, said = content_words(plain(name)), content_words(gloss)
    return bool(wanted) and set(wanted) <= set(said[: len(wanted) + 1]) and not _OTHER_THING.match(gloss)


def is_code_in(name: str, gloss: str, path: str = "") -> bool:
    """Whether a term is code: by its form, because its gloss writes it so, or as a word that Python source tells."""
    is_written_so = re.search(rf"`@?{re.escape(name.strip('`'))}(?!\.?\w)", gloss)
    return bool(_CODE.search(name) or is_written_so or (path.endswith(".py") and " " not in name))


def heads(name: str, heading: str, title: str) -> bool:
    """Whether a section is headed by just this term, as "Strings" is for `z.string`; a common word is said in other
    senses, and a page on another version explains nothing.
    """
    is_name = " " in name or not is_common(name.lower())
    keys = {term_key(name), term_key(name.rpartition(".")[2])}
    return is_name and term_key(_SHORT_FORM.sub("", heading)) in keys and not _OTHER_VERSION.search(title)


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
    words = r"[\s-]+".join((*map(re.escape, first), last))
    code = r"(?P<code>`@?(?:\w+(?:\.|::))*)?"
    pattern = rf"(?:(?:an?|the|your|each|every) )?[*_]*{code}{words}(?:\(\))?`?[*_]*(?!\w)"
    sentence = _BESIDE.sub("", sentence)
    found = re.match(pattern, sentence, re.IGNORECASE)
    if found is None or (found["code"] and len(found["code"]) > 1 and name not in found.group()):
        return [], False, False  # `owner.Name` is not the word "name"
    after = plain(_ASIDE.sub("", sentence[found.end() :], count=1))
    following = [word.lower() for word in _WORD.findall(after)[:6]]
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
