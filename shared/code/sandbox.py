"""Programs run on this machine: each in a room of its own (`launch.py`), which ends with it."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from shared.code import launch, table
from shared.code.port import Case, CodeLimits, CodeRefused, Result, RunLanguage, Verdict, judge

_MIB = 1024 * 1024
_PYTHON = os.path.realpath(sys.executable)
_PRODUCT = str(Path(__file__).parents[2])
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo")
_DEVICES = ("/dev/null", "/dev/urandom")
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8"}  # noqa: S108 — the room's
_LATE_SECONDS = 10.0  # to build the room, on a busy machine
_NO_ROOM = (
    "This machine cannot isolate programs: {reason}. Linux has to have Landlock (5.13 or later) and to let this user "
    "make namespaces. Else set CODE_RUNNER_URL"
)
# How an interpreter says that it got no more memory.
_NO_MEMORY = ("MemoryError", "JavaScript heap out of memory", "out of memory")


@dataclass(frozen=True)
class _Language:
    """`heap_bytes` are given besides the memory that is counted: an interpreter reserves more than it uses."""

    command: Sequence[str]
    name: str
    readable: Sequence[str]
    heap_bytes: int = 0


def _languages(memory_bytes: int) -> Mapping[RunLanguage, _Language]:
    """Those that this machine has an interpreter for."""
    library = str(Path(sysconfig.get_paths()["stdlib"]).parent)
    python = (_PYTHON, library)
    found: dict[RunLanguage, _Language] = {
        "python": _Language((_PYTHON, "-I", "-B", "main.py"), "main.py", python),
        "sql": _Language(
            (_PYTHON, "-I", "-B", "-S", table.__file__, "main.sql"), "main.sql", (*python, table.__file__)
        ),
    }
    if (node := shutil.which("node")) is not None:
        node = os.path.realpath(node)
        options = (f"--max-old-space-size={memory_bytes // _MIB * 3 // 4}", "--max-semi-space-size=2")
        found["javascript"] = _Language(
            (node, *options, "main.js"), "main.js", (node, "/usr/share/nodejs"), heap_bytes=512 * _MIB
        )
    return found


class Sandbox:
    """Runs one program at a time for each call; how many calls there are is for the caller to bound."""

    def __init__(self, limits: CodeLimits) -> None:
        self._limits = limits
        self.languages = _languages(limits.memory_bytes)

    async def run(self, language: RunLanguage, source: str, stdin: str, cases: Sequence[Case] = ()) -> Result:
        """See Runner."""
        if (how := self.languages.get(language)) is None:
            raise CodeRefused(f"This machine has no interpreter of {language}: install node 20 or later")
        return await judge(partial(self._once, how, source), stdin, cases, 2 * self._limits.seconds)

    async def _once(self, how: _Language, source: str, stdin: str) -> Result:
        limits = self._limits
        order = {
            "command": how.command, "files": {how.name: source}, "stdin": stdin, "environment": _ENVIRONMENT,
            "readable": [*_LIBRARIES, *_DEVICES, *how.readable], "heap_bytes": limits.memory_bytes + how.heap_bytes,
            "memory_bytes": limits.memory_bytes, "processor_seconds": limits.processor_seconds,
            "seconds": limits.seconds, "processes": limits.processes, "disk_bytes": limits.disk_bytes,
            "most_files": limits.files,
        }  # fmt: skip
        began = time.monotonic()
        report, told = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                _PYTHON, "-I", "-S", launch.__file__, _PRODUCT, str(told), env={}, cwd="/", pass_fds=[told],
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
                start_new_session=True, limit=limits.output_bytes,
            )  # fmt: skip
            try:
                out, error, is_late = await self._talk(process, json.dumps(order).encode())
            finally:
                _end(process)
                await asyncio.shield(process.wait())
            os.set_blocking(report, False)
            said = _first(report)
        finally:
            os.close(report)
            os.close(told)
        if "refused" in said:
            raise CodeRefused(_NO_ROOM.format(reason=said["refused"]))
        return self._result(said, out, error, is_late, time.monotonic() - began)

    async def _talk(self, process: asyncio.subprocess.Process, order: bytes) -> tuple[bytes, bytes, bool]:
        """What it prints, each up to one byte past the limit, and whether it did not end in time."""
        assert process.stdin
        assert process.stdout
        assert process.stderr
        with contextlib.suppress(ConnectionError):
            process.stdin.write(order)
            await process.stdin.drain()
        process.stdin.close()
        printed, most = (bytearray(), bytearray()), self._limits.output_bytes
        reading = [
            asyncio.create_task(_read(stream, text, most, process))
            for stream, text in zip((process.stdout, process.stderr), printed, strict=True)
        ]
        try:
            async with asyncio.timeout(self._limits.seconds + _LATE_SECONDS):
                await asyncio.gather(process.wait(), *reading)
            is_late = False
        except TimeoutError:
            is_late = True
        return bytes(printed[0]), bytes(printed[1]), is_late

    def _result(self, said: Mapping[str, Any], out: bytes, error: bytes, is_late: bool, seconds: float) -> Result:
        most = self._limits.output_bytes
        stdout, stderr = (
            text[:most].decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}") for text in (out, error)
        )
        code = said.get("exit")
        verdict: Verdict = "finished" if code == 0 else "runtime_error"
        if max(len(out), len(error)) > most:
            verdict, code = "output_limit", None
        elif is_late or not said:
            verdict = "time_limit"
        elif said["passed"]:
            verdict = said["passed"]
        elif code != 0 and any(word in stderr[-4000:] for word in _NO_MEMORY):
            verdict = "memory_limit"
        return Result(verdict, stdout, stderr, code, said.get("seconds", seconds), said.get("memory_bytes", 0))


async def _read(
    stream: asyncio.StreamReader, into: bytearray, most: int, process: asyncio.subprocess.Process
) -> None:  # fmt: skip
    """Up to one byte past the limit, at which the program is ended."""
    while data := await stream.read(65_536):
        into += data[: most + 1 - len(into)]
        if len(into) > most:
            _end(process)


def _end(process: asyncio.subprocess.Process) -> None:
    """End the room. `Process.kill` would take the status away from the event loop."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def _first(report: int) -> dict[str, Any]:
    """What was said first; empty when the room was ended before."""
    try:
        line = os.read(report, 65_536).partition(b"\n")[0]
    except BlockingIOError:
        return {}
    said: dict[str, Any] = json.loads(line)
    return said
