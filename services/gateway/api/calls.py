"""A call: its caller, its course, its conditions; and the one way a handler carries out a command.

`Reading`, `Creating` and `Writing` are calls of a user. `Repairing` is also for the operator, who may ask for it on any
course.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Annotated, Any

import structlog
from fastapi import Depends, Header, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from services.gateway.api.callers import owner_of, token_of
from services.gateway.api.entity_tags import knows
from services.gateway.api.rendered import Body
from services.gateway.api.services import Services, services_of
from services.gateway.course.commands import Command
from services.gateway.course.state import CourseState
from services.gateway.readmodels.course_tasks import find_with_tasks
from services.gateway.readmodels.courses import find_state, find_version
from services.gateway.readmodels.past import PastCourse
from services.gateway.stages.added import SOURCE_REMOVED
from shared.events.base import Stage
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.kernel.tracing import current_traceparent
from shared.pipeline import StageRow
from shared.readmodels.projected import TablesFilling
from shared.readmodels.writing import Done
from shared.web.idempotency import Answer, IdempotencyKey, fingerprint, require_key

log = structlog.get_logger(__name__)

_COURSE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

Parts = Annotated[Services, Depends(services_of)]


_OPERATOR = "operator"
# No user is called so, nor owns a course: what an operator's call might read by mistake is nobody's.
_NOBODY = ""


# Dependencies are coroutines, though most wait for nothing: FastAPI gives a plain function to a thread. Each one costs
# every request; so a call is one.
CourseId = Annotated[
    str, Path(description="The course's id", examples=["019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f"])
]  # fmt: skip


async def _stage(request: Request, stage: Annotated[str, Path(description="A stage", examples=["stage2"])]) -> StageRow:
    by_key: Mapping[str, StageRow] = request.app.state.services.product.pipeline.by_key
    if stage not in by_key:
        raise NotFound("There is no such stage")
    return by_key[stage]


StageName = Annotated[StageRow, Depends(_stage)]


class PageQuery(BaseModel):
    """A page of a long list; everything when nothing is asked for."""

    limit: int | None = Field(default=None, ge=1, le=1000, description="entries of the list; absent means all")
    offset: int = Field(default=0, ge=0, le=1_000_000, description="entries to leave out at the beginning")

    def of(self, name: str) -> "Page":
        """The page of the list with this name."""
        return Page(name, self.limit, self.offset)


Paged = Annotated[PageQuery, Query(default_factory=PageQuery)]


@dataclass(frozen=True)
class Page:
    """A part of one list of an answer; the answer's `total` counts the whole list."""

    name: str
    limit: int | None
    offset: int

    def cut(self, view: BaseModel) -> BaseModel:
        """The answer with this page of the list."""
        end = None if self.limit is None else self.offset + self.limit
        return view.model_copy(update={self.name: getattr(view, self.name)[self.offset : end]})


@dataclass(frozen=True)
class Call:
    """An authenticated call. Writes go through `carry_out`."""

    services: Services
    owner: str
    request: Request
    idempotency_key: str | None
    if_match: str | None
    by_operator: bool = False
    session: str | None = None

    @property
    def by(self) -> str:
        """The caller, as the log names it."""
        return _OPERATOR if self.by_operator else self.owner

    @property
    def arrived(self) -> datetime:
        """When the request came in; a busy process may come to it later."""
        arrived: datetime = self.request.state.arrived
        return arrived

    async def state(self, course_id: str) -> CourseState:
        """The caller's course. Raises NotFound for what is not there or somebody else's."""
        state = await find_state(self.services.reads, self.owner, course_id)
        if state is None:
            raise NotFound("Course not found")
        return state

    async def with_tasks(self, course_id: str) -> tuple[SimpleNamespace, dict[str, SimpleNamespace]]:
        """The caller's course as shown, and its stages by key. Raises NotFound."""
        found = await find_with_tasks(self.services.reads, self.owner, course_id)
        if found is None:
            raise NotFound("Course not found")
        return found

    def answer(self, view: BaseModel, version: int) -> Response:
        """A view of a course at a version; 304 without a body for a caller that has it."""
        headers = {"ETag": etag(version)}
        if self.has(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(view.model_dump_json(), media_type="application/json", headers=headers)

    def has(self, tag: str) -> bool:
        """Whether the caller has the answer with this entity tag and asks for another."""
        return knows(self.request.headers.get("if-none-match"), tag)

    async def whole(
        self,
        course_id: str,
        part: str,
        render: Callable[[CourseState], Awaitable[BaseModel | bytes]],
        page: "Page | None" = None,
    ) -> Response:
        """A large part of the caller's course, or a page of it, rendered once for each version of the course."""
        version = await find_version(self.services.reads, self.owner, course_id)
        if version is None:
            raise NotFound("Course not found")
        headers = {"ETag": etag(version)}
        if self.has(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        rendered, key = self.services.rendered, (self.owner, course_id, f"{part}{page or ''}")
        body = rendered.find(key, version)
        if body is None:
            view = await render(await self.state(course_id))
            if page is not None and isinstance(view, BaseModel):
                view = page.cut(view)
            body = Body(version, view if isinstance(view, bytes) else view.model_dump_json().encode())
            rendered.keep(key, body)
        return await body.response(headers, self.request.headers.get("accept-encoding", ""))

    async def past(self, course_id: str, at: int) -> PastCourse:
        """The caller's course as it was at a sequence; whose it is, is a matter of now. Raises NotFound for what is not
        there or somebody else's, and before it existed.
        """
        return await self.services.past.load(course_id, at, await self.state(course_id))

    async def carry_out(
        self,
        course_id: str | None,
        command: Command | Callable[[str], Command],
        answer: "Callable[[Done, str], Awaitable[Answer]]",
        body: BaseModel | None = None,
    ) -> Response:
        """Do it once per Idempotency-Key and answer. Without a course id the command's id becomes the course's."""
        claim = None
        fresh_id = command_id = new_id()
        if self.idempotency_key is not None and self.request.method == "POST":
            sent = fingerprint(self.request, body.model_dump(mode="json") if body is not None else None)
            claim = await self.services.keys.claim(self.owner, self.idempotency_key, sent, command_id, course_id)
            if claim.answer is not None:
                return claim.answer.response()
            command_id = claim.command_id
        target = course_id or command_id
        done = await self.services.write_side.execute(
            None if self.by_operator else self.owner,
            target,
            command(command_id) if callable(command) else command,
            command_id,
            precondition=lambda state: self.refusal_at(etag(state.seq), "course"),
            asked_before=command_id != fresh_id,
            traceparent=current_traceparent(),
        )
        try:
            made = await answer(done, target) if done.visible else accepted(done, target)
            if claim is not None:
                await self.services.keys.keep(claim, made, target)
        except (SQLAlchemyError, OSError, TablesFilling) as error:
            # The log has it: whatever the database does now, this is no refusal.
            log.warning("answer_unread", error=type(error).__name__)
            made = accepted(done, target)
        except NotFound:
            # The tables were put back, or somebody deleted the course since. No answer to keep under a key.
            log.warning("answer_not_there", course_id=target)
            made = accepted(done, target)
        return made.response()

    def refusal_at(self, tag: str, what: str) -> Refusal | None:
        """The refusal of a change that is based on another version than the one with this tag."""
        if self.if_match is None or self.if_match.strip() == "*":
            return None
        if tag in [one.strip() for one in self.if_match.split(",")]:
            return None
        detail = f"The {what} has changed since you read it. Read it again and decide again."
        return Refusal(412, "precondition_failed", detail, extra={"etag": tag})


IfMatch = Annotated[str | None, Header(description="The ETag the change is based on; otherwise 412")]


def is_course_id(text: str) -> bool:
    """Whether a course could have this id."""
    return _COURSE_ID.fullmatch(text) is not None


def _check_course_id(request: Request) -> None:
    """An id that cannot be one names no course."""
    course_id = request.path_params.get("course_id")
    if course_id is not None and not is_course_id(course_id):
        raise NotFound("Course not found")


async def _creating_call(request: Request, idempotency_key: IdempotencyKey = None) -> Call:
    services: Services = request.app.state.services
    return await _users_call(request, services, token_of(request, services), idempotency_key, None)


# A course that is not made yet has no version, so this call takes no If-Match.
Creating = Annotated[Call, Depends(_creating_call)]


async def _writing_call(
    request: Request, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Call:  # fmt: skip
    services: Services = request.app.state.services
    return await _users_call(request, services, token_of(request, services), idempotency_key, if_match)


async def _users_call(
    request: Request, services: Services, token: str, idempotency_key: str | None, if_match: str | None
) -> Call:
    owner = await owner_of(request, services, token)
    _check_course_id(request)
    if idempotency_key is not None:
        require_key(idempotency_key)
    return Call(services, owner, request, idempotency_key, if_match)


Writing = Annotated[Call, Depends(_writing_call)]


async def _changing_call(request: Request, if_match: IfMatch = None) -> Call:
    services: Services = request.app.state.services
    return await _users_call(request, services, token_of(request, services), None, if_match)


# A change of something that is not a course, such as a webhook. It is not in the log, so no key makes it happen once.
Changing = Annotated[Call, Depends(_changing_call)]


async def _repairing_call(
    request: Request, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None
) -> Call:  # fmt: skip
    services: Services = request.app.state.services
    token = token_of(request, services)
    if not services.operator.is_sent(token):
        return await _users_call(request, services, token, idempotency_key, if_match)
    _check_course_id(request)
    if idempotency_key is not None:
        raise Refused(invalid("header/Idempotency-Key", "Keys are kept for users; the operator has none"))
    return Call(services, _NOBODY, request, None, if_match, by_operator=True)


Repairing = Annotated[Call, Depends(_repairing_call)]


async def reading_call(request: Request) -> Call:
    """The call of a user that reads. Raises Refused for another caller."""
    services: Services = request.app.state.services
    token = token_of(request, services)
    owner = await owner_of(request, services, token)
    _check_course_id(request)
    return Call(services, owner, request, None, None, session=services.session_in(token))


Reading = Annotated[Call, Depends(reading_call)]


def etag(seq: int) -> str:
    """The course's version as an entity tag."""
    return f'"{seq}"'


def accepted(done: Done, course_id: str) -> Answer:
    """The log has it and the tables do not show it yet. Who created a course learns its id all the same."""
    body: dict[str, Any] = {
        "status": "accepted", "sequence": done.seq, "task_id": done.task_id, "course_id": course_id,
    }  # fmt: skip
    return Answer(202, {"Retry-After": "1"}, body)


def started(done: Done) -> Answer:
    """A run was started, or the one that runs was found."""
    body = {"task_id": done.task_id, "status": "started"}
    if done.elsewhere is not None:
        return Answer(202, {}, {**body, "course_id": done.elsewhere})
    return Answer(202, {"ETag": etag(done.seq)}, body)


async def answer_started(done: Done, _: str) -> Answer:
    """See started."""
    return started(done)


def model_answer(model: BaseModel, status: int = 200, **headers: str) -> Answer:
    """A body of one of the schemas."""
    return Answer(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, model.model_dump(mode="json")
    )


def not_ready(call: Call, state: CourseState, stage: Stage, what: str) -> Refused:
    """A result asked for before it exists, and the stage that makes it."""
    row = call.services.product.pipeline.by_name[stage]
    run = state.runs.get(row.name)
    running = run is not None and run.is_running
    if run is not None and run.error == SOURCE_REMOVED:
        return Refused(Refusal(409, SOURCE_REMOVED, f"{what} are withheld. {run.message}.", extra={"stage": row.key}))
    detail = f"{what} are not there yet: {row.key} " + ("is running" if running else "has not finished")
    refusal = Refusal(409, "not_ready", detail, extra={"stage": row.key, "stage_status": run.status if run else None})
    return Refused(replace(refusal, retry_after_seconds=1) if running else refusal)
