"""From an address and a ref to a commit: one host look-up, one checked address, one ls-remote."""

import asyncio
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from services.repo_clone.git_process import Git, GitFailed, Remote
from shared.errors import PermanentError, TransientError
from shared.source_address import SourceAddress, check_addresses

_COMMIT = re.compile(r"^[0-9a-f]{40}$")
_SHORT_COMMIT = re.compile(r"^[0-9a-f]{7,39}$")
_REF = re.compile(r"^(?!-)(?!.*(?:\.\.|@\{|//|\.lock$|[\x00-\x20~^:?*\[\\\x7f]))[^/].{0,199}$")
_SHOWN_REFS = 8


@dataclass(frozen=True)
class Target:
    """What will be fetched: `refspec` is a full ref name or a commit."""

    remote: Remote
    refspec: str
    commit: str
    ref: str
    default_branch: str


async def open_remote(address: SourceAddress, token: str = "") -> Remote:
    """The remote of an address, its host looked up once and held to a checked address.

    Raises PermanentError `host_not_found`, AddressRefused for private addresses.
    """
    if address.kind == "local":
        path = Path(address.path)
        if not path.exists():
            raise PermanentError(f"There is nothing at {address.path}", code="repository_not_found")
        return Remote(f"file://{path}", "file")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise TransientError(
                f"The host {address.host} could not be looked up; is there a network?", code="host_lookup_failed"
            ) from error
        raise PermanentError(f"The host {address.host} does not exist", code="host_not_found") from error
    pinned = check_addresses(address.host, sorted({str(entry[4][0]) for entry in found}))
    shown = f"[{pinned}]" if ":" in pinned else pinned
    return Remote(address.canonical, address.kind, f"{address.host}:{address.port}:{shown}", token)


async def resolve(git: Git, remote: Remote, ref: str) -> Target:
    """The commit a branch, tag or full commit names; the default branch for an empty ref.

    Raises PermanentError with what there is instead when the ref is missing, and for empty and unreadable repositories.
    """
    if ref and not _COMMIT.match(ref) and not _REF.match(ref):
        raise PermanentError(f"“{ref[:80]}” cannot be the name of a branch or tag", code="ref_not_found")
    try:
        output = await git.run(["ls-remote", "--symref", "--", remote.url], remote=remote)
    except GitFailed as error:
        raise explain(error.output, remote) from error
    refs, default = _read_refs(output.decode(errors="replace"))
    if not refs:
        raise PermanentError("The repository is empty: it has no commits yet", code="repository_empty")
    if _COMMIT.match(ref):
        return Target(remote, ref, ref, ref, default)
    if not ref:
        if "HEAD" not in refs:
            raise PermanentError(
                f"The repository has no default branch; name one with ref: {_list_names(refs)}", code="ref_not_found"
            )
        return Target(remote, "HEAD", refs["HEAD"], default or "HEAD", default)
    for full in (f"refs/heads/{ref}", f"refs/tags/{ref}", ref):
        if full in refs:
            return Target(remote, full, refs.get(f"{full}^{{}}", refs[full]), ref, default)
    hint = " Short commit hashes cannot be fetched; give all 40 digits." if _SHORT_COMMIT.match(ref) else ""
    raise PermanentError(
        f"The repository has no branch or tag “{ref}”.{hint} It has {_list_names(refs)}", code="ref_not_found"
    )


def _read_refs(text: str) -> tuple[dict[str, str], str]:
    refs: dict[str, str] = {}
    default = ""
    for line in text.splitlines():
        value, _, name = line.partition("\t")
        if value.startswith("ref: ") and name == "HEAD":
            default = value.removeprefix("ref: refs/heads/")
        elif _COMMIT.match(value):
            refs[name] = value
    return refs, default


def _list_names(refs: dict[str, str]) -> str:
    names = [n.split("/", 2)[2] for n in refs if n.startswith(("refs/heads/", "refs/tags/")) and not n.endswith("^{}")]
    shown = ", ".join(names[:_SHOWN_REFS])
    return f"{shown} and {len(names) - _SHOWN_REFS} more" if len(names) > _SHOWN_REFS else shown or "none"


def explain(output: str, remote: Remote) -> PermanentError | TransientError:
    """What git said, as a message a user understands and a class that knows whether to try again."""
    said = "\n".join(line for line in output.lower().splitlines() if "%" not in line)
    host = remote.url.split("/")[2] if remote.protocol != "file" else remote.url.removeprefix("file://")
    if "could not resolve host" in said:
        return PermanentError(f"The host {host} does not exist", code="host_not_found")
    if "maximum redirects" in said or "redirect" in said:
        return PermanentError(f"{host} sends on to another address; give the repository's final one", code="redirected")
    if any(
        mark in said for mark in ("authentication failed", "could not read username", "error: 403", "terminal prompts")
    ):
        return PermanentError("The repository is private, or does not exist", code="repository_not_found")
    if "repository not found" in said or "not found" in said or "error: 404" in said:
        return PermanentError("There is no repository at this address, or it is private", code="repository_not_found")
    if (
        "does not appear to be a git repository" in said
        or "not a git repository" in said
        or "not valid: is this" in said
    ):
        return PermanentError(f"There is no Git repository at {host}", code="repository_not_found")
    if "not our ref" in said or "upload-pack: not our ref" in said or "couldn't find remote ref" in said:
        return PermanentError("The repository does not have this commit", code="ref_not_found")
    if "file size limit" in said or "file too large" in said:
        return PermanentError("The repository is larger than may be fetched", code="repository_too_large")
    if "ssl certificate" in said or "certificate" in said:
        return PermanentError(f"The certificate of {host} is not valid", code="bad_certificate")
    return TransientError(f"{host} did not deliver the repository", code="fetch_failed")
