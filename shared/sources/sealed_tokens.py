"""Tokens of private repositories at rest: sealed for one process, which alone can open them.

HPKE of RFC 9180 with X25519, HKDF-SHA256 and AES-256-GCM. The gateway has the public key alone and cannot open what it
keeps. The stage that fetches repositories has the private keys.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from shared.kernel.errors import PermanentError
from shared.sources.credentials import CredentialAsked

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True)
class SealingKey:
    """The public key that seals."""

    id: str
    key: bytes

    def seal(self, token: str, about: CredentialAsked) -> bytes:
        """The token for the holder of the private key. In another row, for another owner or host, it does not open."""
        return _SUITE.encrypt(token.encode(), X25519PublicKey.from_public_bytes(self.key), info=_bound(about))


@dataclass(frozen=True)
class OpeningKeys:
    """Private keys by their ids. The first belongs to the key that seals."""

    keys: Mapping[str, bytes]

    def open(self, key_id: str, sealed: bytes, about: CredentialAsked) -> str:
        """The token. Raises PermanentError when its key is gone or the bytes are not what was sealed."""
        try:
            private = X25519PrivateKey.from_private_bytes(self.keys[key_id])
            return _SUITE.decrypt(sealed, private, info=_bound(about)).decode()
        except (KeyError, InvalidTag, ValueError) as error:
            raise PermanentError(
                "The token of the credential cannot be opened any more; give the credential its token again",
                code="credential_lost",
            ) from error

    @property
    def sealing(self) -> SealingKey:
        """The key that seals from now on."""
        key_id, private = next(iter(self.keys.items()))
        public = X25519PrivateKey.from_private_bytes(private).public_key()
        return SealingKey(key_id, public.public_bytes_raw())


def new_private_key() -> bytes:
    """Random."""
    return X25519PrivateKey.generate().private_bytes_raw()


def _bound(about: CredentialAsked) -> bytes:
    return json.dumps(["coursewright.credential", about.owner, about.credential_id, about.host]).encode()
