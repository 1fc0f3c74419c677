"""Programs of strangers: what they try stays in the room, and the next one is run as if nothing had been."""

import asyncio
import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from shared.code.port import Case, CodeLimits, CodeRefused, Result, RunLanguage, Verdict
from shared.code.sandbox import Sandbox
from shared.workers import seal
from tests.unit.code import hostile

# The clock on the wall says little on a machine that other tests keep busy.
PATIENT = CodeLimits(seconds=60.0, processor_seconds=8.0)
HASTY = CodeLimits(seconds=2.0, processor_seconds=1.0)


async def run(
    source: str, limits: CodeLimits = PATIENT, *, language: RunLanguage = "python", stdin: str = ""
) -> Result:  # fmt: skip
    try:
        return await Sandbox(limits).run(language, source, stdin)
    except CodeRefused as refused:
        pytest.skip(refused.message)


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    before = {one.pid for one in psutil.Process().children(recursive=True)}
    yield
    left = [one for one in psutil.Process().children(recursive=True) if one.pid not in before]
    with contextlib.suppress(psutil.NoSuchProcess):
        assert [one.cmdline() for one in left if "launch.py" in " ".join(one.cmdline())] == []
    of_rooms = [
        one for one in psutil.process_iter(["uids"]) if one.info["uids"] and one.info["uids"].real >= 0x70000000
    ]
    assert [one.pid for one in of_rooms if _is_without_room(one)] == []


def _is_without_room(process: psutil.Process) -> bool:
    """Whether what built its room is gone; the rooms of tests beside this one are at work."""
    try:
        return not any("launch.py" in " ".join(one.cmdline()) for one in process.parents())
    except psutil.NoSuchProcess:
        return False


async def test_a_program_reads_and_prints() -> None:
    result = await run("print(input()[::-1])", stdin="abc\n")

    assert (result.verdict, result.stdout, result.stderr, result.exit) == ("finished", "cba\n", "", 0)
    assert 0 < result.memory_bytes < PATIENT.memory_bytes


async def test_an_error_is_shown() -> None:
    result = await run("1 / 0")

    assert (result.verdict, result.exit) == ("runtime_error", 1)
    assert "main.py" in result.stderr
    assert "ZeroDivisionError" in result.stderr


async def test_sql_answers_with_tables() -> None:
    result = await run(
        "create table t(a, b);\ninsert into t values (1, 'x;|y'), (2, null);\nselect * from t", language="sql"
    )

    assert result.stdout == "| a | b |\n| --- | --- |\n| 1 | x;\\|y |\n| 2 | NULL |\n\n"


@pytest.mark.parametrize(
    "statement", ["attach '/etc/passwd' as p; select * from p.sqlite_master", "select load_extension('x')"]
)
async def test_sql_reaches_no_file(statement: str) -> None:
    result = await run(statement, language="sql")

    assert (result.verdict, result.stdout) == ("runtime_error", "")


async def test_javascript_runs_without_the_world() -> None:
    source = """
    const fs = require('fs'), net = require('net'); let held = [];
    for (const name of ['/etc/passwd', '/proc/1/environ']) try { fs.readFileSync(name); held.push(name) } catch {}
    try { require('child_process').execSync('echo escaped'); held.push('shell') } catch {}
    net.connect(80, '127.0.0.1').on('connect', () => held.push('net'))
      .on('error', () => console.log(JSON.stringify(held)));
    """  # fmt: skip
    if "javascript" not in Sandbox(PATIENT).languages:
        pytest.skip("this machine has no node")

    assert (await run(source, language="javascript")).stdout == "[]\n"


@pytest.mark.parametrize("language", ["javascript", "python"])
async def test_memory_is_bounded(language: RunLanguage) -> None:
    if language not in Sandbox(PATIENT).languages:
        pytest.skip("this machine has no node")
    source = "kept = []; for (;;) kept.push(new Array(1e5).fill(1.5))" if language == "javascript" else hostile.MEMORY
    result = await run(source, language=language)

    assert result.verdict == "memory_limit"
    assert result.memory_bytes < 2 * PATIENT.memory_bytes


@pytest.mark.parametrize("name", hostile.WALLS)
async def test_walls_hold(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret", encoding="utf-8")
    own = seal._MACHINES[os.uname().machine][1]
    calls = {one: seal._CALLS[one][own] for one in seal.ALL_CALLS}
    clone = seal._CALLS["clone"][own]
    told = f"SECRET, PARENT, CALLS, CLONE = {str(secret)!r}, {os.getpid()}, {json.dumps(calls)}, {clone}\n"
    result = await run(told + hostile.WALLS[name])

    lines = result.stdout.splitlines()
    assert (result.verdict, result.stderr) == ("finished", "")
    assert [line for line in lines if not line.startswith("HELD")] == []
    assert len(lines) == {"network": 7, "files": 24, "processes": 10, "calls": len(calls) + 3}.get(name, len(lines))
    assert secret.read_text(encoding="utf-8") == "the secret"


@pytest.mark.parametrize(
    ("source", "limits", "verdicts"),
    [
        pytest.param(hostile.FORK_BOMB, HASTY, {"time_limit", "memory_limit"}, id="fork bomb"),
        pytest.param(hostile.SHARED_MEMORY, PATIENT, {"runtime_error"}, id="shared memory"),
        pytest.param(hostile.PAGE_TABLES, PATIENT, {"memory_limit"}, id="page tables"),
        pytest.param(hostile.MEMORY_OF_MANY, PATIENT, {"memory_limit"}, id="memory of many"),
        pytest.param(hostile.ENDLESS, PATIENT, {"output_limit"}, id="endless output"),
        pytest.param(hostile.ENDLESS_ERRORS, PATIENT, {"output_limit"}, id="endless errors"),
        pytest.param(hostile.LONG_LINE, PATIENT, {"output_limit", "memory_limit"}, id="a long line"),
        pytest.param(hostile.SLEEP, HASTY, {"time_limit"}, id="sleep"),
        pytest.param(hostile.BUSY, HASTY, {"time_limit"}, id="busy"),
        pytest.param(hostile.BUSY_CHILDREN, HASTY, {"time_limit"}, id="busy children"),
        pytest.param(hostile.IGNORES, HASTY, {"time_limit"}, id="signals ignored"),
        pytest.param(hostile.CLOSED, HASTY, {"time_limit"}, id="output closed"),
        pytest.param(hostile.STOPPED, HASTY, {"time_limit"}, id="stopped"),
    ],
)
async def test_greed_is_bounded_and_the_next_run_is_unharmed(
    source: str, limits: CodeLimits, verdicts: set[Verdict]
) -> None:
    result = await run(source, limits)

    assert result.verdict in verdicts
    assert result.exit in {None, 1}
    assert len(result.stdout) <= limits.output_bytes
    assert result.memory_bytes < 8 * limits.memory_bytes, "what many take between two looks"
    assert (await run("print('well')")).stdout == "well\n"


@pytest.mark.parametrize("source", [hostile.DISK, hostile.FILES, hostile.THREADS])
async def test_the_store_and_threads_are_bounded(source: str) -> None:
    result = await run(source)

    assert result.stdout.startswith("True "), result


async def test_a_daemon_does_not_outlive_its_run() -> None:
    began = time.monotonic()
    result = await run(hostile.DAEMON)

    assert (result.verdict, result.stdout) == ("finished", "left\n")
    assert time.monotonic() - began < PATIENT.seconds


async def test_output_that_is_no_text_is_shown_as_text() -> None:
    result = await run(hostile.BINARY)

    assert "\0" not in result.stdout
    assert "ABC" in result.stdout
    assert "\N{REPLACEMENT CHARACTER}" in result.stdout


async def test_runs_beside_one_another_see_nothing_of_each_other() -> None:
    source = "import os, time; open('mine', 'w').close(); time.sleep(0.5); print(sorted(os.listdir('.')))"

    both = await asyncio.gather(run(source), run(source))
    assert {one.stdout for one in both} == {"['main.py', 'mine']\n"}


async def test_a_caller_that_goes_leaves_no_process() -> None:
    running = asyncio.create_task(run(hostile.SLEEP))
    await asyncio.sleep(0.3)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_tests_tell_the_first_that_is_wrong() -> None:
    tests = [Case("1", "2"), Case("2", "4"), Case("3", "9"), Case("4", "8")]
    try:
        result = await Sandbox(PATIENT).run("python", "print(int(input()) * 2, ' ')", "", tests)
    except CodeRefused as refused:
        pytest.skip(refused.message)

    assert (result.verdict, result.tests) == ("wrong_answer", ["finished", "finished", "wrong_answer"])


async def test_a_language_without_an_interpreter_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CodeRefused, match="install node"):
        await Sandbox(PATIENT).run("javascript", "1", "")
