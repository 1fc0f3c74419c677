"""One simulation: a log, a gateway, workers, a user and what goes wrong, all from one seed."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch

from services.doc_analyser.core import CORE as ANALYSER
from services.documents.core import CORE as DOCUMENTS
from services.gateway.course.commands import Command, CreateCourse
from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import fold
from services.lectures.core import CORE as LECTURES
from services.modules.core import CORE as MODULES
from services.pathway.core import CORE as PATHWAY
from services.repo_clone.core import CORE as CLONE
from shared.event_log.following import JetStreamFollowed
from shared.event_log.port import NewEvent, Recorded
from shared.events.gateway import CourseUpdated
from shared.kernel.blobs import Blobs
from shared.kernel.errors import CoursewrightError, PermanentError
from shared.kernel.refusals import Refused
from shared.pipeline import PIPELINE, StageRow
from shared.readmodels.writing import Done
from shared.stage.port import Core
from shared.stage.retries import RetryPolicy
from shared.stage.shell import StageShell
from tests.simulator.chaos import draw_chaos
from tests.simulator.commands import choose_command
from tests.simulator.durable import Delivery, Durable
from tests.simulator.effects import Work, effects_of
from tests.simulator.gateway import (
    SimulatedChores,
    SimulatedProjector,
    SimulatedWriteSide,
    is_idle,
)
from tests.simulator.jetstream import Connection, Server, Stream
from tests.simulator.loop import CURRENT, Process, SimulatedLoop
from tests.simulator.oracle import Oracle
from tests.simulator.ports import APPENDING, WRITER, Interrupts, Network, SimulatedBlobs, SimulatedLog, Switchboard
from tests.simulator.tables import DOUBLES, Tables
from tests.support.workers import inline_workers

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_ATTEMPTS = 4
_CALM_SECONDS = 4 * 3600.0
_MOST_STEPS = 60_000


@dataclass(frozen=True)
class Parts:
    """The parts that are simulated; a test replaces a part by one with a known defect."""

    log: type[JetStreamFollowed] = JetStreamFollowed
    shell: type[StageShell[Any, Any, Any]] = StageShell
    tables: type[Tables] = Tables
    # Objects in place of names of modules, as `package.module.name`.
    instead: Mapping[str, Any] = field(default_factory=dict)
    cores: Mapping[str, Core[Any, Any, Any]] = field(
        default_factory=lambda: {
            "repo_clone": CLONE,
            "doc_analyser": ANALYSER,
            "pathway": PATHWAY,
            "modules": MODULES,
            "documents": DOCUMENTS,
            "lectures": LECTURES,
        }
    )


@dataclass(frozen=True)
class Outcome:
    """The result of a seed. `broken` is empty when everything held; `seconds` are virtual."""

    seed: int
    broken: str
    events: int
    steps: int
    seconds: float
    ends: tuple[str, ...]
    trace: tuple[str, ...]


class World:
    """See `simulate`."""

    def __init__(self, seed: int, parts: Parts, *, tracing: bool) -> None:
        self.random = Random(seed)
        self.chaos = draw_chaos(self.random)
        self.loop = SimulatedLoop(self.random, self._before_step)
        self.network = Network(self.loop, self.random, self.chaos)
        self.parts, self.trace, self._tracing = parts, list[str](), tracing
        self.store = Stream(lambda: self.now(None))
        self.server = Server(self.network, self.store, self._stored, replicated=self.random.random() < 0.5)
        self.tables = parts.tables(self.network)
        self.oracle = Oracle(self.store, self.tables, _ATTEMPTS, self._tell)
        self.tables.moved = self.oracle.committed
        self.switchboard = Switchboard(self.network)
        self.blobs = Blobs(SimulatedBlobs(self.network))
        self.work = Work(self.network, self.blobs, lambda *fact: self.oracle.begins(WRITER.get(), *fact))
        self.letters: list[tuple[str, str, int]] = []
        self.processes: list[Process] = []
        self.workers: list[Process] = []
        self.shells: dict[tuple[str, str], StageShell[Any, Any, Any]] = {}
        self.durables = {
            row.request: Durable(self.network, row, lambda: self.workers, self._hand_over) for row in PIPELINE
        }
        self._writers = 0
        self.log = SimulatedLog(self._connect, self)
        self._tell(f"chaos {self.chaos}")

    # Time and processes

    def now(self, process: Process | None) -> datetime:
        """The wall clock of a process; the log's own is never off."""
        off = process.clock_offset if process is not None else 0.0
        return _BEGIN + timedelta(seconds=self.loop.time() + off)

    def _tell(self, what: str) -> None:
        if self._tracing:
            self.trace.append(f"{self.loop.time():9.2f} {what}")

    def _before_step(self, process: Process) -> None:
        if self.network.happens(self.chaos.crash):
            self._tell(f"{process.name} is killed")
            process.kill()
            if process in self.workers:
                self.workers.remove(process)
            kind = process.name.split("-")[0]
            self.network.later(None, self.random.uniform(0.2, 5.0), lambda: self.start(kind))
        elif self.network.happens(self.chaos.freeze):
            self._tell(f"{process.name} is frozen")
            process.freeze()
            self.network.later(None, self.random.choice((2.0, 20.0, 90.0)), process.thaw)

    def start(self, kind: str) -> None:
        """A new process of a kind: worker, gateway or projector."""
        process = Process(self.loop, f"{kind}-{len(self.processes)}")
        if self.network.happens(self.chaos.clock_jump):
            process.clock_offset = self.random.choice((-3600.0, -30.0, 30.0, 3600.0))
        self.processes.append(process)
        match kind:
            case "worker":
                self._build_shells(process)
                self.workers.append(process)
            case "projector":
                chores = SimulatedChores(self.tables, self.log, self.blobs)
                process.spawn(SimulatedProjector(self.store, self.tables, chores, self.blobs).run())
            case _:
                self.gateway = process

    def _build_shells(self, process: Process) -> None:
        async def publish(*_: object) -> None:
            await self.network.trip()

        for row in PIPELINE:
            self.shells[process.name, row.name] = self.parts.shell(
                row, self.parts.cores[row.name], effects_of(row.name, self.work), event_log=self.log,
                interrupts=Interrupts(self.switchboard, process), dead_letters=self, publish_progress=publish,
                workers=inline_workers,
                worker=process.name, retries=RetryPolicy(_ATTEMPTS, 5.0, 300.0, 3900.0),
                clock=lambda: self.now(process),
                spread=self.random.random,
            )  # fmt: skip

    # What the parts call

    async def put(self, stage: str, course_id: str, seq: int, body: bytes, reason: str) -> None:
        """See DeadLetters."""
        await self.network.trip()
        self.letters.append((stage, course_id, seq))

    def acknowledged(self, writer: str, events: Sequence[NewEvent], expected_seq: int, seq: int) -> None:
        """See Witness."""
        self.oracle.acknowledged(writer, events, expected_seq, seq)

    def refused_for_good(self, writer: str, error: PermanentError) -> None:
        """See Witness. No writer has a reason to send what the log would never take."""
        self.oracle.expect(False, f"an append of {writer} was refused for good: {error.message}")

    def _connect(self, process: Process | None) -> JetStreamFollowed:
        nc: Any = Connection(self.network, self.server)
        return self.parts.log(nc, clock=lambda: self.now(process))

    def _stored(self, count: int) -> None:
        """The server stored so many messages of whoever is sending now."""
        events, expected_seq = APPENDING.get()
        self._appended(WRITER.get(), events, expected_seq, len(self.store.raw))

    def _appended(self, writer: str, events: Sequence[NewEvent], expected_seq: int, seq: int) -> None:
        for item in self.oracle.appended(writer, events, expected_seq, seq):
            self._spread(item)
        if self.network.happens(self.chaos.foreign):
            self.network.outside(self._meddle(events[0].event.aggregate_id))

    def _spread(self, item: Recorded) -> None:
        self.switchboard.tell(item)
        if type(item.event) in self.durables:
            self.durables[type(item.event)].add(item)  # type: ignore[index]

    async def _meddle(self, course_id: str) -> None:
        """Another writer, at a moment that suits nobody."""
        if not fold(CourseState(), await self.store.read(course_id)).exists:
            return
        if self.random.random() < 0.5:
            self.store.store(f"course.0.{course_id}.OfALaterVersion", {}, b"{}")
            self._tell(f"#{len(self.store.stored())} is no event")
            return
        event = CourseUpdated(course_id=course_id, description=f"meddled {self.loop.steps}")
        new = NewEvent(event, f"meddled-{self.loop.steps}", "somebody", "", "")
        last = await self.store.last_seq(course_id)
        self._appended("somebody", [new], last, await self.store.append([new], last))

    def _hand_over(self, process: Process, row: StageRow, delivery: Delivery) -> None:
        self._writers += 1
        writer = f"{process.name}/{self._writers}"
        self._tell(f"request #{delivery.request.seq} is delivered to {writer}")

        async def handle() -> None:
            WRITER.set(writer)
            await delivery.hand_to(self.shells[process.name, row.name])

        process.spawn(handle())

    # The user

    async def _use(self, course_id: str) -> None:
        await self._carry_out(course_id, CreateCourse(course_id, "ann", "A course", ""))
        for _ in range(self.random.randint(2, 8)):
            await asyncio.sleep(self.random.expovariate(1 / 25))
            state = fold(CourseState(), await self.store.read(course_id))
            await self._carry_out(course_id, choose_command(self.random, state))

    async def _carry_out(self, course_id: str, command: Command) -> None:
        """With one id until there is an answer, as a client with an idempotency key does."""
        self._writers += 1
        command_id = f"command-{self._writers}"
        for number in range(self.random.randint(1, 3)):
            answer: asyncio.Future[str] = self.loop.create_future()
            self.gateway.spawn(self._answer(course_id, command, command_id, number > 0, answer))
            try:
                async with asyncio.timeout(10.0):
                    said = await answer
            except TimeoutError:
                said = "no answer"
            self._tell(f"{command_id} {command}: {said}")
            if said not in {"no answer", "unclear"}:
                return

    async def _answer(
        self, course_id: str, command: Command, command_id: str, again: bool, answer: "asyncio.Future[str]"
    ) -> None:
        WRITER.set(command_id)
        write_side = SimulatedWriteSide(self.tables, self.log, self.blobs)
        said = "unclear"
        try:
            done: Done = await write_side.execute("ann", course_id, command, command_id, asked_before=again)
            self.oracle.accepted(command_id, course_id, done.seq)
            said = f"done at {done.seq}"
        except Refused as refused:
            said = f"refused: {refused.refusal.code}"
        except CoursewrightError as error:
            said = "unclear" if error.transient else error.code
        if not answer.done():  # else the user has gone, and asked again
            answer.set_result(said)
            if not said.startswith(("unclear", "done at ")):
                self.oracle.refused(command_id)

    # The course of a simulation

    async def main(self) -> None:
        """Chaos while the user is active, then calm until nothing moves."""
        for kind in ("gateway", "projector", "worker", "worker"):
            self.start(kind)
        await asyncio.gather(*(self._use(f"course-{n}") for n in range(1 + (self.random.random() < 0.2))))
        await asyncio.sleep(self.random.uniform(0.0, 120.0))
        self._tell("calm")
        self.chaos.calm()
        for process in self.processes:
            process.thaw()
        deadline = self.loop.time() + _CALM_SECONDS
        while not self._is_quiet() and self.loop.time() < deadline:
            await asyncio.sleep(1.0)
        self.oracle.expect(self._is_quiet(), f"still at work after {_CALM_SECONDS} s of calm")
        self.oracle.finally_holds(self.letters)

    def _is_quiet(self) -> bool:
        behind = self.tables.checkpoint < len(self.store.stored())
        return not behind and is_idle(self.tables) and not any(one.waiting for one in self.durables.values())


def simulate(seed: int, parts: Parts | None = None, *, tracing: bool = False) -> Outcome:
    """Run one seed to its end, or to the first thing that does not hold."""
    parts = parts or Parts()
    before = random.getstate()
    random.seed(seed)  # the event log draws its pauses and the names of batches from it
    try:
        with ExitStack() as doubles:
            for name, double in {**DOUBLES, **parts.instead}.items():
                doubles.enter_context(patch(name, double))
            return _simulate(seed, parts, tracing=tracing)
    finally:
        random.setstate(before)


def _simulate(seed: int, parts: Parts, *, tracing: bool) -> Outcome:
    world = World(seed, parts, tracing=tracing)
    loop = world.loop
    main = world.network.outside(world.main())
    assert CURRENT.get() is None
    loop.stop_when = lambda: main.done() or bool(world.oracle.broken) or loop.steps > _MOST_STEPS
    loop.run_forever()
    world.oracle.expect(not loop.stalled, "nothing can happen any more")
    world.oracle.expect(loop.steps <= _MOST_STEPS, f"no end after {_MOST_STEPS} steps")
    if main.done() and main.exception() is not None:
        world.oracle.expect(False, f"the simulation failed: {main.exception()!r}")
    world.oracle.expect(not loop.errors, f"an error nobody saw: {[repr(e.get('exception')) for e in loop.errors[:1]]}")
    steps, seconds, broken = loop.steps, loop.time(), world.oracle.broken
    loop.end(world.processes)
    ends = tuple(run.end for run in world.oracle.runs.values())
    return Outcome(seed, broken, len(world.store.stored()), steps, seconds, ends, tuple(world.trace))
