"""Stage 2, pure: which documents are planned, which are done, and what follows from that."""

from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from shared.events import BlobRef, Event, EventUsage
from shared.events.doc_analyser import DocsAnalysed, DocumentAnalysed, DocumentSkipped
from shared.events.gateway import DocsAnalysisRequested
from shared.stage.port import Core


@dataclass(frozen=True)
class State:
    """A run: its request, and what is recorded of each document."""

    request: DocsAnalysisRequested | None = None
    analysed: dict[str, DocumentAnalysed] = field(default_factory=dict)
    skipped: dict[str, DocumentSkipped] = field(default_factory=dict)
    finished: bool = False


def evolve(state: State, event: Event) -> State:
    """The state after an event; events of other runs leave it as it is."""
    match event:
        case DocsAnalysisRequested() if state.request is None:
            return replace(state, request=event)
        case DocumentAnalysed() if _mine(state, event.run_id):
            return replace(state, analysed=state.analysed | {event.document_id: event})
        case DocumentSkipped() if _mine(state, event.run_id):
            return replace(state, skipped=state.skipped | {event.document_id: event})
        case DocsAnalysed() if _mine(state, event.run_id):
            return replace(state, finished=True)
        case _:
            return state


def _mine(state: State, run_id: str) -> bool:
    return state.request is not None and state.request.run_id == run_id


@dataclass(frozen=True)
class AnalyseDocuments:
    """Analyse every document of the request that is neither analysed nor skipped."""

    request: DocsAnalysisRequested
    done: frozenset[str]


@dataclass(frozen=True)
class ConnectConcepts:
    """Build the concept graph over all analyses."""

    request: DocsAnalysisRequested
    analysed: tuple[DocumentAnalysed, ...]
    skipped: tuple[DocumentSkipped, ...]


Action = AnalyseDocuments | ConnectConcepts


def next_action(state: State) -> Action | None:
    """The action that is left, or None."""
    if state.request is None or state.finished:
        return None
    done = frozenset(state.analysed) | frozenset(state.skipped)
    if len(done) < state.request.documents_planned:
        return AnalyseDocuments(state.request, done)
    return ConnectConcepts(state.request, tuple(state.analysed.values()), tuple(state.skipped.values()))


@dataclass(frozen=True)
class Connected:
    """The concept graph is stored with all analyses."""

    analyses: BlobRef
    concepts: int
    makers: BlobRef | None = None


Outcome = DocumentAnalysed | DocumentSkipped | Connected


def decide(state: State, outcome: Outcome) -> tuple[Event, ...]:
    """The facts an outcome adds."""
    if state.request is None or state.finished:
        return ()
    course_id, run_id = state.request.course_id, state.request.run_id
    match outcome:
        case DocumentAnalysed() | DocumentSkipped():
            return () if outcome.document_id in state.analysed | state.skipped else (outcome,)
        case Connected(analyses, concepts, makers):
            return (
                DocsAnalysed(
                    course_id=course_id, run_id=run_id, analysed=len(state.analysed), skipped=len(state.skipped),
                    concepts=concepts, analyses=analyses, makers=makers,
                    usage=sum((event.usage for event in state.analysed.values()), EventUsage()),
                ),
            )  # fmt: skip
        case _:
            assert_never(outcome)


def plan(state: State) -> dict[str, Any]:
    """The fields of the event of a start."""
    assert state.request is not None
    return {"documents_planned": state.request.documents_planned}


CORE: Core[State, Action, Outcome] = Core(State(), evolve, next_action, decide, plan)
