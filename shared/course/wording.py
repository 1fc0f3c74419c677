"""Wording the quality program looks for: signposts, openings that point back, leftover markup, fillers.

Public functions, so that a writer asks the same question beforehand that the gates ask afterwards.
"""

import re
from functools import lru_cache

import snowballstemmer

from shared.course.scales import Bloom
from shared.course.vocabulary import BLOOM_LEVELS, BLOOM_VERBS, STOP_WORDS

_SIGNPOST = re.compile(
    r"\b(?:this|next|previous|last|first|following|every|earlier|later|coming|whole|more)\s+"
    r"(?:module|lesson|course|chapter)s?\b|\bthe (?:lesson|course|chapter)s?\b"
    r"|\bthe module (?:goes|ends|begins|starts|takes|you|after|before|asks)\b"
    r"|\bquestions?\b.*\b(?:below|module|end|next|without)\b|\b(?:questions|quiz) (?:below|first|of)\b"
    r"|\b(?:by the end|so far|up next|from here|way on|read on|look(?:ing)? back|mov(?:e|ing) on|come back|keep going"
    r"|behind you|brought you|in mind as you|next step here|here (?:is|are)|in short|to recap|takeaways?"
    r"|well done|welcome|check yourself|test yourself|ask yourself|worth (?:knowing|learning|your)"
    r"|let(?:'s| us)|try (?:it|the questions))\b"
    r"|\byou(?:'ll| will| have(?: now)?| can now| now| are now| are ready| already| just)?\s+"
    r"(?:learn(?:ed|t)?|saw|seen|met|meet|cover(?:ed)?|begin|finish(?:ed)?|practi[cs]ed?|reach(?:ed)?|ready|come|came"
    r"|start(?:ed)? with)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"^(?:this|that|these|those|it|its|it's|they|their|them|he|she|such|the (?:above|former|latter|same)"
    r"|however|therefore|thus|hence|moreover|furthermore|also|additionally|but|and|so|or|then|consequently|instead"
    r"|otherwise|nevertheless|nonetheless|similarly|likewise|accordingly|again|another|both|either|neither|yet|still"
    r"|conversely|meanwhile|besides|though|alternatively|finally"
    r"|as (?:mentioned|noted|seen|shown|described|stated|above|before|a result|you can see|we saw)"
    r"|in (?:addition|contrast|this case|that case|other words|both cases)"
    r"|on the other hand|because of this|for this|after that|after this|above)\b",
    re.IGNORECASE,
)
_FILLERS = re.compile(
    r"lorem ipsum|\bTODO\b|\bFIXME\b|\bTBD\b|\bTBA\b|\bXXX+\b|coming soon"
    r"|to be (?:written|added|done|completed|announced)\b"
    r"|placeholder (?:text|content|section|paragraph)|content (?:is|will be|goes|to be|not (?:yet )?available)\b"
    r"|under construction|work in progress|not (?:yet )?(?:written|available yet)|insert .{1,30} here|\[insert\b"
    r"|error generating|analysis not available|as an ai\b|fill (?:me |this )?in\b|no content\b",
    re.IGNORECASE,
)
_LEFTOVERS = re.compile(
    r"^\s*(?::::+|!!!|\?\?\?\+?|===\s+\"|\.\. [\w:|-]+|--8<--|\[TOC\]|\[\[_?TOC_?\]\]|%%"
    r"|ifdef::|ifndef::|include::|\|===|====$)"
    r"|\[!(?:NOTE|TIP|WARNING|IMPORTANT|CAUTION|INFO|DANGER|HINT)\]|\{\{|\}\}|\{%|%\}|\{#|\{:|<!--|-->"
    r"|&(?!lt;|gt;|amp;|quot;)[a-z]{2,8};|&#\d+;"
    r"|:[a-z][\w+.-]*(?::[a-z][\w+.-]*)?:`|\|\w+\|_?(?=[\s.,])|`_\b|`__\b"
    r"|\b(?:xref|link|image|kbd|btn|footnote):[^\s\[]*\["
    r"|\{[.#][\w-]+\}|\{@\w+|\[\[[^\[\]]+\]\]|(?<!\\)<\/?[A-Za-z][\w.-]*(?:\s[^<>]*)?\/?>"
    r"|:(?:material|fontawesome|octicons|simple)-"
    r"|(?<!\S)::(?!\S| (?-i:[A-Z]))|(?<![\w./-])[\w./-]*\w::\s*$|\^\[|\[\^\w+\]:",
    re.IGNORECASE | re.MULTILINE,
)

UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Chinese, Japanese and Korean letters: names of code stand between them without a blank, set apart by marks alone."""
_WORD = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+(?:['’][^\W\d_]+)?")
_PAIRS = re.compile(rf"(?=([{UNSPACED}]{{2}}))")
_STEMMERS = {"en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese",
             "nl": "dutch", "ru": "russian", "sv": "swedish", "da": "danish", "fi": "finnish", "no": "norwegian",
             "hu": "hungarian", "ro": "romanian", "tr": "turkish"}  # fmt: skip


def list_words(text: str) -> list[str]:
    """Words of a plain text in lower case; identifiers fall into their parts."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def stem_content_words(text: str, language: str = "en") -> list[str]:
    """Stems of the words that carry content, in order, repeats kept; of letters without blanks each pair is one."""
    algorithm = _STEMMERS.get(language.lower().split("-")[0], "")
    runs = (_PAIRS.findall(word) or [word] for word in list_words(text))
    words = (word.removesuffix("'s") for run in runs for word in run)
    return [_stem(word, algorithm) for word in words if word not in STOP_WORDS]


@lru_cache(maxsize=65536)
def _stem(word: str, algorithm: str) -> str:
    """One stemmer per word: a stemmer keeps state, and modules are checked by several threads at once."""
    return str(snowballstemmer.stemmer(algorithm).stemWord(word)) if algorithm else word


def is_signpost(text: str) -> bool:
    """Whether a sentence talks of the course and its way rather than of the subject."""
    return bool(_SIGNPOST.search(text))


def leads_on(text: str) -> bool:
    """Whether a sentence only leads to the list, table or code below it."""
    return text.rstrip("*_ ").endswith((":", "："))


def points_back(text: str) -> bool:
    """Whether a text opens with a word that needs what stood before it."""
    return bool(_POINTING.match(text.lstrip("*_\"'“(> ")))


def find_filler(text: str) -> str | None:
    """The first words that stand for content which is not there, if any."""
    found = _FILLERS.search(text)
    return found.group() if found else None


def find_leftover(text: str) -> str | None:
    """The first bit of a source's markup in prose (code already taken out), if any."""
    found = _LEFTOVERS.search(text)
    return found.group().strip() if found else None


def verb_fits(objective: str, bloom: Bloom) -> bool:
    """Whether an objective begins with a verb of its Bloom level."""
    first = objective.split(maxsplit=1)[0].strip("*_.,:").lower() if objective.strip() else ""
    return first in BLOOM_VERBS[bloom]


def bloom_of(objective: str) -> Bloom:
    """The first Bloom level whose verbs the objective begins with; `understand` for an unknown verb."""
    return next((bloom for bloom in BLOOM_LEVELS if verb_fits(objective, bloom)), "understand")


def level_distance(one: Bloom, other: Bloom) -> int:
    """Steps between two Bloom levels."""
    return abs(BLOOM_LEVELS.index(one) - BLOOM_LEVELS.index(other))
