"""Where AsciiDoc's includes, pictures and pages stand, in plain repositories and in Antora's folders."""

import posixpath
import re
from collections.abc import Mapping

from shared.docs.asciidoc.attributes import expand
from shared.docs.folders import ancestors
from shared.docs.links import image_candidates, is_external, join_path, unique

_MODULE = re.compile(r"^(?P<modules>(?:.*/)?modules)/(?P<module>[^/]+)/(?P<family>pages|partials|examples)/")
_RESOURCE = re.compile(
    r"^(?:(?P<component>[\w.-]++(?:@[\w.-]*+)?):)?(?:(?P<module>[\w.-]*):)?(?:(?P<family>\w+)\$)?(?P<name>[^:$]+)$"
)
# Attributes that Antora sets: `{examplesdir}/a` and `{moduledir}/examples/a` are `example$a`.
_IMPLIED = re.compile(r"^\{(?:moduledir\}/)?(?P<family>example|partial|page|image|attachment)s(?:dir\})?/")
_FAMILY_FOLDERS = {family: f"{family}s" for family in ("example", "partial", "page", "image", "attachment")}


def include_candidates(path: str, target: str, attributes: Mapping[str, str]) -> tuple[str, ...]:
    """Repository paths of an included file, likeliest first; none for addresses and unknown attributes."""
    name = _IMPLIED.sub(r"\g<family>$", expand(target.strip(), attributes))
    if "{" in name or is_external(name):
        return () if "$" not in name else unique((_resource(path, name, "partial"),))
    folder = posixpath.dirname(path)
    return unique((_resource(path, name, ""), join_path(folder, name), join_path("", name)))


def attribute_files(path: str) -> tuple[str, ...]:
    """Files of Antora that set attributes for a page: its component's, and the site's in a folder above."""
    if not (place := _MODULE.match(path)):
        return ()
    component = f"{posixpath.dirname(place['modules'])}/antora.yml".lstrip("/")
    return (component, *(f"{folder}/antora-playbook.yml".lstrip("/") for folder in ancestors(component)))


def picture_candidates(path: str, target: str, attributes: Mapping[str, str]) -> tuple[str, ...]:
    """Repository paths of a picture, likeliest first."""
    name = expand(target.strip(), attributes)
    folder = expand(attributes.get("imagesdir", ""), attributes)
    if "{" in name or is_external(name):
        return ()
    below = image_candidates(path, posixpath.join(folder, name)) if folder and not is_external(folder) else ()
    return unique((_resource(path, name, "image"), *below, *image_candidates(path, name)))


def page_target(path: str, target: str) -> str:
    """The target of a cross-reference relative to the page it stands in; Antora counts from its module's pages."""
    page = target if re.search(r"\.\w+$", target) else f"{target}.adoc"
    resource = _resource(path, page, "page")
    return posixpath.relpath(resource, posixpath.dirname(path) or ".") if resource else page


def _resource(path: str, name: str, family: str) -> str | None:
    """A resource of Antora by its id (`module:family$name`), when `path` stands in such a module."""
    place, resource = _MODULE.match(path), _RESOURCE.match(name)
    if place is None or resource is None or (not family and not resource["family"]) or name.startswith("."):
        return None
    module = resource["module"] or resource["component"] or place["module"]
    folder = _FAMILY_FOLDERS.get(resource["family"] or family)
    return join_path(f"{place['modules']}/{module}/{folder}", resource["name"]) if folder else None
