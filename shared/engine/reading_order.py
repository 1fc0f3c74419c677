"""The order in which documents are best read: the author's where there is one, else one read from names. Pure."""

import posixpath
import re
from collections.abc import Collection, Mapping, Sequence

from shared.docs.folders import ancestors
from shared.docs.navigation import Navigation
from shared.engine.types import DocumentAnalysis

_RANKS = {
    "overview": 0, "tutorial": 1, "guide": 2, "example": 3, "configuration": 4, "api": 5, "reference": 5,
    "troubleshooting": 6, "faq": 6,
}  # fmt: skip
_FIRST_NAMES = re.compile(r"^(?:index|readme|_index|overview|introduction|intro|about|what-is\b.*|why\b.*|welcome)$")
_OPENING = re.compile(r"(?i)(?:docs?/|src/)?(?:readme|index|overview)\.\w+")
_FRONT = re.compile(r"^(?:index|_index|readme|home)$")
_EARLY_NAMES = re.compile(
    r"install|^docs?$|^documentation$|^user.?guide|getting.?started|get.?started|quick.?start|setup|first|hello|basics|tutorial"
)
_LATE_NAMES = re.compile(
    r"faq|troubleshoot|glossary|appendix|exercises?\b|solutions?\b|migrat|upgrad|updating|contribut|develop(?:ment|ing)$|roadmap|security|support|thanks"
    r"|governance|credits|design.?(?:notes|decisions)|internals|changes|adr\b"
)
# Pages for those who know the subject already, wherever the author lists them; the first two stay in a group of theirs.
_LAST_NAMES = re.compile(r"^(?:faqs?|glossary)$|^(?:upgrad|migrat)\w*(?:[-_]?guides?)?$|^(?:upgrade|migration)[-_]")
_QUESTIONS = re.compile(r"(?:faqs?|glossary)$")
_NEWS = re.compile(
    r"release.?notes?\b|what.{0,3}s.?new|change.?logs?(?=$| \||[-_. ]*v?\d|[-_ ](?:of|for|and)\b)"
    r"|\b(?:change|release|revision|version).history\b|\backnowledge?ments\b|\bcontributors\b|\blicen[cs]e\b"
)
_PEOPLE = re.compile(
    r"^(?:code.of.conduct|contribut(?:e|ing|ions?|or.guide)(?: (?:to|guide).*)?|contrib|governance|roadmap"
    r"|sponsor(?:s|ing|ship)?|community(?: guide)?|support(?:ing us)?|funding|backers|donat\w+|authors|credits|thanks"
    r"|team|security polic(?:y|ies)|building the (?:book|docs|documentation)|translations?(?: of the book)?|press"
    r"|newsletter|training|contact(?: channels)?|talks(?: and tutorials)?|articles|learning.?resources|maintainers?"
    r"|reporting.bugs?|brand.*|license.*|develop(?:ment|ers?).guide|who.is.using.*)$"
)
# The first page of one package among others: read after what the repository says as a whole.
_OF_A_PACKAGE = re.compile(r"(?:^|/)(?:packages|crates|libs|pkg)/[^/]+/readme\.\w+$", re.IGNORECASE)
_TOP = frozenset({"", "docs", "doc"})
_DEEP, _MOST = 2, 0.5
_CONTENTS_OF_SPHINX = ".rst"
_NEWS_FOLDER = re.compile(r"(?:^|/)(?:\d+[-_. ])?(?:announce\w*|release.?notes|changelogs?|news)(?:/|$)")
# A site's own blog and the like, not a tutorial that builds one.
_BLOG = re.compile(
    r"^(?:.*?/(?=src/|content/))?(?:(?:content|site|website|src|www|web|docs(?=/(?:[a-z]{2}(?:-[a-z]{2,4})?/)?(?:blog|essay|case)))/)*(?:[a-z]{2}(?:-[a-z]{2,4})?/)?(?:blog|(?:blog.?|_)?posts?|essays?|talks?|interviews?|case.?stud(?:y|ies))(?:/|$)"
)
# "1.3 Numbers" and "Chapter 2.1 Lists" are numbered pages of a book.
_VERSION = re.compile(
    r"^(?!(?:(?:chapter|part|section|lesson|unit|step|exercise|appendix) )?\d+\.\d+\.? "
    r"(?!released?\b|beta|alpha|rc)[a-z])"
    r"(?:[\w.-]+ )?(?:[\w.]+-)?(?:version |release |v)?\d+\.\d+(?:\.\w+)?\b(?!.*\b(?:to|from|with|using|guide)\b)",
    re.IGNORECASE,
)
_FOLDERS: tuple[tuple[int, str], ...] = (
    (0, r"introduction|overview|about|start|concepts?"),
    (1, r"getting.?started|quick.?start|tutorials?|learn|basics|installation|install|fundamentals"),
    (2, r"guides?|user.?guide|how.?to.*|usage|docs?|book|src|features?"),
    (3, r"examples?|samples?|recipes?|cookbook|advanced"),
    (4, r"config.*|deploy.*|operat.*|admin.*|integrations?"),
    (5, r"api.*|references?|ref|cli|spec.*"),
    (6, r"faqs?|troubleshooting|contribut.*|internal.*|development|adr.*|legacy|archive"),
)


def reading_order(
    analyses: Sequence[DocumentAnalysis], navigation: Navigation, overview_path: str | None = None
) -> tuple[DocumentAnalysis, ...]:
    """All documents, each once. Those that the author's contents leave out follow the listed ones of their folder."""
    ranks = _folder_ranks(analyses)
    guessed = sorted(analyses, key=lambda analysis: _path_key(analysis, overview_path, ranks))
    guessed_place = {analysis.document_id: index for index, analysis in enumerate(guessed)}
    listed = author_positions(analyses, navigation)
    if not listed:
        return tuple(guessed)
    is_written = not is_front(navigation.origin)
    first_of_folder: dict[str, int] = {}
    last_of_folder: dict[str, int] = {}
    for analysis in analyses:
        if analysis.document_id in listed:
            folder = _folder(analysis.path)
            at = listed[analysis.document_id]
            first_of_folder[folder] = min(first_of_folder.get(folder, at), at)
            opened = analysis.path.rpartition(".")[0]  # the folder of its name
            for around in (opened, *(ancestors(analysis.path)[:-1] or ("",))):
                last_of_folder[around] = max(last_of_folder.get(around, at), at)

    def place(analysis: DocumentAnalysis) -> tuple[int, int]:
        if is_apart(analysis.path, analysis.title):
            # Authors like to put their news and their people first; for a learner these come after the subject.
            return len(navigation.entries) + 1, listed.get(analysis.document_id, 0)
        at = listed.get(analysis.document_id)
        stem, is_grouped = _stem(analysis.path), at is not None and navigation.entries[at].depth > 0 and is_written
        if _LAST_NAMES.search(stem) and _folder(analysis.path) in _TOP and not (is_grouped and _QUESTIONS.match(stem)):
            return len(navigation.entries), listed.get(analysis.document_id, 0)
        if at is not None:
            return at, 0
        if analysis.path == overview_path or _OPENING.fullmatch(analysis.path):
            return -1, 0
        folder = _folder(analysis.path)
        if is_front(analysis.path) and folder in first_of_folder:
            return first_of_folder[folder], -1
        return last_of_folder.get(folder, len(navigation.entries)), 1 + guessed_place[analysis.document_id]

    return tuple(sorted(guessed, key=place))


def author_positions(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> dict[str, int]:
    """Document id → index of its first entry in the author's contents, for those that have one.

    Contents of one corner say nothing of the order: of a folder with more documents beside it than it lists.
    """
    by_path = {analysis.path: analysis.document_id for analysis in analyses}
    if is_corner(by_path, navigation):
        return {}
    positions: dict[str, int] = {}
    for index, entry in enumerate(navigation.entries):
        if entry.path in by_path:
            positions.setdefault(by_path[str(entry.path)], index)
    folders = [posixpath.dirname(path) for path, document_id in by_path.items() if document_id in positions]
    own = posixpath.commonpath(folders) if folders else ""
    around = posixpath.dirname(own)
    beside = sum(one.path.startswith(f"{around}/") and not one.path.startswith(f"{own}/") for one in analyses)
    return positions if not around or beside < max(1, len(positions)) else {}


def is_corner(paths: Collection[str], navigation: Navigation) -> bool:
    """Whether the author's contents are a list of links on a page deep in the tree, with most documents elsewhere."""
    listed = [entry.path for entry in navigation.entries if entry.path in paths]
    is_deep = navigation.origin.count("/") >= _DEEP and is_front(navigation.origin)
    if not is_deep or navigation.origin.endswith(_CONTENTS_OF_SPHINX) or not listed:
        return False
    around = posixpath.commonpath([posixpath.dirname(path) for path in listed if path is not None])
    return sum(path.startswith(f"{around}/") for path in paths) < _MOST * len(paths)


def is_news(path: str, title: str) -> bool:
    """Whether a document tells of releases, people or licences rather than of the subject."""
    folder, _, name = path.lower().rpartition("/")
    text = f"{name.rsplit('.', 1)[0]} | {title.lower()}"
    return bool(_NEWS.search(text) or _NEWS_FOLDER.search(folder) or _BLOG.match(folder) or _VERSION.match(title))


def is_apart(path: str, title: str) -> bool:
    """Whether a document is of the project and its people rather than of the subject: news, community, legal pages."""
    name = path.lower().rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if name == "history" and _folder(path) in _TOP:  # deeper it is the subject's: a chapter of a book
        return True
    # Elsewhere a page of that name says how to be secure.
    is_policy = name == "security" and ("SECURITY." in path or _folder(path) in ("", ".github"))
    return is_policy or is_news(path, title) or bool(_PEOPLE.search(name) or _PEOPLE.search(title.lower()))


def is_front(path: str) -> bool:
    """Whether a document is the index of its folder, by its name."""
    return _FRONT.match(_stem(path)) is not None


def opening_paths(paths: Collection[str]) -> frozenset[str]:
    """The indexes of the repository; those of its documentation where the repository has none of its own."""
    fronts = [path for path in paths if is_front(path) and _folder(path).lower() in _TOP]
    return frozenset([path for path in fronts if "/" not in path] or fronts)


def home_folders(paths: Collection[str]) -> dict[str, str]:
    """Path → the folder it belongs to: the one beside it that has its name, which it opens, or its own."""
    folders = {folder for path in paths for folder in ancestors(path)}
    return {
        path: stem if (stem := posixpath.splitext(path)[0]) in folders else posixpath.dirname(path) for path in paths
    }


def rank_of(analysis: DocumentAnalysis) -> int:
    """How late a document of its sort and name is best read, 0 (first) to 6."""
    name = analysis.path.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    if _LATE_NAMES.search(name) or is_apart(analysis.path, analysis.title):
        return 6
    if _EARLY_NAMES.search(name):
        return 1
    rank = _RANKS[analysis.doc_type]
    return max(rank, _RANKS["example"]) if _OF_A_PACKAGE.search(analysis.path) else rank


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key in which "2" comes before "10"."""
    parts = re.findall(r"\d+|\D+", text.lower())
    return tuple((0, int(part[:18]), "") if part.isdecimal() else (1, 0, part) for part in parts)


def _stem(path: str) -> str:
    return path.lower().rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _folder_ranks(analyses: Sequence[DocumentAnalysis]) -> Mapping[str, int]:
    """Folder → rank by its name, else the middle one of its documents' ranks."""
    members: dict[str, list[int]] = {}
    for analysis in analyses:
        parts = analysis.path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            members.setdefault("/".join(parts[:depth]), []).append(rank_of(analysis))
    ranks: dict[str, int] = {}
    for folder, found in members.items():
        name = re.sub(r"^\d+[-_. ]*", "", folder.rsplit("/", 1)[-1].lower())
        by_name = next((rank for rank, pattern in _FOLDERS if re.fullmatch(pattern, name)), None)
        ranks[folder] = by_name if by_name is not None else sorted(found)[len(found) // 2]
    return ranks


def _path_key(
    analysis: DocumentAnalysis, overview_path: str | None, ranks: Mapping[str, int]
) -> tuple[tuple[int, int, int, tuple[tuple[int, int, str], ...]], ...]:
    if analysis.path == overview_path:
        return ()
    parts = analysis.path.split("/")
    keys = []
    for depth, part in enumerate(parts[:-1], start=1):
        numbered = re.match(r"(?:step[-_ ]?(?=\d+$))?(\d+)(?:[-_. ]|$)", part)
        keys.append((1, int(numbered[1][:9]) if numbered else 10**9, ranks["/".join(parts[:depth])], natural_key(part)))
    name = parts[-1].rsplit(".", 1)[0].lower()
    numbered = re.match(r"(?:ch(?:apter)?|part|lesson)?[-_]?(\d+)(?:[-_. ]|$)", name)
    first = 0 if _FIRST_NAMES.match(name) else 1
    keys.append((first, int(numbered[1][:9]) if numbered else 10**9, rank_of(analysis), natural_key(name)))
    return tuple(keys)
