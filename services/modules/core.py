"""Stage 4, pure: which modules are planned, which are written, and when the course is whole."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal, assert_never

from shared.events import BlobRef, Event, EventUsage
from shared.events.gateway import ModulesRequested
from shared.events.modules import (
    CourseGenerated,
    ExportRef,
    ModuleRejected,
    ModuleWritten,
)
from shared.stage.port import Core


@dataclass(frozen=True)
class State:
    """A run: its request, the modules written, and the rounds that did not pass the gates."""

    request: ModulesRequested | None = None
    written: dict[str, ModuleWritten] = field(default_factory=dict)
    rejected: frozenset[tuple[str, int]] = frozenset()
    finished: bool = False


def evolve(state: State, event: Event) -> State:
    """The state after an event; events of other runs leave it as it is."""
    match event:
        case ModulesRequested() if state.request is None:
            return replace(state, request=event)
        case ModuleWritten() if _mine(state, event.run_id):
            return replace(state, written=state.written | {event.module_id: event})
        case ModuleRejected() if _mine(state, event.run_id):
            return replace(state, rejected=state.rejected | {(event.module_id, event.round)})
        case CourseGenerated() if _mine(state, event.run_id):
            return replace(state, finished=True)
        case _:
            return state


def _mine(state: State, run_id: str) -> bool:
    return state.request is not None and state.request.run_id == run_id


@dataclass(frozen=True)
class WriteModules:
    """Write the modules of the request that are not written yet."""

    request: ModulesRequested
    written: frozenset[str]


@dataclass(frozen=True)
class AssembleCourse:
    """Put the written modules together, measure them, export them."""

    request: ModulesRequested
    written: dict[str, BlobRef]


Action = WriteModules | AssembleCourse


def next_action(state: State) -> Action | None:
    """The action that is left, or None."""
    if state.request is None or state.finished:
        return None
    if set(state.request.module_ids) - set(state.written):
        return WriteModules(state.request, frozenset(state.written))
    written = {module_id: event.content for module_id, event in state.written.items()}
    return AssembleCourse(state.request, {**state.request.kept_modules, **written})


@dataclass(frozen=True)
class Assembled:
    """The course and its exports are stored."""

    course_key: str
    edition: str
    course: BlobRef
    exports: tuple[ExportRef, ...]
    quality: BlobRef
    status: Literal["complete", "incomplete"]
    modules: int
    items: int
    title: str
    minutes: int
    pages: BlobRef | None = None


Outcome = ModuleRejected | ModuleWritten | Assembled


def decide(state: State, outcome: Outcome) -> tuple[Event, ...]:
    """The facts an outcome adds."""
    if state.request is None or state.finished:
        return ()
    course_id, run_id = state.request.course_id, state.request.run_id
    match outcome:
        case ModuleRejected():
            known = outcome.module_id in state.written or (outcome.module_id, outcome.round) in state.rejected
            return () if known else (outcome,)
        case ModuleWritten():
            return () if outcome.module_id in state.written else (outcome,)
        case Assembled():
            fields = {**vars(outcome), "exports": list(outcome.exports)}
            return (
                CourseGenerated(
                    course_id=course_id,
                    run_id=run_id,
                    pathway_id=state.request.pathway_id,
                    usage=sum((event.usage for event in state.written.values()), EventUsage()),
                    **fields,
                ),
            )
        case _:
            assert_never(outcome)


def plan(state: State) -> dict[str, Any]:
    """The fields of the event of a start."""
    assert state.request is not None
    return {"module_ids": state.request.module_ids}


CORE: Core[State, Action, Outcome] = Core(State(), evolve, next_action, decide, plan)
