"""Orders that stand in the documents themselves: positions, weights and `nav_order` in front matter, numbered names."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from shared.docs.folders import ancestors
from shared.docs.nav.listed import LEAST_LINKS, listed_documents
from shared.docs.nav.listing import MAX_DEPTH, Listing, entry, mapping, navigation, nested
from shared.docs.nav.literals import read_export
from shared.docs.navigation import Navigation, NavigationEntry
from shared.docs.plain import name_in_words

_NUMBERED = re.compile(
    r"^(?:ch(?:apter)?|part|lesson|step|module|unit|section|lecture|week|day|tutorial|exercise|lab)?"
    r"[-_. ]?(\d{1,3})(?!\d)",
    re.IGNORECASE,
)
_SOLUTION = re.compile(r"(?:solution|answer)s?$", re.IGNORECASE)
_INDEX = frozenset({"index", "readme", "_index"})
_HUGO_CONFIG = ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml")
_LAST = float("inf")
_LEAST_NUMBERED = 3
_LEAST_SHARE_NUMBERED = 0.3
_NEARLY = 0.8
ELEVENTY = re.compile(r"(?:^|/)(?:\.eleventy|eleventy\.config)\.[cm]?[jt]s$")
FOLDER_ORDERS = (".pages", ".nav.yml")
FOLDER_CONTENTS = ("meta.json", *(f"_meta.{ending}" for ending in ("json", "js", "jsx", "mjs", "ts", "tsx")))
_REST = "..."
_POSITIONS = ("sidebar_position", "weight", "nav_order", "order", "sort_rank")


def tree_entries(listing: Listing, folder: str, depth: int) -> Iterator[NavigationEntry]:
    """A folder's documents and folders by their positions, then by name; a folder's index page stands for it."""
    if depth > MAX_DEPTH:
        return
    files, folders = _children(listing, folder)
    listed = _listed(listing, folder)
    rest = listed.get(_REST, _LAST)
    own = [(_position(listing, path), path, False) for path in files]
    placed = {path: _folder_position(listing, path) for path in folders}
    placed |= _in_one_row(listing, [*files, *(path for path in folders if placed[path] == _LAST)])
    own += [(placed[path], path, True) for path in folders]
    if listed and _REST not in listed:
        own = [one for one in own if one[1] in listed]
    # Of one position that their author gave them, the page comes first.
    own.sort(key=lambda one: (listed.get(one[1], rest), one[0], one[2] and one[0] != _LAST, one[1]))
    for _, path, is_folder in own:
        if not is_folder:
            yield entry("", path, depth)
            continue
        index = _index_page(listing, path)
        yield entry(_folder_title(listing, path, index), index, depth)
        yield from (item for item in tree_entries(listing, path, depth + 1) if item.path != index)


def _listed(listing: Listing, folder: str) -> dict[str, float]:
    """Places of what `.pages` or `.nav.yml` of a folder lists (MkDocs' plugins awesome-pages and awesome-nav).

    Without them the index page's list counts, unless the documents have positions of their own.
    """
    said = next((found for name in FOLDER_ORDERS if (found := mapping(listing.yaml(f"{folder}/{name}")))), {})
    if not said:
        return _listed_by_contents(listing, folder) or _listed_by_index(listing, folder)
    places: dict[str, float] = {}
    for name in _names(said.get("nav") or said.get("arrange")):
        page = listing.document(name, f"{folder}/index.md") if posixpath.splitext(name)[1] else None
        path = page or posixpath.normpath(posixpath.join(folder, name))
        path = _REST if name.startswith(_REST) or "*" in name else path
        places.setdefault(path, float(len(places)))
    return places


def _listed_by_contents(listing: Listing, folder: str) -> dict[str, float]:
    """Places of what `_meta.js` of a folder (Nextra) or `meta.json` (Fumadocs) lists: most of it has to be there."""
    paths = (posixpath.join(folder, name) for name in FOLDER_CONTENTS)
    said = next((found for path in paths if (found := mapping(exported(listing, path)))), {})
    names = [str(name) for name in nested(said.get("pages")) or said]
    home = posixpath.join(folder, "index.md")
    start = len(folder) + 1 if folder else 0
    places: dict[str, float] = {}
    for name in names:
        path = listing.document(name, home) or next(iter(listing.below(posixpath.join(folder, name))), "")
        child = path[:start] + path[start:].partition("/")[0] if path else _REST if name == _REST else ""
        if child:
            places.setdefault(child, float(len(places)))
    return places if 2 * len(places) > sum(not name.startswith("-") for name in names) else {}


def exported(listing: Listing, path: str) -> object:
    """Read the value of a JSON file, or the one that a JavaScript file exports; None where there is not one."""
    return listing.data(path) if path.endswith(".json") else read_export(listing.text(path))


def contents_of_folders(listing: Listing) -> Iterator[Navigation]:
    """Folders that each say what they hold, as those of Nextra and Fumadocs do."""
    found = {posixpath.dirname(path): path for path in listing.named(*FOLDER_CONTENTS)}
    for folder, path in found.items():
        if found.keys().isdisjoint(ancestors(folder)) and _listed_by_contents(listing, folder):
            yield navigation(path, tree_entries(listing, folder, 0))


def _listed_by_index(listing: Listing, folder: str) -> dict[str, float]:
    files, folders = _children(listing, folder)
    index = _index_page(listing, folder)
    others = [path for path in files if path != index]
    positions = [*(_position(listing, path) for path in others), *(_folder_position(listing, path) for path in folders)]
    if not index or any(position != _LAST for position in positions):
        return {}
    start = len(folder) + 1 if folder else 0
    children = [path[:start] + path[start:].partition("/")[0] for path in listed_documents(listing, index)]
    places = {path: float(place) for place, path in enumerate(dict.fromkeys(children))}
    return {index: -1.0, **places, _REST: _LAST} if len(places) >= LEAST_LINKS else {}


def _names(items: object) -> Iterator[str]:
    for item in nested(items):
        for value in item.values() if isinstance(item, dict) else [item]:
            yield from [value] if isinstance(value, str) else _names(value)


def ordered(listing: Listing, paths: Iterable[str]) -> list[str]:
    """Documents by their positions, then by name."""
    return sorted(paths, key=lambda path: (_position(listing, path), path))


def _children(listing: Listing, folder: str) -> tuple[list[str], list[str]]:
    below, start = listing.below(folder), len(folder) + 1 if folder else 0
    folders = dict.fromkeys(path[: path.index("/", start)] for path in below if "/" in path[start:])
    return [path for path in below if "/" not in path[start:]], list(folders)


def _index_page(listing: Listing, folder: str) -> str | None:
    found = [path for path in _children(listing, folder)[0] if _stem(path).lower() in _INDEX]
    return min(found, key=lambda path: "readme" in path.lower(), default=None)


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0]


def _position(listing: Listing, path: str) -> float:
    """The position of a document: what its front matter says, else its index page first, else its number, else last."""
    value = _value_of(listing.front_matter(path))
    return value if value != _LAST else -1.0 if _stem(path).lower() in _INDEX else _number(path)


def _value_of(values: Mapping[str, object]) -> float:
    of_menus = (mapping(menu) for menu in mapping(values.get("menu")).values())  # Hugo's `menu: docs: weight: 20`
    for value in (*map(values.get, _POSITIONS), *(menu.get("weight") for menu in of_menus)):
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return _LAST


def _number(path: str) -> float:
    match = _NUMBERED.match(posixpath.basename(path))
    return float(match[1]) if match else _LAST


def _category(listing: Listing, folder: str) -> dict[str, object]:
    paths = [f"{folder}/_category_.{ending}" for ending in ("json", "yml", "yaml")]
    path = next((path for path in paths if listing.text(path)), None)
    return {str(key): value for key, value in mapping(listing.data(path)).items()} if path else {}


def _folder_position(listing: Listing, folder: str) -> float:
    value = _category(listing, folder).get("position")
    if isinstance(value, int | float):
        return float(value)
    beside = f"{folder}.md" if f"{folder}.md" in listing.documents else None
    index = _index_page(listing, folder) or beside
    found = _position(listing, index) if index else _LAST
    return found if found not in (-1.0, _LAST) else _number(folder)


def _in_one_row(listing: Listing, children: Iterable[str]) -> dict[str, float]:
    """The first position in each child, where authors number through all of them: no child lies within another."""
    pages = ((child, listing.below(child) or (child,)) for child in children)
    values = [(child, [_value_of(listing.front_matter(page)) for page in own]) for child, own in pages]
    spans = sorted((min(own), max({*own} - {_LAST}), child) for child, own in values if min(own) != _LAST)
    is_row = len(spans) > 1 and all(before[1] < after[0] for before, after in pairwise(spans))
    return {child: first for first, _, child in spans} if is_row else {}


def _folder_title(listing: Listing, folder: str, index: str | None) -> str:
    label = _category(listing, folder).get("label")
    if isinstance(label, str):
        return label
    words = name_in_words(posixpath.basename(folder))
    title = listing.front_matter(index).get("title", "") if index else words[:1].upper() + words[1:]
    return title if isinstance(title, str) else ""


def hugo(listing: Listing) -> Iterator[Navigation]:
    """Hugo's `content` folder by weight, when the author gave weights."""
    for path in listing.named(*_HUGO_CONFIG):
        root = posixpath.join(posixpath.dirname(path), "content").lstrip("/")
        documents = listing.below(root)
        if sum(1 for document in documents if "weight" in listing.front_matter(document)) >= _LEAST_NUMBERED:
            yield navigation(path, tree_entries(listing, root, 0))


def positioned(listing: Listing) -> Navigation:
    """Pages of which a quarter have a position in their front matter, where no configuration of a site is known."""
    placed = [path for path in listing.documents if _value_of(listing.front_matter(path)) != _LAST]
    root = posixpath.commonpath([posixpath.dirname(path) for path in placed]) if placed else ""
    if len(placed) < _LEAST_NUMBERED or 4 * len(placed) < len(listing.below(root)):
        return Navigation()
    return navigation(root or "/", tree_entries(listing, root, 0))


def jekyll_order(listing: Listing) -> Iterator[Navigation]:
    """Pages with `nav_order`, under the pages that their `parent` names."""
    for path in listing.named("_config.yml"):
        root = posixpath.dirname(path)
        matter = {page: listing.front_matter(page) for page in listing.below(root)}
        pages = {page: {**said, "key": said.get("title")} for page, said in matter.items() if "nav_order" in said}
        yield from _by_parents(path, pages)


def eleventy(listing: Listing) -> Iterator[Navigation]:
    """Pages with `eleventyNavigation`, under the pages whose keys their `parent` names."""
    for path in filter(ELEVENTY.search, listing.own):
        below = listing.below(posixpath.dirname(path))
        found = {page: mapping(listing.front_matter(page).get("eleventyNavigation")) for page in below}
        pages = {page: {str(name): value for name, value in said.items()} for page, said in found.items() if said}
        yield from _by_parents(path, pages)


def _by_parents(origin: str, pages: Mapping[str, Mapping[str, object]]) -> Iterator[Navigation]:
    """Pages by their positions, each under the nearest page whose `key` is its `parent`."""
    if len(pages) < _LEAST_NUMBERED:
        return
    keyed: dict[tuple[str, str], str] = {}  # folder and key → page; the folder "*" stands for all of them
    for page in sorted(pages):
        for folder in (posixpath.dirname(page), "*"):
            keyed.setdefault((folder, str(pages[page].get("key") or "")), page)
    children: dict[str, list[str]] = {}
    for page in sorted(pages, key=lambda page: (_value_of(pages[page]), page)):
        parent = str(pages[page].get("parent") or "")
        places = (keyed.get((folder, parent)) for folder in (*ancestors(page), "*"))
        nearest = next((place for place in places if place), "") if parent else ""
        children.setdefault(nearest, []).append(page)
    common = posixpath.commonpath(pages)
    parts = {page: page.removeprefix(common).strip("/").partition("/")[0] for page in pages}
    sizes = Counter(parts.values()) + Counter({"index.md": len(pages)})
    children.get("", []).sort(key=lambda page: -sizes[parts[page]])  # the home page, then the largest part of the site
    yield navigation(origin, _family(pages, children, "", 0))


def _family(
    pages: Mapping[str, Mapping[str, object]], children: Mapping[str, list[str]], parent: str, depth: int
) -> Iterator[NavigationEntry]:
    for page in children.get(parent, ()) if depth <= MAX_DEPTH else ():
        yield entry(str(pages[page].get("key") or ""), page, depth)
        if page != parent:
            yield from _family(pages, children, page, depth + 1)


def numbered(listing: Listing) -> Navigation:
    """Documents whose names, or whose folders' names, begin with numbers (01-x.md, ch02-01-y.md), in that order."""
    groups: dict[str, list[str]] = {}
    shown = [path for path in sorted(listing.documents) if not path.startswith(".") and "/." not in path]
    for path in shown:
        parts = path.split("/")
        first = next((i for i, part in enumerate(parts) if _NUMBERED.match(part)), None)
        if first is not None:
            groups.setdefault("/".join(parts[:first]), []).append(path)
    most = max(map(len, groups.values()), default=0)
    near = [item for item in groups.items() if len(item[1]) >= most * _NEARLY]
    # Of editions the plain one counts.
    root, documents = min(near, key=lambda item: (len(item[0]), item[0]), default=("", []))
    if len(documents) < max(_LEAST_NUMBERED, _LEAST_SHARE_NUMBERED * len(shown)):
        return Navigation()
    # The only page beside folders opens what they hold, unless it has a number as well.
    beside = Counter(map(posixpath.dirname, documents))
    opened = {above for above in map(posixpath.dirname, beside) if beside[above] == 1}
    opening = {one for one in documents if posixpath.dirname(one) in opened and not _NUMBERED.match(_stem(one))}
    placed = {f"{posixpath.dirname(one)}/index" if one in opening else one: one for one in documents}
    ordered = [placed[one] for one in sorted(placed, key=lambda one: natural_key(one[len(root) :]))]
    return navigation(root or "/", [entry("", path, 0) for path in ordered])  # its folders are the groups


def natural_key(path: str) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """Orders paths part by part with numbers as numbers; the index page of a folder comes before the rest of it."""
    parts = path.strip("/").split("/")
    keys = [_part_key(part) for part in parts]
    if _stem(parts[-1]).lower() in _INDEX:
        keys[-1] = ()
    keys[-1] = ((2, 0, ""),) if _SOLUTION.match(_stem(parts[-1])) else keys[-1]
    return tuple(keys)


def _part_key(part: str) -> tuple[tuple[int, int, str], ...]:
    pieces: Iterable[str] = (piece for piece in re.split(r"(\d+)", part.lower()) if piece)
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces)
