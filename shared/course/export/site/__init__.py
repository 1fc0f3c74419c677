"""The static site: one folder of pages that works from a disk, a web server or an archive, and asks nobody anything."""

from .build import build_site

__all__ = ["build_site"]
