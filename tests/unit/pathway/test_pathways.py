import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.pathway.offline.kinds import LEVELS, is_look_up, read_use, tells_how
from services.pathway.offline.outline import Placed
from services.pathway.offline.wishes import list_unused
from services.pathway.offline.words import name_prerequisites
from shared.course.audience import Audience
from shared.course.scales import ONE_SITTING_MINUTES
from shared.docs.navigation import Navigation
from shared.engine.distance import section_order, smallest_distance
from shared.engine.levels import TO_LOOK_UP
from shared.engine.reading_order import author_positions, rank_of
from shared.engine.types import ConceptGraph, DocumentAnalysis, Pathway, SectionOutline
from shared.events.base import Level
from tests.unit.analysis.build import contents
from tests.unit.pathway.build import page, propose, section

TYPES = ("guide", "tutorial", "reference", "api", "overview", "example", "configuration", "faq")


def library(documents: int) -> list[DocumentAnalysis]:
    """A repository with folders of ten documents, of all sorts."""
    return [
        page(f"docs/part{number // 10:02}/page{number:03}.md", f"Page {chr(65 + number % 26)}{number // 26} Words",
             doc_type=TYPES[number % len(TYPES)])
        for number in range(documents)
    ]  # fmt: skip


def sections_of(pathway: Pathway) -> list[tuple[str, str]]:
    return [(ref.document_id, ref.section_id) for module in pathway.modules for ref in module.sections]


def of_kind(pathways: tuple[Pathway, ...], kind: str) -> Pathway:
    return next(pathway for pathway in pathways if pathway.kind == kind)


def test_every_section_for_users_is_in_the_complete_pathway_once_and_no_other() -> None:
    bare = page("docs/links.md", sections=[section("Links", words=0, code=0)])
    makers = page("CONTRIBUTING.md").model_copy(update={"for_whom": "makers"})
    analyses = [*library(20), bare, makers]
    got = sections_of(propose(analyses)[0])
    wanted = [(a.document_id, s.id) for a in analyses[:-1] for s in a.sections if s.teachable]
    assert sorted(got) == sorted(wanted)


def test_a_pathway_is_an_ordered_choice_of_the_same_modules() -> None:
    pathways = propose(library(60))
    complete = {module.id: module for module in pathways[0].modules}
    for pathway in pathways[1:]:
        assert all(complete[module.id] == module for module in pathway.modules if module.id in complete)
    task = of_kind(pathways, "task")
    assert {module.id for module in task.modules} <= complete.keys()
    assert [i for i in complete if i in {m.id for m in task.modules}] == [module.id for module in task.modules]


def test_what_is_for_makers_is_a_pathway_of_its_own_when_it_holds_a_course() -> None:
    makers = [page(f"docs/dev/p{i}.md").model_copy(update={"for_whom": "makers"}) for i in range(4)]
    pathways = propose([*library(20), *makers])
    contribute = of_kind(pathways, "contribute")
    assert {key[0] for key in sections_of(contribute)} == {one.document_id for one in makers}
    ids = {one.document_id for one in makers}
    assert not any(
        key[0] in ids for pathway in pathways if pathway.kind != "contribute" for key in sections_of(pathway)
    )
    assert all(pathway.kind != "contribute" for pathway in propose([*library(20), makers[0]]))
    guide = page("CONTRIBUTING.md", "How to contribute").model_copy(update={"for_whom": "makers"})
    first = of_kind(propose([*library(20), *makers, guide]), "contribute").modules[0]
    assert first.title == "How to contribute"


def test_material_for_makers_only_is_taught_all_the_same() -> None:
    makers = [page(f"docs/p{i}.md").model_copy(update={"for_whom": "makers"}) for i in range(4)]
    assert len(sections_of(propose(makers)[0])) == 12


def test_sections_of_a_readme_about_the_project_itself_are_left_out() -> None:
    names = ("Use", "Contributing", "Widgets License", "Testing", "Limits")
    readme = page("README.md", "Widgets", sections=[section(name) for name in names])
    headings = [ref.heading for module in propose([readme])[0].modules for ref in module.sections]
    assert headings == ["Use", "Limits"]
    elsewhere = propose([*library(2), page("docs/t.md", "Tests", sections=[section(name) for name in names])])[0]
    assert "Testing" in [ref.heading for module in elsewhere.modules for ref in module.sections]


def test_deep_in_a_page_a_licence_is_a_setting() -> None:
    settings = [section("Project"), section("license", level=3), section("authors", level=3), section("Credits")]
    settings.append(section("changelog"))
    pages = [*library(3), page("docs/settings.md", "Settings", sections=settings)]
    headings = {ref.heading for module in propose(pages)[0].modules for ref in module.sections}
    assert {"license", "authors", "changelog"} <= headings
    assert "Credits" not in headings


def test_it_says_the_whole_only_of_the_whole() -> None:
    assert propose(library(10), name="acme/widgets")[0].title == "The whole of Widgets"
    readme = page("README.md", "Widgets", sections=[section("Use"), section("License"), section("Credits")])
    found = propose([readme], name="acme/widgets")[0]
    assert found.title == "Widgets for readers with some practice"
    assert found.description.startswith("33% of the lines")


def test_it_does_not_say_the_whole_where_the_site_shows_more() -> None:
    pages, said = library(10), "Not in it: names or pages that are made when the documentation is built."
    reason = "line 5: argparse: made when the documentation is built"
    order = Navigation("mkdocs.yml", made=("docs/api.md",))
    lacking = pages[0].model_copy(update={"problems": (reason,)})
    for found in (
        propose([lacking, *pages[1:]])[0],
        propose(pages, order)[0],
        propose(pages, skipped={"docs/cli.rst": reason})[0],
    ):
        assert found.title == "Nearly the whole of Widgets"
        assert found.description.startswith("99% of the lines")
        assert said in found.description
    assert propose(pages, skipped={"x.rst": "changelog"})[0].title.startswith("The")


def test_few_sections_give_as_many_pathways_as_differ() -> None:
    pathways = propose([page("README.md", "Widgets", sections=[section("Only")])])
    assert [pathway.kind for pathway in pathways] == ["complete"]
    assert propose([page("README.md", sections=[section("Nothing", words=0, code=0)])]) == ()


def test_what_takes_ten_minutes_has_one_pathway() -> None:
    parts = [section(f"Part {number}", words=150, code=0) for number in range(8)]
    assert [way.kind for way in propose([page("README.md", "Widgets", sections=parts)])] == ["complete"]
    assert len(propose([page("README.md", "Widgets", sections=[*parts, section("More", words=900)])])) > 1


def test_a_quick_start_goes_on_with_another_quick_way_in_wherever_it_stands() -> None:
    pages = [
        page("docs/first.md", "First steps", doc_type="tutorial", sections=[section("A line", words=1100)]),
        page("docs/a.md", "Ecosystem", sections=[section("Libraries", words=500)]),
        page("docs/tutorials/quick-start.md", "The store", sections=[section("Make a store", words=500)]),
    ]
    listed = contents(*[("", one.path, 0) for one in pages])
    quick = of_kind(propose([*pages, *library(30)], listed), "quickstart")
    assert [module.title for module in quick.modules][:2] == ["First steps", "The store"]


def test_where_nothing_is_installed_or_run_first_the_shortest_way_is_a_first_look() -> None:
    pages = [page("README.md", "Widgets", sections=[section(name, words=500, code=0) for name in ("Aims", "Terms")])]
    assert of_kind(propose([*pages, *library(6)]), "quickstart").title == "A first look at Widgets"
    install = page("docs/install.md", "Installation", sections=[section("From source", words=100)])
    assert of_kind(propose([*pages, install, *library(6)]), "quickstart").title == "Quick start with Widgets"
    assert of_kind(propose([*pages, install, *library(6)]), "quickstart").description.startswith("The shortest way to")


def test_what_changed_between_versions_is_no_step_of_a_quick_start() -> None:
    pages = [
        page("docs/first.md", "First steps", doc_type="tutorial", sections=[section("A line", words=1100)]),
        page("docs/updating.md", "Migrating to version 2", sections=[section("Renamed", words=500)]),
        page("docs/b.md", "Shapes", sections=[section("Draw a shape", words=500)]),
    ]
    listed = contents(*[("", one.path, 0) for one in pages])
    quick = of_kind(propose([*pages, *library(30)], listed), "quickstart")
    titles = [module.title for module in quick.modules]
    assert any("Shapes" in title for title in titles)
    assert not any("Migrating" in title for title in titles)


def test_module_titles_are_unique_and_no_file_names() -> None:
    same = [page(f"docs/x{number}/index.md", "Overview", doc_type="guide") for number in range(40)]
    for pathway in propose(same):
        titles = [module.title for module in pathway.modules]
        assert len(set(titles)) == len(titles)
        assert all(title and ".md" not in title for title in titles)


def test_the_graphs_order_of_sections_decides_what_comes_first() -> None:
    pages = [
        page(f"docs/{name}.md", sections=[section(f"{name}{i}", words=3000, code=0) for i in "xy"]) for name in "abc"
    ]
    order = [pages[2], pages[0], pages[1]]
    graph = ConceptGraph(section_order=tuple((one.document_id, s.id) for one in order for s in one.sections))
    complete = propose(pages, graph=graph)[0]
    assert [module.document_ids[0] for module in complete.modules] == [one.document_id for one in order]


def test_the_authors_order_is_kept_inside_a_document() -> None:
    long = page("docs/a.md", sections=[section(f"{number}", words=2000) for number in range(12)])
    place = [key[1] for key in sections_of(propose([long])[0])]
    assert place == [one.id for one in long.sections]


def test_the_quick_start_holds_what_to_install_and_the_first_program() -> None:
    install = page("docs/install.md", "Installation", sections=[section("From source", words=100)])
    first = page("docs/first-steps.md", "First steps", doc_type="tutorial", sections=[section("A line", words=300)])
    pathways = propose([*library(40), install, first])
    quick = of_kind(pathways, "quickstart")
    assert {install.document_id, first.document_id} <= {key[0] for key in sections_of(quick)}
    assert quick.estimated_minutes <= 60
    assert len(sections_of(quick)) < len(sections_of(pathways[0])) / 2


def test_the_quick_start_begins_with_installing_and_ends_one_step_beyond_the_program() -> None:
    pages = [
        page("docs/first.md", "First steps", doc_type="tutorial", sections=[section("A line", words=1100)]),
        page("docs/install.md", "Installation", sections=[section("From a package", words=1100)]),
        page("docs/shapes.md", "Shapes", sections=[section("Draw a shape", words=1100)]),
        page("docs/legacy.md", "The old one", sections=[section("From the old one", words=900)]),
    ]
    quick = of_kind(propose([*pages, *library(30)]), "quickstart")
    assert [module.title for module in quick.modules][:2] == ["Installation", "First steps"]
    assert len(quick.modules) > 2
    assert "The old one" not in {module.title for module in quick.modules}


def test_a_task_comes_with_the_modules_that_teach_what_it_needs() -> None:
    ground = page(
        "docs/z.md", "Streams", doc_type="overview", concepts=[("stream", "A stream is an ordered line of facts.")],
        sections=[section("Streams", words=3000, code=0, terms=["stream"])],
    )  # fmt: skip
    goal = page(
        "docs/b.md", "Replaying", doc_type="guide", concepts=[("replay", "A replay reads a stream once more.")],
        sections=[section("Replaying facts", words=1500, terms=["stream", "replay"]), section("Skipping", words=1500)],
    )  # fmt: skip
    reader = page("docs/c.md", "Use", sections=[section("Facts", words=3000, code=0, terms=["replay"])])
    first = page("docs/first-steps.md", "First steps", doc_type="tutorial", sections=[section("A line", words=3000)])
    others = [page(f"docs/x{i}.md", f"Text {i}", sections=[section(f"Text {i}", words=3000, code=0)]) for i in range(9)]
    pathways = propose([ground, goal, reader, first, *others])
    task = of_kind(pathways, "task")
    titles = [module.title for module in task.modules]
    assert task.description == "How to do things, each with what it needs: Streams; First steps; Replaying."
    assert titles.index("Streams") < titles.index("Replaying")
    assert "Use" not in titles


def test_the_way_through_tasks_begins_where_the_whole_begins() -> None:
    opening = page("README.md", "Relay", doc_type="overview", sections=[section("What it is", words=3000, code=0)])
    tasks = [
        page(f"docs/t{i}.md", f"Task {i}", doc_type="guide", sections=[section(f"How to {i}", words=3000)])
        for i in range(3)
    ]
    others = [page(f"docs/x{i}.md", f"Text {i}", sections=[section(f"Text {i}", words=3000, code=0)]) for i in range(9)]
    pathways = propose([opening, *others, *tasks])
    assert of_kind(pathways, "task").modules[0].title == pathways[0].modules[0].title == "Relay"


def test_code_alone_and_the_headings_of_a_reference_are_no_goals() -> None:
    tasks = [page(f"docs/t{i}.md", f"Task {i}", sections=[section(f"How to {i}", words=3000)]) for i in range(3)]
    shown = [page(f"docs/x{i}.md", f"Text {i}", doc_type="overview", sections=[section(f"Text {i}", words=3000)])
             for i in range(5)]  # fmt: skip
    api = [page(f"docs/y{i}.md", f"Face {i}", doc_type="api", sections=[section(f"Drawing {i}", words=3000)])
           for i in range(5)]  # fmt: skip
    titles = [module.title for module in of_kind(propose([*tasks, *shown, *api]), "task").modules]
    assert titles[1:] == ["Task 0", "Task 1", "Task 2"], "behind what opens the whole"


def test_the_way_through_tasks_is_well_below_the_whole_where_everything_is_a_task() -> None:
    pages = [page(f"docs/t{i}.md", f"Doing {i}", sections=[section(f"How {i} {n}", words=900 if i % 2 else 100)
                                                          for n in range(3)]) for i in range(30)]  # fmt: skip
    pathways = propose(pages)
    assert of_kind(pathways, "task").estimated_minutes <= 0.6 * pathways[0].estimated_minutes


def test_reference_takes_whole_the_modules_of_which_a_good_part_is_looked_up() -> None:
    tables = [
        section(name, words=500, code=0).model_copy(update={"has_table": True})
        for name in ("Settings", "Search options")
    ]
    pages = [page(f"docs/g{i}.md", f"Guide {i}", sections=[section(f"g{i}", words=3000)]) for i in range(8)]
    opening, above = section("Stirring", words=1000), section("What to set", words=50, code=0)
    tables = [one.model_copy(update={"parent": above.id, "level": 3}) for one in tables]
    pages.append(page("docs/mix.md", "Mixing", sections=[opening, above, *tables]))
    (module,) = of_kind(propose(pages), "reference").modules
    assert module.title == "Mixing"
    assert [ref.heading for ref in module.sections] == ["Stirring", "What to set", "Settings", "Search options"]


def test_where_nothing_is_a_beginning_the_first_look_is_at_what_the_documentation_begins_with() -> None:
    """Of a specification or a book, not its first page with code that is no reference."""
    pages = [page("README.md", "Widgets", doc_type="overview", sections=[section("Widgets", words=100, code=0)])]
    pages += [page(f"spec/{n:02}.md", f"Rule {n}", doc_type="reference") for n in range(12)]
    pages.append(page("spec/99-z.md", "Last", doc_type="example", sections=[section("Zed", words=900)]))
    quick = of_kind(propose(pages), "quickstart")
    headings = [ref.heading for module in quick.modules for ref in module.sections]
    assert headings[:2] == ["Widgets", "Rule 0 Alpha"]
    assert "Zed" not in headings


@pytest.mark.parametrize(("level", "most"), [("beginner", 60), ("intermediate", 50), ("advanced", 40)])
def test_the_quick_start_is_shorter_for_those_who_know_more(level: Level, most: int) -> None:
    assert of_kind(propose(library(80), audience=Audience(level)), "quickstart").estimated_minutes <= most


def test_reference_is_what_one_looks_up_and_stands_by_name() -> None:
    pages = [page(f"docs/{name}.md", name.title(), doc_type="reference", sections=[section(name, words=3000, code=0)])
             for name in ("zeta", "alpha", "mu")]  # fmt: skip
    pages += [page(f"docs/g{i}.md", doc_type="guide", sections=[section(f"g{i}", words=3000)]) for i in range(8)]
    assert [module.title for module in of_kind(propose(pages), "reference").modules] == ["Alpha", "Mu", "Zeta"]


def test_a_beginner_is_spared_advanced_tasks_and_an_expert_the_first_steps() -> None:
    pages = [
        page(f"docs/{level}{i}.md", f"{level} {i}", doc_type="guide", level=level,
             sections=[section(f"{level}{i}", words=2500)])
        for level in ("beginner", "advanced") for i in range(6)
    ]  # fmt: skip

    def levels(level: Level) -> list[str]:
        by_id = {one.document_id: one.complexity_level for one in pages}
        return [by_id[key[0]] for key in sections_of(of_kind(propose(pages, audience=Audience(level)), "task"))]

    assert set(levels("beginner")) == {"beginner"}
    assert levels("advanced").count("advanced") > levels("advanced").count("beginner")


def test_a_level_leaves_sections_out_and_says_which() -> None:
    hard = section("How it works internally", words=300).model_copy(
        update={"asks": "advanced", "asks_reason": "internals"}
    )
    easy = section("What is it?", words=300).model_copy(update={"asks": "beginner", "asks_reason": "first steps"})
    mixed = page("docs/mix.md", "Mixing", sections=[section("Stirring"), hard, easy])
    analyses = [*library(12), mixed]

    def taught(level: Level) -> tuple[set[str], str]:
        complete = propose(analyses, audience=Audience(level))[0]
        headings = {ref.heading for module in complete.modules for ref in module.sections}
        return {hard.heading, easy.heading} & headings, complete.description

    assert taught("intermediate")[0] == {hard.heading, easy.heading}
    found, description = taught("beginner")
    assert found == {easy.heading}
    assert "Left out for beginners: internals." in description
    assert taught("advanced")[0] == {hard.heading}
    large = propose([*library(70), mixed], audience=Audience("advanced"))[0].description
    assert large.startswith("99% of the lines")  # what leaves something out is never all of it
    assert "its users. Left out" in large


def test_of_a_page_for_experts_alone_a_beginner_keeps_the_first_section() -> None:
    hard = {"asks": "advanced", "asks_reason": "extensions"}
    parts = [section(name, words=60).model_copy(update=hard) for name in ("Hooks", "Fields", "Wrappers")]
    analyses = [*library(12), page("docs/extending.md", "Extending", sections=parts)]
    levels: tuple[tuple[Level, set[str]], ...] = (
        ("beginner", {"Hooks"}), ("advanced", {"Hooks", "Fields", "Wrappers"}),
    )  # fmt: skip
    for level, kept in levels:
        complete = propose(analyses, audience=Audience(level))[0]
        headings = {ref.heading for module in complete.modules for ref in module.sections}
        assert headings & {"Hooks", "Fields", "Wrappers"} == kept


def test_a_reader_with_experience_is_shown_what_asks_much_and_what_is_looked_up() -> None:
    hard = {"asks": "advanced", "asks_reason": "a page for experienced readers"}
    pages = [page(f"docs/g{at}.md", f"Guide {at}", sections=[section(f"g{at}", words=2500)]) for at in range(12)]
    for at in range(8, 12):
        parts = [one.model_copy(update=hard) for one in pages[at].sections]
        pages[at] = pages[at].model_copy(update={"sections": tuple(parts)})

    def goals(level: Level) -> set[str]:
        ways = of_kind(propose(pages, audience=Audience(level)), "task")
        return {one.title for one in ways.modules}

    hardest = {f"Guide {at}" for at in range(8, 12)}
    assert hardest <= goals("advanced")
    assert not hardest & goals("intermediate")


def test_a_level_leaves_out_no_more_than_an_eighth_and_nothing_that_others_need() -> None:
    hard = {"asks": "advanced", "asks_reason": "internals"}
    pages = [
        one.model_copy(update={"sections": tuple(part.model_copy(update=hard) for part in one.sections)})
        for one in library(30)
    ]
    complete = propose(pages, audience=Audience("beginner"))[0]
    assert 0.88 * 90 <= len(sections_of(complete)) < 90


def test_a_beginner_goes_into_a_reference_as_far_as_the_share_allows_and_others_get_it_whole() -> None:
    detail = {"asks": "advanced", "asks_reason": TO_LOOK_UP}
    names = ("Client", "Server", "Socket", "Frame", "Timer", "Limits")
    parts = [section(name, words=90).model_copy(update=detail) for name in names]
    analyses = [*library(6), page("docs/api.md", "Interface", doc_type="api", sections=parts)]

    def kept(level: Level) -> list[str]:
        complete = propose(analyses, audience=Audience(level))[0]
        return [ref.heading for module in complete.modules for ref in module.sections if ref.heading in names]

    assert kept("beginner") == ["Client", "Server", "Socket", "Frame"]
    assert kept("intermediate") == kept("advanced") == list(names)


def test_an_experienced_reader_takes_tutorials_and_examples_last_but_what_others_build_on() -> None:
    pages = [
        page(f"docs/{name}.md", name.title(), doc_type=kind, sections=[section(name, words=3000, code=0)])
        for name, kind in (("alpha", "tutorial"), ("beta", "guide"), ("gamma", "example"), ("omega", "guide"))
    ]
    order = {
        level: [module.title for module in propose(pages, audience=Audience(level))[0].modules] for level in LEVELS
    }
    assert order["advanced"][-2:] == ["Alpha", "Gamma"]
    assert order["intermediate"][0] == "Alpha"


@pytest.mark.parametrize(("heading", "says"), [("Installing it", True), ("Heading 6", False), ("Spacing", False)])
def test_not_every_word_in_ing_is_something_to_do(heading: str, says: bool) -> None:
    assert tells_how(heading) is says


def test_a_section_of_a_reference_that_says_how_to_do_a_thing_is_looked_up_with_its_page_alone() -> None:
    api = page("docs/api.md", "Interface", doc_type="api", sections=[
        section("Listing rows", words=3800), section("Client", words=2500, code=0), section("Basics", words=600),
    ])  # fmt: skip
    told = page("docs/commands.md", "Commands", sections=[section(name, words=2500) for name in ("new", "init")])
    guides = [page(f"docs/g{i}.md", f"Guide {i}", sections=[section(f"g{i}", words=3000, code=0)]) for i in range(8)]
    ways = propose([api, told, *guides])
    looked_up = {ref.heading for module in of_kind(ways, "reference").modules for ref in module.sections}
    assert looked_up == {"Listing rows", "Client", "Basics", "new", "init"}
    assert not is_look_up(Placed(api, api.sections[0]))
    assert is_look_up(Placed(api, api.sections[1]))


def test_the_step_beyond_the_first_program_goes_on_and_is_neither_long_nor_an_example_of_everything() -> None:
    pages = [
        page("README.md", "Widgets", doc_type="overview", sections=[section("Use it", words=100)]),
        page("docs/index.md", "Widgets", sections=[section("Quickstart", words=300)]),
        page("docs/first.md", "First steps", doc_type="tutorial", sections=[section("A line", words=700)]),
        page("docs/sandbox.md", "Sandbox", doc_type="example", sections=[section("Untrusted code", words=700)]),
        page("docs/api.md", "Interface", doc_type="api",
             sections=[section("Basics", words=400), section("The whole of it", words=6000)]),
    ]  # fmt: skip
    listed = contents(*[("", one.path, 0) for one in pages[2:]])
    quick = of_kind(propose([*pages, *library(30)], listed), "quickstart")
    headings = [ref.heading for module in quick.modules for ref in module.sections]
    assert headings[:2] == ["Use it", "A line"]
    assert not {"Untrusted code", "Basics", "The whole of it", "Quickstart"} & set(headings)


def test_the_quick_start_of_one_long_page_has_the_program_and_a_step_of_it_not_what_stands_between() -> None:
    install = section("Installation", words=100, code=0)
    below = section("Packages", words=100).model_copy(update={"parent": install.id, "level": 3})
    names = ("Editors", "Quick start", "Examples", *(f"Recipe {at}" for at in range(20)))
    parts = [section(name, words=4000 if name == "Editors" else 400) for name in names]
    long = page("README.md", "Jig", doc_type="overview", sections=[install, below, *parts])
    grammar = page("GRAMMAR.md", "Grammar", sections=[section("Tokens", words=900)])
    quick = of_kind(propose([long, grammar]), "quickstart")
    headings = [ref.heading for module in quick.modules for ref in module.sections]
    assert headings[:4] == ["Installation", "Packages", "Quick start", "Examples"]
    assert not {"Editors", "Tokens"} & set(headings)


def test_the_quick_start_has_what_to_install_after_a_long_opening() -> None:
    opening = [section(name, words=500, code=0) for name in ("Jig", "Aims", "Limits", "Rivals")]
    install, building = section("Installation", words=200), section("Building", words=3000)
    front = page("README.md", "Jig", doc_type="overview", sections=[*opening, install, building])
    guide = page("docs/a.md", "Guide", sections=[section("Basics"), section("Fences")])
    quick = sections_of(of_kind(propose([front, guide, *library(20)], overview="README.md"), "quickstart"))
    assert [key[1] for key in quick[:3]] == [opening[0].id, install.id, guide.sections[0].id]


def test_the_first_page_of_a_package_comes_after_the_guide_to_the_whole() -> None:
    inner = page("crates/bits/README.md")
    assert rank_of(inner) > rank_of(page("guide.md"))
    assert rank_of(page("docs/crates/README.md")) == rank_of(page("docs/bits/README.md")) == rank_of(page("guide.md"))


def test_contents_of_one_corner_do_not_lead_the_order() -> None:
    corner = [page(f"site/text/docgen/{name}.md", sections=[section(name, words=900)]) for name in ("man", "yaml")]
    others = [page(f"site/text/{name}.md", sections=[section(name, words=900)]) for name in ("aims", "bars", "casts")]
    listed = contents(*[("", one.path, 0) for one in corner])
    assert not author_positions([*corner, *others], listed)
    assert len(author_positions([*corner, others[0]], listed)) == len(corner)


def test_what_changed_between_versions_is_no_task_and_the_rest_is_called_so() -> None:
    moved = {"asks": "advanced", "asks_reason": "earlier versions"}
    old = page("docs/upgrading.md", "Upgrading", sections=[
        section(f"Upgrading to {n}", words=900).model_copy(update=moved) for n in range(3)
    ])  # fmt: skip
    pages = [page(f"docs/g{i}.md", f"Guide {i}", sections=[section(f"Drawing {i}", words=900)]) for i in range(9)]
    ways = propose([*pages, old])
    assert old.document_id not in {key[0] for key in sections_of(of_kind(ways, "task"))}
    assert {way.title for way in ways if way.kind == "reference"} <= {"More of Widgets"}


def test_a_beginner_takes_hard_pages_last() -> None:
    pages = [
        page(f"docs/{name}.md", name.title(), level=level, sections=[section(name, words=3000, code=0)])
        for name, level in (("alpha", "advanced"), ("beta", "beginner"), ("gamma", "intermediate"))
    ]  # fmt: skip
    titles = [module.title for module in propose(pages, audience=Audience("beginner"))[0].modules]
    assert titles == ["Beta", "Gamma", "Alpha"]
    assert propose(pages, audience=Audience("advanced"))[0].modules[0].title == "Alpha"


def test_wishes_weigh_and_what_cannot_be_used_is_known() -> None:
    wanted = page(
        "docs/part09/x.md", "Encrypting backups", doc_type="example",
        sections=[section("Encrypting backups with a key", terms=["encryption", "backup", "key"]), section("More")],
    )  # fmt: skip
    analyses = [*library(30), wanted]

    def quick(info: str) -> set[str]:
        found = of_kind(propose(analyses, audience=Audience("intermediate", info)), "quickstart")
        return {document for module in found.modules for document in module.document_ids}

    wish = "I want to learn to encrypt my backups with a key, in the morning"
    assert wanted.document_id not in quick("")
    assert wanted.document_id in quick(wish)
    assert list_unused(analyses, wish) == ["morning"]


def test_a_modules_id_depends_on_its_own_sections_only() -> None:
    analyses = library(12)
    longer = [*analyses, page("docs/part09/late.md", "Late Words", doc_type="faq")]
    before = {m.id: m.sections for m in propose(analyses)[0].modules}
    after = {m.id: m.sections for m in propose(longer)[0].modules}
    assert before.keys() & after.keys()
    assert all(before[module] == after[module] for module in before.keys() & after.keys())


def test_objectives_of_a_module_are_about_its_own_sections_and_differ() -> None:
    for pathway in propose(library(25)):
        for module in pathway.modules:
            own = {ref.section_id for ref in module.sections}
            texts = [objective.text for objective in module.learning_objectives]
            assert len(set(texts)) == len(texts) <= 5
            assert {objective.section_id for objective in module.learning_objectives} <= own


def test_the_order_of_the_input_does_not_matter() -> None:
    analyses = library(30)
    mixed = analyses[:]
    random.Random(1).shuffle(mixed)
    assert propose(analyses) == propose(mixed)


@settings(max_examples=60)
@example([("guide", 1, 2, False, 20), ("guide", 5, 0, False, 121)], "beginner")
@given(
    st.lists(
        st.tuples(st.sampled_from(TYPES), st.integers(1, 5), st.integers(0, 3), st.booleans(), st.integers(20, 4000)),
        min_size=1, max_size=12,
    ),
    st.sampled_from(("beginner", "intermediate", "advanced")),
)  # fmt: skip
def test_pathways_hold_everything_and_differ_whatever_the_repository(
    shape: list[tuple[str, int, int, bool, int]], level: Level
) -> None:
    analyses = [
        page(
            f"docs/{'deep/' if deep else ''}p{number}.md", f"Page number {chr(97 + number)}", doc_type=doc_type,
            sections=[section(f"{number} {part}", code=code, words=words) for part in range(count)],
        )
        for number, (doc_type, count, code, deep, words) in enumerate(shape)
    ]  # fmt: skip
    pathways = propose(analyses, audience=Audience(level))
    total = sum(len(analysis.sections) for analysis in analyses)
    orders = [section_order(pathway) for pathway in pathways]
    assert len(orders[0]) == len(sections_of(pathways[0])) == total
    if sum(module.estimated_minutes for module in pathways[0].modules) <= ONE_SITTING_MINUTES:
        assert len(pathways) == 1
    else:
        assert len(pathways) >= (3 if total >= 6 else 1)
    assert smallest_distance(pathways) >= 0.25


def test_an_experienced_reader_begins_with_the_first_steps_of_the_front_page() -> None:
    easy = section("Quickstart", words=30).model_copy(update={"asks": "beginner", "asks_reason": "first steps"})

    def is_taught(path: str) -> bool:
        pages = [*library(12), page(path, "Relay", sections=[section("Relay"), easy, section("Limits")])]
        complete = propose(pages, audience=Audience("advanced"))[0]
        return easy.heading in {ref.heading for module in complete.modules for ref in module.sections}

    assert is_taught("README.md")
    assert not is_taught("guides/relay.md")


def test_a_long_page_of_everything_is_no_quick_way_whatever_its_name() -> None:
    first, rest = section("Your first relay", words=100), [section(f"Topic {one}", words=3000) for one in range(9)]
    pages = [page("README.md", sections=[section("Relay"), first]), page("docs/all.md", "Quick start", sections=rest)]
    pages[1] = pages[1].model_copy(update={"minutes": 200})
    quick = next(one for one in propose(pages) if one.kind == "quickstart")
    taught = [ref.heading for module in quick.modules for ref in module.sections]
    assert first.heading in taught
    assert len([name for name in taught if name.startswith("Topic")]) <= 1


def test_what_a_reader_needs_is_named_once_and_without_templates() -> None:
    needs = ("Ruby 3 or higher, with its headers", "Ruby 3 or higher", "Make {{ site.make }}", "GCC")
    first = page("docs/a.md").model_copy(update={"prerequisites": needs, "code_languages": ("rb",)})
    assert name_prerequisites([first], "beginner") == (
        "Ruby 3 or higher", "GCC", "A basic knowledge of Ruby, the language of most examples"
    )  # fmt: skip
    assert name_prerequisites([first], "beginner", "Ruby by Example") == ("Ruby 3 or higher", "GCC")


def test_a_document_whose_beginning_is_for_another_level_stays_whole() -> None:
    moved = {"asks": "advanced", "asks_reason": "earlier versions"}
    own = [section(f"Move {at}", words=60) for at in range(3)]
    first, middle = own[0].model_copy(update=moved), own[1].model_copy(update=moved)
    for sections, kept in (([first, *own[1:]], 3), ([own[0], middle, own[2]], 2)):
        every = [*library(10), page("docs/move.md", "Moving", sections=sections)]
        complete = propose(every, audience=Audience("beginner"))[0]
        headings = [ref.heading for module in complete.modules for ref in module.sections]
        assert sum(heading.startswith("Move") for heading in headings) == kept


def test_contents_lead_the_order_though_many_pages_below_the_same_folder_are_not_in_them() -> None:
    listed = [page(f"packages/docs/{name}.md", sections=[section(name, words=900)]) for name in ("start", "basics")]
    api = [page(f"packages/docs/api/{n}.md", sections=[section(f"Face {n}", words=900)]) for n in range(9)]
    order = contents(*[("", one.path, 0) for one in listed])
    assert len(author_positions([*listed, *api], order)) == len(listed)
    beside = [page(f"packages/tool/{n}.md", sections=[section(f"Tool {n}", words=900)]) for n in range(9)]
    assert not author_positions([*listed, *beside], order)


def test_a_reader_with_some_practice_keeps_a_page_for_experts_whole_and_a_heading_of_what_stays() -> None:
    hard = {"asks": "advanced", "asks_reason": "internals"}
    own = [section(name, words=60).model_copy(update=hard) for name in ("Hooks", "Fields")]
    top = section("Legacy", words=60).model_copy(update=hard)
    kept = section("Old names", level=3, words=60).model_copy(update={"parent": top.id})
    mixed = page("docs/mix.md", "Mixing", sections=[section("Stirring"), top, kept])
    complete = propose([*library(20), page("docs/extending.md", "Extending", sections=own), mixed])[0]
    headings = {ref.heading for module in complete.modules for ref in module.sections}
    assert {"Hooks", "Fields", "Legacy", "Old names"} <= headings


def test_a_first_page_that_tells_everything_has_goals_and_what_stands_below_reference_is_looked_up() -> None:
    def below(name: str, parent: SectionOutline) -> SectionOutline:
        return section(name, level=3, words=1500).model_copy(update={"parent": parent.id})

    doing, terms, facts = (section(name, words=0, code=0) for name in ("Recipes", "Ideas", "Reference"))
    ideas = [below(name, terms).model_copy(update={"code_lines": 0, "code_blocks": 0}) for name in ("Why", "Past")]
    parts = [section("Widgets", code=0), doing, below("Fences", doing), below("Gates", doing), terms, *ideas,
             facts, below("Screws", facts), below("Nails", facts)]  # fmt: skip
    ways = propose([page("README.md", "Widgets", doc_type="overview", sections=parts)], overview="README.md")
    found = {kind: {key[1] for key in sections_of(of_kind(ways, kind))} for kind in ("task", "reference")}
    by_name = {one.heading: one.id for one in parts}
    assert {by_name["Fences"], by_name["Gates"]} <= found["task"]
    assert found["reference"] == {by_name["Screws"], by_name["Nails"]}


@pytest.mark.parametrize(
    ("heading", "is_name"),
    [
        ("x-on", True), ("$el", True), ("Event - `widget:load`", True), ("WX-Trigger Response Header", True),
        ("--bail, -b", True), ("--grep <text>, -g <text>", True), ("-1 is returned", False),
        ("Real-time updates", False), ("Event loop", False), ("To-do lists", False), ("See `draw`", False),
    ],
)  # fmt: skip
def test_attributes_events_and_headers_are_names_to_look_up(heading: str, *, is_name: bool) -> None:
    guide = page("docs/guide.md", "Guide", sections=[section(heading)])
    assert is_look_up(Placed(guide, guide.sections[0])) is is_name


def test_what_a_page_of_options_says_beside_them_is_looked_up_too_unless_it_tells_how() -> None:
    headings = ["Running it", "Command line", "--bail, -b", "--grep", "--jobs <n>", "-v"]
    guide = page("docs/cli.md", "Command line", sections=[section(one) for one in headings])
    assert [is_look_up(Placed(guide, one)) for one in guide.sections] == [False, *[True] * 5]
    guide = page("docs/cli.md", "Command line", sections=[section(one) for one in [*headings[:4], "Words", "Others"]])
    assert not is_look_up(Placed(guide, guide.sections[1]))


def test_what_lies_in_a_reference_manual_is_looked_up() -> None:
    assert read_use(["Reference Manual"]) == ("reference", "Reference Manual")


def test_what_is_looked_up_stands_by_name_in_its_chapter() -> None:
    faces = [page(f"docs/{name}.md", name.split("/")[1], doc_type="api", sections=[section(name, words=1500)])
             for name in ("nuts/Tin", "nuts/Ash", "beads/Zinc", "beads/Bone")]  # fmt: skip
    titles = [one.title for one in of_kind(propose([*library(8), *faces]), "reference").modules]
    assert [one for one in titles if one in ("Tin", "Ash", "Zinc", "Bone")] in (
        ["Ash", "Tin", "Bone", "Zinc"], ["Bone", "Zinc", "Ash", "Tin"]
    )  # fmt: skip


def test_the_parts_of_a_long_page_stay_in_their_order_where_they_are_looked_up() -> None:
    faces = [section(name, words=2500) for name in ("Zones", "Moves", "Beads")]
    pages = [*library(8), page("docs/api.md", "Faces", doc_type="api", sections=faces)]
    titles = [one.title for one in of_kind(propose(pages), "reference").modules if one.title.startswith("Faces")]
    assert titles == [f"Faces: {one.heading}" for one in faces]


def test_a_part_of_a_tutorial_that_is_a_task_brings_the_whole_tutorial() -> None:
    def part(number: int, name: str, code: int) -> DocumentAnalysis:
        parts = [section(name, words=1500, code=code)]
        return page(f"docs/tutorial/{number}.md", name, doc_type="tutorial", sections=parts)

    own = [part(1, "Layout", 0), part(2, "Setup", 0), part(3, "Running it", 1), part(4, "Farewell", 0)]
    text = [page(f"docs/x{i}.md", f"Text {i}", sections=[section(f"Text {i}", words=3000, code=0)]) for i in range(9)]
    order = contents(*[("", one.path, 0) for one in [*text[:1], *own, *text[1:]]])
    titles = [module.title for module in of_kind(propose([*own, *text], order), "task").modules]
    assert [title for title in titles if not title.startswith("Text")] == ["Layout", "Setup", "Running it", "Farewell"]


def test_a_chapter_that_mostly_says_how_to_is_a_task_as_a_whole() -> None:
    def chapter(name: str, *codes: int) -> list[DocumentAnalysis]:
        return [
            page(f"docs/{name}/{at}x.md", f"{name} {at}", sections=[section(f"{name} {at}", words=1500, code=code)])
            for at, code in enumerate(codes)
        ]

    pages = [*chapter("beads", 1, 0, 1, 1), *chapter("zones", 1, 0, 0, 0), *chapter("texts", *[0] * 8)]
    titles = [module.title for module in of_kind(propose(pages), "task").modules]
    assert titles == ["beads 0", "beads 1", "beads 2", "beads 3", "zones 0"]


def test_a_page_of_recipes_is_for_doing_whatever_its_headings_are() -> None:
    parts = [section(f"Beads {at}", words=1500, code=0) for at in range(3)]
    text = [page(f"docs/x{i}.md", f"Text {i}", sections=[section(f"Text {i}", words=3000, code=0)]) for i in range(9)]
    ways = propose([*text, page("docs/y.md", "Recipes", sections=parts)])
    assert {one.heading for one in parts} <= {ref.heading for m in of_kind(ways, "task").modules for ref in m.sections}


def test_a_group_for_how_to_and_a_tutorial_in_numbered_folders_are_tasks_as_wholes() -> None:
    how_to = [page(f"docs/howto/{name}.md", name, sections=[section(name, words=900, code=0)]) for name in ("TLS", "A")]
    steps = [
        page(f"docs/tutorial/step-{at}/text.md", f"Part {at}", doc_type="tutorial",
             sections=[section(f"Part {at}", words=900, code=0)])
        for at in range(1, 5)
    ]  # fmt: skip
    doing = [page(f"docs/g{at}.md", f"Drawing {at}", sections=[section(f"g{at}", words=3000)]) for at in range(9)]
    task = of_kind(propose([*doing, *steps, *how_to]), "task")
    headings = [ref.heading for module in task.modules for ref in module.sections]
    assert {"TLS", "A", "Part 1", "Part 2", "Part 3", "Part 4"} <= {*headings}


def test_the_authors_groups_are_the_ways_whatever_their_pages_say() -> None:
    """Folders say it where the contents do not; a group that holds more than a choice says nothing."""

    def group(folder: str, count: int, doc_type: str = "guide") -> list[DocumentAnalysis]:
        return [page(f"docs/{folder}/{at}x.md", f"{folder} {at}", doc_type=doc_type,
                     sections=[section(f"{folder} {at}", words=1500, code=at % 2)]) for at in range(count)]  # fmt: skip

    pages = [*group("guides", 3, "api"), *group("api-guide", 6), *group("community", 2, "tutorial"), *group("text", 3)]
    order = [("Recipes", None, 0), *(("", one.path, 1) for one in group("text", 3))]
    for listed, told in ((contents(), ""), (contents(*order), "text")):
        ways = propose(pages, listed)
        names = {
            kind: {module.title.rsplit(" ", 1)[0] for module in of_kind(ways, kind).modules}
            for kind in ("task", "reference")
        }
        assert {"guides", told} - {""} <= names["task"]
        assert "api-guide" not in names["task"]
        assert names["reference"] == {"api-guide"}
    sheet = page("docs/guides/sheet.md", "Sheet", doc_type="reference", sections=[section("Sheet", words=1500)])
    looked_up = of_kind(propose([*pages, sheet]), "reference")
    assert "Sheet" in {module.title for module in looked_up.modules}
    task = of_kind(propose([*group("guides", 9), *group("text", 2)]), "task")
    assert 0 < len(task.modules) < 8
    large = of_kind(propose([*group("guides", 9), *group("text", 2), *group("api-guide", 3)]), "task")
    assert 1 < sum(module.title.startswith("guides") for module in large.modules) < 9
    assert read_use(["Options", "Tutorial - User Guide"]) == ("task", "Tutorial - User Guide")
    assert read_use(["Options", "User Guide"]) == ("reference", "Options")


def test_questions_and_a_page_about_one_thing_that_ends_like_a_list_are_not_looked_up() -> None:
    faq = page("docs/faq.md", "FAQ", doc_type="faq")
    computed, known = (page(f"docs/{title}.md", title) for title in ("Computed properties", "Built-in properties"))
    assert [is_look_up(Placed(one, one.sections[0])) for one in (faq, computed, known)] == [False, False, True]
