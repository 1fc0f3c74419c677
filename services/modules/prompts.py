"""The task of the model for a module. Pure; a change here is a new PROMPT_VERSION."""

import re
from collections.abc import Sequence

from shared.course.findings import GateFinding
from shared.course.model import Module
from shared.engine.model.question import as_data, audience_text
from shared.engine.port import Audience
from shared.engine.types import PathwayModule

PROMPT_VERSION = "1"

_MARK = re.compile(r"\[\^[^\]]*\]")

LESSON = (
    "Write this module as a lesson: a reason to care, one idea after another, an example where it helps, a check of "
    "understanding, a way on. Use only what the numbered sentences say. Every sentence that states something about the "
    "subject names the numbers of the sentences that say it; its code, identifiers, flags, numbers, paths and quotes "
    "must stand in them letter for letter. Signposts may go without evidence and then name none of these. Show code by "
    "its number, with a sentence before that says what to look at. Do not begin a part with a word that points back. "
    "Write at least three questions of different kinds, each about one objective; one clear stem, options of the same "
    "sort and length, no 'all of the above', no 'always' or 'never', keys supported by the named sentences."
)


def lesson_task(audience: Audience, module: PathwayModule, objectives: Sequence[str]) -> str:
    """The task: the module, its learners and its objectives."""
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
