"""The Markdown folder: the pages of the site's content, readable on any code host."""

from .build import build_markdown

__all__ = ["build_markdown"]
