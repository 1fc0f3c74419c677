"""Words and terms of prose: content words, singular forms, stems. Pure; English rules, harmless elsewhere."""

import re
from functools import lru_cache

import snowballstemmer

from shared.docs.plain import name_in_words, plain_text


def word_set(words: str) -> frozenset[str]:
    """The words of a text as a set: vocabularies read better as text than as lists."""
    return frozenset(words.split())


STOPWORDS = word_set(
    "a about above after again against all also am an and any are aren't as at be because been before being below "
    "between both but by can cannot can't could couldn't did didn't do does doesn't doing don't down during each "
    "either else etc even ever every few for from further get gets got had has have having he her here hers him his "
    "how however i if in instead into is isn't it it's its itself just let let's like made make makes many may me "
    "might more most much must my need needs neither no nor not now of off often on once one only onto or other others "
    "our ours out over own per perhaps please quite rather really same shall she should since so some such than that "
    "that's the their theirs them themselves then there there's therefore these they this those though through thus to "
    "together too toward two under until up upon us use used uses using usually very via want was way we well were "
    "what when where whether which while who whom whose why will with within without won't would yes yet you your "
    "yours"
)

_MARK = re.compile(r"[*_`\[\]<\\]")
_MARKED = re.compile(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\n]+)\*|\b_([^_\n]+)_\b|\[([^\[\]\n]+)\]\(")
_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_SIBILANT = re.compile(r"(?:ss|x|ch|sh|zz)es$")
_UNCHANGED = word_set(
    "always alias canvas css dns https js kubernetes lens nats news os redis series whereas yes kudos aws ios macos "
    "tls https sas always perhaps besides windows"
)

_COUNTED = re.compile(r"^(chapter|course|day|lab|lesson|module|section|session|step|unit|week)(\d+)$", re.IGNORECASE)
_OF_A_KIND = re.compile(r"(?<=[a-z])(?=(?:Guide|Manual|Tour|Reference|Tutorial|Example|Concept)s?\b)")
_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=4_096)
def plain(inline: str) -> str:
    """`plain_text`, remembered while one document is looked at from several sides."""
    return plain_text(inline) if _MARK.search(inline) else " ".join(inline.split())


def marked(inline: str) -> list[str]:
    """The words of inline Markdown that its author set in code, bold or italics, or made a link."""
    return [next(words for words in span.groups() if words is not None) for span in _MARKED.finditer(inline)]


def words_of(text: str) -> list[str]:
    """Lower-case words of plain text, in order, without numbers, bare symbols and the underscores around a name."""
    return [word.replace("’", "'").lower().removesuffix("__") for word in _WORD.findall(text)]


def content_words(text: str) -> list[str]:
    """Words that carry meaning, in order and singular; stop words and single letters are left out."""
    return [singular(word) for word in words_of(text) if len(word) > 1 and word not in STOPWORDS]


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """The singular of a lower-case English noun by its ending; other words come back as they are."""
    if len(word) < 4 or word in _UNCHANGED or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if _SIBILANT.search(word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("'s") else word.removesuffix("'s")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a lower-case word."""
    return str(_STEMMER.stemWord(word))


def term_key(term: str) -> str:
    """The form that spellings of one term share: lower case, singular last word, hyphens as blanks, no article."""
    words = words_of(plain(term).replace("-", " "))
    if len(words) > 1 and words[0] in {"a", "an", "the"}:
        words = words[1:]
    return " ".join([*words[:-1], singular(words[-1])]) if words else ""


def key_text(text: str) -> str:
    """Text as the words of its terms, each singular, with a blank at both ends, so that ` key ` can be sought in it."""
    return f" {' '.join(singular(word) for word in words_of(plain(text).replace('-', ' ')))} "


def mentions(text: str, key: str) -> bool:
    """Whether a text uses the term of a `term_key`, in singular or plural."""
    return key_pattern(key) in key_text(text)


def key_pattern(key: str) -> str:
    """A `term_key` as it stands in a `key_text`."""
    return f" {' '.join(singular(word) for word in key.split())} "


def humanise(name: str) -> str:
    """A folder's or repository's name in words, without the numbers before them."""
    words = _COUNTED.sub(r"\1 \2", _OF_A_KIND.sub(" ", name_in_words(name)))
    return words[:1].upper() + words[1:] if words else name
