"""What is said of a course in the making."""

from datetime import UTC, datetime
from typing import get_args

from services.gateway.fold.making import Making, Said
from shared.engine.types import PathwayModule
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.base import BlobRef
from shared.events.gateway import ModulesRequested, SourceFacts
from shared.events.modules import ModulesFailed, ModuleWritten
from shared.pipeline import PIPELINE
from shared.schemas.live_messages import MESSAGES

_BLOB = BlobRef(key="k", sha256="0" * 64, size=1, media_type="application/json")
_MODULES = {
    id_: PathwayModule(id=id_, title=f"About {id_}", description="", estimated_minutes=5, sections=(), document_ids=())
    for id_ in ("a", "b", "c")
}

_MESSAGES = {get_args(one.model_fields["event"].annotation)[0]: one for one in MESSAGES}


def asked(run_id: str, *module_ids: str) -> ModulesRequested:
    return ModulesRequested(
        course_id="c", run_id=run_id, owner="o", course_title="", sources=[SourceFacts(source_id="s", name="s")],
        listings={}, pathway_id="p", pathways=_BLOB, analyses=_BLOB, documents=_BLOB, complexity_level="beginner",
        module_ids=[*module_ids],
    )  # fmt: skip


def written(module_id: str, round_: int = 1) -> ModuleWritten:
    return ModuleWritten(
        course_id="c", run_id="r", module_id=module_id, order=1, title="", content=_BLOB, gate_report=_BLOB,
        round=round_, status="complete", words=1, items=1,
    )  # fmt: skip


def told(making: Making, event: Event) -> list[Said]:
    said = making.tell(Recorded(event, "e", 1, datetime(2026, 1, 1, tzinfo=UTC)), _MODULES, PIPELINE)
    for one in said:
        assert _MESSAGES[one["event"]](**one, id="1-0")  # as asyncapi.yaml describes it
    return said


def test_a_second_run_tells_no_module_twice() -> None:
    making = Making()
    first = told(making, asked("one", "a", "b"))
    assert [one["event"] for one in first] == [*["module_created", "task_created", "task_created"] * 2,
                                               "course_structure_completed"]  # fmt: skip
    assert [one["total_completed"] for one in told(making, written("a"))] == [1, 2]
    again = told(making, asked("two"))
    assert [one["module"]["id"] for one in again if one["event"] == "module_created"] == ["c"]
    assert again[-1] == {"event": "course_structure_completed", "job_id": "two"}
    assert told(making, written("a", round_=2)) == []
    assert [one["total_completed"] for one in told(making, written("c"))] == [3, 4]


def test_a_failure_names_its_stage() -> None:
    failed = ModulesFailed(course_id="c", run_id="r", error="x", message="No engine", retryable=True, attempt=1)
    assert told(Making(), failed) == [
        {"event": "generation_failed", "job_id": "r", "stage": "stage4", "message": "No engine"}
    ]
