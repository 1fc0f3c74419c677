"""The problems of a document, short enough to be stored and shown."""

from collections.abc import Iterable

MADE = "made when the documentation is built"
"""Said of what a site shows, and a repository does not hold: names that were not found, commands' options, pages."""

NOT_THERE = f"named in the navigation, {MADE}"
"""Why a page is left out that only the author's contents name."""

NOT_SHOWN = "not shown here."
"""The end of the note in its place."""

_MOST = 20
_LONGEST = 200


def shorten(problems: Iterable[str]) -> tuple[str, ...]:
    """The first of them, each once, in characters that can be printed; then how many more there are."""
    found = list(dict.fromkeys(problems))
    more = len(found) - _MOST
    # Problems quote the document: a name in one may be as long as a line, and hold anything.
    shown = (printable(one if len(one) <= _LONGEST else f"{one[: _LONGEST - 1]}…") for one in found[:_MOST])
    return (*shown, f"and {more} more") if more > 0 else tuple(shown)


def printable(text: str) -> str:
    """A line with a mark in place of what steers a terminal, or has no picture."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
