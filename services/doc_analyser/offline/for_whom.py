"""Whether a document is for users of the project or for its makers: signs of the document itself. Pure.

What only the whole repository tells (where the others lie, which of them are alike) is in for_whom_among.
"""

import re
from collections.abc import Iterator

from shared.docs.model import Document
from shared.engine.reading_order import is_front
from shared.engine.titles import is_front_page
from shared.engine.types import MakersSign
from shared.language.terms import plain

BESIDE_CODE = "beside the source code"
_FOR_AGENTS, _TEMPLATES, _DECISIONS = "instructions for agents", "templates", "decisions of the project"
WORK = "work on the project"
PACKAGE = "about one package of the project"
APART = (BESIDE_CODE, PACKAGE)
ASKS = "sentences speak to maintainers"
BUILDS = "its commands build this repository"
HOLDS = "it says that this repository holds the documentation"
STRONG, WEAK = 2, 1
"""Signs of two together make a document one for makers."""

NAMES = re.compile(
    r"contribut(?:e|ing|ions?|ors?)?(?:[-_ ](?:to|guide|guidelines|docs?|admins?)\b.*)?|hacking"
    r"|maintain(?:ers?|ing)(?:[-_ ]notes)?"
    r"|releas(?:ing|e[-_ ](?:process|procedure|checklist|guide|schedule))|roadmap|sponsors?|(?:the[-_ ])?team"
    r"|develop(?:ment|ing|ers?)?[-_ ](?:guide|setup|environment|workflow|process|install(?:ation)?)"
    r"|repository[-_ ]management|codebase[-_ ](?:guide|overview|tour)"
    r"|code[-_ ]of[-_ ]conduct|governance|(?:\w+[-_ ])?charter|emerit(?:us|i)|expenses?[-_ ]policy|code[-_ ]review"
    r"|(?:coding|code|documentation|writing|docs?|tutorials?)[-_ ](?:style|conventions|standards|guidelines)"
    r"(?:[-_ ]guide)?|style[-_ ]and[-_ ]conventions"
    r"|(?:\w+[-_ ])?(?:documentation|docs|blog)[-_ ](?:content|formatting)[-_ ]guide"
    r"|commit[-_ ]messages?|pull[-_ ]requests?|issue[-_ ]triage|.*\bimplementation\b.*\bplan\b.*"
    r"|building[-_ ](?:the[-_ ])?(?:docs|documentation|book)|mitwirken|contribuir|贡献指南|gu[ií]a de estilo\b.*",
    re.IGNORECASE,
)
_IN_CAPITALS = re.compile(r"(?:BUILD(?:ING)?|BENCHMARK(?:S|ING)|TESTING|DEBUGGING|DEVELOPMENT)\.\w+")
_OF_ANY = re.compile(
    r"(?:contribut(?:e|ing) to|maintain(?:ing)?) (?:an?|any|other|your) (?:[\w-]+ ){0,3}?"
    r"(?:project|repositor|librar)\w*",
    re.IGNORECASE,
)
_AGENTS = re.compile(r"agents?|claude|gemini|skill|copilot[-_ ]instructions", re.IGNORECASE)
_FOLDERS: tuple[tuple[str, int, str], ...] = (
    (r"contribut(?:e|ing|ors?|ion)(?:[-_](?:book|docs|guide))?|maint(?:ainers?)?|dev(?:eloper)?[-_]docs|hacking|governance",
     STRONG, WORK),
    (r"_?intern[aeo]s?(?:[-_]?info\w*)?", STRONG, "internal notes"),
    (r"develop(?:ment)?|dev(?:eloper)?[-_]guide|dev|internal[-_]docs", WEAK, WORK),
    (r"src|pkg|internal|lib|cmd", WEAK, BESIDE_CODE),
    (r"\.?(?:github|gitlab|claude|cursor|codex|agents?|prompts?|skills|ai|llm)", WEAK, _FOR_AGENTS),
    (r"adrs?|architect\w+[-_]decisions?(?:[-_]records?)?|meeting[-_]?notes", STRONG, _DECISIONS),
    (r"rfcs?|proposals?|decisions|design[-_]?(?:docs?|notes)|specs?|plans?", WEAK, "internal plans and specifications"),
    (r"scripts?|tools?|hack|ci|playgrounds?|downstream|packaging|profiling|requirements(?:[-_]\w+)?", WEAK,
     "tools of the project"),
    (r"templates?(?:[-_].+)?|archetypes?|scaffold(?:ing|s)?|boilerplate|skeletons?|starters?", WEAK, _TEMPLATES),
    (r"(?:.*[-_.])?tests?|testing|__tests__|fixtures?|testdata|e2e|mocks?|fakes?", WEAK, "tests"),
)  # fmt: skip
IN_DOCS = re.compile(r"(?:^|/)(?:docs?|documentation|manual|guide|book|(?:web)?site|src/content)/", re.IGNORECASE)
_PACKAGES = re.compile(r"(?:.*/)?(?:crates|packages)/[^/]+/readme\.[^/]+", re.IGNORECASE)
_COMMAND = re.compile(
    r"^\s*(?:[$>] )?(?:(?:npm|pnpm|yarn)(?: (?:ci|i|install|(?:run )?(?:dev|build|start|serve|docs)(?:[:-]\w+)?))?"
    r"|(?:mkdocs|hugo) serve\w*|bundle (?:install|exec jekyll .*)|make (?:html|docs|serve))(?: #.*)?$",
    re.MULTILINE,
)
_BUILDS = re.compile(r"\b[Bb]uild(?:ing)?(?: and \w+ing)? (?:the|this) (?:documentation|docs|website|book)\b")
_HOLDS = re.compile(
    r"this (?:is the )?(?:git |source )?repo(?:sitory)? (?:is|for|of|holds|hosts|houses|contains)"
    r" (?:(?!and\b)\S+ ){0,5}?(?:docs|documentation|website|asciidoc|markdown|restructuredtext)\b"
    r"|this (?:web)?site is (?:built|made|generated) (?:with|using|by)\b"
    r"|(?:the )?official (?:website|documentation)(?: and (?:website|documentation))? (?:for|of)\b",
    re.IGNORECASE,
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
_LEAST_COMMANDS, _LEAST_ADDRESSED, _SHARE, _LARGE_SHARE, _FIRST = 3, 3, 0.12, 0.3, 3


def find_signs(document: Document, title: str) -> tuple[MakersSign, ...]:
    """The signs that a document is for makers, strongest first. One about any project is about its users' own work."""
    own = () if _OF_ANY.fullmatch(title.strip()) else (*_of_name(document, title), *_of_text(document))
    found = [*own, *_of_folders(document)]
    return tuple(sorted(found, key=lambda sign: -sign.weight))


def _of_name(document: Document, title: str) -> Iterator[MakersSign]:
    stem = document.path.rsplit("/", 1)[-1].split(".", 1)[0]
    is_in_capitals = _IN_CAPITALS.fullmatch(document.path) is not None
    for name in (stem, title):
        is_agents = _AGENTS.fullmatch(name.strip()) is not None
        is_own = is_in_capitals or (is_front(document.path) and name == "Building")
        if is_agents or is_own or NAMES.fullmatch(name.strip()):
            about = f"holds {_FOR_AGENTS}" if is_agents else "is about work on the project itself"
            yield MakersSign(weight=STRONG, reason=f"“{name}” {about}", for_agents=is_agents)
            return


def _of_folders(document: Document) -> Iterator[MakersSign]:
    path = document.path
    shows_use = any(block.kind == "code" for block in document.blocks)
    in_docs = {BESIDE_CODE, _TEMPLATES} if IN_DOCS.search(path) else frozenset[str]()
    for depth, folder in enumerate(path.split("/")[:-1]):
        for_users = in_docs | ({BESIDE_CODE} if depth and shows_use else set())
        for pattern, weight, what in _FOLDERS:
            if re.fullmatch(rf"(?:\d+[-_. ]*)?(?:{pattern})", folder, re.IGNORECASE) and what not in for_users:
                yield MakersSign(weight=weight, reason=f"in the folder {folder}: {what}", of_place=what != _DECISIONS)
                return
    if _PACKAGES.fullmatch(path) and not IN_DOCS.search(path):
        yield MakersSign(weight=WEAK, reason=PACKAGE, of_place=True)


def _of_text(document: Document) -> Iterator[MakersSign]:
    sentences = [plain(sentence.text) for sentence in document.sentences]
    commands = sum(len(_COMMAND.findall(block.code)) for block in document.blocks)
    if commands >= _LEAST_COMMANDS or sum(1 for text in sentences if _BUILDS.search(text)) > 1:
        yield MakersSign(weight=WEAK, reason=BUILDS)
    if any(_HOLDS.match(text) for text in sentences[:_FIRST]):
        yield MakersSign(weight=WEAK, reason=HOLDS)
    if is_front(document.path) and any("this directory" in one.lower() for one in sentences[:_FIRST]):
        yield MakersSign(weight=WEAK, reason="it says what lies in its folder of the repository")
    addressed = sum(1 for sentence in sentences if _ADDRESSED.search(sentence))
    share = addressed / max(1, len(sentences))
    if addressed >= _LEAST_ADDRESSED and share >= _SHARE:
        weight = STRONG if share >= _LARGE_SHARE and not is_front_page(document.path) else WEAK
        yield MakersSign(weight=weight, reason=f"{addressed} of its {len(sentences)} {ASKS}")
