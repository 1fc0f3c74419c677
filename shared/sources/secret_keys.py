"""Keys as settings and files have them: `id:base64` of 32 bytes, several with commas or on lines of their own."""

import base64
import binascii
import re
from collections.abc import Mapping

KEY_BYTES = 32
_ID_BYTES = 16


def parse_keys(text: str, name: str) -> Mapping[str, bytes]:
    """The keys by their ids, in the order they stand in. `name`: the setting, for the message of ValueError."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (one.strip() for one in re.split(r"[,\n]", text))):
        label, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise ValueError(f"{name}: a key is not base64") from error
        if len(key) != KEY_BYTES or not 0 < len(label.encode()) <= _ID_BYTES:
            raise ValueError(f"{name} is id:key,… with an id of 1 to 16 characters and 32 bytes of key as base64")
        keys[label] = key
    return keys
