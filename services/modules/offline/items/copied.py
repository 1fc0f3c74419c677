"""Whether a reader can copy an answer from some code without working it out."""

import re
from collections.abc import Iterator
from itertools import pairwise

_PIECE = re.compile(r"[fbru]?(\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`)|(?<![\w.])-?\d[\d._]*|[^\W\d]\w*|[()\[\]{}]")
_LITERAL = re.compile(r"[fbru]?(?:\"[^\"\n]*\"|'[^'\n]*')|-?\d[\d._]*")
_NAMES = re.compile(r"\b[^\W\d]\w*=(?!=)")
_TYPE = re.compile(r"<class '(?:\w+\.)*(\w+)'>")
_FEWEST_TO_CHOOSE_FROM, _LONGEST = 4, 4_000


def can_copy(code: str, value: str) -> bool:
    """Whether a value stands in the code: as it is, as what a call is given, or under a name that the last line has.

    Quotation marks, blanks, capitals and names of arguments make no difference. A text or a number may be one of many.
    Code that is too long for a question counts as if it had the value.
    """
    if len(code) > _LONGEST:
        return True
    value = _TYPE.sub(r"'\1'", value)
    said, text = (re.sub(r"[,+]", "", squeeze(one)) for one in (code, value))
    if not re.search(r"[()\[\]{}]", value) and text in said and re.search(r"\w\W+\w", value.strip("'\"")):
        return True  # one text after the other
    if _LITERAL.fullmatch(value):
        return _stands_alone(code, value)
    groups = {*_list_groups(code), *_list_groups(_NAMES.sub("", code))}
    own = {read_tokens(value), read_tokens(_NAMES.sub("", value))}
    return bool(own & groups) or squeeze(value) in squeeze(code)


def read_tokens(text: str) -> tuple[str, ...]:
    """The names, texts and numbers of some code, in small letters and without quotation marks."""
    return tuple(_clean(found) for found in _PIECE.finditer(text) if found.group() not in {*"()[]{}"})


def _stands_alone(code: str, value: str) -> bool:
    """Whether a text or a number is one of few of its kind in the code, or stands where the last lines lead to it."""
    (own,) = read_tokens(value)
    above, last = code.split("\n")[-2:-1], code.rpartition("\n")[2]
    texts = (found.group() for found in _PIECE.finditer(code) if not code.startswith(":", found.end()))  # no keys
    found = {*filter(_LITERAL.fullmatch, texts)}
    alike = sum((text[-1] in "'\"") == (value[-1] in "'\"") for text in found)
    pairs = {*pairwise(read_tokens(code))}
    led = {before for before, token in pairs if token == own} & {*re.findall(r"\w+", last.lower())}
    is_led = any(sum(before == name for before, _ in pairs) < _FEWEST_TO_CHOOSE_FROM for name in led)
    few = alike < _FEWEST_TO_CHOOSE_FROM and own in read_tokens(code)
    return few or is_led or own in read_tokens("\n".join((*above, last)))


def _list_groups(code: str) -> Iterator[tuple[str, ...]]:
    """The tokens inside each pair of brackets, once with the token before the pair; and each token alone."""
    tokens: list[str] = []
    opened: list[int] = []
    for found in _PIECE.finditer(code):
        if found.group() in {*"([{"}:
            opened.append(len(tokens))
        elif found.group() not in {*")]}"}:
            tokens.append(_clean(found))
            yield (tokens[-1],)
        elif opened:
            start = opened.pop()
            yield tuple(tokens[start:])
            yield tuple(tokens[max(0, start - 1) :])


def _clean(found: re.Match[str]) -> str:
    return squeeze((found.group(1) or found.group()).strip("`"))


def squeeze(text: str) -> str:
    """A text as answers are compared: without blanks, quotation marks and capitals."""
    return "".join(re.sub(r"['\"]", "", text).lower().split())
