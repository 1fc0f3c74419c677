"""Assembly adds to written modules: homes of concepts, sections left out, and questions asked again."""

from collections.abc import Sequence

from services.modules.assembly.concepts import list_concepts, order_prerequisites
from services.modules.assembly.empty import find_unstudied
from services.modules.assembly.not_taught import list_not_taught
from services.modules.assembly.titles import drop_titles
from shared.course.audience import Audience
from shared.course.model import Citation, Item, Module, NotTaught
from shared.course.recall import choose_recall
from shared.engine.types import (
    CitedSentence,
    ConceptGraph,
    DocumentAnalysis,
    GraphConcept,
    PathwayModule,
    SectionRef,
    Sibling,
    Span,
)
from tests.unit.pathway.build import page, section
from tests.unit.quality.sample_modules import start_module

ANYBODY = Audience(complexity_level="intermediate")


def item(name: str) -> Item:
    return start_module().assessment[0].model_copy(update={"id": name})


def module(name: str, items: Sequence[str] = (), needs: Sequence[str] = (), lines: int = 0) -> Module:
    cited = [
        Citation(id=f"c-{name}", source_id="s1", path="docs/a.md", start_line=lines, end_line=lines + 2, sha256="")
    ]
    return start_module().model_copy(
        update={
            "id": name, "assessment": [item(one) for one in items], "prerequisites": list(needs),
            "citations": cited if lines else [], "not_taught": [], "recall": [],
        }
    )  # fmt: skip


def planned(
    name: str, document: DocumentAnalysis, ids: Sequence[str], siblings: Sequence[Sibling] = ()
) -> PathwayModule:
    headings = {one.id: one.heading for one in document.sections}
    refs = tuple(SectionRef(document_id=document.document_id, section_id=i, heading=headings[i]) for i in ids)
    return PathwayModule(
        id=name, title=name, description="", estimated_minutes=1, sections=refs,
        document_ids=(document.document_id,), siblings=tuple(siblings),
    )  # fmt: skip


def concept(name: str, document: DocumentAnalysis, at: int, line: int, needs: Sequence[str] = ()) -> GraphConcept:
    span = Span(path="docs/a.md", start_line=line, end_line=line)
    return GraphConcept(
        id=name, name=name, document_id=document.document_id, section_id=document.sections[at].id,
        definition=CitedSentence(text=f"A *{name}* is a thing.", span=span), prerequisites=tuple(needs),
        signs=dict.fromkeys(needs, ("linked",)),
    )  # fmt: skip


def test_a_concept_is_at_home_in_the_module_that_teaches_its_section() -> None:
    document = page("docs/a.md")
    first, second, third = (one.id for one in document.sections)
    graph = ConceptGraph(concepts=(
        concept("stream", document, 1, 11), concept("subject", document, 0, 2, ["stream", "gone"]),
        concept("unseen", document, 2, 50),
    ))  # fmt: skip
    modules = [module("m1", lines=1), module("m2", lines=10)]
    plans = [planned("m1", document, [first]), planned("m2", document, [second, third])]
    found = list_concepts(graph, modules, plans)
    assert [(one.name, one.module_id) for one in found] == [("subject", "m1"), ("stream", "m2")]
    assert found[0].gloss == "A subject is a thing."
    untold = graph.concepts[0].model_copy(update={"is_told": False})
    pointing = untold.definition.model_copy(update={"text": "The following streams are things."})
    silent = untold.model_copy(update={"id": "silent", "definition": pointing})
    plan = [planned("m2", document, [second])]
    opened = [list_concepts(ConceptGraph(concepts=(one,)), modules, plan)[0] for one in (untold, silent)]
    assert [(one.gloss, one.is_defined) for one in opened] == [("A stream is a thing.", False), ("", False)]
    assert found[0].home is not None
    assert found[0].home.heading == document.sections[0].heading
    # A prerequisite that comes later is said too: nothing is hidden from who counts.
    assert (found[0].prerequisites, found[0].signs) == (["stream"], {"stream": ["linked"]})
    assert [one.prerequisites for one in order_prerequisites(modules)] == [[], []]


def test_a_concept_that_another_module_tells_of_is_cited_there_and_stays_at_home() -> None:
    document = page("docs/a.md")
    first, second = (one.id for one in document.sections[:2])
    plans = [planned("m1", document, [first]), planned("m2", document, [second])]
    told = ConceptGraph(concepts=(concept("stream", document, 0, 11),))
    (found,) = list_concepts(told, [module("m1", lines=1), module("m2", lines=10)], plans)
    assert (found.module_id, found.citation.id) == ("m1", "c-m2")


def test_concepts_that_have_to_do_with_no_other_one_give_way_where_a_module_has_others() -> None:
    document = page("docs/a.md")
    first, second = (one.id for one in document.sections[:2])
    plans = [planned("m1", document, [first]), planned("m2", document, [second])]
    modules = [module("m1", lines=1), module("m2", lines=10)]

    def list_names(*concepts: GraphConcept) -> list[str]:
        return [one.name for one in list_concepts(ConceptGraph(concepts=concepts), modules, plans)]

    stream, subject = concept("stream", document, 1, 11), concept("subject", document, 1, 11, ["stream"])
    reply = concept("reply", document, 1, 11)
    untold = reply.model_copy(update={"id": "inbox", "name": "inbox", "is_told": False})
    assert list_names(stream, subject, reply, untold) == ["stream", "subject"]
    more = [concept(f"more{n}", document, 1, 11, ["stream"]) for n in range(3)]
    assert list_names(stream, subject, reply, untold, *more[:1]) == ["more0", "reply", "stream", "subject"]
    # The only one of its module stays, as do those that the course has too few of without.
    assert list_names(stream, subject, concept("reply", document, 0, 2)) == ["reply", "stream", "subject"]
    long = modules[0].model_copy(update={"main_content": "They say a word. " * 1_000})
    modules[0] = long
    assert len(list_names(stream, subject, reply, untold)) == 4
    # One that an earlier module says without a link gives way at once.
    modules[0] = long.model_copy(update={"main_content": "They send a reply. " * 800})
    assert "reply" not in list_names(stream, subject, reply, untold, *more)
    linked = "They send a [reply](#m2). " * 800
    modules[0] = long.model_copy(update={"main_content": linked})
    assert "reply" in list_names(stream, subject, reply, untold, *more)
    # So does one that others build on and nothing defines.
    base = concept("base", document, 1, 11).model_copy(update={"is_told": False})
    built = [concept(f"built{n}", document, 1, 11, ["base"]) for n in range(3)]
    assert "base" in list_names(base, stream, subject, *more, *built)
    modules[0] = long.model_copy(update={"main_content": "They have a base. " * 800})
    assert "base" not in list_names(base, stream, subject, *more, *built)


def test_the_citations_of_other_documents_are_not_compared_for_each_concept() -> None:
    class Compared(str):
        __slots__ = ()
        times = 0
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            Compared.times += 1
            return str.__eq__(self, other)

    document = page("docs/a.md")
    other = module("m2", lines=1)
    cited = [other.citations[0].model_copy(update={"path": Compared(f"docs/p{n}.md")}) for n in range(100)]
    concepts = tuple(concept(f"stream{n}", document, 0, 50) for n in range(100))
    modules = [module("m1"), other.model_copy(update={"citations": cited})]
    plans = [planned("m1", document, [document.sections[0].id])]
    assert list_concepts(ConceptGraph(concepts=concepts), modules, plans) == []
    assert Compared.times < 300


def test_a_module_builds_on_the_earlier_modules_that_its_writer_names() -> None:
    named = {"prerequisites": ["m2", "m1"]}
    ordered = order_prerequisites([module(i, lines=1).model_copy(update=named) for i in ("m1", "m2")])
    assert [one.prerequisites for one in ordered] == [[], ["m1"]]
    assert [one.order for one in ordered] == [1, 2]


def test_what_no_module_teaches_is_named_once_with_the_reason() -> None:
    document = page("docs/a.md", sections=[
        section("Use"), section("Credits", words=7, code=0),
        section("Bare", words=1, code=0), section("More"), section("Same"), section("Licence"),
        section("Dump", words=60_000).model_copy(update={"teachable": False}),
    ])  # fmt: skip
    ids = [one.id for one in document.sections]
    other = page("docs/b.md", "Other")
    same = Sibling(
        document_id=other.document_id, section_id=other.sections[0].id, name="A",
        same=SectionRef(document_id=document.document_id, section_id=ids[4], heading="Same"),
    )  # fmt: skip
    ways = [
        planned("m1", document, [ids[0]]), planned("m2", document, [ids[3]]),
        planned("m3", other, [other.sections[0].id], [same]), planned("m4", document, ids[:1]),
    ]  # fmt: skip
    found = list_not_taught([module(name) for name in ("m1", "m2", "m3", "m4")], ways, [document, other], ANYBODY)
    assert [[(one.heading, one.reason) for one in m.not_taught] for m in found] == [
        [("Credits", "not for learning the project: its makers, its licence or its people")],
        [("Same", "told in “Other”"),
         ("Licence", "not for learning the project: its makers, its licence or its people"),
         ("Dump", "hours of text without a heading")],
        [("Other Beta", "not for learning the project: its makers, its licence or its people"),
         ("Other Gamma", "not for learning the project: its makers, its licence or its people")],
        [("The rest of “A”", "in another module")],
    ]  # fmt: skip
    assert [[one.told_in for one in found[at].not_taught] for at in (1, 3)] == [["m3", "", ""], ["m1"]]


def test_a_section_that_a_check_took_out_stays_named() -> None:
    document = page("docs/a.md", sections=[section("Use"), section("More")])
    lost = NotTaught(document_id=document.document_id, heading="Use", reason="a check found it incomplete")
    ways = [planned("m1", document, [document.sections[0].id])]
    (found,) = list_not_taught([module("m1").model_copy(update={"not_taught": [lost]})], ways, [document], ANYBODY)
    assert [one.heading for one in found.not_taught] == ["Use", "More"]


def test_a_section_that_a_level_leaves_out_has_the_level_as_the_reason() -> None:
    hard = section("Internals").model_copy(update={"asks": "advanced", "asks_reason": "internals"})
    document = page("docs/a.md", sections=[section("Use"), hard])
    ways = [planned("m1", document, [document.sections[0].id])]
    (found,) = list_not_taught([module("m1")], ways, [document], Audience(complexity_level="beginner"))
    assert [(one.heading, one.reason) for one in found.not_taught] == [
        ("Internals", "left out for beginners: internals")
    ]


def test_a_section_that_the_user_did_not_wish_for_says_so() -> None:
    document = page("docs/a.md", sections=[section("Running"), section("Windows notes")])
    ways = [planned("m1", document, [document.sections[0].id])]
    for wishes, reason in (
        ("without windows", "left out on request: “windows”"), ("only running", "not asked for: only “running”"),
    ):  # fmt: skip
        audience = Audience(complexity_level="intermediate", additional_info=wishes)
        (found,) = list_not_taught([module("m1")], ways, [document], audience)
        assert [(one.heading, one.reason) for one in found.not_taught] == [("Windows notes", reason)]


def test_a_module_opens_with_two_questions_of_modules_it_builds_on() -> None:
    names = [f"m{number}" for number in range(7)]
    modules = [module(name, [f"{name}-1", f"{name}-2"], needs=["m1"] if name == "m6" else []) for name in names]
    recall = {one.id: one.recall for one in choose_recall(modules, [names])}
    assert recall["m0"] == recall["m1"] == []
    assert recall["m2"] == ["m0-1"]
    assert recall["m5"] == ["m3-1", "m0-2"]  # two and five back, and not the one that was asked before
    assert recall["m6"] == ["m1-2", "m4-1"]  # what it builds on comes first


def test_a_question_is_recalled_once_and_not_by_what_nobody_studies_or_takes_a_glance() -> None:
    names = [f"m{number}" for number in range(9)]
    modules = [module(name, ["one"] if name == "m0" else [], needs=["m0"]) for name in names]
    modules[2] = modules[2].model_copy(update={"estimated_minutes": 1})
    recall = [one.id for one in choose_recall(modules, [names], {"m1"}) if one.recall]
    assert recall == ["m3"]


def test_nobody_studies_references_and_pages_of_links() -> None:
    links = page("docs/more.md", sections=[section("Links", words=30, code=0)])
    pages = [page("docs/a.md"), page("docs/b.md", doc_type="reference"), links]
    ways = [planned(one.path, one, [one.sections[0].id]) for one in pages]
    assert list(find_unstudied(ways, pages)) == ["docs/b.md", "docs/more.md"]


def test_recall_follows_the_pathway_that_has_the_module_and_skips_modules_without_questions() -> None:
    modules = [module("a", ["a-1", "a-2"]), module("b"), module("c", ["c-1"]), module("own", ["own-1"])]
    recall = {one.id: one.recall for one in choose_recall(modules, [["a", "b", "c"], ["a", "c", "own"]])}
    assert recall == {"a": [], "b": [], "c": ["a-1"], "own": ["a-2"]}


def test_a_module_of_two_ways_asks_only_of_what_both_teach_before_it() -> None:
    modules = [module(name, [f"{name}-{at}" for at in range(3)]) for name in "abcdef"]
    ways = [["a", "b", "c", "d", "e", "f"], ["c", "a", "f"]]
    recall = {one.id: one.recall for one in choose_recall(modules, ways)}
    assert recall["f"] == ["a-1", "c-1"]  # "d", which is two back, is not in the other way
    assert recall["c"] == ["a-0"]


def test_a_link_to_the_home_of_a_concept_that_the_course_does_not_list_leads_to_its_heading() -> None:
    document = page("docs/a.md")
    stream = concept("stream", document, 1, 11)
    heading = document.sections[1].heading
    linking = module("m1").model_copy(update={"main_content": '## U\n\nA [stream](#m2 "A stream is a thing.").'})
    home = module("m2").model_copy(update={"main_content": f"## {heading}\n\nA *stream* is a thing."})
    plans = [planned("m2", document, [document.sections[1].id])]
    first, _ = drop_titles([linking, home], [], ConceptGraph(concepts=(stream,)), plans)
    assert f'(#m2 "{heading}")' in first.main_content
    first, _ = drop_titles([linking, home], [], ConceptGraph(), plans)
    assert "(#m2)" in first.main_content
