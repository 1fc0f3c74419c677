"""Whether an item asks for understanding, for a sentence the learner has just read, or where something stands."""

import re
from collections.abc import Iterable, Sequence

from shared.course.evidence import Evidence
from shared.course.model import Item, Option
from shared.course.plain_text import show_plain
from shared.course.statements import Statement
from shared.course.wording import list_words, stem_content_words

FEWEST_DISTRACTORS = 2
_RESTATED = 0.8
_SUPPORTED = 0.75
_SPAN = re.compile(r"`([^`]+)`")
_NAME = re.compile(r"[^\W\d]\w*")
_CODE = re.compile(r"^(?:```|~~~)", re.MULTILINE)
_PLACE = r"(?:topics?|headings?|sections?|chapters?|pages?|documents?|parts?|modules?|lessons?|titles?|paragraphs?)"
_WHERE = re.compile(
    rf"\b(?:under|in|on|within|to) (?:which|what)(?: one)?(?: of)?(?: these| the| following)*(?: \w+)? {_PLACE}\b"
    rf"|\b(?:which|what) (?:of (?:these|the(?: following)?) )?{_PLACE}\b.*\b(?:cover|describe|explain|deal|treat"
    r"|contain|say|said|stand|belong|mention|discuss|introduce|define|document|tell|hold)"
    r"|\bwhere (?:in|does|do|is|are|can|would)\b.*\b(?:documentation|docs|text|lesson|module|section|page|stand"
    r"|described|mentioned|explained|documented|written|find|found|read about|look (?:it )?up)\b"
    r"|\bdoes the documentation list after the words\b",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_SETTING = re.compile(r"(\w+)`?\s*(?:=|\bis\b|\bof\b|\bset to\b)?\s*(['\"]?\b\d[\w.]*\b['\"]?)")
_QUOTE = re.compile(r"“([^”]+)”")
_FEWEST_QUOTED = 4
_WRONG = re.compile(
    r"\b(?:error|wrong|warning|fail\w*|must|not|never|cannot|can't|don't|doesn't|won't|avoid|invalid|deprecated|raise[sd]?"
    r"|reject\w*|refuse[sd]?|removed|unsupported|missing|caution|danger|only|instead|require[sd]?|broken?|ignored)\b"
    r"|[❌✗✘🚫]|\w(?:Error|Exception)\b",
    re.IGNORECASE,
)
_ASKING = frozenset(
    stem_content_words(
        "which what happens documentation says say text complete sentence name missing fits description term means "
        "mean word line gap mark hole following choose want choose one gone belongs fill fills example shows show true "
        "false describe describes write exact option answer question call"
    )
)


def asks_where(item: Item) -> bool:
    """Whether an item asks under which heading or where in the documentation something stands."""
    return bool(_WHERE.search(show_plain(_without_quotes(item.stem))))


def is_recall(item: Item, evidence: Evidence) -> bool:
    """Whether stem and key restate one sentence, and there is no case, code or alternative to decide."""
    return not form_holds(item, evidence) and (quotes_source(item) or restates(item, evidence))


def repeats_case(item: Item, statements: Iterable[Statement]) -> bool:
    """Whether one result or task of the lesson has each setting of the stem with its value."""
    asked = _list_settings(item.stem)
    tried = (one.text for one in statements if one.basis in ("worked", "task"))
    return bool(asked) and any(asked <= _list_settings(text) for text in tried)


def _list_settings(text: str) -> set[tuple[str, str]]:
    """Names in code and their values: `retries=2`, `delay` is 5."""
    code = {name for span in _SPAN.findall(text) for name in _NAME.findall(span)}
    return {(name, value.rstrip(".")) for name, value in _SETTING.findall(text) if name in code}


def form_holds(item: Item, evidence: Evidence) -> bool:
    """Whether the condition of the item's form holds, as far as the item and its lines can show it."""
    if item.asks_result:
        return bool(_CODE.search(item.stem))
    match item.form:
        case "order":
            return item.kind == "ordering" and len(item.options) >= 3
        case "match":
            return item.kind == "matching" and len(item.groups) >= 3
        case "predict_output":
            return bool(_CODE.search(item.stem)) and len(item.options) > FEWEST_DISTRACTORS
        case "fill_call":
            return bool(_CODE.search(item.stem)) and _has_alternatives(item, evidence)
        case "find_wrong":
            lines = " ".join(evidence.texts(item.citation_ids))
            return bool(_WRONG.search(lines)) and len(item.options) > FEWEST_DISTRACTORS
        case "choose" | "what_happens" | "compare":
            return _has_alternatives(item, evidence)
        case _:
            return False


def quotes_source(item: Item) -> bool:
    """Whether the stem hands a sentence over, so that only a gap in it or its place is left to ask."""
    return any(len(quote.split()) >= _FEWEST_QUOTED for quote in _QUOTE.findall(item.stem))


def restates(item: Item, evidence: Evidence) -> bool:
    """Whether one sentence or line of the cited text holds nearly all words of the stem and of the key."""
    wanted = set(list_asked(item)) | {word for text in list_keys(item) for word in stem_content_words(show_plain(text))}
    if not wanted:
        return True
    pieces = (piece for text in evidence.texts(item.citation_ids) for piece in _split(text))
    return any(len(wanted & set(stem_content_words(piece))) >= _RESTATED * len(wanted) for piece in pieces)


def list_keys(item: Item) -> list[str]:
    """The texts of the key of a choice, or the accepted texts."""
    texts = {option.id: option.text for option in item.options}
    return [texts.get(key, key) for key in item.right] or [texts.get(i, i) for group in item.groups[:1] for i in group]


def list_asked(item: Item) -> list[str]:
    """Stems of what an item asks about, without the words that every question has."""
    return [word for word in stem_content_words(show_plain(item.stem)) if word not in _ASKING]


def _has_alternatives(item: Item, evidence: Evidence) -> bool:
    """Whether two wrong options have lines of their own that say what they are."""
    wrong = [option for option in item.options if option.id not in item.right]
    return sum(_is_supported(option, evidence) for option in wrong) >= FEWEST_DISTRACTORS


def _is_supported(option: Option, evidence: Evidence) -> bool:
    words = set(list_words(show_plain(option.text)))
    said = {word for text in evidence.texts(option.citation_ids) for word in list_words(text)}
    return bool(said) and len(words & said) >= _SUPPORTED * len(words)


def _split(text: str) -> Sequence[str]:
    """The sentences and the lines of a text."""
    return [*re.split(r"(?<=[.!?])\s+", " ".join(text.split())), *text.split("\n")]


def _without_quotes(stem: str) -> str:
    """A stem without what it quotes and without its code."""
    return re.sub(r"“[^”]*”|^(?:```|~~~).*?^(?:```|~~~)\s*$", " ", stem, flags=re.DOTALL | re.MULTILINE)
