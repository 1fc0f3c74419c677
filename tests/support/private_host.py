"""A host of private repositories on loopback, over https, with an authority of its own."""

import base64
import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.unit.repo_clone.http_server import GitServer, serving


def basic(username: str, token: str) -> str:
    """The header that git sends."""
    return f"Basic {base64.b64encode(f'{username}:{token}'.encode()).decode()}"


@dataclass(frozen=True)
class PrivateHost:
    """The server, and the file with the certificate of its authority."""

    server: GitServer
    authority: Path

    @property
    def host(self) -> str:
        """As addresses and credentials name it."""
        return f"localhost:{self.server.port}"

    def url(self, name: str, way: str = "private") -> str:
        """The address of a repository."""
        return f"https://{self.host}/{way}/{name}"

    def accept(self, *tokens: str, username: str = "git") -> None:
        """Let these tokens in from now on, and no others."""
        self.server.accepts = {basic(username, token) for token in tokens}


@contextmanager
def private_host(root: Path, folder: Path) -> Iterator[PrivateHost]:
    """Serves the repositories below `root` while the block runs; its key and certificate lie in `folder`."""
    with serving(root, tls_of_localhost(folder)) as server:
        yield PrivateHost(server, folder / "authority.pem")


def tls_of_localhost(folder: Path) -> ssl.SSLContext:
    """Of a server on localhost; `authority.pem` in the folder is whom its clients have to trust."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = _certificate()
    (folder / "authority.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "authority.pem", folder / "key.pem")
    return tls


def _certificate() -> tuple[bytes, bytes]:
    """Of localhost, signed by itself; with its key, both in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    form = serialization.PrivateFormat.PKCS8
    return (
        made.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()),
    )
