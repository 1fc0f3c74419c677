"""Runs of lines, and whether some words say a text: what all that compares a course with its source shares."""

import re

_FEWEST_SQUEEZED = 12
_WORD = re.compile(r"\w+")

Lines = tuple[str, int, int]
"""A path, a first and a last line."""


def overlaps(one: Lines, other: Lines) -> bool:
    """Whether two runs of lines have a line in common."""
    return one[0] == other[0] and one[1] <= other[2] and one[2] >= other[1]


def says(text: str, said: str, wanted: float) -> bool:
    """Whether joined words say a text: one after the other, or most of them in any order."""
    words = join_words(text)
    if f" {words} " in f" {said} ":
        return True
    if len(squeezed := squeeze(words)) >= _FEWEST_SQUEEZED and squeezed in squeeze(said):
        return True
    listed, known = words.split(), set(said.split())
    return bool(listed) and sum(word in known for word in listed) >= wanted * len(listed)


def join_words(text: str) -> str:
    """The words of a text in lower case with single blanks between them; of signs alone, the signs."""
    return " ".join(_WORD.findall(text.casefold()) or text.split())


def squeeze(text: str) -> str:
    """The letters and digits of a text in lower case, nothing between them."""
    return "".join(_WORD.findall(text.casefold())).replace("_", "")
