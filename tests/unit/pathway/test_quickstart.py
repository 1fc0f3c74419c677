"""The quick start: a first working result and what it needs, and no more."""

from shared.docs.navigation import Navigation, NavigationEntry
from shared.engine.types import DocumentAnalysis
from tests.unit.pathway.build import page, propose, section


def quick_start(*pages: DocumentAnalysis) -> list[str]:
    """The titles of its modules, of pages in the author's order."""
    order = Navigation("mkdocs.yml", tuple(NavigationEntry("", one.path, 0) for one in pages))
    (found,) = (one for one in propose(pages, order) if one.kind == "quickstart")
    return [module.title.removeprefix("Quick start: ") for module in found.modules]


def rest(count: int) -> list[DocumentAnalysis]:
    return [page(f"docs/p{i}.md", f"Part {i}", sections=[section(f"P{i}", words=900)]) for i in range(count)]


def test_the_way_in_of_a_tool_deep_in_a_large_documentation_is_not_that_of_the_whole() -> None:
    walk = page("docs/walk.md", "Send a message", doc_type="tutorial", sections=[section("Send", words=900)])
    deep = page("docs/keys/basics.md", "Basics", sections=[section("Make a key", words=900)])
    crowd = [
        page(f"docs/c{i}.md", f"C {i}", sections=[section(f"C {i}.{at}", words=60, code=0) for at in range(40)])
        for i in range(30)
    ]
    assert quick_start(walk, *crowd[:10], deep, *crowd[10:])[0] == "Send a message"


def test_what_to_install_stands_below_a_heading_and_is_no_later_feature_of_the_program() -> None:
    install = section("Installation", words=0, code=0)
    systems = [section(name, level=3).model_copy(update={"parent": install.id}) for name in ("Linux", "Windows")]
    parts = [
        section("Widgets", code=0),
        install,
        *systems,
        section("First steps"),
        section("Resuming downloads", words=900),
    ]
    proposed = propose([page("README.md", "Widgets", sections=parts), *rest(9)])
    headings = [
        ref.heading for way in proposed if way.kind == "quickstart" for one in way.modules for ref in one.sections
    ]
    assert headings[:4] == ["Widgets", "Linux", "Windows", "First steps"]
    assert "Resuming downloads" not in headings


def test_a_tour_below_a_heading_of_the_front_page_is_taken_whole() -> None:
    tour = section("Take the tour", words=0, code=0)
    stops = [
        section(name, level=3, words=800).model_copy(update={"parent": tour.id}) for name in ("Log", "Add", "Bind")
    ]
    readme = page("README.md", "Widgets", sections=[section("Widgets", code=0), section("Installation"), tour, *stops])
    recipes = page("docs/recipes.md", "Recipes", sections=[section("Security considerations", words=900)])
    assert headings_of(readme, recipes, *rest(20)) == ["Widgets", "Installation", "Log", "Add", "Bind"]


def headings_of(*pages: DocumentAnalysis) -> list[str]:
    """The headings of its sections, of pages in the author's order."""
    order = Navigation("mkdocs.yml", tuple(NavigationEntry("", one.path, 0) for one in pages))
    (found,) = (one for one in propose(pages, order) if one.kind == "quickstart")
    return [ref.heading for module in found.modules for ref in module.sections]


def test_it_opens_with_what_the_thing_is_where_the_front_page_has_no_example() -> None:
    about = [section("Widgets", code=0), section("Why widgets", words=3000, code=0), section("Installation")]
    guide = page("docs/guide.md", "Guide", sections=[section("First steps"), section("Then", words=900)])
    headings = headings_of(page("README.md", "Widgets", sections=about), guide, *rest(9))
    assert headings[:3] == ["Widgets", "Installation", "First steps"]


def test_it_opens_with_the_front_page_that_has_the_opening_where_several_say_the_same() -> None:
    said = {"mentions": tuple((f"word{at}", 1) for at in range(40))}
    short = section("Widgets", words=60, code=0).model_copy(update={**said, "prints": ("a", "b")})
    long = section("Welcome", words=90).model_copy(update={**said, "prints": ("c", "d")})
    readme = page("README.md", "Widgets", sections=[short, section("An example")])
    index = page("docs/index.md", "Welcome", sections=[long, section("Aims", words=3000, code=0)])
    headings = headings_of(readme, index, page("docs/a.md", "Quick start"), *rest(9))
    assert headings[:2] == ["Welcome", "Quick start Alpha"]


def test_what_a_heading_calls_the_first_steps_is_taken_whole_and_enough_if_it_is_long() -> None:
    first = section("First steps", words=20, code=0)
    steps = [section(f"Step {at}", level=3, words=500).model_copy(update={"parent": first.id}) for at in range(4)]
    parts = [section("At a glance", words=900, code=0), first, *steps]
    headings = headings_of(page("docs/i.md", "Installation"), page("docs/a.md", "Overview", sections=parts), *rest(20))
    assert headings[3:] == ["First steps", *(one.heading for one in steps)]


def test_a_module_that_is_nearly_all_wanted_is_taken_whole() -> None:
    first = section("First steps", words=20, code=0)
    steps = [section(f"Step {at}", level=3, words=700).model_copy(update={"parent": first.id}) for at in range(4)]
    parts = [section("At a glance", words=100, code=0), first, *steps]
    install, way = page("docs/i.md", "Installation"), page("docs/a.md", "Overview", sections=parts)
    assert headings_of(install, way, *rest(20))[3:] == [one.heading for one in parts]


def test_a_later_page_about_installing_something_else_is_not_what_to_install() -> None:
    first = page("docs/a.md", "First steps", sections=[section("Run", words=900)])
    other = page("docs/b.md", "Widgets for trees", sections=[section("Download", words=100)])
    install = page("docs/c.md", "Installation", sections=[section("Linux", words=100)])
    assert "Widgets for trees" not in quick_start(first, other, *rest(20))
    assert quick_start(first, other, install, *rest(20))[0] == "Installation"


def test_a_quick_start_knows_what_other_languages_call_an_installation_and_first_steps() -> None:
    for install, first in (
        ("Instalación", "Primeros pasos"),
        ("安装指南", "快速入门"),
        ("Go installieren", "Erste Schritte"),
    ):
        front = page("README.md", "Widgets", sections=[section("Widgets", words=300, code=0)])
        pages = [front, *rest(2), page("docs/y.md", install, sections=[section(install)]),
                 page("docs/z.md", first, sections=[section(first), section("Mehr")])]  # fmt: skip
        (found,) = (one for one in propose(pages) if one.kind == "quickstart")
        assert [module.title for module in found.modules][:3] == ["Widgets", install, first]
        assert found.title.startswith("Quick start")


def test_a_quick_start_of_a_small_course_takes_parts_of_its_pages() -> None:
    install = page("docs/i.md", "Installation", sections=[section("Installation", words=1200)])
    start = page("docs/s.md", "Drawing", sections=[section(f"Line {at}", words=300) for at in range(4)])
    ways = [one for one in propose([install, start]) if one.kind == "quickstart"]
    headings = [ref.heading for way in ways for module in way.modules for ref in module.sections]
    assert headings[:2] == ["Installation", "Line 0"]
    assert len(headings) < 5


def test_a_long_quick_way_in_is_enough_by_itself() -> None:
    parts = [section(f"Step {at}", words=500) for at in range(4)]
    long, short = page("docs/a.md", "Quick start", sections=parts), page("docs/a.md", "Quick start", sections=parts[:1])
    assert quick_start(long, *rest(20)) == ["Quick start"]
    assert quick_start(short, *rest(20))[:2] == ["Quick start", "Part 0"]


def test_a_page_of_a_few_words_is_no_module_beside_others() -> None:
    stub = page("docs/s.md", "Playground", sections=[section("Playground", words=8, code=0)])
    index = page("docs/how-to/index.md", "How-to guides", sections=[section("Directions", words=40, code=0)])
    way = propose([*rest(20), stub, index, page("docs/how-to/up.md", "Upgrade")])[0]
    assert [module.title for module in way.modules if not module.title.startswith("Part")] == ["Upgrade"]
    assert not {stub.document_id, index.document_id} & {name for one in way.modules for name in one.document_ids}
    assert [module.title for module in propose([stub], name="acme/widgets")[0].modules] == ["Playground"]


def test_a_page_called_the_quick_way_into_the_project_begins_wherever_it_stands_and_installs_what_it_needs() -> None:
    steps = [section("Step 1 - Install it"), section("Step 2 - Draw", words=1200)]
    tutorial = page("docs/tutorials/first.md", "Your first Widgets program", sections=steps)
    deploy = page("docs/deploy.md", "Install Widgets Pro", sections=[section("Deploy", words=900)])
    crowd = [page(f"docs/c{i}.md", f"C {i}", sections=[section(f"C {i}.{at}", words=60) for at in range(30)])
             for i in range(20)]  # fmt: skip
    assert quick_start(page("docs/index.md", "Widgets"), deploy, *crowd, tutorial)[1:] == ["Your first Widgets program"]


def test_it_opens_with_the_first_page_where_there_is_no_front_page_and_that_says_what_the_thing_is() -> None:
    about = page(
        "docs/intro/what.md", "What it is", doc_type="overview", sections=[section("What it is", words=1500, code=0)]
    )
    start = page("docs/start/start.md", "First steps", sections=[section("Draw", words=1800)])
    assert headings_of(about, start, *rest(9))[:2] == ["What it is", "Draw"]


def test_a_page_called_the_quick_way_in_needs_no_code_and_getting_started_goes_before_a_tutorial() -> None:
    start = page("docs/start.md", "Getting started", sections=[section("Open it", words=900, code=0)])
    tutorial = page("docs/api-tutorial.md", "API tutorial", sections=[section("Call it", words=900)])
    shown = page("docs/motions.md", "Motions", sections=[section("Move", words=900)])
    assert "Getting started" in quick_start(shown, tutorial, start, *rest(20))
    assert "Motions" not in quick_start(shown, start, *rest(20))


def test_a_front_page_without_code_that_the_contents_leave_out_is_no_step_beside_their_own_first_pages() -> None:
    readme = page("README.md", "Widgets", sections=[section("Widgets", words=200, code=0)])
    pages = [page("docs/intro/overview.md", "Overview", doc_type="overview"), page("docs/install.md", "Installation"),
             page("docs/start.md", "Up and running", doc_type="tutorial"), *rest(20)]  # fmt: skip
    order = Navigation("mkdocs.yml", tuple(NavigationEntry("", one.path, 0) for one in pages))
    for kind in ("quickstart", "task"):
        (way,) = (one for one in propose([readme, *pages], order) if one.kind == kind)
        assert next(module.title for module in way.modules) == "Overview", kind
    shown = page("README.md", "Widgets", sections=[section("Widgets", words=200)])
    (way,) = (one for one in propose([shown, *pages], order) if one.kind == "quickstart")
    assert next(module.title for module in way.modules) == "Widgets"


def test_the_step_beyond_is_the_next_page_that_does_something_whatever_a_later_page_calls_its_example() -> None:
    start = page("docs/start.md", "Quick start", sections=[section("Run it", words=200)])
    tree = page("docs/tree.md", "Directory structure", sections=[section("The tree", words=200)])
    add = page("docs/add.md", "Pages", sections=[section("Add a page", words=200)])
    live = page("docs/live.md", "Live pages", sections=[section("Basic example", words=200)])
    options = [section(name, words=60) for name in ("Command-line usage", "--bail, -b", "--grep", "--jobs <n>", "-v")]
    usage = page("docs/cli.md", "Command-line usage", doc_type="guide", sections=options)
    part = page("docs/store.md", "Store: getting started", sections=[section("Store", words=200)])
    assert headings_of(start, tree, usage, add, live, part, *rest(20))[:2] == ["Run it", "Add a page"]


def test_the_step_beyond_lies_in_the_folder_of_the_program_and_is_no_quick_start_of_another_part() -> None:
    start = page("docs/red/quick-start.md", "Quick start", sections=[section("Run it", words=200)])
    other = page("docs/blue/quick-start.md", "Blue quick start", sections=[section("Run blue", words=200)])
    query = page("docs/red/guides/query.md", "Queries", sections=[section("Ask", words=200)])
    assert headings_of(start, other, query, *rest(20))[:2] == ["Run it", "Ask"]
    start = page("docs/start.md", "Quick start", sections=[section("Run it", words=200)])
    part = page("docs/admin/sets/Getting-Started.md", "Sets", sections=[section("Run sets", words=200)])
    assert headings_of(start, query, part, *rest(20))[:2] == ["Run it", "Ask"]


def test_the_step_beyond_ends_with_the_heading_that_it_stands_below() -> None:
    top = section("Pages", level=1, words=40, code=0)
    task = section("Add a page", words=100).model_copy(update={"parent": top.id})
    parts = [section(name, level=3, words=300) for name in ("A route", "A controller", "A view")]
    other = section("Change a page", words=200).model_copy(update={"parent": top.id})
    parts = [one.model_copy(update={"parent": task.id}) for one in parts]
    start = page("docs/start.md", "Quick start", sections=[section("Run it", words=200)])
    add = page("docs/add.md", "Pages", sections=[top, task, *parts, other])
    assert headings_of(start, add, *rest(20))[:6] == [
        "Run it",
        "Pages",
        "Add a page",
        "A route",
        "A controller",
        "A view",
    ]


def test_a_tour_of_the_thing_is_the_way_in_though_the_documentation_begins_with_other_pages() -> None:
    line = page("README.md", "Widgets", sections=[section("Widgets", words=12, code=0)])
    tour = page("docs/Tour.md", "A Widget Tour", doc_type="tutorial", sections=[section("Begin", words=900)])
    assert quick_start(line, *rest(6)[:3], tour, *rest(6)[3:])[0] == "A Widget Tour"


def test_a_first_page_that_is_a_third_of_everything_goes_on_itself() -> None:
    sizes = {"Installation": 150, "Usage": 450, "Key bindings": 450, "Completion": 700}
    parts = [section(name, words=words) for name, words in sizes.items()]
    others = [page(f"{name}.md", name, sections=[section(f"{name}1 more", words=520)]) for name in "ABCDE"]
    front = page("README.md", "Widgets", sections=[section("Widgets", words=100, code=0), *parts])
    order = Navigation("mkdocs.yml", tuple(NavigationEntry("", one.path, 0) for one in (front, *others)))
    (found,) = (one for one in propose([front, *others], order) if one.kind == "quickstart")
    headings = [ref.heading for module in found.modules for ref in module.sections]
    assert "Key bindings" in headings
    assert not {*headings} & {"A1 more", "B1 more"}


def test_it_begins_with_the_authors_own_beginning_and_goes_on_in_its_folder() -> None:
    """Not with a first page that tells the same shorter, what is looked up, or what a guide installs."""
    front = page("README.md", "Widgets", sections=[section("Widgets", words=40, code=0), section("Getting started")])
    spec = [page(f"docs/reference/r{at}.md", f"Rule {at}", sections=[section(f"r{at}", words=900)]) for at in range(9)]
    guide = page("docs/guides/build.md", "Builds", sections=[section("Install Widgets"), section("Run", words=900)])
    first = page("docs/learn/index.md", "Getting started", sections=[section("Why", words=300, code=0)])
    then = page("docs/learn/hello.md", "Hello", sections=[section("Hello", words=600)])
    later = page("docs/parts/trace.md", "Getting started with traces", sections=[section("Trace", words=600)])
    speed = page("docs/guides/speed.md", "Speed", doc_type="overview", sections=[section("Be fast", words=600, code=0)])
    behind = [*spec, speed, guide, first, then, later, *rest(9)]
    for pages in ([front, first, then, later, *rest(20)], [*spec, guide, first, then, later, *rest(9)], behind):
        order = Navigation("mkdocs.yml", tuple(NavigationEntry("", one.path, 0) for one in pages))
        (found,) = (one for one in propose(pages, order) if one.kind == "quickstart")
        assert [ref.heading for module in found.modules for ref in module.sections][:2] == ["Why", "Hello"]
