"""Where a repository that moved is now: one request, to the checked address, that follows nothing."""

import http.client
import socket
import ssl
from urllib.parse import urljoin, urlsplit

from services.repo_clone.git_process import Remote
from shared.sources.address import AddressRefused, SourceAddress, parse_address

_SECONDS = 10.0
_ASKED = "/info/refs"
_QUERY = "?service=git-upload-pack"


def find_redirect(remote: Remote) -> SourceAddress | None:
    """The address a server redirects to, if it names one that could be cloned. Blocks; never raises for the network.

    No credential is sent: the answer only becomes a message.
    """
    try:
        location = _ask(remote)
    except (OSError, http.client.HTTPException, ValueError):
        return None
    if not location:
        return None
    target = urlsplit(urljoin(f"{remote.url}{_ASKED}", location))
    try:
        return parse_address(target._replace(query="", fragment="").geturl().replace(_ASKED, ""), allow_local=False)
    except AddressRefused:
        return None


def _ask(remote: Remote) -> str | None:
    """The Location header of the server's answer."""
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
        return answer.getheader("Location") if answer.status in {301, 302, 303, 307, 308} else None
