from shared.docs.model import Navigation
from shared.engine.graph import acyclic, build_graph
from shared.engine.reading_order import reading_order
from tests.unit.analysis.build import contents
from tests.unit.pathway.build import page, section

STREAM = ("stream", "A stream is a sequence of messages that is kept.")
CONSUMER = ("consumer", "A consumer is a view of a stream that remembers its place.")


def names(graph_order: tuple[object, ...]) -> list[str]:
    return [getattr(analysis, "path", "") for analysis in graph_order]


def test_one_term_has_one_home_the_section_about_it() -> None:
    early = page("docs/a.md", concepts=[("streams", "Streams are said to be long in passing here.")], evidence=1)
    home = page("docs/b.md", concepts=[STREAM], evidence=3)
    graph = build_graph([early, home], Navigation())
    assert [(c.name, c.document_id) for c in graph.concepts] == [("stream", home.document_id)]


def test_a_concept_needs_those_its_definition_uses() -> None:
    graph = build_graph([page("docs/a.md", concepts=[STREAM]), page("docs/b.md", concepts=[CONSUMER])], Navigation())
    by_name = {concept.name: concept for concept in graph.concepts}
    assert by_name["consumer"].prerequisites == (by_name["stream"].id,)
    assert by_name["stream"].prerequisites == ()


def test_needs_that_run_against_the_authors_order_are_left_out() -> None:
    order = contents(("B", "docs/b.md", 0), ("A", "docs/a.md", 0))
    graph = build_graph([page("docs/a.md", concepts=[STREAM]), page("docs/b.md", concepts=[CONSUMER])], order)
    assert all(concept.prerequisites == () for concept in graph.concepts)
    assert graph.document_edges == ()


def test_circles_lose_their_weakest_edge() -> None:
    assert acyclic({("a", "b"): 3, ("b", "c"): 2, ("c", "a"): 1}) == (("a", "b"), ("b", "c"))
    assert acyclic({("a", "a"): 9}) == ()


def test_two_definitions_that_use_each_other_leave_no_circle() -> None:
    first = page("docs/a.md", concepts=[("stream", "A stream is what a consumer reads from, in order.")])
    second = page("docs/b.md", concepts=[CONSUMER])
    graph = build_graph([first, second], Navigation())
    assert sum(len(concept.prerequisites) for concept in graph.concepts) == 1


def test_a_document_that_uses_a_concept_in_several_sections_comes_after_its_home() -> None:
    home = page("docs/z.md", concepts=[STREAM])
    user = page("docs/a.md", sections=[section("One", terms=["stream"]), section("Two", terms=["stream"])])
    others = [page(f"docs/{name}.md") for name in ("k", "l", "m")]
    graph = build_graph([user, *others, home], Navigation())
    assert graph.document_edges == ((home.document_id, user.document_id),)


def test_reading_order_is_the_authors_with_strays_beside_their_folder() -> None:
    analyses = [page(path) for path in ("docs/b.md", "docs/stray.md", "docs/a.md", "guide/c.md", "README.md")]
    order = contents(("A", "docs/a.md", 0), ("B", "docs/b.md", 0), ("C", "guide/c.md", 0))
    assert names(reading_order(analyses, order)) == [
        "README.md", "docs/a.md", "docs/b.md", "docs/stray.md", "guide/c.md",
    ]  # fmt: skip


def test_without_an_authors_order_beginnings_come_first_and_reference_late() -> None:
    analyses = [
        page("docs/api.md", doc_type="api"), page("docs/faq.md", doc_type="faq"), page("docs/routing.md"),
        page("docs/installation.md"), page("README.md", doc_type="overview"),
    ]  # fmt: skip
    assert names(reading_order(analyses, Navigation())) == [
        "README.md", "docs/installation.md", "docs/routing.md", "docs/api.md", "docs/faq.md",
    ]  # fmt: skip


def test_numbered_files_keep_their_numbers_order() -> None:
    analyses = [page(f"docs/{name}.md") for name in ("10-end", "2-middle", "1-start")]
    assert names(reading_order(analyses, Navigation())) == ["docs/1-start.md", "docs/2-middle.md", "docs/10-end.md"]


def test_news_comes_last_even_when_the_author_puts_it_first() -> None:
    analyses = [page("docs/whats-new.md", "What's New"), page("docs/a.md")]
    order = contents(("News", "docs/whats-new.md", 0), ("A", "docs/a.md", 0))
    assert names(reading_order(analyses, order)) == ["docs/a.md", "docs/whats-new.md"]
