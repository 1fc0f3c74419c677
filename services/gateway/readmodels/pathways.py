"""Pathways on offer, their modules, and the documents of each module."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, ForeignKeyConstraint, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from services.gateway.course.state import Offer
from services.gateway.readmodels.analyzed_documents import analyzed_documents
from services.gateway.readmodels.below_course import belongs_to_course, course_key
from services.gateway.readmodels.courses import mine
from services.gateway.readmodels.reads import Reads
from shared.course.in_words import minutes_in_words
from shared.course.model import Course
from shared.engine.types import Pathway, PathwayModule
from shared.events import Event
from shared.events.base import FileRemoved
from shared.events.gateway import PathwayAdded, PathwayDeleted, PathwayRevised
from shared.events.modules import CourseGenerated
from shared.events.pathway import PathwaysProposed
from shared.readmodels.base import METADATA, SCHEMA, Changes, Clear, Fact, put, remove

pathways = Table(
    "pathways",
    METADATA,
    course_key(),
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("complexity_level", Text, nullable=False),
    Column("estimated_duration", Text, nullable=False),
    Column("estimated_minutes", Integer, nullable=False),
    Column("prerequisites", JSONB, nullable=False),
    Column("revised", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    belongs_to_course(),
)

modules = Table(
    "modules",
    METADATA,
    course_key(),
    Column("pathway_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("sequence_order", Integer, nullable=False),
    Column("part", Text, nullable=False),
    Column("objectives", JSONB, nullable=False),
    Column("sections", JSONB, nullable=False),
    Column("estimated_time", Text, nullable=False),
    Column("estimated_minutes", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["course_id", "pathway_id"], [f"{SCHEMA}.pathways.course_id", f"{SCHEMA}.pathways.id"], ondelete="CASCADE"
    ),
)

module_documents = Table(
    "module_documents",
    METADATA,
    course_key(),
    Column("pathway_id", Text, primary_key=True),
    Column("module_id", Text, primary_key=True),
    Column("document_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    ForeignKeyConstraint(
        ["course_id", "pathway_id", "module_id"],
        [f"{SCHEMA}.modules.course_id", f"{SCHEMA}.modules.pathway_id", f"{SCHEMA}.modules.id"],
        ondelete="CASCADE",
    ),
    ForeignKeyConstraint(
        ["course_id", "document_id"],
        [f"{SCHEMA}.analyzed_documents.course_id", f"{SCHEMA}.analyzed_documents.id"],
        ondelete="CASCADE",
    ),
    Index("ix_module_documents_document", "course_id", "document_id"),
)


def looks_at(event: Event) -> tuple[Table, ...]:
    """The tables whose rows `project` needs."""
    match event:
        case PathwaysProposed():
            return pathways, modules, analyzed_documents
        case CourseGenerated():
            return pathways, modules
        case PathwayRevised() | PathwayAdded():
            return modules, analyzed_documents
        case PathwayDeleted():
            return (pathways,)
        case _:
            return ()


def project(fact: Fact) -> Changes:
    """All offers of a finished run at once, so that a reader never sees half of two runs; an edit replaces one."""
    match fact.recorded.event:
        case PathwaysProposed():
            offers = fact.state.offers
            ids = {offer.pathway_id for offer in offers}
            gone = remove(pathways, (row for row in fact.stored.of(pathways) if row["id"] not in ids))
            return *gone, *(change for at, offer in enumerate(offers) for change in _save(fact, at, offer))
        case PathwayDeleted() as event:
            rows = fact.stored.of(pathways)
            places = {offer.pathway_id: at for at, offer in enumerate(fact.state.offers)}
            left = (row | {"position": places[row["id"]]} for row in rows if row["id"] in places)
            return *remove(pathways, (row for row in rows if row["id"] == event.pathway_id)), *put(pathways, *left)
        case PathwayRevised() | PathwayAdded() as event:
            for at, offer in enumerate(fact.state.offers):
                if offer.pathway_id == event.pathway_id:
                    return _save(fact, at, offer)
            return ()
        case FileRemoved(withheld=True):
            return (Clear(pathways),)
        case CourseGenerated() as event:
            course = fact.load(event.course, Course)
            return () if course is None else _take_minutes(fact, course)
        case _:
            return ()


def _take_minutes(fact: Fact, course: Course) -> Changes:
    """The minutes of what was written, in place of those that were planned."""
    written = {one.id: one.estimated_minutes for one in course.modules}
    ways = {one.id: one.estimated_minutes for one in course.pathways}
    return (
        *put(pathways, *(
            row | {"estimated_minutes": ways[row["id"]], "estimated_duration": minutes_in_words(ways[row["id"]])}
            for row in fact.stored.of(pathways) if row["id"] in ways
        )),
        *put(modules, *(
            row | {"estimated_minutes": written[row["id"]], "estimated_time": minutes_in_words(written[row["id"]])}
            for row in fact.stored.of(modules) if row["id"] in written
        )),
    )  # fmt: skip


def _with_known_minutes(fact: Fact, pathway: Pathway) -> Pathway:
    """An edited pathway with the minutes that are shown of modules whose sections stay the same."""
    known = {row["id"]: (row["sections"], row["estimated_minutes"]) for row in fact.stored.of(modules)}

    def timed(module: PathwayModule) -> PathwayModule:
        sections, minutes = known.get(module.id, (None, 0))
        is_same = sections == [section.model_dump(mode="json") for section in module.sections]
        return module.model_copy(update={"estimated_minutes": minutes}) if is_same else module

    timed_modules = tuple(map(timed, pathway.modules))
    total = sum(module.estimated_minutes for module in timed_modules)
    return pathway.model_copy(update={"modules": timed_modules, "estimated_minutes": total})


def _save(fact: Fact, position: int, offer: Offer) -> Changes:
    pathway = fact.load(offer.pathway, Pathway)
    if pathway is None:
        return ()
    if not isinstance(fact.recorded.event, PathwaysProposed):
        pathway = _with_known_minutes(fact, pathway)
    row = {
        "course_id": fact.aggregate_id,
        "id": offer.pathway_id,
        "position": position,
        "kind": pathway.kind,
        "title": pathway.title,
        "description": pathway.description,
        "complexity_level": pathway.complexity_level,
        "estimated_duration": minutes_in_words(pathway.estimated_minutes),
        "estimated_minutes": pathway.estimated_minutes,
        "prerequisites": list(pathway.prerequisites),
        "revised": bool(offer.revised_on),
        "created_at": fact.recorded.time,
    }
    stale = (row for row in fact.stored.of(modules) if row["pathway_id"] == offer.pathway_id)
    module_rows = (_module_row(fact, offer, at, module) for at, module in enumerate(pathway.modules, start=1))
    links = _links(fact, offer, pathway)
    # The pathway's row is replaced in place, so that the user's selection of it stays.
    return *put(pathways, row), *remove(modules, stale), *put(modules, *module_rows), *put(module_documents, *links)


def _module_row(fact: Fact, offer: Offer, order: int, module: PathwayModule) -> dict[str, Any]:
    return {
        "course_id": fact.aggregate_id,
        "pathway_id": offer.pathway_id,
        "id": module.id,
        "title": module.title,
        "description": module.description,
        "sequence_order": order,
        "part": module.part,
        "objectives": [one.model_dump(mode="json", include={"text", "bloom"}) for one in module.learning_objectives],
        "sections": [section.model_dump(mode="json") for section in module.sections],
        "estimated_time": minutes_in_words(module.estimated_minutes),
        "estimated_minutes": module.estimated_minutes,
        "created_at": fact.recorded.time,
    }


def _links(fact: Fact, offer: Offer, pathway: Pathway) -> Iterator[dict[str, Any]]:
    """A pathway may name a document whose analysis is gone; that is a link less, not an error."""
    analysed = {row["id"] for row in fact.stored.of(analyzed_documents)}
    for module in pathway.modules:
        for position, document_id in enumerate(dict.fromkeys(module.document_ids)):
            if document_id in analysed:
                yield {
                    "course_id": fact.aggregate_id, "pathway_id": offer.pathway_id, "module_id": module.id,
                    "document_id": document_id, "position": position,
                }  # fmt: skip


@dataclass(frozen=True)
class PathwayRow:
    """A pathway with its modules in order; `documents` maps a module id to its document ids."""

    pathway: SimpleNamespace
    modules: Sequence[SimpleNamespace]
    documents: dict[str, list[str]]


async def find_pathways(reads: Reads, owner: str, course_id: str) -> list[PathwayRow]:
    """The pathways on offer in the owner's course, the widest first."""
    given = {"owner": owner, "course_id": course_id}
    rows = await reads.all(mine(pathways).order_by(pathways.c.position), **given)
    found = {row.id: PathwayRow(row, [], {}) for row in rows}
    by_pathway: dict[str, list[SimpleNamespace]] = {pathway_id: [] for pathway_id in found}
    for row in await reads.all(mine(modules).order_by(modules.c.sequence_order), **given):
        by_pathway[row.pathway_id].append(row)
    for link in await reads.all(mine(module_documents).order_by(module_documents.c.position), **given):
        found[link.pathway_id].documents.setdefault(link.module_id, []).append(link.document_id)
    return [PathwayRow(row.pathway, by_pathway[key], row.documents) for key, row in found.items()]
