"""The use of a section: to do something by it, or to look something up. Pure."""

import re

from services.pathway.offline.outline import Placed
from shared.engine.reading_order import is_apart
from shared.engine.titles import is_front_page
from shared.events.base import Level

_LOOK_UP_TYPES = frozenset({"reference", "api", "configuration", "troubleshooting"})
_DOING_TYPES = frozenset({"guide", "tutorial", "example", "troubleshooting"})
_LOOK_UP = re.compile(
    r"\b(?:options?|settings?|parameters?|arguments?|flags?|api|reference|commands?|environment variables?|errors?"
    r"|config(?:uration)?|fields?|propert(?:y|ies)|attributes?|methods?|glossary|types|values|exceptions?"
    r"|syntax|key ?bindings|shortcuts|operators)\b",
    re.IGNORECASE,
)
_NAME_OF_CODE = re.compile(r"`[^`]+`|--?\w[\w-]*|\w+[._:]+\w[\w.:]*\(?.*|\w+\(.*\)|[a-z][a-z\d]*[A-Z]\w*")
# A document of such a name holds things to look up in all its sections.
_LISTS = re.compile(
    r"(?:the |all |list of |(?:built-?in )?\w+ )?(?:commands|options|settings|environment variables|parameters"
    r"|error codes|cheat ?sheet|glossary)|(?:the |all |list of |built-?in )?(?:properties|attributes)"
    r"|the [\w.-]*\.\w+ file",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"(?:\w+ )?reference|(?:public )?api", re.IGNORECASE)
_DOING = re.compile(r"(?i)^(?:how (?:to|do i|can i)\b|(?!(?:head|spac|noth|someth|everyth)ing\b)\w{3,}ing\b|step \d+)")
_NO_GOAL = -3.0
LEVELS: tuple[Level, ...] = ("beginner", "intermediate", "advanced")


def score_how_to(placed: Placed, level: Level) -> float:
    """How much a section says of reaching a goal: by its page's title or its heading, or by code in a page about doing.

    Code alone says nothing, but for a first page that tells everything; the headings of a reference name what there is,
    even where they end like doing.
    """
    if is_aside(placed):
        return _NO_GOAL
    kind, has_code = placed.document.doc_type, placed.section.code_lines > 0
    is_titled = tells_how(placed.document.title) and not _LISTS.fullmatch(placed.document.title)
    is_headed = tells_how(placed.section.heading) and kind not in _LOOK_UP_TYPES
    is_doing = kind in _DOING_TYPES or (kind == "overview" and is_front_page(placed.document.path))
    if not (is_titled or is_headed or (has_code and is_doing)):
        return _fit(placed, level) - 1.5
    return _fit(placed, level) + 0.5 + is_titled + 0.5 * is_headed + 0.5 * has_code


def is_look_up(placed: Placed) -> bool:
    """Whether a section holds options, settings, interfaces or errors: by its own heading, its page or its table.

    A section of a reference that says how to do a thing is one to learn from.
    """
    heading = placed.section.heading.strip()
    if _NAME_OF_CODE.fullmatch(heading) or _LISTS.fullmatch(placed.document.title):
        return True
    is_below = any(_REFERENCE.fullmatch(one.heading.strip()) for one in placed.above())
    if placed.document.doc_type in _LOOK_UP_TYPES or is_below:
        return not tells_how(heading)
    return placed.section.has_table and _LOOK_UP.search(heading) is not None


def is_entry(placed: Placed) -> bool:
    """Whether a section stands in a page to look things up in, or has the name of code."""
    return placed.document.doc_type in _LOOK_UP_TYPES or _NAME_OF_CODE.fullmatch(placed.section.heading) is not None


def tells_how(heading: str) -> bool:
    """Whether a heading names something to do."""
    return _DOING.match(heading.strip()) is not None


def _fit(placed: Placed, level: Level) -> float:
    """How well a section fits a level: a beginner is spared hard ones; a reader with experience comes for advanced
    ones, looks things up too, and is spared first steps.
    """
    gap = LEVELS.index(placed.document.complexity_level) - LEVELS.index(level)
    if level == "advanced":
        return 1.0 * (placed.section.asks == "advanced") - 0.75 * (gap < -1)
    too_hard = 0.75 * gap if level == "beginner" else 0.0
    return -too_hard - is_look_up(placed)


def is_aside(placed: Placed) -> bool:
    """Whether a section is of the project and its people, or of earlier versions."""
    return placed.section.asks_reason == "earlier versions" or is_apart(placed.document.path, placed.document.title)
