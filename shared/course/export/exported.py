"""A course in one form, as its worker hands it over. It needs no code that makes one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Export:
    """One downloadable file: its kind as the API names it, its media type, its bytes."""

    kind: str
    media_type: str
    data: bytes


def export_json(text: bytes) -> Export:
    """The course as data."""
    return Export("json", "application/json", text)
