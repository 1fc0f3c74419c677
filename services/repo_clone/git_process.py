"""git as a child process: an empty environment, no user text as an option, killed past its limits.

GitPython parses the progress. Its own runner hands git the whole environment of this process, secrets and tracing
switches among it, so the processes are started here.
"""

import asyncio
import contextlib
import os
import resource
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.repo_clone.git_progress import Progress, ProgressLine
from shared.kernel.errors import PermanentError, TransientError

# Mistakes of honest old repositories; everything else that git's check refuses may be an attack.
_HARMLESS = (
    "zeroPaddedFilemode", "badDate", "badDateOverflow", "badTimezone", "missingSpaceBeforeDate", "missingEmail",
    "badEmail", "missingNameBeforeEmail", "missingSpaceBeforeEmail", "multipleAuthors", "missingTaggerEntry",
    "gitmodulesParse",
)  # fmt: skip
_FLAGS = (
    "protocol.allow=never", "http.followRedirects=false", "http.proxy=", "http.sslVerify=true",
    "http.lowSpeedLimit=1000", "http.lowSpeedTime=20", "credential.helper=", "core.askPass=",
    "transfer.fsckObjects=true", "fetch.fsckObjects=true", *(f"fetch.fsck.{mistake}=ignore" for mistake in _HARMLESS),
    "transfer.bundleURI=false", "transfer.unpackLimit=1", "fetch.recurseSubmodules=false", "submodule.recurse=false",
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.symlinks=false", "core.protectHFS=true",
    "core.protectNTFS=true", "core.attributesFile=/dev/null", "core.pager=cat", "gc.auto=0", "maintenance.auto=false",
    "pack.threads=1", "core.deltaBaseCacheLimit=32m", "core.bigFileThreshold=8m",
    "core.packedGitWindowSize=32m", "core.packedGitLimit=512m", "safe.directory=*",
)  # fmt: skip
# The process that serves a local repository ignores -c: it reads this file, as the user's own settings.
_SERVING_SIDE = "[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n[safe]\n\tdirectory = *\n"
_SERVING_FILE = "serving-side.config"
_OUTPUT_LIMIT = 128 * 1024 * 1024
_ERROR_LIMIT = 8192
_CHUNK = 65536
_MEMORY = 2 * 1024**3
_OPEN_FILES = 128


@dataclass(frozen=True)
class Secret:
    """A user name and a token, as a host wants them. Neither shows when a Secret is printed."""

    username: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True)
class Remote:
    """The target of a connection of git: the rebuilt URL or a local path, and the one checked address it is held to.

    `pin` is `host:port:address` for http.curloptResolve. `secret` is sent to this host only.
    """

    url: str
    protocol: str
    pin: str = ""
    secret: Secret | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """Settings of this connection."""
        pinned = (f"http.curloptResolve={self.pin}",) if self.pin else ()
        return (f"protocol.{self.protocol}.allow=always", *pinned)

    @property
    def shown(self) -> str:
        """The host, or the local path, as messages name it."""
        return self.url if self.protocol == "file" else self.url.split("/")[2]


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
        with _handing_over(remote) as (asking, descriptors):
            flags = [part for flag in (*_FLAGS, *(remote.flags if remote else ()), *asking) for part in ("-c", flag)]
            process = await asyncio.create_subprocess_exec(
                self._binary, *flags, *arguments,
                cwd=self._folder, env=self._environment(remote), stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, start_new_session=True,
                pass_fds=descriptors,
            )  # fmt: skip
        try:
            _restrict(process.pid, self.limits)
            async with asyncio.timeout(self.limits.seconds):
                output, errors = await _talk(process, stdin, progress)
        except TimeoutError as error:
            raise TransientError(
                f"The repository did not arrive within {self.limits.seconds:.0f} seconds", code="clone_timeout"
            ) from error
        finally:
            await _end(process)
        if process.returncode != 0:
            raise GitFailed(f"{errors}\nended with {process.returncode}")
        return output

    def _environment(self, remote: Remote | None) -> dict[str, str]:
        local = remote is not None and remote.protocol == "file"
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent",
            "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_CONFIG_GLOBAL": str(self._serving_side()) if local else "/dev/null", "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "/bin/false", "SSH_ASKPASS": "/bin/false",
            "GIT_SSH_COMMAND": "/bin/false", "GIT_ALLOW_PROTOCOL": remote.protocol if remote else "none",
            "GIT_PROTOCOL_FROM_USER": "0", "GIT_LFS_SKIP_SMUDGE": "1", "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_OPTIONAL_LOCKS": "0", "GIT_CEILING_DIRECTORIES": str(self._folder.parent),
        }  # fmt: skip
        if (authorities := os.environ.get("GIT_SSL_CAINFO")) is not None:
            environment["GIT_SSL_CAINFO"] = authorities
        if remote is None:
            environment["GIT_NO_LAZY_FETCH"] = "1"
        return environment

    def _serving_side(self) -> Path:
        file = self._folder / _SERVING_FILE
        if not file.exists():
            file.write_text(_SERVING_SIDE, encoding="utf-8")
        return file


@contextlib.contextmanager
def _handing_over(remote: Remote | None) -> Iterator[tuple[Sequence[str], Sequence[int]]]:
    """Settings and descriptors by which a git that is started meanwhile gets the secret, once the host asks for one.

    A pipe is read by one reader once. Arguments, environments and files are read by every process of the same user.
    """
    if remote is None or remote.secret is None:
        yield (), ()
        return
    reading, writing = os.pipe()
    try:
        # Far less than a pipe holds: the write does not wait for a reader.
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(f"username={remote.secret.username}\npassword={remote.secret.token}\n".encode())
        origin = "/".join(remote.url.split("/")[:3])
        yield (f'credential.{origin}.helper=!f() {{ test "$1" = get && cat /dev/fd/{reading}; }}; f',), (reading,)
    finally:
        os.close(reading)


def _restrict(pid: int, limits: Limits) -> None:
    """Limits that git's own children inherit. They are set from outside: code between fork and exec can lock up."""
    if sys.platform != "linux":
        return  # elsewhere the time limit alone holds
    seconds = int(limits.seconds) + 1
    for what, most in (
        (resource.RLIMIT_FSIZE, limits.bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, _MEMORY + 2 * limits.bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ProcessLookupError, PermissionError, ValueError):  # gone, or held lower already
            resource.prlimit(pid, what, (most, most))


async def _talk(process: asyncio.subprocess.Process, stdin: bytes, progress: ProgressLine | None) -> tuple[bytes, str]:
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    _, output, errors = await asyncio.gather(
        _feed(process.stdin, stdin), _read_output(process.stdout), _read_errors(process.stderr, progress)
    )
    await process.wait()
    return output, errors


async def _feed(writer: asyncio.StreamWriter, data: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        writer.write(data)
        await writer.drain()
        writer.close()


async def _read_output(stream: asyncio.StreamReader) -> bytes:
    """All of standard output; what never ends is an attack."""
    chunks: list[bytes] = []
    left = _OUTPUT_LIMIT
    while chunk := await stream.read(_CHUNK):
        chunks.append(chunk)
        left -= len(chunk)
        if left < 0:
            raise GitFailed("fatal: too much output")
    return b"".join(chunks)


async def _read_errors(stream: asyncio.StreamReader, progress: ProgressLine | None) -> str:
    """The end of standard error without progress lines, which are told as they come."""
    parser = Progress(progress)
    said, rest = "", ""
    while chunk := await stream.read(_CHUNK):
        *lines, rest = (rest + chunk.decode(errors="replace").replace("\r", "\n")).split("\n")
        said = (said + "".join(f"{line}\n" for line in lines if not parser.takes(line)))[-_ERROR_LIMIT:]
        rest = rest[-_ERROR_LIMIT:]
    return said + rest


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the whole group if it still runs: git's helpers are its children."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
