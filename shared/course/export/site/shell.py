"""Every page shares these: the course's name, its ways in the navigation, where its keys are kept in the browser."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from shared.course.export.concept_map import own_gloss
from shared.course.export.licences import is_private, licence_url, tell_licences
from shared.course.export.naming import module_name
from shared.course.export.ways import Group, Step, Way, list_ways
from shared.course.model import Course, Module
from shared.course.section_links import Spots, find_spots

from .problems import tell_problem

_MOST_NAMED = 240
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})


@dataclass(frozen=True)
class ModuleEntry:
    """A module as the pages name it; `href` is relative to the site's root."""

    module: Module
    href: str

    @property
    def problems(self) -> tuple[str, ...]:
        """The missing parts of an incomplete module, in plain words; empty where the module does not say."""
        return tuple(tell_problem(problem) for problem in self.module.problems)

    @property
    def is_complete(self) -> bool:
        """False for a module that says itself what it lacks."""
        return self.module.status == "complete"


@dataclass(frozen=True)
class LicenceNote:
    """The rights to the passages of one source."""

    text: str
    path: str
    url: str | None
    is_private: bool


@dataclass(frozen=True)
class Shell:
    """`course_key` names the reader's progress, answers and way in the browser's storage; they outlive an edition,
    because modules and items keep their ids as long as their content stays. `is_large`: the ways have so many steps
    that no page can name all of them.
    """

    title: str
    description: str
    course_key: str
    language: str
    direction: str
    modules: tuple[ModuleEntry, ...]
    ways: tuple[Way, ...]
    entries: Mapping[str, ModuleEntry]
    spots: Spots
    licences: tuple[LicenceNote, ...]
    has_recall: bool
    has_concepts: bool
    has_map: bool
    is_large: bool

    @property
    def incomplete(self) -> tuple[ModuleEntry, ...]:
        """The modules that lack something."""
        return tuple(entry for entry in self.modules if not entry.is_complete)

    def stands_in(self, group: Group, page: str) -> bool:
        """Whether a page is that of one of a group's modules."""
        return any(self.entry_of(step).href == page for step in group.steps)

    def entry_of(self, step: Step) -> ModuleEntry:
        """The page of a way's step."""
        return self.entries[step.module.id]


def build_shell(course: Course, ending: str) -> Shell:
    """The shared values of a course's pages, modules in their order; `ending` is that of the pages' files."""
    ordered = sorted(course.modules, key=lambda module: module.order)
    entries = [ModuleEntry(module, f"modules/{module_name(module, len(ordered))}{ending}") for module in ordered]
    primary = course.language.partition("-")[0].lower()
    ways = list_ways(course)
    return Shell(
        title=course.title,
        description=course.description,
        course_key=course.course_key,
        language=course.language,
        direction="rtl" if primary in _RIGHT_TO_LEFT else "ltr",
        modules=tuple(entries),
        ways=ways,
        entries={entry.module.id: entry for entry in entries},
        spots=find_spots(ordered, course.concepts),
        licences=tuple(
            LicenceNote(told, source.licence.path, licence_url(source), is_private(source))
            for told, source in zip(tell_licences(course), course.sources, strict=True)
        ),
        has_recall=any(entry.module.assessment for entry in entries)
        or any(own_gloss(concept) and concept.module_id for concept in course.concepts),
        has_concepts=bool(course.concepts),
        has_map=any(concept.prerequisites for concept in course.concepts),
        is_large=sum(len(way.steps) for way in ways) > _MOST_NAMED,
    )


def build_way_steps(shell: Shell) -> str:
    """A script with the modules of each way and their pages: the pages of a large course name few of them."""
    steps = {way.key: [[step.module.id, shell.entry_of(step).href] for step in way.steps] for way in shell.ways}
    return f"window.courseWays = {json.dumps(steps)};\n"


def build_way_rules(ways: tuple[Way, ...]) -> str:
    """A style sheet that shows of what belongs to some ways (`data-held`) or one only that of the chosen one, before a
    page is drawn.
    """
    return "".join(
        f':root[data-chosen="{way.key}"] [data-way]:not([data-way="{way.key}"]),\n'
        f':root[data-chosen="{way.key}"] [data-held]:not([data-held~="{way.key}"]) {{ display: none !important; }}\n'
        for way in ways
    )
