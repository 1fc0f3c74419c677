"""A course in the making as front ends of a classroom follow it: modules, their tasks, and how many are done. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.engine.types import PathwayModule
from shared.event_log.port import Recorded
from shared.events.base import StageFailure
from shared.events.gateway import ModulesRequested
from shared.events.modules import CourseGenerated, ModuleWritten
from shared.events.stage import StageCanceled, StageDead
from shared.pipeline import Pipeline

Said = dict[str, Any]

_COLORS = ("#2d3748", "#2c5282", "#276749", "#97266d", "#9c4221", "#553c9a")
# Each module is a lesson and a quiz.
_TASKS = (("lesson", "learning_material", "{}"), ("quiz", "quiz", "{} - Quiz"))


@dataclass
class Making:
    """The modules that were told, and those that are written. What is told of a fact follows from the facts before it,
    so every process says the same.
    """

    told: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)

    def tell(self, fact: Recorded, planned: Mapping[str, PathwayModule], pipeline: Pipeline) -> list[Said]:
        """What is said of a fact. `planned`: the modules on offer, for a request for stage 4."""
        match fact.event:
            case ModulesRequested() as asked:
                modules = [*self._structure(planned, asked.module_ids)]
                return [*modules, {"event": "course_structure_completed", "job_id": asked.run_id}]
            case ModuleWritten(module_id=module_id) if module_id in self.told - self.written:
                self.written.add(module_id)
                done = (len(self.written) - 1) * len(_TASKS)
                return [
                    {"event": "task_completed", "task": {"id": f"{module_id}-{kind}"}, "total_completed": done + place}
                    for place, (kind, *_) in enumerate(_TASKS, start=1)
                ]
            case CourseGenerated() as made:
                return [{"event": "generation_completed", "job_id": made.run_id, "status": made.status}]
            case StageFailure() | StageDead() | StageCanceled() as failed:
                row = pipeline.stage_of(failed)
                stage = pipeline.by_name[failed.stage] if isinstance(failed, StageDead | StageCanceled) else row
                message = failed.message if isinstance(failed, StageFailure) else failed.reason
                return [
                    {"event": "generation_failed", "job_id": failed.run_id, "stage": stage.key if stage else "",
                     "message": message}
                ]  # fmt: skip
            case _:
                return []

    def _structure(self, planned: Mapping[str, PathwayModule], asked: Sequence[str]) -> list[Said]:
        said: list[Said] = []
        for place, module in enumerate(planned[one] for one in asked or planned if one in planned):
            if module.id in self.told:
                continue
            self.told.add(module.id)
            shown = {"id": module.id, "name": module.title, "color": _COLORS[place % len(_COLORS)], "ordering": place}
            said.append({"event": "module_created", "module": shown})
            for ordering, (kind, task_type, name) in enumerate(_TASKS):
                task = {"id": f"{module.id}-{kind}", "module_id": module.id, "ordering": ordering, "type": task_type,
                        "name": name.format(module.title)}  # fmt: skip
                said.append({"event": "task_created", "task": task})
        return said
