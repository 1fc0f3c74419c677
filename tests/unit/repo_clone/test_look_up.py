"""A name that does not exist is told from one that cannot be looked up now: error, flag and exit code agree."""

import asyncio
import socket
from typing import Any

import pytest

from cli.exit_codes import ExitCode, exit_code_of
from cli.failures import GenerationFailed
from services.repo_clone.resolve import open_remote
from shared.events.gateway import RepoCloneRequested
from shared.kernel.errors import CoursewrightError
from shared.sources.address import parse_address

ASKED = RepoCloneRequested(course_id="c", run_id="r", repo_url="https://git.there.org/a/b", owner="o")


def answering(errors: dict[str, int]) -> Any:
    """A resolver that fails for these names."""

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        if host in errors:
            raise socket.gaierror(errors[host], "as the resolver says it")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))]

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
