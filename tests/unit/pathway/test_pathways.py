import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.doc_analyser.offline.graph import build_graph
from shared.docs.model import Navigation
from shared.engine.distance import section_distance, section_order, smallest_distance
from shared.engine.port import Audience
from shared.engine.types import DocumentAnalysis, Pathway
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


@pytest.mark.parametrize(("documents", "fewest", "most"), [(5, 3, 6), (33, 7, 13), (60, 9, 15), (500, 25, 50)])
def test_the_number_of_modules_suits_the_repository(documents: int, fewest: int, most: int) -> None:
    complete = propose(library(documents))[0]
    assert complete.kind == "complete"
    assert fewest <= len(complete.modules) <= most
    assert any(module.part for module in complete.modules) is (len(complete.modules) > 14)


def test_one_readme_becomes_three_to_six_modules_of_its_parts() -> None:
    headings = ("Why", "Install", "First steps", "Options", "Recipes", "Reference", "Limits", "Help")
    readme = page("README.md", "Widgets", doc_type="overview", sections=[section(name, code=2) for name in headings])
    pathways = propose([readme])
    assert 3 <= len(pathways[0].modules) <= 6
    assert sections_of(pathways[0]) == [(readme.document_id, one.id) for one in readme.sections]
    assert len(pathways) >= 3
    assert smallest_distance(pathways) >= 0.25


def test_every_teachable_section_is_in_the_complete_pathway_once_and_no_other() -> None:
    bare = page("docs/links.md", sections=[section("Links", words=0, code=0)])
    analyses = [*library(20), bare]
    got = sections_of(propose(analyses)[0])
    assert sorted(got) == sorted((a.document_id, s.id) for a in analyses for s in a.sections if s.teachable)
    assert bare.document_id not in {document for document, _ in got}


def test_few_sections_give_as_many_pathways_as_differ() -> None:
    pathways = propose([page("README.md", "Widgets", sections=[section("Only")])])
    assert [pathway.kind for pathway in pathways] == ["complete"]
    assert propose([page("README.md", sections=[section("Nothing", words=0, code=0)])]) == ()


def test_module_titles_are_unique_short_and_no_file_names() -> None:
    same = [page(f"docs/x{number}/index.md", "Overview", doc_type="guide") for number in range(40)]
    for pathway in propose(same):
        titles = [module.title for module in pathway.modules]
        assert len(set(titles)) == len(titles)
        assert all(0 < len(title) <= 60 and ".md" not in title for title in titles)


def test_modules_follow_the_authors_groups_and_order() -> None:
    groups = {"Basics": ["a", "b", "c"], "Storage": ["d", "e", "f"], "Operations": ["g", "h", "i"]}
    entries: list[tuple[str, str | None, int]] = []
    for group, members in groups.items():
        entries.append((group, None, 0))
        entries += [(name.upper(), f"docs/{name}.md", 1) for name in members]
    short = {name: [section(f"{name} {part}", words=200, code=0) for part in "xyz"] for name in "ihgfedcba"}
    analyses = [page(f"docs/{name}.md", f"Topic {name.upper()}", sections=short[name]) for name in short]
    modules = propose(analyses, contents(*entries))[0].modules
    paths = {analysis.document_id: analysis.path for analysis in analyses}
    assert [paths[document] for module in modules for document in module.document_ids] == [
        f"docs/{name}.md" for name in "abcdefghi"
    ]
    for module in modules:
        assert len({next(g for g, m in groups.items() if paths[d][5] in m) for d in module.document_ids}) == 1
    assert [module.title for module in modules] == ["Topic A and Topic B", "Storage", "Operations"]


def test_nothing_is_needed_before_it_is_taught() -> None:
    shuffled = list("bcdefghij")
    random.Random(3).shuffle(shuffled)
    analyses = [page("docs/z.md", concepts=[("stream", "A stream is a sequence of messages that is kept.")])]
    before = "stream"
    for name in shuffled:
        analyses.append(
            page(f"docs/{name}.md", concepts=[(f"term{name}", f"A term{name} is a kind of {before} of note.")])
        )
        before = f"term{name}"
    graph = build_graph(analyses, Navigation())
    assert sum(len(concept.prerequisites) for concept in graph.concepts) == len(shuffled)
    place = {key: number for number, key in enumerate(sections_of(propose(analyses)[0]))}
    home = {concept.id: place[(concept.document_id, concept.section_id)] for concept in graph.concepts}
    assert all(home[need] < home[concept.id] for concept in graph.concepts for need in concept.prerequisites)


def test_a_modules_id_depends_on_its_own_sections_only() -> None:
    analyses = library(12)
    longer = [*analyses, page("docs/part09/late.md", "Late Words", doc_type="faq")]
    before = {m.id: m.sections for m in propose(analyses)[0].modules}
    after = {m.id: m.sections for m in propose(longer)[0].modules}
    assert all(before[module] == after[module] for module in before.keys() & after.keys())
    assert {m.sections for m in propose(analyses)[0].modules} == set(before.values())


def test_a_beginner_is_spared_advanced_pages_at_the_start() -> None:
    hard = page("docs/quickstart-internals.md", doc_type="tutorial", level="advanced")
    easy = [page(f"docs/intro{number}.md", doc_type="tutorial", level="beginner") for number in range(3)]
    quick = next(
        p for p in propose([hard, *easy, *library(20)], audience=Audience("beginner")) if p.kind == "quickstart"
    )
    assert hard.document_id not in {document for module in quick.modules for document in module.document_ids}


def test_what_the_user_wishes_to_learn_is_in_the_quick_start() -> None:
    wanted = page(
        "docs/part09/x.md", "Encrypting backups", doc_type="guide",
        sections=[section("Encrypting backups with a key", terms=["encryption", "backup", "key"]), section("More")],
    )  # fmt: skip
    analyses = [*library(30), wanted]

    def quick(info: str) -> set[str]:
        pathways = propose(analyses, audience=Audience("intermediate", info))
        found = next(p for p in pathways if p.kind == "quickstart")
        return {document for module in found.modules for document in module.document_ids}

    assert wanted.document_id not in quick("")
    assert wanted.document_id in quick("I want to encrypt my backups with a key")


def test_objectives_of_a_module_are_about_its_own_sections_and_differ() -> None:
    for pathway in propose(library(25)):
        for module in pathway.modules:
            own = {ref.section_id for ref in module.sections}
            texts = [objective.text for objective in module.learning_objectives]
            assert 1 <= len(texts) <= 5
            assert len(set(texts)) == len(texts)
            assert {objective.section_id for objective in module.learning_objectives} <= own


def test_the_order_of_the_input_does_not_matter() -> None:
    analyses = library(30)
    mixed = analyses[:]
    random.Random(1).shuffle(mixed)
    assert propose(analyses) == propose(mixed)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(TYPES), st.integers(1, 5), st.integers(0, 3), st.booleans()), min_size=1, max_size=12
    )
)
def test_pathways_differ_whatever_the_repository(shape: list[tuple[str, int, int, bool]]) -> None:
    analyses = [
        page(
            f"docs/{'deep/' if deep else ''}p{number}.md", f"Page number {chr(97 + number)}", doc_type=doc_type,
            sections=[section(f"{number} {part}", code=code) for part in range(count)],
        )
        for number, (doc_type, count, code, deep) in enumerate(shape)
    ]  # fmt: skip
    pathways = propose(analyses)
    total = sum(len(analysis.sections) for analysis in analyses)
    assert len(section_order(pathways[0])) == total
    assert len(pathways) >= (3 if total >= 6 else 1)
    orders = [section_order(pathway) for pathway in pathways]
    assert all(section_distance(a, b) >= 0.25 for i, a in enumerate(orders) for b in orders[:i])
