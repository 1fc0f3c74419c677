"""Why a section is left out at a level, in a reader's words: the same for pathways and for courses. Pure."""

from shared.engine.types import SectionOutline
from shared.events.base import Level

OF_ITS_PAGE = "a page for experienced readers"
"""The reason of a section whose own headings do not say for whom it is."""

TO_LOOK_UP = "details to look up"
"""The reason of a section of a reference: a beginner may do without it, and nobody else."""

READERS: dict[Level, str] = {
    "beginner": "beginners", "intermediate": "readers with some practice", "advanced": "experienced readers"
}  # fmt: skip
_OTHER_END: dict[Level, Level] = {"beginner": "advanced", "advanced": "beginner"}


def reason_to_leave_out(section: SectionOutline, level: Level) -> str:
    """Why readers of a level may do without a section; empty when it is for them."""
    return f"left out for {READERS[level]}: {section.asks_reason}" if _OTHER_END.get(level) == section.asks else ""
