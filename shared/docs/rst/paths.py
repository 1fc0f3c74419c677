"""The files and the objects that the directives of reStructuredText name."""

import re

from shared.docs.folders import ancestors
from shared.docs.links import join_path, unique

SETTINGS = "/conf.py"  # of a Sphinx project, in any folder above the document
_SIGNATURE = re.compile(r"\s*[(\s].*$", re.DOTALL)


def include_candidates(path: str, target: str) -> tuple[str, ...]:
    """Where an included file may stand: beside the document, or for `/x` in any folder above it."""
    folders = ancestors(path) if target.startswith("/") else ancestors(path)[:1]
    return unique(join_path(folder, target.strip()) for folder in folders)


def object_name(argument: str) -> str:
    """The name of a directive's argument, without its signature."""
    return _SIGNATURE.sub("", argument.strip()).lstrip("~!.").replace("::", ".")
