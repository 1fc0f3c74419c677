"""The users' choices between the stages: stage1_selections, stage2_inputs, stage3_inputs, stage3_selections."""

from types import SimpleNamespace

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from services.gateway.readmodels.below_course import belongs_to_course, course_key
from services.gateway.readmodels.courses import mine
from services.gateway.readmodels.pathways import pathways
from services.gateway.readmodels.reads import Reads
from shared.events import Event
from shared.events.gateway import DocsAnalysisRequested, PathwaySelected, PathwaysRequested, SourcesSelected
from shared.readmodels.base import METADATA, SCHEMA, Changes, Clear, Fact, put

stage1_selections = Table(
    "stage1_selections",
    METADATA,
    course_key(),
    Column("source_id", Text, primary_key=True),
    Column("selected_folders", JSONB, nullable=False),
    Column("overview_document", Text),
    Column("excluded_files", JSONB, nullable=False),
    Column("selected_at", DateTime(timezone=True), nullable=False),
    belongs_to_course(),
)


def _inputs_table(name: str) -> Table:
    return Table(
        name,
        METADATA,
        course_key(),
        Column("complexity_level", Text, nullable=False),
        Column("additional_info", Text, nullable=False),
        Column("engine", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        belongs_to_course(),
    )


stage2_inputs, stage3_inputs = _inputs_table("stage2_inputs"), _inputs_table("stage3_inputs")

stage3_selections = Table(
    "stage3_selections",
    METADATA,
    course_key(),
    Column("selected_pathway_id", Text, nullable=False),
    Column("selected_at", DateTime(timezone=True), nullable=False),
    belongs_to_course(),
    ForeignKeyConstraint(
        ["course_id", "selected_pathway_id"], [f"{SCHEMA}.pathways.course_id", f"{SCHEMA}.pathways.id"],
        ondelete="CASCADE",
    ),
)  # fmt: skip


def looks_at(event: Event) -> tuple[Table, ...]:
    """The tables whose rows `project` needs."""
    return (pathways,) if isinstance(event, PathwaySelected) else ()


def project(fact: Fact) -> Changes:
    """Each table holds the latest choice."""
    event, time = fact.recorded.event, fact.recorded.time
    match event:
        case SourcesSelected():
            rows = tuple(
                {
                    "course_id": fact.aggregate_id, "source_id": one.source_id, "selected_folders": one.folders,
                    "overview_document": one.overview_document, "excluded_files": one.excluded_files,
                    "selected_at": time,
                }
                for one in event.selections
            )  # fmt: skip
            return Clear(stage1_selections), *put(stage1_selections, *rows)
        case DocsAnalysisRequested():
            return _inputs(stage2_inputs, fact, event)
        case PathwaysRequested():
            return _inputs(stage3_inputs, fact, event)
        case PathwaySelected():
            return _selected(fact, event.pathway_id)
        case _:
            return ()


def _inputs(table: Table, fact: Fact, event: DocsAnalysisRequested | PathwaysRequested) -> Changes:
    row = {
        "course_id": fact.aggregate_id,
        "complexity_level": event.complexity_level,
        "additional_info": event.additional_info,
        "engine": event.engine,
        "created_at": fact.recorded.time,
    }
    return put(table, row)


def _selected(fact: Fact, pathway_id: str) -> Changes:
    if all(row["id"] != pathway_id for row in fact.stored.of(pathways)):
        return ()
    row = {"course_id": fact.aggregate_id, "selected_pathway_id": pathway_id, "selected_at": fact.recorded.time}
    return put(stage3_selections, row)


async def find_selection(reads: Reads, table: Table, owner: str, course_id: str) -> SimpleNamespace | None:
    """The row of one of the tables above for the owner's course."""
    return await reads.one(mine(table).limit(1), owner=owner, course_id=course_id)
