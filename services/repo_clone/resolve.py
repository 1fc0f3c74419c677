"""From an address and a ref to a commit: one host look-up, one checked address, one question to the server."""

import asyncio
import re
import socket
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from services.repo_clone.git_process import Git, GitFailed, Remote, Secret
from services.repo_clone.host_answer import explain_answer, find_redirect
from services.repo_clone.near_refs import near_refs
from services.repo_clone.sayings import is_redirect
from shared.kernel.errors import PermanentError, TransientError
from shared.sources.address import SourceAddress, check_addresses
from shared.sources.host_lookup import SystemLookup

_COMMIT = re.compile(r"^[0-9a-f]{40}$")
_SHA256 = re.compile(rb"^[0-9a-f]{64}\t", re.MULTILINE)
_SHORT_COMMIT = re.compile(r"^[0-9a-f]{7,39}$")
_REF = re.compile(r"^(?!-)(?!.*(?:\.\.|@\{|//|\.lock$|[\x00-\x20~^:?*\[\\\x7f]))[^/].{0,199}$")
_SHOWN_REFS = 8
_LOOKUP_SECONDS = 10.0
_ALWAYS_THERE = "example.com"  # reserved, and served for as long as there is a public network (RFC 2606)


@dataclass(frozen=True)
class Target:
    """The ref to fetch: `refspec` is a full ref name or a commit; `ref` is what a course names."""

    remote: Remote
    refspec: str
    commit: str
    ref: str
    default_branch: str


async def open_remote(address: SourceAddress, secret: Secret | None = None, inward: Collection[str] = ()) -> Remote:
    """The remote of an address, its host looked up once and held to a checked address. `inward`: hosts that may lie
    inside the network.

    Raises PermanentError `host_not_found` for a name that does not exist, AddressRefused for private addresses, and
    TransientError when names cannot be looked up now.
    """
    if address.kind == "local":
        if not Path(address.path).is_dir():
            raise PermanentError(f"There is no folder {address.path}", code="repository_not_found")
        return Remote(address.path, "file")
    found = await _look_up(address.host, address.port)
    pinned = found[0] if address.authority in inward else check_addresses(address.host, found)
    shown = f"[{pinned}]" if ":" in pinned else pinned
    return Remote(address.canonical, address.kind, f"{address.host}:{address.port}:{shown}", secret)


async def _look_up(host: str, port: int) -> list[str]:
    try:
        return await SystemLookup(_LOOKUP_SECONDS).addresses(host, port)
    except (TimeoutError, socket.gaierror) as error:
        if _says_there_is_none(error) and await _can_look_up():
            raise PermanentError(f"There is no host {host}; is the name right?", code="host_not_found") from error
        raise TransientError(
            f"The host name {host} could not be looked up; is there a network?", code="host_lookup_failed"
        ) from error


def _says_there_is_none(error: TimeoutError | socket.gaierror) -> bool:
    return isinstance(error, socket.gaierror) and error.errno in {socket.EAI_NONAME, socket.EAI_NODATA}


async def _can_look_up() -> bool:
    """Whether names are looked up at all: a resolver without a network may say of every name that there is none."""
    try:
        return bool(await SystemLookup(_LOOKUP_SECONDS).addresses(_ALWAYS_THERE, 443))
    except (TimeoutError, socket.gaierror):
        return False


async def resolve(git: Git, remote: Remote, ref: str) -> Target:
    """The commit a branch, tag or full commit names; the default branch for an empty ref.

    Raises PermanentError with what there is instead when the ref is missing, and for empty and unreadable repositories.
    """
    ref = _checked(ref)
    remote, output = await _ask(git, remote)
    if _SHA256.search(output):
        raise PermanentError("Repositories with SHA-256 hashes are not supported", code="repository_unsupported")
    refs, default = _read_refs(output.decode(errors="replace"))
    if not refs:
        raise PermanentError("The repository is empty: it has no commits yet", code="repository_empty")
    if _COMMIT.match(ref):
        return Target(remote, ref, ref, ref, default)
    if not ref:
        if "HEAD" not in refs:
            raise PermanentError(
                f"The repository has no default branch; name a branch or tag. It has {_list_names(refs)}",
                code="ref_not_found",
            )
        return Target(remote, "HEAD", refs["HEAD"], default or "HEAD", default)
    for full in (f"refs/heads/{ref}", f"refs/tags/{ref}", ref):
        if full in refs:
            return Target(remote, full, refs.get(f"{full}^{{}}", refs[full]), ref, default)
    hint = " Short commit ids can't be fetched; give all 40 digits." if _SHORT_COMMIT.match(ref.lower()) else ""
    near = " or ".join(f"“{name}”" for name in near_refs(ref, _names(refs)))
    hint += f" Did you mean {near}?" if near else ""
    raise PermanentError(
        f"The repository has no branch or tag “{ref}”.{hint} It has {_list_names(refs)}", code="ref_not_found"
    )


def _checked(ref: str) -> str:
    """The ref without surprises: HEAD is the default branch, a commit is lower case. Raises PermanentError."""
    if ref == "HEAD":
        return ""
    if _COMMIT.match(ref.lower()):
        return ref.lower()
    if ref and (not _REF.match(ref) or not ref.isprintable()):
        shown = "".join(c if c.isprintable() else "?" for c in ref[:80])
        raise PermanentError(f"“{shown}” can't be the name of a branch, tag or commit", code="ref_not_found")
    return ref


async def _ask(git: Git, remote: Remote) -> tuple[Remote, bytes]:
    """The server's refs, and the remote that gave them: some hosts serve a repository only under its name with .git."""
    try:
        return remote, await _list_refs(git, remote)
    except GitFailed as error:
        if remote.protocol == "file" or not is_redirect(error.output):
            raise await explain_answer(error.output, remote) from error
    named = replace(remote, url=f"{remote.url}.git")
    try:
        return named, await _list_refs(git, named)
    except GitFailed as error:
        moved_to = await asyncio.to_thread(find_redirect, remote)
        if moved_to is None or moved_to.canonical == remote.url:
            raise await explain_answer(error.output, remote) from error
        raise PermanentError(
            f"The repository has moved to {moved_to.canonical}; use that address", code="redirected"
        ) from error


async def _list_refs(git: Git, remote: Remote) -> bytes:
    return await git.run(["ls-remote", "--symref", "--", remote.url], remote=remote)


def _read_refs(text: str) -> tuple[dict[str, str], str]:
    """Full ref names with their hashes, and the default branch ("" when HEAD names none)."""
    refs: dict[str, str] = {}
    default = ""
    for line in text.splitlines():
        value, _, name = line.partition("\t")
        if value.startswith("ref: refs/heads/") and name == "HEAD":
            default = value.removeprefix("ref: refs/heads/")
        elif _COMMIT.match(value):
            refs[name] = value
    return refs, default


def _names(refs: dict[str, str]) -> list[str]:
    """Branches and tags."""
    named = [name for name in refs if name.startswith(("refs/heads/", "refs/tags/")) and not name.endswith("^{}")]
    return [name.split("/", 2)[2] for name in named if name.isprintable()]


def _list_names(refs: dict[str, str]) -> str:
    names = _names(refs)
    shown = ", ".join(names[:_SHOWN_REFS])
    return f"{shown} and {len(names) - _SHOWN_REFS} more" if len(names) > _SHOWN_REFS else shown or "none"
