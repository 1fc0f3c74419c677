"""Which of the author's groups a document stands in: those of the contents, else those of its folders. Pure."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from shared.docs.navigation import Navigation
from shared.engine.reading_order import author_positions, find_reason, is_front, lift_asked
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
        following = navigation.entries[index + 1] if index + 1 < len(navigation.entries) else None
        has_children = following is not None and following.depth > entry.depth
        step = (entry.depth, (str(index), entry.title or titles.get(str(entry.path), "")))
        steps = [one for _, one in [*stack, *([step] if has_children or entry.path is None else [])]]
        trail = tuple(one for one in steps if one[1].strip())
        if listed.get(by_path.get(str(entry.path), "")) == index:
            trails[by_path[str(entry.path)]] = trail
        if has_children or entry.path is None:
            stack.append(step)
    if not any(trails.values()):
        trails = {}  # a list of links gives an order but no groups
    folders = _folder_trails(order)
    known = {
        analysis.path.rpartition("/")[0]: trails[analysis.document_id]
        for analysis in order
        if analysis.document_id in trails
    }
    for analysis in order:
        beside = known.get(analysis.path.rpartition("/")[0]) if "/" in analysis.path else None
        trails.setdefault(analysis.document_id, beside if beside is not None else folders[analysis.document_id])
    headed = _headed_folders(order, trails)
    for analysis in order:
        head, around = headed.get(analysis.path.rpartition("/")[0]), trails[analysis.document_id]
        if head is not None and not around:
            trails[analysis.document_id] = (head,)
    if reason := find_reason(order):
        trails[reason.document_id] = ()
    return trails | lift_asked(order, trails)


def _headed_folders(order: Sequence[DocumentAnalysis], trails: Mapping[str, Trail]) -> dict[str, tuple[str, str]]:
    """Folders that hold a page of their own and others: the group that page names.

    A folder is not a group where the author's contents spread its documents over several groups.
    """
    members: dict[str, list[DocumentAnalysis]] = {}
    for analysis in order:
        if "/" in analysis.path:
            members.setdefault(analysis.path.rpartition("/")[0], []).append(analysis)
    heads = {
        folder: next((a for a in found if is_front(a.path)), None)
        for folder, found in members.items()
        if len(found) > 2
        and len({trails[one.document_id] for one in found}) == 1
        and not any(other.startswith(f"{folder}/") for other in members)
    }
    return {folder: (folder, head.title) for folder, head in heads.items() if head is not None}


def _folder_trails(order: Sequence[DocumentAnalysis]) -> dict[str, Trail]:
    """The folders around each document; a folder is named by its own page, where that has a short name."""
    folders = {analysis.document_id: analysis.path.split("/")[:-1] for analysis in order}
    inner = [parts for parts in folders.values() if parts]
    shared = 0
    while inner and all(len(parts) > shared and parts[shared] == inner[0][shared] for parts in inner):
        shared += 1
    silent = {
        analysis.document_id: (analysis.language.lower(), "root") for analysis in order
    }  # ROOT: Antora's main one
    said = {
        analysis.path.rpartition("/")[0]: analysis.title
        for analysis in order
        if is_front(analysis.path) and len(analysis.title) <= _LONGEST_NAME
        if not (is_generic(analysis.title) or analysis.title.endswith("?"))  # a question names nothing
    }
    return {
        document_id: tuple(
            (path, said.get(path) or ("" if parts[depth].lower() in silent[document_id] else humanise(parts[depth])))
            for depth, path in enumerate(accumulate(parts, "{}/{}".format))
            if depth >= shared
        )
        for document_id, parts in folders.items()
    }
