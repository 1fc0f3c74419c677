"""git as a child process: an empty environment, no user text as an option, killed past its limits."""

import asyncio
import base64
import contextlib
import os
import resource
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from git import RemoteProgress

from shared.errors import PermanentError, TransientError

_FLAGS = (
    "protocol.allow=never", "http.followRedirects=false", "http.proxy=", "http.sslVerify=true",
    "http.lowSpeedLimit=1000", "http.lowSpeedTime=20", "credential.helper=", "core.askPass=",
    "transfer.bundleURI=false", "fetch.recurseSubmodules=false", "submodule.recurse=false",
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.symlinks=false", "core.attributesFile=/dev/null",
    "core.pager=cat", "gc.auto=0", "maintenance.auto=false", "pack.threads=1", "core.bigFileThreshold=8m",
)  # fmt: skip
# The other side of a local clone reads only this file: -c and the environment's settings do not reach it.
_SERVING_SIDE = "[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n[safe]\n\tdirectory = *\n"
_OUTPUT_LIMIT = 64 * 1024 * 1024

ProgressLine = Callable[[str, int], None]


@dataclass(frozen=True)
class Remote:
    """What git connects to: the rebuilt URL, and how the connection is held to one checked address."""

    url: str
    protocol: str
    pin: str = ""
    token: str = ""

    @property
    def flags(self) -> tuple[str, ...]:
        """Settings of this connection."""
        pinned = (f"http.curloptResolve={self.pin}",) if self.pin else ()
        return (f"protocol.{self.protocol}.allow=always", *pinned)


@dataclass(frozen=True)
class Limits:
    """Seconds for one git process, and bytes for any file it writes."""

    seconds: float
    bytes: int


class GitFailed(Exception):
    """git ended with an error; `output` is what it said, for classification, never for users."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output


class Git:
    """Runs git in `folder` (a bare repository, or any folder for ls-remote)."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self.limits = limits
        binary = shutil.which("git")
        if binary is None:
            raise PermanentError("git is not installed on this machine", code="git_missing")
        self._binary = binary

    async def run(
        self,
        arguments: Sequence[str],
        *,
        remote: Remote | None = None,
        stdin: bytes = b"",
        progress: ProgressLine | None = None,
    ) -> bytes:
        """Standard output. Raises GitFailed, or TransientError past the time limit; no process is left behind."""
        flags = [part for flag in (*_FLAGS, *(remote.flags if remote else ())) for part in ("-c", flag)]
        process = await asyncio.create_subprocess_exec(
            self._binary, *flags, *arguments,
            cwd=self._folder, env=self._environment(remote), stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, start_new_session=True,
            preexec_fn=self._limit, limit=_OUTPUT_LIMIT,
        )  # fmt: skip
        try:
            async with asyncio.timeout(self.limits.seconds):
                output, errors = await self._talk(process, stdin, progress)
        except TimeoutError as error:
            raise TransientError(
                f"The repository did not arrive within {self.limits.seconds:.0f} seconds", code="clone_timeout"
            ) from error
        finally:
            await _end(process)
        if process.returncode != 0:
            raise GitFailed(errors)
        return output

    async def _talk(
        self, process: asyncio.subprocess.Process, stdin: bytes, progress: ProgressLine | None
    ) -> tuple[bytes, str]:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None

        async def feed(writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError):
                writer.write(stdin)
                await writer.drain()
                writer.close()

        _, output, errors = await asyncio.gather(
            feed(process.stdin), process.stdout.read(), _read_progress(process.stderr, progress)
        )
        await process.wait()
        return output, errors

    def _environment(self, remote: Remote | None) -> dict[str, str]:
        serving = self._folder / "serving-side.config"
        local = remote is not None and remote.protocol == "file"
        if local and not serving.exists():
            serving.write_text(_SERVING_SIDE, encoding="utf-8")
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent",
            "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_CONFIG_GLOBAL": str(serving) if local else "/dev/null", "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "/bin/false", "SSH_ASKPASS": "/bin/false",
            "GIT_SSH_COMMAND": "/bin/false", "GIT_ALLOW_PROTOCOL": remote.protocol if remote else "none",
            "GIT_PROTOCOL_FROM_USER": "0", "GIT_LFS_SKIP_SMUDGE": "1", "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_OPTIONAL_LOCKS": "0", "GIT_CEILING_DIRECTORIES": str(self._folder.parent),
        }  # fmt: skip
        if remote is None:
            environment["GIT_NO_LAZY_FETCH"] = "1"
        elif remote.token:
            secret = base64.b64encode(f"x-access-token:{remote.token}".encode()).decode()
            host = "/".join(remote.url.split("/")[:3])
            environment |= {
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": f"http.{host}/.extraHeader",
                "GIT_CONFIG_VALUE_0": f"Authorization: Basic {secret}",
            }
        return environment

    def _limit(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.limits.bytes, self.limits.bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


async def _read_progress(stream: asyncio.StreamReader, progress: ProgressLine | None) -> str:
    """All of standard error (its end, if it is long); progress lines are told as they come, by GitPython's parser."""
    parser = _Progress(progress) if progress else None
    said, rest = "", ""
    while chunk := await stream.read(4096):
        *lines, rest = (rest + chunk.decode(errors="replace").replace("\r", "\n")).split("\n")
        for line in lines:
            if parser is not None:
                parser.hear(line)
            said = (said + line + "\n")[-8192:]
    return said + rest


class _Progress(RemoteProgress):
    """Turns git's progress lines into a step and a percentage."""

    _STEPS = ((RemoteProgress.RECEIVING, "Receiving objects"), (RemoteProgress.RESOLVING, "Resolving deltas"))

    def __init__(self, tell: ProgressLine) -> None:
        super().__init__()
        self._tell = tell
        self.hear = self.new_message_handler()

    def update(
        self, op_code: int, cur_count: str | float, max_count: str | float | None = None, message: str = ""
    ) -> None:
        """See RemoteProgress.update."""
        for code, step in self._STEPS:
            if op_code & self.OP_MASK == code and max_count:
                self._tell(step, int(100 * float(cur_count) / float(max_count)))


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the whole group if it still runs: git's helpers are its children."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
