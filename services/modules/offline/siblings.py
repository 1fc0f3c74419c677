"""Sections that say nearly the same as a taught one: what differs in them, as whole blocks."""

from collections.abc import Mapping

from services.modules.cited.brief import ModuleBrief
from services.modules.offline.render import SectionRenderer
from shared.docs.model import Block, Section
from shared.docs.plain import plain_text
from shared.engine.titles import is_front_page, is_generic


def show_siblings(
    brief: ModuleBrief, document_id: str, taught: Section, level: int, renderers: Mapping[str, SectionRenderer]
) -> list[str]:
    """Markdown blocks; none when the section has no siblings, or nothing differs in them.

    A sibling has the same heading, or begins its page as the section does: any other tells of something else.
    """
    same = {_said(block) for block in taught.blocks}
    begins = taught is brief.documents[document_id].sections[0]
    told: list[tuple[str, str, list[str]]] = []
    for sibling in brief.module.siblings:
        same_as = sibling.same
        document = brief.documents.get(same_as.document_id)
        if document is None or (sibling.document_id, sibling.section_id) != (document_id, taught.id):
            continue
        if is_generic(sibling.name) or is_front_page(document.path):
            continue  # the other words of an introduction or a front page tell of no other kind of the thing
        other = next((section for section in document.sections if section.id == same_as.section_id), None)
        if other and (other.heading == taught.heading or (begins and other is document.sections[0])):
            changed = {_around(block) for block in other.blocks if _said(block) not in same}
            differs = [block for block in other.blocks if _around(block) in changed]
            shown = renderers[same_as.document_id].render(differs)
            told += [(sibling.name, same_as.document_id, shown)] if shown else []
    out = [f"{'#' * min(max(level, 1) + 1, 6)} The same for {_join([name for name, _, _ in told])}"] if told else []
    for name, other_id, shown in told:
        document = brief.documents[other_id]
        if len(told) > 1:
            out.append(renderers[other_id].label(name, document.title_line * (name in document.title)))
        out += shown
    return out


def _around(block: Block) -> tuple[str, int]:
    """The list or box that a block stands in, which is shown whole, else the block by itself."""
    if not block.within:
        return "", block.start_line
    outer = block.within[0]
    return outer.kind, outer.list_id or outer.line


def _said(block: Block) -> tuple[object, ...]:
    """The content of a block as a reader sees it, apart from where it stands or leads, and from capitals in prose."""
    said = tuple(plain_text(one.text).lower() for one in block.sentences)
    return (block.kind, said, block.code, tuple(tuple(map(plain_text, row)) for row in block.rows), block.term)


def _join(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
