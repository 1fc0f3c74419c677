"""The shortest way to a first working result: what to install, the smallest program, one step beyond. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from posixpath import basename, dirname

from services.pathway.offline.kinds import is_look_up
from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey
from shared.engine.minutes import reading_minutes
from shared.engine.reading_order import is_front, rank_of
from shared.engine.titles import is_front_page
from shared.engine.types import DocumentAnalysis
from shared.events.base import Level
from shared.language.abroad import INSTALL, QUICK

_INSTALL = re.compile(
    r"\b(?:install(?:ations?|ing)?|downloads?)\b|^getting (?!started|help|support)(?:(?-i:[A-Z])\S*(?: |$))+$"
    rf"|{INSTALL}",
    re.IGNORECASE,
)
_QUICK = re.compile(
    r"quick[-_ ]?(?:start|intro|tour)|get(?:ting)?[-_ ]?started|\b(?:my|our|your) first\b"
    r"|first[-_ ]?(?:steps|program|example|app|project)"
    r"|hello[-_, ]?world|\bstart here\b|\bbasic (?:usage|example)|(?:simple|minimal|small|first) (?:usage|example|app)"
    r"|(?:^|line[- ])usage$|^(?:the )?basics$|\b(?:an?|the|guided) (?:\w+ )?tour\b|\btutorial$|\bwalk-?through\b"
    rf"|\bby example\b|{QUICK}",
    re.IGNORECASE,
)
_FIRST = re.compile(r"(?i)quick[-_ ]?start|get(?:ting)?[-_ ]?started|first[-_ ]?steps|hello[-_, ]?world|\btour\b")
_TAUGHT = re.compile(r"(?i)(?:^|/)(?:tutorials?|learn|guides?|basics|intro(?:duction)?|get(?:ting)?[-_]?started)$")
_LAYOUT = re.compile(r"(?i)\b(?:structure|layout)$")  # a page of such a title describes and does nothing
MOST_MINUTES: Mapping[Level, float] = {"beginner": 60.0, "intermediate": 45.0, "advanced": 30.0}
_SHARE, _LEAST_MINUTES, _FEWEST = 0.3, 6.0, 2
_ENOUGH_MINUTES, _STEP_MINUTES, _LONGEST_STEP, _MOST_STEPS = 8.0, 5.0, 12.0, 2
_A_GLANCE = 0.5  # minutes: an opening of fewer is no module
_EARLY_TYPES = ("overview", "tutorial")
_LATE = 3  # see rank_of: an example comes after what it is an example of
_EARLY = 300  # sections: of more, no learner begins with the last ones
_LONGEST_WAY = 45  # minutes: a longer page of that name tells everything
_OPENING_ALONE, _OPENING_SHARE, _INSTALL_SHARE, _PROGRAM_SHARE = 0.5, 0.25, 0.4, 0.7


def find_quickstart(
    subject: Sequence[Placed], level: Level, wishes: frozenset[SectionKey], project: str = "", *, is_opened: bool = True
) -> tuple[SectionKey, ...]:
    """The sections of a quick start in the order a learner takes them, within an hour and three tenths of all.

    A page whose title is the quick way into the project by its name counts as a beginning wherever it stands.
    `is_opened`: the documentation begins with the first of these sections, which may say what the thing is.
    """
    budget = min(MOST_MINUTES[level], max(_LEAST_MINUTES, _SHARE * reading_minutes(one.section for one in subject)))
    chosen = _Chosen(budget)
    start = _find_program(subject, project)
    if _is_beginning(subject[start]) or any(_says(_INSTALL, one) and not _says(_QUICK, one) for one in subject):
        _take_steps(chosen, subject, start, subject[:is_opened])
    else:  # no section is more of a beginning than those the documentation begins with
        chosen.take(subject, _OPENING_ALONE)
    chosen.take((one for one in subject if one.key in wishes), 1.2)
    return tuple(chosen.keys)


def _take_steps(chosen: "_Chosen", subject: Sequence[Placed], start: int, opening: Sequence[Placed]) -> None:
    """Take the sections that say what the thing is, how to install it, the first program, and one step beyond it."""
    program = _program(subject, start)
    overview = _overview(subject, program[0].document, opening)
    chosen.take(overview if _minutes(overview) >= _A_GLANCE else [], _OPENING_SHARE)
    chosen.take(_install(subject, start), _INSTALL_SHARE)
    chosen.take(program, _PROGRAM_SHARE)
    before_step = len(chosen.keys)
    for _ in range(_MOST_STEPS if _minutes(program) < _LONGEST_STEP else 0):
        if chosen.minutes < _ENOUGH_MINUTES or len(chosen.keys) <= before_step:
            chosen.take(_one_step_beyond(subject, start, chosen.keys), 1.0)


class _Chosen:
    """Sections taken so far, in minutes of a budget."""

    def __init__(self, budget: float) -> None:
        self.minutes, self.budget = 0.0, budget
        self.keys: list[SectionKey] = []

    def take(self, sections: Iterable[Placed], share: float) -> None:
        """Sections in turn, until one does not fit in what this share of the budget leaves; the first may use it up."""
        for at, one in enumerate(sections):
            if one.key in self.keys:
                continue
            length = reading_minutes([one.section])
            fits = self.minutes + length <= (share if at else max(share, 1.0)) * self.budget or len(self.keys) < _FEWEST
            if not fits:
                return
            self.keys.append(one.key)
            self.minutes += length


def _find_program(subject: Sequence[Placed], project: str) -> int:
    """Where the first program stands: early by its place or by what its author calls it or its page, and with code."""

    def rank(at: int) -> float:
        one, title = subject[at], subject[at].document.title
        is_quick = _is_quick_way(one.document)
        unfit = (not (one.section.code_lines or is_quick)) + _is_no_program(one) + is_look_up(one)
        is_projects = bool(project) and project.lower() in title.lower() and _QUICK.search(title)
        early = 0.6 if is_quick else 0.2 if _is_beginning(one) else 0.0
        early += 0.15 if early and _FIRST.search(f"{title} | {one.section.heading}") else 0.0
        place = at / len(subject) - 1 if is_projects else at / min(len(subject), _EARLY)
        return round(unfit + 0.05 * rank_of(one.document) + place - early, 6)

    return min(range(len(subject)), key=rank)


def _program(subject: Sequence[Placed], start: int) -> list[Placed]:
    """A page that is a quick way in as a whole; of another page what a heading calls so, else the program, each with
    what stands above and below it.
    """
    program = subject[start]
    own = _of(program.document, subject)
    if _is_quick_way(program.document):
        return own
    tops = [top for top in reversed(program.above()) if _QUICK.search(top.heading)]
    ways = ([one for one in own if one.section == top or top in one.above()] for top in (*tops, program.section))
    way = next(way for way in ways if _minutes(way) <= _LONGEST_WAY or program == way[0])
    above = way[0].above()
    return [*(one for one in own if one.section in above), *way]


def _is_quick_way(document: DocumentAnalysis) -> bool:
    """Whether a document's name or title is one that authors give to the quick way in, and it is short enough."""
    name = document.path.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("_", " ")
    return document.minutes <= _LONGEST_WAY and bool(_QUICK.search(name) or _QUICK.search(document.title))


def _overview(subject: Sequence[Placed], program: DocumentAnalysis, opening: Sequence[Placed]) -> list[Placed]:
    """The sections that say what the thing is: the front page to its first example, or its opening without an example.

    The first steps are those of the program.
    """
    fronts = [one for one in subject if is_front_page(one.document.path)]
    first = [one for one in opening if not rank_of(one.document)]
    own = [one for front in (fronts or first)[:1] for one in _of(front.document, subject)]
    examples = (at for at, one in enumerate(own) if one.section.code_lines and not _is_no_program(one))
    return [
        one for one in own[: next(examples, 0) + 1] if one.document == program or not _QUICK.search(one.section.heading)
    ]


def _is_no_program(one: Placed) -> bool:
    return any(_INSTALL.search(section.heading) for section in (one.section, *one.above()))


def _install(subject: Sequence[Placed], start: int) -> list[Placed]:
    """The sections about installing: of the first document that has some.

    Later pages may install something else: one of those is about installing by its title, or is the program's own.
    """

    def is_about(at: int, one: Placed) -> bool:
        own = one.document == subject[start].document or bool(_INSTALL.search(one.document.title))
        near = own or (at <= start and (one.document.doc_type in _EARLY_TYPES or is_front_page(one.document.path)))
        return near and (_says(_INSTALL, one) or _is_no_program(one)) and not is_look_up(one)

    found = [one for at, one in enumerate(subject) if is_about(at, one)]
    if not found:
        return []
    program = subject[start].document
    is_there = _is_quick_way(program) and any(one.document == program and one.section.code_lines for one in found)
    own = program if is_there else min(found, key=lambda one: not _says(_INSTALL, one)).document
    return [one for one in found if one.document == own]


def _one_step_beyond(subject: Sequence[Placed], start: int, taken: Sequence[SectionKey]) -> list[Placed]:
    """The next sections with code: of a later page, first steps before others, or of the same page if it is most, or
    the first page and a third.
    """
    own = subject[start].document
    is_most = (3 if is_front_page(own.path) else 2) * _minutes(_of(own, subject)) > _minutes(subject)
    known = {document_id for document_id, _ in taken} | {own.document_id}

    def is_step(one: Placed) -> bool:
        is_other = one.document.document_id not in known and not is_front_page(one.document.path)  # which begins again
        is_next = is_other if not is_most else one.document == own and one.key not in taken
        if not (is_next and one.section.code_lines) or _says(_INSTALL, one) or one.document.language != own.language:
            return False
        goes_on = rank_of(one.document) < _LATE and not is_look_up(one) and one.section.asks != "advanced"
        return goes_on and not _LAYOUT.search(one.document.title)

    steps = [*filter(is_step, subject[start + 1 :])]
    if not steps:
        return []
    folder, is_index = dirname(own.path), is_front(own.path)
    beside = [one for one in steps if dirname(one.document.path) == folder]
    below = [one for one in steps if folder and one.document.path.startswith(f"{folder}/")]
    named = [one for one in steps if _FIRST.match(one.document.title) or _FIRST.match(basename(one.document.path))]
    # "Database: getting started" is the way into a part, and so is a quick start in the folder of a part.
    whole = [one for one in named if _TAUGHT.sub("", dirname(one.document.path)) == _TAUGHT.sub("", folder)]
    candidates = (beside, named) if is_index else (whole, below)
    first = next(filter(None, (*candidates, steps)))[0]
    beyond = _of(first.document, subject)
    beyond = beyond[beyond.index(first) :] if is_most else beyond
    end = beyond.index(first) + 1
    while end < len(beyond) and _minutes(beyond[: end + 1]) <= _LONGEST_STEP:
        begun = {one.section.id for one in beyond[:end] if one.section.parent}  # headings below that of the page
        if _minutes(beyond[:end]) >= _STEP_MINUTES and beyond[end].section.parent not in begun:
            break
        end += 1
    return beyond[:end]


def _is_beginning(one: Placed) -> bool:
    """Whether authors call a section or its page the quick way in."""
    return _is_quick_way(one.document) or _QUICK.search(one.section.heading) is not None


def is_start(one: Placed) -> bool:
    """Whether a section is about what to install or what to run first."""
    return _says(_INSTALL, one) or _says(_QUICK, one)


def _says(pattern: re.Pattern[str], one: Placed) -> bool:
    return bool(pattern.search(one.section.heading) or pattern.search(one.document.title))


def _minutes(sections: Sequence[Placed]) -> float:
    return reading_minutes(one.section for one in sections)


def _of(document: DocumentAnalysis, subject: Sequence[Placed]) -> list[Placed]:
    return [one for one in subject if one.document.document_id == document.document_id]
