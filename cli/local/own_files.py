"""Files of a data folder that no log could bring back, beside the data of its servers: made at the first start."""

import base64
import secrets
from collections.abc import Callable
from pathlib import Path

from shared.kernel.disk import read_or_make

CREDENTIAL_KEYS = "credential-keys"
OWN_FILES = ("token", "secret-key", "session-key", CREDENTIAL_KEYS)


class OwnFiles:
    """The secrets of a local stack."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    @property
    def token(self) -> str:
        """The local user's bearer token, made at the first start."""
        return self._kept("token", lambda: secrets.token_urlsafe(32))

    @property
    def secret_key(self) -> str:
        """The key that seals the secrets of webhooks; without the key they cannot be opened again."""
        return self._kept("secret-key", lambda: base64.b64encode(secrets.token_bytes(32)).decode())

    @property
    def session_key(self) -> str:
        """The key that signs sessions of the classroom; without the key everybody signs in again."""
        return self._kept("session-key", lambda: base64.b64encode(secrets.token_bytes(32)).decode())

    @property
    def credential_keys(self) -> str:
        """The keys that open tokens of private repositories; the first key is the current one."""
        from shared.sources.sealed_tokens import new_private_key

        return self._kept(CREDENTIAL_KEYS, lambda: f"k1:{base64.b64encode(new_private_key()).decode()}")

    @property
    def sealing_key(self) -> str:
        """The key that seals such tokens."""
        from shared.sources.sealed_tokens import OpeningKeys
        from shared.sources.secret_keys import parse_keys

        sealing = OpeningKeys(parse_keys(self.credential_keys, CREDENTIAL_KEYS)).sealing
        return f"{sealing.id}:{base64.b64encode(sealing.key).decode()}"

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        return read_or_make(self._data_dir / name, make)
