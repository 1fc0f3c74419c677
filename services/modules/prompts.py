"""The task of the model for a module. Pure; a change here is a new PROMPT_VERSION."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.course.audience import Audience
from shared.course.findings import GateFinding
from shared.course.model import Module
from shared.engine.model.question import as_data, audience_text
from shared.engine.types import PathwayModule

PROMPT_VERSION = "3"

_MARK = re.compile(r"\[\^[^\]]*\]")
_FINDINGS = 60

LESSON = """\
Write this module as a good teacher would, for people who have not read the documentation.

The lesson
- Begin with the reason to care: a problem that a learner has, and what the module lets them do about it.
- One idea after another. A part brings one new idea: what it is, why it is there, how it looks, what follows from it. \
Say what a thing is before you use it. Recall an idea that is known from earlier modules in the introduction, and \
nowhere else.
- Begin with the smallest program that does something. Take it over whole, by its number [bN]. Before it, say what to \
look at. Right after it, explain it line by line: a list with an item for each line or group of lines, with the \
block as evidence. Then show what changes when one thing is changed.
- Take a table or a picture over by its number where a learner looks things up or sees more than words say. A long \
table of settings is taken over, not retold.
- Write to the learner, in short sentences, in the present. No praise of the project, no sentence that would fit any \
module of any course, no announcement of what the next sentence does.
- The conclusion says in one or two sentences how this leads to the next module. The summary has one line for each \
objective.

Evidence
- Use only what the numbered sentences and blocks say. Every sentence that states something about the subject names \
the numbers of the sentences [N] and blocks [bN] that say it, each as N; its code, identifiers, flags, numbers, paths \
and quotes stand in them letter for letter.
- Teach each section, or put the N of its [hN] into left_out. You choose what a learner needs of a section, and say it \
in your own words. What you copy is whole: of a list, a table or a run of sentences you do not leave one out.
- A signpost may go without evidence, and then names none of these. A part does not begin with a word that points back.

Questions
- Ask for understanding, in forms that the material carries: what a program prints (predict_output), which way fits a \
situation (choose), the missing part of a call (fill_call), what is wrong with a use (find_wrong), what happens when \
(what_happens), how two things differ (compare), which step comes first (order). Ask the questions that need the idea \
and not the sentence: a changed argument, a case the text does not name but decides.
- A stem is one clear question that makes sense alone. A choice has four options of the same kind and about the same \
length, one of them right. A wrong option is what a learner who has half understood would believe, and no other \
sentence of the material makes it right. Each option has feedback: why it is right, or what it really is.
- Never a word left out of a sentence for its own sake, never under which heading something stands, no 'all of the \
above', no 'always' or 'never'. Three to six questions, each about one objective; fewer where the material has fewer.
"""


@dataclass(frozen=True)
class Surroundings:
    """The place of a module in its course. `ideas`: a line for each idea at home in it, with what that builds on;
    `later`: names that later modules explain.
    """

    position: int
    count: int
    before: str
    after: str
    ideas: Sequence[str]
    later: Sequence[str]


def lesson_task(audience: Audience, module: PathwayModule, objectives: Sequence[str], around: Surroundings) -> str:
    """The task: the module, its learners, its objectives and its place in the course."""
    # Titles, objectives and ideas can be words of the documents.
    named = as_data(
        [
            f"Module {around.position} of {around.count}: {module.title}",
            f"The module before: {around.before}" if around.before else "It is the first module.",
            f"The module after: {around.after}"
            if around.after
            else "It is the last module: leave the conclusion empty.",
            "Objectives, by position:",
            *(f"{position}. {text}" for position, text in enumerate(objectives)),
            *(["New ideas of this module, in the order they build on each other:"] if around.ideas else []),
            *(f"- {idea}" for idea in around.ideas),
            *([f"Explained in later modules, so only named here: {', '.join(around.later)}"] if around.later else []),
        ]
    )
    return f"{LESSON}\n{audience_text(audience)}\n{named}"


def revision(module: Module, findings: Sequence[GateFinding]) -> str:
    """The last version, and what a checking program found in it; both quote the documents."""
    listed = as_data(
        f"- {finding.where}: {finding.detail}" + (f" In: “{finding.sentence}”" if finding.sentence else "")
        for finding in findings[:_FINDINGS]
    )
    text = f"{module.introduction}\n\n{module.main_content}\n\n{module.conclusion}\n\n{module.summary}"
    questions = [
        f"{item.id}: {item.stem}\n" + "\n".join(f"  - {option.text}" for option in item.options)
        for item in module.assessment
    ]
    version = as_data([_MARK.sub("", text), "", "Questions:", *questions])
    return (
        f"Your last version, marks of citations aside:\n{version}\n"
        "A program checked your last version and found the following. Write the whole module again without it, keep "
        "what is good, and change nothing that was not found:\n"
        f"{listed}"
    )
