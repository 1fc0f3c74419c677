"""Links between modules, which are written side by side, keep the titles that name something in their module. Pure."""

import re
from collections.abc import Sequence

from shared.course.field_text import FIELDS
from shared.course.model import ConceptEntry, Module
from shared.course.section_links import find_spots

_TITLED = re.compile(r"(?<=\]\()#([\w-]+) \"([^\"]*)\"(?=\))")


def drop_titles(modules: Sequence[Module], concepts: Sequence[ConceptEntry]) -> list[Module]:
    """The modules; a link to a section that its module shows no more leads to the module alone."""
    spots = find_spots(modules, concepts)

    def keep(link: re.Match[str]) -> str:
        return link[0] if link[2] in spots.get(link[1], ()) else f"#{link[1]}"

    texts = ({name: _TITLED.sub(keep, getattr(module, name)) for name in FIELDS} for module in modules)
    return [module.model_copy(update=text) for module, text in zip(modules, texts, strict=True)]
