"""The sort of a document, and how much it and its sections ask of a reader, from names, words and code. Pure."""

import re
from collections.abc import Sequence

from shared.course.scales import DocType
from shared.docs.model import Block, Document
from shared.engine.levels import OF_ITS_PAGE, TO_LOOK_UP
from shared.engine.types import SectionOutline
from shared.events.base import Level
from shared.language.terms import humanise, plain, word_set, words_of

# The first pattern found decides: in the name of the file and the title, then in the folders, the nearest first.
_BY_NAME: tuple[tuple[DocType, str], ...] = (
    ("faq", r"\bfaqs?\b|frequently asked"),
    ("troubleshooting", r"troubleshoot\w*|\bdebugging\b|(?:common|known) (?:errors|issues|problems)"),
    ("tutorial", r"tutorial|quick ?start|get(?:ting)? started|first steps|walk ?through|hello world|your first|lesson"),
    ("tutorial", r"\b(?:an?|guided) (?:\w+ )?tour\b"),
    ("configuration", r"configur\w+|settings|\boptions reference|environment variables|\bconfig\b"),
    ("api", r"(?<!\band )\bapis?\b(?! (?!ref|doc|guide|overview|of|for|in\b|v?\d)\w)|\bsdk\b|\bclass reference"),
    ("reference", r"\breferences?\b(?! count)|command.line (?:options|interface)|specification|glossary|cheat ?sheet"),
    ("example", r"\bexamples?\b|\bsamples?\b|\bdemos?\b|\brecipes?\b|cookbook"),
    ("overview", r"\breadme\b|overview|\bintro(?:duction)?\b|\babout\b|welcome|\bconcepts\b|what is|explanation"),
    ("guide", r"guides?\b|how[ -]?to|best practices"),
)  # fmt: skip
_HARD = word_set(
    "advanced internals internal architecture performance optimization concurrency concurrent asynchronous async "
    "threading memory unsafe protocol cluster clustering replication consensus distributed security authentication "
    "authorization encryption tls scaling customizing extending plugin plugins macro macros generics lifetime "
    "lifetimes metaprogramming migration deep low-level complex specification tuning partitioning idempotent "
    "backpressure serialization deserialization middleware benchmark profiling compiler abi ffi"
)
_EASY = word_set(
    "introduction intro quickstart quick tutorial beginner basics basic first hello start started install installation "
    "welcome overview why what simple setup readme learn"
)
_TO_LOOK_UP = frozenset({"reference", "api", "configuration", "faq", "troubleshooting"})
_FEW_WORDS, _FEWEST_OBJECTS, _MOSTLY = 120, 3, 0.65
"""A page of fewer words of its own, or with this share of its sentences on so many objects, is one of the source."""
# Sections of these headings are for readers with experience, and sections of those for readers without any.
_FOR_EXPERTS: tuple[tuple[str, str], ...] = (
    (r"\binternals\b|\binternal (?:apis?|details?|design|structure|workings?)\b|under the hood", "internals"),
    (r"\bimplementation (?:details?|notes?)\b|how .{1,30} works internally", "internals"),
    (r"\bmigrat(?:e|ing|ion)\b.{,80}\b(?:guide|notes|v?\d[\d.x]*)\b|^migrat(?:e|ing|ion)$", "earlier versions"),
    (r"\bv?\d[\d.x]* migration\b|\bupgrad(?:es?|ing) (?:to|from|notes|guide)\b|^upgrad(?:e|ing)$", "earlier versions"),
    (r"\bbenchmarks?\b|\bprofiling\b|^tuning\b", "speed"),
    (r"\bextending\b|\bplugin (?:api|authors?)\b", "extensions"),
    (r"\bdesign (?:notes?|decisions?|rationale)\b|\brationale\b|\bprior art\b|^history$", "its design"),
    (r"\badvanced\b|\bcaveats?\b|\bedge cases?\b|\bgotchas?\b|\blow[- ]level\b|\bthread[- ]safety\b", "fine points"),
)  # fmt: skip
_FOR_BEGINNERS = re.compile(
    r"^(?:what(?: is|['’]s) .+|why (?!not\b).+|hello,? world.*|get(?:ting)? started"
    r"|first steps|quick ?start|(?:your )?first .+|before you (?:begin|start)|prerequisites|who is this for.*)\??$",
    re.IGNORECASE,
)
_INSTALLS = re.compile(r"(?:how to |quick )?install(?:ing|ation)?\b", re.IGNORECASE)


def classify(document: Document, title: str) -> DocType:
    """The sort of a document."""
    stem = document.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    name = f"{re.sub(r'[-_]+', ' ', stem)} | {title}".lower()
    if stem.lower() in {"index", "readme", "_index"}:
        is_named = "/" in document.path and title.lower() not in {"index", "readme"}
        name = title.lower() if is_named else f"{title.lower()} readme"
    folders = [humanise(folder).lower() for folder in document.path.split("/")[:-1]]
    for text in (name, *reversed(folders)):
        for kind, pattern in _BY_NAME:
            if re.search(pattern, text):
                return kind
    return _by_content(document)


def shows_docstrings(document: Document) -> bool:
    """Whether text of it stands in the docstrings of source that it shows, as in a page of one `automodule`."""
    return any(block.origin and ('"""' in block.code or _is_docstring(block)) for block in document.blocks)


def _own_words(document: Document) -> int:
    """The words of prose that stand in the document and not in source."""
    blocks = (block for block in document.blocks if not _is_docstring(block))
    return sum(len(sentence.text.split()) for block in blocks for sentence in block.sentences)


def _is_docstring(block: Block) -> bool:
    return block.kind != "code" and block.origin is not None and block.origin.path.endswith(".py")


def _by_content(document: Document) -> DocType:
    around = [(one.within[0], len(one.sentences)) for one in document.blocks if one.within]
    told = [(name.line, said) for name, said in around if name.title.startswith("`") and "(" in name.title]
    is_api = len(dict(told)) >= _FEWEST_OBJECTS and sum(said for _, said in told) > _MOSTLY * len([*document.sentences])
    if is_api or (shows_docstrings(document) and _own_words(document) < _FEW_WORDS):
        return "api"
    code = sum(section.code_blocks for section in document.sections)
    rows = sum(len(block.rows) for block in document.blocks)
    if rows >= 15 and rows > 3 * code:
        return "reference"
    return "example" if code >= 4 and document.words < 25 * code else "guide"


def judge_level(document: Document, title: str, doc_type: DocType) -> Level:
    """Beginner, intermediate or advanced, by title, sort, length of sentences and share of hard words and code."""
    headings = words_of(f"{title} {document.path.rsplit('.', 1)[0].replace('-', ' ').replace('_', ' ')}")
    hard, easy = (min(2, sum(word in known for word in headings)) for known in (_HARD, _EASY))
    score = 1.2 * (hard - easy)
    score += {"tutorial": -0.8, "overview": -0.7, "example": -0.2, "reference": 0.6, "api": 0.7}.get(doc_type, 0.0)
    sentences = [plain(sentence.text) for sentence in document.sentences]
    words = [word for text in sentences for word in words_of(text)]
    if words:
        score += 6.0 * sum(word in _HARD for word in words) / len(words) ** 0.9
        score += min(1.0, max(-0.5, (len(words) / max(1, len(sentences)) - 16) / 10))
        score += min(0.8, max(-0.4, (sum(len(word) > 9 for word in words) / len(words) - 0.1) * 8))
    code = sum(section.code_blocks for section in document.sections)
    score += min(0.6, code / max(1.0, document.words / 100) / 5)
    return "beginner" if score < -0.35 else "advanced" if score > 1.5 else "intermediate"


def mark_sections(
    sections: Sequence[SectionOutline], document_level: Level, title: str, doc_type: DocType
) -> tuple[SectionOutline, ...]:
    """The sections, each with the readers it is for and why; a section is what the headings above it are, too."""
    found: dict[str, tuple[Level, str]] = {}
    installs: set[str] = set()
    marked = []
    for section in sections:
        heading = plain(title if section.level == 1 else section.heading).strip()
        level, reason = _judge_heading(heading)
        if _INSTALLS.match(heading) or section.parent in installs:
            installs.add(section.id)
            level, reason = "intermediate", ""  # nobody does without it
        elif level == "intermediate" and section.parent in found:
            level, reason = found[section.parent]
        is_to_look_up = doc_type in _TO_LOOK_UP
        if level == "intermediate" and section.id not in installs and (is_to_look_up or document_level == "advanced"):
            level, reason = "advanced", TO_LOOK_UP if is_to_look_up else OF_ITS_PAGE
        found[section.id] = level, reason
        marked.append(section.model_copy(update={"asks": level, "asks_reason": reason}))
    return tuple(marked)


def _judge_heading(text: str) -> tuple[Level, str]:
    if _FOR_BEGINNERS.match(text):
        return "beginner", "first steps"
    about = next((subject for pattern, subject in _FOR_EXPERTS if re.search(pattern, text, re.IGNORECASE)), None)
    return ("advanced", about) if about else ("intermediate", "")
