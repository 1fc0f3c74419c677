"""Whether a document is for users of the project or for its makers: its own signs, and its place among all. Pure."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from shared.docs.model import Document
from shared.docs.navigation import Navigation
from shared.engine.reading_order import is_corner, is_front
from shared.engine.titles import is_front_page
from shared.engine.types import DocumentAnalysis, MakersSign
from shared.language.terms import plain

_BESIDE_CODE = "beside the source code"
_FOR_AGENTS, _TEMPLATES, _WORK = "instructions for agents", "templates", "work on the project"
_STRONG, _WEAK = 2, 1
"""Signs of two together make a document one for makers."""

_NAMES = re.compile(
    r"contribut(?:e|ing|ions?|ors?)?(?:[-_ ](?:to|guide|guidelines|docs?|admins?)\b.*)?|hacking|maintain(?:ers?|ing)"
    r"|releas(?:ing|e[-_ ](?:process|procedure|checklist|guide|schedule))|roadmap|sponsors?|(?:the[-_ ])?team"
    r"|develop(?:ment|ing|ers?)?[-_ ](?:guide|setup|environment|workflow|process|install(?:ation)?)"
    r"|repository[-_ ]management|codebase[-_ ](?:guide|overview|tour)"
    r"|code[-_ ]of[-_ ]conduct|governance|code[-_ ]review"
    r"|(?:coding|code|documentation|writing|doc)[-_ ](?:style|conventions|standards|guidelines)(?:[-_ ]guide)?"
    r"|(?:\w+[-_ ])?(?:documentation|docs|blog)[-_ ](?:content|formatting)[-_ ]guide"
    r"|commit[-_ ]messages?|pull[-_ ]requests?|issue[-_ ]triage|.*\bimplementation\b.*\bplan\b.*"
    r"|building[-_ ](?:the[-_ ])?(?:docs|documentation|book)|mitwirken|contribuir|贡献指南|gu[ií]a de estilo\b.*",
    re.IGNORECASE,
)
_AGENTS = re.compile(r"agents?|claude|gemini|skill|copilot[-_ ]instructions", re.IGNORECASE)
_FOLDERS: tuple[tuple[str, int, str], ...] = (
    (r"contribut(?:e|ing|ors?|ion)(?:[-_](?:book|docs|guide))?|maint(?:ainers?)?|dev(?:eloper)?[-_]docs|hacking|governance",
     _STRONG, _WORK),
    (r"_?intern[aeo]s?(?:[-_]?info\w*)?", _STRONG, "internal notes"),
    (r"develop(?:ment)?|dev(?:eloper)?[-_]guide|dev|community|internal[-_]docs", _WEAK, _WORK),
    (r"src|pkg|internal|lib|cmd", _WEAK, _BESIDE_CODE),
    (r"\.?(?:github|gitlab|claude|cursor|codex|agents?|prompts?|skills|ai|llm)", _WEAK, _FOR_AGENTS),
    (r"rfcs?|proposals?|adrs?|decisions|design[-_]?(?:docs?|notes)|specs?|meeting[-_]?notes|plans?", _WEAK,
     "internal plans and specifications"),
    (r"scripts?|hack|ci|downstream|packaging|profiling|requirements(?:[-_]\w+)?", _WEAK, "tools of the project"),
    (r"templates?(?:[-_].+)?|archetypes?|scaffold(?:ing|s)?|boilerplate|skeletons?|starters?", _WEAK, _TEMPLATES),
    (r"(?:.*[-_.])?tests?|testing|__tests__|fixtures?|testdata|e2e|mocks?|fakes?", _WEAK, "tests"),
)  # fmt: skip
_IN_DOCS = re.compile(r"(?:^|/)(?:docs?|documentation|manual|guide|book|site|src/content)/", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"\bpull requests?\b|\bPRs?\b|\b(?:the |our )?maintainers?\b|\bcommit messages?\b|\bcode reviews?\b"
    r"|\b(?:fork|clone) (?:the|this|our) repo|\bthis (?:repo|repository|codebase|monorepo)\b|\bgood first issue"
    r"|\bour (?:codebase|CI|repo)\b|\brelease (?:branch|manager|process|candidate)|\bchangelog\b|\bbackport"
    r"|\b(?:cut|tag|publish) (?:a|the) (?:new )?release\b|\bupstream (?:repo|branch)"
    r"|\b(?:run|running) (?:all |the )*(?:unit |integration )?(?:tests?|linters?)(?: suite)?\b"
    r"|\bcontribut(?:e|ing|ions?|ors?)\b|\bsubmit (?:a|your) (?:patch|change|issue)",
    re.IGNORECASE,
)
_LEAST_ADDRESSED, _SHARE, _LARGE_SHARE, _FIRST = 3, 0.12, 0.3, 3
_ENOUGH, _LEAST_LISTED = 2, 5


def find_signs(document: Document, title: str) -> tuple[MakersSign, ...]:
    """The signs that a document is for makers, strongest first."""
    found = [*_of_name(document, title), *_of_folders(document), *_of_text(document)]
    return tuple(sorted(found, key=lambda sign: -sign.weight))


def _of_name(document: Document, title: str) -> Iterator[MakersSign]:
    stem = document.path.rsplit("/", 1)[-1].split(".", 1)[0]
    for name in (stem, title):
        is_agents = _AGENTS.fullmatch(name.strip()) is not None
        if is_agents or _NAMES.fullmatch(name.strip()) or (is_front(document.path) and name == "Building"):
            about = f"holds {_FOR_AGENTS}" if is_agents else "is about work on the project itself"
            yield MakersSign(weight=_STRONG, reason=f"“{name}” {about}", for_agents=is_agents)
            return


def _of_folders(document: Document) -> Iterator[MakersSign]:
    path = document.path
    shows_use = any(block.kind == "code" for block in document.blocks)
    in_docs = {_BESIDE_CODE, _TEMPLATES} if _IN_DOCS.search(path) else frozenset[str]()
    for depth, folder in enumerate(path.split("/")[:-1]):
        for_users = in_docs | ({_BESIDE_CODE} if depth and shows_use else set())
        for pattern, weight, what in _FOLDERS:
            if re.fullmatch(pattern, folder, re.IGNORECASE) and what not in for_users:
                yield MakersSign(weight=weight, reason=f"in the folder {folder}: {what}")
                return


def _of_text(document: Document) -> Iterator[MakersSign]:
    sentences = [plain(sentence.text) for sentence in document.sentences]
    if is_front(document.path) and any("this directory" in one.lower() for one in sentences[:_FIRST]):
        yield MakersSign(weight=_WEAK, reason="it says what lies in its folder of the repository")
    addressed = sum(1 for sentence in sentences if _ADDRESSED.search(sentence))
    share = addressed / max(1, len(sentences))
    if addressed >= _LEAST_ADDRESSED and share >= _SHARE:
        weight = _STRONG if share >= _LARGE_SHARE and not is_front_page(document.path) else _WEAK
        yield MakersSign(weight=weight, reason=f"{addressed} of its {len(sentences)} sentences speak to maintainers")


def judge_all(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> tuple[DocumentAnalysis, ...]:
    """Every analysis with its class and the reason."""
    listed = {entry.path for entry in navigation.entries if entry.path is not None}
    whole = not is_corner([one.path for one in analyses], navigation)
    root = _root_of([one.path for one in analyses if one.path in listed]) if whole else None
    judged = []
    for one in analyses:
        signs = [*one.makers_signs]
        if root is not None and not (one.path in listed or _is_opening(one.path) or one.path.startswith(root)):
            signs.append(MakersSign(weight=_WEAK, reason=f"outside the documentation in {root[:-1]} and its contents"))
        judged.append(_judged(one, signs))
    return tuple(judged)


def _judged(analysis: DocumentAnalysis, signs: Sequence[MakersSign]) -> DocumentAnalysis:
    if sum(sign.weight for sign in signs) < _ENOUGH:
        return analysis.model_copy(update={"for_whom": "users", "for_whom_reason": ""})
    reason = "; ".join(sign.reason for sign in sorted(signs, key=lambda sign: -sign.weight)[:2])
    told = {"for_whom": "makers", "for_whom_reason": f"for the project's makers: {reason}"}
    return analysis.model_copy(update={**told, "makers_signs": tuple(signs)})


def _is_opening(path: str) -> bool:
    """A README at the root, or beside an example, is read by users wherever the documentation lies."""
    return "/" not in path or path.lower().startswith(("example", "sample", "tutorial", "demo"))


def _root_of(listed: Sequence[str]) -> str | None:
    """The folder that holds all listed documents but those at the top, with a slash; None when few are listed."""
    folders = [posixpath.dirname(path) for path in listed if "/" in path]
    root = posixpath.commonpath(folders) if len(folders) >= _LEAST_LISTED else ""
    return f"{root}/" if root else None
