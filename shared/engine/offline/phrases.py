"""Headings as parts of a sentence: without numbering, in sentence case, with an article where one is due. Pure."""

import re
from collections.abc import Mapping
from itertools import pairwise

from shared.docs.model import Document
from shared.engine.terms import plain, singular, word_set

_NUMBERING = re.compile(
    r"^(?:(?:step|part|chapter|lesson|section|appendix|exercise)\s+(?:\d+|[A-Z])\b\s*[:.)–—-]?\s*|\d+(?:\.\d+)*[.):]?\s+"
    r"|[A-Z][.)]\s+|[^\w\s`'\"“(/@.$<-]+\s*)",
    re.IGNORECASE,
)
_SYMBOLS = re.compile(r"[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]|:[a-z_]+:|[™®©]")
_MASS = re.compile(
    r"(?:tion|sion|ment|ity|ness|ance|ence|ism|age|ing|ware|ship|cy|phy|gy|data|code|access|syntax|support|html|css|sql)$"
)
_CAPITALISED = re.compile(r"(?<![.!?:]\s)(?<![\w`.#-])[A-Z][a-z]+\b")
_NAME_PAIR = re.compile(r"(?<![.!?:]\s)(?<![\w`.#-])[A-Z][a-z]+ [A-Z][a-z]+\b")
_LOWER = re.compile(r"\b[a-z][a-z]+\b")


def clean_heading(heading: str) -> str:
    """A heading's words without numbering, pictures and trailing punctuation."""
    text = " ".join(_SYMBOLS.sub(" ", plain(heading)).split())
    while (shorter := _NUMBERING.sub("", text, count=1)) != text and shorter:
        text = shorter
    return text.strip().rstrip(".:;,–—-!").strip()


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
    """
    python rust java kotlin scala ruby perl haskell elixir erlang javascript typescript docker kubernetes linux unix
    windows macos git github gitlab markdown unicode ascii postgresql mysql sqlite mongodb redis kafka nginx apache
    react angular vue django flask fastapi express node npm bash powershell ubuntu debian amazon azure google
    spring gradle maven cargo jupyter sphinx prometheus grafana terraform ansible helm english
    """
)


def in_sentence(heading: str, casing: Mapping[str, int]) -> str:
    """A cleaned heading as it reads inside a sentence: proper names, acronyms and code keep their letters."""
    words = heading.split()
    names = {
        place + step
        for place, (one, two) in enumerate(pairwise(words))
        if casing.get(f"{one} {two}", 0) > 1
        for step in (0, 1)
    }
    return " ".join(word if place in names else _lower(word, casing) for place, word in enumerate(words))


def _lower(word: str, casing: Mapping[str, int]) -> str:
    bare = word.strip("()[]\"'“”‘’,.:;!?")
    if not re.fullmatch(r"[A-Z][a-z]*(?:['’-][A-Za-z][a-z]*)*", bare) or bare == "I":
        return word
    parts = [part for part in re.split(r"['’-]", bare.lower()) if len(part) > 1]
    if any(casing.get(part, 0) > 0 or part in _NAMES for part in parts):
        return word
    return word.lower()


def with_article(phrase: str) -> str:
    """A noun phrase with "the" before a countable singular; plurals, masses and names go without."""
    if re.match(r"(?:the|a|an|your|how|what|why|when|where|all|using|with|to|my|our|its)\b", phrase, re.IGNORECASE):
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
    if not plain or singular(last) != last or _MASS.search(last) or last.endswith("s"):
        return phrase
    return f"the {phrase}"
