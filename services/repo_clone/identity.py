"""The name of a source for everybody: its address without this machine in it."""

from collections.abc import Callable
from pathlib import Path

from services.repo_clone.git_process import Git
from services.repo_clone.repository import origins_of, root_commit_of
from services.repo_clone.resolve import Target
from shared.sources.address import SourceAddress, https_form

_MOST_HOPS = 3


async def canonical_url(git_at: Callable[[Path], Git], address: SourceAddress, target: Target, commit: str) -> str:
    """The address of a remote source; a local one's origin in https form, else `local:` and its oldest commit."""
    if address.kind != "local":
        return address.canonical
    folder = Path(target.remote.url)
    public = await _find_public(git_at, folder, _MOST_HOPS)
    return public or f"local:{await root_commit_of(git_at(folder), commit)}"


async def _find_public(git_at: Callable[[Path], Git], folder: Path, hops: int) -> str:
    """The https address of a remote, also of the local repository that this one was cloned from; "" for none."""
    for origin in await origins_of(git_at(folder)):
        if public := https_form(origin):
            return public
        cloned = folder / origin.removeprefix("file://")
        if hops and cloned.is_dir() and (public := await _find_public(git_at, cloned, hops - 1)):
            return public
    return ""
