"""Anchors of a sentence: the parts of it that are either right to the letter or wrong.

Inline code, identifiers, flags, paths, addresses, numbers, versions and quotations. A sentence that has one needs a
citation, and the anchor then stands in the cited lines, as a whole word.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from shared.course.cited_text import normalise_quotes, read_variants
from shared.course.plain_text import CODE_SPAN, drop_escapes, drop_targets
from shared.course.sentence_marks import strip_marks
from shared.course.wording import UNSPACED

AnchorKind = Literal["code", "identifier", "flag", "path", "url", "number", "number_word", "quote"]


@dataclass(frozen=True)
class Anchor:
    """A string that has to stand in the cited lines."""

    kind: AnchorKind
    text: str


_COUNTS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
)
_NUMBER_WORDS = {word: str(value) for value, word in enumerate(_COUNTS.split(), start=2)} | {
    "thirty": "30", "forty": "40", "fifty": "50", "hundred": "100", "thousand": "1000", "million": "1000000",
}  # fmt: skip
_URL = re.compile(r"\b(?:https?|ftp|wss?|nats|tls|file|mailto)://?[^\s<>\"'“”]+")
_QUOTE = re.compile(
    r"“([^“”]{2,}?)”|«([^«»]{2,}?)»|(?<![\w\"])\"([^\"]{2,}?)\"(?!\w)|(?<!\w)[‘']([^‘’']{2,}?)[’'](?!\w)"
)
_STRONG = re.compile(r"(?<!\\)(\*{1,2})(\w+)\1")  # inside a word: `**snapshots**/a.snap`, `0.9.*x*`
_LETTERS_ALONE = re.compile(rf"[\u3000-\u303f\uff00-\uffef{UNSPACED}]+(?:-(?!-))?")  # a name of code may touch them
_NUMBER = re.compile(r"^[vV]?\d+(?:[.,:/x-]\d+)*(?:\.[x*])?[%+]?$")
_FLAG = re.compile(r"^--?[A-Za-z][\w.-]*$")
_CAMEL = re.compile(r"^\w*[a-z0-9][A-Z]\w*$")
_DOTTED = re.compile(r"^[\w-]*\w\.[\w.-]*\w$|^\.[a-z][\w.-]+$")
_JOINED = re.compile(r"\w(?:::|=)\w")
_ENVIRONMENT = re.compile(r"^[$@%][A-Za-z_][\w.%-]*$")
_EVERYDAY = frozenset(
    {"and/or", "his/her", "he/she", "her/his", "s/he", "either/or", "a.m", "p.m", "e.g", "i.e", "u.s", "ph.d"}
)
_HIDDEN_QUOTES = str.maketrans(
    {'"': "\ue000", "“": "\ue001", "”": "\ue002", "'": "\ue003", "‘": "\ue004", "’": "\ue005"}
)
_SHOWN_QUOTES = str.maketrans({ord(value): chr(key) for key, value in _HIDDEN_QUOTES.items()})


def find_anchors(sentence: str) -> tuple[Anchor, ...]:
    """All anchors of a sentence of Markdown in order of kind and place, each once."""
    return tuple(dict.fromkeys(list_anchors(sentence)))


@lru_cache(maxsize=16384)
def list_anchors(sentence: str) -> tuple[Anchor, ...]:
    """As `find_anchors`, each as often as it stands."""
    text = drop_targets(strip_marks(sentence))
    found = [Anchor("code", " ".join(span.group("code").split())) for span in CODE_SPAN.finditer(text)]
    found += [Anchor("quote", quote) for quote in _find_quotes(text)]
    prose = html.unescape(drop_escapes(_STRONG.sub(r"\2", CODE_SPAN.sub(" ", text))))
    for address in _URL.finditer(prose):
        found.append(Anchor("url", address.group().rstrip(".,;:!?)*_]")))
    found += _classify_words(_LETTERS_ALONE.sub(" ", _URL.sub(" ", prose)))
    return tuple(anchor for anchor in found if anchor.text)


def names_facts(sentence: str) -> bool:
    """Whether a sentence names an identifier, flag, path, address, number or version, so that it needs a citation."""
    return any(anchor.kind not in ("quote", "number_word") for anchor in find_anchors(sentence))


def count_in(anchor: Anchor, text: str) -> int:
    """How often an anchor stands in a text of the source."""
    wanted = _normalise(anchor)
    return max(sum(1 for _ in _find_uses(wanted, variant, anchor.kind)) for variant in read_variants(text))


def found_in(anchor: Anchor | str, text: str) -> bool:
    """Whether the anchor stands verbatim in a text of the source, as a whole word.

    White space, Markdown, reStructuredText and HTML markup, escapes and JSON strings of a notebook are seen through.
    """
    if isinstance(anchor, str):
        anchor = Anchor("code", anchor)
    wanted = _normalise(anchor)
    variants = read_variants(text)
    if any(any(_find_uses(wanted, variant, anchor.kind)) for variant in variants):
        return True
    if anchor.kind == "number_word":
        digits = _NUMBER_WORDS[wanted.lower()]
        forms = (digits, wanted.lower(), wanted.title())
        return any(any(_find_uses(form, variant, "number")) for variant in variants for form in forms)
    return False


def _normalise(anchor: Anchor) -> str:
    text = normalise_quotes(" ".join(anchor.text.split()))
    if anchor.kind == "quote":
        text = re.sub(r"[*`]", "", html.unescape(drop_escapes(text))).strip().rstrip(".,;:!?…")
    return text


def _find_uses(wanted: str, text: str, kind: AnchorKind) -> Iterator[bool]:
    """True for each place where `wanted` stands in `text` and no letter or digit runs on at either end."""
    position = text.find(wanted)
    while wanted and position >= 0:
        before, after = text[:position][-2:], text[position + len(wanted) :][:2]
        if not _runs_on(wanted, before, after, kind):
            yield True
        position = text.find(wanted, position + 1)


def _runs_on(wanted: str, before: str, after: str, kind: AnchorKind) -> bool:
    if kind == "number":
        return bool(re.match(r"\d|[.,]\d", after) or _is_word(before[-1:]) or re.search(r"\d[.,]$", before))
    if kind == "flag" and (re.match(r"[\w-]", after) or re.search(r"[\w-]$", before)):
        return True
    starts_inside = _is_word(wanted[0]) and _is_word(before[-1:])
    ends_inside = _is_word(wanted[-1]) and _is_word(after[:1])
    return starts_inside or ends_inside


def _is_word(character: str) -> bool:
    return (character.isalnum() or character == "_") and not _LETTERS_ALONE.match(character)


def _find_quotes(text: str) -> Iterator[str]:
    hidden = CODE_SPAN.sub(lambda span: span.group("code").translate(_HIDDEN_QUOTES), text)
    for found in _QUOTE.finditer(hidden):
        quote = next(group for group in found.groups() if group)
        if any(character.isalnum() for character in quote):
            yield quote.translate(_SHOWN_QUOTES)


def _classify_words(prose: str) -> Iterator[Anchor]:
    for raw in prose.split():
        bare = raw.rstrip(",.;:")
        if bare.isalpha() and (bare.islower() or bare.istitle()):
            # Most words are plain ones, and nearly all the time would go into looking for a name in them.
            if bare.lower() in _NUMBER_WORDS:
                yield Anchor("number_word", bare)
            continue
        token = raw.lstrip("([{\"'“‘«*_~<=>≈≥≤±#€£|").rstrip(",;:!?\"'”’»*_~>|")
        if token.endswith("()"):
            yield Anchor("identifier", token.lstrip("("))
            continue
        token = re.sub(r"(?:'s|’s)$", "", token.rstrip(".…)]}*_~\"'”’»,;:!?")).lstrip("([{")
        if raw.startswith("_") and re.match(r"^_\w+_\w", raw):
            token = "_" * (len(raw) - len(raw.lstrip("_"))) + token
        for part in token.split("(#"):  # a word, and the number of an issue after it
            yield from _classify(part)


def _classify(token: str) -> Iterator[Anchor]:
    if not token or token.lower() in _EVERYDAY or not any(character.isalnum() for character in token):
        return
    if token.lower() in _NUMBER_WORDS:
        yield Anchor("number_word", token)
    elif _NUMBER.match(token.lstrip("$~")):
        yield Anchor("number", token.lstrip("$~").rstrip("%+"))
    elif _FLAG.match(token):
        yield Anchor("flag", token)
    elif token.startswith("--") and "=" in token:
        yield Anchor("flag", token.split("=", maxsplit=1)[0].rstrip("*_"))
    elif re.search(r"[\w.~]/|/[\w.]", token):
        yield Anchor("path", token)
    elif _is_identifier(token):
        yield Anchor("identifier", token)
    else:
        for part in re.split(r"[-–—+&|]", token):
            if part != token:
                yield from _classify(part)


def _is_identifier(token: str) -> bool:
    """snake_case, camelCase, PascalCase compounds, dotted names, $NAMES, @decorators, a=b, letters with digits."""
    if "_" in token.strip("_") or any(form.search(token) for form in (_DOTTED, _ENVIRONMENT, _JOINED)):
        return True
    letters = any(character.isalpha() for character in token)
    if letters and any(character.isdigit() for character in token):
        return True
    return bool(_CAMEL.match(token))
