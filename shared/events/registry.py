"""The registrations of the product: courses, what the classroom has, and the days of the notifier."""

from types import ModuleType

from . import classroom, content, learner, notifier, recording
from .aggregate import Aggregate, Registry, Stream, types_of
from .base import Event
from .courses import COURSE

CLASSROOM = Stream("CLASSROOM")


def _of_classroom(
    facts: type[Event], tombstone: type[Event], module: ModuleType = classroom, blobs: str = ""
) -> Aggregate:
    """An aggregate of the classroom: its process writes all but what the notifier does by the clock."""
    types = {name: cls for name, cls in types_of(module).items() if issubclass(cls, facts) and cls is not facts}
    timed = tuple(cls for cls in types.values() if issubclass(cls, content.TaskOpened))
    own = tuple(cls for cls in types.values() if cls not in timed)
    rights = {"classroom": own} | ({"notifier": timed} if timed else {})
    return Aggregate(CLASSROOM, facts, types, tombstone, rights, blobs=blobs)


PERSON = _of_classroom(classroom.PersonEvent, classroom.PersonDeleted, blobs="people")
ORG = _of_classroom(classroom.OrgEvent, classroom.OrgDeleted)
COHORT = _of_classroom(classroom.CohortEvent, classroom.CohortDeleted)
CONTENT = _of_classroom(content.ContentEvent, content.ContentErased, content)
LEARNER = _of_classroom(learner.LearnerEvent, learner.LearnerErased, learner)
# Its one fact is its last. Nobody reads it from tables.
DAY = Aggregate(
    CLASSROOM, notifier.DayEvent, {"DayClosed": notifier.DayClosed}, notifier.DayClosed,
    rights={"notifier": (notifier.DayClosed,)},
)  # fmt: skip

# It belongs to no course. A stream for this one rare thing would cost each deployment a projector more.
RECORDING = Aggregate(
    CLASSROOM, recording.RecordingEvent,
    {cls.__name__: cls for cls in types_of(recording).values() if cls is not recording.RecordingEvent},
    recording.RecordingErased,
    rights={
        "gateway": (recording.RecordingLinked, recording.RecordingFetched),
        "projector": (recording.RecordingUnlinked, recording.RecordingErased),
    },
    blobs=recording.FOLDER,
)  # fmt: skip

REGISTRY = Registry((COURSE, PERSON, ORG, COHORT, CONTENT, LEARNER, DAY, RECORDING))
EVENT_TYPES = {name: cls for one in REGISTRY.aggregates for name, cls in one.events.items()}


def parse_event(type_name: str, data: bytes) -> Event:
    """See Registry.parse, for the events of the product."""
    return REGISTRY.parse(type_name, data)
