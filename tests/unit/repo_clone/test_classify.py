"""Which files of a listing are documentation, and the reason each other one is given."""

import pytest

from services.repo_clone.classify import TOO_LARGE, kind_of, leave_out_reasons, overview_candidates
from shared.docs.formats import PART

LIMIT = 1024


def reason(path: str, *beside: str, size: int | None = 100, named: frozenset[str] = frozenset()) -> str:
    files = dict.fromkeys(("README.md", *beside), 100) | {path: size}
    return leave_out_reasons(files, LIMIT, named)[path]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("node_modules/x/README.md", "vendored"),
        ("web/node_modules/x/docs/a.md", "vendored"),
        ("third_party/lib/README.md", "vendored"),
        ("vendor/docs/guide.md", "vendored"),
        ("external/x/README.md", "vendored"),
        ("tests/README.md", "tests"),
        ("pkg/integration-tests/notes.md", "tests"),
        ("tests_functional/issue_12/README.md", "tests"),
        ("pkg/testdata/page.md", "tests"),
        ("sample-data/artichoke.md", "tests"),
        ("docs/__tests__/page.md", "tests"),
        ("packages/x/__e2e__/fixtures/a.md", "tests"),
        ("plugin/src/it/book/src/site/guide.adoc", "tests"),
        ("tools/fake-docs/myspec/spec.md", "tests"),
        ("TRANSLATING_JA.md", "project administration"),
        ("docs/translating-messages.md", ""),
        ("docs/_build/index.rst", "generated"),
        ("docs/generated/api.md", "generated"),
        ("dist/README.md", "generated"),
        ("CHANGELOG.md", "changelog"),
        ("CHANGES.rst", "changelog"),
        ("HISTORY.md", "changelog"),
        ("docs/changelog.md", "changelog"),
        ("docs/versions.rst", "changelog"),
        ("docs/version-history.md", "changelog"),
        ("docs/release-notes.md", "changelog"),
        ("relnotes/v1.2.md", "changelog"),
        ("doc/release/old_release_log.rst", "changelog"),
        ("docs/unreleased/README.txt", "changelog"),
        ("docs/releases/1.4.2.txt", "changelog"),
        ("doc/en/announce/release-2.0.1.rst", "changelog"),
        ("doc/whatsnew/v1.2.0.rst", "changelog"),
        ("docs/whats_new_210.md", "changelog"),
        ("changelog/123.bugfix.rst", "changelog"),
        ("docs/community/3.1-announcement.md", "changelog"),
        ("LICENSE.txt", "licence"),
        ("LICENSE", "licence"),
        ("docs/license.md", "licence"),
        ("LICENSE-MIT.md", "licence"),
        ("COPYING", "licence"),
        ("CONTRIBUTING.md", ""),
        ("docs/contributing.md", ""),
        ("docs/contributing/style.md", ""),
        ("CODE_OF_CONDUCT.md", "project administration"),
        ("SECURITY.md", "project administration"),
        (".github/SUPPORT.md", "project administration"),
        (".github/ISSUE_TEMPLATE/bug.md", "project administration"),
        ("AUTHORS", "project administration"),
        ("docs/tidelift.rst", "project administration"),
        ("docs/sponsorship.md", "project administration"),
        ("AGENTS.md", "project administration"),
        ("docs/AGENTS.md", "project administration"),
        ("docs/agents.md", ""),
        ("docs/models/gemini.md", ""),
        ("TODO.md", "project administration"),
        (".claude/skills/x.md", "settings of a tool"),
        ("SUMMARY.md", "table of contents"),
        ("docs/_sidebar.md", "table of contents"),
        ("part-one/toc.md", "table of contents"),
        ("docs/modules/x/nav.adoc", "table of contents"),
        ("docs/404.md", "error page"),
        ("docs/adr/template.md", "template"),
        (".verb.md", "template"),
        ("LICENSE-logo.md", "licence"),
        ("icons/LICENSE-SIL-OFL-1.1.md", "licence"),
        ("guides/license-server.md", ""),
        ("cran-comments.md", "project administration"),
        ("revdep/problems.md", "tests"),
        ("fuzz/README.md", "tests"),
        ("docs/fuzzing/start.md", ""),
        ("cli/templates/default/README.md", "template"),
        ("theme/layouts/all.md", "template"),
        ("{{cookiecutter.name}}/README.md", "template"),
        ("docs/_includes/note.md", "part of other pages"),
        ("docs/_warning.mdx", "part of other pages"),
        ("docs/cli-generated.md", "part of other pages"),
        ("docs/snippets/install.md", "part of other pages"),
        ("docs/archive/old.md", "archived"),
        ("_archive_/old.md", "archived"),
        ("notes.txt", "not documentation text"),
        ("docs/spelling_wordlist.txt", "not documentation text"),
        ("listings/ch02/output.txt", "not documentation text"),
        ("licenses/widgets.md", "licence"),
        ("vendor_licenses/click-LICENSE.rst", "licence"),
        ("docs/templates/readme.txt", "template"),
    ],
)
def test_what_only_looks_like_documentation_is_left_out_with_its_reason(path: str, expected: str) -> None:
    assert reason(path) == expected


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "README",
        "docs/index.md",
        "docs/testing.md",
        "docs/tests/writing.md",
        "src/ch11-writing-automated-tests/intro.md",
        "docs/concepts/security.md",
        "docs/guides/support.md",
        "docs/support-multiple-versions.md",
        "docs/guide/history-mode.md",
        "docs/change-detection.md",
        "docs/tutorial/todo-app.md",
        "docs/license-server.md",
        "docs/news-feed.md",
        "docs/topics/db.txt",
        "docs/templates/inheritance.md",
        "docs/templates/readme.md",
        "docs/licenses/choose.md",
        "blog/2024-01-02-how-we-test.md",
        "examples/naval/README",
        "content/en/_index.md",
        "INSTALL.txt",
        "site/content/docs/a.md",
        "notebooks/01-start.ipynb",
        "docs/Überblick.md",
    ],
)
def test_documentation_stays_whatever_word_its_name_begins_with(path: str) -> None:
    assert reason(path) == ""


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("docs/tool.org", "Org"),
        ("tool.1", "the format of manual pages"),
        ("tool.1.in", "the format of manual pages"),
        ("manual.texi", "Texinfo"),
        ("docs/content/v2/manual.yml", "YAML"),
    ],
)
def test_documentation_in_a_format_without_a_reader_is_named(path: str, name: str) -> None:
    assert reason(path) == f"not read: written in {name}"


def test_the_help_page_of_a_plugin_of_vim_is_not_read() -> None:
    plugin = {"plugin/jig.vim": 9, "doc/jig.txt": 9, "doc/guide.md": 9}
    found = leave_out_reasons(plugin, LIMIT)
    assert found == {"doc/jig.txt": "not read: written in the format of Vim's help pages", "doc/guide.md": ""}
    assert leave_out_reasons({"doc/jig.txt": 9}, LIMIT) == {"doc/jig.txt": ""}


@pytest.mark.parametrize(
    "path",
    [
        "requirements.txt", "CMakeLists.txt", "src/main.py", "docs/picture.png", "robots.txt", "lib/libtool.so.1",
        "release-1.2", "CHANGELOG.1", "tests/tool.org", "vendor/x.texi",
    ],
)  # fmt: skip
def test_a_file_that_is_no_documentation_of_the_project_gets_no_reason(path: str) -> None:
    assert path not in leave_out_reasons({path: 10}, LIMIT)


def test_a_file_that_was_filtered_out_or_is_too_large_says_so() -> None:
    assert reason("docs/a.md", size=None) == TOO_LARGE
    assert reason("docs/a.md", size=LIMIT + 1) == TOO_LARGE
    assert reason("docs/a.md", size=LIMIT) == ""


def test_an_empty_file_says_so() -> None:
    assert reason("docs/a.md", size=0) == "empty"


def test_the_folder_site_is_generated_only_beside_a_site_configuration() -> None:
    assert reason("site/guide/index.md") == ""
    assert reason("site/guide/index.md", "mkdocs.yml") == "generated"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/tests/intro.md", ""),
        ("vendor/guide.md", ""),
        ("docs/archive/old.md", ""),
        ("content/en/methods/CodeOwners.md", ""),
        ("docs/changelog.md", "changelog"),
        ("docs/versions.rst", "changelog"),
        ("docs/version-history.md", "changelog"),
        ("docs/contributing.md", ""),
        ("docs/a/b/c/contributing.md", ""),
        ("docs/_includes/note.md", "part of other pages"),
    ],
)
def test_the_authors_table_of_contents_overrules_places_but_not_changelogs_and_administration(
    path: str, expected: str
) -> None:
    assert reason(path, named=frozenset({path})) == expected


def test_overview_candidates_are_readmes_and_first_pages_best_first() -> None:
    documents = [
        "README.md", "README.dialects.rst", "docs/index.md", "docs/guide/deep/README.md", "src/ch00-00-introduction.md",
        "docs/getting-started.md", "src/ch05-00-overview.md", "packages/a/README.md",
    ]  # fmt: skip
    order = ["src/title-page.md", "src/ch00-00-introduction.md"]
    assert overview_candidates(documents, order) == (
        "README.md", "src/ch00-00-introduction.md", "docs/getting-started.md", "docs/index.md",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("docs/a.md", "documentation"),
        ("a/b.rs", "code"),
        ("Makefile", "code"),
        ("x.PNG", "picture"),
        ("conf/a.yaml", "data"),
        ("bin/thing", "other"),
    ],
)
def test_kinds_come_from_names(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_dated_posts_are_left_out_where_there_is_documentation_besides() -> None:
    posts = ["blog/2024-01-09-news.md", "site/_posts/2023/2023-02-01-more.md", "site/posts/2020-5-15-out.md"]
    guide = [f"docs/page-{number}.md" for number in range(10)]
    reasons = leave_out_reasons(dict.fromkeys([*posts, *guide, "blog/how-to.md"], 100), 1000)
    assert [path for path, why in reasons.items() if why == "a dated post of a blog"] == posts
    assert not any(leave_out_reasons(dict.fromkeys([*posts, *guide[:9]], 100), 1000).values())
    assert not any(leave_out_reasons(dict.fromkeys([*posts, *guide], 100), 1000, frozenset(posts)).values())


def test_a_folder_of_snippets_that_holds_most_of_the_documents_is_the_documentation() -> None:
    snippets = [f"content/snippets/s/chunk-{number}.md" for number in range(12)]
    hidden = ["content/snippets/_includes/a.md", "content/snippets/_b.md"]
    reasons = leave_out_reasons(dict.fromkeys([*snippets, *hidden, "README.md"], 100), LIMIT)
    assert [path for path, why in reasons.items() if why] == hidden
    guide = [f"docs/page-{number}.md" for number in range(12)]
    reasons = leave_out_reasons(dict.fromkeys([*snippets, *guide], 100), LIMIT)
    assert [path for path, why in reasons.items() if why == "part of other pages"] == snippets
    reasons = leave_out_reasons(dict.fromkeys([*snippets[:9], "README.md"], 100), LIMIT)
    assert [path for path, why in reasons.items() if why] == snippets[:9]


def test_the_folder_of_a_sites_templates_is_no_documentation() -> None:
    assert reason("docs/theme/src/README.md", "docs/theme/main.html") == "template"
    assert reason("docs/theme/src/README.md", "docs/main.html") == ""


def test_what_lies_beside_a_skill_is_for_agents() -> None:
    found = leave_out_reasons(
        dict.fromkeys(("skills/draw/SKILL.md", "skills/draw/references/a.md", "skills/a.md"), 9), 99
    )
    assert [*found.values()] == ["instructions for agents", "instructions for agents", ""]
    docs = dict.fromkeys(("docs/SKILL.md", "docs/a.md"), 9)
    assert leave_out_reasons(docs, 99)["docs/a.md"] == ""


def test_a_page_that_a_toctree_names_is_a_page_though_its_name_begins_as_a_part() -> None:
    named = frozenset({"docs/lib/_thread.rst", "docs/_includes/a.rst", "docs/_b.md"})
    assert [path for path in sorted(named) if not reason(path, named=named)] == ["docs/lib/_thread.rst"]
    assert reason("docs/lib/_thread.rst") == PART
