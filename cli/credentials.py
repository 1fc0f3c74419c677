"""Credentials of private repositories as the command line finds them. A token is never an argument."""

import os
import subprocess
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.kernel.errors import NotFound, PermanentError

if TYPE_CHECKING:  # heavy, and imported when the stack starts
    from cli.client import Client
    from shared.sources.address import SourceAddress

TOKEN_VARIABLE = "COURSEWRIGHT_GIT_TOKEN"  # noqa: S105 - a name
HOST_VARIABLE = "COURSEWRIGHT_GIT_HOST"
_USUAL_HOST = "github.com"
_SECONDS = 20.0


@dataclass(frozen=True)
class Found:
    """A token of this machine: where it comes from, and the user name beside it, if there is one."""

    name: str
    token: str = field(repr=False)
    username: str | None = field(default=None, repr=False)


def take_token(environment: MutableMapping[str, str]) -> str:
    """The token of the environment, taken out of it: no process that is started later gets it."""
    return environment.pop(TOKEN_VARIABLE, "").strip()


def find_own(address: "SourceAddress", token: str, host: str, *, ask_git: bool) -> Found | None:
    """A token of this machine for the repository: of the environment, for the one host it is for, else of git's own
    credential helper, if the user said so.
    """
    if address.kind != "https":
        return None
    if token and address.authority == (host or _USUAL_HOST):
        return Found(f"{TOKEN_VARIABLE} for {address.authority}", token)
    return _ask_git(address) if ask_git else None


def _ask_git(address: "SourceAddress") -> Found:
    """The answer of `git credential fill`, which asks nobody. Raises PermanentError when git has nothing."""
    asked = f"protocol=https\nhost={address.authority}\npath={address.path.removeprefix('/')}\n\n"
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "SSH_ASKPASS": "true", "GCM_INTERACTIVE": "never"}
    try:
        said = subprocess.run(
            ["git", "credential", "fill"], input=asked, capture_output=True, text=True, check=False,
            env={**os.environ, **quiet}, timeout=_SECONDS,
        ).stdout  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _nothing(address) from error
    answer = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    if not answer.get("password"):
        raise _nothing(address)
    username = answer.get("username") or None
    whom = f"{username}@{address.authority}" if username else address.authority
    return Found(f"git for {whom}", answer["password"], username)


def _nothing(address: "SourceAddress") -> PermanentError:
    return PermanentError(f"git knows no credential for {address.authority}", code="credential_not_found")


def named(client: "Client", name: str) -> Mapping[str, Any]:
    """The caller's credential of this name or id. Raises NotFound."""
    for one in client.credentials():
        if name in {one["name"], one["credential_id"]}:
            return one
    raise NotFound(f"There is no credential “{name}”; `coursewright credentials list` shows yours")


def keep(client: "Client", wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """The credential that holds this token: one of the same name and host gets it, else there is a new one."""
    for one in client.credentials():
        if one["name"] == wanted["name"] and one["host"] != wanted["host"]:
            raise PermanentError(f"“{one['name']}” is for {one['host']}; choose another name", code="name_taken")
        if one["name"] == wanted["name"]:
            return client.replace_token(one["credential_id"], wanted["token"])
    return client.create_credential(wanted)
