"""Titles and descriptions of modules, and what stands at the end of a course."""

import pytest

from shared.engine.offline.module_titles import shorten
from shared.engine.offline.title_ties import share_numbers
from shared.engine.offline.titles import project_title
from shared.engine.offline.topics import share_words
from shared.engine.reading_order import is_apart
from shared.engine.types import DocumentAnalysis
from tests.unit.analysis.build import contents
from tests.unit.pathway.build import page, propose, section


def titles_of(groups: dict[str, dict[str, int]], *, name: str = "acme/widgets") -> list[str]:
    """The titles of a course whose documents stand in groups; each document has so many words."""
    entries: list[tuple[str, str | None, int]] = []
    pages = []
    for group, documents in groups.items():
        entries.append((group, None, 0))
        for title, words in documents.items():
            path = f"docs/{group}-{title}.md".lower().replace(" ", "-")
            entries.append((title, path, 1))
            parts = [section(f"{title} {part}", words=words // 2, code=0) for part in ("one", "two")]
            pages.append(page(path, title, sections=parts))
    return [module.title for module in propose(pages, contents(*entries), name=name)[0].modules]


def test_a_whole_group_gives_its_title() -> None:
    stores = {"Opening Stores": 700, "Reading Rows": 700, "Closing Down": 700}
    queues = {"Sending Notes": 700, "Receiving Letters": 700, "Waiting": 700}
    users = {"Signing In": 700, "Giving Rights": 700, "Passwords": 700}
    assert titles_of({"Storage": stores, "Messaging": queues, "Accounts": users}) == [
        "Storage",
        "Messaging",
        "Accounts",
    ]


def test_a_part_of_a_group_is_named_by_its_two_weightiest_documents_at_most() -> None:
    many = {f"{name} Way": 1500 for name in ("Red", "Green", "Blue", "Dark", "Light", "Warm")}
    titles = titles_of({"Colours": many, "Shapes": {"Round Things": 1500, "Square Things": 1500}})
    assert all(" and more" not in title and title.count(",") == 0 for title in titles)
    assert titles[-1] in {"Shapes", "Round and Square Things"}


def test_the_rest_of_an_introduction_is_named_by_its_headings_not_by_what_comes_beside_it() -> None:
    parts = ("Opening Stores", "Reading Rows", "Watching Keys", "Closing Stores", "Waiting Longer", "Counting Rows")
    pages = [
        page("docs/index.md", "Widgets", sections=[section(part, words=1500, code=0) for part in parts]),
        page("docs/odds.md", "Odds", sections=[section("Odds one", words=200, code=0)]),
    ]
    titles = [module.title for module in propose(pages, name="acme/widgets")[0].modules]
    assert titles[0] == "Introducing Widgets"
    assert len(titles) > 1
    assert not any("Odds" in title for title in titles)


def test_general_groups_give_no_title() -> None:
    titles = titles_of({"Guides": {"Opening Stores": 900, "Reading Rows": 300}, "Reference": {"Old Words": 900}})
    assert not {"Guides", "Reference"} & set(titles)


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (("Wildcard Subscriptions", "Queue Subscriptions"), "Wildcard and Queue Subscriptions"),
        (("Authenticating with a Token", "Authenticating with a Key"), "Authenticating with a Token and a Key"),
        (("CLI Option Prompt", "CLI Option Name", "CLI Option Callback"), "CLI Options"),
        (("Red Store", "Blue Store", "Green Store"), "Stores"),
        (("Setting up tags", "Setting up a blog", "Setting up search"), ""),
        (("How to run tests", "How to write tests", "How to skip tests"), "Tests"),
        (("Get", "Set", "Delete"), ""),
        (("Help in Depth", "Options in Depth", "Commands in Depth"), ""),
        (("Complex Applications", "Testing Click Applications"), "Applications"),
    ],
)
def test_what_names_share_is_one_title(names: tuple[str, ...], title: str) -> None:
    assert share_words(names) == title


def test_a_general_title_takes_the_name_of_its_group() -> None:
    stores = {"Configuration": 3000, "Reading Rows": 1000}
    titles = titles_of({"Row Stores": stores, "Queues": {"Configuration": 3000, "Sending Notes": 1000}})
    assert len(set(titles)) == len(titles)
    assert any("Row Stores" in title for title in titles)
    assert any("Queues" in title for title in titles)


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Fundamentals of Asynchronous Programming: Async, Await, Futures, and Streams",
         "Fundamentals of Asynchronous Programming"),
        ("A title that goes on and on until nobody remembers how it has begun at all",
         "A title that goes on and on until nobody remembers how it"),
        ("Short", "Short"),
    ],
)  # fmt: skip
def test_long_titles_are_cut_where_they_stay_whole(title: str, short: str) -> None:
    assert shorten(title) == short


@pytest.mark.parametrize(
    ("path", "title", "apart"),
    [
        ("CODE_OF_CONDUCT.md", "Contributor Covenant", True),
        ("docs/contributing.md", "How to help", True),
        ("docs/releases/1.2.md", "Release notes for 1.2", True),
        ("docs/sponsors.md", "Sponsors", True),
        ("blog/posts/2015-06-01-discovery.md", "Service Discovery", True),
        ("content/en/blog/queues.md", "Queues in Depth", True),
        ("docs/tutorials/blog/models.md", "The Models of a Blog", False),
        ("docs/security.md", "Security Considerations", True),
        ("docs/tls.md", "Securing connections", False),
        ("docs/community-detection.md", "Community detection in graphs", False),
    ],
)
def test_pages_about_the_project_are_known(path: str, title: str, apart: bool) -> None:
    assert is_apart(path, title) is apart


def test_pages_about_the_project_and_questions_come_last() -> None:
    names = ["faq", "contributing", "upgrade-guide", "install", "options", "groups"]
    pages = [page(f"docs/{name}.md", name.replace("-", " ").title()) for name in names]
    modules = propose(pages, contents(*((name, f"docs/{name}.md", 0) for name in names)))[0].modules
    order = [document for module in modules for document in module.document_ids]
    paths = {one.document_id: one.path for one in pages}
    assert [paths[document].rsplit("/", 1)[1] for document in dict.fromkeys(order)] == [
        f"{name}.md" for name in ("install", "options", "groups", "faq", "upgrade-guide", "contributing")
    ]


def test_a_description_names_what_the_title_leaves_out() -> None:
    stores = {"Opening Stores": 700, "Reading Rows": 700, "Closing Down": 700}
    queues = {"Sending Notes": 700, "Receiving Letters": 700, "Waiting Time": 700}
    entries: list[tuple[str, str | None, int]] = []
    pages = []
    for group, names in (("Storage", stores), ("Messaging", queues)):
        entries += [(group, None, 0), *((name, f"docs/{name}.md", 1) for name in names)]
        pages += [page(f"docs/{name}.md", name, sections=[section(name, words=words)]) for name, words in names.items()]
    modules = propose(pages, contents(*entries))[0].modules
    assert "You work through Opening Stores, Reading Rows and Closing Down." in [one.description for one in modules]


def test_a_checkout_that_says_no_name_is_called_as_its_overview_and_its_documents_call_it() -> None:
    overview = page("Readme.md", title="Welcome to Widgets.js - parts that move", sections=[section("Widgets")])
    others = [
        page(f"docs/{n}.md", title=f"Widgets {n}", sections=[section("WidgetPartMissingError")]) for n in ("one", "two")
    ]
    assert project_title("repo", [overview, *others], "Readme.md") == "Widgets.js"


def test_an_overview_whose_title_nobody_uses_gives_no_name() -> None:
    overview = page("Readme.md", title="Donations", sections=[section("Give")])
    others = [page(f"docs/{n}.md", title=f"ZapQueue {n}", sections=[section("ZapQueue")]) for n in ("one", "two")]
    assert project_title("repo", [overview, *others], "Readme.md") == "ZapQueue"


def test_a_command_in_small_letters_is_called_as_it_is_written() -> None:
    sentences = ["`just` is a handy way to save commands.", "It runs on FreeBSD."]
    overview = page("README.md", title="just", sections=[section("Installation")], says=sentences)
    others = [page(f"{n}.md", title=f"FreeBSD {n}", sections=[section("FreeBSD")], says=sentences) for n in "ab"]
    assert project_title("repo", [overview, *others], "README.md") == "just"
    assert project_title("just", [overview, *others], "README.md") == "just"


def _numbered(words: str, count: int) -> list[DocumentAnalysis]:
    return [
        page(
            f"{words.lower()}{number}/README.md",
            f"{words} {number}",
            sections=[section(f"Idea {part} of {words} {number}") for part in range(7)],
        )
        for number in range(1, count + 1)
    ]


@pytest.mark.parametrize(("words", "count"), [("Lesson", 4), ("Day", 9), ("Chapter", 5), ("Week", 30), ("第", 4)])
def test_numbered_documents_keep_the_authors_numbers(words: str, count: int) -> None:
    for pathway in propose(_numbered(words, count)):
        titles = [module.title for module in pathway.modules]
        assert len(set(titles)) == len(titles)
        assert all(words in title and any(map(str.isdigit, title)) for title in titles)
    assert titles_of_whole(_numbered(words, 4)) == [f"{words} {number}" for number in range(1, 5)]


def titles_of_whole(pages: list[DocumentAnalysis]) -> list[str]:
    """The titles of the complete pathway."""
    return [module.title for module in propose(pages)[0].modules]


def test_equal_titles_are_told_apart_by_their_place() -> None:
    parts = [section(f"Notes {part}", words=500) for part in range(4)]
    pages = [page(f"{folder}/notes.md", "Working Notes", sections=parts) for folder in ("orders", "billing", "users")]
    assert titles_of_whole(pages) == ["Working Notes", "Working Notes: Orders", "Working Notes: Users"]


@pytest.mark.parametrize("title", ["About", "Overview", "🎉", "?", "C++", "1", "Lesson 1", "x" * 5000, "word " * 1000])
@pytest.mark.parametrize("path", ["p{}/index.md", "p{}.md", "{}/{}/a.md", "a{}/b/c/README.md"])
def test_no_tie_of_titles_ends_a_course(title: str, path: str) -> None:
    pages = [
        page(path.format(number, number), title, sections=[section(title), section(title + " "), section("Same")])
        for number in range(50)
    ]
    for pathway in propose(pages):
        titles = [module.title for module in pathway.modules]
        assert len(set(titles)) == len(titles)
        assert all(0 < len(one) <= 60 for one in titles)


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (("Lesson 1", "Lesson 2"), "Lessons 1 and 2"),
        (("Day 3", "Day 4", "Day 5"), "Days 3 to 5"),
        (("Day 3", "Day 5"), ""),
        (("Day 3", "Week 4"), ""),
        (("Day 3", "Day 3"), ""),
        (("Day 3", "Loops"), ""),
        (("Day 3",), ""),
        ((), ""),
    ],
)
def test_names_that_differ_in_their_number_make_one_title(names: tuple[str, ...], title: str) -> None:
    assert share_numbers(names) == title
