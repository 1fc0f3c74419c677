"""Given, when, then: facts, a command or an outcome, and what follows from it. Pure, so no server and no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from services.gateway.course.commands import Command, Emit, Step, Steps
from services.gateway.course.product import Product
from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import fold
from services.gateway.stages.product import PRODUCT
from services.gateway.write.decide import decide
from services.gateway.write.now import Decision
from shared.event_log.port import Recorded
from shared.events import Event
from shared.kernel.refusals import Refusal, Same
from shared.stage.port import Core

S = TypeVar("S")
A = TypeVar("A")
O = TypeVar("O")

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Decided:
    """The decision of the gateway."""

    decision: Decision

    def then(self, *expected: Event | Step) -> None:
        """These events, and requests still to be built, in one piece."""
        steps = tuple(Emit(one) if isinstance(one, Event) else one for one in expected)
        assert self.decision == Steps(steps)
        told = [(type(one.event), one.event.natural_key()) for one in steps if isinstance(one, Emit)]
        assert len(set(told)) == len(told), "two events of one command have one id"

    def then_same(self, run_id: str | None = None) -> None:
        """Nothing: it is there already, and `run_id` is the run that does it."""
        assert self.decision == Same(run_id)

    def then_refused(self, code: str, *words: str) -> None:
        """A refusal that says these words."""
        assert isinstance(self.decision, Refusal), self.decision
        assert self.decision.code == code
        assert [word for word in words if word not in self.decision.detail] == []


@dataclass(frozen=True)
class Course:
    """A course after some facts."""

    state: CourseState
    product: Product

    def when(self, command: Command) -> Decided:
        """Somebody asks for this."""
        return Decided(decide(self.state, command, self.product))


def given(*events: Event, source: str = "test", product: Product = PRODUCT) -> Course:
    """A course with this history; the id of the n-th event is `e<n>`."""
    facts = [Recorded(event, f"e{seq}", seq, WHEN, source=source) for seq, event in enumerate(events, start=1)]
    return Course(fold(CourseState(), facts, product), product)


@dataclass(frozen=True)
class Run(Generic[S, A, O]):
    """A stage's run after some facts."""

    core: Core[S, A, O]
    state: S

    def when(self, outcome: O) -> "Outcomes":
        """An action came to this."""
        return Outcomes(self.core.decide(self.state, outcome))

    def then_next(self, kind: type[Any] | None) -> None:
        """The action that is left; None means that the run is whole."""
        action = self.core.next_action(self.state)
        assert action is None if kind is None else isinstance(action, kind)


@dataclass(frozen=True)
class Outcomes:
    """The facts that a stage adds."""

    events: Sequence[Event]

    def then(self, *expected: Event) -> None:
        """These facts."""
        assert tuple(self.events) == expected

    def then_nothing(self) -> None:
        """The facts have it already."""
        assert tuple(self.events) == ()


def given_run(core: Core[S, A, O], *events: Event) -> Run[S, A, O]:
    """A run of a stage with this history."""
    state = core.initial
    for event in events:
        state = core.evolve(state, event)
    return Run(core, state)
