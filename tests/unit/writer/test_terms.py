from dataclasses import replace

from shared.engine.offline.lesson_terms import find_new_terms
from shared.engine.offline.writer import write_module
from shared.engine.port import ModuleBrief
from shared.engine.types import CitedSentence, ConceptGraph, GraphConcept, Span

from .sample import check, make_brief

FIRST = """# First steps

A relay carries messages between programs that do not know each other.

## Creating streams

A stream needs a cursor. Each reader owns its cursor and moves the cursor on by itself. The server stores the cursor.

A lost cursor starts at the first message.
"""
SECOND = """# Reading

## Creating cursors

A cursor is a place in a stream that one reader remembers. Readers move on one message at a time.
"""
FILES = {"docs/first.md": FIRST, "docs/second.md": SECOND}


def brief_at(position: int, new: tuple[frozenset[str], ...] | None = None) -> tuple[ModuleBrief, GraphConcept]:
    both = [make_brief(FILES, position=i) for i in (0, 1)]
    document_id, document = next(iter(both[1].documents.items()))
    section = next(s for s in document.sections if s.heading == "Creating cursors")
    concept = GraphConcept(
        id="k1", name="cursor", document_id=document_id, section_id=section.id,
        definition=CitedSentence(
            text="A cursor is a place in a stream that one reader remembers.",
            span=Span(path="docs/second.md", start_line=5, end_line=5),
        ),
    )  # fmt: skip
    graph = ConceptGraph(concepts=(concept,))
    found = new or find_new_terms(both[0].pathway, {**both[0].documents, **both[1].documents}, graph)
    return replace(both[position], graph=graph, new_terms=found[position]), concept


def test_a_term_is_new_where_the_first_section_mentions_it() -> None:
    first, concept = brief_at(0)
    assert first.new_terms == frozenset({concept.id})
    assert brief_at(1)[0].new_terms == frozenset()


def test_a_term_that_a_later_module_defines_is_explained_before_its_first_use() -> None:
    brief, _ = brief_at(0)
    module = write_module(brief)
    assert "- **cursor**: a place in a stream that one reader remembers." in module.introduction
    assert {c.path for c in module.citations} == {"docs/first.md", "docs/second.md"}
    assert not [
        finding for finding in check(brief, module).findings if finding.gate != "Q11"
    ]  # few items: a tiny sample


def test_the_module_that_defines_it_does_not_say_it_again_in_its_summary() -> None:
    module = write_module(brief_at(1)[0])
    assert "**cursor**: a place" not in module.introduction + module.summary
    assert "A cursor is a place in a stream" in module.main_content + module.introduction


def test_a_term_used_in_passing_is_not_explained_ahead() -> None:
    brief, concept = brief_at(0, (frozenset(), frozenset()))
    assert concept.name not in write_module(brief).introduction.split("\n- ")[-1][:12]
