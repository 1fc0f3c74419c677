"""The pages of the Markdown folder that are not modules: overview, glossary, sources."""

from collections.abc import Iterator, Mapping, Sequence

from shared.course.links_check import slug_heading
from shared.course.model import ConceptEntry, Course, DocumentEntry, Module, PathwayEntry, Source
from shared.course.naming import minutes_in_words

from .cited import SpanReader
from .hosts import file_url
from .left_out import LeftOutRow, left_out_rows
from .licences import licence_url, tell_licence
from .naming import counted, escape_title, name_source
from .ways import Step, Way, list_offers, list_ways


def render_readme(course: Course, names: Mapping[str, str]) -> str:
    """The overview: what it is, for whom, the ways through it with their modules, where it comes from, its licence."""
    ways = list_ways(course)
    glossary = "[glossary](glossary.md), " if course.concepts else ""
    items = sum(len(module.assessment) for module in course.modules)
    level = course.audience.complexity_level
    licences = [f"{tell_licence(source)}{_licence_link(source)}" for source in course.sources]
    parts = [
        f"# {escape_title(course.title)}",
        course.description,
        f"{counted(len(course.modules), 'module')} · {counted(items, 'question')} · {level} level",
        _what_is_missing(course, names),
        *_choice(ways),
        *(_way(way, names) for way in ways),
        *_offers(course),
        "## Where it comes from",
        "\n".join(f"- {name_source(source)} at commit `{source.commit}` ({source.ref})" for source in course.sources),
        *licences,
        (
            "Statements carry footnotes that name the lines they rest on. [Documents used and left out](sources.md), "
            f"{glossary}[the course as data](course.json)."
        ),
    ]
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _licence_link(source: Source) -> str:
    url, path = licence_url(source), source.licence.path
    return f" [{escape_title(path)}]({url})" if url else f" (`{path}`)" if path else ""


def _choice(ways: Sequence[Way]) -> list[str]:
    """The ways with their hours, to choose from; nothing where there is only one."""
    if len(ways) < 2:
        return []
    lines = [
        f"- [{escape_title(way.title)}](#{slug_heading(way.title)}) ({counted(len(way.steps), 'module')}, "
        f"{minutes_in_words(way.minutes)}): {way.description}"
        for way in ways
    ]
    return ["## Choose a way", "\n".join(lines)]


def _way(way: Way, names: Mapping[str, str]) -> str:
    parts = [f"## {escape_title(way.title)}"]
    parts += [f"It helps to know: {'; '.join(way.prerequisites)}."] if way.prerequisites else []
    for group in way.groups:
        parts += [f"### {escape_title(group.title)}"] if group.title else []
        parts.append("\n".join(line for step in group.steps for line in _step_lines(step, names)))
    return "\n\n".join(parts)


def _step_lines(step: Step, names: Mapping[str, str]) -> Iterator[str]:
    module = step.module
    note = "" if module.status == "complete" else " *(incomplete)*"
    time = minutes_in_words(module.estimated_minutes)
    lead = f"{step.number}. "
    yield f"{lead}[{escape_title(module.title)}](modules/{names[module.id]}) ({time}){note}  "
    if module.description:
        yield f"{' ' * len(lead)}{module.description}"


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


def _offers(course: Course) -> list[str]:
    offers = list_offers(course)
    return ["## Other ways, not written yet", "\n".join(_pathway(pathway) for pathway in offers)] if offers else []


def _pathway(pathway: PathwayEntry) -> str:
    size = f"{counted(len(pathway.modules), 'module')}, {minutes_in_words(pathway.estimated_minutes)}"
    return f"- **{escape_title(pathway.title)}** ({size}): {pathway.description}"


def render_glossary(course: Course, names: Mapping[str, str], reader: SpanReader) -> str:
    """Each concept with its gloss, the module that introduces it, what it builds on and the lines that define it."""
    ordered = sorted(course.concepts, key=lambda concept: (concept.name.casefold(), concept.id))
    return "\n".join(["# Glossary", "", *(_concept(concept, course, names, reader) for concept in ordered)]) + "\n"


def _concept(concept: ConceptEntry, course: Course, names: Mapping[str, str], reader: SpanReader) -> str:
    known = {other.id: other.name for other in course.concepts}
    title = next((module.title for module in course.modules if module.id == concept.module_id), "")
    where = "Not taught in a module of its own"
    if concept.module_id and title:
        where = f"Introduced in [{escape_title(title)}](modules/{names[concept.module_id]})"
    if concept.home:
        where += f", “{escape_title(concept.home.heading)}”"
    needs = [
        f"{escape_title(known[one])}{_signs(concept.signs.get(one, []))}"
        for one in concept.prerequisites
        if one in known
    ]
    span = reader.read(concept.citation)
    place = f"[{span.path}, {span.place}]({span.url})" if span.url else f"`{span.path}`, {span.place}"
    gloss = escape_title(concept.gloss)
    told = f"{where}; builds on {', '.join(needs)}" if needs else where
    return f"- **{escape_title(concept.name)}**: {f'{gloss} ' if gloss else ''}{told}; defined in {place}."


def _signs(signs: Sequence[str]) -> str:
    return f" ({', '.join(signs)})" if signs else ""


def render_sources(course: Course) -> str:
    """The documents that were used, and those that were left out with the reason."""
    used = [document for document in course.documents if document.used]
    lines = ["# Sources", ""]
    for source in course.sources:
        lines += [f"{tell_licence(source)}{_licence_link(source)}", ""]
    lines += ["## Documents used", ""]
    for document in used:
        lines += [_document(course, document), *(f"  - {escape_title(problem)}" for problem in document.problems)]
    left_out = [_left_out(source, row) for source in course.sources for row in _rows(course, source)]
    if left_out:
        lines += ["", "## Documents left out", "", *left_out]
    return "\n".join(lines) + "\n"


def _document(course: Course, document: DocumentEntry) -> str:
    source = next(source for source in course.sources if source.id == document.source_id)
    return f"- {_linked(source, document.path)}, {document.word_count} words"


def _rows(course: Course, source: Source) -> list[LeftOutRow]:
    return left_out_rows(document for document in course.documents if document.source_id == source.id)


def _left_out(source: Source, row: LeftOutRow) -> str:
    what = _linked(source, row.path) if row.count == 1 else f"{row.count} documents in `{row.path}`"
    return f"- {what}: {row.reason}"


def _linked(source: Source, path: str) -> str:
    url = file_url(source.url, source.commit, path)
    return f"[{path}]({url})" if url else f"`{path}`"
