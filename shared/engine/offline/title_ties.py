"""What tells equal titles apart: the author's numbers, and the place where a document stands. Pure."""

import re
from collections.abc import Iterator, Sequence

from shared.engine.offline.pathways_tree import Slice, humanise
from shared.engine.offline.phrases import is_countable
from shared.engine.offline.titles import is_generic
from shared.engine.terms import term_key

_NUMBER = re.compile(r"\d+")
_NUMBERED = re.compile(r"(?P<words>\D*[^\W\d])[\s#-]*(?P<number>\d{1,6})")
_PLACES = 3


def title_key(title: str) -> str:
    """What two spellings of one title share. Numbers count: "Lesson 1" is not "Lesson 2"."""
    return " ".join([*term_key(title).split(), *(_NUMBER.findall(title))]) or title.lower()


def share_numbers(names: Sequence[str]) -> str:
    """One title for names that differ in their number only: "Lessons 1 and 2", "Days 3 to 7"; "" for other names."""
    found = [_NUMBERED.fullmatch(name.strip()) for name in names]
    numbered = [match for match in found if match is not None]
    if len(numbered) < max(2, len(names)) or len({match["words"].lower() for match in numbered}) > 1:
        return ""
    words, numbers = numbered[0]["words"], sorted({int(match["number"]) for match in numbered})
    if len(numbers) < 2 or numbers[-1] - numbers[0] != len(numbers) - 1:
        return ""
    many = f"{words}s" if is_countable(words.split()[-1].lower()) and words.isascii() else words
    return f"{many} {numbers[0]} {'and' if len(numbers) == 2 else 'to'} {numbers[-1]}"


def name_places(run: Sequence[Slice], title: str) -> Iterator[str]:
    """Where the first document of a run stands, in words, from its nearest folder outwards."""
    path = run[0].analysis.path
    *folders, name = path.split("/")
    stem = name.rsplit(".", 1)[0].lstrip("_")
    parts = [*folders, *([] if is_generic(stem) else [stem])]
    said = set(title_key(title).split())
    words = [words for part in parts if not set(title_key(words := humanise(part)).split()) <= said]
    for count in range(1, min(_PLACES, len(words)) + 1):
        yield " / ".join(words[-count:])
