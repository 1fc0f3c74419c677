"""A finished course in the forms people take away: JSON, a Markdown folder, a static site."""

from .archive import unpack
from .course_json import build_json
from .registry import FOLDERS, Export, export_folder, export_json

__all__ = ["FOLDERS", "Export", "build_json", "export_folder", "export_json", "unpack"]
