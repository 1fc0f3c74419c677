"""course.json from its parts: pure, and the same parts give the same bytes."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid5

import rfc8785

from services.modules.assembly.concepts import list_concepts, order_prerequisites
from services.modules.assembly.empty import drop_empty, find_unstudied
from services.modules.assembly.minutes import estimate_pathways, with_minutes
from services.modules.assembly.not_taught import list_not_taught
from services.modules.assembly.places import Boxes, with_places
from services.modules.assembly.repeats import drop_repeated_items, drop_repeated_lines
from services.modules.assembly.titles import drop_titles
from services.modules.assembly.width import say_width
from shared.course import model
from shared.course.audience import Audience
from shared.course.field_text import read_module
from shared.course.plain_text import show_plain
from shared.course.recall import choose_recall
from shared.course.scales import DocType
from shared.docs.formats import UNREAD
from shared.docs.listing import NO_FILES, FileEntry, Listing
from shared.docs.problems import NOT_THERE
from shared.engine.levels import reason_to_leave_out
from shared.engine.types import ConceptGraph, DocumentAnalysis, Pathway, PathwayModule
from shared.engine.wishes import read_wishes, reason_not_wished
from shared.events.base import Level
from shared.kernel.ids import NAMESPACE, content_id

_PATHS_OF_TYPES: tuple[tuple[str, DocType], ...] = (
    ("tutorial", "tutorial"), ("api", "api"), ("reference", "reference"), ("example", "example"), ("faq", "faq"),
)  # fmt: skip
_TAGLINE = re.compile(r"An? (?!course|tutorial|book|guide)[^.?!:]{12,160}\.")
_DOES = r"(?:makes|lets|helps|allows|provides|gives|offers|enables|turns|brings)"
_FIRST = 2


@dataclass(frozen=True)
class CourseParts:
    """All that a course is made of. `modules` and what was `planned` of them in the course's order; `skipped`: path →
    reason; `listings`: one for each source; `boxes`: where lines stand on pages of documents; `made`: the pages that
    only the author's contents name.
    """

    title: str
    description: str
    sources: Sequence[model.AnySource]
    engine: model.EngineInfo
    audience: Audience
    listings: Sequence[Listing]
    chosen_paths: frozenset[str]
    analyses: Sequence[DocumentAnalysis]
    skipped: Mapping[str, str]
    graph: ConceptGraph
    pathways: Sequence[Pathway]
    selected_id: str
    planned: Sequence[PathwayModule]
    modules: Sequence[model.Module]
    boxes: Boxes
    made: Sequence[str] = ()


def assemble_course(parts: CourseParts) -> model.Course:
    """The course without quality figures."""
    modules = drop_empty(parts.modules)
    parts = _without({module.id for module in parts.modules} - {module.id for module in modules}, parts)
    selected = next(pathway for pathway in parts.pathways if pathway.id == parts.selected_id)
    ways = [[module.id for module in pathway.modules] for pathway in parts.pathways]
    given = frozenset(aim.text for module in parts.planned for aim in module.learning_objectives if aim.given)
    written = drop_repeated_items(modules, ways, given)
    if parts.engine.name != "offline":  # whose text is the author's, and stays whole
        written = drop_repeated_lines(written, ways)
    written = with_places(written, parts.sources, parts.boxes)
    language = _language(parts.analyses)
    concepts = list_concepts(parts.graph, written, parts.planned)
    modules = with_minutes(order_prerequisites(drop_titles(written, concepts, parts.graph, parts.planned)))
    modules = list_not_taught(modules, parts.planned, parts.analyses, parts.audience)
    modules = choose_recall(modules, ways, frozenset(find_unstudied(parts.planned, parts.analyses)))
    minutes = estimate_pathways(parts.pathways, modules)
    unread = _say_unread(parts)
    ways_told = [_pathway_entry(pathway, parts.selected_id, minutes[pathway.id], unread) for pathway in parts.pathways]
    course = model.Course(
        course_key=str(uuid5(NAMESPACE, "|".join([*sorted(_name_of(one) for one in parts.sources), selected.kind]))),
        edition="",
        title=parts.title,
        description=parts.description or _say_what_it_is(parts.title, modules),
        language=language,
        sources=list(parts.sources),
        engine=parts.engine,
        audience=parts.audience,
        documents=_documents(parts),
        concepts=concepts,
        pathways=ways_told,
        modules=modules,
    )
    return course.model_copy(update={"edition": edition_of(course)})


def _without(empty: set[str], parts: CourseParts) -> CourseParts:
    """The parts without the modules that hold no lesson, and without the pathways that hold nothing else."""
    ways = [
        pathway.model_copy(update={"modules": tuple(one for one in pathway.modules if one.id not in empty)})
        for pathway in parts.pathways
    ]
    planned = [module for module in parts.planned if module.id not in empty]
    return replace(parts, planned=planned, pathways=[way for way in ways if way.modules or way.id == parts.selected_id])


def _say_what_it_is(title: str, modules: Sequence[model.Module]) -> str:
    """The sentence that says of the course's subject what it is, "Relay is a …", or what it does, "Relay makes …": of
    those that the course begins with, else the first that says what it is, else the line "A relay for …" that it begins
    with; "" for none.
    """
    name = title.removeprefix("Learn ")
    names = "|".join(map(re.escape, (name, name[:1].upper() + name[1:])))
    says = re.compile(
        rf"(?:{names}) is (?:an?|the) (?!course|tutorial|book|guide)(?:(?!following)[^.?!:]){{12,220}}[.:]"
    )
    claims = [
        show_plain(claim.text)
        for module in modules
        for field in read_module(module)
        for statement in field.statements
        for claim in statement.claims
        if claim.kind == "sentence" and claim.citation_ids
    ]
    first = claims[:_FIRST]
    does = re.compile(rf"(?:The )?(?:{names})(?: [a-z]+)? {_DOES} [^.?!:]{{12,220}}\.")
    forms = ((says, first), (does, first), (says, claims), (_TAGLINE, first))
    said = next((claim for form, among in forms for claim in among if form.fullmatch(claim)), "")
    return re.sub(":$", ".", said)  # before an example or a list


def _name_of(source: model.AnySource) -> str:
    """The name of a source for everybody: its address, or the hash of its bytes."""
    return source.url if isinstance(source, model.Source) else source.sha256


def with_quality(course: model.Course, quality: Mapping[str, Any]) -> model.Course:
    """The course with its figures, and with what they say of its width."""
    course = say_width(course, quality)
    return course.model_copy(update={"quality": dict(quality), "edition": edition_of(course)})


def edition_of(course: model.Course) -> str:
    """Hex sha256 of the canonical JSON (RFC 8785) without edition and quality: equal content, equal edition."""
    content = course.model_dump(mode="json", exclude={"edition", "quality"})
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def _language(analyses: Sequence[DocumentAnalysis]) -> str:
    """The language most words are in."""
    words: Counter[str] = Counter()
    for analysis in analyses:
        words[analysis.language] += analysis.word_count
    return max(sorted(words), key=lambda language: words[language], default="en")


def _documents(parts: CourseParts) -> list[model.DocumentEntry]:
    analyses = {analysis.path: analysis for analysis in parts.analyses}
    used = {document_id for module in parts.planned for document_id in module.document_ids}
    entries = [
        _document_entry(entry, source, parts, analyses.get(entry.path), used)
        for source, listing in zip(parts.sources, parts.listings, strict=True)
        for entry in listing.files
        if (entry.is_documentation or entry.reason) and entry.kind not in NO_FILES
    ]
    site = next((one for one in parts.sources if isinstance(one, model.Source)), parts.sources[0])
    pages = (FileEntry(path=path, size=None, git_blob="", kind="made", reason=NOT_THERE) for path in parts.made)
    entries += [_document_entry(page, site, parts, None, used) for page in pages]
    return sorted(entries, key=lambda document: document.path)


def _document_entry(
    entry: FileEntry, source: model.AnySource, parts: CourseParts, analysis: DocumentAnalysis | None, used: set[str]
) -> model.DocumentEntry:
    document_id = content_id("d", source.id, entry.path)
    is_used = document_id in used and analysis is not None
    is_for_users = analysis is not None and analysis.for_whom == "users"
    return model.DocumentEntry(
        id=document_id,
        source_id=source.id,
        path=entry.path,
        title=analysis.title if analysis else entry.path.rsplit("/", 1)[-1],
        doc_type=analysis.doc_type if analysis else _guess_type(entry.path),
        complexity_level=analysis.complexity_level if analysis else _level(parts),
        word_count=analysis.word_count if analysis else 0,
        sha256=entry.blob.sha256 if entry.blob else "",
        used=is_used,
        reason="" if is_used and is_for_users else _reason(document_id, entry, parts, analysis),
        problems=list(analysis.problems) if is_used and analysis else [],
    )


def _reason(document_id: str, entry: FileEntry, parts: CourseParts, analysis: DocumentAnalysis | None) -> str:
    """Why a documentation file is not taught, in a reader's words."""
    if entry.reason:
        return entry.reason
    if entry.path in parts.skipped:
        return parts.skipped[entry.path]
    if entry.path not in parts.chosen_paths:
        return "not selected"
    if analysis is None:
        return "not analysed"
    if analysis.for_whom == "makers":
        return analysis.for_whom_reason
    if any(document_id in module.document_ids for p in parts.pathways for module in p.modules):
        return "not part of the chosen pathway"
    same = next(
        (one for module in parts.planned for one in module.siblings if one.same.document_id == document_id), None
    )
    if same is not None:
        title = next((one.title for one in parts.analyses if one.document_id == same.document_id), "another document")
        return f"told in “{title}”"
    wishes = read_wishes(parts.audience.additional_info)
    reasons = [reason_to_leave_out(one, _level(parts)) or reason_not_wished(analysis, one.id, wishes)
               for one in analysis.sections if one.teachable]  # fmt: skip
    if reasons and all(reasons):
        return reasons[0]
    taken_out = (one.reason for module in parts.modules for one in module.not_taught if one.document_id == document_id)
    return next(taken_out, "no text of its own: links and generated entries")


def _guess_type(path: str) -> DocType:
    lowered = path.lower()
    return next((doc_type for word, doc_type in _PATHS_OF_TYPES if word in lowered), "overview")


def _level(parts: CourseParts) -> Level:
    return parts.audience.complexity_level


def _say_unread(parts: CourseParts) -> str:
    """A sentence with the files that cannot be read, and their formats; "" where every file can be read."""
    names = Counter(
        entry.reason.removeprefix(UNREAD)
        for listing in parts.listings
        for entry in listing.files
        if entry.reason.startswith(UNREAD)
    )
    files = f"{names.total()} file{'s' if names.total() > 1 else ''}"
    return f" Not read: {files} in {' and '.join(sorted(names))}." if names else ""


def _pathway_entry(pathway: Pathway, selected_id: str, minutes: int, unread: str) -> model.PathwayEntry:
    return model.PathwayEntry(
        id=pathway.id,
        kind=pathway.kind,
        title=pathway.title,
        description=pathway.description + (unread if pathway.kind == "complete" else ""),
        complexity_level=pathway.complexity_level,
        estimated_minutes=minutes,
        prerequisites=list(pathway.prerequisites),
        selected=pathway.id == selected_id,
        modules=[
            model.PathwayModuleEntry(
                id=module.id,
                title=module.title,
                part=module.part,
                sections=[
                    model.PathwaySection(document_id=ref.document_id, heading=ref.heading) for ref in module.sections
                ],
                document_ids=list(module.document_ids),
            )
            for module in pathway.modules
        ],
    )
