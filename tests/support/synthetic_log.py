"""A log of many made-up courses, of every event type and every way a course can go, interleaved as in a busy system.

The same seed gives the same log. Contents are small, and shared by all courses that have as many documents.
"""

import random
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from nats.aio.client import Client

from services.gateway.fold.evolve import AUTOPILOT
from services.gateway.readmodels.payloads import Folders
from shared.docs.listing import FolderEntry, Listing
from shared.engine.types import Pathway
from shared.event_log.codec import encode
from shared.event_log.port import NewEvent
from shared.events import BlobRef, Event, EventUsage, Stream, gateway
from shared.events.base import Stage
from shared.events.courses import COURSES
from shared.events.doc_analyser import (
    DocsAnalysed,
    DocsAnalysisFailed,
    DocsAnalysisStarted,
    DocumentAnalysed,
    DocumentSkipped,
)
from shared.events.modules import (
    CourseGenerated,
    ExportRef,
    ModuleRejected,
    ModulesFailed,
    ModulesStarted,
    ModuleWritten,
)
from shared.events.pathway import PathwayProposed, PathwaysFailed, PathwaysProposed, PathwaysStarted
from shared.events.repo_clone import RepoCloned, RepoCloneFailed, RepoCloneStarted
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from shared.kernel.blobs import Blobs
from shared.kernel.ids import event_id
from tests.integration.gateway import contents

_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_AT_ONCE = 300
_SIZES = (3, 6, 12, 24)
_URL = "https://github.com/pallets/click"
_USAGE = EventUsage(model="m", calls=1, input_tokens=1200, output_tokens=300, estimated_cost_usd=0.004)


# Events with their writers, and at the end whether the run ended without success.
Told = Generator[tuple[Event, str], None, bool]


@dataclass(frozen=True)
class Contents:
    """The blobs of courses of one size; documents by id."""

    listing: BlobRef
    folders: BlobRef
    documents: dict[str, tuple[str, BlobRef]]
    pathways: tuple[tuple[Pathway, BlobRef], ...]
    modules: dict[str, BlobRef]
    course: BlobRef


async def store_contents(blobs: Blobs) -> tuple[Contents, ...]:
    """Put what the events refer to; one per size."""
    return tuple([await _store(blobs, size) for size in _SIZES])


async def _store(blobs: Blobs, size: int) -> Contents:
    paths = {f"d{number:012x}": f"docs/part-{number}.md" for number in range(size)}
    text = await blobs.put("shared", b"# Text\n", "text/markdown")
    files = tuple(contents.file_entry(path, text) for path in sorted(paths.values()))
    listing = Listing(source_id="s1", commit=contents.COMMIT, files=files)
    folders = Folders((FolderEntry(path="docs", documents=size),))
    offered = [
        contents.pathway(kind, list(paths)[::step]) for kind, step in (("complete", 1), ("quickstart", 2), ("task", 3))
    ]
    modules = {
        module.id: contents.written(module, at)
        for pathway in offered
        for at, module in enumerate(pathway.modules, start=1)
    }
    whole = contents.course("Learn it", [modules[module.id] for module in offered[0].modules])
    return Contents(
        listing=await blobs.put_model("shared", listing),
        folders=await blobs.put_model("shared", folders),
        documents={
            key: (path, await blobs.put_model("shared", contents.analysis(key, path))) for key, path in paths.items()
        },
        pathways=tuple([(one, await blobs.put_model("shared", one)) for one in offered]),
        modules={key: await blobs.put_model("shared", one) for key, one in modules.items()},
        course=await blobs.put_model("shared", whole),
    )


class _Story:
    """One course from its creation to an end of some kind, as its events in order."""

    def __init__(self, rng: random.Random, course_id: str, stored: Contents) -> None:
        self._rng = rng
        self._id = course_id
        self._stored = stored
        self._runs = 0
        self._run = ""

    def events(self) -> Iterator[tuple[Event, str]]:
        """Events and who wrote each."""
        yield from self._by_hand(
            gateway.CourseCreated(course_id=self._id, owner=f"user-{self._rng.randrange(500)}", title="Learn it")
        )
        if self._chance(0.3):
            yield from self._by_hand(
                gateway.CourseUpdated(course_id=self._id, title="Learn it \x00 now", description="All of it")
            )
        self._source = "test"
        if self._chance(0.5):
            yield from self._by_hand(gateway.GenerationRequested(course_id=self._id, repo_url=_URL))
            self._source = AUTOPILOT
        yield from self._go()
        if self._chance(0.1):
            yield from self._by_hand(gateway.CourseDeleted(course_id=self._id, by="user"))

    def _go(self) -> Iterator[tuple[Event, str]]:
        for stage in (self._clone, self._analyse, self._propose, self._write):
            for _ in range(2 if self._chance(0.1) else 1):
                ended = yield from stage()
                if ended:
                    return

    def _chance(self, probability: float) -> bool:
        return self._rng.random() < probability

    @staticmethod
    def _by_hand(event: Event) -> Iterator[tuple[Event, str]]:
        yield event, "test"

    def _fact(self, kind: type[Event], /, **fields: Any) -> Iterator[tuple[Event, str]]:
        yield kind(course_id=self._id, run_id=self._run, **fields), "worker"

    def _request(self, kind: type[Event], /, **fields: Any) -> Iterator[tuple[Event, str]]:
        self._runs += 1
        self._run = event_id(self._id, kind.__name__, str(self._runs))
        yield kind(course_id=self._id, run_id=self._run, **fields), self._source

    def _begin(self, stage: Stage, started: type[Event], failed: type[Event], **fields: Any) -> Told:
        """Attempts; True when the run ends without success."""
        yield from self._fact(started, attempt=1, worker="w", **fields)
        if self._chance(0.05):
            yield from self._fact(
                StageRetryScheduled, stage=stage, attempt=1, not_before=_BEGAN, error="busy", message="It is busy"
            )
            yield from self._fact(started, attempt=2, worker="v", **fields)
        end = self._rng.random()
        if end < 0.02:
            yield from self._fact(failed, error="refused", message="It refused", retryable=True, attempt=1)
            if end < 0.01:
                yield from self._fact(StageDead, stage=stage, reason="It refused")
            return True
        if end < 0.04:
            yield from self._fact(gateway.StageCancelRequested, stage=stage, by="user")
            yield from self._fact(StageCanceled, stage=stage, reason="asked")
            return True
        return False

    def _clone(self) -> Told:
        yield from self._request(gateway.RepoCloneRequested, source_id="s1", repo_url=_URL, owner="user")
        if (yield from self._begin("repo_clone", RepoCloneStarted, RepoCloneFailed)):
            return True
        count = len(self._stored.documents)
        yield from self._fact(
            RepoCloned, source_id="s1", repo_url=_URL, canonical_url=_URL, ref="main", commit=contents.COMMIT,
            default_branch="main", repo_name="click", files=self._stored.listing, folders=self._stored.folders,
            file_count=count, folder_count=1, document_count=count, bytes_fetched=1000,
        )  # fmt: skip
        if self._chance(0.4):
            yield from self._by_hand(
                gateway.SourcesSelected(
                    course_id=self._id, selections=[gateway.SourceSelection(source_id="s1", folders=["docs"])]
                )
            )
        return False

    def _analyse(self) -> Told:
        documents = [key for key in self._stored.documents if self._chance(0.95)] or list(self._stored.documents)
        yield from self._request(
            gateway.DocsAnalysisRequested, owner="user", complexity_level="beginner", documents=self._stored.listing,
            documents_planned=len(documents), project_name="click",
        )  # fmt: skip
        if (
            yield from self._begin(
                "doc_analyser", DocsAnalysisStarted, DocsAnalysisFailed, documents_planned=len(documents)
            )
        ):
            return True
        for key in documents:
            path, ref = self._stored.documents[key]
            if self._chance(0.05):
                yield from self._fact(DocumentSkipped, document_id=key, path=path, reason="only links")
                continue
            yield from self._fact(
                DocumentAnalysed, document_id=key, source_id="s1", path=path, sha256="0" * 64, title=path,
                doc_type="guide", complexity_level="beginner", word_count=100, analysis=ref, usage=_USAGE,
                answer_keys=["0" * 64],
            )  # fmt: skip
        yield from self._fact(
            DocsAnalysed, analysed=len(documents), skipped=0, concepts=9, analyses=self._stored.listing
        )
        if self._chance(0.2):
            revised = self._rng.choice(documents)
            yield from self._by_hand(gateway.DocumentRevised(course_id=self._id, document_id=revised, title="Better"))
        return False

    def _propose(self) -> Told:
        yield from self._request(
            gateway.PathwaysRequested, owner="user", complexity_level="beginner", analyses=self._stored.listing,
            project_name="click",
        )  # fmt: skip
        if (yield from self._begin("pathway", PathwaysStarted, PathwaysFailed)):
            return True
        offered = self._stored.pathways[: self._rng.randint(2, 3)]
        for pathway, ref in offered:
            yield from self._fact(
                PathwayProposed, pathway_id=pathway.id, kind=pathway.kind, title=pathway.title,
                description=pathway.description, complexity_level="beginner", minutes=60, prerequisites=[],
                module_count=len(pathway.modules), pathway=ref,
            )  # fmt: skip
        ids = [pathway.id for pathway, _ in offered]
        yield from self._fact(PathwaysProposed, pathway_ids=ids, smallest_distance=0.4, usage=_USAGE)
        if self._chance(0.2):
            pathway, ref = offered[0]
            yield from self._by_hand(
                gateway.PathwayRevised(
                    course_id=self._id,
                    pathway_id=pathway.id,
                    title="Mine",
                    description="",
                    pathway=ref,
                    change="edited",
                )
            )
        yield from self._by_hand(gateway.PathwaySelected(course_id=self._id, pathway_id=ids[self._chance(0.2)]))
        return False

    def _write(self) -> Told:
        pathway, ref = self._stored.pathways[0]
        modules = [module.id for module in pathway.modules]
        source = gateway.SourceFacts(source_id="s1", url=_URL, ref="main", commit=contents.COMMIT, name="click")
        yield from self._request(
            gateway.ModulesRequested, owner="user", course_title="Learn it", sources=[source], pathway_id=pathway.id,
            pathways=ref, analyses=ref, documents=ref, listings={"s1": self._stored.listing},
            complexity_level="beginner",
        )  # fmt: skip
        if (yield from self._begin("modules", ModulesStarted, ModulesFailed, module_ids=modules)):
            return True
        for order, key in enumerate(modules, start=1):
            content = self._stored.modules[key]
            if self._chance(0.1):
                yield from self._fact(ModuleRejected, module_id=key, gate_report=content, round=1)
            yield from self._fact(
                ModuleWritten, module_id=key, order=order, title=key, content=content, gate_report=content, round=2,
                status="complete", words=900, items=5, usage=_USAGE, answer_keys=["0" * 64],
            )  # fmt: skip
        exports = [ExportRef(kind=kind, blob=self._stored.course) for kind in ("json", "markdown", "site")]
        yield from self._fact(
            CourseGenerated, course_key=self._run, edition="e" * 64, pathway_id=pathway.id, course=self._stored.course,
            exports=exports, quality=self._stored.course, status="complete", modules=len(modules), items=9,
        )  # fmt: skip
        return False


def synthetic_events(count: int, stored: Sequence[Contents], seed: int = 1) -> Iterator[tuple[NewEvent, datetime]]:
    """So many events of interleaved courses, each with its writer's time. The last courses are cut off as they are."""
    rng = random.Random(seed)
    active: list[tuple[str, Iterator[tuple[Event, str]]]] = []
    courses = numbers = 0
    while numbers < count:
        if len(active) < _AT_ONCE:
            course_id = f"{courses:08x}-0000-7000-8000-{rng.getrandbits(48):012x}"
            active.append((course_id, _Story(random.Random(rng.random()), course_id, rng.choice(stored)).events()))
            courses += 1
        at = rng.randrange(len(active))
        course_id, story = active[at]
        try:
            event, source = next(story)
        except StopIteration:
            active[at] = active[-1]
            active.pop()
            continue
        numbers += 1
        identity = event_id(course_id, type(event).__name__, str(numbers))
        yield NewEvent(event, identity, source, "c", "d"), _BEGAN + timedelta(milliseconds=7 * numbers)


async def publish_all(nc: Client, events: Iterator[tuple[NewEvent, datetime]], stream: Stream = COURSES) -> int:
    """Store them in order, many in flight; their number. The writers are one here, so that no expectation is needed."""
    js = nc.jetstream(publish_async_max_pending=2000)
    count = 0
    for new, time in events:
        subject, headers, body = encode(new, time)
        await js.publish_async(subject, body, headers=headers | {"Nats-Expected-Stream": stream.name})
        count += 1
    await js.publish_async_completed()
    stored = (await js.stream_info(stream.name)).state.messages
    if stored != count:
        raise AssertionError(f"{stored} of {count} events are stored")
    return count
