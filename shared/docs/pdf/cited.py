"""The pages of a PDF that a course cites, as values. Needs no library that reads PDFs."""

from dataclasses import dataclass
from typing import NamedTuple

from pydantic import RootModel

from shared.events import BlobRef

MAX_PICTURE_BYTES = 160 * 1024
MAX_PICTURES_BYTES = 16 * 1024 * 1024
"""Of all pages that a course cites."""


class PageBox(NamedTuple):
    """A part of a page: its number, and the edges as shares of the page's width and height from the top left."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class CitedPages:
    """`boxes` of each of the cited lines, in their order, and the `pictures` of their pages as PNG, by number."""

    boxes: tuple[tuple[PageBox, ...], ...]
    pictures: dict[int, bytes]


class PagePictures(RootModel[dict[str, dict[int, BlobRef]]]):
    """Where the pictures of pages are, by the hash of their document and their numbers. Stored format."""


def picture_name(sha256: str, page: int) -> str:
    """The name under which the picture of a page of a document travels with a site."""
    return f"assets/{sha256}-page-{page}.png"
