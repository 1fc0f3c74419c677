"""What a source is called for everybody: its address without this machine in it, and its name."""

import re
from collections.abc import Callable
from pathlib import Path

from services.repo_clone.git_process import Git
from services.repo_clone.repository import origin_of, root_commit_of
from services.repo_clone.resolve import Target
from shared.source_address import AddressRefused, SourceAddress, parse_address

_SSH = re.compile(r"^(?:ssh://)?(?:[\w.-]+@)?(?P<host>[\w.-]+\.[\w-]+)(?::\d+/|[:/])/?(?P<path>[^:]+)$")
_CREDENTIAL = re.compile(r"^(https?://)[^/@]*@")


async def canonical_url(git_at: Callable[[Path], Git], address: SourceAddress, target: Target, commit: str) -> str:
    """The address of a remote source; a local one's origin in https form, else `local:` and its oldest commit."""
    if address.kind != "local":
        return address.canonical
    git = git_at(Path(target.remote.url))
    public = https_form(await origin_of(git))
    return public or f"local:{await root_commit_of(git, commit)}"


def https_form(origin: str) -> str:
    """The canonical https address of an origin as git stores it (https, ssh or scp form), "" when it has none."""
    ssh = None if "://" in origin and not origin.startswith("ssh://") else _SSH.match(origin)
    url = f"https://{ssh['host']}/{ssh['path']}" if ssh else _CREDENTIAL.sub(r"\1", origin)
    try:
        address = parse_address(url, allow_local=False, allow_http=False)
    except AddressRefused:
        return ""
    return address.canonical if "://" in url else ""


def name_of(address: SourceAddress, url: str) -> str:
    """The repository's name: the last part of its address; of a local one without an origin, its folder's name."""
    if address.kind != "local":
        return address.name
    return url.rsplit("/", 1)[-1] if url.startswith("https://") else address.name
