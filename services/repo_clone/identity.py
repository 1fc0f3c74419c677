"""What a source is called for everybody: its address without this machine in it."""

from collections.abc import Callable
from pathlib import Path

from services.repo_clone.git_process import Git
from services.repo_clone.repository import origin_of, root_commit_of
from services.repo_clone.resolve import Target
from shared.source_address import SourceAddress, https_form


async def canonical_url(git_at: Callable[[Path], Git], address: SourceAddress, target: Target, commit: str) -> str:
    """The address of a remote source; a local one's origin in https form, else `local:` and its oldest commit."""
    if address.kind != "local":
        return address.canonical
    git = git_at(Path(target.remote.url))
    public = https_form(await origin_of(git))
    return public or f"local:{await root_commit_of(git, commit)}"
