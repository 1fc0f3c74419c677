"""Attributes that a site of Antora sets for all its pages: in antora.yml of a component, and in the playbook."""

from collections.abc import Mapping
from functools import lru_cache

import yaml

from shared.docs.asciidoc.paths import attribute_files
from shared.docs.included import Included, NotIncluded
from shared.docs.untrusted import BoundedLoader


def site_attributes(path: str, included: Included) -> dict[str, str]:
    """The attributes of a page by their names in lower case; those of the component count before those of the site."""
    found: dict[str, str] = {}
    for file in reversed([file for file in attribute_files(path) if file in included]):
        try:
            found |= _attributes("\n".join(included.lines(file)))
        except NotIncluded:
            continue
    return found


@lru_cache(maxsize=16)
def _attributes(text: str) -> Mapping[str, str]:
    """`asciidoc.attributes` of a file; kept, because each page of a site asks for the same."""
    try:
        loaded = yaml.load(text, BoundedLoader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    asciidoc = loaded.get("asciidoc") if isinstance(loaded, dict) else None
    attributes = asciidoc.get("attributes") if isinstance(asciidoc, dict) else None
    values = attributes.items() if isinstance(attributes, dict) else ()
    return {
        str(name).lower(): str(value).removesuffix("@")
        for name, value in values
        if isinstance(value, str | int | float)
    }
