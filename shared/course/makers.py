"""Which documents are for the people who make the project rather than for those who use it.

The report judges for itself, by names and by what the text asks its readers to do, whatever the engine said.
"""

import re
from collections.abc import Mapping

from shared.docs.links import AT_HOST
from shared.docs.model import Document
from shared.language.stubs import MOST_WORDS, find_stubs
from shared.language.terms import words_of

ENOUGH = 2
_PHRASES_THAT_TELL = 4
_PHRASES_THAT_HINT = 3
_SHARE_PER_THOUSAND = 5.0
_COMMON = 0.3

# Names that say it alone, and names that say it together with another sign.
_NAMES = re.compile(
    r"(?:^|/)(?:\.github|\.gitlab|\.cursor|\.claude|\.agents?|contribut(?:e|ing|ors?|ion|ions)(?:[-_ ]\w+)*"
    r"|how[-_]?to[-_]?contribute|code[-_]of[-_]conduct|maintain(?:ers?|ing)|governance|emerit(?:us|i)|(?:\w+[-_])?charter|expenses?[-_]policy|packaging(?=/)|releas(?:ing|e[-_]process"
    r"|e[-_]checklist|e[-_]management)|(?-i:AGENTS|CLAUDE|GEMINI)|copilot[-_]instructions|hacking|pull[-_]request[-_]template"
    r"|issue[-_]templates?|rfcs?|proposals(?=/)|adrs?|decisions(?=/\d{3,}-)|dev[-_]?(?:setup|docs?|notes)|design[-_]docs?|writing[-_]docs?"
    r"|internals/(?:[^/]+/)*(?:api|reference)s?|docs?/dev(?:el|elopment)?|docs?[-_]style(?:[-_]guide)?|doc(?:umentation)?[-_]guidelines?|testdata|__tests__|__fixtures__)(?=/|\.\w+$)",
    re.IGNORECASE,
)
_HINTS = re.compile(
    r"(?:^|/)(?:style[-_]?guide|coding[-_]?(?:style|standards?|guidelines?)|internals?|prompts(?=/)|templates(?=/)"
    r"|stubs(?=/)|fixtures(?=/)|tests?(?=/)|develop(?:ment|ing|ers?)|dev(?:eloper)?[-_]?guide|roadmap|proposals?|design|architecture|building"
    r"|security|backport\w*|triag\w*|skills?(?=/)|specs?(?=/))(?=/|\.\w+$)",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"^(?:how to )?contribut(?:e|ing|ors?|ions?)\b|^code of conduct\b"
    r"|^(?:the )?release (?:process|checklist|procedure)\b|^maintain(?:er|ing)|^(?:writing|editing) (?:the |our )?doc"
    r"|^(?:how to )?(?:make|cut|publish)(?:ing)? (?:a )?(?:new )?release|^pull requests?$"
    r"|^style and conventions$|^(?:setting up|set up) (?:a |your )?development environment"
    r"|^(?:documentation|docs) (?:style|contribution|guidelines)|^develop(?:er|ment) guide$"
    r"|\b(?:documentation|docs|blog) (?:content|formatting) guide$",
    re.IGNORECASE,
)  # fmt: skip
# Users' own work.
_OF_ANY = re.compile(
    r"(?:contribut(?:e|ing) to|maintain(?:ing)?) (?:an?|any|other|your) (?:[\w-]+ ){0,3}?"
    r"(?:project|repositor|librar)\w*",
    re.IGNORECASE,
)
# Apart from the documentation: beside the source code, for a tool that copies it, or about one package of several.
_APART = re.compile(
    r"(?:(?:src|pkg|internal|lib|cmd|extras|community|templates?|(?:\w+-){0,3}tests?|requirements(?:[-_]\w+)?)/(?!content/|.*\b(?:docs?|documentation)/)"
    r"|(?:.*/)?(?:crates|packages)/(?!docs/)[^/]+/(?:template[^/]*/)?readme\.).*",
    re.IGNORECASE,
)
_DOCS = re.compile(r"^(?:docs?|documentation)/", re.IGNORECASE)
_IN_CAPITALS = re.compile(r"(?:BUILD(?:ING)?|BENCHMARK(?:S|ING)|TESTING|DEBUGGING|DEVELOPMENT)\.\w+")
# The first page of a project tells its users how to help as well.
_FRONT = re.compile(r"(?:^|/)(?:readme|index|_index)\.\w+$", re.IGNORECASE)
_PHRASES = re.compile(
    r"(?P<pull>\bpull requests?\b|\bPRs?\b)|(?P<fork>\bfork (?:the|this|our) \w*|\byour fork\b)"
    r"|(?P<clone>\bclone (?:the|this|our) repo\w*)"
    r"|(?P<tests>\b(?:run|running) (?:the |all |our )*(?:unit )?tests?\b|\btest suite\b)"
    r"|(?P<hooks>\bpre-commit\b)|(?P<commit>\bcommit messages?\b|\bconventional commits?\b)"
    r"|(?P<maintainers>\bmaintainers?\b)|(?P<review>\bcode reviews?\b|\breviewers?\b)"
    r"|(?P<release>\brelease (?:process|checklist|manager|branch)\b|\bbump the version\b|\btag the release\b)"
    r"|(?P<contribute>\bcontribut(?:e|ing|ors?|ions?)\b)|(?P<first>\bgood first issues?\b)|(?P<cla>\bCLA\b|\bDCO\b)"
    r"|(?P<setup>\bdevelopment (?:environment|setup|dependencies)\b|\binstall -e\b|\beditable (?:install|mode)\b)"
    r"|(?P<lint>\blint(?:er|ing)?\b|\btox\b|\bnox\b)|(?P<issue>\bissue tracker\b|\bopen an issue\b|\bfile an issue\b)"
    r"|(?P<changes>\bchangelog entr(?:y|ies)\b|\bnews fragments?\b|\brelease notes? for\b)"
    r"|(?P<ours>\b(?:our|the) (?:codebase|code base|style guide|ci)\b)",
    re.IGNORECASE,
)  # fmt: skip


def find_makers(titles: Mapping[str, str], documents: Mapping[str, Document]) -> dict[str, str]:
    """The documents for makers among those with these titles by path, each with the sign that says so.

    What a text asks is no sign in a project whose users are asked the same, such as one about pull requests.
    """
    read = {path: _score_text(documents[path]) for path in titles if path in documents}
    asking = sum(1 for score, _ in read.values() if score)
    common = asking > max(2.0, _COMMON * len(read))
    apart = _find_apart(titles, documents)
    short = {path: set(words_of(_text_of(one))) for path, one in documents.items() if one.words <= MOST_WORDS}
    found = {path: f"one of {count} nearly equal stubs" for path, count in find_stubs(short).items()}
    for path, title in titles.items():
        if _OF_ANY.fullmatch(title.strip()):
            continue
        score, sign = _score_name(path, title)
        if score < ENOUGH and path in apart:
            score, sign = ENOUGH, "it lies apart from the documentation, and no page leads to it"
        asked, phrases = (0, "") if _FRONT.search(path) else read.get(path, (0, ""))
        if score + (0 if common else asked) >= ENOUGH:
            found[path] = sign if score >= ENOUGH else f"{sign} {phrases}".strip()
    return found


def _find_apart(titles: Mapping[str, str], documents: Mapping[str, Document]) -> frozenset[str]:
    """Documents apart, to which no other leads, where the documentation has a folder or most of the words."""
    apart = {path for path in titles if _APART.fullmatch(path)}
    others = [documents[path] for path in titles if path in documents and path not in apart]
    words = sum(documents[path].words for path in apart if path in documents)
    if sum(one.words for one in others) <= words and not any(_DOCS.match(path) for path in titles):
        return frozenset()
    links = (link for one in others for link in one.links)
    led = {path.rstrip("/") for link in links for path in (link.path, *AT_HOST.findall(link.target)) if path}
    return frozenset(path for path in apart if led.isdisjoint({path, path.rpartition("/")[0]}))


def _text_of(document: Document) -> str:
    return "\n".join(sentence.text for sentence in document.sentences)


def _score_name(path: str, title: str) -> tuple[int, str]:
    if found := _NAMES.search(path) or _IN_CAPITALS.fullmatch(path):
        return ENOUGH, f"its path names {found.group().strip('/')}"
    if found := _TITLES.search(title.strip()):
        return ENOUGH, f"its title says {found.group().strip()}"
    if found := _HINTS.search(path):
        return 1, f"its path names {found.group().strip('/')}"
    return 0, ""


def _score_text(document: Document) -> tuple[int, str]:
    """2 when the text asks for several kinds of work on the project, and often; 1 when it may."""
    uses = [found.lastgroup or "" for found in _PHRASES.finditer(_text_of(document))]
    kinds = sorted(set(uses))
    if len(uses) * 1000 < _SHARE_PER_THOUSAND * max(1, document.words):
        return 0, ""
    score = 2 if len(kinds) >= _PHRASES_THAT_TELL else 1 if len(kinds) >= _PHRASES_THAT_HINT else 0
    return score, f"its text speaks of {', '.join(kinds)}" if score else ""
