"""The finished course, its modules' contents, and its exports."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Integer, Table, Text, and_, select
from sqlalchemy.dialects.postgresql import JSONB

from services.gateway.readmodels.below_course import belongs_to_course, course_key
from services.gateway.readmodels.courses import courses, mine
from services.gateway.readmodels.reads import Reads
from shared.course.assessment_markdown import render_assessment
from shared.course.model import Course, Module
from shared.engine.written import WrittenModule
from shared.events import Event
from shared.events.base import FileRemoved
from shared.events.gateway import ModulesRequested
from shared.events.modules import CourseGenerated, ModuleWritten
from shared.readmodels.base import METADATA, SCHEMA, Changes, Clear, Fact, put, remove

generated_courses = Table(
    "generated_courses",
    METADATA,
    course_key(),
    Column("run_id", Text, nullable=False),
    Column("pathway_id", Text, nullable=False),
    Column("export_path", Text),
    Column("status", Text, nullable=False),
    Column("course_key", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("engine", JSONB, nullable=False),
    Column("audience", JSONB, nullable=False),
    Column("sources", JSONB, nullable=False),
    Column("generated_at", DateTime(timezone=True), nullable=False),
    belongs_to_course(),
)

module_content = Table(
    "module_content",
    METADATA,
    course_key(),
    Column("run_id", Text, primary_key=True),
    Column("module_id", Text, primary_key=True),
    Column("sequence_order", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("estimated_minutes", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("problems", JSONB, nullable=False),
    Column("objectives", JSONB, nullable=False),
    Column("prerequisites", JSONB, nullable=False),
    Column("document_ids", JSONB, nullable=False),
    Column("introduction", Text, nullable=False),
    Column("main_content", Text, nullable=False),
    Column("conclusion", Text, nullable=False),
    Column("assessment", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("items", JSONB, nullable=False),
    Column("citations", JSONB, nullable=False),
    Column("generated_at", DateTime(timezone=True), nullable=False),
    belongs_to_course(),
)

course_exports = Table(
    "course_exports",
    METADATA,
    course_key(),
    Column("kind", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("blob_key", Text, nullable=False),
    ForeignKeyConstraint(["course_id"], [f"{SCHEMA}.generated_courses.course_id"], ondelete="CASCADE"),
)


def looks_at(event: Event) -> tuple[Table, ...]:
    """The tables whose rows `project` needs."""
    return (module_content,) if isinstance(event, ModulesRequested) else ()


def project(fact: Fact) -> Changes:
    """Modules come one by one under their run; the course appears whole when it is finished."""
    match fact.recorded.event:
        case ModulesRequested() as event:
            finished = fact.state.generated.run_id if fact.state.generated is not None else ""
            rows = fact.stored.of(module_content)
            return remove(module_content, (row for row in rows if row["run_id"] not in {finished, event.run_id}))
        case ModuleWritten() as event:
            written = fact.load(event.content, WrittenModule)
            return () if written is None else _save_modules(fact, event.run_id, [written.module])
        case FileRemoved(withheld=True) as event:
            loaded = (fact.load(ref, WrittenModule) for ref in event.kept_modules.values())
            kept = [written.module for written in loaded if written is not None]
            run = fact.state.runs.get("modules")
            return (
                Clear(generated_courses), Clear(module_content),
                *_save_modules(fact, run.run_id if run is not None else "", kept),
            )  # fmt: skip
        case CourseGenerated() as event:
            course = fact.load(event.course, Course)
            return () if course is None else _save_course(fact, event, course)
        case _:
            return ()


def _save_course(fact: Fact, event: CourseGenerated, course: Course) -> Changes:
    site = next((export.blob.key for export in event.exports if export.kind == "site"), None)
    row = {
        "course_id": fact.aggregate_id,
        "run_id": event.run_id,
        "pathway_id": event.pathway_id,
        "export_path": site,
        "status": "completed" if event.status == "complete" else "incomplete",
        "course_key": event.course_key,
        "edition": event.edition,
        "title": course.title,
        "description": course.description,
        "language": course.language,
        "engine": course.engine.model_dump(mode="json"),
        "audience": course.audience.model_dump(mode="json"),
        "sources": [source.model_dump(mode="json") for source in course.sources],
        "generated_at": fact.recorded.time,
    }
    exports = tuple(
        {
            "course_id": fact.aggregate_id, "kind": export.kind, "sha256": export.blob.sha256, "size": export.blob.size,
            "media_type": export.blob.media_type, "blob_key": export.blob.key,
        }
        for export in event.exports
    )  # fmt: skip
    return (
        *put(generated_courses, row),
        Clear(module_content),
        *_save_modules(fact, event.run_id, course.modules),
        Clear(course_exports),
        *put(course_exports, *exports),
    )


def _save_modules(fact: Fact, run_id: str, modules: Sequence[Module]) -> Changes:
    return put(module_content, *(_module_row(fact, run_id, module) for module in modules))


def _module_row(fact: Fact, run_id: str, module: Module) -> dict[str, Any]:
    dumped = module.model_dump(mode="json")
    same = (
        "title", "description", "estimated_minutes", "status", "problems", "objectives", "prerequisites",
        "document_ids", "introduction", "main_content", "conclusion", "summary", "citations",
    )  # fmt: skip
    return {
        "course_id": fact.aggregate_id,
        "run_id": run_id,
        "module_id": module.id,
        "sequence_order": module.order,
        "assessment": render_assessment(module.assessment),
        "items": dumped["assessment"],
        "generated_at": fact.recorded.time,
        **{name: dumped[name] for name in same},
    }


async def find_generated(reads: Reads, owner: str, course_id: str) -> SimpleNamespace | None:
    """The finished course of the owner's course."""
    return await reads.one(mine(generated_courses), owner=owner, course_id=course_id)


_TEXTS = {"introduction", "main_content", "conclusion", "assessment", "summary", "items", "citations"}


async def find_latest(reads: Reads, owner: str, url: str) -> str | None:
    """The owner's course of a source that was finished last."""
    query = select(generated_courses.c.course_id).join(courses, courses.c.course_id == generated_courses.c.course_id)
    query = query.where(courses.c.user_id == owner, generated_courses.c.sources.contains([{"url": url}]))
    newest = query.order_by(generated_courses.c.generated_at.desc(), generated_courses.c.course_id.desc()).limit(1)
    found = await reads.one(newest)
    return None if found is None else str(found.course_id)


async def find_contents(
    reads: Reads, owner: str, course_id: str, *, with_texts: bool = True
) -> Sequence[SimpleNamespace]:
    """The modules of the finished course, in order."""
    of_finished = and_(
        generated_courses.c.course_id == module_content.c.course_id,
        generated_courses.c.run_id == module_content.c.run_id,
    )
    columns = [column for column in module_content.c if with_texts or column.name not in _TEXTS]
    query = mine(module_content, *columns).join(generated_courses, of_finished)
    return await reads.all(query.order_by(module_content.c.sequence_order), owner=owner, course_id=course_id)


async def find_content(reads: Reads, owner: str, course_id: str, module_id: str) -> SimpleNamespace | None:
    """One module as written last, be the course finished or not."""
    query = mine(module_content).where(module_content.c.module_id == module_id)
    newest = query.order_by(module_content.c.generated_at.desc()).limit(1)
    return await reads.one(newest, owner=owner, course_id=course_id)


async def find_exports(reads: Reads, owner: str, course_id: str) -> Sequence[SimpleNamespace]:
    """The exports of the finished course."""
    return await reads.all(mine(course_exports).order_by(course_exports.c.kind), owner=owner, course_id=course_id)
