"""The one way in which a message is posted to an address that somebody gave: checked, without redirects, in time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import httpx

from shared.kernel.errors import CoursewrightError
from shared.sources.targets import pinned_request

_OK = range(200, 300)
# Seconds before the next attempt, as the Standard Webhooks specification advises: three days in all.
RETRY_SECONDS = (5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 50400.0, 72000.0, 86400.0)
_WRITING = "http11.send_request_headers.started"


@dataclass(frozen=True)
class Answered:
    """The result of an attempt. `status` is None when there was no answer; then `error` says why. `retry_after`: the
    seconds that the other side asks to wait.
    """

    status: int | None
    error: str = ""
    retry_after: float | None = None

    @property
    def accepted(self) -> bool:
        """The other side has it."""
        return self.status in _OK


async def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Posting:
    """How messages are posted: `timeout_seconds` for a whole attempt; `allow_private` is for one machine and tests."""

    timeout_seconds: float
    allow_private: bool

    def client(self) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        """A client for many messages."""
        return httpx.AsyncClient(timeout=self.timeout_seconds, follow_redirects=False, trust_env=False)

    async def post(
        self, client: httpx.AsyncClient, url: str, body: str, headers: Callable[[], Mapping[str, str]] = dict,
        *, before_writing: Callable[[], Awaitable[None]] = _nothing,
    ) -> Answered:  # fmt: skip
        """Make one attempt. `before_writing` is called when the connection stands and nothing of the message was sent;
        what it raises ends the attempt, and nothing is sent.
        """
        try:
            # Resolving the name is part of the attempt: a name server can be as slow as anything else.
            async with asyncio.timeout(self.timeout_seconds):
                return await self._post(client, url, body, headers, before_writing)
        except CoursewrightError as error:
            return Answered(None, error.message)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, UnicodeError) as error:
            return Answered(None, f"no answer ({type(error).__name__})")

    async def _post(
        self, client: httpx.AsyncClient, url: str, body: str, headers: Callable[[], Mapping[str, str]],
        before_writing: Callable[[], Awaitable[None]],
    ) -> Answered:  # fmt: skip
        async def trace(name: str, _: object) -> None:
            if name == _WRITING:
                await before_writing()

        request = await pinned_request(
            client, "POST", url, allow_private=self.allow_private, content=body.encode(),
            headers={"Content-Type": "application/json", **headers()}, extensions={"trace": trace},
        )  # fmt: skip
        answer = await client.send(request, stream=True)
        await answer.aclose()  # what it says beside the status is of no use, and may be endless
        asked = answer.headers.get("retry-after", "")
        return Answered(answer.status_code, retry_after=float(asked) if asked.isdecimal() else None)
