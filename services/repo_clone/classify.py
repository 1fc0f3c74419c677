"""Which files are documentation, and why the others that look like it are not. Pure: decided from paths and sizes."""

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from pathlib import PurePosixPath

from services.repo_clone.parallel import find_older_versions
from services.repo_clone.pictures import PICTURE_TYPES
from services.repo_clone.translations import find_translations
from shared.docs.formats import PART, UNREAD, format_of, is_part
from shared.docs.nav.yaml import MKDOCS

TOO_LARGE = "larger than 1 MiB and so not fetched"
_LEAST_PAGES = 10

_CODE = frozenset({
    "py", "pyi", "rs", "go", "js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx", "java", "kt", "kts", "groovy",
    "c", "h", "cc", "cpp", "cxx", "hpp", "cs", "fs", "vb", "rb", "php", "swift", "m", "scala", "sh", "bash", "zsh",
    "fish", "ps1", "bat", "sql", "html", "css", "scss", "less", "vue", "svelte", "astro", "lua", "r", "jl", "ex",
    "exs", "erl", "hs", "ml", "clj", "pl", "dart", "zig", "nim", "proto", "graphql", "tf", "mermaid", "mmd",
    "dockerfile", "makefile", "cmake", "gradle"
})  # fmt: skip
_DATA = frozenset({
    "json", "yaml", "yml", "toml", "csv", "tsv", "xml", "ini", "cfg", "conf", "properties", "env", "lock"
})  # fmt: skip

_UNREAD = {
    ".org": "Org", ".texi": "Texinfo", ".texinfo": "Texinfo", ".dita": "DITA", ".ditamap": "DITA", ".dbk": "DocBook",
    ".docbook": "DocBook", ".pod": "Pod", ".rdoc": "RDoc", ".textile": "Textile", ".mediawiki": "MediaWiki",
    ".tex": "TeX",
}  # fmt: skip
# The folders of a plugin of Vim or Neovim; `doc/*.txt` beside them is a help page, with its own marks.
_OF_VIM = re.compile(r"(?:plugin|autoload|ftplugin)/.+\.(?:vim|lua)")
_VIM_HELP = re.compile(r"doc/[^/]+\.txt")
_MAN_PAGE = re.compile(r"(?!change).*[a-z_](?<!\.so)\.[1-8](?:\.in|\.prebuilt)?", re.IGNORECASE)

DOCS_FOLDERS = frozenset({
    "doc", "docs", "documentation", "guide", "guides", "manual", "manuals", "book", "books", "wiki", "content",
    "contents", "pages", "tutorial", "tutorials", "handbook", "learn", "reference", "articles", "docs-src",
    "user-guide", "userguide"
})  # fmt: skip
_VENDORED = frozenset({
    "node_modules", "bower_components", "vendor", "vendors", "vendored", "_vendor", "third_party", "third-party",
    "thirdparty", "site-packages", ".venv", "venv", "pods", "carthage", "godeps"
})  # fmt: skip
_VENDORED_AT_ROOT = frozenset({"external", "externals", "deps"})
_SORT = "unit|integration|functional|system|acceptance|smoke|regression|e2e|load|perf"
_TESTS = re.compile(
    rf"^(?:(?:{_SORT})[-_.])?tests?$|^tests?[-_.](?:{_SORT})$"
    r"|^(?:testdata|test[-_]data|testsuites?|fixtures|e2e|(?:fake|dummy|mock|sample|example|demo)[-_](?:docs?|data|content)|mocks|revdep|fuzz(?:ers|ing)?|bench(?:es|marks?|suite)?)$"
)
_TESTS_ANYWHERE = re.compile(r"^(?:__\w+__|.*[-_]fixtures|fixtures|testdata)$")
# Templates of a site, in a folder of its documentation.
_THEME, _OF_THEME = re.compile(r"(?:docs?|documentation|website|site)/_?theme/"), (".html", ".css", ".scss", ".sass")
_GENERATED = frozenset({
    "_build", "_site", "_autosummary", "autoapi", "apidocs", "javadoc", "htmlcov", "generated", "_generated"
})  # fmt: skip
_GENERATED_AT_ROOT = frozenset({"dist", "build", "target", "out", "public", "coverage"})
_FORGE_FOLDERS = frozenset({".github", ".gitlab", ".gitea", ".forgejo", ".circleci", ".changeset"})
_ARCHIVES = frozenset({
    "archive", "archived", "archives", "attic", "deprecated", "old", "old_files", "old-files", "old_docs",
    "old-docs"
})  # fmt: skip

_CHANGES_FOLDERS = re.compile(
    r"^(?:changelogs?|change[-_]?logs?|rel(?:ease)?[-_]?notes?|unreleased|news[-_]?fragments?|whats[-_]?new|changes\.d"
    r"|changelog\.d)$"
)
_CHANGES = re.compile(
    r"^(?:changes|change-?logs?|release-?notes?|(?:old-)?release-?(?:log|history)|whats-?new|what-s-new)(?:[-.].+)?$|^v?\d+(?:\.\d+)+(?:-announcement)$"
    r"|^release-v?\d[\d.x-]*$"
)
_CHANGES_NEAR_ROOT = re.compile(r"^(?:(?:version-?)?history|news|releases?|updates|versions)$")
_POST = re.compile(r"(?:^|/)(?:blogs?|_posts|news|posts)/(?:.*/)?\d{4}-\d{1,2}-\d{1,2}[-_/]")
LEAST_BESIDE_POSTS = 10
DATED_POST = "a dated post of a blog"
_LICENCE = re.compile(
    r"^(?:licen[cs]es?|copying|copyright|unlicense|patents|notices?)"
    r"(?:[-.](?:mit|apache|bsd|l?gpl|agpl|eu?pl|g?fdl|mpl|cc|isc|sil|ofl|zlib|boost|artistic|docs?|code|content|v?\d).*|[-.]third-party.*)?$"
    r"|^third-?party-(?:licen[cs]es?|notices?).*$"
)
_ADMINISTRATION = re.compile(
    r"^(?:contributors|code-?of-?conduct|"
    r"governance|maintainers?|code-?owners|authors?|backers|sponsor(?:s|ing|ships?)?|funding|adopters|credits|thanks|"
    r"acknowledge?ments?|pull-?request-?template|issue-?template|bug-?report|feature-?request|security-policy|"
    r"support-policy|roadmap|opencollective|tidelift|"
    r"ai-policy|cran-comments|translating(?:-[a-z]{2}(?:-[a-z]{2})?)?|copilot-instructions|llms(?:-full)?)$"
)
_FOR_AGENTS = frozenset({"claude", "agents", "gemini", "skill"})
"""In capitals or at the root: a page of the documentation may be called so, too."""
# These names teach when they stand deeper: docs/concepts/security.md, tutorial/todo.md.
_ADMINISTRATION_NEAR_ROOT = re.compile(
    r"^(?:security|support|todos?|admin-tasks|feedback|style-?guide|owners|patrons|dco|cla)$"
)
_ADMINISTRATION_FOLDERS = frozenset({"contributors", "governance", "issue_template"})
_CONTENTS_TABLE = re.compile(r"(?:SUMMARY|toc|_(?:sidebar|navbar|coverpage|footer|header))\.md$|nav(?:[-_]\w+)?\.adoc$")
_READ_BY_PEOPLE = re.compile(
    r"^(?:readme|overview|introduction|intro|usage|guide|tutorial|faq|install|installation|quick-?start|"
    r"getting-?started|manual|building|hacking|upgrading)$"
)
_DATA_TEXT = re.compile(
    r"^(?:requirements|constraints|robots|cmakelists|llms|spelling|word-?list|dictionary|output|input|sample|data|"
    r"expected|manifest|sources|version)(?:[-_.].*)?$|.*[-_.](?:output|input|requirements|data|log|wordlist)$"
)
_OVERVIEW = ("readme", "overview", "introduction", "intro", "getting-started", "quickstart", "index", "home")
_NUMBERED = re.compile(r"^(?:ch(?:apter)?|part|s)?[\d._-]+(?=[a-z])")
_OVERVIEW_CANDIDATES = 5
_OVERVIEW_DEPTH = 2

# Reasons that an author overrules by naming the file in the table of contents; and those overruled far from the root
# only, where `methods/page/CodeOwners.md` is one page of a reference.
_SOFT = ("vendored", "tests", "generated", "template", "archived", PART, "not documentation text",
         "settings of a tool")  # fmt: skip
_SOFT_WHEN_DEEP = ("project administration", "licence")
_DEEP = 3
_ALWAYS = re.compile(r"^(?:licen[cs]e|contributors|code[-_ ]?of[-_ ]?conduct|pull[-_]?request)")


def kind_of(path: str) -> str:
    """documentation, picture, code, data or other, by name."""
    if format_of(path) is not None:
        return "documentation"
    name = path.rsplit("/", 1)[-1].lower()
    ending = posixpath.splitext(name)[1]
    if ending in PICTURE_TYPES:
        return "picture"
    word = ending.removeprefix(".") or name
    return "code" if word in _CODE else "data" if word in _DATA else "other"


def leave_out_reasons(
    files: Mapping[str, int | None], limit_bytes: int, named: AbstractSet[str] = frozenset()
) -> dict[str, str]:
    """For every file in a documentation format: why it is left out, or "" when it is documentation. Of files in formats
    without a reader, those that would be documentation.

    `files`: path → size in bytes, None when it was too large to be fetched. `named`: paths the author's table of
    contents names; those are documentation wherever they lie, unless they are changelogs, licences and the like.
    """
    candidates = [path for path in files if format_of(path) is not None]
    site_is_built = any(map(MKDOCS.fullmatch, files))
    themes = tuple({found[0] for path in files if (found := _THEME.match(path)) and path.endswith(_OF_THEME)})
    apart = (path for path in files if path.endswith("/SKILL.md") and path.split("/")[-2].lower() not in DOCS_FOLDERS)
    skills = tuple(path.removesuffix("SKILL.md") for path in apart)
    reasons = {
        path: ("template" if path.startswith(themes) and path not in named else "")
        or ("instructions for agents" if path.startswith(skills) and path not in named else "")
        or _reason(path, named, site_is_built)
        or _size_reason(files[path], limit_bytes)
        for path in candidates
    }
    reasons |= dict.fromkeys(_pages_by_another_name(reasons), "")
    reasons |= find_translations(_still_in(reasons))
    reasons |= dict.fromkeys(_dated_posts(_still_in(reasons), named), DATED_POST)
    reasons |= find_older_versions(_still_in(reasons), named)
    is_for_vim = any(map(_OF_VIM.fullmatch, files))
    unread = {
        path: name
        for path in files
        if (name := _unread_format(path, is_for_vim=is_for_vim)) and not _reason(path, named, site_is_built)
    }
    return reasons | {path: f"{UNREAD}{name}" for path, name in unread.items()}


def _unread_format(path: str, *, is_for_vim: bool) -> str:
    if is_for_vim and _VIM_HELP.fullmatch(path):
        return "the format of Vim's help pages"
    if _MAN_PAGE.fullmatch(path.rpartition("/")[2]):
        return "the format of manual pages"
    stem, ending = posixpath.splitext(path.lower().rpartition("/")[2])
    is_manual = ending in (".yml", ".yaml") and _READ_BY_PEOPLE.match(stem) and DOCS_FOLDERS & {*path.split("/")}
    return "YAML" if is_manual else _UNREAD.get(ending, "")


def _still_in(reasons: Mapping[str, str]) -> list[str]:
    return sorted(path for path, reason in reasons.items() if not reason)


def _pages_by_another_name(reasons: Mapping[str, str]) -> list[str]:
    """What lies in folders called `snippets` where that is most of what there is: it is the documentation itself."""
    found = [path for path, reason in reasons.items() if reason == PART and _is_snippet(path)]
    return found if len(found) > len(_still_in(reasons)) and len(found) >= _LEAST_PAGES else []


def _is_snippet(path: str) -> bool:
    """Whether nothing but a folder called `snippets` makes a file a part of other pages."""
    elsewhere = "/".join(name for name in path.split("/") if name.lower() != "snippets")
    return format_of(path) != "text" and not is_part(elsewhere)


def _dated_posts(documents: Sequence[str], named: AbstractSet[str]) -> list[str]:
    """Posts that tell what was new on a day, where there is documentation besides."""
    posts = [path for path in documents if path not in named and _POST.search(path.lower())]
    return posts if len(documents) - len(posts) >= LEAST_BESIDE_POSTS else []


def _reason(path: str, named: AbstractSet[str], site_is_built: bool) -> str:
    reason = _reason_of_path(path, site_is_built)
    if path not in named:
        return reason
    is_deep_page = path.count("/") >= _DEEP and not _ALWAYS.match(PurePosixPath(path).stem.lower())
    overruled = reason in _SOFT or (reason in _SOFT_WHEN_DEEP and is_deep_page)
    *folders, name = path.split("/")
    hidden = [part for part in (*folders, *([] if name.endswith(".rst") else [name])) if part.startswith("_")]
    hidden = [part for part in hidden if not part.startswith("_index.")]  # and a toctree names its pages one by one
    return "" if overruled and not hidden else reason


def _size_reason(size: int | None, limit_bytes: int) -> str:
    if size is None or size > limit_bytes:
        return TOO_LARGE
    return "empty" if size == 0 else ""


def _reason_of_path(path: str, site_is_built: bool) -> str:
    *parents, name = path.split("/")
    folders = [folder.lower() for folder in parents]
    stem = name.rsplit(".", 1)[0].lower().replace("_", "-").replace(" ", "-")
    return (
        _reason_of_folders(folders, site_is_built)
        or _reason_of_name(folders, name, stem)
        or (PART if is_part(path) else "")
        or _reason_of_text(folders, name, stem)
    )


def _reason_of_folders(folders: Sequence[str], site_is_built: bool) -> str:
    """Foreign, tested, built and housekeeping folders."""
    documents_from = next((at for at, folder in enumerate(folders) if folder in DOCS_FOLDERS), len(folders))
    above_documents = folders[:documents_from]
    if _VENDORED & set(folders) or _VENDORED_AT_ROOT & set(folders[:1]):
        return "vendored"
    if _FORGE_FOLDERS & set(folders) or _ADMINISTRATION_FOLDERS & set(folders):
        return "project administration"
    if any(folder.startswith(".") and folder[1:] not in DOCS_FOLDERS for folder in folders):
        return "settings of a tool"
    is_tested = any(map(_TESTS.match, above_documents)) or any(map(_TESTS_ANYWHERE.match, folders))
    if is_tested or ("src", "it") in pairwise(folders):  # Maven's folder of integration tests
        return "tests"
    if _GENERATED & set(folders) or (_GENERATED_AT_ROOT | ({"site"} if site_is_built else set())) & set(folders[:1]):
        return "generated"
    if any(map(_CHANGES_FOLDERS.match, folders)):
        return "changelog"
    if "".join(above_documents[:1]).endswith(("licenses", "licences")):
        return "licence"
    if any("{{" in folder for folder in folders) or {"templates", "layouts"} & {*above_documents}:
        return "template"
    return "archived" if _ARCHIVES & {folder.strip("_") for folder in folders} else ""


def _reason_of_name(folders: Sequence[str], name: str, stem: str) -> str:
    near_root = not folders or (len(folders) == 1 and folders[0] in DOCS_FOLDERS)
    shouted = name.rsplit(".", 1)[0].isupper()
    if _CHANGES.match(stem) or (near_root and _CHANGES_NEAR_ROOT.match(stem)):
        return "changelog"
    if folders and folders[-1] in {"releases", "changes", "news"} and stem[:1].isdigit():  # one page a version
        return "changelog"
    if _LICENCE.match(stem) or (not folders and stem.startswith(("license-", "licence-"))):
        return "licence"
    near = not folders or shouted
    if _ADMINISTRATION.match(stem) or (near and (_ADMINISTRATION_NEAR_ROOT.match(stem) or stem in _FOR_AGENTS)):
        return "project administration"
    if _CONTENTS_TABLE.match(name):
        return "table of contents"
    if stem in {"template", "404"} or name.startswith("."):
        return "error page" if stem == "404" else "template"
    return ""


def _reason_of_text(folders: Sequence[str], name: str, stem: str) -> str:
    """Plain text is documentation only where people look for some."""
    if "." in name and not name.lower().endswith((".txt", ".text")):
        return ""
    if "templates" in folders:
        return "template"
    in_documents = bool(DOCS_FOLDERS & set(folders))
    if _READ_BY_PEOPLE.match(stem) or "." not in name or (in_documents and not _DATA_TEXT.match(stem)):
        return ""
    return "not documentation text"


def overview_candidates(documents: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    """At most five documents that may serve as overview, the best first.

    READMEs, overviews, introductions and index pages near the root of the repository or of its documentation; and the
    first pages of the author's own order when they are named like one.
    """
    first = {path: at for at, path in reversed(list(enumerate(order[:_OVERVIEW_CANDIDATES])))}
    ranked = []
    for path in documents:
        stem = _NUMBERED.sub("", PurePosixPath(path).stem.lower().replace("_", "-"))
        folders = path.lower().split("/")[:-1]
        at_a_root = not folders or (len(folders) <= _OVERVIEW_DEPTH and folders[-1] in DOCS_FOLDERS)
        if stem in _OVERVIEW and (at_a_root or path in first):
            ranked.append((len(folders), _OVERVIEW.index(stem), first.get(path, len(first)), path))
    return tuple(path for *_, path in sorted(ranked)[:_OVERVIEW_CANDIDATES])
