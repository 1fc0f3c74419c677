"""Navigation kept as data: MkDocs and Zensical, Jupyter Book, Jekyll's `_data`, Antora."""

import posixpath
import re
from collections.abc import Iterator

from shared.docs.nav.listing import MAX_DEPTH, Listing, entry, mapping, navigation, nested
from shared.docs.navigation import Navigation, NavigationEntry
from shared.docs.untrusted import load_toml

_XREF = re.compile(r"^(?P<stars>\*{1,6})\s+(?:xref:(?P<target>[^\[\s]+)\[(?P<title>[^\]]*)\]|(?P<text>.+))$")
_GROUP = re.compile(r"^\.(?![\s.])(?P<title>.+)$")
_ADDRESS_KEYS = ("url", "link", "path", "page", "doc", "href")
_TITLE_KEYS = ("title", "name", "label", "text")


def mkdocs(listing: Listing) -> Iterator[Navigation]:
    """`nav` of mkdocs.yml and zensical.toml; its paths count from the docs folder."""
    for path in listing.named("mkdocs.yml", "mkdocs.yaml", "zensical.toml"):
        config = mapping(_toml(listing, path) if path.endswith(".toml") else listing.yaml(path))
        config = mapping(config.get("project")) or config
        folder = config.get("docs_dir", "docs")
        root = posixpath.normpath(
            posixpath.join(posixpath.dirname(path), folder if isinstance(folder, str) else "docs")
        )
        yield navigation(path, _mkdocs_entries(listing, root, config.get("nav"), "", 0))


def _toml(listing: Listing, path: str) -> object:
    try:
        return load_toml(listing.text(path))
    except (ValueError, RecursionError):
        return None


def _mkdocs_entries(listing: Listing, root: str, value: object, title: str, depth: int) -> Iterator[NavigationEntry]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, str):
        found = listing.document(value, posixpath.join("" if root == "." else root, "index.md"))
        if found:
            yield entry(title, found, depth)
        return
    if isinstance(value, list) and title:
        yield entry(title, None, depth)
    inner = depth + 1 if title else depth
    for item in nested(value):
        if isinstance(item, dict):
            for name, child in item.items():
                yield from _mkdocs_entries(listing, root, child, str(name or ""), inner)
        else:
            yield from _mkdocs_entries(listing, root, item, "", inner)


def jupyter_book(listing: Listing) -> Iterator[Navigation]:
    """`_toc.yml`: a root, and parts or chapters of files with sections."""
    for path in listing.named("_toc.yml"):
        config = mapping(listing.yaml(path))
        root = [{"file": config.get("root")}, *nested(config.get("parts") or config.get("chapters") or [])]
        yield navigation(path, _toc_entries(listing, path, root, 0))


def _toc_entries(listing: Listing, path: str, items: object, depth: int) -> Iterator[NavigationEntry]:
    for item in nested(items) if depth <= MAX_DEPTH else ():
        fields = mapping(item)
        file = fields.get("file")
        found = listing.document(file, path) if isinstance(file, str) else None
        if found or fields.get("caption"):
            yield entry(fields.get("title") or fields.get("caption"), found, depth)
        for key in ("chapters", "sections"):
            yield from _toc_entries(listing, path, fields.get(key), depth + 1)


def jekyll_data(listing: Listing) -> Iterator[Navigation]:
    """Lists of titles and addresses under `_data`, in whatever keys a theme keeps them."""
    for path in listing.own:
        folder, name = posixpath.split(path)
        if posixpath.basename(folder) == "_data" and re.match(r"^(?:.*nav.*|toc|sidebar.*|docs|menu)\.ya?ml$", name):
            root = posixpath.dirname(folder)
            yield navigation(path, _jekyll_entries(listing, root, listing.yaml(path), 0))


def _jekyll_entries(listing: Listing, root: str, value: object, depth: int) -> Iterator[NavigationEntry]:
    if depth > MAX_DEPTH:
        return
    for item in nested(value):
        fields = mapping(item)
        address = next((fields[key] for key in _ADDRESS_KEYS if isinstance(fields.get(key), str)), "")
        title = next((fields[key] for key in _TITLE_KEYS if isinstance(fields.get(key), str)), "")
        found = _jekyll_page(listing, root, str(address))
        if found or title:
            yield entry(title, found, depth)
        for child in fields.values():
            yield from _jekyll_entries(listing, root, child, depth + 1)
    for child in mapping(value).values():
        yield from _jekyll_entries(listing, root, child, depth)


def _jekyll_page(listing: Listing, root: str, address: str) -> str | None:
    """A page by its address; collections (`_docs`) are published without their underscore."""
    plain = re.sub(r"\{\{.*?\}\}", "", address).strip().lstrip("/")
    home = posixpath.join(root, "index.md")
    return next(
        (p for t in (plain, f"_{plain}", f"_pages/{plain}") if plain and (p := listing.document(t, home))), None
    )


def antora(listing: Listing) -> Iterator[Navigation]:
    """The navigation lists that `antora.yml` names, one after the other."""
    for path in listing.named("antora.yml"):
        files = [name for name in nested(mapping(listing.yaml(path)).get("nav")) if isinstance(name, str)]
        joined = [posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in files]
        yield navigation(path, (item for name in joined for item in _antora_entries(listing, name)))


def _antora_entries(listing: Listing, path: str) -> Iterator[NavigationEntry]:
    place = re.match(r"^(?P<modules>(?:.*/)?modules)/(?P<module>[^/]+)/", path)
    group = 0
    for line in listing.text(path).splitlines() if place else ():
        if title := _GROUP.match(line.strip()):
            group = 1
            yield entry(_label(title["title"]), None, 0)
        elif place and (match := _XREF.match(line.strip())):
            depth = len(match["stars"]) - 1 + group
            if match["text"]:
                yield entry(_label(match["text"]), None, depth)
                continue
            module, _, page = match["target"].partition("#")[0].rpartition(":")
            module = module.rpartition(":")[2] or place["module"]
            found = listing.document(f"{place['modules']}/{module}/pages/{page}", "index.adoc")
            if found:
                yield entry(_label(match["title"]), found, depth)


def _label(text: str) -> str:
    return re.sub(r"\{[\w-]+\}", "", text).strip(" `_*")
