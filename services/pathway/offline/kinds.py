"""What a section is good for: to do something by it, to look something up, or to get a first thing running. Pure."""

import re
from collections.abc import Sequence

from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey
from shared.engine.reading_order import is_apart, rank_of
from shared.engine.sections import reading_minutes
from shared.engine.types import ConceptGraph, DocumentAnalysis

_LOOK_UP_TYPES = frozenset({"reference", "api", "configuration", "faq", "troubleshooting"})
_DOING_TYPES = frozenset({"guide", "tutorial", "example", "troubleshooting"})
_LOOK_UP = re.compile(
    r"\b(?:options?|settings?|parameters?|arguments?|flags?|api|reference|commands?|environment variables|errors?"
    r"|config(?:uration)?|fields?|properties|attributes|methods|glossary|types|values|faq|troubleshooting)\b",
    re.IGNORECASE,
)
_DOING = re.compile(r"^(?:how (?:to|do i)\b|\w+ing\b|step \d+)", re.IGNORECASE)
_INSTALL = re.compile(r"\b(?:install(?:ation|ing)?|setup|set up|download|prerequisites|requirements)\b", re.IGNORECASE)
_QUICK = re.compile(
    r"quick[-_ ]?(?:start|intro|tour)|get(?:ting)?[-_ ]?started|first[-_ ]?(?:steps|program|example|app)"
    r"|hello[-_, ]?world|\bstart here\b|\bbasic (?:usage|example)|^(?:a )?(?:simple|minimal) (?:usage|example)|^usage$",
    re.IGNORECASE,
)
QUICK_MINUTES = 60.0
_FEWEST_QUICK = 2
_SHARE_OF_ALL = 0.25


def is_how_to(placed: Placed) -> bool:
    """Whether a section says how to reach a goal: a heading that names doing, or code in a document about doing."""
    does = _DOING.match(placed.section.heading.strip()) is not None
    return bool(placed.section.code_lines) and (does or placed.document.doc_type in _DOING_TYPES)


def is_look_up(placed: Placed) -> bool:
    """Whether a section is one to look things up in: a table, or options, settings, interfaces and errors."""
    if placed.document.doc_type in _LOOK_UP_TYPES:
        return True
    return placed.section.has_table and _LOOK_UP.search(placed.section.heading) is not None


def find_quickstart(
    documents: Sequence[DocumentAnalysis], everything: Sequence[Placed], graph: ConceptGraph
) -> frozenset[SectionKey]:
    """Install, the smallest program that runs, one step beyond, and what these build on; at most an hour, and at most
    a quarter of the material when that is long.
    """
    whole = reading_minutes(placed.section for placed in everything)
    budget = min(QUICK_MINUTES, max(10.0, whole * _SHARE_OF_ALL))
    ranked = sorted(
        (placed for placed in everything if not is_apart(placed.document.path, placed.document.title)),
        key=lambda placed: _quick_rank(placed, documents),
    )
    chosen: dict[SectionKey, Placed] = {}
    minutes = 0.0
    for placed in ranked:
        length = reading_minutes([placed.section])
        if minutes + length > budget and len(chosen) >= _FEWEST_QUICK:
            break
        chosen[placed.key] = placed
        minutes += length
    return frozenset(chosen)


def _quick_rank(placed: Placed, documents: Sequence[DocumentAnalysis]) -> tuple[int, int, int]:
    """Smaller is sooner: what authors call the quick way in, then installation, then the first documents."""
    document, section = placed.document, placed.section
    name = f"{document.path.rsplit('/', 1)[-1].rsplit('.', 1)[0]} | {document.title}"
    quick = bool(_QUICK.search(document.title) or _QUICK.search(name) or _QUICK.search(section.heading))
    install = bool(_INSTALL.search(section.heading) or _INSTALL.search(document.title))
    rank = 0 if quick else 1 if install else 2 + rank_of(document)
    return rank, documents.index(document), document.sections.index(section)
