"""Sections that a course leaves out of the documents it teaches, each with the reason. Pure."""

from collections.abc import Sequence

from shared.course.audience import Audience
from shared.course.model import Module, NotTaught
from shared.engine.levels import reason_to_leave_out
from shared.engine.minutes import is_too_long
from shared.engine.types import DocumentAnalysis, PathwayModule, SectionOutline
from shared.engine.wishes import read_wishes, reason_not_wished
from shared.events.base import Level

_LEAST_WORDS = 4
SectionKey = tuple[str, str]


def list_not_taught(
    modules: Sequence[Module],
    planned: Sequence[PathwayModule],
    analyses: Sequence[DocumentAnalysis],
    audience: Audience,
) -> list[Module]:
    """The modules, each with the sections of its documents that no module teaches, after those that checks took out.

    A section is named once: by the module that teaches the section before it, else by the first of its document.
    """
    by_id = {one.document_id: one for one in analyses}
    wishes = read_wishes(audience.additional_info)
    taught: dict[SectionKey, str] = {}
    same = {
        (one.same.document_id, one.same.section_id): (one.document_id, module.id)
        for module in reversed(planned)
        for one in module.siblings
    }
    owners: dict[str, str] = {}
    for module in planned:
        for ref in module.sections:
            taught.setdefault((ref.document_id, ref.section_id), module.id)
            owners.setdefault(ref.document_id, module.id)
    taken_out = {(one.document_id, one.heading) for module in modules for one in module.not_taught}
    left: dict[str, list[NotTaught]] = {}
    for module in planned:
        keys = ((ref.document_id, ref.section_id) for ref in module.sections)
        for document_id, holder in dict.fromkeys((key[0], taught[key]) for key in keys):
            if holder != module.id and document_id in by_id:  # a piece of that module, for a pathway of its own
                rest = f"The rest of “{by_id[document_id].title}”"
                entry = NotTaught(document_id=document_id, heading=rest, reason="in another module", told_in=holder)
                left.setdefault(module.id, []).append(entry)
    for document_id, first in owners.items():
        owner = first
        for section in by_id[document_id].sections if document_id in by_id else ():
            key = (document_id, section.id)
            owner = taught.get(key, owner)
            if key in taught or (document_id, section.heading) in taken_out:
                continue
            if section.words < _LEAST_WORDS and not section.code_blocks:
                continue
            same_id, told_in = same.get(key, ("", ""))
            other = by_id.get(same_id)
            reason = _reason(section, other, audience.complexity_level)
            reason = reason or reason_not_wished(by_id[document_id], section.id, wishes)
            reason = reason or "not for learning the project: its makers, its licence or its people"
            entry = NotTaught(document_id=document_id, heading=section.heading, reason=reason, told_in=told_in)
            left.setdefault(owner, []).append(entry)
    return [
        module.model_copy(update={"not_taught": [*module.not_taught, *left.get(module.id, [])]}) for module in modules
    ]


def _reason(section: SectionOutline, other: DocumentAnalysis | None, level: Level) -> str:
    if other is not None:
        return f"told in “{other.title}”"
    if is_too_long(section.words, section.code_lines):
        return "hours of text without a heading"
    return reason_to_leave_out(section, level)
