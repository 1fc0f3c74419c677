"""The sources of a course. Pure."""

from services.gateway.course.state import CourseState, Source
from shared.course.naming import choose_name
from shared.events.gateway import SourceFacts
from shared.sources.address import source_id_of


def with_source(state: CourseState, source: Source) -> tuple[Source, ...]:
    """The sources with a new one, in place of the one that the same stage found before."""
    if all(one.stage != source.stage for one in state.sources):
        return *state.sources, source
    return tuple(source if one.stage == source.stage else one for one in state.sources)


def content_source_id(source: Source) -> str:
    """The id of the source in documents and courses. It is not the source's own only in a log of before, which has
    a repository on this machine under the id of its folder.
    """
    return source_id_of(source.canonical_url)


def source_facts(source: Source) -> SourceFacts:
    """The source as course.json names it."""
    return SourceFacts(
        source_id=content_source_id(source), kind=source.kind, name=source.repo_name, url=source.canonical_url,
        ref=source.ref, commit=source.commit, licence=source.licence,
    )  # fmt: skip


def project_name_of(source: Source) -> str:
    """The name of the project in texts."""
    return choose_name(source.repo_name, source.project_name, source.canonical_url)
