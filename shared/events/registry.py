"""The registrations of the product: courses, and the people, organisations and cohorts of the classroom."""

from . import classroom, doc_analyser, documents, gateway, lectures, modules, pathway, repo_clone, stage
from .aggregate import Aggregate, Registry, Stream, type_name_of
from .base import CourseEvent, Event, StageFailure
from .upcasters import UPCASTERS

COURSES = Stream("COURSES")
CLASSROOM = Stream("CLASSROOM")

_STAGES = (repo_clone, doc_analyser, pathway, modules, documents, lectures)


def _types_of(module: object) -> dict[str, type[Event]]:
    """The event types a module defines, which are those its namesake writes."""
    return {
        cls.__name__: cls
        for cls in vars(module).values()
        if isinstance(cls, type) and issubclass(cls, Event) and cls.__module__ == getattr(module, "__name__", "")
    }


_COURSE_TYPES = {name: cls for module in (gateway, *_STAGES, stage) for name, cls in _types_of(module).items()}
# A request of a stage names the run that it repeats.
_REQUESTS = tuple(cls for cls in _types_of(gateway).values() if "retry_of" in cls.model_fields)
_FAILURES = tuple(cls for one in _STAGES for cls in _types_of(one).values() if issubclass(cls, StageFailure))
_EVERY_STAGE = tuple(_types_of(stage).values())

COURSE = Aggregate(
    stream=COURSES,
    facts=CourseEvent,
    events=_COURSE_TYPES,
    tombstone=gateway.CourseDeleted,
    rights={
        "gateway": tuple(_types_of(gateway).values()),
        # It asks for the next stage of unattended courses. A request it cannot build becomes that stage's failure, in
        # sight of the user: the one fact of a stage that another may write.
        "projector": (*_REQUESTS, gateway.PathwaySelected, *_FAILURES),
        **{one.__name__.rpartition(".")[2]: (*_types_of(one).values(), *_EVERY_STAGE) for one in _STAGES},
    },
    blobs="courses",
    upcasters=UPCASTERS,
)  # fmt: skip


def _of_classroom(facts: type[Event], tombstone: type[Event]) -> Aggregate:
    """An aggregate of the classroom: its process alone writes it, and nothing of it lies in the blob store."""
    types = {name: cls for name, cls in _types_of(classroom).items() if issubclass(cls, facts) and cls is not facts}
    return Aggregate(CLASSROOM, facts, types, tombstone, rights={"classroom": tuple(types.values())})


PERSON = _of_classroom(classroom.PersonEvent, classroom.PersonDeleted)
ORG = _of_classroom(classroom.OrgEvent, classroom.OrgDeleted)
COHORT = _of_classroom(classroom.CohortEvent, classroom.CohortDeleted)

REGISTRY = Registry((COURSE, PERSON, ORG, COHORT))
EVENT_TYPES = {name: cls for one in REGISTRY.aggregates for name, cls in one.events.items()}


def event_type_name(event: Event | type[Event]) -> str:
    """See type_name_of."""
    return type_name_of(event if isinstance(event, type) else type(event))


def parse_event(type_name: str, data: bytes) -> Event:
    """See Registry.parse, for the events of the product."""
    return REGISTRY.parse(type_name, data)
