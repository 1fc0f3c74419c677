"""The registrations of the product: courses, and the people, organisations and cohorts of the classroom."""

from . import classroom
from .aggregate import Aggregate, Registry, Stream, types_of
from .base import Event
from .courses import COURSE

CLASSROOM = Stream("CLASSROOM")


def _of_classroom(facts: type[Event], tombstone: type[Event]) -> Aggregate:
    """An aggregate of the classroom: its process alone writes it, and nothing of it lies in the blob store."""
    types = {name: cls for name, cls in types_of(classroom).items() if issubclass(cls, facts) and cls is not facts}
    return Aggregate(CLASSROOM, facts, types, tombstone, rights={"classroom": tuple(types.values())})


PERSON = _of_classroom(classroom.PersonEvent, classroom.PersonDeleted)
ORG = _of_classroom(classroom.OrgEvent, classroom.OrgDeleted)
COHORT = _of_classroom(classroom.CohortEvent, classroom.CohortDeleted)

REGISTRY = Registry((COURSE, PERSON, ORG, COHORT))
EVENT_TYPES = {name: cls for one in REGISTRY.aggregates for name, cls in one.events.items()}


def parse_event(type_name: str, data: bytes) -> Event:
    """See Registry.parse, for the events of the product."""
    return REGISTRY.parse(type_name, data)
