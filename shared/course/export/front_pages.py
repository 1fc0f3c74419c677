"""The pages of the Markdown folder that are not modules: overview, glossary, sources."""

from collections.abc import Mapping

from shared.course.model import Course, DocumentEntry, Module, PathwayEntry

from .cited import SpanReader
from .definitions import read_definition
from .hosts import file_url
from .naming import escape_title, minutes_in_words, name_source


def render_readme(course: Course, names: Mapping[str, str]) -> str:
    """The overview: what it is, for whom, how long, the modules, the other ways through, where it comes from."""
    minutes = sum(module.estimated_minutes for module in course.modules)
    glossary = "[glossary](glossary.md), " if course.concepts else ""
    items = sum(len(module.assessment) for module in course.modules)
    level = course.audience.complexity_level
    parts = [
        f"# {escape_title(course.title)}",
        course.description,
        f"{len(course.modules)} modules · {minutes_in_words(minutes)} · {items} questions · {level} level",
        _what_is_missing(course, names),
        "## Modules",
        "\n".join(_module_lines(course, names)),
        *_other_pathways(course),
        "## Where it comes from",
        "\n".join(f"- {name_source(source)} at commit `{source.commit}` ({source.ref})" for source in course.sources),
        (
            "Statements carry footnotes that name the lines they rest on. [Documents used and left out](sources.md), "
            f"{glossary}[the course as data](course.json)."
        ),
    ]
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _what_is_missing(course: Course, names: Mapping[str, str]) -> str:
    """A warning that names every incomplete module with its problems; "" when each module is complete."""
    missing = [module for module in course.modules if module.status != "complete"]
    if not missing:
        return ""
    lines = [
        f"> **This course is incomplete**: {len(missing)} of its {len(course.modules)} modules lack something.",
        ">",
    ]
    lines += [f"> - [{escape_title(one.title)}](modules/{names[one.id]}): {list_problems(one)}" for one in missing]
    return "\n".join(lines)


def list_problems(module: Module) -> str:
    """The missing parts of an incomplete module, in one line of Markdown."""
    return escape_title("; ".join(module.problems)) or "no reason was recorded"


def _module_lines(course: Course, names: Mapping[str, str]) -> list[str]:
    lines = []
    for position, module in enumerate(sorted(course.modules, key=lambda module: module.order), start=1):
        note = "" if module.status == "complete" else " *(incomplete)*"
        time = minutes_in_words(module.estimated_minutes)
        lines.append(f"{position}. [{escape_title(module.title)}](modules/{names[module.id]}) ({time}){note}  ")
        lines.append(f"   {module.description}" if module.description else "")
    return [line for line in lines if line]


def _other_pathways(course: Course) -> list[str]:
    others = [pathway for pathway in course.pathways if not pathway.selected]
    return ["## Other ways through the material", "\n".join(_pathway(pathway) for pathway in others)] if others else []


def _pathway(pathway: PathwayEntry) -> str:
    time = minutes_in_words(pathway.estimated_minutes)
    return f"- **{escape_title(pathway.title)}** ({len(pathway.modules)} modules, {time}): {pathway.description}"


def render_glossary(course: Course, names: Mapping[str, str], reader: SpanReader) -> str:
    """Each concept with its definition, the module that introduces it and the lines that define it."""
    titles = {module.id: module.title for module in course.modules}
    lines = ["# Glossary", ""]
    for concept in sorted(course.concepts, key=lambda concept: (concept.name.casefold(), concept.id)):
        span = reader.read(concept.citation)
        place = f"[{span.path}, {span.place}]({span.url})" if span.url else f"`{span.path}`, {span.place}"
        if concept.module_id in titles:
            where = f"introduced in [{escape_title(titles[concept.module_id])}](modules/{names[concept.module_id]})"
        else:
            where = "not part of this pathway"
        definition = escape_title(read_definition(concept, reader))
        told = f": {definition} {where[0].upper()}{where[1:]}" if definition else f": {where}"
        lines.append(f"- **{escape_title(concept.name)}**{told}; defined in {place}.")
    return "\n".join(lines) + "\n"


def render_sources(course: Course) -> str:
    """The documents that were used, and those that were left out with the reason."""
    used = [document for document in course.documents if document.used]
    left_out = [document for document in course.documents if not document.used]
    lines = ["# Sources", "", "## Documents used", ""]
    for document in used:
        lines += [_document(course, document), *(f"  - {escape_title(problem)}" for problem in document.problems)]
    if left_out:
        reasons = (f"{_document(course, document)}: {document.reason}" for document in left_out)
        lines += ["", "## Documents left out", "", *reasons]
    return "\n".join(lines) + "\n"


def _document(course: Course, document: DocumentEntry) -> str:
    source = next(source for source in course.sources if source.id == document.source_id)
    url = file_url(source.url, source.commit, document.path)
    shown = f"[{document.path}]({url})" if url else f"`{document.path}`"
    return f"- {shown}, {document.word_count} words"
