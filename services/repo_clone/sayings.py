"""Turns the words of a git that failed into a message for users and a class that knows whether to try again. Pure."""

import re

from services.repo_clone.git_process import Remote
from shared.errors import PermanentError, TransientError

_SAYINGS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile("|".join(patterns)), message, code)
    for code, message, patterns in (
        (
            "repository_not_found",
            "The repository is private, or does not exist",
            (
                "authentication failed", "could not read (?:username|password)", "terminal prompts",
                "error: 4(?:01|03|04|10)", "repository not found", "repository '.*' not found",
            ),
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
    for pattern, message, code in _SAYINGS:
        if pattern.search(said):
            return PermanentError(message.format(place=remote.shown), code=code)
    return TransientError(f"{remote.shown} did not deliver the repository", code="fetch_failed")
