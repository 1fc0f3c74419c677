"""A repository's listing: every file marked, documents with what they include and show, the author's order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.docs.navigation import build_navigation, navigation_files

from services.repo_clone.classify import PICTURE_TYPES, kind_of, leave_out_reasons, overview_rank
from services.repo_clone.copies import find_copies
from services.repo_clone.repository import FETCHED_BYTES, TreeFile
from shared.docs.encoding import UnreadableText, decode
from shared.docs.formats import format_of
from shared.docs.includes import find_references
from shared.docs.model import Navigation
from shared.errors import NotFound

_LFS = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True)
class Scanned:
    """A file and what was found out about it. Paths that are no text are shown with escapes."""

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

    files: tuple[Scanned, ...]
    kept: frozenset[str]
    navigation: Navigation = field(default_factory=Navigation)


def plan_reading(files: list[TreeFile]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Why files in documentation formats are left out (path → reason, "" = read it), and navigation files to read."""
    readable = [file for file in files if _is_plain(file.path)]
    reasons = leave_out_reasons({file.path: file.size for file in readable}, FETCHED_BYTES)
    paths = [file.path for file in readable if file.size is not None]
    return reasons, navigation_files(paths)


def scan(files: list[TreeFile], reasons: Mapping[str, str], contents: Mapping[str, bytes]) -> Scan:
    """The listing from the tree, the reasons of `plan_reading`, and the bytes of documents and navigation files."""
    reasons = _judge_contents(files, reasons, contents)
    navigation = _navigation(files, contents)
    ordered = {entry.path for entry in navigation.entries if entry.path}
    texts = {path: decode(contents[path])[0] for path, reason in reasons.items() if not reason}
    reasons |= find_copies(texts, ordered & set(texts))
    documents = {path for path, reason in reasons.items() if not reason}
    sizes = {file.path: file.size for file in files}
    includes: dict[str, tuple[str, ...]] = {}
    kept = set(documents)
    for path in sorted(documents):
        found = _references(path, contents[path])
        includes[path] = tuple(sorted({p for p in found[0] if _fits(sizes, p)} - {path}))
        kept |= set(includes[path]) | {p for p in found[1] if _fits(sizes, p) and _is_picture(p)}
    overview = sorted(rank for path in documents if (rank := overview_rank(path)) is not None)
    candidates = {path for _, _, path in overview[:5]}
    scanned = tuple(
        Scanned(
            path=file.path,
            shown_path=_shown(file.path),
            git_blob=file.git_blob,
            size=file.size,
            kind=kind_of(file.path) if _is_plain(file.path) else "other",
            reason=reasons.get(file.path, ""),
            is_documentation=file.path in documents,
            is_overview_candidate=file.path in candidates,
            includes=includes.get(file.path, ()),
        )
        for file in sorted(files, key=lambda file: file.path)
    )
    return Scan(scanned, frozenset(kept), navigation)


def _navigation(files: list[TreeFile], contents: Mapping[str, bytes]) -> Navigation:
    def read(path: str) -> bytes:
        if path not in contents:
            raise NotFound(f"{path} was not read")
        return contents[path]

    return build_navigation(sorted(file.path for file in files if _is_plain(file.path)), read)


def _judge_contents(files: list[TreeFile], reasons: Mapping[str, str], contents: Mapping[str, bytes]) -> dict[str, str]:
    """The reasons again, with those only the bytes can give: no text, LFS pointers, copies of another document."""
    judged = dict(reasons)
    first: dict[str, str] = {}
    for file in sorted(files, key=lambda file: (file.path.count("/"), file.path)):
        if judged.get(file.path, "skip"):
            continue
        raw = contents[file.path]
        try:
            decode(raw)
        except UnreadableText:
            judged[file.path] = "not text"
            continue
        if raw.startswith(_LFS):
            judged[file.path] = "kept in Git LFS and so not fetched"
        elif file.git_blob in first:
            judged[file.path] = f"duplicate of {first[file.git_blob]}"
        else:
            first[file.git_blob] = file.path
    return judged


def _references(path: str, raw: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    doc_format = format_of(path)
    assert doc_format is not None
    text, _ = decode(raw)
    found = find_references(path, text, doc_format)
    return found.includes, found.images


def _fits(sizes: Mapping[str, int | None], path: str) -> bool:
    size = sizes.get(path)
    return size is not None and size <= FETCHED_BYTES


def _is_picture(path: str) -> bool:
    return any(path.lower().endswith(ending) for ending in PICTURE_TYPES)


def _is_plain(path: str) -> bool:
    """A path that is valid text without control characters; others are listed, never read."""
    return path.isprintable() and not any(0xD800 <= ord(c) <= 0xDFFF for c in path)


def _shown(path: str) -> str:
    if _is_plain(path):
        return path
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return text.encode("unicode_escape").decode()


def media_type_of(path: str) -> str:
    """The media type a kept file is stored under."""
    ending = "." + path.rsplit(".", 1)[-1].lower() if "." in path else ""
    return PICTURE_TYPES.get(ending, "text/plain")


def only_documents(scan_result: Scan) -> tuple[Scanned, ...]:
    """The documentation files."""
    return tuple(file for file in scan_result.files if file.is_documentation)
