"""Which documents the report holds to be for the project's makers."""

from shared.course.makers import find_makers
from shared.docs.reader import read_document

_ASKS = (
    "# Widgets\n\nOpen a pull request. Fork the repository. Run the tests. Use pre-commit. "
    "Write a commit message for our maintainers.\n"
)


def test_the_first_page_of_a_project_may_say_how_to_help() -> None:
    pages = {path: read_document(path, _ASKS.encode(), {}) for path in ("docs/index.md", "docs/help.md")}
    others = {
        f"docs/{name}.md": read_document(f"docs/{name}.md", b"# Plain\n\nA shape is drawn.\n", {}) for name in "abc"
    }
    documents = pages | others
    assert list(find_makers(dict.fromkeys(documents, "Widgets"), documents)) == ["docs/help.md"]


def test_what_lies_beside_the_source_code_is_no_documentation_where_that_has_a_folder() -> None:
    paths = ["docs/guide.md", "docs/dev/busy.md", "pkg/integration/README.md", "docs/lib/a.md"]
    titles = dict.fromkeys(paths, "Widgets")
    assert find_makers(titles, {}).keys() == {"docs/dev/busy.md", "pkg/integration/README.md"}
    assert find_makers({"src/guide.md": "Widgets"}, {}) == {}


def test_a_page_in_capitals_at_the_root_about_building_is_for_makers() -> None:
    paths = ["BUILDING.md", "docs/BUILDING.md", "building.md", "BUILDINGS.md"]
    assert list(find_makers(dict.fromkeys(paths, "Widgets"), {})) == ["BUILDING.md"]
