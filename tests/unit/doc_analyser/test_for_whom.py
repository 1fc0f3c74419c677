"""Documents for users and for makers, told by signs that have to come together."""

from collections.abc import Sequence

import pytest

from services.doc_analyser.offline.for_whom import judge_all
from shared.docs.navigation import Navigation, NavigationEntry
from shared.engine.reading_order import author_positions
from shared.engine.types import DocumentAnalysis
from tests.unit.analysis.build import analysis

PLAIN = "# {title}\n\nThe widget draws a line on the canvas. A second call draws another line below it.\n"
TO_MAKERS = (
    "# {title}\n\nOpen a pull request against main. The maintainers review it. Run the tests before you push. "
    "Write a commit message that says why. The canvas is drawn by the core.\n"
)
LISTED = [f"docs/{name}.md" for name in ("ant", "bee", "cat", "dog", "elk", "fox")]
LONG = PLAIN + "\n" + " ".join(["It draws in the colour that was chosen last."] * 20) + "\n"


def document(path: str, text: str = PLAIN, title: str = "Widgets") -> DocumentAnalysis:
    return analysis(text.format(title=title), path)


def judged(*documents: DocumentAnalysis, listed: Sequence[str] = ()) -> dict[str, str]:
    """Path → reason; "" for one that is for users."""
    entries = tuple(NavigationEntry(path, path, 0) for path in listed)
    found = judge_all(documents, Navigation("mkdocs.yml" if listed else "", entries))
    assert all((one.for_whom == "makers") is bool(one.for_whom_reason) for one in found)
    return {one.path: one.for_whom_reason for one in found}


@pytest.mark.parametrize(
    ("path", "title", "said"),
    [
        ("CONTRIBUTING.md", "Contributing", "work on the project itself"),
        ("docs/how.md", "Contributing to Widgets", "work on the project itself"),
        ("docs/contributing-admins.md", "Instructions for admins", "work on the project itself"),
        ("docs/release-process.md", "Releases", "work on the project itself"),
        ("docs/about/maintainer-notes.md", "Maintainer notes", "work on the project itself"),
        ("docs/contributing.md", "Contribute a fix to the project", "work on the project itself"),
        ("docs/contributing/setup.md", "Setup", "in the folder contributing"),
        ("contributor-book/philosophy.md", "Philosophy", "in the folder contributor-book"),
        ("docs/management.md", "Repository Management", "work on the project itself"),
        ("README.md", "Building", "work on the project itself"),
        ("wiki/fast.md", "Implementation + test plan of widgets", "work on the project itself"),
        ("docs/estilo.md", "Guía de estilo", "work on the project itself"),
        ("_interneInfos/Debug.md", "Debug", "in the folder _interneInfos: internal notes"),
        ("decisions/0002-keep-it.md", "Keep it", "a record: decisions of the project"),
        ("adr/002-checks.md", "ADR-002: No Defensive Checks", "in the folder adr: decisions of the project"),
        ("050_ADRs/one.md", "One", "in the folder 050_ADRs: decisions of the project"),
        ("BUILD.md", "Building Widgets", "work on the project itself"),
        ("EMERITUS.md", "Emeritus", "work on the project itself"),
        ("PROJECT_CHARTER.md", "Widgets Charter", "work on the project itself"),
        ("style.md", "Style and conventions", "work on the project itself"),
        ("style.md", "Markdown documentation formatting guide", "work on the project itself"),
        ("Style.md", "The Book's Structure", "work on the project itself"),
        ("www/README.md", "Running The Website Locally", "work on the project itself"),
        ("blog/README.md", "Widgets Blog Content Guide", "work on the project itself"),
    ],
)
def test_names_and_folders_of_work_on_the_project(path: str, title: str, said: str) -> None:
    assert said in judged(document(path, title=title))[path]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("docs/acks.md", "Acknowledgements"),
        ("docs/prompts/colours.md", "Prompts"),
        ("docs/agents/first.md", "Your first agent"),
        ("docs/agents.md", "Agents"),
        ("docs/testing.md", "Testing"),
        ("docs/style.md", "Style"),
        ("docs/building.md", "Building"),
        ("book/contributing.md", "Contributing to a Project"),
        ("book/maintaining.md", "Maintaining an open source project"),
        ("docs/usage/WritingTests.md", "Writing Tests"),
        ("docs/templates/page.md", "Page templates"),
        ("02-decisions/if.md", "If and else"),
        ("README.md", "Widgets"),
    ],
)
def test_a_subject_that_sounds_like_one_is_for_users(path: str, title: str) -> None:
    assert judged(document(path, title=title)) == {path: ""}


def test_sentences_that_speak_to_maintainers() -> None:
    assert "4 of its 5 sentences" in judged(document("docs/way.md", TO_MAKERS))["docs/way.md"]
    assert judged(document("docs/way.md", PLAIN)) == {"docs/way.md": ""}


def test_a_project_that_is_made_for_maintainers_speaks_to_them_as_its_users() -> None:
    listed = [document(path, TO_MAKERS if at < 2 else PLAIN) for at, path in enumerate(LISTED)]
    assert not any(judged(*listed, listed=LISTED).values())
    assert "speak to maintainers" in judged(document(LISTED[0], TO_MAKERS), *listed[2:], listed=LISTED)[LISTED[0]]


def test_place_alone_says_too_little_and_is_overruled_by_the_authors_contents() -> None:
    pages = [document(path, LONG) for path in LISTED]
    outside = document("extra/notes.md")
    tests = document("extra/fixtures/page.md")
    assert judged(*pages, outside, tests, listed=LISTED) == {
        **dict.fromkeys(LISTED, ""),
        "extra/notes.md": "",
        "extra/fixtures/page.md": "for the project's makers: in the folder fixtures: tests; outside the"
        " documentation in docs and its contents",
    }
    scripts = judged(*pages, document("scripts/README.md"), listed=LISTED)["scripts/README.md"]
    assert "in the folder scripts: tools of the project; outside the documentation" in scripts
    assert "in the folder tools" in judged(*pages, document("tools/notes.md"), listed=LISTED)["tools/notes.md"]
    assert judged(*pages, tests, listed=[*LISTED, tests.path])[tests.path] == ""
    assert judged(*pages, document("README.md"), listed=LISTED)["README.md"] == ""


@pytest.mark.parametrize("said", ["This is the source repository for the Widgets documentation site.",
                                  "This repo contains the Widgets documentation.",
                                  "This repository contains both the content and the code of the documentation site.",
                                  "This site is built with VitePress and holds much."])  # fmt: skip
def test_the_readme_of_a_site_of_documentation_is_for_its_makers(said: str) -> None:
    pages = [document(path, LONG) for path in LISTED]
    readme = document("README.md", f"# Widgets\n\n{said} For local development run this.\n")
    assert "it says that this repository holds the documentation" in judged(*pages, readme, listed=LISTED)["README.md"]
    assert "it says that this repository holds the documentation" in judged(*pages, readme)["README.md"]


def test_the_pages_of_a_website_do_not_lie_beside_source_code() -> None:
    listed = [f"website/src/latest/docs/{name}.md" for name in "abcdef"]
    pages = [document(path, LONG) for path in listed]
    assert judged(*pages, document("website/src/donate.md"), listed=listed)["website/src/donate.md"] == ""
    assert judged(*pages, document("tool/src/donate.md"), listed=listed)["tool/src/donate.md"]


def test_the_folder_of_the_documentation_is_none_beside_source_code_whatever_its_name() -> None:
    listed = [f"src/guide/{name}.md" for name in "abcd"] + [f"src/api/{name}.md" for name in "abcd"]
    pages = [document(path, LONG) for path in (*listed, "src/glossary.md", "README.md")]
    assert judged(*pages, listed=listed)["src/glossary.md"] == ""
    others = [document(path, LONG) for path in (*LISTED, "src/glossary.md", "README.md")]
    assert "beside the source code" in judged(*others, listed=LISTED)["src/glossary.md"]


def test_contents_weaken_what_a_folder_says_and_do_not_silence_it() -> None:
    pages = [document(path, LONG) for path in LISTED]
    inner = document("docs/contributing/basics.md", PLAIN + TO_MAKERS.partition("\n\n")[2] + LONG.partition(". ")[2])
    found = judged(*pages, inner, listed=[*LISTED, inner.path])[inner.path]
    assert "in the folder contributing" in found
    assert "speak to maintainers" in found
    assert judged(*pages, document(inner.path, LONG), listed=[*LISTED, inner.path])[inner.path] == ""


def test_contents_do_not_make_decisions_of_the_project_pages_for_users() -> None:
    paths = [f"docs/050_ADRs/00{number}-choice.md" for number in range(4)]
    assert all(judged(*map(document, paths), document("README.md"), listed=paths)[path] for path in paths)


def test_a_folder_of_development_is_for_makers_where_one_of_its_pages_is() -> None:
    guide, page = document("docs/025_development/contributing.md"), document("docs/025_development/setup.md")
    assert judged(guide, page)[page.path]
    assert judged(page)[page.path] == ""


def test_the_first_page_of_a_documentation_is_for_users_though_it_leads_to_the_makers_pages() -> None:
    assert judged(document("docs/other.md", TO_MAKERS))["docs/other.md"]
    assert judged(document("docs/index.md", TO_MAKERS))["docs/index.md"] == ""


def test_a_page_on_hooks_that_run_before_a_commit_is_for_users() -> None:
    said = (
        "# {title}\n\n"
        + "Add the widget to pre-commit. The pre-commit hook draws. Run pre-commit once more. " * 2
        + "\n"
    )
    assert judged(document("docs/hooks.md", said)) == {"docs/hooks.md": ""}


def test_the_order_of_the_documents_does_not_matter() -> None:
    pages = [document(path) for path in LISTED] + [document("extra/fixtures/page.md"), document("CONTRIBUTING.md")]
    assert judged(*pages, listed=LISTED) == judged(*reversed(pages), listed=LISTED)


@pytest.mark.parametrize("folder", ["scripts", "requirements-dev", "bin"])
def test_scripts_outside_the_documentation_are_for_makers(folder: str) -> None:
    pages = [document(path, LONG) for path in LISTED]
    found = judged(*pages, document(f"{folder}/README.md"), listed=LISTED)
    assert f"in the folder {folder}: tools of the project" in found[f"{folder}/README.md"]
    assert judged(document("docs/scripts/a.md", LONG))["docs/scripts/a.md"] == ""


def test_a_guide_for_developers_is_for_makers_where_another_sign_says_so_too() -> None:
    found = judged(document("docs/dev-guide/plugins.md"), document("docs/developer-guide/how.md", TO_MAKERS))
    assert found["docs/dev-guide/plugins.md"] == ""
    assert found["docs/developer-guide/how.md"]


def test_a_guide_for_developers_is_for_makers_as_a_whole_where_its_index_or_most_of_its_pages_are() -> None:
    index, page = document("docs/developer-guide/index.md", TO_MAKERS), document("docs/developer-guide/tilt.md")
    inner, other = document("docs/developer-guide/plugins/one.md"), document("docs/developer-guide/how.md", TO_MAKERS)
    paths = [one.path for one in (index, page, inner, other)]
    assert [bool(reason) for reason in judged(index, page, inner, listed=paths).values()] == [True, True, False]
    another = document("docs/developer-guide/more.md", TO_MAKERS)
    assert judged(page, other, another, listed=paths)[page.path]
    assert judged(page, other, inner, listed=paths)[page.path] == ""


def test_a_folder_of_plans_is_for_makers_where_the_contents_leave_it_out() -> None:
    plan, use = document("docs/plans/001-colours.md"), document("docs/shapes/round.md")
    proposal = document("docs/proposals/001-colours.md")
    assert [bool(reason) for reason in judged(plan, use, proposal).values()] == [False, False, True]
    assert judged(proposal, *map(document, LISTED), listed=[*LISTED, proposal.path])[proposal.path] == ""
    found = judged(plan, use, *map(document, LISTED), listed=LISTED)
    assert "the author's contents leave out its folder" in found[plan.path]
    assert found[use.path] == ""
    assert judged(plan, *map(document, LISTED), listed=[*LISTED, plan.path])[plan.path] == ""


def test_the_page_of_questions_beside_one_on_releases_is_for_users() -> None:
    found = judged(document("docs/community/faq.md"), document("docs/community/release-process.md"))
    assert [bool(reason) for reason in found.values()] == [False, True]


def test_pages_outside_the_folder_of_a_site_are_for_the_makers_of_the_site() -> None:
    listed = [f"src/content/{name}.md" for name in "abcdefghijklmnopqrst"]
    pages, guide = [document(path, LONG) for path in listed], document("docs/design.md")
    site = document("README.md", "# Widget\n\nOfficial website and documentation for the Widget library.\n")
    found = judged(site, guide, *pages, listed=listed)
    assert "outside the documentation in src/content" in found["docs/design.md"]
    assert judged(document("README.md"), guide, *pages, listed=listed)["docs/design.md"] == ""


def test_the_folder_of_the_documentation_may_be_called_src() -> None:
    pages = [document(f"src/guide/{name}.md") for name in "abcdef"]
    other = document("src/about/faq.md")
    listed = ["src/api/g.md", *(one.path for one in pages)]
    assert judged(document("README.md"), *pages, document("src/api/g.md"), other, listed=listed)[other.path] == ""


def test_the_page_of_a_command_in_a_package_is_for_users_though_it_lies_beside_the_source_code() -> None:
    pages = [document(path, LONG) for path in LISTED]
    said = "# {title}\n\nThe command watches files.\n"
    place = "packages/jig/src/commands/watch/README.md"
    assert judged(*pages, document(place, said + "\n```sh\njig watch\n```\n"), listed=LISTED)[place] == ""
    assert "beside the source code" in judged(*pages, document(place, said), listed=LISTED)[place]


@pytest.mark.parametrize(
    ("said", "is_for_makers"),
    [
        ("This repository contains an Antora docs component for the widget.", True),
        ("Official website and documentation for the Widget library.", True),
        ("This repository contains the AsciiDoc and other sources to build the Widget Guide.", True),
        ("This is the source of the Widget website, [widget.dev](https://widget.dev).", True),
        ("This is the source code for Widget, a static site generator.", False),
        ("This repository contains the sources of the widget and of its tools.", False),
        ("This repository contains the code and documentation of the widget.", False),
        ("Documentation for widgets is found on the site.", False),
    ],
)
def test_a_readme_of_a_repository_of_documentation_is_for_its_writers(said: str, is_for_makers: bool) -> None:
    listed = [f"modules/pages/{name}.md" for name in "abcdef"]
    pages = [document(path) for path in listed]
    found = judged(document("README.md", f"# {{title}}\n\n{said}\n"), *pages, listed=listed)["README.md"]
    assert ("holds the documentation" in found) is is_for_makers
    assert judged(document("README.md", f"# {{title}}\n\n{said}\n")) == {"README.md": ""}


@pytest.mark.parametrize(("heading", "is_for_makers"), [("Development", True), ("Usage", False)])
def test_a_readme_that_only_says_how_to_run_a_site_is_for_its_writers(heading: str, is_for_makers: bool) -> None:
    listed = [f"content/{name}.md" for name in "abcdef"]
    text = f"## Widget Guides\n\nLearn it.\n\n## Requirements\n\n* Git\n* Hugo\n\n## {heading}\n\nRun `bin/server`.\n"
    pages = [*map(document, listed), document("README.md", text)]
    assert bool(judged(*pages, listed=listed)["README.md"]) is is_for_makers


def test_a_readme_of_a_folder_of_work_on_the_project_is_for_makers() -> None:
    said = "# {title}\n\nThe site comes from this directory.\n"
    found = judged(document("dev/README.md", said), document("docs/README.md", said))
    assert "what lies in its folder" in found["dev/README.md"]
    assert found["docs/README.md"] == ""


def test_the_contents_of_a_corner_do_not_make_the_rest_material_for_makers() -> None:
    corner = [document(f"src/content/more/parts/{name}.md") for name in ("index", "ant", "bee", "cat", "dog", "elk")]
    others = [document(f"src/content/docs/starter/{name}.md") for name in "abcdefghij"]
    others += [document(f"src/content/api/{name}.md") for name in "klmno"]
    entries = tuple(NavigationEntry("", one.path, 0) for one in corner)
    found = judge_all([*corner, *others], Navigation(corner[0].path, entries))
    assert {one.for_whom for one in found} == {"users"}
    assert not author_positions(found, Navigation(corner[0].path, entries))


def test_contents_do_not_weaken_a_folder_of_work_that_holds_a_page_for_makers() -> None:
    page, guide = document("docs/contribute/threads.md"), document("docs/contribute/contributing.md")
    assert judged(page, listed=[page.path])[page.path] == ""
    assert judged(page, guide, listed=[page.path])[page.path]
    faq, other = document("docs/guides/faq.md"), document("docs/guides/contributing.md")
    assert judged(faq, other)[faq.path] == ""


def test_what_lies_beside_the_settings_of_a_site_is_for_makers_and_what_lies_among_its_pages_is_not() -> None:
    pages = [document("site/README.md"), document("site/pages/a.md")]
    for origin, makers in (("site/sidebars.json", ["site/README.md"]), ("site/_sidebar.md", []), ("mkdocs.yml", [])):
        found = judge_all(pages, Navigation(origin, (NavigationEntry("A", "site/pages/a.md", 0),)))
        assert [one.path for one in found if one.for_whom == "makers"] == makers


def test_the_names_inside_of_a_project_are_for_makers_and_its_internals_in_prose_for_users() -> None:
    paths = ["docs/internals/reference/core.md", "docs/internals/protocol.md"]
    assert [bool(one) for one in judged(*map(document, paths), listed=paths).values()] == [True, False]


def test_a_file_of_conventions_is_for_makers_though_its_name_is_one_word() -> None:
    assert judged(document("CODECONVENTIONS.md", title="Commits"), document("README.md"))["CODECONVENTIONS.md"]


def test_a_coding_style_is_for_users_where_the_contents_list_it() -> None:
    style = document("docs/coding_style.md", title="Coding Style")
    assert judged(style)[style.path]
    assert not judged(style, listed=[style.path])[style.path]


def test_a_community_that_tells_how_to_contribute_is_for_makers_where_its_pages_speak_to_them() -> None:
    pages = [document(f"docs/community/{name}.md", title=name) for name in ("contributing", "tutorials")]
    asking = document("docs/community/process.md", TO_MAKERS + "The canvas is kept in the core. " * 9, "Process")
    found = judged(*pages, asking)
    assert [path for path, reason in found.items() if not reason] == ["docs/community/tutorials.md"]


def test_a_package_that_no_page_leads_to_is_for_makers_beside_a_longer_documentation() -> None:
    guide, engine = "# Widgets\n\nSee [the engine](crates/engine).\n\n" + LONG, document("crates/engine/README.md")
    other = document("crates/matcher/README.md")
    found = judged(document("README.md", guide), engine, other)
    assert [path for path, reason in found.items() if reason] == ["crates/matcher/README.md"]
    assert not any(judged(document("README.md"), engine, other).values())
    assert not any(judged(document("guide.md", guide), other).values())


def test_a_note_beside_the_code_is_for_makers_unless_a_page_leads_to_it_or_most_pages_lie_there() -> None:
    readme = document("README.md", LONG)
    note, guide = document("src/bytes/search.md"), document("docs/guide.md", LONG)
    assert "no page leads to it" in judged(readme, guide, note)["src/bytes/search.md"]
    hosted = document("docs/host.md", f"{LONG}\n[Bytes](https://host.example/a/b/blob/main/src/bytes/search.md#one)\n")
    assert judged(readme, guide, note, hosted)["src/bytes/search.md"] == ""
    leading = document("docs/more.md", f"{LONG}\n[Bytes](../src/bytes/search.md) are sought.\n")
    assert judged(readme, guide, note, leading)["src/bytes/search.md"] == ""
    pages = [document(f"src/part-{name}.md", LONG) for name in "abcdef"]
    assert set(judged(readme, *pages).values()) == {""}
