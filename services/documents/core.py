"""Stage 5, pure: which documents are read or refused, and which are left.

A document that is uploaded while a run is at work belongs to that run, and one that is deleted no longer does. The log
decides: the end of a run is appended with the last sequence that was seen, so an upload before it is read first.
"""

from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from shared.events import Event
from shared.events.documents import DocumentRead, DocumentRefused, DocumentsRead
from shared.events.gateway import DocumentAsked, DocumentDeleted, DocumentsRequested, DocumentUploaded
from shared.stage.port import Core


@dataclass(frozen=True)
class State:
    """A run: its request, the documents that are left, and how many were read and refused."""

    request: DocumentsRequested | None = None
    left: dict[str, DocumentAsked] = field(default_factory=dict)
    read: int = 0
    refused: int = 0
    finished: bool = False


def evolve(state: State, event: Event) -> State:
    """The state after an event; events of other runs leave it as it is."""
    match event:
        case DocumentsRequested() if state.request is None:
            return replace(state, request=event, left={one.document_id: one for one in event.documents})
        case DocumentUploaded() if state.request is not None:
            asked = DocumentAsked(**event.model_dump(include=set(DocumentAsked.model_fields)))
            return replace(state, left={**state.left, event.document_id: asked})
        case DocumentDeleted():
            return _without(state, event.document_id)
        case DocumentRead() if _mine(state, event.run_id):
            return replace(_without(state, event.document_id), read=state.read + 1)
        case DocumentRefused() if _mine(state, event.run_id):
            return replace(_without(state, event.document_id), refused=state.refused + 1)
        case DocumentsRead() if _mine(state, event.run_id):
            return replace(state, finished=True)
        case _:
            return state


def _mine(state: State, run_id: str) -> bool:
    return state.request is not None and state.request.run_id == run_id


def _without(state: State, document_id: str) -> State:
    return replace(state, left={key: asked for key, asked in state.left.items() if key != document_id})


@dataclass(frozen=True)
class ReadDocuments:
    """Read each document that is left."""

    documents: tuple[DocumentAsked, ...]


@dataclass(frozen=True)
class EndRun:
    """Nothing is left to read."""


Action = ReadDocuments | EndRun


def next_action(state: State) -> Action | None:
    """The action that is left, or None."""
    if state.request is None or state.finished:
        return None
    return ReadDocuments(tuple(state.left.values())) if state.left else EndRun()


@dataclass(frozen=True)
class Ended:
    """Nothing was left to read."""


Outcome = DocumentRead | DocumentRefused | Ended


def decide(state: State, outcome: Outcome) -> tuple[Event, ...]:
    """The facts an outcome adds; none about a document that was deleted meanwhile."""
    if state.request is None or state.finished:
        return ()
    match outcome:
        case DocumentRead() | DocumentRefused():
            return (outcome,) if outcome.document_id in state.left else ()
        case Ended():
            ended = DocumentsRead(
                course_id=state.request.course_id, run_id=state.request.run_id, read=state.read, refused=state.refused
            )
            return () if state.left else (ended,)
        case _:
            assert_never(outcome)


def plan(state: State) -> dict[str, Any]:
    """The fields of the event of a start."""
    return {"documents_planned": len(state.left) + state.read + state.refused}


CORE: Core[State, Action, Outcome] = Core(State(), evolve, next_action, decide, plan)
