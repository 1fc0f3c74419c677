"""The gateway's view of stages: `GatewayStage` is one stage, `Product` is the list of them.

Code that depends on the stages is given a product as an argument.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from services.gateway.course.commands import Inputs, Start, Step
from services.gateway.course.shapes import Body
from services.gateway.course.state import CourseState, Plan, StageRun
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.base import Stage, StageEvent
from shared.kernel.blobs import Blobs
from shared.kernel.refusals import Refusal
from shared.pipeline import Pipeline, StageRow


class Allowed(Protocol):
    """The settings that say which addresses of sources, and which models, may be asked for."""

    @property
    def engine_models(self) -> Sequence[str]:
        """Names of models."""
        ...

    @property
    def allow_local_repositories(self) -> bool:
        """A path of this machine."""
        ...

    @property
    def allow_http_repositories(self) -> bool:
        """An address without encryption."""
        ...

    @property
    def inward_repository_hosts(self) -> Sequence[str]:
        """Hosts inside this network."""
        ...


@dataclass(frozen=True)
class Asking:
    """The route that asks for a stage, `POST /api/courses/{course_id}/<path>`, and the words that name it: `first` is
    what a caller is told who has to do this before something else.
    """

    path: str
    operation_id: str
    summary: str
    description: str
    first: str
    body: type[Body]
    is_body_needed: bool = True


class GatewayStage(ABC):
    """The gateway's side of a stage. `takes` names the inputs it is asked for with; `shows` names the fields of its
    request that users see as inputs.
    """

    row: StageRow
    asking: Asking
    takes: tuple[str, ...]
    shows: tuple[str, ...]

    def given(self, body: Any, allowed: Allowed) -> Inputs:
        """The inputs of a caller's body. Raises Refused for what cannot be meant."""
        return {name: getattr(body, name) for name in self.takes if name in type(body).model_fields}

    def filled(self, state: CourseState, given: Inputs) -> Inputs:
        """All inputs: those that are given, the others as before or by default."""
        return given

    @abstractmethod
    def planned(self, plan: Plan) -> Inputs:
        """The inputs that an unattended run gives the stage."""

    def is_planned(self, plan: Plan) -> bool:
        """Whether an unattended run goes through the stage."""
        return self.row.unattended

    def steps(self, state: CourseState, plan: Plan, retry_of: str | None) -> tuple[Step, ...]:
        """How an unattended run asks for the stage. Raises PermanentError when the plan cannot be carried out."""
        return (Start(self.row.name, self.planned(plan), retry_of),)

    def again(self, state: CourseState, run: StageRun) -> Inputs:
        """A run's own inputs once more; those of the plan for a run that was never asked for."""
        before = self.planned(state.plan) if state.plan is not None else self.filled(state, {})
        had = {**before, **run.inputs}
        return {name: had[name] for name in self.takes if name in had}

    def is_same(self, state: CourseState, run: StageRun, inputs: Inputs) -> bool:
        """Whether a run that is at work does what is asked for."""
        return all(run.inputs.get(name) == value for name, value in inputs.items())

    def refuse(self, state: CourseState, start: Start, is_outdated: bool) -> Refusal | str | None:
        """Why the stage cannot run although the stages before it are done; a text says what to do first."""
        return None

    @abstractmethod
    async def build(self, blobs: Blobs, state: CourseState, start: Start, run_id: str) -> StageEvent:
        """The request, with all that a worker needs. Raises PermanentError or Refused when it cannot be made."""

    @abstractmethod
    def basis(self, state: CourseState) -> Sequence[object]:
        """The input a run would get now from earlier stages and from the user's choices, as JSON."""

    def digest(self, state: CourseState) -> str:
        """The basis in short: equal digests, equal inputs from the stages before."""
        parts = list(self.basis(state))
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    def requested(self, state: CourseState, event: Any) -> CourseState:
        """The course after the request, its run aside."""
        return state

    def moved(self, run: StageRun, event: Event) -> StageRun:
        """The run after a fact that says how far it is."""
        return run

    def found(self, state: CourseState, recorded: Recorded) -> CourseState:
        """The course after a fact of the run."""
        return state


@dataclass(frozen=True)
class Product:
    """The stages in order."""

    stages: tuple[GatewayStage, ...]

    @cached_property
    def pipeline(self) -> Pipeline:
        """The rows of the stages."""
        return Pipeline(side.row for side in self.stages)

    @cached_property
    def by_name(self) -> Mapping[Stage, GatewayStage]:
        """The stages by their names."""
        return {side.row.name: side for side in self.stages}

    def missing_before(self, state: CourseState, row: StageRow) -> StageRow | None:
        """The first stage before this one that has to be done: its latest run is not a success. Of stages that provide
        the same, each that was asked for has to be done, and one at least.
        """
        providers = self.pipeline.providers(row)
        for before in [one for one in providers if one.name in state.runs] or providers[:1]:
            run = state.runs.get(before.name)
            missing = self.missing_before(state, before)
            if missing is not None or run is None or run.status != "SUCCESS":
                return missing or before
        return None

    def is_free(self, state: CourseState, row: StageRow) -> bool:
        """Whether every stage that runs may run beside this one."""
        return all(self.pipeline.by_name[stage].runs_beside(row) for stage, _ in state.running)
