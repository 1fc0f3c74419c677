"""Writes a module without a model: the author's sections, whole and cited, with a frame that names things."""

from services.modules.offline.lesson import teach
from services.modules.offline.revise import drop_findings
from shared.course.findings import GateReport
from shared.course.model import Module
from shared.engine.citing import Citations
from shared.engine.port import ModuleBrief


def write_module(brief: ModuleBrief) -> Module:
    """The first version of a module. Pure: equal briefs give equal modules, to the byte."""
    citations = Citations(brief.module.id, brief.source_id, brief.raw)
    lesson = teach(brief, citations)
    return Module(
        id=brief.module.id,
        order=brief.position + 1,
        title=brief.module.title,
        description=brief.module.description,
        estimated_minutes=brief.module.estimated_minutes,
        status="complete",
        problems=[],
        objectives=[],
        prerequisites=[],
        document_ids=list(brief.module.document_ids),
        introduction="",
        main_content="\n\n".join(lesson.blocks),
        conclusion="",
        summary="",
        assessment=[],
        citations=citations.listed(),
    )


def revise_module(brief: ModuleBrief, module: Module, report: GateReport) -> Module:
    """The module without what the gates found; objectives that a person wrote stay."""
    given = frozenset(aim.text for aim in brief.module.learning_objectives if aim.given)
    return drop_findings(module, report, given)
