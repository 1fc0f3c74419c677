"""The rights of a course's reader: the licence of its source in a sentence."""

from shared.course.model import AnySource, Course

from .hosts import file_url
from .naming import name_source

_PRIVATE = "This course is for private use."


def tell_licences(course: Course) -> list[str]:
    """A sentence for each source of a course; it names the source where there are several."""
    if len(course.sources) == 1:
        return [tell_licence(course.sources[0])]
    return [f"{name_source(source)}: {tell_licence(source)}" for source in course.sources]


def tell_licence(source: AnySource) -> str:
    """The licence of the documentation, and plainly whether copies may be passed on."""
    licence = source.licence
    named = licence.spdx or ("a licence of its own" if licence.path else "")
    if licence.sharing == "allowed" and named:
        return f"The documentation stands under {named}, and so do the passages that this course takes from it."
    if licence.sharing == "forbidden":
        told = f" ({named})" if named else ""
        return f"The licence of the documentation{told} does not let copies be passed on. {_PRIVATE}"
    if named:
        return f"The documentation stands under {named}; whether copies may be passed on is unclear. {_PRIVATE}"
    return f"No licence of the documentation was found. {_PRIVATE}"


def is_private(source: AnySource) -> bool:
    """Whether copies of what the course takes from the source may not, or perhaps not, be passed on."""
    return source.licence.sharing != "allowed"


def licence_url(source: AnySource) -> str | None:
    """The page of the licence file at the commit; None without a file or a known host."""
    path = source.licence.path
    return file_url(source.url, source.commit, path) if path else None
