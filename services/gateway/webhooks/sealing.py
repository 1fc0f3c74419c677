"""Secrets at rest: AES-256-GCM, with the key's id before the ciphertext so that keys can change."""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.kernel.errors import PermanentError

_NONCE_BYTES = 12


@dataclass(frozen=True)
class Sealer:
    """Seals with the first key. `about` is bound to the secret: moved to another row, it does not open."""

    keys: Mapping[str, bytes]

    def seal(self, secret: str, about: str) -> bytes:
        """Raises PermanentError without a key."""
        if not self.keys:
            message = "This server keeps no secrets yet: its operator has to set SECRET_KEYS"
            raise PermanentError(message, code="secrets_not_configured")
        name, key = next(iter(self.keys.items()))
        nonce = os.urandom(_NONCE_BYTES)
        label = name.encode()
        return bytes([len(label)]) + label + nonce + AESGCM(key).encrypt(nonce, secret.encode(), about.encode())

    def token(self, about: str) -> str | None:
        """A token that nobody else can make, the same each time; None without a key. It goes with the first key."""
        if not self.keys:
            return None
        key = next(iter(self.keys.values()))
        return hmac.digest(key, b"callback token\x00" + about.encode(), "sha256").hex()

    def unseal(self, sealed: bytes, about: str) -> str:
        """Raises PermanentError when its key is gone or the bytes are not what was sealed."""
        length = sealed[0]
        name, rest = sealed[1 : 1 + length].decode(errors="replace"), sealed[1 + length :]
        try:
            return AESGCM(self.keys[name]).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], about.encode()).decode()
        except (KeyError, InvalidTag, ValueError) as error:
            raise PermanentError("A stored secret cannot be opened", code="secret_lost") from error
