"""Headings as parts of a sentence: without numbering, in sentence case, with an article where one is due. Pure."""

import re
from collections.abc import Mapping
from itertools import pairwise

from shared.docs.model import Document
from shared.docs.plain import give_back
from shared.language.headings import CODE_SPAN, clean_heading, mark_code
from shared.language.terms import STOPWORDS, plain, singular, word_set
from shared.language.word_classes import is_common

_MASS = re.compile(
    r"(?:tion|sion|ment|ity|ness|ance|ence|ism|age|ing|ware|ship|cy|phy|gy|data|code|access|syntax|support|html|css|sql)$"
)
# Countable nouns with the ending of a mass.
_COUNTABLE = word_set(
    "function option action section connection application collection transaction subscription exception condition "
    "position annotation definition partition location relation notation direction question description instruction "
    "assertion iteration session version expression permission extension dimension argument element document statement "
    "fragment segment comment component environment entity identity property activity facility string setting warning "
    "thing mapping binding heading page image message package language stage instance reference sequence dependency "
    "policy strategy interface database codebase node query library projection migration revision class process "
    "address status canvas alias bus"
)
_CAPITALISED = re.compile(r"(?<![.!?:]\s)(?<![\w`.#-])[A-Z][a-z]+\b")
_NAME_PAIR = re.compile(r"(?<![.!?:]\s)(?<![\w`.#-])[A-Z][a-z]+ [A-Z][a-z]+\b")
# How much oftener a common word has to be written with a capital before it counts as a name.
_COMMON_WORD = 3
_LOWER = re.compile(r"\b[a-z][a-z]+\b")


_CODE_LIKE = re.compile(
    r"--?[a-z][\w-]*|@[\w.-]+(?:/[\w.-]+)?|\$\w+|<[^<>\s]+>|[\w.:$]+\([^()\s]*\)|\w*_\w[\w.]*|[a-z]+[A-Z]\w*|[a-z]\w+(?:\.\w{2,})+"
    r"|/[\w.{}:-]+(?:/[\w.{}:-]+)*"
    r"|\w+::[\w:]+"
)
HELD = re.compile(r"XQ(\d{1,9})QX")
_NO_CODE = word_set("iOS macOS iPhone iPad jQuery gRPC eBPF ePub npmjs mTLS vSphere crates.io socket.io docs.rs")


def marked_heading(heading: str, written: str = "") -> str:
    """A cleaned heading in which code stands in backticks: what the author marked, and what looks like nothing else."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match.group(2).strip())
        return f"XQ{len(held) - 1}QX"

    words = clean_heading(CODE_SPAN.sub(hold, mark_code(heading, written))).split(" ")
    marked = [_mark(word) for word in words]
    return give_back([f"`{code}`" for code in held], HELD, " ".join(marked))


def _mark(word: str) -> str:
    bare = word.rstrip(",:;.?!")
    return f"`{bare}`{word[len(bare) :]}" if _CODE_LIKE.fullmatch(bare) and bare not in _NO_CODE else word


def learn_casing(document: Document, project: str = "") -> Mapping[str, int]:
    """How much oftener each word is written with a capital inside sentences than without: > 0 means a proper name.

    The project's own name is one, however its documents write it.
    """
    balance: dict[str, int] = {project.lower(): 10_000} if project else {}
    for section in document.sections:
        for block in section.blocks:
            for sentence in block.sentences:
                text = plain(re.sub(r"`[^`]*`", " ", sentence.text))
                tail = text[len(text.split(" ", 1)[0]) :]
                for word in _CAPITALISED.findall(tail):
                    balance[word.lower()] = balance.get(word.lower(), 0) + 1
                for pair in _NAME_PAIR.findall(tail):
                    balance[pair] = balance.get(pair, 0) + 1
                for word in _LOWER.findall(text):
                    balance[word] = balance.get(word, 0) - 1
    return balance


# Names readers know with a capital, whether or not a document happens to use them inside a sentence.
_NAMES = word_set(
    "python rust java kotlin scala ruby perl haskell elixir erlang javascript typescript docker kubernetes linux unix "
    "windows macos git github gitlab markdown unicode ascii postgresql mysql sqlite mongodb redis kafka nginx apache "
    "react angular vue django flask fastapi express node npm bash powershell ubuntu debian amazon azure google spring "
    "gradle maven cargo jupyter sphinx prometheus grafana terraform ansible helm english none true false null"
)


def in_sentence(heading: str, casing: Mapping[str, int]) -> str:
    """A cleaned heading as it reads inside a sentence: proper names, acronyms and code keep their letters."""
    words = heading.split()
    names = {
        place + step
        for place, (one, two) in enumerate(pairwise(words))
        if casing.get(f"{one} {two}", 0) > 1 and not {one.lower(), two.lower()} & STOPWORDS
        for step in (0, 1)
    }
    return " ".join(word if place in names else _lower(word, casing) for place, word in enumerate(words))


def _lower(word: str, casing: Mapping[str, int]) -> str:
    bare = word.strip("()[]\"'“”‘’,.:;!?")
    if not re.fullmatch(r"[A-Z][a-z]*(?:['’-][A-Za-z][a-z]*)*", bare) or bare == "I":
        return word
    if bare.lower() in STOPWORDS:
        return word.lower()
    parts = [part for part in re.split(r"['’-]", bare.lower()) if len(part) > 1]
    if any(casing.get(part, 0) > (_COMMON_WORD if is_common(part) else 0) or part in _NAMES for part in parts):
        return word
    return word.lower()


def is_countable(word: str) -> bool:
    """Whether a lower-case noun needs an article in the singular, and is singular."""
    if word in _COUNTABLE:
        return True
    return singular(word) == word and not word.endswith("s") and _MASS.search(word) is None


_NO_ARTICLE = re.compile(
    r"(?:the|a|an|your|how|what|why|when|where|all|using|with|to|my|our|its|their|any|each|every|no|some|this|that"
    r"|another|one|two|three|four|both|multiple|several)\b|\d",
    re.IGNORECASE,
)


def with_article(phrase: str) -> str:
    """A noun phrase with "the" before a countable singular; plurals, masses and names go without."""
    if _NO_ARTICLE.match(phrase):
        return phrase
    head = re.split(
        r"\s+(?:of|for|in|with|on|from|to|as|by|at|without|via|using|through|between|and|or|vs\.?|versus)\b|[,:(–—]",
        phrase,
    )[0]
    words = head.split()
    if not words:
        return phrase
    last = words[-1]
    plain = re.fullmatch(r"[a-z][a-z-]*", last) is not None
    named = len(words) == 1 and not is_common(last)
    return f"the {phrase}" if plain and not named and is_countable(last) else phrase
