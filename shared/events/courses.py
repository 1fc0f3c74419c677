"""The registration of courses. A stage reads this aggregate alone."""

from . import doc_analyser, documents, gateway, lectures, modules, pathway, repo_clone, stage
from .aggregate import Aggregate, Registry, Stream, types_of
from .base import CourseEvent, StageFailure
from .upcasters import UPCASTERS

COURSES = Stream("COURSES")

_STAGES = (repo_clone, doc_analyser, pathway, modules, documents, lectures)
_COURSE_TYPES = {name: cls for module in (gateway, *_STAGES, stage) for name, cls in types_of(module).items()}
# A request of a stage names the run that it repeats.
_REQUESTS = tuple(cls for cls in types_of(gateway).values() if "retry_of" in cls.model_fields)
_FAILURES = tuple(cls for one in _STAGES for cls in types_of(one).values() if issubclass(cls, StageFailure))
_EVERY_STAGE = tuple(types_of(stage).values())

COURSE = Aggregate(
    stream=COURSES,
    facts=CourseEvent,
    events=_COURSE_TYPES,
    tombstone=gateway.CourseDeleted,
    rights={
        "gateway": tuple(types_of(gateway).values()),
        # It asks for the next stage of unattended courses. A request it cannot build becomes that stage's failure, in
        # sight of the user: the one fact of a stage that another may write.
        "projector": (*_REQUESTS, gateway.PathwaySelected, *_FAILURES),
        **{one.__name__.rpartition(".")[2]: (*types_of(one).values(), *_EVERY_STAGE) for one in _STAGES},
    },
    blobs="courses",
    upcasters=UPCASTERS,
)  # fmt: skip

ONLY_COURSES = Registry((COURSE,))
