"""The task of the model for the order of the material. Pure."""

from collections.abc import Sequence

from shared.engine.model.question import as_data
from shared.engine.types import DocumentAnalysis

PATHWAYS = (
    "Below are all sections of a project's documentation, each with a number, in the author's order. Propose pathways: "
    "'complete' with every section once, 'quickstart' with what gets a newcomer going, 'task' by what people want "
    "to do, 'reference' for looking things up. Leave out a kind the sections cannot fill. A pathway is a list of "
    "modules (about ten for a complete one of up to 60 documents, each ten to forty-five minutes), a module a list of "
    "section numbers in teaching order. Nothing may be used before it is taught. Titles and descriptions are for "
    "people: no file names."
)


def outline(analyses: Sequence[DocumentAnalysis]) -> tuple[str, list[tuple[DocumentAnalysis, int]]]:
    """All sections numbered from 1 in the given order, and what each number stands for: (analysis, index)."""
    lines: list[str] = []
    numbers: list[tuple[DocumentAnalysis, int]] = []
    for analysis in analyses:
        lines.append(f"{analysis.title} ({analysis.doc_type}, {analysis.complexity_level})")
        for index, section in enumerate(analysis.sections):
            numbers.append((analysis, index))
            lines.append(f"  [{len(numbers)}] {'#' * section.level} {section.heading} ({section.words} words)")
    return as_data(lines), numbers
