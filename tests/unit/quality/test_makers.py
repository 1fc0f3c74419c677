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
    paths = ["docs/guide.md", "docs/dev/busy.md", "pkg/integration/README.md", "docs/lib/a.md", "community/plan.md"]
    paths += ["docs/community/ask.md", "extras/linux/README.md", "docs/packaging.md", "docs/packaging/debian.md"]
    paths += ["native-tests/README.md"]
    titles = dict.fromkeys(paths, "Widgets")
    makers = {"docs/dev/busy.md", "pkg/integration/README.md", "community/plan.md", "native-tests/README.md"}
    assert find_makers(titles, {}).keys() == makers | {"extras/linux/README.md", "docs/packaging/debian.md"}
    assert find_makers({"src/guide.md": "Widgets", "src/content/use.md": "Use"}, {}) == {}
    assert [*find_makers({"docs/use.md": "Use", "src/content/a.md": "A", "src/b.md": "B"}, {})] == ["src/b.md"]
    assert [*find_makers({"docs/use.md": "Use", "requirements-dev/README.md": "Pins"}, {})] == [
        "requirements-dev/README.md"
    ]


def test_a_numbered_record_of_a_decision_and_a_proposal_are_for_makers() -> None:
    paths = ("decisions/0002-keep.md", "02-decisions/if.md", "decisions/if.md", "docs/proposals/a.md", "proposals.md")
    assert [*find_makers(dict.fromkeys(paths, "Widgets"), {})] == ["decisions/0002-keep.md", "docs/proposals/a.md"]


def test_a_guide_to_the_pages_themselves_is_for_makers() -> None:
    titles = {
        "style.md": "Markdown documentation formatting guide",
        "blog/README.md": "Widgets Blog Content Guide",
        "a.md": "Sites",
    }
    assert [*find_makers(titles, {})] == ["style.md", "blog/README.md"]


def test_a_page_about_contributing_to_any_project_is_for_users() -> None:
    titles = {"book/contributing.md": "Contributing to a Project", "contributing.md": "Contributing to Widgets"}
    titles["docs/contributing.md"] = "Contribute a fix to the project"
    assert [*find_makers(titles, {})] == ["contributing.md", "docs/contributing.md"]


def test_a_page_in_capitals_at_the_root_about_building_is_for_makers() -> None:
    paths = ["BUILDING.md", "docs/BUILDING.md", "building.md", "BUILDINGS.md"]
    assert list(find_makers(dict.fromkeys(paths, "Widgets"), {})) == ["BUILDING.md"]


def test_short_pages_that_differ_in_the_names_of_their_folders_are_stubs() -> None:
    said = "# Widgets {0}\n\nThe library {0} is an internal part of widgets and may change.\n"
    paths = [f"crates/{name}/README.md" for name in ("alpha", "beta", "gamma")]
    pages = {path: read_document(path, said.format(path.split("/")[1]).encode(), {}) for path in paths}
    other = {"crates/delta/README.md": read_document("crates/delta/README.md", b"# Delta\n\nDraw a shape.\n", {})}
    assert list(find_makers(dict.fromkeys(pages | other, "Widgets"), pages | other)) == paths
    assert find_makers(dict.fromkeys(paths[:2], "Widgets"), {path: pages[path] for path in paths[:2]}) == {}


def test_a_guide_for_developers_may_be_for_those_who_use_the_project() -> None:
    pages = {
        path: read_document(path, _ASKS.encode(), {}) for path in ("docs/dev-guide/help.md", "docs/dev-guide/a.md")
    }
    pages |= {path: read_document(path, b"# Plain\n\nA shape is drawn.\n", {}) for path in ("docs/b.md", "docs/c.md")}
    pages["docs/dev-guide/plugins.md"] = read_document("docs/dev-guide/plugins.md", b"# Plugins\n\nOne draws.\n", {})
    found = find_makers(dict.fromkeys(pages, "Widgets"), pages)
    assert list(found) == ["docs/dev-guide/help.md", "docs/dev-guide/a.md"]
    assert list(find_makers({"docs/dev-notes/plugins.md": "Widgets"}, {})) == ["docs/dev-notes/plugins.md"]


def test_the_page_of_a_package_is_for_makers_where_the_guide_is_elsewhere_and_does_not_lead_to_it() -> None:
    titles = dict.fromkeys(["crates/glob/README.md", "GUIDE.md"], "Widgets")

    def made(guide: str) -> list[str]:
        pages = {"crates/glob/README.md": "# Glob\n\nIt matches.\n", "GUIDE.md": f"# Guide\n\n{guide}\n"}
        return [*find_makers(titles, {path: read_document(path, text.encode(), {}) for path, text in pages.items()})]

    assert made("It finds lines that match.") == ["crates/glob/README.md"]
    assert made("Find lines with [glob](crates/glob).") == []
    assert made("Read.") == []
