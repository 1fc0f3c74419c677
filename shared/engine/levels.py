"""Why a section is left out at a level, in a reader's words: the same for pathways and for courses. Pure."""

from shared.engine.types import SectionOutline
from shared.events.base import Level

OF_ITS_PAGE = "a page for experienced readers"
"""The reason of a section whose own headings do not say for whom it is."""

READERS: dict[Level, str] = {"beginner": "beginners", "intermediate": "everybody", "advanced": "experienced readers"}
_OTHER_END: dict[Level, Level] = {"beginner": "advanced", "advanced": "beginner"}


def reason_to_leave_out(section: SectionOutline, level: Level) -> str:
    """Why readers of a level may do without a section; empty when it is for them."""
    if _OTHER_END.get(level) != section.asks:
        return ""
    return f"left out for {READERS[level]}: {section.asks_reason}"
