"""The registrations of the product. Courses are the first."""

from collections.abc import Mapping

from . import doc_analyser, gateway, modules, pathway, repo_clone, stage
from .aggregate import Aggregate, Registry, Stream, type_name_of
from .base import CourseEvent, Event
from .upcasters import UPCASTERS

COURSES = Stream("COURSES")

_STAGES = (repo_clone, doc_analyser, pathway, modules)


def _types_of(module: object) -> dict[str, type[Event]]:
    """The event types a module defines, which are those its namesake writes."""
    return {
        cls.__name__: cls
        for cls in vars(module).values()
        if isinstance(cls, type) and issubclass(cls, Event) and cls.__module__ == getattr(module, "__name__", "")
    }


EVENT_TYPES: Mapping[str, type[Event]] = {
    name: cls for module in (gateway, *_STAGES, stage) for name, cls in _types_of(module).items()
}

_EVERY_STAGE = tuple(_types_of(stage).values())

COURSE = Aggregate(
    stream=COURSES,
    facts=CourseEvent,
    events=EVENT_TYPES,
    tombstone=gateway.CourseDeleted,
    rights={
        "gateway": tuple(_types_of(gateway).values()),
        # It asks for the next stage of unattended courses. A request it cannot build becomes that stage's failure, in
        # sight of the user: the one fact of a stage that another may write.
        "projector": (
            gateway.RepoCloneRequested, gateway.DocsAnalysisRequested, gateway.PathwaysRequested,
            gateway.ModulesRequested, gateway.PathwaySelected, repo_clone.RepoCloneFailed,
            doc_analyser.DocsAnalysisFailed, pathway.PathwaysFailed, modules.ModulesFailed,
        ),
        **{one.__name__.rpartition(".")[2]: (*_types_of(one).values(), *_EVERY_STAGE) for one in _STAGES},
    },
    blobs="courses",
    upcasters=UPCASTERS,
)  # fmt: skip

REGISTRY = Registry((COURSE,))


def event_type_name(event: Event | type[Event]) -> str:
    """See type_name_of."""
    return type_name_of(event if isinstance(event, type) else type(event))


def parse_event(type_name: str, data: bytes) -> Event:
    """See Registry.parse, for the events of the product."""
    return REGISTRY.parse(type_name, data)
