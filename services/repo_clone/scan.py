"""A repository's listing: every file marked, documents with what they include and show, the author's order. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from posixpath import basename, dirname, splitext

from services.repo_clone.classify import DATED_POST, LEAST_BESIDE_POSTS, kind_of, leave_out_reasons, overview_candidates
from services.repo_clone.contents import LFS_POINTER, judge_content
from services.repo_clone.copies import find_copies
from services.repo_clone.found import Direct, Marked, Scan
from services.repo_clone.licences import LARGEST_BYTES, list_licence_files
from services.repo_clone.limits import (
    MOST_DOCUMENT_BYTES,
    MOST_DOCUMENTS,
    MOST_JUDGED_BYTES,
    MOST_JUDGED_DOCUMENTS,
    Budget,
)
from services.repo_clone.references import Plan, close_references, fits
from services.repo_clone.translations import find_translations
from services.repo_clone.tree import FETCHED_BYTES, TreeFile, is_plain, shown_path
from shared.docs.encoding import decode
from shared.docs.formats import PART, format_of
from shared.docs.nav.build import build_navigation, navigation_files
from shared.docs.navigation import Navigation
from shared.kernel.errors import UnreadableText

_NOT_FETCHED = {"link": "symbolic link", "submodule": "submodule, not fetched"}


def load() -> None:
    """Load what the first listing would wait for: this module's own imports."""


def plan_reading(files: Iterable[TreeFile]) -> Plan:
    """The files to read first. Sizes in bytes, None for files that were too large to be fetched."""
    files = tuple(files)
    sizes = {file.path: file.size for file in files if file.kind == "file" and is_plain(file.path)}
    translations = find_translations([path for path in sizes if format_of(path) is not None])
    ordered = tuple(sorted(sizes.keys() - translations.keys()))
    readable = [path for path in ordered if fits(sizes, path) and sizes[path]]
    return Plan(files, sizes, ordered, navigation_files(readable))


def list_ordering(plan: Plan) -> list[str]:
    """The files that the author's order is read from, the most important first."""
    return sorted(plan.navigation_files, key=lambda path: (format_of(path) is not None, path.count("/"), path))


def read_order(plan: Plan, contents: Mapping[str, bytes]) -> Navigation:
    """The author's order, from the bytes of the plan's navigation files."""
    order = build_navigation(plan.ordered, lambda path: contents[path])
    there = {name for one in plan.files for name in (one.path, dirname(one.path), splitext(one.path)[0])}
    return replace(order, made=tuple(path for path in order.made if path not in there))


def choose(plan: Plan, navigation: Navigation) -> tuple[dict[str, str], list[str], frozenset[str]]:
    """Why files in documentation formats are left out by name, place or size: path → reason, "" = read it.

    Then the paths to read, the most important first, and those that the author's table of contents names.
    """
    named = frozenset(entry.path for entry in navigation.entries if entry.path)
    reasons = leave_out_reasons(plan.sizes, FETCHED_BYTES, named)
    return *leave_out_what_is_not_read(plan, reasons, named), named


def importance(path: str, named: AbstractSet[str]) -> tuple[bool, int, list[str]]:
    """The order in which documents get a place: those the author's table of contents names, then shallow ones."""
    return path not in named, path.count("/"), path.split("/")


def leave_out_what_is_not_read(
    plan: Plan, reasons: Mapping[str, str], named: AbstractSet[str]
) -> tuple[dict[str, str], list[str]]:
    """The reasons again, with those of documents beyond what is read to choose from; and the paths to read."""
    budget = Budget(MOST_JUDGED_DOCUMENTS, MOST_JUDGED_BYTES)
    judged = dict(reasons)
    wanted = []
    for path in sorted((path for path, reason in reasons.items() if not reason), key=lambda p: importance(p, named)):
        if budget.takes(plan.sizes[path] or 0):
            wanted.append(path)
        else:
            judged[path] = budget.reason
    return judged, wanted


def judge_contents(contents: Mapping[str, bytes], named: AbstractSet[str]) -> dict[str, str]:
    """Why documents are left out for what they say themselves, or ""; by path."""
    return {path: _judge(path, raw, named=path in named) for path, raw in contents.items()}


def keep_lone_blog(reasons: Mapping[str, str]) -> dict[str, str]:
    """All reasons, but that of dated posts only where there is something besides: a lone blog is taught."""
    is_alone = sum(not reason for reason in reasons.values()) < LEAST_BESIDE_POSTS
    return {path: "" if is_alone and reason == DATED_POST else reason for path, reason in reasons.items()}


def _judge(path: str, raw: bytes, *, named: bool) -> str:
    doc_format = format_of(path)
    assert doc_format is not None
    try:
        text, _ = decode(raw)
    except UnreadableText:
        return "not text"
    if raw.startswith(LFS_POINTER):
        return "kept in Git LFS and so not fetched"
    return judge_content(path, text, doc_format, named=named) if text.strip() else "empty"


def compare_contents(
    plan: Plan,
    reasons: Mapping[str, str],
    own_reasons: Mapping[str, str],
    contents: Mapping[str, bytes],
    named: AbstractSet[str],
) -> tuple[dict[str, str], list[str]]:
    """The reasons again, with documents' own, and those that come of other documents; and the documents, the most
    important first.

    `contents`: the bytes of documents that have no reason of their own.
    """
    judged = dict(reasons)
    texts: dict[str, str] = {}
    first: dict[str, str] = {}
    budget = Budget(MOST_DOCUMENTS, MOST_DOCUMENT_BYTES)
    for file in sorted(plan.files, key=lambda file: importance(file.path, named)):
        if judged.get(file.path, "no document"):
            continue
        if file.git_blob in first:
            judged[file.path] = f"duplicate of {first[file.git_blob]}"
        elif reason := own_reasons[file.path]:
            judged[file.path] = reason
        elif not budget.takes(len(contents[file.path])):
            judged[file.path] = budget.reason
        else:
            first[file.git_blob] = file.path
            texts[file.path] = decode(contents[file.path])[0]
    judged |= find_copies(texts, named)
    return judged, sorted((path for path, why in judged.items() if not why), key=lambda path: importance(path, named))


def mark(
    plan: Plan,
    reasons: Mapping[str, str],
    navigation: Navigation,
    documents: Sequence[str],
    direct: Mapping[str, Direct],
    read: AbstractSet[str],
) -> Scan:
    """The listing, sorted by path.

    A book of mdBook has the pages that its contents name; what these include is a part of them.
    """
    named = {entry.path for entry in navigation.entries if entry.path}
    is_book = navigation.origin.endswith("SUMMARY.md") and any(basename(path) == "book.toml" for path in plan.sizes)
    parts = {part for path in named & direct.keys() if is_book for part in direct[path][0]} - named
    reasons = {path: PART if path in parts and not why else why for path, why in reasons.items()}
    references = close_references(plan, [path for path in documents if path not in parts], direct, read)
    pages = {path for path, reason in reasons.items() if not reason}
    order = [entry.path for entry in navigation.entries if entry.path in pages]
    candidates = overview_candidates(sorted(pages), [path for path in order if path])
    marked = tuple(
        Marked(
            path=file.path,
            shown_path=shown_path(file.path),
            git_blob=file.git_blob,
            size=file.size,
            kind=_kind(file),
            reason=_reason(file, reasons) or references.left_out.get(file.path, ""),
            is_documentation=file.path in pages,
            is_overview_candidate=file.path in candidates,
            includes=references.includes.get(file.path, ()),
        )
        for file in sorted(plan.files, key=lambda file: shown_path(file.path))
    )
    kept = pages.union(*references.includes.values(), references.pictures)
    small = [file.path for file in plan.files if file.size is not None and file.size <= LARGEST_BYTES]
    return Scan(marked, frozenset(kept), navigation, tuple(list_licence_files(small)))


def _kind(file: TreeFile) -> str:
    """The kind of an entry in the listing: a link and a submodule are not files, whatever their name ends in."""
    if file.kind != "file":
        return file.kind
    return kind_of(file.path) if is_plain(file.path) else "other"


def _reason(file: TreeFile, reasons: Mapping[str, str]) -> str:
    if format_of(file.path) is None and file.kind != "submodule":
        return reasons.get(file.path, "") if file.kind == "file" else ""
    if not is_plain(file.path):
        return "name that is no plain text"
    return _NOT_FETCHED.get(file.kind) or reasons.get(file.path, "")
