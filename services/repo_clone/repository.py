"""A fetched repository, read without ever being checked out."""

import re
from dataclasses import dataclass
from pathlib import Path

from services.repo_clone.git_process import Git, GitFailed, Limits, ProgressLine, Remote
from services.repo_clone.resolve import Target, explain
from shared.errors import PermanentError

FETCHED_BYTES = 1024 * 1024
_TOGETHER = 500
_SSH = re.compile(r"^(?:ssh://)?[\w.-]+@(?P<host>[\w.-]+)[:/](?P<path>[^:]+)$")
_CREDENTIAL = re.compile(r"^https://[^/@]*@")


@dataclass(frozen=True)
class TreeFile:
    """A regular file of the commit. `size` in bytes; None when it was too large to be fetched."""

    path: str
    git_blob: str
    size: int | None


async def borrow(git: Git, folder: Path, target: Target) -> None:
    """A new bare repository that reads a local one's objects where they lie: nothing to fetch, none of its settings."""
    await git.run(["init", "--quiet", "--bare", "--template=", str(folder)])
    origin = Git(Path(target.remote.url.removeprefix("file://")), git.limits)
    place = await origin.run(["-c", "safe.directory=*", "rev-parse", "--path-format=absolute", "--git-path", "objects"])
    (folder / "objects" / "info").mkdir(exist_ok=True)
    (folder / "objects" / "info" / "alternates").write_bytes(place)
    try:
        await Git(folder, git.limits).run(["update-ref", "refs/heads/fetched", f"{target.commit}^{{commit}}"])
    except GitFailed as error:
        raise PermanentError("The repository does not have this commit", code="ref_not_found") from error


async def fetch(git: Git, folder: Path, target: Target, progress: ProgressLine | None) -> None:
    """Fetch one commit, without its history and without files over 1 MiB, into a new bare repository."""
    await git.run(["init", "--quiet", "--bare", "--template=", str(folder)])
    inside = Git(folder, git.limits)
    arguments = [
        "fetch", "--depth", "1", "--no-tags", "--no-recurse-submodules", "--progress",
        f"--filter=blob:limit={FETCHED_BYTES + 1}", "--", target.remote.url, target.refspec,
    ]  # fmt: skip
    try:
        await inside.run(arguments, remote=target.remote, progress=progress)
        await inside.run(["update-ref", "refs/heads/fetched", "FETCH_HEAD^{commit}"])
    except GitFailed as error:
        raise explain(error.output, target.remote) from error


class Repository:
    """Reads a fetched commit."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._git = Git(folder, limits)
        self.folder = folder

    async def commit(self) -> str:
        """The commit's full hash."""
        return (await self._git.run(["rev-parse", "refs/heads/fetched^{commit}"])).decode().strip()

    async def root_commit_of(self, remote: Remote) -> str:
        """The hash that names a local repository without an origin: its oldest commit, read where it lies."""
        origin = Git(Path(remote.url.removeprefix("file://")), self._git.limits)
        output = await origin.run(["-c", "safe.directory=*", "rev-list", "--max-parents=0", "HEAD"])
        return output.decode().split()[-1]

    async def origin_of(self, remote: Remote) -> str:
        """The address a local repository was cloned from, in https form where it is an ssh one; "" if none."""
        origin = Git(Path(remote.url.removeprefix("file://")), self._git.limits)
        try:
            output = await origin.run(["-c", "safe.directory=*", "config", "--get", "remote.origin.url"])
        except GitFailed:
            return ""
        url = output.decode(errors="replace").strip()
        ssh = _SSH.match(url)
        return f"https://{ssh['host']}/{ssh['path']}" if ssh else _CREDENTIAL.sub("https://", url)

    async def files(self) -> list[TreeFile]:
        """Every regular file, sorted by path as git sorts. Symbolic links and submodules are no files of ours."""
        tree = await self._git.run(["ls-tree", "-r", "-z", "refs/heads/fetched"])
        entries: list[tuple[str, str]] = []
        for entry in tree.split(b"\0"):
            head, _, path = entry.partition(b"\t")
            if head.startswith((b"100644 blob", b"100755 blob")):
                entries.append((path.decode("utf-8", errors="surrogateescape"), head.split()[2].decode()))
        missing = await self._missing()
        sizes = await self._sizes(sorted({blob for _, blob in entries} - missing))
        return [TreeFile(path, blob, sizes.get(blob)) for path, blob in entries]

    async def _missing(self) -> set[str]:
        output = await self._git.run(["rev-list", "--objects", "--missing=print", "refs/heads/fetched^{tree}"])
        return {line[1:].decode() for line in output.splitlines() if line.startswith(b"?")}

    async def _sizes(self, blobs: list[str]) -> dict[str, int]:
        output = await self._git.run(["cat-file", "--batch-check"], stdin="\n".join([*blobs, ""]).encode())
        answers = (line.split() for line in output.decode().splitlines())
        return {answer[0]: int(answer[2]) for answer in answers if answer[1] == "blob"}

    async def read(self, blobs: list[str]) -> dict[str, bytes]:
        """The bytes of blobs by their hashes."""
        contents: dict[str, bytes] = {}
        for start in range(0, len(blobs), _TOGETHER):
            some = blobs[start : start + _TOGETHER]
            output = await self._git.run(["cat-file", "--batch"], stdin="\n".join([*some, ""]).encode())
            position = 0
            for _ in some:
                end = output.index(b"\n", position)
                name, kind, size = output[position:end].decode().split()
                if kind != "blob":
                    raise PermanentError("The repository is damaged", code="repository_damaged")
                contents[name] = output[end + 1 : end + 1 + int(size)]
                position = end + 1 + int(size) + 1
        return contents

    async def bytes_on_disk(self) -> int:
        """What was fetched, in bytes."""
        return sum(file.stat().st_size for file in (self.folder / "objects").rglob("*") if file.is_file())
