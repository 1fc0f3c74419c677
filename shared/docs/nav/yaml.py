"""Navigation kept as data: MkDocs and Zensical, Antora, and lists of pages in whatever keys."""

import fnmatch
import posixpath
import re
from collections.abc import Iterator

from shared.docs.links import is_external
from shared.docs.nav.listing import MAX_DEPTH, Listing, Made, entry, mapping, navigation, nested
from shared.docs.nav.order import FOLDER_ORDERS, ordered, tree_entries
from shared.docs.navigation import Navigation, NavigationEntry

_XREF = re.compile(r"^(?P<stars>\*{1,6})\s+(?:xref:(?P<target>[^\[\s]+)\[(?P<title>[^\]]*)\]|(?P<text>.+))$")
MKDOCS = re.compile(r"(?:^|/)(?:mkdocs[\w.-]*\.ya?ml|zensical\.toml)$")  # which may inherit from one of another name
_SETTINGS_OF_MKDOCS = ("mkdocs.yml", "mkdocs.yaml", "zensical.toml")
_GROUP = re.compile(r"^\.(?![\s.])(?P<title>.+)$")
_ADDRESS_KEYS = ("url", "link", "path", "page", "doc", "href", "to", "file", "root")
_TITLE_KEYS = ("title", "name", "label", "text", "group", "tab", "section", "caption", "part", "page")
_ALL = frozenset({"auto", "/"})
_LIST_OF_PAGES = re.compile(
    r"(?:^|/)(?:_data/(?:[^/]*nav[^/]*|toc|sidebar[^/]*|docs|menu)\.ya?ml"
    r"|(?:docs|mint|toc|manifest|[^/]*nav(?:igation)?)\.json|docs?/config\.json|(?:_?toc|myst|_quarto|nav(?:igation)?)\.ya?ml)$"
)


def mkdocs(listing: Listing) -> Iterator[Navigation]:
    """`nav` of mkdocs.yml and zensical.toml; its paths count from the docs folder."""
    ordered_folders = set[str]()
    for path in sorted(filter(MKDOCS.search, listing.own), key=lambda path: not path.endswith(_SETTINGS_OF_MKDOCS)):
        folder = posixpath.dirname(path)
        if folder in ordered_folders and not path.endswith(_SETTINGS_OF_MKDOCS):
            continue  # an older one, or that of an edition
        config = mapping(listing.data(path))
        config = mapping(config.get("project")) or config
        root = posixpath.normpath(posixpath.join(posixpath.dirname(path), str(config.get("docs_dir") or "docs")))
        if "nav" in config:
            ordered_folders.add(folder)
            yield navigation(path, _mkdocs_entries(listing, root, config["nav"], "", 0))
        elif any(name.startswith(f"{root}/") for name in listing.named(*FOLDER_ORDERS)):
            yield navigation(path, tree_entries(listing, root, 0))


def _mkdocs_entries(listing: Listing, root: str, value: object, title: str, depth: int) -> Iterator[NavigationEntry]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, str):
        found = listing.document(value, posixpath.join("" if root == "." else root, "index.md"))
        if value.endswith(("/", "/*")):
            folder = posixpath.normpath(posixpath.join(root, value.rstrip("*")))
            if title:
                yield entry(title, found, depth)
            yield from tree_entries(listing, folder, depth + 1 if title else depth)
        elif found:
            yield entry(title, found, depth)
        elif value.endswith(".md") and not is_external(value):
            yield Made(posixpath.normpath(posixpath.join(root, value)), None, 0)
        return
    if isinstance(value, list) and title:
        yield entry(title, None, depth)
    inner = depth + 1 if title else depth
    for item in nested(value):
        for name, child in item.items() if isinstance(item, dict) else [("", item)]:
            yield from _mkdocs_entries(listing, root, child, str(name or ""), inner)


def is_list_of_pages(path: str) -> bool:
    """Whether a file may list pages as data, as those of Jekyll, Mintlify, Jupyter Book, MyST, DocFX and Quarto do."""
    return _LIST_OF_PAGES.search(path) is not None


def lists_of_pages(listing: Listing) -> Iterator[Navigation]:
    """Lists of titles and addresses, in whatever keys a theme keeps them."""
    for path in filter(is_list_of_pages, listing.own):
        folder = posixpath.dirname(path)
        root = posixpath.dirname(folder) if posixpath.basename(folder) == "_data" else folder
        parts = _lists_in(listing, path, listing.data(path))
        yield navigation(path, (one for part in parts for one in _listed_entries(listing, root, part, 0)))


def _lists_in(listing: Listing, path: str, data: object) -> list[object]:
    """The parts of a configuration that list pages: of a whole project's some, of another file all."""
    name, fields = posixpath.basename(path), mapping(data)
    if name.startswith("myst."):
        return [mapping(fields.get("project")).get("toc")]
    if not name.startswith("_quarto."):
        return [[fields.get("root")], data]
    names = [one for one in nested(fields.get("metadata-files")) if isinstance(one, str)]
    taken_in = (listing.yaml(posixpath.join(posixpath.dirname(path), one)) for one in names)
    found: list[object] = []
    for part in (fields, *map(mapping, taken_in)):
        book, bars = mapping(part.get("book")), mapping(part.get("website")).get("sidebar")
        lists = [mapping(bar).get("contents") for bar in (bars if isinstance(bars, list) else [bars])]
        found += [one if isinstance(one, list) else [one] for one in lists]
        found += [book.get("chapters"), book.get("appendices")]
    return found


def _listed_entries(listing: Listing, root: str, value: object, depth: int) -> Iterator[NavigationEntry]:
    if depth > MAX_DEPTH:
        return
    for item in nested(value):
        fields = mapping(item)
        address = next((fields[key] for key in _ADDRESS_KEYS if isinstance(fields.get(key), str)), "")
        named = (fields[key] for key in _TITLE_KEYS if isinstance(fields.get(key), str))
        title = next((one for one in named if one != address), "")
        said = item if isinstance(item, str) else str(address)
        found = _listed_page(listing, root, said or str(title))
        if found or title:
            yield entry("" if found and not said else title, found, depth)
        elif isinstance(wanted := fields.get("auto", said), str) and ("*" in wanted or wanted in _ALL):
            yield from _matched(listing, root, wanted, depth)
        for name, child in fields.items():
            inner = [child] if name == "contents" and isinstance(child, str) else child
            yield from _listed_entries(listing, root, inner, depth + bool(found or title))
    for child in mapping(value).values():
        yield from _listed_entries(listing, root, child, depth)


def _matched(listing: Listing, root: str, wanted: str, depth: int) -> Iterator[NavigationEntry]:
    """The documents of a folder that a pattern of Quarto stands for, or those that it matches."""
    pattern = posixpath.normpath(posixpath.join(root, "" if wanted in _ALL else wanted.lstrip("/")))
    folder = re.sub(r"(?:/\*{1,2})$|^\.$", "", pattern)
    if "*" not in folder:
        yield from tree_entries(listing, folder, depth)
        return
    below = listing.below(posixpath.dirname(folder.partition("*")[0]))
    named = [path for path in below if fnmatch.fnmatchcase(path, pattern) and path.count("/") == pattern.count("/")]
    yield from (entry("", path, depth) for path in ordered(listing, named))


def _listed_page(listing: Listing, root: str, address: str) -> str | None:
    """A page by its address; collections of Jekyll (`_docs`) are published without their underscore."""
    plain = re.sub(r"\{\{.*?\}\}", "", address).strip().lstrip("/")
    home = posixpath.join(root, "index.md")
    tries = (plain, f"_{plain}", f"_pages/{plain}") if plain else ()
    return next((found for one in tries if (found := listing.document(one, home))), None)


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
