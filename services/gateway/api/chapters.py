"""Chapters and tutorials: the modules of the finished course, and those of its task pathway, with their review."""

import re
from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import TypeAdapter

from services.gateway.api.calls import Call, CourseId, Reading, not_ready
from services.gateway.api.problems import problems
from services.gateway.api.rendered import Body
from services.gateway.api.schemas.chapters import (
    ArtefactContentView,
    ArtefactView,
    FindingView,
    ReviewView,
    RoundView,
)
from services.gateway.course.state import CourseState
from services.gateway.readmodels.generated_courses import find_contents
from services.gateway.readmodels.pathways import find_pathways
from shared.course.findings import GateFinding, GateReport
from shared.events.modules import ModuleRejected, ModuleWritten
from shared.kernel.errors import NotFound

Kind = Literal["chapter", "tutorial"]
Slug = Annotated[str, Path(max_length=255, description="The slug, or the module's id", examples=["01-quickstart"])]

_REVIEWS = TypeAdapter(dict[str, ReviewView])

router = APIRouter(prefix="/api/courses/{course_id}", tags=["stage 4"])


async def _list(call: Call, course_id: str, kind: Kind) -> list[ArtefactContentView]:
    state = await call.state(course_id)
    modules = await find_contents(call.services.reads, call.owner, course_id)
    ways = await find_pathways(call.services.reads, call.owner, course_id) if kind == "tutorial" else []
    if not modules:
        raise not_ready(call, state, "modules", f"The {kind}s")
    reviews = await _reviews_at(call, state, modules)
    if kind == "tutorial":
        wanted = [module.id for way in ways if way.pathway.kind == "task" for module in way.modules]
        by_id = {module.module_id: module for module in modules}
        modules = [by_id[module_id] for module_id in dict.fromkeys(wanted) if module_id in by_id]
    return [
        _artefact(course_id, kind, at, module, reviews[module.module_id]) for at, module in enumerate(modules, start=1)
    ]


def _artefact(course_id: str, kind: Kind, at: int, module: SimpleNamespace, review: ReviewView) -> ArtefactContentView:
    words = re.sub(r"[^\w]+", "-", module.title.lower()).strip("-")[:60].strip("-")
    slug = f"{at:02}-{words}" if words else f"{at:02}"
    headed = (
        ("", module.introduction), ("", module.main_content), ("Conclusion", module.conclusion),
        ("Summary", module.summary), ("Assessment", module.assessment),
    )  # fmt: skip
    text = [f"## {heading}\n\n{part}" if heading else part for heading, part in headed if part.strip()]
    return ArtefactContentView(
        slug=slug, title=module.title, description=module.description, chapter_index=at, kind=kind,
        module_id=module.module_id, estimated_minutes=module.estimated_minutes, review=review,
        url=f"/api/courses/{course_id}/{kind}s/{slug}", content="\n\n".join([f"# {module.title}", *text]) + "\n",
    )  # fmt: skip


async def _reviews_at(call: Call, state: CourseState, modules: Sequence[Any]) -> dict[str, ReviewView]:
    """The reviews of all modules: their facts are read once for each version of the course."""
    rendered, key = call.services.rendered, (call.owner, state.course_id, "reviews")
    body = rendered.find(key, state.seq)
    if body is None:
        reviews = await _reviews(call, state.course_id, modules)
        body = Body(state.seq, _REVIEWS.dump_json(reviews))
        rendered.keep(key, body)
    return _REVIEWS.validate_json(body.plain)


async def _reviews(call: Call, course_id: str, modules: Sequence[SimpleNamespace]) -> dict[str, ReviewView]:
    """The reviews, from the facts of the run that wrote each module last."""
    rounds: dict[str, list[ModuleRejected | ModuleWritten]] = {}
    run_of: dict[str, str] = {}
    read = call.services.log.read
    facts = [*await read(course_id, only=ModuleRejected), *await read(course_id, only=ModuleWritten)]
    for event in (recorded.event for recorded in sorted(facts, key=lambda one: one.seq)):
        assert isinstance(event, ModuleRejected | ModuleWritten)
        if run_of.get(event.module_id) != event.run_id:
            run_of[event.module_id], rounds[event.module_id] = event.run_id, []
        rounds[event.module_id].append(event)
    return {one.module_id: await _review(call, rounds.get(one.module_id, []), one.status) for one in modules}


async def _review(
    call: Call, events: Sequence[ModuleRejected | ModuleWritten], status: Literal["complete", "incomplete"]
) -> ReviewView:
    found = [(event.round, await _findings(call, event)) for event in events]
    last = found[-1][1] if found else ()
    by_round = [
        RoundView(
            round=number, findings=_views(findings), resolved=_views(one for one in findings if one not in last),
            left=_views(one for one in findings if one in last),
        )
        for number, findings in found
        if findings
    ]  # fmt: skip
    return ReviewView(
        rounds=max((number for number, _ in found), default=1), status=status,
        findings=len({one for _, findings in found for one in findings}),
        changed=len({one for _, findings in found for one in findings if one not in last}), by_round=by_round,
    )  # fmt: skip


async def _findings(call: Call, event: ModuleRejected | ModuleWritten) -> tuple[GateFinding, ...]:
    try:
        return (await call.services.blobs.get_model(event.gate_report, GateReport)).findings
    except NotFound:
        return ()


def _views(findings: Any) -> list[FindingView]:
    return [FindingView.model_validate(one) for one in findings]


def _listing(kind: Kind) -> Callable[..., Awaitable[Any]]:
    async def listing(course_id: CourseId, call: Reading) -> Any:
        return await _list(call, course_id, kind)

    return listing


def _one(kind: Kind) -> Callable[..., Awaitable[Any]]:
    async def one(course_id: CourseId, slug: Slug, call: Reading) -> Any:
        for artefact in await _list(call, course_id, kind):
            if slug in {artefact.slug, artefact.module_id}:
                return artefact
        raise NotFound(f"There is no such {kind}")

    return one


_KINDS: tuple[tuple[Kind, str, str], ...] = (
    ("chapter", "Chapters", "The modules of the finished course, in order, each with its review."),
    ("tutorial", "Tutorials", "The modules of the task pathway; an empty list without one."),
)
for _kind, _name, _said in _KINDS:
    router.add_api_route(
        f"/{_kind}s", _listing(_kind), operation_id=f"list{_name}", summary=f"List the {_kind}s", description=_said,
        response_model=list[ArtefactView], responses=problems(404, 409),
    )  # fmt: skip
    router.add_api_route(
        f"/{_kind}s/{{slug}}", _one(_kind), operation_id=f"get{_name[:-1]}", summary=f"Get a {_kind}",
        description="With its text, all five sections as Markdown.", response_model=ArtefactContentView,
        responses=problems(404, 409),
    )  # fmt: skip
