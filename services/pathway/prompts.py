"""The task of the model for the order of the material. Pure."""

from collections.abc import Sequence

from shared.engine.model.question import as_data
from shared.engine.types import DocumentAnalysis

PATHWAYS = (
    "Below are all sections of a project's documentation in the author's order: [2] is a section's number, (56) its "
    "length in words. Propose pathways: 'complete' with every section once, 'quickstart' with what leads to the "
    "first working result and one step beyond, at most an hour, 'task' by what people want to do, 'reference' for "
    "looking things up. Leave out a kind that the sections cannot fill. A pathway is a list of modules, a module a "
    "list of section numbers in teaching order. One module is about one thing and takes 8 to 30 minutes for "
    "beginners, 10 to 40 for others, at 200 words a minute, less if the material is short; a long document becomes "
    "several modules. Teach an idea before a section that uses it; which document builds on which is listed after the "
    "sections where it is known. Write titles and descriptions for people: use the author's terms, no file names."
)


def outline(
    analyses: Sequence[DocumentAnalysis], edges: Sequence[tuple[str, str]] = ()
) -> tuple[str, list[tuple[DocumentAnalysis, int]]]:
    """All sections numbered from 1 in the given order, and what each number stands for: (analysis, index).

    `edges`: ids of documents, of which the second builds on the first.
    """
    lines: list[str] = []
    numbers: list[tuple[DocumentAnalysis, int]] = []
    for analysis in analyses:
        lines.append(f"{analysis.title} ({analysis.doc_type}, {analysis.complexity_level})")
        for index, section in enumerate(analysis.sections):
            numbers.append((analysis, index))
            lines.append(f"  [{len(numbers)}] {'#' * section.level} {section.heading} ({section.words})")
    titles = {analysis.document_id: analysis.title for analysis in analyses}
    lines += [f"{titles[after]}: builds on {titles[before]}" for before, after in edges if {before, after} <= {*titles}]
    return as_data(lines), numbers
