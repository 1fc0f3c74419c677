"""The definitions of concepts as readers see them. Pure."""

from collections.abc import Callable, Mapping

from services.modules.cited.crossings import Place
from shared.course.plain_text import show_plain
from shared.docs.model import Document, Link
from shared.engine.types import ConceptGraph, GraphConcept
from shared.language.glosses import points_away
from shared.language.terms import plain


def with_titles(
    graph: ConceptGraph, documents: Mapping[str, Document], find: Callable[[Link, str], Place | None]
) -> ConceptGraph:
    """The concepts; where a definition refers to a place by its label alone, it has the title of the place instead."""

    def titled(concept: GraphConcept) -> GraphConcept:
        document, told = documents.get(concept.document_id), concept.definition
        lines = range(told.span.start_line, told.span.end_line + 1)
        text = told.text
        for link in document.links if document else ():
            if link.untitled and link.line in lines and link.text in text:
                place = find(link, told.span.path)
                text = text.replace(link.text, plain(place.heading)) if place and place.heading else text
        return concept.model_copy(update={"definition": told.model_copy(update={"text": text})})

    return graph.model_copy(update={"concepts": tuple(map(titled, graph.concepts))})


def gloss_of(concept: GraphConcept) -> str:
    """The sentence that says what a concept is, else the one that its home begins with; "" where a reader needs the
    text around that sentence.
    """
    told = concept.definition.text
    return show_plain(told) if concept.is_told or not points_away(told) else ""
