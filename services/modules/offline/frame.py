"""The text around a lesson: the author's reason to care, and what the module builds on."""

import re

from services.modules.cited.brief import ModuleBrief
from services.modules.offline.homes import Homes
from services.modules.offline.lesson import Lesson
from shared.engine.types import GraphConcept
from shared.language.terms import term_key

_STATES = re.compile(r"(?!!\[|```|~~~|\[\^)")  # begins no picture, code or mark
_MOST_LEADING, _LEADING_WORDS, _FEWEST_USES = 3, 150, 3


def split_opening(lesson: Lesson) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The author's first paragraphs, which say what this is about and why, and the rest of the lesson."""
    count, words = 0, 0
    most = next((i for i in reversed(range(len(lesson.blocks))) if _STATES.match(lesson.blocks[i])), 0)
    for block in lesson.blocks[: min(lesson.leading, _MOST_LEADING, most)]:
        words += len(block.split())
        if (count and words > _LEADING_WORDS) or re.sub(r"\[\^[^\]]*\]", "", block).endswith((":", "：")):
            break
        count += 1
    while count and not _STATES.match(lesson.blocks[count - 1]):
        count -= 1
    return lesson.blocks[:count], lesson.blocks[count:]


def list_prerequisites(brief: ModuleBrief, lesson: str | None = None) -> list[str]:
    """Earlier modules that are homes of concepts which this one builds on. Of a `lesson` in the author's words only
    those about the concept, which it names several times: a page that names Docker once builds on no page about it.
    """
    found = {
        home.id
        for one, home in Homes(brief).known()
        if lesson is None or (term_key(home.title.rpartition(": ")[2]) == term_key(one.name) and _names(lesson, one))
    }
    return [module.id for module in brief.modules if module.id in found]


def _names(lesson: str, concept: GraphConcept) -> bool:
    """Whether a lesson says a name often enough."""
    words = r"[\s-]+".join(map(re.escape, concept.name.strip("`").split()))
    return len(re.findall(rf"(?<!\w){words}(?:e?s)?(?!\w)", lesson, re.IGNORECASE)) >= _FEWEST_USES
