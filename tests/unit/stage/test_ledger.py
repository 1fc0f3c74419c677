"""A run believes what its own stage says of its course, not what another stage says of the run."""

from datetime import UTC, datetime

import pytest

from shared.events.base import Stage, StageEvent
from shared.events.gateway import StageCancelRequested
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from shared.pipeline import PIPELINE
from shared.stage.ledger import Ledger, LedgerFold
from tests.unit.stage.world import CORE, State

FOLD = LedgerFold(PIPELINE.by_name["doc_analyser"], CORE, "run")
FRESH: Ledger[State] = Ledger(State(), 1)
LATER = datetime(2026, 1, 1, tzinfo=UTC)


def said_of_the_run(stage: Stage) -> list[StageEvent]:
    """Everything that names a stage, of one run."""
    return [
        StageDead(course_id="c", run_id="run", stage=stage, reason="x"),
        StageCanceled(course_id="c", run_id="run", stage=stage, reason="x"),
        StageRetryScheduled(
            course_id="c", run_id="run", stage=stage, attempt=1, not_before=LATER, error="e", message="m"
        ),
        StageCancelRequested(course_id="c", run_id="run", stage=stage, by="ann"),
    ]  # fmt: skip


@pytest.mark.parametrize("event", said_of_the_run("repo_clone"), ids=lambda event: type(event).__name__)
def test_another_stage_cannot_end_cancel_or_delay_a_run(event: StageEvent) -> None:
    assert FOLD.step(FRESH, event, 2) == Ledger(State(), 2)


@pytest.mark.parametrize("event", said_of_the_run("doc_analyser"), ids=lambda event: type(event).__name__)
def test_its_own_stage_can(event: StageEvent) -> None:
    assert FOLD.step(FRESH, event, 2) != Ledger(State(), 2)
