"""What git does not tell of a host's answer: where a repository has moved to, and how long to wait.

One request, to the checked address, that follows nothing and sends no credential.
"""

import asyncio
import email.utils
import http.client
import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from services.repo_clone.git_process import Remote
from services.repo_clone.sayings import explain, host_busy
from shared.kernel.errors import PermanentError, TransientError
from shared.sources.address import AddressRefused, SourceAddress, parse_address

_SECONDS = 10.0
_ASKED = "/info/refs"
_QUERY = "?service=git-upload-pack"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAY_BE_BUSY = re.compile(r"error: (?:403|429|503)")
_TOO_MANY = 429


def find_redirect(remote: Remote) -> SourceAddress | None:
    """The address a server redirects to, if it names one that could be cloned. Blocks; never raises for the network."""
    answer = _ask(remote)
    location = answer.headers.get("location") if answer is not None and answer.status in _REDIRECTS else None
    if not location:
        return None
    target = urlsplit(urljoin(f"{remote.url}{_ASKED}", location))
    try:
        return parse_address(target._replace(query="", fragment="").geturl().replace(_ASKED, ""), allow_local=False)
    except AddressRefused:
        return None


async def explain_answer(output: str, remote: Remote) -> PermanentError | TransientError:
    """The error for what git said, see `explain`. A host that has had too many requests is asked how long to wait: it
    may say so with 403 or 503, too, which would otherwise mean something else.
    """
    if remote.protocol == "file" or not _MAY_BE_BUSY.search(output):
        return explain(output, remote)
    answer = await asyncio.to_thread(_ask, remote)
    seconds = None if answer is None else wait_seconds(answer, time.time())
    if seconds is None and f"error: {_TOO_MANY}" not in output:
        return explain(output, remote)
    return host_busy(remote, seconds)


@dataclass(frozen=True)
class Answer:
    """The head of an answer; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]


def wait_seconds(answer: Answer, now: float) -> float | None:
    """How long a host with too many requests asks to wait; None when it names no time. `now`: seconds since 1970."""
    if answer.status not in {403, _TOO_MANY, 503}:
        return None
    after = answer.headers.get("retry-after", "").strip()
    if after.isdecimal():
        return float(after[:9])
    if moment := email.utils.parsedate_tz(after):
        return max(0.0, email.utils.mktime_tz(moment) - now)
    reset = answer.headers.get("x-ratelimit-reset", "").strip()  # as GitHub has it: when, in seconds since 1970
    if answer.headers.get("x-ratelimit-remaining", "").strip() == "0" and reset.isdecimal():
        return max(0.0, float(reset[:12]) - now)
    return None


def _ask(remote: Remote) -> Answer | None:
    """The server's answer to the first question of a clone; None without one."""
    try:
        return _asked(remote)
    except (OSError, http.client.HTTPException, ValueError):
        return None


def _asked(remote: Remote) -> Answer:
    parts = urlsplit(remote.url)
    host, port, address = parts.hostname or "", int(remote.pin.split(":")[1]), remote.pin.split(":", 2)[2].strip("[]")
    plain = socket.create_connection((address, port), timeout=_SECONDS)
    connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    with plain:
        secure = remote.protocol == "https"
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
        connection.request(
            "GET", f"{parts.path}{_ASKED}{_QUERY}", headers={"Host": parts.netloc, "User-Agent": "git/2"}
        )
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()})
