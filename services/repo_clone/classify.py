"""Which files are documentation, and why the others that look like it are not. Pure: decided from paths and sizes."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from shared.docs.formats import format_of

PICTURE_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
                 ".webp": "image/webp", ".svg": "image/svg+xml"}  # fmt: skip

_CODE = {
    "py", "rs", "go", "js", "ts", "jsx", "tsx", "java", "kt", "c", "h", "cc", "cpp", "hpp", "cs", "rb", "php", "swift",
    "scala", "sh", "bash", "zsh", "ps1", "sql", "html", "css", "scss", "vue", "svelte", "lua", "r", "jl", "ex", "exs",
    "erl", "hs", "ml", "fs", "clj", "pl", "dart", "zig", "nim", "proto", "graphql",
}  # fmt: skip
_VENDORED = {"node_modules", "vendor", "third_party", "third-party", "external", "bower_components", ".venv", "venv",
             "site-packages", "deps", "thirdparty"}  # fmt: skip
_TESTS = {"test", "tests", "testing", "__tests__", "spec", "specs", "fixtures", "testdata", "test-data", "testsuite",
          "e2e", "snapshots", "__snapshots__"}  # fmt: skip
_GENERATED = {"_build", "site", "dist", "build", "target", "out", "public", ".next", ".docusaurus", "_site",
              "generated", "coverage"}  # fmt: skip
_TEMPLATES = {".github", ".gitlab", ".gitea", ".circleci", ".vscode", ".idea", ".changeset"}
_DOCS_FOLDERS = {"doc", "docs", "documentation", "guide", "guides", "manual", "book", "wiki", "content", "pages",
                 "tutorial", "tutorials", "handbook", "learn", "reference", "articles"}  # fmt: skip
_CHANGES = re.compile(
    r"^(?:changes?|changelog|change[-_]?log|history|news|release[-_ ]?notes?|releases?|whats[-_]?new|upgrade[-_]?log)"
    r"(?:[-_.].*)?$"
)
_LICENCE = re.compile(
    r"^(?:licen[cs]e|copying|copyright|notice|unlicense|patents|third[-_]?party.*notices?)(?:[-_.].*)?$"
)
_ADMINISTRATION = re.compile(
    r"^(?:contributing|contribute|contributors?|code[-_]?of[-_]?conduct|security|governance|maintainers?|authors?|owners|"
    r"codeowners|support|funding|backers|sponsors?|pull[-_]?request[-_]?template|issue[-_]?template|release[-_]?process|"
    r"releasing|thanks|credits|acknowledg(?:e)?ments|adopters|claude|agents|gemini|patrons|opencollective|feedback|license[-_]faq|copilot-instructions|roadmap|todo)"
    r"(?:[-_.].*)?$"
)
_PROSE_TEXT = re.compile(r"^(?:readme|overview|introduction|intro|usage|guide|tutorial|faq|install|getting[-_]started)")
_OVERVIEW = ("readme", "overview", "introduction", "intro", "getting-started", "getting_started", "index", "home")
_VERSIONED = re.compile(
    r"(?:^|/)(?:versioned_docs|versions?|archive)/(?:version-)?v?\d[^/]*/|(?:^|/)version-\d[^/]*/|(?:^|/)v\d+(?:\.[\dx]+)+/"
)
_LANGUAGES = {
    "ar", "az", "be", "bg", "bn", "ca", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "gl", "he", "hi", "hr",
    "hu", "hy", "id", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "ms", "my", "nb", "nl", "no", "pl", "pt", "ro",
    "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "zh", "tw", "cn", "jp",
    "kr", "zh-hans", "zh-hant", "zh-cn", "zh-tw", "pt-br", "pt-pt", "es-419", "em", "yo", "eo", "ga", "eu",
}  # fmt: skip
_ENGLISH = {"en", "en-us", "en-gb", "en_us"}
_CODE_OF_LANGUAGE = r"(?:[a-z]{2}(?:[-_][A-Za-z]{2,4})?|zh-han[st])"
_SUFFIXED = re.compile(rf"^(?P<stem>.+?)[._-](?P<code>{_CODE_OF_LANGUAGE})\.(?P<ending>[a-z]+)$", re.IGNORECASE)


def kind_of(path: str) -> str:
    """documentation, picture, code, data or other, by name."""
    ending = PurePosixPath(path).suffix.lower()
    if format_of(path) is not None:
        return "documentation"
    if ending in PICTURE_TYPES:
        return "picture"
    if ending.removeprefix(".") in _CODE:
        return "code"
    return "data" if ending in {".json", ".yaml", ".yml", ".toml", ".csv", ".tsv", ".xml", ".ini", ".cfg"} else "other"


def leave_out_reasons(files: Mapping[str, int | None], limit_bytes: int) -> dict[str, str]:
    """For every file in a documentation format: why it is left out, or "" when it is documentation.

    `files`: path → size in bytes, None when it was too large to be fetched.
    """
    candidates = [path for path in files if format_of(path) is not None]
    reasons = {path: _reason_of_path(path) for path in candidates}
    for path in candidates:
        size = files[path]
        if not reasons[path] and (size is None or size > limit_bytes):
            reasons[path] = "larger than 1 MiB and so not fetched"
        elif not reasons[path] and size == 0:
            reasons[path] = "empty"
    documents = [path for path in candidates if not reasons[path]]
    for path, original in _translations(documents).items():
        reasons[path] = f"translation of {original}" if original else "translation"
    documents = [path for path in candidates if not reasons[path]]
    reasons |= _older_versions(documents)
    return reasons


def _reason_of_path(path: str) -> str:
    parts = [part.lower() for part in PurePosixPath(path).parts]
    folders, name = parts[:-1], parts[-1]
    stem = name.rsplit(".", 1)[0]
    in_docs = bool(_DOCS_FOLDERS & set(folders))
    if _VENDORED & set(folders):
        return "vendored"
    if _TEMPLATES & set(folders):
        return "repository template"
    if any(folder.startswith(".") for folder in folders) or name.startswith("."):
        return "settings of a tool"
    if _is_test(folders):
        return "tests"
    if folders and (_GENERATED & set(folders[:1]) or {"_build", "_site", "node_modules"} & set(folders)):
        return "generated"
    if _CHANGES.match(stem) and (not in_docs or _CHANGES.match(name.split(".")[0])):
        return "changelog"
    if _LICENCE.match(stem):
        return "licence"
    if _ADMINISTRATION.match(stem) and not _is_deep_document(folders, stem):
        return "project administration"
    if name.endswith(".txt") and not (_PROSE_TEXT.match(name) or (in_docs and not _is_data_text(name))):
        return "not documentation text"
    if any(part.startswith(("changelog", "release-notes", "release_notes", "releasenotes")) for part in folders):
        return "changelog"
    return ""


def _is_deep_document(folders: list[str], stem: str) -> bool:
    """`docs/guides/security.md` teaches; `SECURITY.md` and `docs/contributing.md` administer."""
    return len(folders) >= 1 and stem in {"security", "support", "owners", "governance", "agents"}


def _is_test(folders: list[str]) -> bool:
    """A tests folder; documentation about testing lies below a documentation folder and stays."""
    for position, folder in enumerate(folders):
        if folder in _TESTS:
            return not (_DOCS_FOLDERS & set(folders[:position])) or folder in {"__tests__", "fixtures", "testdata"}
    return False


def _is_data_text(name: str) -> bool:
    return bool(
        re.match(
            r"^(?:requirements.*|robots|cmakelists|constraints.*|.*output.*|.*\d{3,}.*|spelling.*|wordlist.*)\.txt$",
            name,
        )
    )


def _translations(documents: Iterable[str]) -> dict[str, str]:
    """Translated documents and what each translates ("" when that cannot be told)."""
    known = set(documents)
    found: dict[str, str] = {}
    for path in sorted(known):
        original = _suffix_original(path, known) or _folder_original(path, known)
        if original is not None:
            found[path] = original
    return found


def _suffix_original(path: str, known: set[str]) -> str | None:
    """`README.ja.md`, `guide_zh-CN.md`: a language code before the ending, beside the file without it."""
    folder, _, name = path.rpartition("/")
    match = _SUFFIXED.match(name)
    if match is None or match["code"].lower().replace("_", "-") not in _LANGUAGES:
        return None
    for stem in (match["stem"], f"{match['stem']}.en", f"{match['stem']}_en", f"{match['stem']}-en"):
        original = f"{folder}/{stem}.{match['ending']}".lstrip("/")
        if original in known and original != path:
            return original
    return None


def _folder_original(path: str, known: set[str]) -> str | None:
    """`docs/de/guide.md` beside `docs/en/guide.md` or `docs/guide.md`; `i18n/fr/…` in any case."""
    parts = path.split("/")
    for position, part in enumerate(parts[:-1]):
        code = part.lower().replace("_", "-")
        if code not in _LANGUAGES:
            continue
        rest = parts[position + 1 :]
        for english in (
            [*parts[:position], "en", *rest],
            [*parts[:position], "en-US", *rest],
            [*parts[:position], *rest],
        ):
            if "/".join(english) in known:
                return "/".join(english)
        above = "/".join(parts[:position]) + "/" if position else ""
        siblings = {p.split("/")[position].lower() for p in known if p.startswith(above) and p.count("/") > position}
        told = {"i18n", "translations", "locales"} & set(parts[:position])
        if siblings & _ENGLISH or len(siblings & _LANGUAGES) >= 3 or told:
            return ""
    return None


def _older_versions(documents: list[str]) -> dict[str, str]:
    """Documents of numbered versions, when a current tree or a newer version is there too."""
    versioned = [path for path in documents if _VERSIONED.search(path)]
    if not versioned or len(versioned) == len(documents):
        return {}
    trees = Counter(_VERSIONED.sub("/", path) for path in versioned)
    current = {path for path in documents if path not in set(versioned)}
    names = {path.rsplit("/", 1)[-1] for path in current}
    return {
        path: "older version"
        for path in versioned
        if trees[_VERSIONED.sub("/", path)] > 1 or path.rsplit("/", 1)[-1] in names
    }


def overview_rank(path: str) -> tuple[int, int, str] | None:
    """How well a document serves as overview (smaller is better); None when it does not."""
    stem = PurePosixPath(path).name.lower().split(".")[0]
    if stem not in _OVERVIEW:
        return None
    depth = path.count("/")
    folders = {part.lower() for part in path.split("/")[:-1]}
    if depth > 2 or (depth > 0 and not folders & _DOCS_FOLDERS):
        return None
    return depth, _OVERVIEW.index(stem), path
