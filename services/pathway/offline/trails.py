"""Which of the author's groups a document stands in: those of the contents, else those of its folders. Pure."""

from collections.abc import Sequence
from itertools import accumulate
from posixpath import basename, commonprefix, dirname

from shared.docs.navigation import Navigation
from shared.engine.reading_order import author_positions, home_folders, is_front
from shared.engine.titles import is_front_page, is_generic
from shared.engine.types import DocumentAnalysis
from shared.language.terms import humanise

_LONGEST_NAME = 40
# A group as (place in the author's contents or folder path, title): equal titles at two places are two groups.
Trail = tuple[tuple[str, str], ...]


def find_trails(order: Sequence[DocumentAnalysis], navigation: Navigation) -> dict[str, Trail]:
    """Document id → the groups it stands in: those of the author's contents, else those of its folders."""
    listed = author_positions(order, navigation)
    by_path = {analysis.path: analysis.document_id for analysis in order}
    titles = {one.path: one.title for one in order if len(one.title) <= _LONGEST_NAME and not is_front_page(one.path)}
    trails: dict[str, Trail] = {}
    stack: list[tuple[int, tuple[str, str]]] = []
    for index, entry in enumerate(navigation.entries):
        while stack and stack[-1][0] >= entry.depth:
            stack.pop()
        stack.append((entry.depth, (str(index), entry.title or titles.get(str(entry.path), ""))))
        document_id = by_path.get(str(entry.path), "")
        if listed.get(document_id) == index:
            leads = any(one.depth > entry.depth for one in navigation.entries[index + 1 : index + 2])
            around = stack if leads else stack[:-1]
            trails[document_id] = tuple(step for _, step in around if step[1].strip())
    if not any(trails.values()):
        trails = {}  # a list of links gives an order but no groups
    folders, homes = _folder_trails(order), home_folders(by_path)
    known: dict[str, Trail] = {}  # folder → the groups that all listed documents in it share
    for one in (one for one in order if one.document_id in trails):
        trail = trails[one.document_id]
        known[dirname(one.path)] = tuple(commonprefix([known.get(dirname(one.path), trail), trail]))
    known.pop("", None)
    for one in (
        one for one in order if one.document_id in trails and homes[one.path] not in {*known, dirname(one.path)}
    ):
        own = (homes[one.path], titles.get(one.path) or humanise(basename(homes[one.path])))
        known[own[0]] = trails[one.document_id] = (*trails[one.document_id], own)  # the page opens the folder
    for one in order:
        trails.setdefault(one.document_id, known.get(homes[one.path]) or folders[one.document_id])
    return trails


def _folder_trails(order: Sequence[DocumentAnalysis]) -> dict[str, Trail]:
    """The folders around each document; a folder is named by its own page, where that has a short name."""
    homes = home_folders([one.path for one in order])
    folders = {one.document_id: homes[one.path].split("/") if homes[one.path] else [] for one in order}
    inner = [parts for parts in folders.values() if parts]
    shared = 0
    while inner and all(len(parts) > shared and parts[shared] == inner[0][shared] for parts in inner):
        shared += 1
    silent = {one.document_id: (one.language.lower(), "root") for one in order}  # ROOT: Antora's main one
    said = {
        homes[one.path]: one.title
        for one in order
        if (is_front(one.path) or homes[one.path] != dirname(one.path))
        and len(one.title) <= _LONGEST_NAME
        and not is_generic(one.title)
    }
    return {
        document_id: tuple(
            (path, said.get(path) or ("" if parts[depth].lower() in silent[document_id] else humanise(parts[depth])))
            for depth, path in enumerate(accumulate(parts, "{}/{}".format))
            if depth >= shared
        )
        for document_id, parts in folders.items()
    }
