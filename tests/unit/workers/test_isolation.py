"""Isolated runs: what one of them eats or tries ends it with a sentence, and an ordinary run beside it is done."""

import asyncio
import contextlib
import errno
import os
import socket
import sys
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil
import pytest

from shared.events.doc_analyser import DocsAnalysisFailed
from shared.kernel.errors import Defect
from shared.kernel.settings import StageSettings
from shared.stage.app import stage_app
from shared.stage.port import Run
from shared.stage.retries import Finished
from shared.workers.child import RunLimits
from shared.workers.isolation import Isolation, IsolationMissing
from shared.workers.limits import LimitPassed, Limits, RunLimitPassed
from shared.workers.pool import WorkerSession
from shared.workers.process import WorkerLost
from tests.unit.stage.world import Effects, World
from tests.unit.workers import planted, work

MIB = 1024 * 1024
LIMITS = Limits(processor_seconds=0.5, memory_bytes=200 * MIB)
RUN_LIMITS = RunLimits(memory_bytes=700 * MIB, processes=32, seconds=600.0)
SANDBOX = Isolation("", RUN_LIMITS, 2, LIMITS)
PATIENT = replace(SANDBOX, limits=Limits(processor_seconds=60.0, memory_bytes=200 * MIB))


@pytest.fixture
async def session() -> AsyncIterator[WorkerSession]:
    async with SANDBOX.session() as one:
        yield one


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as one:
        one.setblocking(False)
        yield one


class AskingWorkers(Effects):
    """Does the same work for each document."""

    def __init__(self, planned: Callable[[], object]) -> None:
        super().__init__()
        self._planned = planned

    async def perform(self, action: tuple[str, ...], run: Run) -> AsyncGenerator[str, None]:
        await run.workers.run(self._planned)
        async for outcome in super().perform(action, run):
            yield outcome


class Begun:
    """The processes of runs that begin from now on."""

    def __init__(self) -> None:
        self._before = set(psutil.Process().children())
        self._seen: set[psutil.Process] = set()

    def look(self) -> list[psutil.Process]:
        """The isolated children that are there now."""
        now = [child for child in psutil.Process().children() if child not in self._before]
        for child in now:
            with contextlib.suppress(psutil.NoSuchProcess):
                self._seen |= {child, *child.children(recursive=True)}
        return now

    def are_gone(self) -> bool:
        """Whether all that were seen end within some seconds."""
        assert len(self._seen) > 2
        return psutil.wait_procs(self._seen, timeout=10)[1] == []


def container(hidden: Path) -> Isolation:
    """What a container engine does, by the kernel alone: no network, no processes but its own, `hidden` not there."""
    hide = f"mount --bind {{folder}} /mnt && mount -t tmpfs none {hidden}"
    script = f'{hide} && mkdir {{folder}} && mount --bind /mnt {{folder}} && exec "$@"'
    start = "unshare --user --map-root-user --net --pid --mount-proc --kill-child=KILL"
    return replace(PATIENT, container=f"{start} -- sh -c '{script}' sh {sys.executable}")


async def test_a_run_works_as_it_does_without_and_sees_nothing_of_the_machine(session: WorkerSession) -> None:
    assert await session.run(partial(work.double, 21)) == 42
    await session.prepare(work.make_table, about="the table", pieces=1)
    found = await asyncio.gather(*(session.run_prepared(partial(work.look_up, name="made by")) for _ in range(4)))
    assert {made_by for made_by, _ in found} == {found[0][0]}
    interfaces, processes, rights = await session.run(planted.look_around)
    assert interfaces == ["lo"]
    assert len(processes) < 8
    assert rights == 0
    with pytest.raises(LimitPassed, match=r"^docs/a\.md needs more than 0\.5 s of processor time$"):
        await session.run(work.swallow, about="docs/a.md")
    with pytest.raises(LimitPassed, match=r"^docs/a\.md needs more than 200 MiB of memory$"):
        await session.run(work.fill, about="docs/a.md")


@pytest.mark.parametrize(
    ("limits", "endless", "says"),
    [
        (RUN_LIMITS, planted.fill_shared_memory, "^The run needed more than 700 MiB of memory$"),
        # The kernel counts the processes of users, and not of root, for whom the host counts.
        (
            RUN_LIMITS,
            planted.fork_many,
            r"^(The run needed more than 32 processes$|The work: .*BlockingIOError)",
        ),
        (RunLimits(700 * MIB, 32, 1.0), planted.wait, "^The run took longer than 1 s$"),
    ],
    ids=["memory", "processes", "time"],
)
async def test_a_run_past_its_limits_fails_for_good_and_leaves_nothing(
    session: WorkerSession, limits: RunLimits, endless: Callable[[], None], says: str
) -> None:
    begun = Begun()
    async with replace(PATIENT, run_limits=limits).session() as greedy:
        eating = asyncio.create_task(greedy.run(endless, about="The work"))
        assert await session.run(partial(work.double, 2)) == 4
        while not eating.done():
            begun.look()
            await asyncio.wait({eating}, timeout=0.1)
        with pytest.raises((RunLimitPassed, Defect), match=says) as raised:
            await eating
        assert not raised.value.transient
        if isinstance(raised.value, RunLimitPassed):
            with pytest.raises(RunLimitPassed, match=says):
                await greedy.run(partial(work.double, 2))
    assert begun.are_gone()
    assert await session.run(partial(work.double, 3)) == 6


async def test_a_run_reaches_no_network_no_program_and_no_file(
    session: WorkerSession, listener: socket.socket, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    forbidden: list[Callable[[], object]] = [
        partial(planted.connect, socket.AF_INET, socket.SOCK_STREAM, listener.getsockname()),
        partial(planted.connect, socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 9)),
        partial(planted.connect, socket.AF_UNIX, socket.SOCK_STREAM, str(tmp_path / "program")),
        partial(planted.write, tmp_path / "outside"),
        partial(planted.write, secret),
        partial(planted.read, secret),
        partial(planted.use_all_processors),
    ]
    for attempt in forbidden:
        with pytest.raises(Defect, match=r"^docs/a\.md: .*\(PermissionError: Permission denied\)$"):
            await session.run(attempt, about="docs/a.md")
    with pytest.raises(Defect, match="Cannot allocate memory"):
        await session.run(planted.fill_addresses)
    with pytest.raises(BlockingIOError):
        listener.accept()
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("secret", "secret")]
    assert await session.run(partial(work.double, 2)) == 4


async def test_a_stage_fails_the_run_with_the_sentence_and_finishes_the_one_beside_it() -> None:
    async def work_on(planned: Callable[[], object]) -> World:
        world = await World(workers=PATIENT.session).begin()
        assert await world.work(AskingWorkers(planned)) == Finished()
        return world

    greedy, ordinary = await asyncio.gather(work_on(planted.fill_shared_memory), work_on(work.process_id))
    (failure,) = await greedy.of(DocsAnalysisFailed)
    assert isinstance(failure, DocsAnalysisFailed)
    assert failure.error == "run_limit_passed"
    assert failure.message == "The run needed more than 700 MiB of memory"
    assert (await ordinary.names())[-1] == "DocsAnalysed"


async def test_who_is_cancelled_and_who_ends_leave_no_process() -> None:
    begun = Begun()
    async with PATIENT.session() as canceled:
        await canceled.run(planted.leave_a_process)
        task = asyncio.create_task(canceled.run(planted.wait))
        await asyncio.sleep(0)  # it takes the worker that waits
        await canceled.run(partial(work.double, 2))
        begun.look()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await canceled.run(partial(work.double, 2)) == 4
    assert begun.are_gone()


async def test_a_run_whose_child_was_killed_is_a_passing_error() -> None:
    begun = Begun()
    async with SANDBOX.session() as session:
        await session.run(work.process_id)
        (child,) = begun.look()
        child.kill()
        assert begun.are_gone()
        with pytest.raises(WorkerLost):
            await session.run(partial(work.double, 2))


async def test_a_run_that_cannot_be_watched_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: psutil.Process, *, recursive: bool) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    async with PATIENT.session() as session:
        assert await session.run(partial(work.double, 2)) == 4
        waiting = asyncio.create_task(session.run(planted.wait))
        await asyncio.sleep(0)  # it takes the worker that waits
        monkeypatch.setattr(psutil.Process, "children", refuse)
        with pytest.raises(RunLimitPassed, match=r"The run could not be watched \(Too many open files\)"):
            await waiting


async def test_a_container_is_a_command_that_starts_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    await container(tmp_path).prove()
    begun = Begun()
    async with container(tmp_path).session() as session:
        assert await session.run(partial(work.double, 21)) == 42
        begun.look()
        with pytest.raises(RunLimitPassed, match="The run needed more than 700 MiB of memory"):
            await session.run(planted.fill_shared_memory)
    assert begun.are_gone()


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("no-such-engine run", r"\[Errno \d+\] .*: 'no-such-engine'\. WORK_CONTAINER has to"),
        ("sh -c 'echo no such image >&2; exit 1'", "to be had here: no such image. WORK_CONTAINER has to"),
        (f"unshare --user -- {sys.executable}", r"network \(a run has one\), files .*, processes \(a run sees"),
    ],
)
async def test_a_stage_does_not_start_without_the_isolation_it_was_asked_for(
    command: str, says: str, tmp_path: Path
) -> None:
    settings = StageSettings(blob_store_url=f"file://{tmp_path}", work_isolation="container", work_container=command)
    with pytest.raises(IsolationMissing, match=says):
        await stage_app([], settings).start()


async def test_a_machine_without_namespaces_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "unshare").write_text("#!/bin/sh\necho 'unshare failed: Operation not permitted' >&2; exit 1\n")
    (tmp_path / "unshare").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(IsolationMissing, match=r"unshare failed: Operation not permitted\. Linux has to have Landlock"):
        await SANDBOX.prove()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(IsolationMissing, match="'taskset'"):
        await SANDBOX.prove()


async def test_settings_that_cannot_work_are_refused() -> None:
    with pytest.raises(ValueError, match="needs WORK_CONTAINER"):
        StageSettings(blob_store_url="file:///tmp", work_isolation="container")
    with pytest.raises(ValueError, match=r"at least WORKER_PROCESSES \+ 4"):
        StageSettings(blob_store_url="file:///tmp", work_isolation="sandbox", worker_processes=30, run_processes=32)
