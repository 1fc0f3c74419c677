"""The documents that a course lists."""

from dataclasses import replace

from services.modules.assembly.assemble import assemble_course
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
    listing = Listing(source_id="s1", commit=have.commit, files=(*have.files, *links))
    course = assemble_course(replace(parts, listings=[listing]))
    assert [(document.path, document.reason) for document in course.documents] == [
        ("CHANGES.md", "changelog"),
        ("guide.md", ""),
    ]
    assert all(document.sha256 for document in course.documents if document.used)
