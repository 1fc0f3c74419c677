"""The task of the model for a module. Pure; a change here is a new PROMPT_VERSION."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import shorten

from services.modules.answers import LessonAnswer
from shared.course.audience import Audience
from shared.course.findings import GateFinding
from shared.engine.model.question import as_data, ask_to_mend, audience_text

PROMPT_VERSION = "7"

_LEVELS = {
    "beginner": "They can read a simple program, and have not used this project.",
    "intermediate": "They program, and have used this project a little.",
    "advanced": "They program, and use this project often.",
}
_MARK = re.compile(r"\[\^[^\]]*\]")
_FINDINGS = 40
_QUOTED = 100  # characters of a sentence that the answer has in full

LESSON = """\
Write this module as a good teacher would, for people who have not read the documentation. <module> names \
what is to be taught.

Begin with `misconceptions`: what a learner who has half understood believes, and the lines of its evidence deny; \
none if the source decides none. The part of that idea answers it: what one might think, then what is so, and why.

The lesson
- The introduction is a situation in which the learner is stuck without this module (the one scene), then what they \
will be able to do. Name the new term, do not define it.
- A part brings one new idea: what it is, why it is there, how it looks, what follows from it. Say what a thing is \
before you use it. What is marked as known from a module was taught there: start from it, and do not teach it again.
- Take the shortest program that shows the idea over whole, by its number [bN]; without programs, a command, a \
configuration or a case in words. Say what to look at and, if it does not run as it stands, what has to be added. \
After it, explain each line or group of lines that the idea needs, in a list.
- Every part has its own small case: work it through with real values, in steps when several things happen. Never \
invent printed output. Then change one value, ask what will happen (a task), and give the answer with its reason.
- Show a table or picture by its number where learners will look things up in it or see more than words say.
- Write to the learner, in short sentences, in the present, as an editor would pass them: "Suppose…", "How many \
times…". No praise, no sentence that would fit any module, no announcement. Do not begin a part with This, It, So or \
Then. Plain text with `code`: no links, no HTML.
- The conclusion is one task that can be done with what was taught, with the result by which the learner sees that \
it is right; then the way on. The summary has one line for each objective.

Evidence
- Put into `evidence` the numbers of the sentences and blocks that support a sentence: 4 for [4] or [b4]. Spell \
code, flags, numbers, paths and quotes as they are spelt there. A sentence that only leads to what is below it ends \
with a colon and needs none.
- `basis` is `source` unless you say that a sentence is one of four that are shown as such: `scene`, an everyday \
situation that you make up; `worked`, a result that the lines of its evidence decide, also with a changed value; \
`language`, what a line shown does in every program of its language, and nothing of what it does not do; `task`, \
what the learner is to try or to predict. Values in these are yours; what they name of the project has evidence.
- State every new idea in a `source` sentence first. Half of the sentences or more, questions aside, are `source`.
- Teach every section in your own words, or list it in `left_out` (2 for [h2]). If you copy a list or table, copy \
every entry.

Questions
- Three to six, fewer if the material is short, each about one objective. An objective "Use…" is asked by fill_call \
or find_wrong.
- Each is a new case: no value, setting or situation with the outcome it has in the lesson. If a line of the lesson \
gives the answer, change the case: another value, two facts to be joined, or the way back (the result is given, the \
setting is asked).
- predict_output: what a program prints; choose: which way fits a situation; find_wrong: what is wrong with a use; \
what_happens: what happens when; compare: how the outcomes of two cases in the stem differ. These have four options \
of the same kind and about the same length: the right one first, then three wrong ones, each a misconception or one \
slip in the working. The program shuffles them: never name an option by its place. predict_output only where the \
source shows the output, or known values decide it; `block` is the number of the code that a stem asks about, if any. \
order: all options, in the right order. fill_call, without options: \
the stem says what is wanted, the gap of a call takes a worked-out value, `accepted` has each right spelling (`n=3`, \
`n = 3`).
- The explanation of a new case is `worked`: one to three sentences from what the stem gives to the result, with the \
right option, word for word, at the end. It may name wrong ones on the way.
- A stem is one clear question that makes sense alone. A wrong option must be false by the material or the working. \
Give each option feedback: why it is right, or which mistake it is and what is true instead.
- For example, from another project: [1] `limit` is the most lines that are read. [2] A blank line is not counted. \
The lesson works through `limit=3`. Poor: What is `limit`? Good: A file has 2 lines, 2 blank lines and 4 lines. How \
many lines with text are read with `limit=5`? 5 / 3 (blank lines counted) / 6 (`limit` not applied) / 2 (stopped at \
the blank line).
- No word missing from a sentence, no heading that something stands under, no 'all of the above', 'always' or \
'never'.
"""


LAST = (
    "Write the module for its objectives. Every sentence has evidence or a basis, every part a case, and every "
    "question is a new case."
)
"""Said after the material, because a long source pushes away what stands before it."""


@dataclass(frozen=True)
class Surroundings:
    """A module and its place in its course, in words of the documents. `ideas`: a line for each idea at home in it,
    with what that builds on; `later`: names that later modules explain.
    """

    title: str
    position: int
    count: int
    before: str
    after: str
    objectives: Sequence[str]
    ideas: Sequence[str]
    later: Sequence[str]


def lesson_task(audience: Audience, around: Surroundings) -> str:
    """The task: the module, its learners, its objectives and its place in the course. Orders stand outside of data."""
    named = [
        f"title: {around.title}",
        *([f"the module before: {around.before}"] if around.before else []),
        *([f"the module after: {around.after}"] if around.after else []),
        "objectives, by position:",
        *(f"{position}. {text}" for position, text in enumerate(around.objectives)),
        *(["new ideas:", *(f"- {idea}" for idea in around.ideas)] if around.ideas else []),
        *([f"later ideas: {', '.join(around.later)}"] if around.later else []),
    ]
    way_on = (
        "the module after"
        if around.after
        else "one or two questions that the lesson leaves open, to take to the documentation"
    )
    orders = [
        f"This is module {around.position} of {around.count}. Teach its objectives. The way on is {way_on}.",
        *(["The new ideas are listed in the order they build on each other."] if around.ideas else []),
        *(["Only name the later ideas: later modules explain them."] if around.later else []),
    ]
    return "\n".join(
        [LESSON, audience_text(audience), _LEVELS[audience.complexity_level], *orders, as_data(named, "module")]
    )


def revision(last: LessonAnswer, places: Iterable[tuple[str, GateFinding]]) -> str:
    """The last answer, and what a checking program found in it, each with its place in the answer."""
    found = [
        f"{number}. {place}: {_MARK.sub('', finding.detail)}"
        + (f". In: “{shorten(_MARK.sub('', finding.sentence), _QUOTED)}”" if finding.sentence else "")
        for number, (place, finding) in enumerate(places, start=1)
    ]
    return ask_to_mend(last, found[:_FINDINGS])
