"""Stage 3, pure: which pathways are on offer, and when the offer is complete."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from shared.events import Event
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


Outcome = PathwayProposed | PathwaysProposed


def decide(state: State, outcome: Outcome) -> tuple[Event, ...]:
    """The fact an outcome adds, which is the outcome itself."""
    if state.request is None or state.finished:
        return ()
    match outcome:
        case PathwayProposed():
            return () if outcome.pathway_id in state.proposed else (outcome,)
        case PathwaysProposed():
            return (outcome,)
        case _:
            assert_never(outcome)


CORE: Core[State, Action, Outcome] = Core(State(), evolve, next_action, decide)
