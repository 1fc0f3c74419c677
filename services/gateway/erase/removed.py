"""The blobs of documents and lectures that were removed from a course. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from shared.events import BlobRef, Event
from shared.events.documents import DocumentRead
from shared.events.gateway import DocumentDeleted, DocumentUploaded, LectureAdded, LectureRemoved
from shared.events.lectures import LectureTranscribed
from shared.events.repo_clone import RepoCloned


def blobs_of_removed(events: Iterable[Event]) -> set[str]:
    """Keys of the blobs of what was removed, and that nothing has that is left. The answer to the removal deletes most
    of them; a gateway that died before it leaves them.
    """
    kept: dict[str, set[str]] = defaultdict(set)
    gone: set[str] = set()
    for event in events:
        match event:
            case RepoCloned():
                kept[event.source_id] |= _keys(event.files, event.folders, event.navigation)
            case DocumentUploaded():
                kept[event.document_id] |= _keys(event.blob)
            case DocumentRead():
                kept[event.document_id] |= _keys(event.text, event.pages, event.files)
            case LectureAdded():
                kept[event.lecture_id] |= _keys(event.captions, event.chapters, event.recording)
            case LectureTranscribed():
                kept[event.lecture_id] |= _keys(event.captions, event.text, event.times, event.files)
            case DocumentDeleted():
                gone |= kept.pop(event.document_id, set())
            case LectureRemoved():
                gone |= kept.pop(event.lecture_id, set())
            case _:
                pass
    return gone.difference(*kept.values())


def _keys(*refs: BlobRef | None) -> set[str]:
    return {ref.key for ref in refs if ref is not None}
