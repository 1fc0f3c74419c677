"""Questions of readers, answered with passages of the finished course."""

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from fastapi import APIRouter

from services.gateway.api.calls import Call, CourseId, Reading, not_ready
from services.gateway.api.problems import problems
from services.gateway.api.schemas.questions import AskBody, AskedView, CitedLinesView, PassageView
from services.gateway.api.strict_json import StrictRoute
from services.gateway.readmodels.generated_courses import find_contents, find_generated
from shared.course.export.hosts import line_url
from shared.retrieval.kept import CourseReading, index_of
from shared.retrieval.passages import NOT_HELD, Passage, passages_of

router = APIRouter(prefix="/api/courses/{course_id}", tags=["results"], route_class=StrictRoute)


@router.post("/ask", summary="Ask the finished course a question", responses=problems(404, 409, 503))
async def ask_course(course_id: CourseId, body: AskBody, call: Reading) -> AskedView:
    """Passages of the course that hold the answer, whole and with the lines they cite. A question that no passage is
    near is refused. Equal questions get equal answers, and no model is asked.
    """
    row = await find_generated(call.services.reads, call.owner, course_id)
    if row is None:
        raise not_ready(call, await call.state(course_id), "modules", "The course and its modules")
    reading = await call.services.readings.get((course_id, row.run_id), lambda: _read(call, course_id, row))
    found = await asyncio.to_thread(reading.index.search, body.question)
    views = [_view(one, reading) for one in found]
    return AskedView(question=body.question, refused=not found, why=None if found else NOT_HELD, passages=views)


async def _read(call: Call, course_id: str, row: SimpleNamespace) -> CourseReading:
    modules = await find_contents(call.services.reads, call.owner, course_id)
    citations = {cited["id"]: cited for one in modules for cited in one.citations}
    read = (passages_of(one.module_id, one.title, one.main_content) for one in modules)
    index = await index_of((passage for passages in read for passage in passages), row.language)
    return CourseReading(index, citations, {one["id"]: one for one in row.sources})


def _view(passage: Passage, reading: CourseReading) -> PassageView:
    cited = [reading.citations[one] for one in passage.citation_ids if one in reading.citations]
    return PassageView(
        module_id=passage.module_id, headings=[*passage.headings], text=passage.text,
        citations=[_lines(one, reading.sources.get(one["source_id"], {})) for one in cited],
    )  # fmt: skip


def _lines(citation: Mapping[str, Any], source: Mapping[str, Any]) -> CitedLinesView:
    path, start, end = citation["path"], citation["start_line"], citation["end_line"]
    return CitedLinesView(
        source_id=citation["source_id"], path=path, start_line=start, end_line=end,
        url=line_url(source["url"], source["commit"], path, start, end) if source.get("url") else None,
        page=citation.get("page"), start_second=citation.get("start_second"),
    )  # fmt: skip
