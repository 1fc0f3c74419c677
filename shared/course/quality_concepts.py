"""K7 and K11: concepts and what proves their order, and documents for makers among those taught."""

from collections.abc import Iterator

from shared.course.model import ConceptEntry
from shared.course.plain_text import show_plain
from shared.course.quality_figures import CourseFacts, Figures, at_least, at_most, is_number
from shared.course.source_units import SourceSection
from shared.course.terms import mentions
from shared.course.wording import stem_content_words

WORDS_PER_CONCEPT = 1_000
MOST_WANTED = 40
FEWEST_EDGES = 0.5


def measure_concepts(facts: CourseFacts) -> Figures:
    """K7: concepts by the size of the course, their edges, and where an edge is named."""
    concepts = facts.course.concepts
    way = facts.widest_modules
    wanted = min(MOST_WANTED, sum(module.words for module in way) // WORDS_PER_CONCEPT)
    homes = {concept.module_id for concept in concepts}
    edges = sum(len(concept.prerequisites) for concept in concepts)
    unnamed = sum(1 for _ in find_unnamed(facts))
    per_concept = edges / len(concepts) if concepts else 0.0
    has_edges = per_concept >= FEWEST_EDGES or len(concepts) < 2
    return {
        "concepts": is_number("Concepts", len(concepts), f">= {wanted}", ok=len(concepts) >= wanted),
        "edges": is_number("Prerequisites of a concept, on average", per_concept, f">= {FEWEST_EDGES}", ok=has_edges),
        "modules": at_least("Modules that introduce a concept", sum(m.module.id in homes for m in way), len(way), 0.8),
        "named": at_least("Prerequisites that the home of a concept names", edges - unnamed, edges, 0.95),
    }


def find_unnamed(facts: CourseFacts) -> Iterator[tuple[ConceptEntry, str]]:
    """Concepts with the name of a prerequisite that their home section does not name."""
    names = {concept.id: concept.name for concept in facts.course.concepts}
    for concept in facts.course.concepts:
        if concept.prerequisites:
            home = find_home(concept, facts)
            text = _text_of(home, facts) if home else ""
            stems = set(stem_content_words(text, facts.course.language))
            for needed in concept.prerequisites:
                name = show_plain(names.get(needed, ""))
                own = set(stem_content_words(name, facts.course.language))
                if not (mentions(text, name) or (own and own <= stems)):
                    yield concept, name


def _text_of(home: SourceSection, facts: CourseFacts) -> str:
    """The text of a section: its heading, its units and the terms that it defines."""
    blocks = facts.documents[home.path].sections[home.index].blocks
    return "\n".join((home.heading, *(unit.text for unit in home.units), *(show_plain(one.term) for one in blocks)))


def find_home(concept: ConceptEntry, facts: CourseFacts) -> SourceSection | None:
    """The section that a concept's home names, of several the one that holds its citation; else that which holds it.

    Where a section shows lines of another file, its place in its own says nothing of them.
    """
    cited, home = concept.citation, concept.home
    paths = {entry.id: entry.path for entry in facts.course.documents}
    sections = facts.sources.sections_of(paths.get(home.document_id, "") if home else cited.path)
    lines = range(cited.start_line, cited.end_line + 1)
    holding = [s for s in sections if any(u.path == cited.path and u.start_line in lines for u in s.units)]
    named = [s for s in sections if home and s.heading == home.heading]
    return next((s for s in holding if s in named), next(iter([*named, *holding]), None))


def measure_readers(facts: CourseFacts) -> Figures:
    """K11: documents for the project's makers among those that the widest pathway teaches."""
    what = "Documents for the project's makers among those taught"
    return {"makers": at_most(what, len(facts.taught_makers), len(facts.taught_paths), 0.05)}
