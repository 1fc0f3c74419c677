"""Links between modules, which are written side by side, keep the titles that name something in their module. Pure."""

import re
from collections.abc import Sequence

from services.modules.cited.definitions import gloss_of
from shared.course.field_text import FIELDS
from shared.course.model import ConceptEntry, Module
from shared.course.plain_text import show_plain
from shared.course.section_links import find_spots, title_of
from shared.engine.types import ConceptGraph, PathwayModule

_TITLED = re.compile(r"(?<=\]\()#([\w-]+) \"([^\"]*)\"(?=\))")


def drop_titles(
    modules: Sequence[Module], concepts: Sequence[ConceptEntry], graph: ConceptGraph, planned: Sequence[PathwayModule]
) -> list[Module]:
    """The modules; a link to a section that its module shows no more leads to the module alone, one with the gloss of a
    concept that the course does not list to the heading it is at home under.
    """
    spots = find_spots(modules, concepts)
    headings = {(ref.document_id, ref.section_id): ref.heading for one in planned for ref in one.sections}
    homes = {title_of(gloss_of(one)): headings.get((one.document_id, one.section_id), "") for one in graph.concepts}

    def keep(link: re.Match[str]) -> str:
        titles = (link[2], title_of(show_plain(homes.get(link[2], ""))))
        return next((f'#{link[1]} "{one}"' for one in titles if one in spots.get(link[1], ())), f"#{link[1]}")

    texts = ({name: _TITLED.sub(keep, getattr(module, name)) for name in FIELDS} for module in modules)
    return [module.model_copy(update=text) for module, text in zip(modules, texts, strict=True)]
