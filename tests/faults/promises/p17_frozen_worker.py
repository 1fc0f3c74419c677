"""P17: a worker is frozen past the ack wait, another finishes its run, and it wakes up with work in its hands.

The same for a projector, in the middle of a transaction.
"""

import os
import signal
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import psutil

from cli.local.process import Process
from shared.kernel.kill_points import KillPoint
from shared.kernel.settings import ACK_WAIT_SECONDS
from tests.faults.compare import Snapshot, compare
from tests.faults.kills import Arena, Kill, arena
from tests.faults.promise import Outcome, Promise, Scale

# The times at which a stage is about to record something: 1 is that it starts, 2 its first result.
_TIMES: dict[Scale, dict[str, tuple[int, ...]]] = {
    Scale.quick: {"doc_analyser": (2,)},
    Scale.full: {"repo_clone": (1, 2), "doc_analyser": (1, 2, 3), "pathway": (1, 2, 3), "modules": (1, 2, 3)},
}
# The batches in whose transaction the projector is frozen, before it commits: each stage makes some, however slow the
# machine is.
_BATCHES: dict[Scale, tuple[int, ...]] = {Scale.quick: (), Scale.full: (1, 4, 8)}
_GIVES_UP = {"projector": b"projector_interrupted"}
_ACK_WAIT_SECONDS = {Scale.quick: 3.0, Scale.full: ACK_WAIT_SECONDS}
_PATIENCE_SECONDS = 120.0


def prove(scale: Scale, folder: Path) -> Outcome:
    """Freeze a worker that has done something and not recorded it; compare before and after it wakes."""
    failures: list[str] = []
    runs = lost = doubled = 0
    with arena(folder / "arena", _ACK_WAIT_SECONDS[scale]) as running:
        course_id = running.request("offline")
        running.wait_for_end(course_id)
        expected = running.snapshot(course_id)
        for process, freezes in groupby(_freezes(scale), lambda freeze: freeze.process):
            with running.second(process) as second:
                for freeze in freezes:
                    runs += 1
                    for end in _freeze(running, freeze, second, failures):
                        difference = compare(end, expected)
                        lost, doubled = lost + difference.lost.total(), doubled + difference.doubled.total()
                        if difference.lost or difference.doubled:
                            failures.append(f"{freeze.name} {freeze.hit}: {difference.describe()}")
    return Outcome(runs, lost, doubled, tuple(failures), {"ack wait seconds": _ACK_WAIT_SECONDS[scale]})


def _freezes(scale: Scale) -> Iterator[Kill]:
    """By process."""
    for stage, times in _TIMES[scale].items():
        for hit in times:
            yield Kill(stage, KillPoint.effect_done, stage, hit, "STOP")
    for hit in _BATCHES[scale]:
        yield Kill("projector", KillPoint.before_commit, "projector", hit, "STOP")


def _freeze(running: Arena, freeze: Kill, second: Process, failures: list[str]) -> list[Snapshot]:
    """The remains of the course when another worker had finished it, and when the frozen one had gone on after that."""
    about = f"{freeze.name} {freeze.hit}"
    running.forget_answers_and_clones()
    running.arm(freeze)
    course_id = running.request("offline")
    end = running.wait_for_end(course_id)
    if end != "CourseGenerated":
        failures.append(f"{about}: the course ended with {end or 'nothing'}")
    workers = (running.stack.services[freeze.process], second)
    frozen = [worker for worker in workers if psutil.Process(worker.pid).status() == psutil.STATUS_STOPPED]
    if not running.disarm(freeze) or len(frozen) != 1:
        failures.append(f"{about}: {len(frozen)} workers were frozen")
        return []
    taken_over = running.snapshot(course_id)
    said = frozen[0].log.stat().st_size
    os.kill(frozen[0].pid, signal.SIGCONT)
    if not _gave_up(frozen[0].log, said, _GIVES_UP.get(freeze.process, b"run_lost")):
        failures.append(f"{about}: the frozen worker did not learn that it had lost its run")
    running.settle()
    return [taken_over, running.snapshot(course_id)]


def _gave_up(log: Path, position: int, word: bytes) -> bool:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while word not in log.read_bytes()[position:]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


PROMISE = Promise("P17", "a frozen worker that wakes up cannot overwrite", prove)
