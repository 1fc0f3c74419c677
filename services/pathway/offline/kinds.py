"""The use of a section: to do something by it, or to look something up. Pure."""

import re
from collections.abc import Iterable

from services.pathway.offline.outline import Placed
from shared.engine.reading_order import is_apart
from shared.engine.titles import is_front_page
from shared.engine.types import DocumentAnalysis
from shared.events.base import Level

_LOOK_UP_TYPES = frozenset({"reference", "api", "configuration", "troubleshooting"})
_DOING_TYPES = frozenset({"guide", "tutorial", "example", "troubleshooting"})
_NAME_OF_CODE = re.compile(
    r"(?:\w+ [-–:] )?`[^`]+`|--?\w[\w-]*(?:[ ,=]+(?:--?\w[\w-]*|<[^<>]*>))*,?|\w+[._:]+\w[\w.:]*\(?.*|\w+\(.*\)"
    r"|[a-z][a-z\d]*[A-Z]\w*|\$\w+|(?:x|hx|v|ng|data|aria)-[a-z][\w.:*-]*|[A-Z]\w*(?:-[A-Z]\w*)+ (?:\w+ )?[Hh]eaders?"
)
_REFERENCE = re.compile(r"(?:\w+ )?reference|(?:public )?api", re.IGNORECASE)
_DOING = re.compile(r"(?i)^(?:how (?:to|do i|can i)\b|(?!(?:head|spac|noth|someth|everyth)ing\b)\w{3,}ing\b|step \d+)")
# Groups that authors make of documents to do something by, and to look something up in.
_FOR_DOING = re.compile(
    r"(?:.* )?(?:guides?|how[- ]?to(?:['’]?s)?|recipes?|cookbook|tutorials?|topics|tasks|examples|patterns)"
    r"(?: for .*)?",
    re.IGNORECASE,
)
_FOR_LOOKING_UP = re.compile(
    r"(?:.* )?(?:references?|apis?|config(?:uration)?|options|commands|settings|environment variables|parameters"
    r"|glossary|cheat ?sheet|specifications?|errors?(?: codes)?|cli)(?: (?:guides?|references?|manuals?))?"
    r"|(?:the |all |list of |built-?in )?(?:properties|attributes)|the [\w.-]*\.\w+ file",
    re.IGNORECASE,
)
_FIRST, _FEWEST = 100, 5  # sections that say what a page holds
_TUTORIAL = re.compile(r"(?i)\btutorials?\b")
_RECIPES = re.compile(r"(?i)(?:.* )?(?:recipes|cookbook|how[- ]?to(?:['’]?s)?(?: guides)?|tutorials?)")
LEVELS: tuple[Level, ...] = ("beginner", "intermediate", "advanced")


def score_how_to(placed: Placed, level: Level) -> float:
    """How much a section says of reaching a goal: by its page's title or its heading, or by code in a page about doing.

    Code alone says nothing, but for a first page that tells everything; the headings of a reference name what there is,
    even where they end like doing.
    """
    if is_aside(placed):
        return -3.0
    kind, has_code = placed.document.doc_type, placed.section.code_lines > 0
    is_titled = tells_how(placed.document.title)
    is_headed = tells_how(placed.section.heading) and kind not in _LOOK_UP_TYPES
    is_doing = kind in _DOING_TYPES or (kind == "overview" and is_front_page(placed.document.path))
    if not (is_titled or is_headed or (has_code and is_doing)):
        return _fit(placed, level) - 1.5
    return _fit(placed, level) + 0.5 + is_titled + 0.5 * is_headed + 0.5 * has_code


def read_use(groups: Iterable[str], document: DocumentAnalysis | None = None) -> tuple[str, str]:
    """The pathway, or "none", that the first of these groups is for which is for one, and its name; or empty texts.

    The groups of a tutorial are for doing, whatever their own names are. So is a page called recipes; a reference is
    not, even in a group that is.
    """
    title = document.title if document else ""
    names = [*([title] if _RECIPES.fullmatch(title) else []), *groups]
    for name in [*(name for name in names if _TUTORIAL.search(name)), *names]:
        if is_apart("", name):
            return "none", name
        if _lists(name):
            return "reference", name
        if _FOR_DOING.fullmatch(name):
            is_reference = document is not None and document.doc_type == "reference" and not tells_how(title)
            return ("reference", "") if is_reference else ("task", name)
    return "", ""


def _lists(name: str) -> bool:
    """Whether what has this name holds things to look up: "Settings", and not "Documenting an API"."""
    return _FOR_LOOKING_UP.fullmatch(name) is not None and not tells_how(name)


def is_look_up(placed: Placed) -> bool:
    """Whether a section holds options, settings, interfaces or errors: by its own heading, its page or its table.

    A section of a reference, or of a page of options, that says how to do a thing is one to learn from.
    """
    heading = placed.section.heading.strip()
    if _NAME_OF_CODE.fullmatch(heading) or _lists(placed.document.title):
        return True
    is_below = any(_REFERENCE.fullmatch(one.heading.strip()) for one in placed.above())
    if placed.document.doc_type in _LOOK_UP_TYPES or is_below or _holds_options(placed.document):
        return not tells_how(heading)
    return placed.section.has_table and _FOR_LOOKING_UP.fullmatch(heading) is not None


def _holds_options(document: DocumentAnalysis) -> bool:
    """Whether most of the first sections of a page have the names of options."""
    headings = [one.heading for one in document.sections[:_FIRST]]
    return len(headings) >= _FEWEST and 2 * sum(one.startswith(("-", "`-")) for one in headings) > len(headings)


def is_entry(placed: Placed) -> bool:
    """Whether a section stands in a page to look things up in, or has the name of code."""
    return placed.document.doc_type in _LOOK_UP_TYPES or _NAME_OF_CODE.fullmatch(placed.section.heading) is not None


def tells_how(heading: str) -> bool:
    """Whether a heading names something to do."""
    return _DOING.match(heading.strip()) is not None


def _fit(placed: Placed, level: Level) -> float:
    """How well a section fits a level: a beginner is spared hard ones; a reader with experience comes for advanced
    ones, and is spared first steps.
    """
    gap = LEVELS.index(placed.document.complexity_level) - LEVELS.index(level)
    if level == "advanced":
        return 1.0 * (placed.section.asks == "advanced") - 0.75 * (gap < -1)
    return -0.75 * gap * (level == "beginner")


def is_aside(placed: Placed) -> bool:
    """Whether a section is of the project and its people, or of earlier versions."""
    return placed.section.asks_reason == "earlier versions" or is_apart(placed.document.path, placed.document.title)
