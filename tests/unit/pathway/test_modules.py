"""Modules planned once: how long they are, where documents are cut, what goes together, and what it is called."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.doc_analyser.offline.entries import mark_entries
from services.pathway.offline.material import gather
from services.pathway.offline.modules import plan_modules
from services.pathway.offline.naming import (
    clean_name,
    name_entry,
    name_group,
    name_part,
    tell_apart,
    with_kind,
)
from services.pathway.offline.outline import document_node
from services.pathway.offline.pack import partition
from services.pathway.offline.planning import Planning
from services.pathway.offline.trails import find_trails
from shared.course.audience import Audience
from shared.docs.navigation import Navigation, NavigationEntry
from shared.engine.payloads import AnalysisSet
from shared.engine.port import ProjectFacts
from shared.engine.titles import bare_name, project_title
from shared.engine.types import ConceptGraph, DocumentAnalysis, PathwayModule, SectionOutline
from shared.events.base import Level
from shared.language.headings import clean_heading
from tests.support.processor_time import processor_seconds
from tests.unit.analysis.build import analysis, contents
from tests.unit.pathway.build import page, propose, section


def long_page(path: str, title: str, headings: Sequence[str], words: int = 1800) -> DocumentAnalysis:
    """A document of one top heading with parts of nine minutes below it."""
    top = section(title, level=1, words=100, code=0)
    parts = [section(f"{title}/{name}", words=words, code=0) for name in headings]
    parts = [
        one.model_copy(update={"parent": top.id, "heading": name}) for one, name in zip(parts, headings, strict=True)
    ]
    return page(path, title, sections=[top, *parts])


def planned(
    analyses: Sequence[DocumentAnalysis], navigation: Navigation | None = None, level: Level = "intermediate"
) -> tuple[PathwayModule, ...]:
    return propose(analyses, navigation, Audience(level))[0].modules


def test_a_long_document_is_cut_at_its_headings_and_each_part_has_the_name_of_one() -> None:
    names = ["Colours", "Lines", "Curves", "Text", "Pictures", "Export"]
    pages = {
        "Drawing": long_page("docs/draw.md", "Drawing", names),
        "Prints": long_page("docs/prints.md", "Prints", names),
    }
    modules = planned([*pages.values()])
    assert [(module.part, module.title) for module in modules] == [
        (title, f"{title}: {name}") for title in pages for name in names
    ]
    opened = ["Drawing", *names[1:]]  # what opens the course has its name
    alone = planned([pages["Drawing"], page("docs/all.md", "Index")])
    assert [(module.part, module.title) for module in alone][:6] == [("", name) for name in opened], (
        "nearly all there is"
    )
    front = planned([long_page("README.md", "Drawing", names)])
    assert [module.title for module in front] == opened, "another part is not called after the project"
    assert {module.part for module in front} == {""}, "nor stands it in a part of that name"
    other = planned([long_page("packages/read/home.md", "Widgets", names)])
    assert [(module.title, module.part) for module in other] == [(name, "") for name in ("Widgets", *names[1:])]


def test_the_parts_of_a_heading_that_is_cut_have_the_name_of_their_page() -> None:
    parts = [section(name, words=3000, code=0) for name in ("Hulls", "Engines", "Oars")]
    below = [section(name, level=3, words=words, code=0).model_copy(update={"parent": parts[1].id})
             for name, words in (("Fuel", 5000), ("Oil", 5000))]  # fmt: skip
    ship = page("docs/ship.md", "Ships", sections=[*parts[:2], *below, parts[2]])
    other = long_page("docs/draw.md", "Drawing", [*"ABCDEFGH"], words=3000)
    assert [module.title for module in planned([ship, other])][:5] == [
        "Ships: Hulls", "Ships: Engines", "Ships: Fuel", "Ships: Oil", "Ships: Oars",
    ]  # fmt: skip


def test_many_short_headings_share_modules_that_are_called_after_the_first_and_the_last() -> None:
    slides = [section(f"Slide {number}", words=300 if number % 20 in (5, 9) else 150, code=0) for number in range(80)]
    names = [f"Slide {number} to Slide {number + 19}" for number in (0, 20, 40, 60)]
    modules = planned([page("docs/b.md", "Talk", sections=slides)])
    assert [module.title for module in modules] == names
    assert [module.title for module in planned([page("README.md", "Talk", sections=slides)])] == names


def test_a_heading_that_fills_a_module_has_one_among_many_short_ones() -> None:
    names = [*"abcdefg", "Verbs", *"hijklm"]
    parts = [section(name, words=2600 if name == "Verbs" else 500, code=0) for name in names]
    modules = planned([page("docs/b.md", "Talk", sections=parts)])
    assert [module.title for module in modules] == ["a to g", "Verbs", "h to m"]
    few = planned([page("docs/b.md", "Talk", sections=[section(name, words=1500, code=0) for name in "abcdefg"])])
    assert [module.title for module in few] == [*"abcdefg"]


def test_a_heading_without_text_is_no_deeper_than_those_beside_it() -> None:
    sections: list[SectionOutline] = []
    for at in range(24):
        sections.append(section(f"Chapter {at}", words=0 if at % 8 == 0 else 400, code=0))
        if at % 8 == 0:
            below = section(f"Part {at}", level=3, words=420, code=0)
            sections.append(below.model_copy(update={"parent": sections[-1].id}))
    titles = [module.title for module in planned([page("docs/b.md", "Talk", sections=sections)])]
    assert titles == [f"Chapter {at} to Chapter {at + 7}" for at in (0, 8, 16)]


def test_a_few_long_headings_do_not_part_many_short_ones() -> None:
    parts = [section(f"Tip {at}", words=8000 if at % 8 == 0 else 200, code=0) for at in range(24)]
    titles = [module.title for module in planned([page("docs/b.md", "Talk", sections=parts)])]
    assert len(titles) < 12
    assert titles[0] == "Tip 0"


def test_the_title_of_a_page_does_not_begin_with_the_name_of_the_project() -> None:
    front = page("README.md", "Widgets", says=["Widgets is a toolkit."])
    day = page("docs/a.md", "Widgets: Day 2", sections=[section("Widgets: Day 2", level=1), section("Someday 2")])
    modules = planned([front, day, page("docs/b.md", "Ropes: A")])
    assert [one.title for one in modules] == ["Widgets", "Day 2", "Ropes: A"]


def test_the_short_pages_of_a_group_are_one_module_that_is_called_like_the_group() -> None:
    groups = {"Storage": "abc", "Tasks": "defgh", "Basics": "jkl", "Tools": "tsrqponm"}
    entries: list[tuple[str, str | None, int]] = []
    for group, members in groups.items():
        entries.append((group, None, 0))
        entries += [(name.upper(), f"docs/{name}.md", 1) for name in members]
    pages = [
        page(f"docs/{name}.md", f"Topic {name.upper()}",
             sections=[section(f"{name}{i}", words=240 + 40 * (name in "nq"), code=0) for i in "xyz"])
        for members in groups.values() for name in members
    ]  # fmt: skip
    titles = [module.title for module in planned(pages, contents(*entries))]
    tools = ["Tools: Topic T to Topic Q", "Tools: Topic P to Topic M"]
    assert titles == ["Storage", "Tasks", *(f"Topic {name}" for name in "JKL"), *tools]


def test_a_short_page_is_never_taught_under_the_title_of_another() -> None:
    pages = [
        page("docs/a.md", "Tips", doc_type="overview", sections=[section("a", words=300, code=0)]),
        page("docs/b.md", "Streams", sections=[section("b", words=3000, code=0)]),
        page("docs/c.md", "Colophon", sections=[section("c", words=100, code=0)]),
    ]
    pages[2] = pages[2].model_copy(update={"links": ("docs/b.md",)})
    listed = contents(*[("", one.path, 0) for one in pages])
    assert [module.title for module in planned(pages, listed)] == ["Tips", "Streams", "Colophon"]


@pytest.mark.parametrize(("words", "stands"), [(150, ["How-to guides", "Task a"]), (60, ["Task a", "Task b"])])
def test_a_page_that_introduces_many_others_stands_before_them_by_itself_if_it_says_much(
    words: int, stands: list[str]
) -> None:
    guides = [page(f"docs/how-to/{n}.md", f"Task {n}", sections=[section(n, words=300)]) for n in "abcdefg"]
    preface = page("docs/how-to/index.md", "How-to guides", sections=[section("pre", words=words, code=0)])
    entries = [("How-to guides", preface.path, 0), *(("", one.path, 1) for one in guides)]
    modules = planned([*guides, preface], contents(*entries))
    assert [module.title for module in modules[:2]] == stands or modules[0].title.endswith(stands[0])
    assert modules[0].document_ids[0] == preface.document_id
    assert len(modules) == (8 if words == 150 else 7)


def test_front_pages_are_one_module_with_the_name_of_the_project() -> None:
    pages = [page(path, title, doc_type="overview", sections=[section(path, words=300)])
             for path, title in (("README.md", "Widgets"), ("docs/index.md", "Widgets: the library"))]  # fmt: skip
    assert [module.title for module in planned([*pages, page("docs/use.md", "Ropes")])] == ["Widgets", "Ropes"]


def test_a_list_of_links_gives_no_groups_and_folders_do() -> None:
    paths = ["docs/bindings/a.md", "docs/formats/b.md", "docs/bindings/c.md", "docs/formats/d.md"]
    pages = [page(path, f"Topic {path[-4].upper()}", sections=[section(path, words=800, code=0)]) for path in paths]
    listed = contents(("", "README.md", 0), *[("", path, 1) for path in paths])
    assert [module.title for module in planned(pages, listed)] == ["Bindings", "Formats"]


def test_a_section_of_any_length_is_never_cut() -> None:
    pages = [page("docs/a.md", "Huge", sections=[section("a", words=20_000, code=0), section("b", words=4000, code=0)])]
    assert [len(module.sections) for module in planned(pages)] == [1, 1]


@settings(max_examples=80)
@given(st.lists(st.floats(0.1, 60), min_size=1, max_size=40))
def test_a_partition_holds_everything_in_order_and_fits_where_it_can(minutes: list[float]) -> None:
    runs = partition(minutes, 10, 40)
    assert [at for start, end in runs for at in range(start, end)] == list(range(len(minutes)))
    for start, end in runs:
        # A thing that fills a module by itself may take a trifle with it.
        assert sum(minutes[start:end]) <= 40 + min(10, 1.15 * max(minutes[start:end])) or end - start == 1
    short = [sum(minutes[start:end]) < 10 for start, end in runs]
    assert sum(short) <= 1 + sum(one > 30 for one in minutes)


def test_a_partition_prefers_the_cheaper_cut() -> None:
    assert partition([20, 20, 20], 10, 40, lambda start, _: 1.0 * (start == 1)) == [(0, 2), (2, 3)]
    assert partition([20, 20, 20], 10, 40, lambda start, _: 1.0 * (start == 2)) == [(0, 1), (1, 3)]


def test_parts_are_called_by_their_headings() -> None:
    assert name_part("Options", "1. Prompts") == "Options: Prompts"
    assert name_part("", "A") == "A"
    assert name_part("Options", "Options") == name_part("Options", "") == "Options"


def test_a_number_is_not_part_of_a_name() -> None:
    assert [clean_name(one) for one in ("1. Streams", "2.1 Views", "3 Ways")] == ["Streams", "Views", "3 Ways"]
    assert clean_name("2. Part 2: {#if ...}") == "Part 2: {#if ...}"
    assert clean_name("{#if ...}") == clean_heading("{#if ...}") == "{#if ...}"
    assert (clean_heading("» Next steps"), clean_heading("¿Qué es?"), clean_heading("[tool.x]")) == (
        "Next steps", "¿Qué es?", "[tool.x]",
    )  # fmt: skip
    assert [clean_heading(one) for one in ("&& - Logical AND", "`if !`", "Hello!", "👉 Go.")] == [
        "&& - Logical AND", "if !", "Hello", "Go",
    ]  # fmt: skip
    assert (clean_name("`macro_rules!`"), clean_name("Welcome!"), clean_name("Try it!")) == (
        "macro_rules!", "Welcome", "Try it",
    )  # fmt: skip


def test_groups_that_say_nothing_have_no_name() -> None:
    assert name_group("Storage", "Widgets") == "Storage"
    assert name_group("Table des matières", "Widgets") == ""
    for nothing in ("Welcome to Widgets", "Widgets documentation", "Docs", "Widgets"):
        assert name_group(nothing, "Widgets") == ""
    assert (name_group("Content", "Widgets"), name_group("content", "Widgets", is_folder=True)) == ("Content", "")


def test_a_part_is_called_content_where_the_author_says_so_and_not_where_a_folder_is() -> None:
    pages = [page(f"{folder}/{name}.md") for folder in ("content", "tools") for name in ("kettles", "cups", "pans")]
    tools = [NavigationEntry("", one.path, 1) for one in pages[3:]]
    own = [NavigationEntry("", one.path, 1) for one in pages[:3]]
    listed = (NavigationEntry("Content", None, 0), *tools, NavigationEntry("Tools", None, 0), *own)
    known = AnalysisSet(analyses=tuple(pages), graph=ConceptGraph())
    for navigation, groups in ((Navigation("nav.yml", listed), ["Tools", "Content"]), (Navigation(), ["", "Tools"])):
        material = gather(known, ProjectFacts("acme/widgets", None, navigation), Audience("intermediate"))
        found = ["".join(material.groups_around(one.document_id)[:1]) for one in pages[::3]]
        assert found == groups


def test_titles_that_are_equal_get_the_place_that_tells_them_apart_their_file_or_a_number() -> None:
    places = [
        ["Clients", "Go"],
        ["Clients", "Java"],
        [],
        [],
        ["Routing"],
        ["Routing"],
        ["Go", "Core"],
        ["Java", "Core"],
    ]
    titles = ["Leaf", "Leaf", "Routes", "Routes", "Streams", "Introduction", "Types", "Types"]
    files = ["go", "java", "routes", "routes_remote", "streams", "intro", "types", "types"]
    found = tell_apart(titles, lambda at: places[at], lambda at: files[at], ["Routing: Streams", "Streams"])
    assert found == [
        "Go: Leaf", "Java: Leaf", "Routes", "Routes (Routes remote)", "Routing: Streams (2)", "Introduction",
        "Go: Types", "Java: Types",
    ]  # fmt: skip


def test_a_part_of_a_page_is_called_after_the_names_that_its_headings_declare() -> None:
    names = ("automock [boolean]", "cache.open(path, ...flags)", "globals [map<text, list<text>>]", "When (and why)")
    assert [name_entry(one) for one in names] == ["automock", "cache.open", "globals", "When (and why)"]
    options = [section("Options", words=0, code=0)]
    for at in range(30):
        one = section(f"option{at} [boolean]", level=3, words=300, code=0)
        options.append(one.model_copy(update={"parent": options[0].id}))
    modules = planned(
        [page("docs/set.md", "Settings", sections=options), long_page("docs/b.md", "Talk", [*"abcdefgh"])]
    )
    assert modules[0].title.startswith("Settings: option0 to option")


def test_titles_that_differ_by_a_plural_get_the_places_that_tell_them_apart() -> None:
    places = [["Types"], ["C bindings"], ["C bindings"]]
    assert tell_apart(["Structs", "struct", "fun"], lambda at: places[at], lambda at: f"{at}.md") == [
        "Types: Structs", "C bindings: struct", "fun",
    ]  # fmt: skip


def test_of_many_documents_with_one_title_each_has_the_heading_right_below_it() -> None:
    top = section("Sample", level=1, words=0, code=0)
    pages = [
        page(f"{name.lower()}/README.md", "Sample", sections=[top, section(below, words=900, code=0)])
        for name, below in {"Ant": "Go and Nginx", "Bee": "Flask and Redis", "Cat": "Usage", "Dog": "Usage"}.items()
    ]
    assert [one.title for one in planned(pages)][:2] == ["Go and Nginx", "Flask and Redis"]
    assert all("Sample" in one.title for one in [*planned(pages)[2:], *planned(pages[:2])])


def test_a_title_that_says_little_has_the_authors_group_before_it_where_a_part_holds_more_than_that_group() -> None:
    places = [["Using it", "Signer"], ["Using it"], []]
    titles, parts = ["Basics", "Examples", "API"], ["Using it", "Using it", ""]
    found = tell_apart(titles, lambda at: places[at], lambda at: titles[at].lower(), (), parts)
    assert found == ["Signer: Basics", "Examples", "API"]


def test_a_number_is_not_given_twice() -> None:
    assert tell_apart(["Ropes"], lambda _: [], lambda _: "README.md", ["Ropes", "Ropes (2)"]) == ["Ropes (3)"]
    paths = ["README.md", "packages/ropes/README.md", "docs/ropes.md"]
    found = tell_apart(["Ropes"] * 3, lambda _: [], lambda at: paths[at])
    assert found == ["Ropes", "Ropes (packages)", "Ropes (docs)"]


@pytest.mark.parametrize("project", ["x/drawing", "x/pens"])
def test_a_second_piece_of_a_front_page_is_called_by_its_headings(project: str) -> None:
    names = ["Intro", *(f"Part {at}" for at in range(9))]
    long = long_page("README.md", "Drawing", names)
    material = gather(
        AnalysisSet(analyses=(long,), graph=ConceptGraph()), ProjectFacts(project), Audience("intermediate")
    )
    planning = Planning(material)
    keys = [one.key for one in material.taught]
    first, second = (planning.modules_of(frozenset(keys[at : at + 3]), "How to") for at in (0, 4))
    assert [module.title for module in (*first, *second)] == ["How to: Drawing", "How to: Part 2"]


def test_a_piece_that_begins_with_a_note_deep_in_a_front_page_is_called_by_the_heading_around_it() -> None:
    top = section("Drawing", level=1, words=100, code=0)
    main = section("Advanced topics").model_copy(update={"parent": top.id})
    note = section("Press return", level=4).model_copy(update={"parent": main.id})
    front = page("README.md", "Drawing", sections=[top, main, note])
    known = AnalysisSet(analyses=(front,), graph=ConceptGraph())
    material = gather(known, ProjectFacts("x/pens"), Audience("intermediate"))
    (piece,) = Planning(material).modules_of(frozenset([(front.document_id, note.id)]), "More")
    assert piece.title == "More: Advanced topics"


def test_a_part_of_a_page_whose_headings_are_long_is_called_by_the_first_of_them() -> None:
    names = [f"{number} things that have {'only ' * 6}requirements" for number in range(30)]
    titles = [module.title for module in planned([long_page("docs/b.md", "Talk", names, words=700)])]
    assert titles
    assert max(map(len, titles)) < 80


def test_notes_below_one_heading_are_called_by_it_and_by_the_first_of_them() -> None:
    names = [f"Note {number} on {'many ' * 6}things" for number in range(12)]
    top = section("Using actions", words=20)
    notes = [section(name, level=3, words=700).model_copy(update={"parent": top.id}) for name in names]
    rest = [section(f"Other {at}", words=3000) for at in range(3)]
    titles = [module.title for module in planned([page("docs/b.md", "Talk", sections=[top, *notes, *rest])])]
    told = [title for title in titles if "Using actions" in title]
    assert len(told) > 1
    assert all("Using actions: Note" in title for title in told[1:])


def test_a_module_holds_no_part_of_a_chapter_beside_another_chapter() -> None:
    def chapter(name: str, minutes: int, parts: int) -> list[SectionOutline]:
        top = section(name, words=20)
        inside = [section(f"{name} {at}", level=3, words=minutes * 200) for at in range(parts)]
        return [top, *(one.model_copy(update={"parent": top.id}) for one in inside)]

    long = [*chapter("Kettles", 2, 24), *chapter("Cups", 2, 4), *chapter("Spoons", 2, 24)]
    modules = planned([page("docs/b.md", "Talk", sections=long)])
    found = [[ref.heading.split()[0] for ref in module.sections] for module in modules]
    assert [names for names in found if "Cups" in names] == [["Cups"] * 5]
    assert [module.title for module in modules][:1] == ["Kettles"]


def test_sections_that_say_the_same_are_taught_once_and_listed() -> None:
    def client(name: str) -> SectionOutline:
        prints = ("aa", "bb", "cc", "dd", "ee")
        return section(f"Connect {name}", words=words).model_copy(update={"prints": prints, "heading": "Connect"})

    words = 120
    pages = [page(f"docs/{name}.md", name, sections=[client(name), section(f"Own {name}")]) for name in ("Go", "Java")]
    other = page("docs/other.md", "Other", sections=[
        section("Other").model_copy(update={"prints": ("aa", "bb", "xx", "yy", "zz")})
    ])  # fmt: skip
    modules = planned([*pages, other])
    taught = [(ref.document_id, ref.heading) for module in modules for ref in module.sections]
    assert (pages[0].document_id, "Connect") in taught
    assert (pages[1].document_id, "Connect") not in taught
    assert (other.document_id, "Other") in taught
    (same,) = [one for module in modules for one in module.siblings]
    assert (same.document_id, same.name, same.same.document_id) == (pages[0].document_id, "Java", pages[1].document_id)
    words = 60  # short notes stay on each page
    pages = [page(f"docs/{name}.md", name, sections=[client(name), section(f"Own {name}")]) for name in ("Go", "Java")]
    assert not [one for module in planned(pages) for one in module.siblings]


def test_steps_of_an_upgrade_stand_in_the_page_of_each_version() -> None:
    def upgrade(version: str) -> DocumentAnalysis:
        fix = section("Fix it", words=120).model_copy(update={"prints": ("aa", "bb", "cc", "dd")})
        return page(f"docs/{version}.md", f"v{version} to {version}1", sections=[fix, section(f"Own {version}")])

    modules = planned([upgrade("2.3"), upgrade("2.4")])
    assert [ref.heading for module in modules for ref in module.sections].count("Fix it") == 2


def test_the_short_opening_of_what_a_page_teaches_below_it_stays() -> None:
    def tutorial(name: str) -> DocumentAnalysis:
        top = section("List them", words=30).model_copy(update={"whole": "ww", "id": f"s{name}"})
        step = section(f"Prepare {name}", level=3, words=200).model_copy(update={"parent": top.id})
        return page(f"docs/{name}.md", name, sections=[top, *([step] if name != "Zoo" else [section("Other")])])

    modules = planned([tutorial("Web"), tutorial("Service"), tutorial("Zoo")])
    assert [ref.heading for module in modules for ref in module.sections].count("List them") == 2


def test_pages_that_fill_in_one_form_are_no_copies_of_each_other() -> None:
    form = tuple(f"f{n}" for n in range(20))

    def filled(name: str) -> DocumentAnalysis:
        why = section(f"Why {name}", words=80).model_copy(update={"prints": ("aa", "bb", "cc", name)})
        own = tuple(f"{name}{n}" for n in range(9))
        use = section(f"Use {name}", words=80).model_copy(update={"prints": (*form, *own)})
        return page(f"docs/{name}.md", name, sections=[why, use])

    modules = planned([filled(name) for name in ("queue", "worker", "retry")])
    assert len({ref.heading for module in modules for ref in module.sections}) == 6
    assert not [module.siblings for module in modules if module.siblings]


def test_what_the_front_pages_tell_in_other_words_is_taught_once_and_in_the_fuller_words() -> None:
    readme = (
        "# Relay\n\nRelay is a small server that carries messages between programs of one machine.\n\n"
        "## Quick start\n\nInstall relay with pip, start the server, and send a message to a stream.\n\n"
        "## Get it\n\n```\npip install relay\n```\n"
    )
    index = (
        "# Welcome\n\nRelay is a server, and carries messages between the programs of one machine. It is small.\n\n"
        "## Quick start\n\nWith pip you install relay in a minute. Then start the server in a shell of its own, wait "
        "until it says where it listens, and send your first message to a stream.\n\n"
        "## Limits\n\nIt carries ten messages each second, and a message holds no more than a thousand letters.\n\n"
        "## Get it\n\n```sh\npip install relay\n```\n\nThen go on to the tutorial.\n"
    )
    modules = planned([analysis(readme, "README.md"), analysis(index, "docs/index.md")])
    headings = [ref.heading for module in modules for ref in module.sections]
    assert sorted(headings) == ["Get it", "Limits", "Quick start", "Welcome"]


def test_a_copy_is_taught_once_though_words_of_its_text_are_in_the_name_of_one_page_only() -> None:
    said = (
        "To install relay get the wheel of the relay server from the index, and install it with pip, as ever before.\n"
    )
    pages = [analysis(f"# {title}\n\n{said}\n## {title} more\n\nA queue of {title} holds ten of its messages.\n", path)
             for title, path in (("Relay", "docs/a.md"), ("Wheel server index", "docs/install.md"))]  # fmt: skip
    assert [len(one.sections[0].prints) for one in pages] == [1, 1]
    headings = [ref.heading for module in planned(pages) for ref in module.sections]
    assert len({"Relay", "Wheel server index"} & {*headings}) == 1
    assert {"Relay more", "Wheel server index more"} <= {*headings}


def test_what_is_left_of_a_page_stands_behind_the_page_that_tells_its_opening() -> None:
    what = "Relay is a small server that carries messages between programs of one machine"
    readme = f"# Relay\n\n{what}.\n\n## Names\n\nA stream has a name of letters, which no other stream has.\n"
    index = (
        f"# Welcome\n\n{what}. It is small, and made of one file.\n\n## Limits\n\nIt carries ten messages a second.\n"
    )
    pages = [analysis(readme, "README.md"), analysis(index, "docs/index.md"), page("docs/a.md"), page("docs/b.md")]
    listed = tuple(NavigationEntry(one, f"docs/{one}.md", 1) for one in ("index", "a", "b"))
    contents = Navigation("docs/index.md", (NavigationEntry("Guide", None, 0), *listed))
    headings = [ref.heading for module in planned(pages, contents) for ref in module.sections]
    assert headings[:4] == ["Welcome", "Limits", "Names", "A Alpha"]


def test_pages_that_open_with_one_notice_stay_in_the_authors_groups() -> None:
    notice = (
        "This page tells of the fourth version of Relay and of no earlier one, and its examples run on any machine."
    )
    told = {"Pumps": notice, "Valves": "", "Drains": "", "Tanks": notice}
    bodies = ("fill pools with rain", "stop oil at night", "lead dirt down to rivers", "keep milk cool and clean")
    pages = [
        analysis(f"{above}\n\n# {one}\n\n" + f"{one} {body}, and {body} again. " * 5, f"docs/{one.lower()}.md")
        for (one, above), body in zip(told.items(), bodies, strict=True)
    ]
    listed = [NavigationEntry(one, f"docs/{one.lower()}.md", 1) for one in told]
    groups = NavigationEntry("Water", None, 0), *listed[:2], NavigationEntry("Rest", None, 0), *listed[2:]
    modules = planned(pages, Navigation("docs/SUMMARY.md", groups))
    assert list(dict.fromkeys(ref.heading for module in modules for ref in module.sections)) == [*told]


def test_a_formula_that_each_document_repeats_is_taught_once() -> None:
    def formula(words: int, number: int) -> SectionOutline:
        outline = section(f"Key words {words} {number}", words=words, code=0)
        told = {"prints": (f"aa{words}",), "whole": f"w{words}", "heading": f"Key words {words}"}
        return outline.model_copy(update=told)

    pages = [page(f"docs/{n}.md", f"Format {n}", sections=[formula(30, n), formula(10, n), section(f"Own {n}")])
             for n in range(3)]  # fmt: skip
    headings = [ref.heading for module in planned(pages) for ref in module.sections]
    assert (headings.count("Key words 30"), headings.count("Key words 10")) == (1, 3)


def test_a_number_that_is_part_of_a_projects_name_stays() -> None:
    page = analysis("# 30 Days Of Python\n\nA challenge of thirty days, one lesson for each of them.\n", "README.md")
    assert page.title == "30 Days Of Python"
    assert project_title("30-Days-Of-Python", [page], None) == "30 Days Of Python"


def test_a_name_with_a_hyphen_stays_as_its_documents_write_it() -> None:
    page = analysis("# p-map\n\nWith p-map you map over promises, as many at a time as you like.\n", "readme.md")
    assert project_title("p-map", [page], None) == "p-map"
    assert (bare_name("someone/docs-fr"), bare_name("someone/lodash-es")) == ("docs", "lodash-es")
    assert (bare_name("someone/toolDocs"), bare_name("someone/Docs")) == ("tool", "Docs")


def test_docs_at_the_end_of_a_name_stays_where_the_first_page_has_that_title() -> None:
    page = analysis("# graph-docs\n\nA utility to write documentation from Graph modules.\n", "README.md")
    assert project_title("graph-docs", [page], "README.md") == "graph-docs"
    other = analysis("# Graph\n\nGraph draws what you say, and graph-docs tells of it.\n", "README.md")
    assert project_title("graph-docs", [other], "README.md") == "Graph"


def test_a_project_whose_name_is_said_nowhere_is_called_by_the_title_that_has_all_words_of_it() -> None:
    page = analysis("# Rope for Acme Boats\n\nRope holds what floats, wherever the wind blows.\n", "README.md")
    assert project_title("someone/rope-boats", [page], "README.md") == "Rope for Acme Boats"
    titled = analysis("# Larch Documentation\n\nLarch grows a tree of your files, and Larch cuts it.\n", "README.md")
    assert project_title("larch/docs", [titled], "README.md") == "Larch"
    assert project_title("someone/rope-acme-boat", [page], "README.md") == "Rope for Acme Boats"
    assert project_title("someone/rope-monorepo", [page], "README.md") == "Rope"


def test_a_site_that_is_called_by_its_address_is_of_the_name_in_it() -> None:
    page = analysis("# ropes.io\n\nThe site of ropes, built with care for all who tie knots.\n", "README.md")
    assert project_title("ropes-io/website", [page], "README.md") == "ropes"
    page = analysis("# The Rope Website\n\nThe source of the site of ropes.\n", "README.md")
    assert project_title("ropes/website", [page], "README.md") == "Rope"


def test_a_name_has_the_apostrophe_and_the_ending_that_its_documents_write() -> None:
    page = analysis("# You Don't Know JS\n\nRead You Don't Know JS in the order of its books.\n", "README.md")
    assert project_title("someone/You-Dont-Know-JS", [page], "README.md") == "You Don't Know JS"
    page = analysis("# Charts\n\nWith Charts you draw what your numbers say to those who look.\n", "README.md")
    assert project_title("someone/charts-js", [page], "README.md") == "Charts"
    page = analysis("# Draw the Docs\n\nDraw the Docs shows what you write.\n", "README.md")
    assert project_title("someone/draw-the-docs", [page], "README.md") == "Draw the Docs"
    page = analysis("# A Short Tour of Charts\n\nIt goes from one kind to the next.\n", "README.md")
    assert project_title("someone/ShortTourOfCharts", [page], "README.md") == "Short Tour of Charts"


def test_a_project_is_not_called_by_a_word_that_says_nothing() -> None:
    page = analysis("# Learn *T*est First\n\nA guide for those who learn to write tests first.\n", "README.md")
    assert project_title("learn-tf", [page], "README.md") == "Learn Test First"


def test_a_package_that_its_documents_call_otherwise_is_called_as_they_do() -> None:
    front = page("README.md", "quick", doc_type="overview", says=["quick is a program to find files."])
    assert project_title("quick-find", [front], "README.md") == "quick"
    book = page("README.md", "Advanced Widgets", doc_type="overview", says=["This book is about the rest."])
    assert project_title("wbook", [book], "README.md") == "Advanced Widgets"


@pytest.mark.parametrize("title", ["Couch Python SDK Documentation", "Couch Python SDK (Docs)", "Couch Python SDK"])
def test_a_course_of_a_documentation_is_named_after_what_it_documents(title: str) -> None:
    front = analysis(f"# {title}\n\nThe pages of the client.\n", "README.md")
    assert project_title("docs-sdk-python", [front], "README.md") == "Couch Python SDK"


def test_a_project_without_a_name_is_not_called_after_any_of_its_pages() -> None:
    pages = [analysis(f"# {title}\n\n{title} is told here in some words.\n", f"docs/{title}.md")
             for title in ("Contributing", "Why there is a page")]  # fmt: skip
    assert project_title("repo", pages, None) == "This Project"


def test_the_verb_of_numbered_tasks_is_no_name_of_a_project() -> None:
    front = analysis("# Text processing with one tool and another\n\nA book of many examples.\n", "README.md")
    tasks = [analysis(f"# {name}\n\n**1)** Display the lines that hold a word.\n", f"{name}.md") for name in "ABC"]
    assert project_title("repo", [front, *tasks], "README.md") == "Text processing with one tool and another"


def test_a_site_in_a_repository_of_pages_has_the_name_of_its_project() -> None:
    page = analysis("# Reference\n\nNushell is a shell.\n", "README.md")
    assert project_title("nushell/nushell.github.io", [page], None) == "Nushell"


def test_a_project_is_called_as_its_front_page_writes_it() -> None:
    page = analysis("# Bubble Tea\n\nBubbletea is a framework for terminal apps.\n", "README.md")
    assert project_title("charm/bubbletea", [page], "README.md") == "Bubble Tea"
    page = analysis("# TeaKit\n\nTeaKit boils the water of each kit.\n", "README.md")
    assert project_title("charm/kit", [page], "README.md") == "TeaKit"


def test_a_page_without_headings_is_one_module_however_long_it_is() -> None:
    pages = [page("docs/a.md", "Huge", sections=[section("Huge", level=1, words=20_000, code=0)]), page("docs/b.md")]
    assert planned(pages)[0].title == "Huge"


def test_a_crowd_of_documents_of_a_few_lines_shares_modules() -> None:
    tiny = [page(f"docs/p{n}.md", f"Part {n}", sections=[section(f"S{n}", words=20, code=0)]) for n in range(300)]
    modules = planned(tiny)
    assert len(modules) < 10
    assert sum(len(module.sections) for module in modules) == 300


@pytest.mark.parametrize(("doc_type", "count"), [("api", 1), ("reference", 1), ("guide", 9)])
def test_pages_of_an_interface_share_a_module_as_those_of_a_reference_do(doc_type: str, count: int) -> None:
    pages = [page(f"docs/api/{name}.md", f"Function: {name}", doc_type=doc_type,
                  sections=[section(name, words=300, code=0)]) for name in "abcdefghi"]  # fmt: skip
    modules = planned([long_page("docs/draw.md", "Drawing", ["A", "B", "C", "D", "E"]), *pages])
    assert sum(module.document_ids[0] in {one.document_id for one in pages} for module in modules) == count


@pytest.mark.parametrize(
    ("titles", "are_entries"),
    [
        (["urls.Parse", "urls.Join", *(f"urls.F{n}" for n in range(6))], True),
        (["AllTitles", "PageRef", *(f"Name{n}" for n in range(6))], True),
        (["AllTitles", "PageRef", *(f"Name{n}" for n in range(5))], False),
        (["AllTitles", "PageRef", "Two words", *(f"Name{n}" for n in range(6))], False),
        ([f"Name{n}" for n in range(20)], False),
    ],
)
def test_pages_that_are_all_named_after_code_are_looked_up_but_for_their_index(
    titles: list[str], *, are_entries: bool
) -> None:
    front = page("docs/f/index.md", "All functions", sections=[section("All", words=60)])
    pages = [
        page(f"docs/f/p{n}.md", title, sections=[section(title, level=1, words=150)]) for n, title in enumerate(titles)
    ]
    marked = mark_entries([front, *pages])
    assert {one.is_entry for one in marked[1:]} == {are_entries}
    assert not marked[0].is_entry
    titled = [one.title for one in planned(marked)]
    assert (titled == [f"All functions to {max(titles)}"]) == are_entries


def test_the_contents_group_documents_and_not_the_index_of_a_folder_that_they_divide() -> None:
    pages = [page(f"docs/{name}.md") for name in ("index", "requests", "responses", "packages")]
    order = Navigation(
        "mkdocs.yml",
        (
            NavigationEntry("Introduction", "docs/index.md", 0),
            NavigationEntry("Features", None, 0),
            NavigationEntry("Requests", "docs/requests.md", 1),
            NavigationEntry("Responses", "docs/responses.md", 1),
            NavigationEntry("Community", None, 0),
            NavigationEntry("Packages", "docs/packages.md", 1),
        ),
    )
    trails = find_trails(pages, order)
    assert [[title for _, title in trails[one.document_id]] for one in pages] == [
        [], ["Features"], ["Features"], ["Community"]
    ]  # fmt: skip


def test_what_the_contents_leave_out_stands_in_the_groups_that_all_listed_pages_of_its_folder_share() -> None:
    pages = [page(f"docs/{name}.md") for name in ("index", "a", "b", "ops/stray", "ops/c", "ops/d")]
    groups = [("Guide", "a", 0), ("Reference", "b", 0), ("Operate", None, 0), ("TLS", "ops/c", 1), ("Safe", "ops/d", 1)]
    entries = []
    for title, name, depth in groups:
        entries += [
            NavigationEntry(title, None, depth),
            *([NavigationEntry("", f"docs/{name}.md", depth + 1)] if name else []),
        ]
    trails = find_trails(pages, Navigation("mkdocs.yml", tuple(entries)))
    assert [[title for _, title in trails[one.document_id]] for one in pages] == [
        [], ["Guide"], ["Reference"], ["Operate"], ["Operate", "TLS"], ["Operate", "Safe"]
    ]  # fmt: skip


def test_a_folder_is_named_by_its_own_page_where_that_says_something() -> None:
    titles = {
        "reviewer/index": "How to do a code review",
        "reviewer/speed": "Speed",
        "author/index": "Guide",
        "author/size": "Size",
    }
    pages = [page(f"review/{path}.md", title) for path, title in titles.items()]
    trails = find_trails(pages, Navigation())
    assert [title for one in pages for _, title in trails[one.document_id]] == [
        "How to do a code review", "How to do a code review", "Author", "Author",
    ]  # fmt: skip


def test_a_page_names_the_group_of_the_folder_that_it_opens() -> None:
    pages = [page(f"docs/{path}.md", title) for path, title in (("plugs", "All plugs"), ("plugs/eu", "EU"), ("z", "Z"))]
    for order in (Navigation(), contents(("Guides", "docs/g.md", 0), ("", "docs/plugs.md", 1), ("", "docs/z.md", 1))):
        trails = find_trails(pages, order)
        assert [trails[one.document_id][-1:] for one in pages[:2]] == [(("docs/plugs", "All plugs"),)] * 2
        assert "docs/plugs" not in {place for place, _ in trails[pages[2].document_id]}


def test_what_stands_below_a_heading_about_the_projects_people_is_not_taught() -> None:
    headings = ["Widgets", "Sponsorship", "🏆 Our Gold Sponsor", "Contributing", "Set up", "Install"]
    levels = [1, 2, 3, 2, 3, 2]
    made = [section(name, level=level) for name, level in zip(headings, levels, strict=True)]
    parents = [None, 0, 1, 0, 3, 0]
    own = [
        one.model_copy(update={"parent": made[above].id if above is not None else None})
        for one, above in zip(made, parents, strict=True)
    ]
    modules = planned([page("README.md", "Widgets", sections=own)])
    taught = {ref.section_id for module in modules for ref in module.sections}
    assert taught == {own[0].id, own[5].id}


def test_thousands_of_documents_are_planned_in_seconds() -> None:
    nodes = []
    for number in range(3000):
        for name, kind, words in ((f"Opening {number}", "overview", 300), (f"Wheel {number}", "guide", 2000)):
            document = page(f"docs/{name}.md", name, doc_type=kind, sections=[section(name, words=words, code=0)])
            nodes.append(document_node(document, name, document.sections))
    blocks: list[object] = []
    assert processor_seconds(lambda: blocks.extend(plan_modules(nodes, "intermediate"))) < 5
    assert len(blocks) == 6000


def test_who_uses_a_project_and_what_its_sponsors_say_is_no_lesson() -> None:
    names = ("Use", "Used by", "Who's using Widgets?", "Testimonials", "Show your style", "Sponsor Message", "Users",
             "Special Thanks", "Vulnerability reporting")  # fmt: skip
    headings = [ref.heading for one in planned([page("README.md", sections=[section(name) for name in names])])
                for ref in one.sections]  # fmt: skip
    assert headings == ["Use", "Users"]


def test_a_group_around_nearly_all_modules_divides_nothing_and_the_groups_in_it_do() -> None:
    names = [f"{group}{number}" for group in ("near", "far") for number in range(9)]
    pages = [page(f"docs/{name}.md", sections=[section(name, words=3000)]) for name in names]
    entries = [NavigationEntry("Widgets", None, 0), NavigationEntry("Near", None, 1)]
    entries += [NavigationEntry(name, f"docs/{name}.md", 2) for name in names[:9]]
    entries += [NavigationEntry("Far", None, 1), *(NavigationEntry(name, f"docs/{name}.md", 2) for name in names[9:])]
    modules = propose(pages, Navigation("mkdocs.yml", tuple(entries)))[0].modules
    assert {module.part for module in modules} == {"Near", "Far"}
    strays = [page(f"more/{name}.md", sections=[section(name, words=3000)]) for name in ("Ropes", "Oars")]
    inner = [NavigationEntry("Boats", None, 0), NavigationEntry("All of it", None, 1)]
    inner += [NavigationEntry(name, f"docs/{name}.md", 2) for name in names]
    modules = propose([*pages, *strays], Navigation("mkdocs.yml", tuple(inner)))[0].modules
    assert "All of it" not in {module.part for module in modules}


def test_a_page_that_is_read_last_moves_its_group_nowhere() -> None:
    paths = ["intro", "translations", *(f"part-{one}" for one in "abcdef")]
    pages = [long_page(f"src/{one}.md", one.title(), ["X", "Y"]) for one in paths]
    pages[0] = long_page("src/intro.md", "Introduction to Drawing", ["One", "Two", "Three"])
    entries = [NavigationEntry("", f"src/{one}.md", int(one == "translations")) for one in paths]
    titles = [module.title for module in planned(pages, Navigation("src/SUMMARY.md", tuple(entries)))]
    assert titles[0].startswith("Introduction to Drawing")


def test_the_folder_of_a_language_is_not_a_group_with_a_name() -> None:
    pages = [page(f"{folder}/{name}.md") for folder in ("en/guide", "en/more") for name in "ab"]
    trails = find_trails([*pages, page("README.md"), page("other/c.md")], Navigation())
    assert [name for _, name in trails[pages[0].document_id]] == ["", "Guide"]


def test_a_title_that_begins_with_its_kind_does_not_say_the_kind_twice() -> None:
    told = [with_kind("Quick start", title) for title in ("Quick Start", "Quickstart: Install", "Install")]
    assert told == ["Quick Start", "Quickstart: Install", "Quick start: Install"]
    assert with_kind("", "Install") == "Install"


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("A worker runs the jobs of a queue.", True),
        ("Read the [guide](guide.md) on workers.", False),
        ("Workers can be:", False),
    ],
)
def test_a_module_is_told_by_its_first_sentence(says: str, told: bool) -> None:
    parts = [section("Workers", words=900), section("Limits", words=900)]
    pages = [page("docs/workers.md", "Workers", sections=parts, says=[says]), page("docs/b.md", "Bees")]
    found = {module.title: module.description for module in propose(pages)[0].modules}
    assert found["Workers"] == (says if told else "")


def test_a_module_of_several_pages_is_told_by_their_titles() -> None:
    verbs = [
        page(f"docs/verbs/{name}.md", name.title(), sections=[section(f"{name}/use", words=150)], says=["Verbs do."])
        for name in ("get", "put", "pop")
    ]
    told = {
        one.title: one.description for one in propose([*verbs, page("docs/ants.md"), page("docs/bees.md")])[0].modules
    }
    assert told["Verbs"] == "Get; Put; Pop."


def test_pages_that_begin_with_the_same_part_are_called_by_their_files() -> None:
    names = ("0002-new-context", "0006-static-methods")
    pages = [page(f"text/{name}.md", "Summary", sections=[section(name, words=2000)]) for name in names]
    other = page("text/0007-summary.md", "Summary", sections=[section("Other", words=2000)])
    assert [module.title for module in planned([*pages, other])] == ["New context", "Static methods", "Summary"]
    assert "Summary" in [module.title for module in planned([pages[0], page("text/b.md", "Ropes")])]


def test_an_option_that_several_commands_have_is_taught_with_each() -> None:
    def command(name: str) -> DocumentAnalysis:
        option = section(f"--out {name}", words=60).model_copy(
            update={"prints": ("aa", "bb", "cc"), "heading": "--out"}
        )
        return page(f"docs/{name}.md", f"The {name} command", sections=[section(name), option])

    modules = planned([command("build"), command("watch")])
    assert [ref.heading for module in modules for ref in module.sections].count("--out") == 2


def test_a_first_page_beside_another_of_its_title_is_told_apart_by_its_folder() -> None:
    files = ["README.md", "book/src/title-page.md", "docs/Getting-Started.md"]
    found = tell_apart(["Relay"] * 3, lambda _: [], lambda at: files[at])
    assert found == ["Relay", "Relay (book)", "Getting Started"]


def test_running_tests_is_for_makers_on_a_front_page_and_taught_on_another() -> None:
    own = [section("Widgets"), section("Running tests", words=900)]
    front, guide = page("README.md", "Widgets", sections=own), page("docs/ci.md", "Checks", sections=own)
    for one, is_taught in ((front, False), (guide, True)):
        headings = {ref.heading for module in planned([one, page("docs/more.md")]) for ref in module.sections}
        assert ("Running tests" in headings) is is_taught
