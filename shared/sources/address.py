"""Repository addresses: parsed and rebuilt, never passed on as they came; and which network addresses may be asked."""

import ipaddress
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from shared.course.empty_names import SAYING_NOTHING
from shared.kernel.errors import PermanentError
from shared.kernel.ids import content_id

_OWNER_REPO = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$")
_HOST = re.compile(r"^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$")
_PATH = re.compile(r"^(?:/[A-Za-z0-9._~@+-]+)+$")
_SSH = re.compile(r"^(?:ssh://)?(?:[\w.-]+@)?(?P<host>[\w.-]+\.[\w-]+)(?::\d+/|[:/])/?(?P<path>[^:]+)$")
_CREDENTIAL = re.compile(r"^(https?://)[^/@]*@")
_LONGEST = 2048
_GITHUB_DEPTH = 2
PUBLIC_PORTS = frozenset({443, 8443})
_WEB_PAGE = re.compile(
    r"^/[^/]+/[^/]+/(?:tree|blob|raw|pulls?|commits?|issues|src/(?:branch|commit|tag|main|master))/[^/]|/-/"
)
_PRIVATE_NAMES = (".local", ".localhost", ".internal", ".localdomain", ".home.arpa", ".onion", ".test", ".example")

_REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48",
        "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip


class AddressRefused(PermanentError):
    """The address is none that may be cloned; the message says why and what to give instead."""

    code = "invalid_repository_address"


@dataclass(frozen=True)
class SourceAddress:
    """An address in its parts. `canonical` is what events and courses name: lower-case host, no credential, no `.git`,
    no trailing slash; for a local path it is the absolute path, which the clone replaces by what it finds.
    """

    kind: Literal["https", "http", "local"]
    host: str
    port: int
    path: str

    @property
    def canonical(self) -> str:
        """See the class."""
        return self.path if self.kind == "local" else f"{self.kind}://{self.authority}{self.path}"

    @property
    def authority(self) -> str:
        """The host, with its port where that is not the usual one."""
        standard = (self.kind == "https" and self.port == 443) or (self.kind == "http" and self.port == 80)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if standard else f"{host}:{self.port}"

    @property
    def name(self) -> str:
        """The last part of the path; of a folder on this machine the last part that says something."""
        parts = [part.removesuffix(".git") for part in self.path.split("/")]
        telling = [part for part in parts if part and part.lower() not in SAYING_NOTHING]
        if self.kind == "local" and telling:
            return re.split(r"\+(?=\w)", telling[-1])[-1]  # "owner+name", as mirrors name their folders
        return parts[-1] or self.host


def parse_address(
    text: str, *, allow_local: bool, allow_http: bool = False, inward: Collection[str] = ()
) -> SourceAddress:
    """An https URL, `owner/repo` for GitHub, or a local path where allowed. `inward`: hosts inside the network, each
    with its port where that is not the usual one, that may be named all the same. Raises AddressRefused.
    """
    if not text or text != text.strip() or len(text) > _LONGEST or any(ord(c) < 0x21 and c != " " for c in text):
        raise AddressRefused("Give the address of a repository: an https URL or owner/repo on GitHub")
    if allow_local and (text.startswith(("/", "./", "../", "~/")) or text in {".", ".."}):
        return _local(text)
    if text.startswith("-"):
        raise AddressRefused("An address cannot begin with a dash")
    if "://" not in text:
        return _short(text, allow_local)
    return _url(text, allow_http, allow_local, inward)


def https_form(origin: str) -> str:
    """The canonical https address of an origin as git stores it (https, ssh or scp form), "" when it has none."""
    ssh = None if "://" in origin and not origin.startswith("ssh://") else _SSH.match(origin)
    url = f"https://{ssh['host']}/{ssh['path']}" if ssh else _CREDENTIAL.sub(r"\1", origin)
    try:
        address = parse_address(url, allow_local=False, allow_http=False)
    except AddressRefused:
        return ""
    return address.canonical if "://" in url else ""


def source_id_of(canonical_url: str) -> str:
    """The id of a source: the same repository has the same id on every machine."""
    return content_id("s", canonical_url)


def repository_name(address: SourceAddress, public: str) -> str:
    """The last part of the address: of a local one, of `public` (its origin's https form), else the folder's name."""
    return public.rsplit("/", 1)[-1] if address.kind == "local" and public else address.name


def _short(text: str, allow_local: bool) -> SourceAddress:
    if _OWNER_REPO.match(text) and text.split("/")[1] not in {".", "..", ".git"}:
        return SourceAddress("https", "github.com", 443, f"/{text.removesuffix('.git')}")
    if re.match(r"^[\w.-]+@[\w.-]+:", text):
        raise AddressRefused("ssh addresses are not supported; use the repository's https address")
    if text.startswith(("/", ".", "~")) and not allow_local:
        raise AddressRefused("Paths of this machine can only be used with the local stack")
    if "::" in text:
        raise AddressRefused("Remote helpers are not supported; use the repository's https address")
    hint = f": https://{text}" if _HOST.match(text.lower().split("/")[0]) and text.isascii() and " " not in text else ""
    raise AddressRefused(f"This is no repository address; give an https URL{hint} or owner/repo on GitHub")


def _url(text: str, allow_http: bool, allow_local: bool, inward: Collection[str]) -> SourceAddress:
    scheme = text.split("://", 1)[0].lower()
    if scheme == "file":
        raise AddressRefused("file:// addresses are not supported" + ("; give the path itself" if allow_local else ""))
    if scheme not in {"https", "http"}:
        raise AddressRefused(f"{scheme[:20]}:// addresses are not supported; use the repository's https address")
    if scheme == "http" and not allow_http:
        raise AddressRefused("http:// is not encrypted; use the repository's https address")
    if "\\" in text or " " in text:
        raise AddressRefused("The address holds characters no repository address has")
    try:
        parts = urlsplit(text)
        standard = 443 if scheme == "https" else 80
        port = standard if parts.port is None else parts.port
    except ValueError as error:
        raise AddressRefused("The address cannot be read as a URL") from error
    if "@" in parts.netloc:
        raise AddressRefused("Leave user names and tokens out of the address: they would be stored with the course")
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        raise AddressRefused("Give the repository's address without ? and #; name a branch with ref")
    kind: Literal["https", "http"] = "https" if scheme == "https" else "http"
    named = SourceAddress(kind, parts.hostname or "", port, "")
    if named.authority in inward:
        return replace(named, path=_path(named.host, parts.path))
    if scheme == "https" and port not in PUBLIC_PORTS:
        raise AddressRefused(f"Repositories are fetched from port 443 or 8443, not {port}")
    host = public_host(parts.hostname or "")
    return SourceAddress(kind, host, port, _path(host, parts.path))


def public_host(name: str) -> str:
    """The host in lower-case ASCII. Raises AddressRefused for names and numbers that are not of the public network;
    what a name resolves to is `check_addresses`' question.
    """
    if not name:
        raise AddressRefused("The address names no host")
    name = unicodedata.normalize("NFKC", name)  # as resolvers read it: circled digits are digits
    literal = _literal(name.lower())
    if literal is not None:
        check_addresses(name, [literal])
        return name.lower()
    try:
        host = name.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise AddressRefused("The host's name is not valid") from error
    if host != name.lower() and not name.lower().startswith("xn--") and not name.isascii() and not _HOST.match(host):
        raise AddressRefused("The host's name is not valid")
    if host == "localhost" or host.endswith(_PRIVATE_NAMES) or host.endswith("."):
        raise AddressRefused(f"{host} lies inside a private network, which courses are not made from")
    if not _HOST.match(host):
        raise AddressRefused(f"{host[:80]} is not the name of a public host")
    return host


def _literal(host: str) -> str | None:
    """The address when the host is one; every odd spelling of IPv4 that resolvers accept is refused outright."""
    bare = host.strip("[]")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    if re.fullmatch(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", bare):
        raise AddressRefused(f"{host} lies inside a private network, which courses are not made from")
    return None


def _path(host: str, path: str) -> str:
    decoded = unquote(path)
    clean = path.rstrip("/").removesuffix(".git").rstrip("/")
    if decoded != path or "//" in path or any(part in {".", ".."} for part in clean.split("/")):
        raise AddressRefused("The address's path is not that of a repository")
    if not clean:
        raise AddressRefused("The address names a host but no repository on it")
    if not _PATH.match(clean):
        raise AddressRefused("The address's path holds characters no repository has")
    if _WEB_PAGE.search(path):
        raise AddressRefused(
            "This is the address of a page; give the repository's own address, and a branch or tag as ref"
        )
    if host == "github.com" and clean.count("/") != _GITHUB_DEPTH:
        raise AddressRefused("A repository on GitHub has the address https://github.com/owner/repo")
    return clean


def _local(text: str) -> SourceAddress:
    if "\x00" in text:
        raise AddressRefused("This is no path")
    path = Path(text).expanduser()
    return SourceAddress("local", "", 0, str(path if path.is_absolute() else path.resolve()))


def check_addresses(host: str, addresses: Iterable[str]) -> str:
    """The address to ask, when every one of a host's addresses is public. Raises AddressRefused."""
    found = [ipaddress.ip_address(address) for address in addresses]
    if not found or any(_is_refused(address) for address in found):
        raise AddressRefused(f"{host} lies inside a private network, which courses are not made from")
    return str(min(found, key=lambda address: address.version))


def _is_refused(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """`is_global` alone lets translated and metadata addresses pass."""
    return not address.is_global or any(
        address in network for network in _REFUSED_NETWORKS if network.version == address.version
    )
