"""Whether a document is for users of the project or for its makers: its own signs, and where it lies. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from shared.docs.model import Document
from shared.docs.navigation import Navigation
from shared.engine.reading_order import is_corner, is_front
from shared.engine.titles import is_front_page
from shared.engine.types import DocumentAnalysis, MakersSign
from shared.language.headings import clean_heading
from shared.language.terms import plain

_BESIDE_CODE, _PACKAGE = "beside the source code", "about one package of the project"
_FOR_AGENTS, _TEMPLATES, _DECISIONS = "instructions for agents", "templates", "decisions of the project"
_WORK, _PLANS = "work on the project", "plans and specifications"
_HOLDS = "it says that this repository holds the documentation"
_STRONG, _WEAK = 2, 1
"""Signs of two together make a document one for makers."""

_NAMES = re.compile(
    r"contribut(?:e|ing|ions?|ors?)?(?:[-_ ](?:to|guide|guidelines|docs?|admins?)\b.*)?|hacking"
    r"|maintain(?:ers?|ing)(?:[-_ ]notes)?"
    r"|releas(?:ing|e[-_ ](?:process|procedure|checklist|guide|schedule))|roadmap|sponsors?|(?:the[-_ ])?team"
    r"|develop(?:ment|ing|ers?)?[-_ ](?:guide|setup|environment|workflow|process|install(?:ation)?)"
    r"|repository[-_ ]management|codebase[-_ ](?:guide|overview|tour)"
    r"|code[-_ ]of[-_ ]conduct|governance|(?:\w+[-_ ])?charter|emerit(?:us|i)|expenses?[-_ ]policy|code[-_ ]review"
    r"|(?:cod(?:e|ing)[-_ ]?|(?:documentation|writing|docs?|tutorials?)[-_ ])(?:style|conventions|standards|guidelines)"
    r"(?:[-_ ]guide)?|style[-_ ]and[-_ ]conventions"
    r"|(?:\w+[-_ ])?(?:documentation|docs|blog)[-_ ](?:content|formatting)[-_ ]guide"
    r"|commit[-_ ]messages?|pull[-_ ]requests?|(?:issue|bug)[-_ ]triage|.*\bimplementation\b.*\bplan\b.*"
    r"|(?:building|running)[-_ ](?:the[-_ ])?(?:docs|documentation|book|(?:web)?site)(?:[-_ ]locally)?"
    r"|mitwirken|contribuir|贡献指南|gu[ií]a de estilo\b.*",
    re.IGNORECASE,
)
# Those of a language are told to whoever writes in it, where its contents list them.
_STYLE = re.compile(r"cod(?:e|ing)[-_ ]?(?:style|conventions|standards|guidelines)(?:[-_ ]guide)?", re.IGNORECASE)
_IN_CAPITALS = re.compile(r"(?:BUILD(?:ING)?|BENCHMARK(?:S|ING)|TESTING|DEBUGGING|DEVELOPMENT|(?i:STYLE))\.\w+")
_OF_ANY = re.compile(
    r"(?:contribut(?:e|ing) to|maintain(?:ing)?) (?:an?|any|other|your) (?:[\w-]+ ){0,3}?"
    r"(?:project|repositor|librar)\w*",
    re.IGNORECASE,
)
_FOLDERS: tuple[tuple[str, int, str], ...] = (
    (r"contribut(?:e|ing|ors?|ion)(?:[-_](?:book|docs|guide))?|maint(?:ainers?)?|dev(?:eloper)?[-_]docs|hacking|governance",
     _STRONG, _WORK),
    (r"_?intern[aeo]s?(?:[-_]?info\w*)?", _STRONG, "internal notes"),
    (r"develop(?:ment)?|dev(?:eloper)?[-_]guide|dev|internal[-_]docs", _WEAK, _WORK),
    (r"src|pkg|internal|lib|cmd", _WEAK, _BESIDE_CODE),
    (r"\.?(?:github|gitlab|claude|cursor|codex|agents?(?:[-_]docs)?|prompts?|skills|ai|llm)", _WEAK, _FOR_AGENTS),
    (r"adrs?|architect\w+[-_]decisions?(?:[-_]records?)?|meeting[-_]?notes", _STRONG, _DECISIONS),
    (r"proposals", _STRONG, _PLANS),
    (r"rfcs?|proposal|decisions|design[-_]?(?:docs?|notes)|specs?|plans?", _WEAK, _PLANS),
    (r"scripts?|bin|tools?|hack|ci|playgrounds?|downstream|packaging|profiling|requirements(?:[-_]\w+)?", _WEAK,
     "tools of the project"),
    (r"templates?(?:[-_].+)?|archetypes?|scaffold(?:ing|s)?|boilerplate|skeletons?|starters?", _WEAK, _TEMPLATES),
    (r"(?:.*[-_.])?tests?|testing|__tests__|fixtures?|testdata|e2e|mocks?|fakes?", _WEAK, "tests"),
)  # fmt: skip
_IN_DOCS = re.compile(r"(?:^|/)(?:docs?|documentation|manual|guide|book|(?:web)?site|src/content)/", re.IGNORECASE)
_RECORD = re.compile(r"(?:^|/)decisions/\d{3,}-[^/]+$", re.IGNORECASE)
_INTERNAL_NAMES = re.compile(r"(?:^|/)internals/(?:[^/]+/)*(?:api|reference)s?/", re.IGNORECASE)
_PACKAGES = re.compile(r"(?:.*/)?(?:crates|packages)/[^/]+/readme\.[^/]+", re.IGNORECASE)
_SAYS_IT_HOLDS = re.compile(
    r"this (?:is the )?(?:git |source )?repo(?:sitory)? (?:is|for|of|holds|hosts|houses|contains)"
    r" (?:(?!and\b)\S+ ){0,5}?(?:docs|documentation|website|asciidoc|markdown|restructuredtext)\b"
    r"|this is the source(?: code)? (?:of|for) (?:(?!and\b)[^\s,]+ ){0,5}?"
    r"(?:docs|documentation|(?:web)?site|book|guide)(?=[.,:!]|\s+(?:of|for|at|on)\b|$)"
    r"|this repo(?:sitory)? (?:holds|contains) both (?:\S+ ){0,12}?documentation (?:web)?site\b"
    r"|this (?:web)?site is (?:built|made|generated) (?:with|using|by)\b"
    r"|(?:the )?official (?:website|documentation)(?: and (?:website|documentation))? (?:for|of)\b",
    re.IGNORECASE,
)
_OF_A_SITE = re.compile(
    r"requirements|prerequisites|(?:local )?development|(?:building|running|deploy)(?:ment|ing)?(?: .*)?"
    r"|(?:how to )?contribut(?:e|ing|ions?)(?: .*)?|style guide|copyright|licen[cs]e|credits",
    re.IGNORECASE,
)
_SITE_TOOL = re.compile(
    r"\b(?:hugo|jekyll|mkdocs|docusaurus|vitepress|mdbook|hexo|gatsby|eleventy|sphinx|antora|netlify)\b", re.IGNORECASE
)
_ADDRESSED = re.compile(
    r"\bpull requests?\b|\bPRs?\b|\b(?:the |our )?maintainers?\b|\bcommit messages?\b|\bcode reviews?\b"
    r"|\b(?:fork|clone) (?:the|this|our) repo|\bthis (?:repo|repository|codebase|monorepo)\b|\bgood first issue"
    r"|\bour (?:codebase|CI|repo)\b|\brelease (?:branch|manager|process|candidate)|\bchangelog\b|\bbackport"
    r"|\b(?:cut|tag|publish) (?:a|the) (?:new )?release\b|\bupstream (?:repo|branch)"
    r"|\b(?:run|running) (?:all |the )*(?:unit |integration )?(?:tests?|linters?)(?: suite)?\b"
    r"|\bcontribut(?:e|ing|ions?|ors?)\b|\bsubmit (?:a|your) (?:patch|change|issue)",
    re.IGNORECASE,
)
_LEAST_ADDRESSED, _SHARE, _LARGE_SHARE, _FIRST, _LEAST_HEADINGS = 3, 0.12, 0.3, 3, 2
_AMONG_PAGES = re.compile(r"(?:^|/)[._]|\.(?:md|mdx|rst|adoc)$")
_ENOUGH, _LEAST_LISTED, _ROOT_SHARE, _OFTEN = 2, 5, 0.9, 0.25
_TO_MAKERS = "speak to maintainers"


def find_signs(document: Document, title: str) -> tuple[MakersSign, ...]:
    """The signs that a document is for makers, strongest first. One about any project is about its users' own work."""
    own = () if _OF_ANY.fullmatch(title.strip()) else (*_of_name(document, title), *_of_text(document))
    found = [*own, *_of_folders(document)]
    return tuple(sorted(found, key=lambda sign: -sign.weight))


def _of_name(document: Document, title: str) -> Iterator[MakersSign]:
    stem = document.path.rsplit("/", 1)[-1].split(".", 1)[0]
    is_in_capitals = _IN_CAPITALS.fullmatch(document.path) is not None
    for name in (stem, title):
        is_own = is_in_capitals or (is_front(document.path) and name == "Building")
        if is_own or _NAMES.fullmatch(name.strip()):
            is_shared = _STYLE.fullmatch(name.strip()) is not None
            yield MakersSign(weight=_STRONG, reason=f"“{name}” is about {_WORK} itself", of_place=is_shared)
            return


def _of_folders(document: Document) -> Iterator[MakersSign]:
    path = document.path
    shows_use = any(block.kind == "code" for block in document.blocks)
    in_docs = {_BESIDE_CODE, _TEMPLATES} if _IN_DOCS.search(path) else frozenset[str]()
    if _INTERNAL_NAMES.search(path):
        yield MakersSign(weight=_STRONG, reason="in the folder internals: the names inside of the project")
    if _RECORD.search(path):
        yield MakersSign(weight=_STRONG, reason=f"a record: {_DECISIONS}")
    for depth, folder in enumerate(path.split("/")[:-1]):
        for_users = in_docs | ({_BESIDE_CODE} if depth and shows_use else set())
        for pattern, weight, what in _FOLDERS:
            if re.fullmatch(rf"(?:\d+[-_. ]*)?(?:{pattern})", folder, re.IGNORECASE) and what not in for_users:
                yield MakersSign(weight=weight, reason=f"in the folder {folder}: {what}", of_place=what != _DECISIONS)
                return
    if _PACKAGES.fullmatch(path) and not _IN_DOCS.search(path):
        yield MakersSign(weight=_WEAK, reason=_PACKAGE, of_place=True)


def _of_text(document: Document) -> Iterator[MakersSign]:
    sentences = [plain(sentence.text) for sentence in document.sentences]
    if any(_SAYS_IT_HOLDS.match(text) for text in sentences[:_FIRST]) or _runs_a_site(document, sentences):
        yield MakersSign(weight=_WEAK, reason=_HOLDS)
    if is_front(document.path) and any("this directory" in one.lower() for one in sentences[:_FIRST]):
        yield MakersSign(weight=_WEAK, reason="it says what lies in its folder of the repository")
    addressed = sum(1 for sentence in sentences if _ADDRESSED.search(sentence))
    share = addressed / max(1, len(sentences))
    if addressed >= _LEAST_ADDRESSED and share >= _SHARE:
        weight = _STRONG if share >= _LARGE_SHARE and not is_front_page(document.path) else _WEAK
        yield MakersSign(weight=weight, reason=f"{addressed} of its {len(sentences)} sentences {_TO_MAKERS}")


def _runs_a_site(document: Document, sentences: Sequence[str]) -> bool:
    """Whether the first page of a repository only says how to build its site, with what, and how to help."""
    headings = [clean_heading(one.heading) for one in document.sections[1:]]
    is_first = is_front(document.path) and "/" not in document.path
    runs = len(headings) >= _LEAST_HEADINGS and all(map(_OF_A_SITE.fullmatch, headings))
    return is_first and runs and any(map(_SITE_TOOL.search, sentences))


def judge_all(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> tuple[DocumentAnalysis, ...]:
    """Every analysis with its class and the reason."""
    # A file that begins with `_` lies among the pages that it lists.
    settings = "" if _AMONG_PAGES.search(navigation.origin) else navigation.origin
    listed = {entry.path for entry in navigation.entries if entry.path is not None}
    whole = not is_corner([one.path for one in analyses], navigation)
    # A page that leads into its own folder says nothing of whether the guide does.
    links = ((one.path, path.rstrip("/")) for one in analyses for path in one.links)
    linked = {path for page, path in links if path.partition("/")[0] != page.partition("/")[0]}
    root = _root_of([one.path for one in analyses if one.path in listed]) if whole else None
    folder_of_most = root or _root_of([one.path for one in analyses if "/" in one.path]) or ""
    is_site = any(sign.reason == _HOLDS for one in analyses if is_front_page(one.path) for sign in one.makers_signs)
    theirs = _find_folders(analyses)
    is_written = not is_front(navigation.origin)
    placed = {path.rpartition("/")[0] for path in listed}
    words_apart = sum(one.word_count for one in analyses if _has(one, _BESIDE_CODE, _PACKAGE))
    has_front = any(is_front_page(one.path) and "/" not in one.path for one in analyses)  # else a package's may be it
    are_besides = has_front and 2 * words_apart < sum(one.word_count for one in analyses)
    speaking = sum(one.path in listed and _has(one, _TO_MAKERS) for one in analyses)
    are_meant = speaking > _OFTEN * max(_LEAST_LISTED, len(listed))  # what the project does is for them
    judged = []
    for one in analyses:
        is_placed = is_written and one.path in listed
        is_led = not linked.isdisjoint({one.path, one.path.rpartition("/")[0]})
        in_root = root is not None and one.path.startswith(root)  # which is called `src` where sites are built from it
        void = ((_PACKAGE, is_led), (_BESIDE_CODE, in_root), (_TO_MAKERS, are_meant))
        no_signs = tuple(reason for reason, holds in void if holds)
        own = [sign for sign in one.makers_signs if not sign.reason.endswith(no_signs)]
        # Contents that list a document weaken what its folder says: makers' own pages stand in contents as well.
        signs = [one.model_copy(update={"weight": one.weight - (is_placed and one.of_place)}) for one in own]
        if are_besides and not is_led and any(sign.reason.endswith((_BESIDE_CODE, _PACKAGE)) for sign in own):
            signs.append(MakersSign(weight=_WEAK, reason="no page leads to it"))
        folder = one.path.rpartition("/")[0]
        if any(map(one.path.startswith, theirs)):
            weight = _STRONG if theirs.get(f"{folder}/") else _WEAK
            signs.append(MakersSign(weight=weight, reason="its folder holds what makers are told"))
        if folder and is_front(one.path) and one.path not in listed and settings.startswith(f"{folder}/"):
            signs.append(MakersSign(weight=_STRONG, reason="it lies beside the settings of the site"))
        holds = any(sign.reason == _HOLDS for sign in signs)
        exempt = one.path in listed or (_is_opening(one.path) and not holds)
        exempt |= _has(one, _PACKAGE) and not has_front
        if root is not None and not exempt and not in_root:
            outside = f"outside the documentation in {root[:-1]} and its contents"
            signs.append(MakersSign(weight=_STRONG if is_site and not holds else _WEAK, reason=outside))
        elif holds and not one.path.startswith(folder_of_most):
            signs.append(MakersSign(weight=_WEAK, reason=f"nearly all documents lie in {folder_of_most[:-1]}"))
        elif in_root and is_written and folder not in placed and any(sign.reason.endswith(_PLANS) for sign in own):
            signs.append(MakersSign(weight=_WEAK, reason="the author's contents leave out its folder"))
        judged.append(_judged(one, signs))
    return tuple(judged)


def _find_folders(analyses: Sequence[DocumentAnalysis]) -> dict[str, bool]:
    """The folders for makers by their name, with any page that is for makers by itself; with a slash.

    Whether all pages that lie in one are: its index is for makers by itself, or most pages are.
    """
    found: dict[str, bool] = {}
    says_so: dict[str, list[bool]] = {}
    for one in analyses:
        folder = one.path.rpartition("/")[0]
        name = folder.rpartition("/")[2]
        is_named = name.lower() == "community" or _NAMES.fullmatch(name) is not None or _has(one, _WORK)
        is_theirs = sum(sign.weight for sign in one.makers_signs if not sign.of_place) >= _ENOUGH
        says_so.setdefault(f"{folder}/", []).append(is_theirs)
        if is_named and is_theirs:
            found[f"{folder}/"] = found.get(f"{folder}/", False) or is_front(one.path)
    return {one: is_whole or 2 * sum(says_so[one]) > len(says_so[one]) for one, is_whole in found.items()}


def _has(analysis: DocumentAnalysis, *reasons: str) -> bool:
    """Whether one of its own signs ends with one of these reasons."""
    return any(sign.reason.endswith(reasons) for sign in analysis.makers_signs)


def _judged(analysis: DocumentAnalysis, signs: Sequence[MakersSign]) -> DocumentAnalysis:
    if sum(sign.weight for sign in signs) < _ENOUGH:
        return analysis.model_copy(update={"for_whom": "users", "for_whom_reason": ""})
    strongest = sorted(signs, key=lambda sign: -sign.weight)[:2]
    reason = strongest[0].reason if strongest[0].weight >= _ENOUGH else "; ".join(sign.reason for sign in strongest)
    told = {"for_whom": "makers", "for_whom_reason": f"for the project's makers: {reason}"}
    return analysis.model_copy(update={**told, "makers_signs": tuple(signs)})


def _is_opening(path: str) -> bool:
    """A README at the root, or beside an example, is read by users wherever the documentation lies."""
    return "/" not in path or path.lower().startswith(("example", "sample", "tutorial", "demo"))


def _root_of(listed: Sequence[str]) -> str | None:
    """The deepest folder that holds nine of ten listed documents, with a slash; None when few are listed."""
    if len(listed) < _LEAST_LISTED:
        return None
    root = ""
    while True:
        folders = Counter(path[: path.find("/", len(root)) + 1] for path in listed if path.startswith(root))
        folders.pop("", None)
        inner, count = max(folders.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        if not inner or count < _ROOT_SHARE * len(listed):
            return root or None
        root = inner
