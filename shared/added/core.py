"""Which files of a kind are read or refused, and which are left. Pure.

A file that is added while a run is at work belongs to that run, and one that is removed no longer does. The log
decides: the end of a run is appended with the last sequence that was seen, so a file that came before it is read first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from shared.added.kinds import AddedKind
from shared.events import BlobRef, Event
from shared.events.base import Data, StageEvent
from shared.stage.port import Core


@dataclass(frozen=True)
class State:
    """A run: its request, the files that are left by their ids, and how many were read and refused."""

    request: StageEvent | None = None
    left: Mapping[str, Data] = field(default_factory=dict)
    read: int = 0
    refused: int = 0
    finished: bool = False


def evolve(kind: AddedKind, state: State, event: Event) -> State:
    """The state after an event; events of other runs and other kinds leave it as it is."""
    if state.request is None:
        if not isinstance(event, kind.requested):
            return state
        return replace(state, request=event, left={kind.id_of(one): one for one in kind.files_of(event)})
    if isinstance(event, kind.added):
        return replace(state, left={**state.left, event.natural_key(): kind.asked_for(event)})
    if isinstance(event, kind.removed):
        return _without(state, event.natural_key())
    if not isinstance(event, StageEvent) or event.run_id != state.request.run_id:
        return state
    if kind.is_fetched(event) and (asked := state.left.get(event.natural_key())) is not None:
        return replace(state, left={**state.left, event.natural_key(): with_bytes(asked, event)})
    if isinstance(event, kind.read):
        return replace(_without(state, event.natural_key()), read=state.read + 1)
    if isinstance(event, kind.refused):
        return replace(_without(state, event.natural_key()), refused=state.refused + 1)
    return replace(state, finished=True) if isinstance(event, kind.finished) else state


def with_bytes(asked: Data, fetched: Event) -> Data:
    """A file that was asked for, with the bytes that were fetched for it."""
    refs = {name: ref for name in type(fetched).model_fields if isinstance(ref := getattr(fetched, name), BlobRef)}
    return asked.model_copy(update=refs)


def _without(state: State, file_id: str) -> State:
    return replace(state, left={key: asked for key, asked in state.left.items() if key != file_id})


@dataclass(frozen=True)
class ReadFiles:
    """Read each file that is left."""

    files: tuple[Data, ...]


@dataclass(frozen=True)
class EndRun:
    """Nothing is left to read."""


Action = ReadFiles | EndRun


def next_action(state: State) -> Action | None:
    """The action that is left, or None."""
    if state.request is None or state.finished:
        return None
    return ReadFiles(tuple(state.left.values())) if state.left else EndRun()


@dataclass(frozen=True)
class Ended:
    """Nothing was left to read."""


Outcome = StageEvent | Ended
"""A file that was read or refused, or the end."""


def decide(kind: AddedKind, state: State, outcome: Outcome) -> tuple[Event, ...]:
    """The facts an outcome adds; none about a file that was removed meanwhile."""
    if state.request is None or state.finished:
        return ()
    if isinstance(outcome, StageEvent):
        return (outcome,) if outcome.natural_key() in state.left else ()
    about = {"course_id": state.request.course_id, "run_id": state.request.run_id}
    counts = {kind.counted: state.read, "refused": state.refused}
    return () if state.left else (kind.finished.model_validate({**about, **counts}),)


def plan(kind: AddedKind, state: State) -> dict[str, Any]:
    """The fields of the event of a start."""
    return {kind.planned: len(state.left) + state.read + state.refused}


def added_core(kind: AddedKind) -> Core[State, Action, Outcome]:
    """The core of the stage that reads files of a kind."""
    return Core(State(), partial(evolve, kind), next_action, partial(decide, kind), partial(plan, kind))
