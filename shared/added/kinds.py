"""The kinds of files that users add, as values: the events that tell of a file, and the names of their fields.

Each event about one file has the file's id as its natural key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.events import Event, documents, gateway, lectures
from shared.events.base import CourseEvent, Data, FileRemoved, Stage, StageEvent, StageStarted


@dataclass(frozen=True)
class AddedKind:
    """One kind. `noun` names a file in texts and, with endings, in fields; `counted` is the field of `finished` that
    has the number of files that were read, `fetched` the event about the bytes of a file that lay elsewhere.
    """

    stage: Stage
    noun: str
    asked: type[Data]
    added: type[CourseEvent]
    removed: type[FileRemoved]
    requested: type[StageEvent]
    started: type[StageStarted]
    read: type[StageEvent]
    refused: type[StageEvent]
    finished: type[StageEvent]
    counted: str
    fetched: type[StageEvent] | None = None

    @property
    def key(self) -> str:
        """The field that has the id of a file."""
        return f"{self.noun}_id"

    @property
    def planned(self) -> str:
        """The field of `started` that has the number of files of the run."""
        return f"{self.noun}s_planned"

    def id_of(self, file: object) -> str:
        """The id of a file, from anything that has it."""
        return str(getattr(file, self.key))

    def files_of(self, holder: object) -> tuple[Any, ...]:
        """The files that a request, or the state of a course, lists."""
        return tuple(getattr(holder, f"{self.noun}s"))

    def is_fetched(self, event: Event) -> bool:
        """Whether an event says that the bytes of a file of this kind came."""
        return self.fetched is not None and isinstance(event, self.fetched)

    def listing(self, files: Iterable[object]) -> Mapping[str, Any]:
        """The field in which a request, or the state of a course, lists files."""
        return {f"{self.noun}s": files}

    def asked_for(self, file: object) -> Data:
        """A file as a request names it, from an event or a state that says more of it."""
        return self.asked.model_validate(file, from_attributes=True)


DOCUMENTS = AddedKind(
    "documents", "document", gateway.DocumentAsked, gateway.DocumentUploaded, gateway.DocumentDeleted,
    gateway.DocumentsRequested, documents.DocumentsStarted, documents.DocumentRead, documents.DocumentRefused,
    documents.DocumentsRead, "read",
)  # fmt: skip
LECTURES = AddedKind(
    "lectures", "lecture", gateway.LectureAsked, gateway.LectureAdded, gateway.LectureRemoved,
    gateway.LecturesRequested, lectures.LecturesStarted, lectures.LectureTranscribed, lectures.LectureRefused,
    lectures.LecturesTranscribed, "transcribed", lectures.LectureFetched,
)  # fmt: skip
KINDS = (DOCUMENTS, LECTURES)
_ADDING: Mapping[type[Event], AddedKind] = {event: one for one in KINDS for event in (one.added, one.removed)}


def kind_adding(event: Event) -> AddedKind | None:
    """The kind of the file that an event adds to a course or removes from it."""
    return _ADDING.get(type(event))
