"""Stage 1, pure: a repository is asked for, and then it is there or it is not."""

from dataclasses import dataclass, replace

from shared.events import Event
from shared.events.gateway import RepoCloneRequested
from shared.events.repo_clone import RepoCloned
from shared.stage.port import Core


@dataclass(frozen=True)
class State:
    """A run: its request, and whether it is done."""

    request: RepoCloneRequested | None = None
    finished: bool = False


def evolve(state: State, event: Event) -> State:
    """The state after an event; events of other runs leave it as it is."""
    match event:
        case RepoCloneRequested() if state.request is None:
            return replace(state, request=event)
        case RepoCloned() if state.request is not None and event.run_id == state.request.run_id:
            return replace(state, finished=True)
        case _:
            return state


@dataclass(frozen=True)
class CloneAndScan:
    """Fetch the repository at its ref and list it."""

    request: RepoCloneRequested


Action = CloneAndScan


def next_action(state: State) -> Action | None:
    """The action that is left, or None."""
    return None if state.request is None or state.finished else CloneAndScan(state.request)


Outcome = RepoCloned


def decide(state: State, outcome: Outcome) -> tuple[Event, ...]:
    """The fact an outcome adds, which is the outcome itself."""
    return () if state.request is None or state.finished else (outcome,)


CORE: Core[State, Action, Outcome] = Core(State(), evolve, next_action, decide)
