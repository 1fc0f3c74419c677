"""Sections that say nearly the same as a taught one: what differs in them, as whole blocks."""

from collections.abc import Mapping

from services.modules.cited.brief import ModuleBrief
from services.modules.offline.render import SectionRenderer
from shared.course.anchors import names_facts
from shared.docs.model import Block, Section
from shared.engine.titles import is_front_page, is_generic


def show_siblings(
    brief: ModuleBrief, document_id: str, taught: Section, level: int, renderers: Mapping[str, SectionRenderer]
) -> list[str]:
    """Markdown blocks; none when the section has no siblings, or nothing differs in them."""
    same = {_said(block) for block in taught.blocks}
    names: list[str] = []
    blocks: list[str] = []
    for sibling in brief.module.siblings:
        same_as = sibling.same
        if (sibling.document_id, sibling.section_id) != (document_id, taught.id):
            continue
        document = brief.documents.get(same_as.document_id)
        if is_generic(sibling.name) or (document and is_front_page(document.path)):
            continue  # the other words of an introduction or a front page tell of no other kind of the thing
        sections = document.sections if document else ()
        other = next((section for section in sections if section.id == same_as.section_id), None)
        differs = [block for block in other.blocks if _said(block) not in same] if other else []
        shown = renderers[same_as.document_id].render(differs) if differs else []
        if shown:
            names.append(sibling.name)
            blocks += [*([] if names_facts(sibling.name) else [f"**{sibling.name}**"]), *shown]
    return [f"{'#' * min(max(level, 1) + 1, 6)} The same for {_join(names)}", *blocks] if blocks else []


def _said(block: Block) -> tuple[object, ...]:
    """The content of a block, apart from where it stands and from capitals in prose."""
    return (block.kind, tuple(one.text.lower() for one in block.sentences), block.code, block.rows, block.term)


def _join(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
