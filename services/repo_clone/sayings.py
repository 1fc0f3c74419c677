"""Turns the words of a git that failed into a message for users and a class that knows whether to try again. Pure."""

import re

from services.repo_clone.git_process import Remote
from shared.kernel.errors import PermanentError, TransientError

_UNAUTHORISED = (
    "authentication failed", "could not read (?:username|password)", "terminal prompts", "error: 40[13]",
)  # fmt: skip
_ABSENT = ("error: 4(?:04|10)", "repository not found", "repository '.*' not found")
_NOT_FOUND = re.compile("|".join(_ABSENT))
_REFUSED = re.compile("|".join(_UNAUTHORISED))
_SAYINGS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile("|".join(patterns)), message, code)
    for code, message, patterns in (
        (
            "repository_not_found",
            "The repository is private, or does not exist. A private one needs a credential for {place}",
            (*_UNAUTHORISED, *_ABSENT),
        ),
        (
            "repository_not_found",
            "There is no Git repository at {place}",
            (
                "does not appear to be a git repository", "not a git repository", "not valid: is this",
                "invalid gitfile", "no such file or directory",
            ),
        ),
        (
            "ref_not_found",
            "The repository does not have this commit",
            ("not our ref", "couldn't find remote ref", "unadvertised object", "bad object", "unknown revision",
             "cannot update ref", "not a valid object", "expected commit type"),
        ),
        (
            "repository_too_large",
            "The repository is larger than may be fetched",
            ("file size limit", "file too large", "signal 25", "ended with -25", "too much output", "out of memory"),
        ),
        ("bad_certificate", "The certificate of {place} is not valid", ("certificate", "ssl: no alternative")),
        (
            "repository_unsafe",
            "The repository holds objects that git considers malicious or damaged, and was not read",
            ("fsck error", "fsck: ", "error in object", "hasdot", "refusing to create malicious", "treenotsorted",
             "duplicateentries", "disallowed submodule"),
        ),
        (
            "repository_unsupported",
            "{place} serves this repository in a way that is not supported",
            ("dumb http transport", "does not support shallow", "object format", "mismatched algorithms"),
        ),
    )
)  # fmt: skip
_REDIRECTED = re.compile(r"error: 30[12378]|redirect", re.IGNORECASE)


class CredentialRefused(PermanentError):
    """The host does not take the token. Once the token was replaced, the same request can be tried again."""

    code = "credential_refused"


def is_redirect(output: str) -> bool:
    """Whether the server sent git on to another address."""
    return bool(_REDIRECTED.search(output))


def explain(output: str, remote: Remote) -> PermanentError | TransientError:
    """The error for what git said; the saying itself stays out of it, for it names paths and addresses of this host."""
    said = output.lower()
    if is_redirect(output):
        return PermanentError(
            f"{remote.shown} sends on to another address; give the repository's final one", code="redirected"
        )
    if remote.secret is not None and _REFUSED.search(said):
        return CredentialRefused(
            f"{remote.shown} refuses the credential: it was revoked, has expired, or may not read this repository. "
            "Give the credential a new token, then try again"
        )
    if remote.secret is not None and _NOT_FOUND.search(said):
        return PermanentError(
            "The repository does not exist, or the credential may not read it", code="repository_not_found"
        )
    for pattern, message, code in _SAYINGS:
        if pattern.search(said):
            return PermanentError(message.format(place=remote.shown), code=code)
    return TransientError(f"{remote.shown} did not deliver the repository", code="fetch_failed")


def host_busy(remote: Remote, seconds: float | None) -> TransientError:
    """The host has had too many requests; `seconds` is how long it asks to wait."""
    asks = "" if seconds is None else f", and asks to wait {_duration(seconds)}"
    return TransientError(
        f"{remote.shown} has had too many requests{asks}", code="host_busy", retry_after_seconds=seconds
    )  # fmt: skip


def _duration(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 120 else f"{round(whole / 60)} min"
