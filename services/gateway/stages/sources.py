"""The sources of a course. Pure."""

from services.gateway.course.state import CourseState, Source
from shared.course.naming import choose_name
from shared.ids import content_id


def with_source(state: CourseState, source: Source) -> tuple[Source, ...]:
    """The sources with a new one, in place of the one that the same stage found before."""
    if all(one.stage != source.stage for one in state.sources):
        return *state.sources, source
    return tuple(source if one.stage == source.stage else one for one in state.sources)


def source_id_of(source: Source) -> str:
    """From the address in its canonical form: the same repository has the same id on every machine."""
    return content_id("s", source.canonical_url)


def project_name_of(source: Source) -> str:
    """What the project is called in texts."""
    return choose_name(source.repo_name, source.project_name, source.canonical_url)
