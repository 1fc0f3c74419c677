"""How an objective is put, before it becomes one. Pure values."""

from dataclasses import dataclass

from shared.course.model import Bloom


@dataclass(frozen=True)
class Wording:
    """A wording in lower case, its Bloom level, and its worth: 0 is better than nothing, 3 a doing."""

    text: str
    bloom: Bloom
    worth: int


@dataclass(frozen=True)
class Place:
    """What stands below a heading: code, a table, and what its sentences say the thing is for ("to …")."""

    has_code: bool = False
    has_table: bool = False
    purpose: str = ""


# A heading that no rule may turn into an objective.
NONE = Wording("", "understand", -1)
