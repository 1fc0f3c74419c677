"""The sources of a course. Pure."""

from services.gateway.course.state import AddedFile, CourseState, Source
from shared.course.naming import choose_name
from shared.events.gateway import SourceFacts
from shared.kernel.errors import PermanentError
from shared.sources.address import source_id_of


def first_source(state: CourseState) -> Source:
    """The source that gives the course its name. Raises PermanentError when none was read, or all were removed."""
    if state.source is None:
        raise PermanentError("The course has no document that can be read. Upload another one.", code="no_documents")
    return state.source


def with_source(state: CourseState, source: Source) -> tuple[Source, ...]:
    """The sources with a new one, in place of the one that the same stage found before; each document and each
    lecture is one of its own. A repository comes first, and gives the course its name; then the files in the order in
    which they were added, whichever was read first: a course is the same whatever was slow.
    """
    same = [one for one in state.sources if _place(one) == _place(source)]
    if same:
        return tuple(source if one is same[0] else one for one in state.sources)
    files: tuple[AddedFile, ...] = (*state.documents, *state.lectures)
    places = {
        one.source_id: next((at for at, file in enumerate(files, 1) if file.is_source(one)), 0)
        for one in (*state.sources, source)
    }
    return tuple(sorted((*state.sources, source), key=lambda one: places[one.source_id]))


def _place(source: Source) -> tuple[str, str]:
    return source.stage, source.source_id if source.kind != "git" else ""


def content_source_id(source: Source) -> str:
    """The id of the source in documents and courses. That of a repository is not the source's own only in a log of
    before, which has a repository on this machine under the id of its folder.
    """
    return source_id_of(source.canonical_url) if source.kind == "git" else source.source_id


def source_facts(source: Source) -> SourceFacts:
    """The source as course.json names it."""
    return SourceFacts(
        source_id=content_source_id(source), kind=source.kind, name=source.repo_name, url=source.canonical_url,
        ref=source.ref, commit=source.commit, licence=source.licence, file_name=source.file_name, file=source.file,
        pages=source.pages, places=source.places, reader=source.reader, title=source.title, times=source.times,
        recording=source.recording,
    )  # fmt: skip


def project_name_of(source: Source) -> str:
    """The name of the project in texts; a document or a lecture is called by its title."""
    if source.kind != "git":
        return source.project_name or source.repo_name
    return choose_name(source.repo_name, source.project_name, source.canonical_url)
