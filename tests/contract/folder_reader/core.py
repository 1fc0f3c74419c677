"""The files of a folder that are read, and those left to read. Pure."""

from dataclasses import dataclass, field, replace
from typing import Any

from shared.events import BlobRef, Event
from shared.stage.port import Core
from tests.contract.folder_reader.events import (
    FileRead,
    FolderRead,
    FolderReadRequested,
)


@dataclass(frozen=True)
class State:
    request: FolderReadRequested | None = None
    read: dict[str, BlobRef] = field(default_factory=dict)
    finished: bool = False


def evolve(state: State, event: Event) -> State:
    match event:
        case FolderReadRequested() if state.request is None:
            return replace(state, request=event)
        case FileRead() if state.request is not None and event.run_id == state.request.run_id:
            return replace(state, read={**state.read, event.path: event.text})
        case FolderRead() if state.request is not None and event.run_id == state.request.run_id:
            return replace(state, finished=True)
        case _:
            return state


@dataclass(frozen=True)
class ReadFolder:
    request: FolderReadRequested
    read: dict[str, BlobRef]


def next_action(state: State) -> ReadFolder | None:
    return None if state.request is None or state.finished else ReadFolder(state.request, state.read)


@dataclass(frozen=True)
class Stored:
    path: str
    text: BlobRef


@dataclass(frozen=True)
class Listed:
    listing: BlobRef
    folders: BlobRef


Outcome = Stored | Listed


def decide(state: State, outcome: Outcome) -> tuple[Event, ...]:
    request = state.request
    if request is None or state.finished:
        return ()
    about = {"course_id": request.course_id, "run_id": request.run_id}
    match outcome:
        case Stored(path, text):
            return () if path in state.read else (FileRead(**about, path=path, text=text),)
        case Listed(listing, folders):
            whole = FolderRead(
                **about, source_id=request.source_id, folder=request.folder, listing=listing, folders=folders
            )
            return (whole,)


def plan(state: State) -> dict[str, Any]:
    return {"files_planned": 3}


CORE: Core[State, ReadFolder, Outcome] = Core(State(), evolve, next_action, decide, plan)
