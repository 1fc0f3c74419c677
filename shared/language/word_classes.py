"""Which parts of speech an English word can be, from a dictionary and a few words of computing. Deterministic.

The dictionary loads on first use, in a few tenths of a second.
"""

import re
from functools import lru_cache
from typing import Literal

import lemminflect

from shared.language.terms import word_set

WordClass = Literal["NOUN", "VERB", "ADJ", "ADV"]

# Words of computing the dictionary lacks or knows in another sense.
_NOUNS = word_set(
    "metadata middleware runtime plugin backend frontend config util boilerplate readme callback subcommand namespace "
    "sitemap frontmatter navbar dropdown checkbox timestamp username hostname webhook docstring teardown rollout "
    "localhost dataset codebase workflow playground changelog param arg kwarg enum async sync init env repo regex log "
    "retry"
)
_VERBS = word_set(
    "introspect lazy-load decrypt instantiate unmount pre-fill prefill resize uninstall prefetch preload prerender "
    "debounce memoize serialize deserialize unsubscribe dereference autoload lint refactor tokenize paginate "
    "parametrize parameterize mock stub log cache route queue deploy scope customize containerize dockerize upsert"
)
_ADJECTIVES = word_set("async sync idempotent inline custom multiple other default stateful stateless serverless own")
_NO_ADJECTIVES = word_set("custom multiple other default own several many few various common simple static")

PREPOSITIONS = word_set(
    "of for in with on from to as by at without via using through between across into over under per during within "
    "against inside outside after before upon onto like versus vs vs. among along around behind beside beyond until "
    "while when if towards toward about despite except"
)
DETERMINERS = word_set("the a an your its their all any each every no some this that these those both another")
CONJUNCTIONS = word_set("and or & / plus nor")
AUXILIARIES = word_set(
    "is are was were be been am can cannot could may might must shall should will would do does did has have had isn't "
    "aren't don't doesn't can't won't"
)
PRONOUNS = word_set(
    "i we you they he she it me us them him my our mine ours myself yourself itself themselves what who whom whose "
    "which why how where here there something anything everything nothing someone anyone everyone let's etc forth "
    "others"
)
# Of two verbs with one gerund, the one documentation means: "routing" is of "route".
_COMMONER = {"rout": "route"}
# Verbs that say nothing a learner could be tested on, and those that make no phrase without a particle.
EMPTY_VERBS = word_set(
    "go look see come dig dive meet talk think say put be do wrap thank help contribute welcome say note remember "
    "read-on tie cite please enjoy let seem become mean happen stay wonder"
)


def load_dictionary() -> None:
    """Load it: the first document of a worker process would wait for it."""
    is_common("word")


@lru_cache(maxsize=20_000)
def classes_of(word: str) -> frozenset[WordClass]:
    """The parts of speech of a word in lower case; a noun and an adjective when nobody knows it."""
    found: set[WordClass] = set()
    for name in lemminflect.getAllLemmas(word):
        if name in ("NOUN", "VERB", "ADJ", "ADV"):
            found.add(name)
    base = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    if word in _NOUNS or base in _NOUNS:
        found.add("NOUN")
    if word in _VERBS or base in _VERBS:
        found.add("VERB")
    if word in _ADJECTIVES:
        found.add("ADJ")
    if word in _NO_ADJECTIVES:
        found -= {"NOUN"}
        found.add("ADJ")
    if not found:
        found = {"ADV"} if word.endswith("ly") else {"NOUN", "ADJ"}
    return frozenset(found)


@lru_cache(maxsize=20_000)
def is_base_form(word: str) -> bool:
    """Whether a verb stands in its plain form: "make", not "makes" or "made"."""
    known = lemminflect.getAllLemmas(word).get("VERB")
    return word in known if known else not word.endswith(("ed", "ing"))


@lru_cache(maxsize=20_000)
def is_common(word: str) -> bool:
    """Whether a lower-case word is a common English word rather than a name nobody has put into a dictionary."""
    known = lemminflect.getAllLemmas(word)
    return any(name in known for name in ("NOUN", "VERB", "ADJ", "ADV"))


@lru_cache(maxsize=20_000)
def base_of_gerund(word: str) -> str | None:
    """The verb of a gerund, "declare" of "declaring"; None when the word is no gerund."""
    lower = word.lower()
    if not re.fullmatch(r"[a-z]+(?:-[a-z]+)?ing", lower) or len(lower) < 5 or not re.search(r"[aeiouy].*ing$", lower):
        return None
    prefix, dash, last = lower.rpartition("-")
    if dash:
        base = base_of_gerund(last)
        return f"{prefix}-{base}" if base else None
    known = lemminflect.getAllLemmas(lower)
    if known and "VERB" not in known:
        return None
    bases = known.get("VERB") or lemminflect.getAllLemmasOOV(lower, "VERB").get("VERB", ())
    return _COMMONER.get(bases[0], bases[0]) if bases else None


def is_name(token: str) -> bool:
    """Whether a token of a phrase in sentence case is a name or code: marked, or with a capital, digit or sign."""
    return token.startswith("`") or re.fullmatch(r"[a-z]+(?:['’-][a-z]+)*", token) is None
