"""Real processes: bounded, killed, replaced, and none left behind."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from shared.kernel.errors import Defect, PermanentError
from shared.workers import clock
from shared.workers.limits import LimitPassed, Limits
from shared.workers.pool import WorkerPool, WorkerSession
from shared.workers.process import WorkerLost
from tests.unit.workers import work

LIMITS = Limits(processor_seconds=0.3, memory_bytes=200 * 1024 * 1024)


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    one = WorkerPool(2, LIMITS)
    yield one
    await one.close()


@pytest.fixture
async def session(pool: WorkerPool) -> AsyncIterator[WorkerSession]:
    async with pool.session() as one:
        yield one


async def gone(pid: int) -> bool:
    """Whether a process ends within some seconds; one that nobody waits for counts as there."""
    try:
        await asyncio.to_thread(psutil.Process(pid).wait, 10)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return not psutil.pid_exists(pid)


async def test_work_is_done_elsewhere_and_a_worker_is_used_again(session: WorkerSession) -> None:
    assert await session.run(partial(work.double, 21)) == 42
    first = await session.run(work.process_id)
    assert first != os.getpid()
    assert await session.run(work.process_id) == first


async def test_work_with_limits_of_its_own_has_a_process_of_its_own(session: WorkerSession) -> None:
    first = await session.run(work.process_id)
    with pytest.raises(LimitPassed, match=r"needs more than 0\.1 s of processor time$"):
        await session.run(work.burn, limits=Limits(0.1, LIMITS.memory_bytes))
    with pytest.raises(LimitPassed, match=r"needs more than 64 MiB of memory$"):
        await session.run(work.fill, limits=Limits(5.0, 64 * 1024 * 1024))
    own = await session.run(work.process_id, limits=LIMITS)
    assert own not in (first, await session.run(work.process_id))


@pytest.mark.parametrize("endless", [work.burn, work.burn_in_an_expression, work.swallow])
async def test_work_past_its_processor_time_is_ended_and_named(session: WorkerSession, endless: object) -> None:
    with pytest.raises(LimitPassed, match=r"^docs/a\.md needs more than 0\.3 s of processor time$") as raised:
        await session.run(endless, about="docs/a.md")  # type: ignore[arg-type]
    assert raised.value.reason == "needs more than 0.3 s of processor time"
    assert await session.run(partial(work.double, 2)) == 4
    assert session.processor_seconds >= 0.2


async def test_work_past_its_memory_is_ended_and_named(session: WorkerSession) -> None:
    with pytest.raises(LimitPassed, match="needs more than 200 MiB of memory"):
        await session.run(work.fill)
    assert await session.run(partial(work.double, 2)) == 4


async def test_a_worker_that_stands_still_is_killed(
    pool: WorkerPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "_STILL_SECONDS", 0.3)
    monkeypatch.setattr(clock.ProcessClock, "look_every_seconds", 0.1)
    async with pool.session() as session:
        with pytest.raises(LimitPassed, match="stands still"):
            await session.run(partial(work.hang, tmp_path / "pid"))
    assert await gone(int((tmp_path / "pid").read_text(encoding="ascii")))


async def test_who_is_cancelled_leaves_no_work_behind(session: WorkerSession, tmp_path: Path) -> None:
    started = tmp_path / "started"
    os.mkfifo(started)
    task = asyncio.create_task(session.run(partial(work.hang, started)))
    pid = int(await asyncio.to_thread(started.read_text, "ascii"))  # until the work has begun
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await gone(pid)
    assert await session.run(partial(work.double, 2)) == 4


@pytest.mark.parametrize(
    ("endless", "says"), [(work.burn, "processor time"), (work.fill, "200 MiB of memory")], ids=["time", "memory"]
)
async def test_a_preparation_past_its_limit_is_none(session: WorkerSession, endless: object, says: str) -> None:
    with pytest.raises(LimitPassed, match=says):
        await session.prepare(endless, about="The material", pieces=1)  # type: ignore[arg-type]
    assert not session.is_prepared
    assert await session.run(partial(work.double, 2)) == 4


async def test_after_a_cancel_on_prepared_work_the_next_run_goes_on(pool: WorkerPool, tmp_path: Path) -> None:
    for number in range(5):
        started = tmp_path / f"started-{number}"
        os.mkfifo(started)
        async with pool.session() as session:
            await session.prepare(work.make_table, about="the table", pieces=1)
            await session.run_prepared(partial(work.look_up, name="made by"))
            task = asyncio.create_task(session.run(partial(work.hang, started)))
            await asyncio.to_thread(started.read_text, "ascii")
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(20), pool.session() as following:
            assert await following.run(partial(work.double, number)) == 2 * number


async def test_no_process_stays_behind_a_session(pool: WorkerPool) -> None:
    async with pool.session() as session:
        root = psutil.Process(await session.run(work.process_id)).parent()
        assert root is not None
        await session.prepare(work.make_table, about="the table", pieces=1)
        await asyncio.gather(*(session.run_prepared(partial(work.look_up, name="made by")) for _ in range(4)))
        there = root.children(recursive=True)
        assert there
    for process in there:
        assert await gone(process.pid)


async def test_the_end_of_a_session_ends_its_processes(pool: WorkerPool) -> None:
    async with pool.session() as session:
        await session.prepare(work.make_table, about="the table", pieces=1)
        made_by, pid = await session.run_prepared(partial(work.look_up, name="made by"))
        assert made_by != pid
        assert psutil.Process(pid).ppid() == made_by
    assert await gone(pid)
    assert await gone(made_by)


async def test_a_worker_from_before_the_preparation_is_not_asked_about_it(session: WorkerSession) -> None:
    before = await session.run(work.process_id)
    await session.prepare(work.make_table, about="the table", pieces=1)
    _, pid = await session.run_prepared(partial(work.look_up, name="made by"))
    assert pid != before


async def test_work_about_many_has_a_process_of_its_own_and_no_other_waits_meanwhile(session: WorkerSession) -> None:
    waiting = psutil.Process(await session.run(work.process_id))
    alone = await session.run(work.process_id, pieces=2)
    assert alone != waiting.pid
    assert await gone(waiting.pid)
    assert await gone(alone)
    await session.prepare(work.make_table, about="the table", pieces=1)
    assert await gone(await session.run_prepared(work.process_id_of, pieces=2))


async def test_a_worker_that_has_grown_makes_way_for_a_new_one(session: WorkerSession) -> None:
    small = await session.run(partial(work.hold, 1))
    assert await session.run(partial(work.hold, 100)) == small
    assert await session.run(work.process_id) != small
    assert await gone(small)


async def test_what_a_preparation_was_made_from_is_not_held(session: WorkerSession) -> None:
    root = psutil.Process(await session.run(work.process_id)).parent()
    await session.prepare(partial(len, os.urandom(64 * 1024**2)), about="the table", pieces=1)
    holder = psutil.Process(await session.run_prepared(work.process_id_of)).parent()
    assert root is not None
    assert holder is not None
    assert holder.memory_info().rss < root.memory_info().rss + 16 * 1024**2


async def test_errors_of_ours_arrive_as_they_are_and_defects_are_named_with_their_traceback(
    session: WorkerSession,
) -> None:
    with pytest.raises(PermanentError, match="Not this one") as refused:
        await session.run(work.refuse)
    assert refused.value.code == "refused"
    with pytest.raises(
        Defect, match=r"docs/a\.md: something went wrong inside Coursewright \(ZeroDivisionError\)"
    ) as broken:
        await session.run(work.break_off, about="docs/a.md")
    assert "break_off" in broken.value.trace
    assert not broken.value.transient


async def test_work_whose_process_somebody_kills_is_begun_again(session: WorkerSession, tmp_path: Path) -> None:
    assert await session.run(partial(work.end_unless, tmp_path / "once")) > 0


async def test_work_that_ends_its_process_each_time_is_given_up(session: WorkerSession) -> None:
    with pytest.raises(LimitPassed, match="ends the process that works on it each time"):
        await session.run(work.end)


async def test_a_killed_holder_of_what_was_prepared_is_a_passing_error(session: WorkerSession) -> None:
    await session.prepare(work.make_table, about="the table", pieces=1)
    for pid in await session.run_prepared(partial(work.look_up, name="made by")):
        with contextlib.suppress(psutil.NoSuchProcess):  # the second dies with the first
            psutil.Process(pid).kill()
    with pytest.raises(WorkerLost):
        await session.run_prepared(partial(work.look_up, name="made by"))


async def test_workers_that_died_while_they_waited_are_no_fault_of_the_work() -> None:
    pool = WorkerPool(4, LIMITS)
    async with pool.session() as session:
        pids = await asyncio.gather(*(session.run(work.process_id) for _ in range(4)))
        root = psutil.Process(pids[0]).parent()
        assert root is not None
        root.kill()
        assert await session.run(partial(work.double, 2)) == 4
    await pool.close()


async def test_a_start_that_fails_is_tried_anew(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError("no more processes")

    async with pool.session() as session:
        with monkeypatch.context() as patched:
            patched.setattr("subprocess.Popen", refuse)
            with pytest.raises(WorkerLost, match="cannot be started"):
                await session.run(work.process_id)
        assert await session.run(partial(work.double, 2)) == 4


async def test_what_cannot_be_sent_back_is_a_defect(session: WorkerSession) -> None:
    with pytest.raises(Defect, match="NotPlain"):
        await session.run(work.give_what_cannot_be_sent)
    with pytest.raises(PermanentError, match="a 1"):
        await session.run(work.refuse_in_particular)
    assert await session.run(partial(work.double, 2)) == 4


async def test_a_value_comes_back_as_the_type_that_is_expected(session: WorkerSession) -> None:
    limits = Limits(2.0, 1)
    assert await session.run(partial(work.keep, limits), Limits) == limits
    assert await session.run(partial(work.keep, limits)) == {"processor_seconds": 2.0, "memory_bytes": 1}
    with pytest.raises(Defect, match="not of its type"):
        await session.run(partial(work.keep, "a text"), Limits)


@pytest.mark.parametrize(
    "answer",
    [
        work.calling("builtins", "open", "{marker}", "w"),
        work.calling("shared.workers.away", "find", "os", "system"),
        work.calling("shared.workers.limits", "Limits"),
        b"\x80\x05cshared.workers.limits\nLimits\nN}X\x01\x00\x00\x00aNs\x86b.",  # sets a field of the class itself
        work.plain({"value": 1, "processor_seconds": "many"}),
        work.plain(1),
        b"not a pickle",
        b"",
    ],
    ids=["a call", "an import", "a class", "a changed class", "another type", "a number", "no pickle", "nothing"],
)
async def test_a_captured_worker_is_not_believed(session: WorkerSession, tmp_path: Path, answer: bytes) -> None:
    marker = tmp_path / "marker"
    with pytest.raises(LimitPassed, match="ends the process that works on it each time"):
        await session.run(partial(work.capture, answer.replace(b"{marker}", bytes(marker))))
    assert not marker.exists()
    assert not hasattr(Limits, "a")
    assert await session.run(partial(work.double, 2)) == 4


async def test_a_captured_worker_cannot_have_the_host_wait_for_more_than_there_is(session: WorkerSession) -> None:
    with pytest.raises(LimitPassed, match="ends the process that works on it each time"):
        await session.run(work.promise_too_much)
    assert await session.run(partial(work.double, 2)) == 4


async def test_a_killed_root_is_replaced(pool: WorkerPool) -> None:
    async with pool.session() as session:
        root = psutil.Process(await session.run(work.process_id)).ppid()
    psutil.Process(root).kill()
    async with pool.session() as session:
        assert psutil.Process(await session.run(work.process_id)).ppid() != root


async def test_no_more_processes_work_than_the_pool_is_large(session: WorkerSession) -> None:
    pids = await asyncio.gather(*(session.run(work.process_id) for _ in range(20)))
    assert len(set(pids)) <= 2


async def test_a_worker_knows_no_secret_of_its_host(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    monkeypatch.setenv("NATS_URL", "nats://stage:password@127.0.0.1")
    async with pool.session() as session:
        known = await session.run(work.know_environment)
    assert not {"ANTHROPIC_API_KEY", "NATS_URL"} & known.keys()


async def test_a_closed_pool_has_no_process() -> None:
    pool = WorkerPool(2, LIMITS)
    async with pool.session() as session:
        root = psutil.Process(await session.run(work.process_id)).ppid()
    await pool.close()
    assert await gone(root)
