"""Chance that is the same on every machine."""

import hashlib


def digest(text: str) -> str:
    """A number in hexadecimal that the text alone decides."""
    return hashlib.sha256(text.encode()).hexdigest()
