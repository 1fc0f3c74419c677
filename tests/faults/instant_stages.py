"""The stages with their real cores, and effects that have the whole outcome at once: for faults of the shell."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

from services.doc_analyser import core as doc_analyser
from services.documents import core as documents
from services.lectures import core as lectures
from services.modules import core as modules
from services.pathway import core as pathway
from services.repo_clone import core as repo_clone
from shared.added.core import Ended
from shared.events import BlobRef
from shared.events.base import Stage, StageEvent
from shared.events.pathway import PathwaysProposed
from shared.events.repo_clone import RepoCloned
from shared.kernel.ids import new_id
from shared.kernel.settings import StageSettings
from shared.pipeline import PIPELINE, StageRow
from shared.schemas.samples import SAMPLES
from shared.stage.app import StageSpec
from shared.stage.port import Core, Run

_REF = BlobRef(key="k", sha256="0" * 64, size=1, media_type="application/json")


@dataclass(frozen=True)
class _Instant:
    """Effects that have the whole outcome at once."""

    outcome: Callable[[Run], object]

    async def perform(self, action: object, run: Run) -> AsyncGenerator[object, None]:
        yield self.outcome(run)


def _cloned(run: Run) -> RepoCloned:
    return RepoCloned(
        course_id=run.course_id, run_id=run.run_id, repo_url="https://example.org/a", source_id="s1",
        canonical_url="https://example.org/a", ref="main", commit="1" * 40, default_branch="main", repo_name="a",
        files=_REF, folders=_REF, file_count=1, folder_count=0, document_count=1, bytes_fetched=1,
    )  # fmt: skip


def _offered(run: Run) -> PathwaysProposed:
    return PathwaysProposed(course_id=run.course_id, run_id=run.run_id, pathway_ids=[], smallest_distance=0.0)


def instant_specs() -> list[StageSpec]:
    """All stages; each has its result at once."""
    assembled = modules.Assembled(
        course_key="k",
        edition="e",
        course=_REF,
        exports=(),
        quality=_REF,
        status="complete",
        modules=0,
        items=0,
        title="T",
        minutes=0,
    )
    done: dict[Stage, tuple[Core[Any, Any, Any], Callable[[Run], object]]] = {
        "repo_clone": (repo_clone.CORE, _cloned),
        "doc_analyser": (doc_analyser.CORE, lambda _: doc_analyser.Connected(_REF, 0)),
        "pathway": (pathway.CORE, _offered),
        "modules": (modules.CORE, lambda _: assembled),
        "documents": (documents.CORE, lambda _: Ended()),
        "lectures": (lectures.CORE, lambda _: Ended()),
    }
    return [
        StageSpec(PIPELINE.by_name[name], core, StageSettings, lambda _, __, outcome=outcome: _Instant(outcome))  # type: ignore[misc]
        for name, (core, outcome) in done.items()
    ]


def empty_request(row: StageRow, course_id: str) -> StageEvent:
    """A request with nothing in it to work on."""
    (sample,) = [event for event in SAMPLES if isinstance(event, row.request)]
    empty = {"documents_planned": 0, "module_ids": [], "kept_modules": {}, "documents": [], "lectures": []}
    known = {name: value for name, value in empty.items() if isinstance(getattr(sample, name, None), type(value))}
    return sample.model_copy(update={"course_id": course_id, "run_id": new_id(), **known})
