"""The documents that a course lists."""

from dataclasses import replace

from services.modules.assembly.assemble import assemble_course, edition_of, with_quality
from shared.course.model import NotTaught
from shared.docs.listing import FileEntry, Listing
from tests.support.whole_course import make_parts, teach

TEXT = b"# Guide\n\nA queue is an ordered list of jobs that a worker takes one by one.\n"


def test_links_and_submodules_are_no_documents() -> None:
    parts = make_parts(teach({"guide.md": TEXT}))
    links = (
        FileEntry(path="docs/index.md", size=None, git_blob="", kind="link", reason="symbolic link"),
        FileEntry(path="vendor.md", size=None, git_blob="", kind="submodule", reason="submodule, not fetched"),
        FileEntry(path="CHANGES.md", size=9, git_blob="", kind="documentation", reason="changelog"),
    )
    (have,) = parts.listings
    course = assemble_course(replace(parts, listings=[replace_files(have, *links)]))
    assert [(document.path, document.reason) for document in course.documents] == [
        ("CHANGES.md", "changelog"),
        ("guide.md", ""),
    ]
    assert all(document.sha256 for document in course.documents if document.used)


def test_the_whole_says_what_of_the_documentation_could_not_be_read() -> None:
    parts = make_parts(teach({"guide.md": TEXT}))
    (have,) = parts.listings
    manual = FileEntry(path="docs/a.org", size=9, git_blob="", kind="other", reason="not read: written in Org")
    course = assemble_course(replace(parts, listings=[replace_files(have, manual)]))
    assert course.pathways[0].description.endswith(" Not read: 1 file in Org.")


def replace_files(listing: Listing, *more: FileEntry) -> Listing:
    return Listing(source_id="s1", commit=listing.commit, files=(*listing.files, *more))


def test_a_module_that_checks_left_empty_is_no_part_of_the_course() -> None:
    kept = {"Queue": "holds jobs that wait", "Worker": "runs one job", "Signal": "wakes a person up"}
    files = {
        f"docs/{at}.md": f"# {name}\n\nA {name.lower()} {what}.{f' Each {what}, says {name}.' * 250}\n".encode()
        for at, (name, what) in enumerate(kept.items(), 1)
    }
    parts = make_parts(teach(files))
    first, second, third = parts.modules
    sections = parts.planned[1].sections
    left_out = [NotTaught(document_id=sections[0].document_id, heading=sections[0].heading, reason="a check found it")]
    empty = second.model_copy(update={"introduction": "", "main_content": "", "not_taught": left_out})
    linked = first.model_copy(update={"introduction": f"See [a worker](#{second.id}). {first.introduction}"})
    course = assemble_course(replace(parts, modules=[linked, empty, third]))
    assert [module.id for module in course.modules] == [first.id, third.id]
    assert all(entry.id != second.id for pathway in course.pathways for entry in pathway.modules)
    assert course.modules[0].introduction.startswith("See a worker. ")
    assert left_out[0] in course.modules[0].not_taught
    assert [document.reason for document in course.documents if not document.used] == ["a check found it"]
    bare = [one.model_copy(update={"main_content": ""}) for one in parts.modules]
    assert len(assemble_course(replace(parts, modules=bare)).modules) == 3
    assert [one.id for one in assemble_course(replace(parts, modules=[empty, third])).modules] == [third.id]
    failed = empty.model_copy(update={"status": "incomplete", "problems": ["not written: it takes too long"]})
    assert assemble_course(replace(parts, modules=[first, failed, third])).modules[1].problems == failed.problems


def test_a_section_that_checks_took_out_is_named_once() -> None:
    said = [
        f"# {name}\n\n{f'A {name.lower()} holds jobs that wait. ' * 350}"
        for name in ("Queue", "Worker", "Lane", "Bell")
    ]
    parts = make_parts(teach({"docs/jobs.md": "\n\n".join(said).encode()}))
    first, second, *others = parts.modules
    taken_out = [
        NotTaught(document_id=ref.document_id, heading=ref.heading, reason="a check found it")
        for ref in parts.planned[1].sections
    ]
    empty = second.model_copy(update={"introduction": "", "main_content": "", "not_taught": taken_out})
    course = assemble_course(replace(parts, modules=[first, empty, *others]))
    assert [one for module in course.modules for one in module.not_taught] == taken_out


def test_an_authors_opening_stays_where_an_earlier_page_begins_with_the_same_words() -> None:
    opening = "A queue is an ordered list of jobs that a worker takes one by one."
    files = {
        f"docs/{name}.md": f"# {name}\n\n{opening}\n\n## More\n\n{f'{name} holds jobs that wait. ' * 900}\n".encode()
        for name in ("Lanes", "Queues")
    }
    parts = make_parts(teach(files))
    same = [one.model_copy(update={"introduction": "A queue is a list of jobs."}) for one in parts.modules]
    course = assemble_course(replace(parts, modules=same))
    assert [one.introduction for one in course.modules] == ["A queue is a list of jobs."] * len(same)
    assert len(same) > 1


def test_a_course_says_what_its_subject_is_where_its_first_lessons_do() -> None:
    text = b"# Widgets\n\nThe name: widgets is a name that is common enough. widgets is a name that is common enough. "
    text += b"**Widgets** is a small library that draws lines on a canvas. It is fast to draw with.\n"
    parts = make_parts(teach({"guide.md": text}))
    said = "Widgets is a small library that draws lines on a canvas."
    assert assemble_course(parts).description == said
    assert assemble_course(replace(parts, title="Learn widgets")).description == said
    assert assemble_course(replace(parts, title="Learn Drawing")).description == ""
    before = text.replace(b"on a canvas.", b"on a canvas:\n\n- one\n")
    assert assemble_course(make_parts(teach({"guide.md": before}))).description == said
    leading = before.replace(b"that draws lines on a canvas:", b"with the following goals:")
    assert assemble_course(make_parts(teach({"guide.md": leading}))).description == ""
    tagline = "A small library to draw lines and many other shapes on a canvas."
    begun = make_parts(teach({"guide.md": f"# Draw\n\n{tagline}\n\n## Use\n\nLines are drawn by a call.\n".encode()}))
    assert assemble_course(begun).description == tagline
    assert assemble_course(replace(parts, description="Of lines.")).description == "Of lines."
    does = "The Widgets library makes it easy to draw lines on a canvas."
    first = f"# Widgets\n\n{does}\n\n## Use\n\nLines are drawn by a call.\n\nWidgets is an old and honoured library.\n"
    assert assemble_course(make_parts(teach({"guide.md": first.encode()}))).description == does


def test_a_page_that_only_the_navigation_names_is_left_out_with_the_reason() -> None:
    parts = make_parts(teach({"guide.md": TEXT}))
    [entry] = [one for one in assemble_course(replace(parts, made=["docs/api"])).documents if one.path == "docs/api"]
    assert (entry.used, entry.reason) == (False, "named in the navigation, made when the documentation is built")


def test_a_course_whose_lessons_hold_less_than_planned_is_not_called_the_whole() -> None:
    course = assemble_course(make_parts(teach({"guide.md": b"# Kettles\n\nIt boils water in a minute. It is loud.\n"})))

    def told(held: float) -> tuple[str, str]:
        found = with_quality(course, {"K4": {"lines": {"value": held}}})
        assert found.edition == edition_of(found)
        return found.pathways[0].title, found.pathways[0].description

    title, description = course.pathways[0].title, course.pathways[0].description
    project = title.removeprefix("The whole of ")
    assert told(0.95) == (title, description)
    assert project != title
    assert told(0.91)[0] == f"Most of {project}"
    assert told(0.91)[1].startswith(f"91% of the lines that {project} writes for its users.")
    assert told(0.4)[0] == f"Some of {project}"
