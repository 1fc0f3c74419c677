"""A user of the simulation: what might be asked next of a course in its present state, and things out of turn."""

from functools import partial
from random import Random

from services.gateway.course.commands import (
    AddFile,
    AddModule,
    CancelGeneration,
    CancelStage,
    Command,
    DeleteCourse,
    DeleteModule,
    EditPathway,
    Generate,
    OrderModules,
    PathwayChange,
    RemoveFile,
    ResumeGeneration,
    RetryStage,
    ReviseDocument,
    RevisePathway,
    RunStage,
    SelectPathway,
    SelectSources,
    UpdateCourse,
)
from services.gateway.course.state import CourseState
from shared.events import BlobRef
from shared.kernel.blobs import Blobs
from shared.kernel.ids import content_id
from shared.pipeline import PIPELINE

URL = "https://github.com/pallets/click"
_CLONE = {"repo_url": URL, "ref": "", "credential_id": None}
_BEGINNER = {"complexity_level": "beginner"}


def choose_command(random: Random, state: CourseState) -> Command:
    """Mostly what makes sense now, sometimes what does not; now and then something about a document or a lecture."""
    if state.exists and state.seq % 5 == 2:
        return _of_lectures(state) if state.seq % 10 == 7 else _of_documents(state)
    chosen = random.choice(_sensible(random, state) if random.random() < 0.75 else _anything(random, state))
    return _of_the_whole(state, chosen)


def _of_documents(state: CourseState) -> Command:
    """An upload, or a deletion; no chance, because the sequence is one."""
    if state.documents and state.seq % 2:
        return RemoveFile("documents", state.documents[0].document_id, "ann")
    name = f"u{state.seq % 7}"
    return AddFile("documents", name, f"{name}.pdf", name, {"blob": partial(_store, name)}, {})


def _of_lectures(state: CourseState) -> Command:
    """A lecture, or the removal of one; no chance either. Some lie at an address, and some of these move."""
    if state.lectures and state.seq % 3 == 0:
        return RemoveFile("lectures", state.lectures[0].lecture_id, "ann")
    name = f"l{state.seq % 7}"
    fields = {"session_id": name, "title": name}
    if state.seq % 7 in {2, 3}:
        fields |= {"stream_url": f"https://example.org/{state.seq}.vtt", "captions_url": ""}
        return AddFile("lectures", name, f"{name}.vtt", name, {}, fields)
    return AddFile("lectures", name, f"{name}.vtt", name, {"captions": partial(_store, name)}, fields)


async def _store(name: str, blobs: Blobs, course_id: str) -> BlobRef:
    return BlobRef(key=f"courses/{course_id}/{name}", sha256=name * 32, size=9, media_type="text/plain")


def _of_the_whole(state: CourseState, chosen: Command) -> Command:
    """Now and then for the course as a whole what was chosen for a stage; no chance, so seeds stay as they are."""
    is_due = state.seq % 3 == 0
    if isinstance(chosen, CancelStage) and is_due:
        return CancelGeneration("ann")
    return ResumeGeneration() if isinstance(chosen, RetryStage) and is_due else chosen


def _sensible(random: Random, state: CourseState) -> list[Command]:
    if state.running:
        stage = state.running[0][0]
        return [CancelStage(stage, "ann"), UpdateCourse(f"title {random.randrange(3)}"), RetryStage(stage)]
    failed = [stage for stage, run in state.runs.items() if run.status in {"FAILURE", "REVOKED"}]
    if failed:
        return [RetryStage(failed[-1]), RetryStage(failed[-1]), _generate(random)]
    if state.generated is not None:
        return [
            *_anything(random, state),
            UpdateCourse(generate=True),
            RunStage("modules", {"additional_info": "again"}),
        ]
    if state.offers:
        offer = random.choice(state.offers)
        return [
            SelectPathway(offer.pathway_id, start_next=True), SelectPathway(offer.pathway_id, start_next=False),
            _revise_pathway(random, state), RunStage("modules", {}),
        ]  # fmt: skip
    if state.analysis is not None:
        return [RunStage("pathway", _BEGINNER), _revise_document(random, state)]
    if state.source is not None:
        return [RunStage("doc_analyser", _BEGINNER), _select(random)]
    return [RunStage("repo_clone", _CLONE), _generate(random)]


def _anything(random: Random, state: CourseState) -> list[Command]:
    return [
        _generate(random), RunStage("repo_clone", _CLONE), _select(random), RunStage("doc_analyser", {}),
        _revise_document(random, state), RunStage("pathway", {}), _revise_pathway(random, state),
        SelectPathway("p-complete", start_next=bool(random.randrange(2))),
        RunStage("modules", {"module_ids": ["m-complete-0"] if random.randrange(2) else []}),
        CancelStage(random.choice(PIPELINE).name, "ann"), RetryStage(random.choice(PIPELINE).name),
        UpdateCourse(None, "described"), DeleteCourse("ann"),
    ]  # fmt: skip


def _generate(random: Random) -> Generate:
    return Generate(URL, "", "beginner", "", "offline", random.choice(("auto", "auto", "reference", "task")))


def _select(random: Random) -> SelectSources:
    folders = random.choice(((), ("docs",), ("examples",)))
    return SelectSources(folders, None, (), _BEGINNER if random.randrange(2) else None)


def _revise_document(random: Random, state: CourseState) -> ReviseDocument:
    source_id = state.source.source_id if state.source is not None else ""
    known = sorted(state.revisions) or [content_id("d", source_id, "README.md")]
    return ReviseDocument(random.choice(known), {"title": f"revised {random.randrange(2)}"})


def _revise_pathway(random: Random, state: CourseState) -> RevisePathway:
    pathway_id = random.choice([offer.pathway_id for offer in state.offers] or ["p-complete"])
    kind = pathway_id.removeprefix("p-")
    changes: list[PathwayChange] = [
        EditPathway(f"edited {random.randrange(3)}", None), DeleteModule(f"m-{kind}-0"),
        OrderModules((f"m-{kind}-1", f"m-{kind}-0")), AddModule("new", "", ("d1",), None, None),
    ]  # fmt: skip
    return RevisePathway(pathway_id, random.choice(changes))
