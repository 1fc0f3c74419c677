"""Stage 3, pure: which pathways are on offer, and when the offer is complete."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from shared.engine.types import Pathway
from shared.events import BlobRef, Event, EventUsage
from shared.events.gateway import PathwaysRequested
from shared.events.pathway import PathwayProposed, PathwaysProposed
from shared.stage.port import Core


@dataclass(frozen=True)
class State:
    """A run: its request, and the pathways recorded."""

    request: PathwaysRequested | None = None
    proposed: dict[str, PathwayProposed] = field(default_factory=dict)
    finished: bool = False


def evolve(state: State, event: Event) -> State:
    """The state after an event; events of other runs leave it as it is."""
    match event:
        case PathwaysRequested() if state.request is None:
            return replace(state, request=event)
        case PathwayProposed() if state.request is not None and event.run_id == state.request.run_id:
            return replace(state, proposed=state.proposed | {event.pathway_id: event})
        case PathwaysProposed() if state.request is not None and event.run_id == state.request.run_id:
            return replace(state, finished=True)
        case _:
            return state


@dataclass(frozen=True)
class Propose:
    """Propose pathways; those recorded already are proposed again to the same ids."""

    request: PathwaysRequested


Action = Propose


def next_action(state: State) -> Action | None:
    """The action that is left, or None."""
    return None if state.request is None or state.finished else Propose(state.request)


@dataclass(frozen=True)
class Proposed:
    """One pathway is stored."""

    pathway: Pathway
    stored: BlobRef


@dataclass(frozen=True)
class OfferComplete:
    """All pathways are stored, the widest first."""

    pathway_ids: tuple[str, ...]
    smallest_distance: float
    note: str
    usage: EventUsage
    answer_keys: tuple[str, ...] = ()


Outcome = Proposed | OfferComplete


def decide(state: State, outcome: Outcome) -> tuple[Event, ...]:
    """The facts an outcome adds."""
    if state.request is None or state.finished:
        return ()
    course_id, run_id = state.request.course_id, state.request.run_id
    match outcome:
        case Proposed(pathway, _) if pathway.id in state.proposed:
            return ()
        case Proposed(pathway, stored):
            return (
                PathwayProposed(
                    course_id=course_id, run_id=run_id, pathway_id=pathway.id, kind=pathway.kind, title=pathway.title,
                    description=pathway.description, complexity_level=pathway.complexity_level,
                    minutes=pathway.estimated_minutes, prerequisites=list(pathway.prerequisites),
                    module_count=len(pathway.modules), pathway=stored,
                ),
            )  # fmt: skip
        case OfferComplete():
            return (
                PathwaysProposed(
                    course_id=course_id, run_id=run_id, pathway_ids=list(outcome.pathway_ids),
                    smallest_distance=outcome.smallest_distance, note=outcome.note, usage=outcome.usage,
                    answer_keys=list(outcome.answer_keys),
                ),
            )  # fmt: skip
        case _:
            assert_never(outcome)


CORE: Core[State, Action, Outcome] = Core(State(), evolve, next_action, decide)
