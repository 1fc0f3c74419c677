"""How many courses may be at work at a time. A value only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Places:
    """How many unattended courses may be at work, in all and of one owner; 0 means no limit."""

    in_all: int = 0
    per_owner: int = 0


UNLIMITED = Places()
