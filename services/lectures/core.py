"""Stage 6, pure: which lectures have a text or are refused, and which are left.

A lecture that is added while a run is at work belongs to that run, and one that is removed no longer does. The log
decides: the end of a run is appended with the last sequence that was seen, so a lecture that came before it is first.
"""

from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from shared.events import Event
from shared.events.gateway import LectureAdded, LectureAsked, LectureRemoved, LecturesRequested
from shared.events.lectures import LectureRefused, LecturesTranscribed, LectureTranscribed
from shared.stage.port import Core


@dataclass(frozen=True)
class State:
    """A run: its request, the lectures that are left, and how many were transcribed and refused."""

    request: LecturesRequested | None = None
    left: dict[str, LectureAsked] = field(default_factory=dict)
    transcribed: int = 0
    refused: int = 0
    finished: bool = False


def evolve(state: State, event: Event) -> State:
    """The state after an event; events of other runs leave it as it is."""
    match event:
        case LecturesRequested() if state.request is None:
            return replace(state, request=event, left={one.lecture_id: one for one in event.lectures})
        case LectureAdded() if state.request is not None:
            asked = LectureAsked(**event.model_dump(include=set(LectureAsked.model_fields)))
            return replace(state, left={**state.left, event.lecture_id: asked})
        case LectureRemoved():
            return _without(state, event.lecture_id)
        case LectureTranscribed() if _mine(state, event.run_id):
            return replace(_without(state, event.lecture_id), transcribed=state.transcribed + 1)
        case LectureRefused() if _mine(state, event.run_id):
            return replace(_without(state, event.lecture_id), refused=state.refused + 1)
        case LecturesTranscribed() if _mine(state, event.run_id):
            return replace(state, finished=True)
        case _:
            return state


def _mine(state: State, run_id: str) -> bool:
    return state.request is not None and state.request.run_id == run_id


def _without(state: State, lecture_id: str) -> State:
    return replace(state, left={key: asked for key, asked in state.left.items() if key != lecture_id})


@dataclass(frozen=True)
class TranscribeLectures:
    """Give each lecture that is left a text."""

    lectures: tuple[LectureAsked, ...]


@dataclass(frozen=True)
class EndRun:
    """Nothing is left to transcribe."""


Action = TranscribeLectures | EndRun


def next_action(state: State) -> Action | None:
    """The action that is left, or None."""
    if state.request is None or state.finished:
        return None
    return TranscribeLectures(tuple(state.left.values())) if state.left else EndRun()


@dataclass(frozen=True)
class Ended:
    """Nothing was left to transcribe."""


Outcome = LectureTranscribed | LectureRefused | Ended


def decide(state: State, outcome: Outcome) -> tuple[Event, ...]:
    """The facts an outcome adds; none about a lecture that was removed meanwhile."""
    if state.request is None or state.finished:
        return ()
    match outcome:
        case LectureTranscribed() | LectureRefused():
            return (outcome,) if outcome.lecture_id in state.left else ()
        case Ended():
            ended = LecturesTranscribed(
                course_id=state.request.course_id, run_id=state.request.run_id, transcribed=state.transcribed,
                refused=state.refused,
            )  # fmt: skip
            return () if state.left else (ended,)
        case _:
            assert_never(outcome)


def plan(state: State) -> dict[str, Any]:
    """The fields of the event of a start."""
    return {"lectures_planned": len(state.left) + state.transcribed + state.refused}


CORE: Core[State, Action, Outcome] = Core(State(), evolve, next_action, decide, plan)
