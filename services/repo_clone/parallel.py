"""Trees of documents that run in parallel, and the older versions among them. Pure, from paths alone."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

_VERSION = re.compile(r"^(?:version-|v)\d+(?:\.(?:\d+|x))*$|^\d+(?:\.(?:\d+|x))+$|^v?\d+x$")
_PAGE_OF_A_VERSION = re.compile(r"(?<![^/])versions/v?\d+(?:\.\d+)+([^/\d][^/]*)$")
_CURRENT = frozenset({"latest", "current", "stable", "main", "master", "next", "dev", "edge"})
_VERSIONED_DOCS = "versioned_docs"
_BESIDE = re.compile(
    r"^((?:[^/]+/)*?(?:(docs?|documentation|website|site)[-_.]v?\d[\d.x]*|[^/]+[-_.]v[01](?:\.[\dx]+)*))/",
    re.IGNORECASE,
)
_INDEX = re.compile(r"(?:^|/)_?(?:index|readme)\.\w+$", re.IGNORECASE)
_ENDING = re.compile(r"[-_.]v?\d[\d.x]*$", re.IGNORECASE)
MOST = 0.5
_MANY = 0.3
LEAST_PAIRS = 2

Tree = dict[str, str]  # path inside the tree → path
Trees = Mapping[str, Mapping[str, Tree]]  # folder above → name of the tree's folder → tree


def find_older_versions(documents: Sequence[str], named: AbstractSet[str] = frozenset()) -> dict[str, str]:
    """Documents of older versions and why: "older version of docs/index.md". The newest tree stays, and `docs` where
    `docs-v3` stands beside it. Where one version has the pages of the newest, those beside it are versions too.

    `named`: paths the author's order names. Those stay, unless the order names the newest tree too.
    """
    documents = sorted(documents)
    trees = find_trees(documents, lambda part: part if _VERSION.match(part) else None)
    found: dict[str, str] = {}
    for above, versions in sorted(trees.items()):
        name, current = _current(above, versions, documents)
        others = {version: tree for version, tree in sorted(versions.items()) if version != name}
        same = {one: [inside for inside in tree if inside in current] for one, tree in others.items()}
        is_family = above.endswith(_VERSIONED_DOCS) or any(
            sum(not _INDEX.search(inside) for inside in found_in) >= max(LEAST_PAIRS, MOST * len(others[one]))
            for one, found_in in same.items()
        )
        for version, tree in others.items():
            if len(same[version]) >= _MANY * min(len(tree), len(current)) or is_family:
                found |= {
                    path: f"older version of {current[inside]}" if inside in current else "older version"
                    for inside, path in tree.items()
                    if path not in named or (same[version] and not named.isdisjoint(current.values()))
                }
    return found | _find_older_folders(documents, named) | _find_older_pages(documents)


def _find_older_folders(documents: Sequence[str], named: AbstractSet[str]) -> dict[str, str]:
    """`docs-v3` beside `docs`, and the first edition `book_v1` if most of its pages are in `book` as well."""
    found: dict[str, str] = {}
    folders = {one[1]: one[2] for path in documents if (one := _BESIDE.match(path))}
    for folder, is_docs in folders.items():
        tree = documents_below(f"{folder}/", documents)
        current = documents_below(f"{_ENDING.sub('', folder)}/", documents)
        if current and (is_docs or len(tree.keys() & current.keys()) >= max(LEAST_PAIRS, MOST * len(tree))):
            found |= {path: "older version" for path in tree.values() if path not in named}
    return found


def _find_older_pages(documents: Iterable[str]) -> dict[str, str]:
    """`versions/1.0.md` beside `versions/2.0.md`: the newest page of each kind stays, as of `2.0-notes.md`."""
    pages: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path in documents:
        if version := _PAGE_OF_A_VERSION.search(path):
            pages[path[: version.start()], version[1]].append(path)
    found: dict[str, str] = {}
    for same in pages.values():
        newest = max(same, key=_number)
        found |= {path: f"older version of {newest}" for path in same if path != newest}
    return found


def find_trees(documents: Iterable[str], name_of: Callable[[str], str | None]) -> Trees:
    """The trees opened by the first folder of each path that `name_of` has a name for.

    Folders of one name are one tree; a document whose place is taken in it has its path as place.
    """
    trees: defaultdict[str, defaultdict[str, Tree]] = defaultdict(lambda: defaultdict(dict))
    for path in documents:
        parts = path.split("/")
        for at, part in enumerate(parts[:-1]):
            if (name := name_of(part)) is not None:
                tree, inside = trees["/".join(parts[:at])][name], "/".join(parts[at + 1 :])
                tree[path if inside in tree else inside] = path
                break
    return trees


def _current(above: str, versions: Mapping[str, Tree], documents: Sequence[str]) -> tuple[str, Tree]:
    """The tree that counts now, and its name among the versions ("" when it is not one of them)."""
    if above.endswith(_VERSIONED_DOCS):
        place = f"{above.removesuffix(_VERSIONED_DOCS)}docs/"
        if unversioned := documents_below(place, documents):
            return "", unversioned
    start = f"{above}/" if above else ""
    for name in sorted(_CURRENT):
        if tree := documents_below(f"{start}{name}/", documents):
            return "", tree
    beside = {i: p for i, p in documents_below(start, documents).items() if not _VERSION.match(i.split("/")[0])}
    if any(len(tree.keys() & beside.keys()) >= max(LEAST_PAIRS, MOST * len(tree)) for tree in versions.values()):
        return "", beside
    newest = max(versions, key=_number)
    return newest, versions[newest]


def documents_below(start: str, documents: Sequence[str]) -> Tree:
    """The documents whose paths begin so, which stand side by side in the sorted `documents`."""
    first, after = bisect_left(documents, start), len(documents)
    if start:
        after = bisect_left(documents, start[:-1] + chr(ord("/") + 1))
    return {path.removeprefix(start): path for path in documents[first:after]}


def _number(version: str) -> tuple[tuple[int, ...], str]:
    return tuple(int(number) for number in re.findall(r"\d+", version)), version
