"""What the model is asked. Pure; a change here is a new PROMPT_VERSION, so that stored answers are not mixed up."""

import re
from collections.abc import Sequence

from shared.course.findings import GateFinding
from shared.course.model import Module
from shared.engine.anthropic.material import as_data
from shared.engine.port import Audience
from shared.engine.types import DocumentAnalysis, PathwayModule

PROMPT_VERSION = "1"

_MARK = re.compile(r"\[\^[^\]]*\]")

ANALYSIS = (
    "Read the numbered document. Give its type and level; the numbers of one to three sentences that say what it is "
    "about; the terms it defines, each with the number of the sentence that defines it (the term must stand in that "
    "sentence); three to six learning objectives, each beginning with a verb a learner can be tested on (Define, "
    "Explain, Use, Compare, …) and naming the section that teaches it; what a reader must know before; related topics."
)

PATHWAYS = (
    "Below are all sections of a project's documentation, each with a number, in the author's order. Propose pathways: "
    "'complete' with every section once, 'quickstart' with what gets a newcomer going, 'task' by what people want "
    "to do, 'reference' for looking things up. Leave out a kind the sections cannot fill. A pathway is a list of "
    "modules (about ten for a complete one of up to 60 documents, each ten to forty-five minutes), a module a list of "
    "section numbers in teaching order. Nothing may be used before it is taught. Titles and descriptions are for "
    "people: no file names."
)

LESSON = (
    "Write this module as a lesson: a reason to care, one idea after another, an example where it helps, a check of "
    "understanding, a way on. Use only what the numbered sentences say. Every sentence that states something about the "
    "subject names the numbers of the sentences that say it; its code, identifiers, flags, numbers, paths and quotes "
    "must stand in them letter for letter. Signposts may go without evidence and then name none of these. Show code by "
    "its number, with a sentence before that says what to look at. Do not begin a part with a word that points back. "
    "Write at least three questions of different kinds, each about one objective; one clear stem, options of the same "
    "sort and length, no 'all of the above', no 'always' or 'never', keys supported by the named sentences."
)


def audience_text(audience: Audience) -> str:
    """For whom, as a line of a prompt."""
    extra = f" They also asked: {audience.additional_info}" if audience.additional_info else ""
    return f"The learners are at {audience.level} level.{extra}"


def outline(analyses: Sequence[DocumentAnalysis]) -> tuple[str, list[tuple[DocumentAnalysis, int]]]:
    """All sections numbered from 1 in the given order, and what each number stands for: (analysis, index)."""
    lines: list[str] = []
    numbers: list[tuple[DocumentAnalysis, int]] = []
    for analysis in analyses:
        lines.append(f"{analysis.title} ({analysis.doc_type}, {analysis.complexity_level})")
        for index, section in enumerate(analysis.sections):
            numbers.append((analysis, index))
            lines.append(f"  [{len(numbers)}] {'#' * section.level} {section.heading} ({section.words} words)")
    return as_data(lines), numbers


def lesson_task(audience: Audience, module: PathwayModule, objectives: Sequence[str]) -> str:
    """What this module is for."""
    numbered = (f"{position}. {text}" for position, text in enumerate(objectives))
    # Titles and objectives can be words of the documents' headings.
    named = as_data([f"Module: {module.title}", "Objectives, by position:", *numbered])
    return f"{LESSON}\n\n{audience_text(audience)}\n{named}"


def revision(module: Module, findings: Sequence[GateFinding]) -> str:
    """The last version, and what a checking program found in it; both quote the documents."""
    listed = as_data(
        f"- {finding.where}: {finding.detail}" + (f" In: “{finding.sentence}”" if finding.sentence else "")
        for finding in findings[:60]
    )
    text = f"{module.introduction}\n\n{module.main_content}\n\n{module.conclusion}\n\n{module.summary}"
    questions = "\n".join(item.stem for item in module.assessment)
    version = as_data([_MARK.sub("", text), "", "Questions:", questions])
    return (
        f"Your last version, marks of citations aside:\n{version}\n"
        "A program checked your last version and found the following. Write the whole module again without it:\n"
        f"{listed}"
    )
