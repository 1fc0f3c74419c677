"""A course as a decision sees it: its state and its product. Pure."""

from dataclasses import dataclass

from services.gateway.course.commands import Emit, Steps
from services.gateway.course.product import GatewayStage, Product
from services.gateway.course.refusals import not_now, out_of_turn
from services.gateway.course.state import CourseState, StageRun
from services.gateway.fold.next_stage import next_stage
from services.gateway.fold.outdated import outdated_stages
from services.gateway.fold.statuses import course_status
from shared.events.base import Stage
from shared.events.gateway import StageCancelRequested
from shared.kernel.errors import MENDED_ELSEWHERE
from shared.kernel.refusals import Refusal, Same
from shared.pipeline import StageRow

Decision = Steps | Same | Refusal


@dataclass(frozen=True)
class Now:
    """The course as it is."""

    state: CourseState
    product: Product

    @property
    def next_stage(self) -> Stage | None:
        return next_stage(self.state, self.product)

    @property
    def outdated(self) -> frozenset[Stage]:
        return outdated_stages(self.state, self.product)

    def side(self, stage: Stage) -> GatewayStage:
        """The gateway's side of a stage."""
        return self.product.by_name[stage]

    def missing_before(self, stage: Stage) -> StageRow | None:
        return self.product.missing_before(self.state, self.side(stage).row)

    def not_now(self, code: str, detail: str) -> Refusal:
        """The refusal of a request that the course's status does not allow."""
        return not_now(code, detail, course_status(self.state, self.product).status)

    def out_of_turn(self, first: str) -> Refusal:
        """A step whose turn has not come, and what to do first."""
        return out_of_turn(course_status(self.state, self.product).status, first)

    def stops(self, by: str) -> tuple[Emit, ...]:
        """The requests to stop the runs at work, but for those that were asked to stop already."""
        course_id, running = self.state.course_id, self.state.running
        return tuple(
            Emit(StageCancelRequested(course_id=course_id, run_id=run.run_id, stage=stage, by=by))
            for stage, run in running
            if not run.cancel_requested
        )

    def first_do(self, missing: StageRow) -> Refusal:
        """A step that needs what another stage makes."""
        asking = self.side(missing.name).asking
        return self.out_of_turn(f"{asking.first}: POST {asking.path}.")

    def would_fail_again(self, stage: Stage, run: StageRun) -> Refusal | None:
        """Of a run that failed for good, when nothing mends it but other inputs or another source."""
        if run.status != "FAILURE" or run.retryable or run.error in MENDED_ELSEWHERE:
            return None
        again = "POST generate starts anew" if run.plan else "Ask for it with other inputs"
        return self.not_now("not_retryable", f"{self.side(stage).row.key} would fail again: {run.message}. {again}.")
