"""Workers by hand: each method appends what a stage would, so that a test decides when."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from services.gateway.readmodels.payloads import Folders
from shared.docs.document_text import LinePlace
from shared.docs.listing import FileEntry, FolderEntry, LinePlaces, LineTimes, Listing, PageStarts
from shared.docs.pdf.cited import PagePictures
from shared.engine.payloads import AnalysisSet, DocumentInputs, PathwaySet
from shared.engine.types import Pathway
from shared.event_log.port import EventLog, NewEvent, Recorded
from shared.events import Event, gateway
from shared.events.base import Stage, StageEvent
from shared.events.doc_analyser import DocsAnalysed, DocsAnalysisStarted, DocumentAnalysed
from shared.events.documents import DocumentRead, DocumentRefused, DocumentsRead, DocumentsStarted
from shared.events.lectures import (
    LectureFetched,
    LectureRefused,
    LecturesStarted,
    LecturesTranscribed,
    LectureTranscribed,
)
from shared.events.modules import CourseGenerated, ExportRef, ModulesStarted, ModuleWritten
from shared.events.pathway import PathwayProposed, PathwaysProposed, PathwaysStarted
from shared.events.repo_clone import RepoCloned, RepoCloneStarted
from shared.events.stage import StageCanceled
from shared.kernel.blobs import JSON, Blobs
from shared.kernel.ids import content_id, event_id
from shared.sources.address import source_id_of
from tests.integration.gateway import contents

PICTURE = b"\x89PNG\r\n\x1a\n"
R = TypeVar("R", bound=StageEvent)


class Workers:
    """All four stages over one log and one blob store."""

    def __init__(self, log: EventLog, blobs: Blobs) -> None:
        self._log = log
        self._blobs = blobs

    async def append(self, *events: Event) -> int:
        """As a stage would: ids from the run, whatever the course's last sequence is."""
        course_id = events[0].aggregate_id
        new = [
            NewEvent(
                event,
                event_id(getattr(event, "run_id", "-"), type(event).__name__, event.natural_key()),
                "test",
                "",
                "",
            )
            for event in events
        ]
        return await self._log.append(new, await self._log.last_seq(course_id))

    async def request(self, course_id: str, kind: type[R]) -> R:
        """The latest request of a kind."""
        return [r.event for r in await self._log.read(course_id) if isinstance(r.event, kind)][-1]

    async def recorded(self, course_id: str) -> list[Recorded]:
        return await self._log.read(course_id)

    async def cancel(self, course_id: str, stage: Stage, run_id: str) -> int:
        """A worker that heard of the request to stop."""
        return await self.append(StageCanceled(course_id=course_id, run_id=run_id, stage=stage, reason="asked"))

    async def start_clone(self, course_id: str) -> int:
        asked = await self.request(course_id, gateway.RepoCloneRequested)
        return await self.append(RepoCloneStarted(course_id=course_id, run_id=asked.run_id, attempt=1, worker="w"))

    async def clone(
        self,
        course_id: str,
        paths: Sequence[str] = contents.PATHS,
        commit: str = contents.COMMIT,
        *,
        lose_listing: bool = False,
        is_started: bool = False,
    ) -> int:
        asked = await self.request(course_id, gateway.RepoCloneRequested)
        files = []
        for path in paths:
            blob = await self._blobs.put(course_id, f"# {path}\n".encode(), "text/markdown")
            files.append(contents.file_entry(path, blob))
        left_out = FileEntry(
            path=contents.LEFT_OUT, size=9, git_blob="1" * 40, kind="documentation", reason="changelog"
        )
        listing = Listing(source_id=source_id_of(asked.repo_url), commit=commit, files=(*files, left_out))
        folders = Folders((FolderEntry(path="docs", documents=2), FolderEntry(path="examples", documents=1)))
        stored = await self._blobs.put_model(course_id, listing)
        if lose_listing:
            stored = stored.model_copy(update={"key": f"{stored.key}-lost"})
        started = RepoCloneStarted(course_id=course_id, run_id=asked.run_id, attempt=1, worker="w")
        return await self.append(
            *(() if is_started else (started,)),
            RepoCloned(
                course_id=course_id, run_id=asked.run_id, source_id=source_id_of(asked.repo_url),
                repo_url=asked.repo_url, canonical_url=asked.repo_url, ref="main", commit=commit, default_branch="main",
                repo_name="click", files=stored,
                folders=await self._blobs.put_model(course_id, folders), file_count=len(files) + 1, folder_count=2,
                document_count=len(files), bytes_fetched=1000,
            ),
        )  # fmt: skip

    async def read_documents(self, course_id: str, refused: Collection[str] = ()) -> int:
        """Every document that was uploaded and is not read or deleted yet."""
        events = [one.event for one in await self._log.read(course_id)]
        asked = await self.request(course_id, gateway.DocumentsRequested)
        done = {
            one.document_id
            for one in events
            if isinstance(one, DocumentRead | DocumentRefused | gateway.DocumentDeleted)
        }
        left = [one for one in events if isinstance(one, gateway.DocumentUploaded) and one.document_id not in done]
        about = {"course_id": course_id, "run_id": asked.run_id}
        await self.append(DocumentsStarted(**about, attempt=1, worker="w", documents_planned=len(left)))
        for one in left:
            if one.document_id in refused:
                await self.append(
                    DocumentRefused(**about, document_id=one.document_id, error="pdf_encrypted", message="The PDF…")
                )
            else:
                await self.append(await self._read(course_id, asked.run_id, one))
        return await self.append(DocumentsRead(**about, read=len(left) - len(refused), refused=len(refused)))

    async def _read(self, course_id: str, run_id: str, one: gateway.DocumentUploaded) -> DocumentRead:
        text = await self._blobs.put(course_id, f"# {one.path}\n\n{one.blob.sha256}\n".encode(), "text/markdown")
        source_id = content_id("s", one.blob.sha256)
        starts = (1, 3) if one.blob.media_type == "application/pdf" else ()
        listing = Listing(source_id=source_id, commit="", files=(contents.file_entry(one.path, text),))
        return DocumentRead(
            course_id=course_id, run_id=run_id, document_id=one.document_id, source_id=source_id, path=one.path,
            title="Notes", text=text, pages=await self._blobs.put_model(course_id, PageStarts(starts)),
            page_count=len(starts), places=await self._blobs.put_model(course_id, LinePlaces((LinePlace(1),))),
            files=await self._blobs.put_model(course_id, listing),
            folders=await self._blobs.put_model(course_id, Folders((FolderEntry(path="", documents=1),))), reader="r",
        )  # fmt: skip

    async def start_lectures(self, course_id: str) -> str:
        """The id of the run."""
        asked = await self.request(course_id, gateway.LecturesRequested)
        about = {"course_id": course_id, "run_id": asked.run_id}
        started = LecturesStarted(**about, attempt=1, worker="w", lectures_planned=len(asked.lectures))
        if started not in [one.event for one in await self.recorded(course_id)]:
            await self.append(started)
        return asked.run_id

    async def fetch_lecture(self, course_id: str, lecture_id: str, recording: bytes, captions: bytes) -> int:
        run_id = (await self.request(course_id, gateway.LecturesRequested)).run_id
        fetched = {
            "recording": await self._blobs.put(course_id, recording, "video/mp4"),
            "captions": await self._blobs.put(course_id, captions, "text/vtt"),
        }
        return await self.append(LectureFetched(course_id=course_id, run_id=run_id, lecture_id=lecture_id, **fetched))

    async def transcribe_lectures(self, course_id: str, refused: Collection[str] = ()) -> int:
        """Every lecture of the last request."""
        asked = await self.request(course_id, gateway.LecturesRequested)
        about = {"course_id": course_id, "run_id": await self.start_lectures(course_id)}
        for one in asked.lectures:
            if one.lecture_id in refused:
                why = {"error": "captions_missing", "message": "The lecture has no captions"}
                await self.append(LectureRefused(**about, lecture_id=one.lecture_id, **why))
            else:
                await self.append(await self._transcribed(course_id, asked.run_id, one))
        done = len(asked.lectures) - len(refused)
        return await self.append(LecturesTranscribed(**about, transcribed=done, refused=len(refused)))

    async def _transcribed(self, course_id: str, run_id: str, one: gateway.LectureAsked) -> LectureTranscribed:
        captions = one.captions or await self._blobs.put(course_id, one.stream_url.encode(), "text/vtt")
        text = await self._blobs.put(course_id, f"# {one.title}\n\n{captions.sha256}\n".encode(), "text/markdown")
        source_id = content_id("s", captions.sha256)
        listing = Listing(source_id=source_id, commit="", files=(contents.file_entry(one.path, text),))
        return LectureTranscribed(
            course_id=course_id, run_id=run_id, lecture_id=one.lecture_id, source_id=source_id, path=one.path,
            captions=captions, text=text, seconds=61, reader="r",
            times=await self._blobs.put_model(course_id, LineTimes(((0, 1), (0, 1), (0, 61)))),
            files=await self._blobs.put_model(course_id, listing),
            folders=await self._blobs.put_model(course_id, Folders((FolderEntry(path="", documents=1),))),
        )  # fmt: skip

    async def analyse(self, course_id: str) -> int:
        asked = await self.request(course_id, gateway.DocsAnalysisRequested)
        started = DocsAnalysisStarted(
            course_id=course_id, run_id=asked.run_id, attempt=1, worker="w", documents_planned=asked.documents_planned
        )
        await self.append(started)
        inputs = (await self._blobs.get_model(asked.documents, DocumentInputs)).documents
        analyses = tuple(contents.analysis(one.id, one.path) for one in inputs)
        for one in analyses:
            await self.append(
                DocumentAnalysed(
                    course_id=course_id, run_id=asked.run_id, document_id=one.document_id, source_id="s1",
                    path=one.path, sha256=one.sha256, title=one.title, doc_type=one.doc_type, word_count=100,
                    complexity_level="beginner", analysis=await self._blobs.put_model(course_id, one),
                )
            )  # fmt: skip
        whole = AnalysisSet(analyses=analyses, graph=contents.graph(analyses))
        return await self.append(
            DocsAnalysed(
                course_id=course_id, run_id=asked.run_id, analysed=len(analyses), skipped=0, concepts=1,
                analyses=await self._blobs.put_model(course_id, whole),
            )
        )  # fmt: skip

    async def propose(self, course_id: str, kinds: Sequence[str] = ("complete", "quickstart", "reference")) -> int:
        asked = await self.request(course_id, gateway.PathwaysRequested)
        await self.append(PathwaysStarted(course_id=course_id, run_id=asked.run_id, attempt=1, worker="w"))
        known = await self._blobs.get_model(asked.analyses, AnalysisSet)
        ids = [one.document_id for one in known.analyses]
        offers = [contents.pathway(kind, ids if kind == "complete" else ids[:2]) for kind in kinds]
        if asked.edits is not None:
            edited = {one.id: one for one in (await self._blobs.get_model(asked.edits, PathwaySet)).pathways}
            offers = [edited.get(one.id, one) for one in offers]
        for one in offers:
            await self.append(await self._proposed(course_id, asked.run_id, one))
        return await self.append(
            PathwaysProposed(
                course_id=course_id, run_id=asked.run_id, pathway_ids=[one.id for one in offers], smallest_distance=0.5
            )
        )

    async def _proposed(self, course_id: str, run_id: str, one: Pathway) -> PathwayProposed:
        return PathwayProposed(
            course_id=course_id, run_id=run_id, pathway_id=one.id, kind=one.kind, title=one.title,
            description=one.description, complexity_level=one.complexity_level, minutes=one.estimated_minutes,
            prerequisites=list(one.prerequisites), module_count=len(one.modules),
            pathway=await self._blobs.put_model(course_id, one),
        )  # fmt: skip

    async def write(
        self, course_id: str, *, written: int = 0, stop_after: int | None = None, incomplete: Sequence[str] = ()
    ) -> int:
        """All modules and the course, or only the first few modules. `written`: how many an earlier call wrote.
        `incomplete`: modules that passed no gate.
        """
        asked = await self.request(course_id, gateway.ModulesRequested)
        if not written:
            about = {"course_id": course_id, "run_id": asked.run_id, "module_ids": asked.module_ids}
            await self.append(ModulesStarted(**about, attempt=1, worker="w"))
        offered = await self._blobs.get_model(asked.pathways, PathwaySet)
        planned = {module.id: module for pathway in offered.pathways for module in pathway.modules}
        wanted = [one for one in planned.values() if one.id in {*asked.module_ids, *asked.kept_modules}]
        modules = [contents.written(one, at) for at, one in enumerate(wanted, start=1)]
        to_write = [one for one in modules if one.module.id in asked.module_ids][written:stop_after]
        seq = 0
        for one in to_write:
            ref = await self._blobs.put_model(course_id, one)
            report = await self._blobs.put_model(course_id, one.report)
            seq = await self.append(
                ModuleWritten(
                    course_id=course_id, run_id=asked.run_id, module_id=one.module.id, order=one.module.order,
                    title=one.module.title, content=ref, gate_report=report, round=1,
                    status="incomplete" if one.module.id in incomplete else "complete", words=10, items=1,
                )
            )  # fmt: skip
        if stop_after is not None:
            return seq
        whole = contents.course(asked.course_title, modules)
        drawn = {
            one.file.sha256: {1: await self._blobs.put(course_id, PICTURE + one.file.sha256.encode(), "image/png")}
            for one in asked.sources
            if one.pages is not None and one.file is not None
        }
        return await self.append(
            CourseGenerated(
                course_id=course_id, run_id=asked.run_id, course_key="k", edition=whole.edition,
                pathway_id=asked.pathway_id, course=await self._blobs.put_model(course_id, whole),
                exports=[
                    ExportRef(kind="json", blob=await self._blobs.put_model(course_id, whole)),
                    ExportRef(kind="site", blob=await self._blobs.put(course_id, b"PK site", "application/zip")),
                ],
                quality=await self._blobs.put(course_id, b'{"Q1": {"ok": true}}', JSON),
                status="incomplete" if incomplete else "complete",
                modules=len(modules), items=len(modules), title=whole.title,
                pages=await self._blobs.put_model(course_id, PagePictures(drawn)) if drawn else None,
            )
        )  # fmt: skip
