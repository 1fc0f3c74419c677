"""Sidebars written as JavaScript: Docusaurus, VitePress, VuePress, Starlight."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from shared.docs.nav.listing import MAX_DEPTH, Listing, entry, mapping, navigation
from shared.docs.nav.literals import LiteralReader, Value
from shared.docs.nav.order import tree_entries
from shared.docs.navigation import Navigation, NavigationEntry

_LITERAL_ENDINGS = (".js", ".ts", ".cjs", ".mjs", ".mts", ".json")
_SIDEBAR_FILE = re.compile(r"(?:^|/)sidebars?\.(?:js|ts|cjs|mjs|json)$", re.IGNORECASE)
_VITEPRESS_FILE = re.compile(r"(?:^|/)\.(?:vite|vue)press/(?:.*/)?[\w.-]+\.(?:ts|mts|js|mjs|cjs)$")
_BESIDE_PAGES = re.compile(r"(?:^|/)docs?/(?:[\w-]+/)?config\.[cm]?[tj]s$")
_STARLIGHT_FILE = re.compile(r"(?:^|/)astro\.(?:config|sidebar)\.(?:mjs|ts|js|mts)$")
_OF_SIDEBARS = (_SIDEBAR_FILE, _VITEPRESS_FILE, _BESIDE_PAGES, _STARLIGHT_FILE)
_SIDEBAR_KEY = re.compile(
    r"(?m)^(?![^\S\n]*(?://|\*)).*?\bsidebar(?:[A-Z]\w*+)?['\"]?(?:\s*:\s*[A-Z]\w*+(?=\s*=))?\s*(?=[:,=])"
)
_BAR_KEY = re.compile(r"(?<![\w.'\"])nav\s*:")
_MOST_BARS = 4
_EXPORT = re.compile(r"(?:module\.exports\s*=|export\s+default\b)(?!\s*=)")
_SOURCE_FOLDER = re.compile(r"\bsrcDir\s*:\s*['\"]([^'\"]+)['\"]")
_DOCS_FOLDER = re.compile(r"\bpath\s*:\s*['\"]([^'\"]+)['\"]")
_NUMBER_PREFIX = re.compile(r"^\d+\s*[-_.]+\s*(?=\D)")

# A sidebar for each language is read in its turn, so all of them together are the text once. Text that only looks like
# keys would be read to its end for each.
_MOST_READINGS = 4
_SEARCHING_IS_FASTER = 50

Find = Callable[[str], str | None]
Generate = Callable[[str, int], Iterator[NavigationEntry]]


def is_sidebar_file(path: str) -> bool:
    """Whether a file may hold a sidebar as a literal."""
    if not path.lower().endswith(_LITERAL_ENDINGS):  # nearly all paths: three searches are slow for fifty thousand
        return False
    return any(pattern.search(path) for pattern in _OF_SIDEBARS)


def docusaurus(listing: Listing) -> Iterator[Navigation]:
    """`sidebars.js` and its kin; documents are named by id, folders may be listed by themselves."""
    for path in listing.own:
        if _SIDEBAR_FILE.search(path):
            value = _exported(listing, path)
            found = [navigation(path, _docusaurus_entries(listing, root, value)) for root in _docs_roots(listing, path)]
            yield max(found, key=lambda nav: len(nav.entries))


def _exported(listing: Listing, path: str) -> object:
    if path.endswith(".json"):
        return listing.data(path)
    text = listing.text(path)
    export = _EXPORT.search(text)
    return LiteralReader(text).value_at(export.end()) if export else None


def _docs_roots(listing: Listing, path: str) -> list[str]:
    """Folders the ids may count from: those that the site's configuration names, then the usual ones."""
    folder = posixpath.dirname(path)
    configs = [p for p in listing.own if posixpath.dirname(p) == folder and "docusaurus.config." in p]
    named = [name for config in configs for name in _DOCS_FOLDER.findall(listing.text(config))]
    joined = [posixpath.normpath(posixpath.join(folder, name)) for name in [*named, "docs", "../docs", "."]]
    roots = ["" if root == "." else root for root in joined if not root.startswith("..")]
    return list(dict.fromkeys(root for root in roots if listing.below(root))) or [""]


def _docusaurus_entries(listing: Listing, root: str, value: object) -> Iterator[NavigationEntry]:
    ids = _document_ids(listing, root)

    def find(name: str) -> str | None:
        return ids.get(name.strip("/"))

    def generate(folder: str, depth: int) -> Iterator[NavigationEntry]:
        yield from tree_entries(listing, posixpath.normpath(posixpath.join(root, folder)).strip("."), depth)

    for sidebar in mapping(value).values():
        yield from _items(sidebar, 0, find, generate)


def _document_ids(listing: Listing, root: str) -> dict[str, str]:
    """Documents by their ids: the path without suffix and number prefixes, or with the id of the front matter."""
    ids: dict[str, str] = {}
    for path in listing.below(root):
        relative = posixpath.splitext(path[len(root) + 1 if root else 0 :])[0]
        folder = posixpath.dirname(relative)
        named = listing.front_matter(path).get("id")
        stripped = "/".join(_NUMBER_PREFIX.sub("", part) for part in relative.split("/"))
        for spelled in (posixpath.join(folder, named) if isinstance(named, str) else "", relative, stripped):
            if spelled:
                ids.setdefault(spelled, path)
    return ids


def vitepress(listing: Listing) -> Iterator[Navigation]:
    """`sidebar` of a configuration under `.vitepress` or `.vuepress`, or of one beside the pages; links count from the
    folder of the pages, or from its folder for English.
    """
    for path in listing.own:
        found = _VITEPRESS_FILE.search(path)
        if found or _BESIDE_PAGES.search(path):
            text = listing.text(path)
            site = path[: found.start()].rstrip("/") if found else posixpath.dirname(path)
            source = _SOURCE_FOLDER.search(text)
            root = posixpath.normpath(posixpath.join(site, source[1])) if source else site
            home = _home(listing, "" if root == "." else root)
            yield _sidebar(listing, path, _finder(listing, home), lambda _folder, _depth: iter(()))


def starlight(listing: Listing) -> Iterator[Navigation]:
    """`sidebar` of Astro's configuration; slugs count from `src/content/docs`, or from its folder for English."""
    for path in listing.own:
        if _STARLIGHT_FILE.search(path):
            home = _home(listing, posixpath.join(posixpath.dirname(path), "src/content/docs"))
            root = posixpath.dirname(home)

            def generate(folder: str, depth: int, root: str = root) -> Iterator[NavigationEntry]:
                yield from tree_entries(listing, posixpath.join(root, folder.strip("/")), depth)

            yield _sidebar(listing, path, _finder(listing, home), generate)


def _home(listing: Listing, root: str) -> str:
    """The first page of a site with its pages in this folder, or by language in folders of it."""
    home, english = posixpath.join(root, "index.md"), posixpath.join(root, "en")
    return posixpath.join(english, "index.md") if not listing.document("./", home) and listing.below(english) else home


def _finder(listing: Listing, home: str) -> Find:
    return lambda target: listing.document(target.lstrip("/") or "index.md", home)


def _sidebar(listing: Listing, path: str, find: Find, generate: Generate) -> Navigation:
    text = listing.text(path)
    found = [Navigation()]
    left = _MOST_READINGS * len(text)
    for match in _SIDEBAR_KEY.finditer(text):
        if left < 0:
            break
        reader = LiteralReader(text)
        after = text[match.end()]
        value = reader.value_at(match.end() + 1) if after in ":=" else reader.named("sidebar")
        left -= max(0, reader.position - match.end())
        if value is None or (after in ":=" and not isinstance(value, list | dict)):
            value = reader.named("sidebar")
        left -= reader.searched // _SEARCHING_IS_FASTER
        groups = _by_tabs(text, value) if isinstance(value, dict) else {"": value}
        items = (item for at, group in groups.items() for item in _items(group, 0, _within(find, str(at)), generate))
        found.append(navigation(path, items))
    return max(found, key=lambda nav: len(nav.entries))


def _by_tabs(text: str, sidebars: dict[str, Value]) -> dict[str, Value]:
    """The sidebars of folders in the order in which the bar at the top of the site leads to them; the root's first."""
    bars = [LiteralReader(text).value_at(match.end()) for match in islice(_BAR_KEY.finditer(text), _MOST_BARS)]
    links = [f"{link.strip('/')}/" for bar in bars for link in _links(bar, 0)]

    def place(folder: str) -> int:
        inside = f"{folder.strip('/')}/"
        if inside == "/":
            return -1
        return next((at for at, link in enumerate(links) if link.startswith(inside)), len(links))

    return dict(sorted(sidebars.items(), key=lambda item: place(item[0])))


def _links(value: Value, depth: int) -> Iterator[str]:
    for item in value if isinstance(value, list) and depth < MAX_DEPTH else ():
        fields = item if isinstance(item, dict) else {}
        if isinstance(link := fields.get("link"), str):
            yield link
        yield from _links(fields.get("items"), depth + 1)


def _within(find: Find, folder: str) -> Find:
    """`find` for the sidebar of a folder, whose links may count from that folder."""
    return lambda target: (None if target.startswith("/") else find(folder + target)) or find(target)


def _items(value: object, depth: int, find: Find, generate: Generate, base: str = "") -> Iterator[NavigationEntry]:
    """Entries of a list of items, or of the shorthand `{title: [items]}`."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                if found := find(base + item):
                    yield entry("", found, depth)
            elif isinstance(item, dict):
                yield from _item(item, depth, find, generate, base)
    elif isinstance(value, dict) and "items" in value:
        own_base = value.get("base")
        yield from _items(value["items"], depth, find, generate, own_base if isinstance(own_base, str) else base)
    elif isinstance(value, dict):
        for title, inner in value.items():
            yield entry(title, None, depth)
            yield from _items(inner, depth + 1, find, generate, base)


def _item(
    item: Mapping[str, object], depth: int, find: Find, generate: Generate, base: str
) -> Iterator[NavigationEntry]:
    title = item.get("text") or item.get("label")
    own_base = item.get("base")
    base = own_base if isinstance(own_base, str) else base
    generated = mapping(item.get("autogenerate")).get("directory") or item.get("dirName")
    children = item.get("items") or item.get("children")
    target = _target(item, base)
    found = find(target) if target else None
    shorthand = not (title or target or generated or children or "type" in item)
    if shorthand:
        yield from _items(item, depth, find, generate, base)
        return
    if found or children or generated:
        yield entry(title, found, depth)
    inner = depth + 1 if title or found else depth
    if isinstance(generated, str):
        yield from generate(generated, inner)
    yield from _items(children, inner, find, generate, base)


def _target(item: Mapping[str, object], base: str) -> str:
    """The target of an item: an address, a slug, an id, or the page of a category."""
    link = item.get("link")
    if isinstance(link, dict):
        link = link.get("id")
    target = next((value for value in (link, item.get("slug"), item.get("id")) if isinstance(value, str)), "")
    return "" if "://" in target else (base.rstrip("/") + "/" + target.lstrip("/") if base else target)


def needs_documents(path: str) -> bool:
    """Whether a file's navigation also asks for the front matter of the documents."""
    return bool(_SIDEBAR_FILE.search(path) or _STARLIGHT_FILE.search(path))
