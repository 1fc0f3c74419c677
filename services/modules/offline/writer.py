"""Writes a module without a model: the author's sections, whole and cited, with a frame that names things."""

from services.modules.cited.brief import Briefs, ModuleBrief
from services.modules.cited.citing import Citations
from services.modules.offline.aims import list_given, set_aims
from services.modules.offline.frame import list_prerequisites, split_opening
from services.modules.offline.items.find import find_items
from services.modules.offline.items.taught_text import TaughtText
from services.modules.offline.lesson import teach
from services.modules.offline.revise import drop_findings
from shared.course.findings import GateReport
from shared.course.model import Module
from shared.engine.code_lines import teaching_minutes
from shared.engine.minutes import wanted_items


def write(briefs: Briefs, module_id: str) -> Module:
    """One module of a run: the work of a worker process."""
    return write_module(briefs.brief(module_id), briefs.said)


def revise(briefs: Briefs, module: Module, report: GateReport) -> Module:
    """The module again; see `revise_module`."""
    return revise_module(briefs.brief(module.id), module, report)


def write_module(brief: ModuleBrief, said: TaughtText) -> Module:
    """The first version of a module; `said` is all that the course teaches.

    Pure: equal briefs give equal modules, to the byte.
    """
    citations = Citations(brief.module.id, brief.source_id, brief.raw)
    lesson = teach(brief, citations)
    opening, rest = split_opening(lesson)
    minutes = teaching_minutes(one.section for one in lesson.taught)
    questions = find_items(lesson.taught, said, wanted_items(minutes))
    objectives, tested = set_aims(brief, questions)
    return Module(
        id=brief.module.id,
        order=brief.position + 1,
        title=brief.module.title,
        description=brief.module.description,
        estimated_minutes=max(1, round(minutes + len(questions))),
        status="complete",
        problems=[],
        objectives=objectives,
        prerequisites=list_prerequisites(brief, "\n\n".join(lesson.blocks)),
        document_ids=list(brief.module.document_ids),
        introduction="\n\n".join(opening),
        main_content="\n\n".join(rest),
        conclusion="",
        summary="",
        assessment=[
            one.as_item(brief.module.id, [aim], citations.cite) for one, aim in zip(questions, tested, strict=True)
        ],
        citations=citations.listed(),
    )


def revise_module(brief: ModuleBrief, module: Module, report: GateReport) -> Module:
    """The module without what the gates found; objectives that a person wrote stay."""
    given = frozenset(aim.text for aim in list_given(brief))
    return drop_findings(module, report, given)
