"""Pages that say nearly the same but for the names of their folders. Pure."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from shared.language.terms import words_of

MOST_WORDS = 150
"""A longer page is no stub, whatever it says."""
_FEWEST, _ALIKE = 3, 0.6


def find_stubs(said: Mapping[str, AbstractSet[str]]) -> dict[str, int]:
    """Path → how many say it, from path → the words of a short page: three and more pages of one file name.

    Pages of different file names that are built alike are a reference.
    """
    groups: dict[str, list[tuple[AbstractSet[str], list[str]]]] = {}
    for path, words in said.items():
        own = words - set(words_of(path))
        beside = groups.setdefault(path.rpartition("/")[2].lower(), [])
        members = next((paths for first, paths in beside if len(first & own) >= _ALIKE * len(first | own)), None)
        if members is not None:
            members.append(path)
        elif own:
            beside.append((own, [path]))
    alike = [paths for beside in groups.values() for _, paths in beside if len(paths) >= _FEWEST]
    return {path: len(paths) for paths in alike for path in paths}
