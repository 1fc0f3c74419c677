"""Every page shares these: the course's name, its modules in the navigation, where its keys are kept in the browser."""

from dataclasses import dataclass

from shared.course.export.naming import module_name
from shared.course.model import Course, Module

from .problems import tell_problem

_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})


@dataclass(frozen=True)
class ModuleEntry:
    """A module as the navigation shows it; `href` is relative to the site's root."""

    module: Module
    number: int
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
class Shell:
    """`course_key` names the reader's progress and answers in the browser's storage; they outlive an edition,
    because modules and items keep their ids as long as their content stays.
    """

    title: str
    description: str
    course_key: str
    language: str
    direction: str
    modules: tuple[ModuleEntry, ...]
    has_concepts: bool

    @property
    def incomplete(self) -> tuple[ModuleEntry, ...]:
        """The modules that lack something."""
        return tuple(entry for entry in self.modules if not entry.is_complete)


def build_shell(course: Course) -> Shell:
    """The shared values of a course's pages, modules in their order."""
    ordered = sorted(course.modules, key=lambda module: module.order)
    entries = [
        ModuleEntry(module, number, f"modules/{module_name(module, len(ordered))}.html")
        for number, module in enumerate(ordered, start=1)
    ]
    primary = course.language.partition("-")[0].lower()
    return Shell(
        title=course.title,
        description=course.description,
        course_key=course.course_key,
        language=course.language,
        direction="rtl" if primary in _RIGHT_TO_LEFT else "ltr",
        modules=tuple(entries),
        has_concepts=bool(course.concepts),
    )
