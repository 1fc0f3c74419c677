"""Which blobs the projections of a fact need."""

from pydantic import BaseModel, RootModel

from services.gateway.course.state import CourseState
from shared.course.model import Course
from shared.docs.listing import FolderEntry, Listing
from shared.engine.payloads import Makers
from shared.engine.types import DocumentAnalysis, Pathway
from shared.engine.written import WrittenModule
from shared.events import BlobRef, Event
from shared.events.base import FileRemoved
from shared.events.doc_analyser import DocsAnalysed, DocumentAnalysed
from shared.events.gateway import PathwayAdded, PathwayRevised
from shared.events.modules import CourseGenerated, ModuleWritten
from shared.events.pathway import PathwaysProposed
from shared.events.repo_clone import RepoCloned


class Folders(RootModel[tuple[FolderEntry, ...]]):
    """The folders of a source, as stage 1 stores them."""


def needed(event: Event, state: CourseState) -> tuple[tuple[BlobRef, type[BaseModel]], ...]:
    """References and the types behind them; `state` is the course after the event."""
    match event:
        case RepoCloned():
            return (event.files, Listing), (event.folders, Folders)
        case DocumentAnalysed():
            return ((event.analysis, DocumentAnalysis),)
        case DocsAnalysed():
            return ((event.makers, Makers),) if event.makers is not None else ()
        case PathwaysProposed():
            return tuple((offer.pathway, Pathway) for offer in state.offers)
        case PathwayRevised() | PathwayAdded():
            return ((event.pathway, Pathway),)
        case FileRemoved():
            return tuple((ref, WrittenModule) for ref in event.kept_modules.values())
        case ModuleWritten():
            return ((event.content, WrittenModule),)
        case CourseGenerated():
            return ((event.course, Course),)
        case _:
            return ()
