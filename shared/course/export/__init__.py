"""A finished course in the forms people take away: JSON, a Markdown folder, a static site."""

from .archive import unpack
from .registry import Export, build_exports

__all__ = ["Export", "build_exports", "unpack"]
