"""Where the concepts of the course are at home, and their first mentions in a lesson that comes before."""

import re
from collections.abc import Sequence

from services.modules.brief import ModuleBrief
from services.modules.offline.inline import mask
from shared.course.plain_text import show_plain
from shared.engine.types import GraphConcept, PathwayModule

_FENCE = re.compile(r"(`{3,}|~{3,})")
_MOST_GLOSSES = 12


class Homes:
    """Where the concepts of the course are at home, as one module sees them."""

    def __init__(self, brief: ModuleBrief) -> None:
        self._brief = brief
        self._modules = {module.id: (place, module) for place, module in enumerate(brief.modules)}
        self._place = self._modules.get(brief.module.id, (0, brief.module))[0]
        self.own = [one for one in brief.graph.concepts if self._home_id(one) == brief.module.id]

    def earlier(self, concept: GraphConcept) -> PathwayModule | None:
        """The concept's home when it comes before this module."""
        place, module = self._modules.get(self._home_id(concept), (self._place, None))
        return module if place < self._place else None

    def later(self, concept: GraphConcept) -> PathwayModule | None:
        """The concept's home when it comes after this module."""
        place, module = self._modules.get(self._home_id(concept), (self._place, None))
        return module if place > self._place else None

    def link(self, concept: GraphConcept, shown: str = "") -> str:
        """The concept's name, or what is `shown` for it, as a link to its home with its gloss as title."""
        title = re.sub(r"[\"\\()\[\]<>`*_|]", "", show_plain(concept.definition.text))
        return f'[{shown or concept.name}](#{self._home_id(concept)} "{title}")'

    def _home_id(self, concept: GraphConcept) -> str:
        return self._brief.homes.get((concept.document_id, concept.section_id), "")


def link_first_mentions(blocks: Sequence[str], brief: ModuleBrief) -> list[str]:
    """The lesson with a gloss at the first mention of each concept whose home comes later."""
    homes = Homes(brief)
    coming = [one for one in brief.graph.concepts if homes.later(one) and one.definition.text]
    shown = list(blocks)
    lowered = [block.lower() for block in blocks]
    glossed = 0
    for concept in sorted(coming, key=lambda one: (-len(one.name), one.name)):
        name = concept.name.lower()
        for i, block in enumerate(shown):
            if name in lowered[i] and glossed < _MOST_GLOSSES and (linked := _link_in(block, concept, homes)):
                shown[i] = linked
                glossed += 1
                break
    return shown


def _link_in(block: str, concept: GraphConcept, homes: Homes) -> str:
    """The block with its first mention of the concept as a link; "" when it has none in its prose."""
    if block.startswith("#") or _FENCE.search(block):
        return ""
    bare = concept.name.strip("`")
    pattern = re.compile(rf"(?<![\w`\[/.-])(?:`{re.escape(bare)}`|{re.escape(bare)})(?![\w`\]/(-])", re.IGNORECASE)
    masked = mask(block, keep=bare)
    for found in pattern.finditer(block):
        if masked[found.start() : found.end()] == found.group():
            return f"{block[: found.start()]}{homes.link(concept, found.group())}{block[found.end() :]}"
    return ""
