"""A connection to NATS that never gives up: the client's default ends for ever after two minutes without a server."""

import asyncio
import contextlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from shared.event_log.names import api_prefix, inbox_prefix
from shared.kernel.errors import LogUnavailable, NotPermitted

_FIRST_CONNECT_SECONDS = 15.0
# The client hands on the server's words in lower case.
_TURNED_AWAY = "authorization violation"
_VIOLATION = re.compile(r'permissions violation for (publish|subscription) to "([^"]+)"')

log = structlog.get_logger(__name__)


def connect_options(url: str) -> dict[str, Any]:
    """How every process connects: `url` is one address or several, separated by commas.

    A credential in the first address is taken out and sent to every server: the client learns a cluster's other
    servers by address only, and would stand at a closed door when the one it knows dies. A user has its own inbox.
    """
    addresses = [urlsplit(address.strip()) for address in url.split(",")]
    options: dict[str, Any] = {
        "inbox_prefix": "_INBOX",
        "max_reconnect_attempts": -1,
        "reconnect_time_wait": 0.5,
        # A frozen server keeps its sockets open: it is left when it has not answered for ten seconds.
        "ping_interval": 5,
        "max_outstanding_pings": 1,
    }
    if addresses[0].password is not None:
        user = unquote(addresses[0].username or "")
        options |= {"user": user, "password": unquote(addresses[0].password), "inbox_prefix": inbox_prefix(user)}
        addresses = [one._replace(netloc=one.netloc.rpartition("@")[2]) for one in addresses]
    return options | {"servers": [one.geturl() for one in addresses]}


async def report_error(error: Exception) -> None:
    """Log an error that a client did not ask for: a right that is missing is a defect of the configuration."""
    text = str(error) or type(error).__name__
    violation = _VIOLATION.search(text.lower())
    if violation is None:
        log.warning("nats_error", error=text)
    else:
        log.error("nats_not_permitted", action=violation[1], subject=violation[2])


class Connection(Client):
    """A client that tells a refusal from silence. The server reports a missing right beside the conversation, so a
    plain request would wait its whole time and then look like a server that is away.
    """

    def __init__(self) -> None:
        super().__init__()
        self._watched: dict[str, list[asyncio.Event]] = {}
        self._said: set[str] = set()
        self.is_turned_away = False

    @property
    def api_prefix(self) -> str:
        """Where its user finds JetStream's API."""
        return api_prefix(self.options.get("user") or "")

    def jetstream(self, **options: Any) -> JetStreamContext:
        """As the client's, for the user that is connected."""
        return super().jetstream(**{"prefix": self.api_prefix, **options})

    async def on_error(self, error: Exception) -> None:
        """Log it, before the first connection each word once, and end the requests it is about."""
        text = str(error)
        self.is_turned_away = self.is_turned_away or _TURNED_AWAY in text.lower()
        if self.is_connected or text not in self._said:
            await report_error(error)
        self._said.add(text)
        violation = _VIOLATION.search(str(error).lower())
        if violation is not None:
            for refused in self._watched.get(violation[2], ()):
                refused.set()

    @contextlib.contextmanager
    def refusals(self, subject: str) -> Iterator[asyncio.Event]:
        """An event that is set when the server refuses the subject meanwhile."""
        refused = asyncio.Event()
        waiting = self._watched.setdefault(subject.lower(), [])
        waiting.append(refused)
        try:
            yield refused
        finally:
            waiting.remove(refused)
            if not waiting:
                self._watched.pop(subject.lower(), None)

    async def request(
        self,
        subject: str,
        payload: bytes = b"",
        timeout: float = 0.5,  # noqa: ASYNC109 - as the client has it
        old_style: bool = False,
        headers: dict[str, Any] | None = None,
    ) -> Msg:
        """As the client's, and raises NotPermitted as soon as the server refuses the subject."""
        with self.refusals(subject) as refused:
            answer = asyncio.create_task(super().request(subject, payload, timeout, old_style, headers))
            refusal = asyncio.create_task(refused.wait())
            try:
                await asyncio.wait({answer, refusal}, return_when=asyncio.FIRST_COMPLETED)
                if refused.is_set():
                    raise NotPermitted(f"This process has no right to send to {subject}")
                return await answer
            finally:
                for task in (answer, refusal):
                    task.cancel()
                await asyncio.gather(answer, refusal, return_exceptions=True)


async def connect(url: str, name: str) -> Connection:
    """Connect; `name` shows in the server's list of connections. The URL may hold a credential and is never logged.

    Raises LogUnavailable, or NotPermitted where a server answered and knows no such user with this password.
    """
    connection = Connection()
    try:
        async with asyncio.timeout(_FIRST_CONNECT_SECONDS):
            await connection.connect(name=name, error_cb=connection.on_error, **connect_options(url))
    except (TimeoutError, nats.errors.Error, OSError) as error:
        if connection.is_turned_away:
            raise NotPermitted("NATS refuses the user or the password of its address; look at NATS_URL") from error
        raise LogUnavailable("NATS does not answer; look at NATS_URL") from error
    return connection
