"""A repository's listing: every file marked, documents with what they include and show, the author's order. Pure."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from services.repo_clone.classify import PICTURE_TYPES, kind_of, leave_out_reasons, overview_candidates
from services.repo_clone.contents import LFS_POINTER, judge_content
from services.repo_clone.copies import find_copies
from services.repo_clone.tree import FETCHED_BYTES, TreeFile, is_plain, shown_path
from shared.docs.encoding import UnreadableText, decode
from shared.docs.formats import format_of
from shared.docs.includes import find_references
from shared.docs.model import Navigation
from shared.docs.navigation import build_navigation, navigation_files

_NOT_FETCHED = {"link": "symbolic link", "submodule": "submodule, not fetched"}


@dataclass(frozen=True)
class Plan:
    """What the tree alone says: the files by path that can be read, and those the author's order is read from."""

    sizes: Mapping[str, int | None]
    navigation_files: tuple[str, ...]


@dataclass(frozen=True)
class Marked:
    """A file and what was found out about it. Paths that are no plain text are shown with escapes."""

    path: str
    shown_path: str
    git_blob: str
    size: int | None
    kind: str
    reason: str = ""
    is_documentation: bool = False
    is_overview_candidate: bool = False
    includes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scan:
    """All files by path, and which of them are kept as blobs."""

    files: tuple[Marked, ...]
    kept: frozenset[str]
    navigation: Navigation = field(default_factory=Navigation)


def plan_reading(files: Iterable[TreeFile]) -> Plan:
    """What must be read first. Sizes in bytes, None for files that were too large to be fetched."""
    sizes = {file.path: file.size for file in files if file.kind == "file" and is_plain(file.path)}
    readable = [path for path, size in sizes.items() if _fits(sizes, path) and size]
    return Plan(sizes, navigation_files(readable))


def read_order(plan: Plan, contents: Mapping[str, bytes]) -> Navigation:
    """The author's order, from the bytes of the plan's navigation files."""
    return build_navigation(sorted(plan.sizes), lambda path: contents[path])


def choose_documents(plan: Plan, navigation: Navigation) -> dict[str, str]:
    """Why files in documentation formats are left out by name, place or size: path → reason, "" = read it."""
    return leave_out_reasons(plan.sizes, FETCHED_BYTES, named_paths(navigation))


def named_paths(navigation: Navigation) -> frozenset[str]:
    """The documents the author's table of contents names."""
    return frozenset(entry.path for entry in navigation.entries if entry.path)


def judge_contents(
    files: Iterable[TreeFile], reasons: Mapping[str, str], contents: Mapping[str, bytes], named: AbstractSet[str]
) -> dict[str, str]:
    """The reasons again, with those only the bytes can give."""
    judged = dict(reasons)
    texts: dict[str, str] = {}
    first: dict[str, str] = {}
    for file in sorted(files, key=lambda file: (file.path not in named, file.path.count("/"), file.path)):
        if judged.get(file.path, "no document"):
            continue
        raw, doc_format = contents[file.path], format_of(file.path)
        assert doc_format is not None
        try:
            text, _ = decode(raw)
        except UnreadableText:
            judged[file.path] = "not text"
            continue
        if raw.startswith(LFS_POINTER):
            judged[file.path] = "kept in Git LFS and so not fetched"
        elif not text.strip():
            judged[file.path] = "empty"
        elif file.git_blob in first:
            judged[file.path] = f"duplicate of {first[file.git_blob]}"
        elif reason := judge_content(file.path, text, doc_format, named=file.path in named):
            judged[file.path] = reason
        else:
            first[file.git_blob] = file.path
            texts[file.path] = text
    return judged | find_copies(texts, named)


def references_of(plan: Plan, path: str, raw: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The existing files a document includes, and the pictures it shows, that are small enough to be kept."""
    doc_format = format_of(path)
    if doc_format is None:
        return (), ()
    try:
        text, _ = decode(raw)
    except UnreadableText:
        return (), ()
    found = find_references(path, text, doc_format)
    includes = tuple(sorted({other for other in found.includes if other != path and _fits(plan.sizes, other)}))
    pictures = tuple(sorted({other for other in found.images if is_picture(other) and _fits(plan.sizes, other)}))
    return includes, pictures


def mark_files(
    files: Iterable[TreeFile],
    reasons: Mapping[str, str],
    navigation: Navigation,
    includes: Mapping[str, tuple[str, ...]],
    pictures: Mapping[str, tuple[str, ...]],
) -> Scan:
    """The listing, sorted by path. `includes` and `pictures` are by document, includes of includes among them."""
    documents = {path for path, reason in reasons.items() if not reason}
    order = [entry.path for entry in navigation.entries if entry.path in documents]
    candidates = overview_candidates(sorted(documents), [path for path in order if path])
    marked = tuple(
        Marked(
            path=file.path,
            shown_path=shown_path(file.path),
            git_blob=file.git_blob,
            size=file.size,
            kind=_kind(file),
            reason=_reason(file, reasons),
            is_documentation=file.path in documents,
            is_overview_candidate=file.path in candidates,
            includes=includes.get(file.path, ()),
        )
        for file in sorted(files, key=lambda file: shown_path(file.path))
    )
    kept = documents.union(*(includes.get(path, ()) for path in documents), *(pictures.get(p, ()) for p in documents))
    return Scan(marked, frozenset(kept), navigation)


def _kind(file: TreeFile) -> str:
    """What the listing calls an entry: a link and a submodule are no files, whatever their name ends in."""
    if file.kind != "file":
        return file.kind
    return kind_of(file.path) if is_plain(file.path) else "other"


def _reason(file: TreeFile, reasons: Mapping[str, str]) -> str:
    if format_of(file.path) is None and file.kind != "submodule":
        return ""
    if not is_plain(file.path):
        return "name that is no plain text"
    return _NOT_FETCHED.get(file.kind) or reasons.get(file.path, "")


def _fits(sizes: Mapping[str, int | None], path: str) -> bool:
    size = sizes.get(path)
    return size is not None and size <= FETCHED_BYTES


def is_picture(path: str) -> bool:
    """Whether a picture of a kind that travels with a course."""
    return any(path.lower().endswith(ending) for ending in PICTURE_TYPES)


def media_type_of(path: str) -> str:
    """The media type a kept file is stored under."""
    ending = "." + path.rsplit(".", 1)[-1].lower() if "." in path else ""
    return PICTURE_TYPES.get(ending, "text/plain")
