"""The subject of an event, decided here alone: rights, filters, the schema and every reader follow from it.

`<prefix>.<shard>.<id>.<Type>`, and the stage after it for types that every stage writes. The shard follows from the id
as NATS's own `partition(64, id)` does, so that a server can compute it too.
"""

from functools import lru_cache
from typing import NamedTuple

from .base import Event, SharedStageEvent

SHARDS = 64
_TOKENS = 4


class Address(NamedTuple):
    """The parts of a stored message's subject: its aggregate, and its type's name."""

    prefix: str
    aggregate_id: str
    type_name: str


@lru_cache(maxsize=65_536)
def shard_of(aggregate_id: str) -> int:
    """FNV-1a of 32 bits, modulo the number of shards."""
    digest = 0x811C_9DC5
    for byte in aggregate_id.encode():
        digest = ((digest ^ byte) * 0x0100_0193) & 0xFFFF_FFFF
    return digest % SHARDS


def subjects_of(prefix: str, aggregate_id: str) -> str:
    """Where all events of one aggregate lie."""
    return f"{prefix}.{shard_of(aggregate_id)}.{aggregate_id}.>"


def subject_pattern(cls: type[Event], aggregate_id: str = "*", stage: str = "*") -> str:
    """The subjects of a type; `*` means any."""
    shard = "*" if aggregate_id == "*" else shard_of(aggregate_id)
    subject = f"{cls.prefix}.{shard}.{aggregate_id}.{cls.__name__}"
    return f"{subject}.{stage}" if issubclass(cls, SharedStageEvent) else subject


def subject_of(event: Event) -> str:
    """Where the event is published."""
    stage = event.stage if isinstance(event, SharedStageEvent) else "*"
    return subject_pattern(type(event), event.aggregate_id, stage)


def is_subject_of(subject: str, event: Event) -> bool:
    """Whether a stored event lies where its writer had the right to put it.

    Until 2026-11 the stage was no part of a subject. What was stored then stays readable; nobody may write there now.
    """
    own = subject_of(event)
    return subject == own or (isinstance(event, SharedStageEvent) and subject == own.rpartition(".")[0])


def address_in(subject: str) -> Address:
    """The parts of a subject, also of a message that is not an event; what is missing is empty."""
    tokens = [*subject.split("."), *[""] * _TOKENS]
    return Address(tokens[0], tokens[2], tokens[3])
