"""A name that does not exist is told from one that cannot be looked up now: error, flag and exit code agree.

A name that points inward is refused, and a name that was checked is not looked up again.
"""

import asyncio
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cli.exit_codes import ExitCode, exit_code_of
from cli.failures import GenerationFailed
from services.repo_clone.git_process import Git, Limits, Remote
from services.repo_clone.resolve import open_remote, resolve
from shared.events.gateway import RepoCloneRequested
from shared.kernel.errors import CoursewrightError
from shared.sources.address import parse_address

ASKED = RepoCloneRequested(course_id="c", run_id="r", repo_url="https://git.there.org/a/b", owner="o")


def answering(errors: dict[str, int], found: Sequence[Sequence[str]] = (("93.184.216.34",),)) -> Any:
    """A resolver that fails for these names, and else gives the next addresses of `found`, at last the last ones."""
    following = iter(found)

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        if host in errors:
            raise socket.gaierror(errors[host], "as the resolver says it")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in next(following, found[-1])]

    return getaddrinfo


@pytest.mark.parametrize(
    ("errors", "code", "retryable", "exit_code"),
    [
        ({"git.there.org": socket.EAI_NONAME}, "host_not_found", False, ExitCode.INVALID_INPUT),
        ({"git.there.org": socket.EAI_NODATA}, "host_not_found", False, ExitCode.INVALID_INPUT),
        ({"git.there.org": socket.EAI_AGAIN}, "host_lookup_failed", True, ExitCode.UNAVAILABLE),
        ({"git.there.org": socket.EAI_FAIL}, "host_lookup_failed", True, ExitCode.UNAVAILABLE),
        ({"git.there.org": socket.EAI_SYSTEM}, "host_lookup_failed", True, ExitCode.UNAVAILABLE),
        # Without a network some resolvers say of every name that there is none.
        (
            {"git.there.org": socket.EAI_NONAME, "example.com": socket.EAI_NONAME},
            "host_lookup_failed", True, ExitCode.UNAVAILABLE,
        ),
    ],
)  # fmt: skip
async def test_a_failed_look_up_is_the_same_to_everybody(
    errors: dict[str, int], code: str, retryable: bool, exit_code: ExitCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answering(errors))
    with pytest.raises(CoursewrightError) as caught:
        await open_remote(parse_address(ASKED.repo_url, allow_local=False))
    assert (caught.value.code, caught.value.transient) == (code, retryable)
    answer = {"status": "FAILURE", "error_message": "x", "error_code": code, "retryable": retryable}
    assert exit_code_of(GenerationFailed(1, answer)) == exit_code


@pytest.mark.parametrize("found", [["10.0.0.7"], ["93.184.216.34", "169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"]])
async def test_a_name_that_points_inward_is_refused(found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answering({}, [found]))
    with pytest.raises(CoursewrightError) as caught:
        await open_remote(parse_address(ASKED.repo_url, allow_local=False))
    assert (caught.value.code, caught.value.transient) == ("invalid_repository_address", False)
    assert found[-1] not in caught.value.message


async def test_a_name_that_points_inward_after_it_was_checked_is_asked_at_the_address_that_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second and every later look-up would find this machine; git is told the address of the first one."""
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answering({}, [["93.184.216.34"], ["127.0.0.1"]]))
    asked = list[tuple[str, ...]]()

    async def note(_git: Git, arguments: Sequence[str], *, remote: Remote | None = None, **_: Any) -> bytes:
        assert remote is not None
        asked.append((*arguments, *remote.flags))
        return b"ref: refs/heads/main\tHEAD\n" + b"a" * 40 + b"\tHEAD\n"

    monkeypatch.setattr(Git, "run", note)
    remote = await open_remote(parse_address(ASKED.repo_url, allow_local=False))
    await resolve(Git(tmp_path, Limits(1, 1)), remote, "")
    assert [one[-1] for one in asked] == ["http.curloptResolve=git.there.org:443:93.184.216.34"]
