"""The text around a lesson: the author's reason to care, and what the module builds on."""

import re

from services.modules.cited.brief import ModuleBrief
from services.modules.offline.homes import Homes
from services.modules.offline.lesson import Lesson

_STATES = re.compile(r"(?!!\[|```|~~~|\[\^)")  # begins no picture, code or mark
_CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_MOST_LEADING = 3
_LEADING_WORDS = 150
_FEWEST_USES = 3


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
    those whose names its code uses several times: a page that names Docker builds on no page about Docker.
    """
    homes = Homes(brief)
    needed = {i for one in homes.own for i in one.prerequisites}
    code = None if lesson is None else "\n".join(found.group() for found in _CODE.finditer(lesson))
    used = [one for one in brief.graph.concepts if one.id in needed and (code is None or _uses(code, one.name))]
    found = {home.id for one in used if (home := homes.earlier(one))}
    return [module.id for module in brief.modules if module.id in found]


def _uses(code: str, name: str) -> bool:
    return len(re.findall(rf"(?<!\w){re.escape(name.strip('`'))}(?!\w)", code)) >= _FEWEST_USES
