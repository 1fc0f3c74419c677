"""K8, K9 and K10: what stands around the lesson.

Objectives name what is taught, minutes follow the rule, and no sentence would fit any module of any course.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.course.anchors import names_facts
from shared.course.field_text import FieldText
from shared.course.findings import GateFinding
from shared.course.model import Objective
from shared.course.plain_text import show_plain
from shared.course.reading import ReadModule
from shared.course.spans import Lines, join_words
from shared.course.statements import Statement
from shared.course.taught import TaughtSection
from shared.course.wording import leads_on, stem_content_words

WORDS_PER_MINUTE = 200
CODE_LINES_PER_MINUTE = 12
OUTPUT_LINES_PER_MINUTE = 40
LEAST_MINUTES = 0.5
MOST_MINUTES = 2.0
_OUTPUT = frozenset({"output", "text", "txt", "log", "out", "plaintext", "console-output", "none"})


def check_frame(read: ReadModule) -> Iterator[GateFinding]:
    """Objectives without a kept section or that stand twice, minutes off the rule, sentences that name nothing."""
    seen: set[str] = set()
    for objective in read.module.objectives:
        text = normal_objective(objective)
        match = match_objective(objective, read)
        detail = (
            "stands twice" if text in seen
            else "names neither a heading nor a concept" if not match.named
            else "its section is not kept" if not match.kept
            else ""
        )  # fmt: skip
        seen.add(text)
        if detail:
            yield GateFinding(gate="K8", where=objective.id, detail=detail, sentence=objective.text)
    if not keeps_rule(read):
        detail = f"{read.module.estimated_minutes} minutes, and the rule gives {measure_minutes(read):.0f}"
        yield GateFinding(gate="K9", where="estimated_minutes", detail=detail)
    for statement in find_fillers(read):
        # A section of a lesson is not lost over a sentence, so the gate has another name there.
        gate = "K10-lesson" if statement.where == "main_content" else "K10"
        detail = "names nothing of the module"
        yield GateFinding(gate=gate, where=statement.where, detail=detail, sentence=statement.source)


@dataclass(frozen=True)
class ObjectiveMatch:
    """Whether an objective names a heading or a concept, and whether such a section is taught whole."""

    named: bool
    kept: bool


def normal_objective(objective: Objective) -> str:
    """The words of an objective, by which two are equal."""
    return join_words(show_plain(objective.text))


def match_objective(objective: Objective, read: ReadModule) -> ObjectiveMatch:
    """The subject of an objective: a heading of the module's sections or a concept whose home it teaches."""
    stems = _stems(objective.text, read), _stems(objective.text.partition(" ")[2], read)
    taught = [section for section in read.taught if _is_about(*stems, _stems(section.source.heading, read))]
    concepts = [name for name in read.context.concepts if _is_about(*stems, _stems(name, read))]
    homes = [section for section in read.taught if any(_is_home(section, read.context.concepts[n]) for n in concepts)]
    named = bool(taught or homes) or any(
        _is_about(*stems, _stems(heading, read)) for _, heading in read.context.planned
    )
    return ObjectiveMatch(named, any(section.is_whole for section in (*taught, *homes)))


def _is_home(section: TaughtSection, lines: Lines) -> bool:
    """Whether the section holds the lines that define a concept."""
    source = section.source
    return source.path == lines[0] and source.start_line <= lines[1] <= source.end_line


def _is_about(stems: frozenset[str], thing: frozenset[str], name: frozenset[str]) -> bool:
    """Whether an objective holds all words of a name, or its thing is a part of the name."""
    return bool(name) and (name <= stems or (bool(thing) and thing <= name))


def _stems(text: str, read: ReadModule) -> frozenset[str]:
    return frozenset(stem_content_words(show_plain(text), read.context.language))


def measure_minutes(read: ReadModule) -> float:
    """Minutes by the rule: words, lines of code, lines of output, and one for each item."""
    prose = sum(len(show_plain(statement.text).split()) for statement in read.statements)
    total = prose / WORDS_PER_MINUTE + len(read.module.assessment)
    for text in read.texts:
        for block in text.code:
            lines = sum(1 for line in block.text.split("\n") if line.strip())
            is_output = block.language.lower() in _OUTPUT
            total += lines / (OUTPUT_LINES_PER_MINUTE if is_output else CODE_LINES_PER_MINUTE)
    return total


def keeps_rule(read: ReadModule) -> bool:
    """Whether a module's minutes are half to twice what the rule gives; under a minute counts as one."""
    expected = max(1.0, measure_minutes(read))
    return LEAST_MINUTES * expected <= read.module.estimated_minutes <= MOST_MINUTES * expected


def find_fillers(read: ReadModule) -> Iterator[Statement]:
    """Uncited sentences that name nothing: no code, no link into the course, no heading, concept or title."""
    names = [words for name in _list_names(read) if (words := join_words(show_plain(name)))]
    for text in read.texts:
        claims = [claim for statement in text.statements for claim in statement.claims]
        for claim in claims:
            may_lack = claim.kind == "table_header" or (text.where == "main_content" and leads_on(claim.text))
            may_lack = may_lack or (read.context.own_words and claim.basis != "source")
            if not claim.citation_ids and not may_lack and not _names(claim, text, names):
                yield claim


def _list_names(read: ReadModule) -> Iterable[str]:
    yield from read.context.titles
    yield from read.context.concepts
    yield read.module.title
    for objective in read.module.objectives:
        yield objective.text
        yield objective.text.partition(" ")[2]
    for section in read.taught:
        yield section.source.heading


def _names(claim: Statement, text: FieldText, names: list[str]) -> bool:
    if names_facts(claim.text) or "](#" in claim.text:
        return True
    said = f" {join_words(show_plain(claim.text))} "
    return any(f" {name} " in said or f" {name}s " in said for name in names)
