"""A fetched repository, read without ever being checked out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from services.repo_clone.git_process import Git, GitFailed, Limits
from services.repo_clone.git_progress import ProgressLine
from services.repo_clone.host_answer import explain_answer
from services.repo_clone.resolve import Target
from services.repo_clone.tree import FETCHED_BYTES, TreeFile, read_tree
from shared.kernel.errors import PermanentError, TransientError

FETCHED = "refs/heads/fetched"
_TOGETHER_BYTES = 32 * 1024 * 1024


class RepositoryDamaged(TransientError):
    """The fetched objects cannot be read; the next attempt fetches them anew."""

    code = "repository_damaged"

    def __init__(self) -> None:
        super().__init__("The fetched repository can't be read")


async def borrow(git: Git, folder: Path, target: Target) -> None:
    """A new bare repository that reads a local one's objects where they lie: nothing to fetch, none of its settings.

    A copy over `file://` would fail where the local repository is itself a filtered clone.
    """
    await _create(git, folder)
    origin = Git(Path(target.remote.url), git.limits)
    inside = Git(folder, git.limits)
    try:
        place = await origin.run(["rev-parse", "--path-format=absolute", "--git-path", "objects"])
        (folder / "objects" / "info").mkdir(exist_ok=True)
        (folder / "objects" / "info" / "alternates").write_bytes(place)
        await inside.run(["update-ref", FETCHED, f"{target.commit}^{{commit}}"])
    except GitFailed as error:
        raise PermanentError("The repository does not have this commit", code="ref_not_found") from error


async def fetch(git: Git, folder: Path, target: Target, progress: ProgressLine | None) -> None:
    """Fetch one commit, without its history and without files over 1 MiB, into a new bare repository."""
    await _create(git, folder)
    inside = Git(folder, git.limits)
    arguments = [
        "fetch", "--depth", "1", "--no-tags", "--no-recurse-submodules", "--no-auto-gc", "--progress",
        f"--filter=blob:limit={FETCHED_BYTES + 1}", "--", target.remote.url, target.refspec,
    ]  # fmt: skip
    try:
        await inside.run(arguments, remote=target.remote, progress=progress)
        await inside.run(["update-ref", FETCHED, "FETCH_HEAD^{commit}"])
    except GitFailed as error:
        if _is_full(folder, git.limits.bytes):
            raise PermanentError(
                f"The repository is larger than the {git.limits.bytes // 1024**2} MiB that may be fetched",
                code="repository_too_large",
            ) from error
        raise await explain_answer(error.output, target.remote) from error
    _forget_origin(folder)


async def _create(git: Git, folder: Path) -> None:
    await git.run(["init", "--quiet", "--bare", "--template=", "--", str(folder)])


def _is_full(folder: Path, most: int) -> bool:
    """Whether the file git was writing reached the limit: git itself only says that something broke."""
    return any(file.stat().st_size >= most for file in (folder / "objects" / "pack").glob("tmp_*"))


def _forget_origin(folder: Path) -> None:
    """A filtered clone fetches what it lacks when it is asked for it; without an origin it is merely missing."""
    for mark in (folder / "objects" / "pack").glob("*.promisor"):
        mark.unlink()
    (folder / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n", encoding="utf-8")


class Repository:
    """Reads a fetched commit. Methods raise RepositoryDamaged."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._git = Git(folder, limits)
        self.folder = folder

    async def commit(self) -> str:
        """The commit's full hash."""
        return (await self._read(["rev-parse", f"{FETCHED}^{{commit}}"])).decode().strip()

    async def files(self) -> list[TreeFile]:
        """Every entry of the tree with its size, in git's order."""
        entries = read_tree(await self._read(["ls-tree", "-r", "-z", FETCHED]))
        sizes = await self._sizes(sorted({entry.git_blob for entry in entries if entry.kind == "file"}))
        return [replace(entry, size=sizes.get(entry.git_blob)) if entry.kind == "file" else entry for entry in entries]

    async def _sizes(self, blobs: Sequence[str]) -> dict[str, int]:
        """Bytes by hash; blobs that were filtered out are not in it. `ls-tree -l` would fetch them one by one."""
        output = await self._read(["cat-file", "--batch-check"], "\n".join([*blobs, ""]).encode())
        answers = (line.split() for line in output.decode().splitlines())
        return {answer[0]: int(answer[2]) for answer in answers if answer[1] == "blob"}

    async def read(self, blobs: Mapping[str, int]) -> dict[str, bytes]:
        """The bytes of blobs by their hashes; `blobs` gives their sizes."""
        contents: dict[str, bytes] = {}
        for some in _together(blobs):
            output = await self._read(["cat-file", "--batch"], "\n".join([*some, ""]).encode())
            position = 0
            for blob in some:
                start = output.index(b"\n", position) + 1
                if output[position:start].split()[:2] != [blob.encode(), b"blob"]:
                    raise RepositoryDamaged
                contents[blob] = output[start : start + blobs[blob]]
                position = start + blobs[blob] + 1
        return contents

    async def _read(self, arguments: Sequence[str], stdin: bytes = b"") -> bytes:
        try:
            return await self._git.run(arguments, stdin=stdin)
        except GitFailed as error:
            raise RepositoryDamaged from error

    def bytes_on_disk(self) -> int:
        """The size of the fetched objects, in bytes."""
        return sum(file.stat().st_size for file in (self.folder / "objects").rglob("*") if file.is_file())


def _together(blobs: Mapping[str, int]) -> Iterator[list[str]]:
    """Blobs in groups that fit in memory, sorted."""
    group: list[str] = []
    weight = 0
    for blob in sorted(blobs):
        if group and weight + blobs[blob] > _TOGETHER_BYTES:
            yield group
            group, weight = [], 0
        group.append(blob)
        weight += blobs[blob]
    if group:
        yield group


async def origins_of(git: Git) -> list[str]:
    """The addresses of a local repository's remotes, `origin` first, then `upstream`, then the others by name."""
    try:
        output = await git.run(["config", "--get-regexp", "-z", r"^remote\..*\.url$"])
    except GitFailed:  # the folder is gone, or the repository has no remote
        return []
    named = dict(entry.split("\n", 1) for entry in output.decode(errors="replace").split("\0") if "\n" in entry)
    first = ("remote.origin.url", "remote.upstream.url")
    return [named[name] for name in sorted(named, key=lambda name: (*(name != one for one in first), name))]


async def root_commit_of(git: Git, commit: str) -> str:
    """The hash that names a local repository without an origin: its oldest commit."""
    try:
        return (await git.run(["rev-list", "--max-parents=0", commit, "--"])).decode().split()[-1]
    except GitFailed as error:
        raise PermanentError("The local repository is damaged", code="repository_damaged") from error
