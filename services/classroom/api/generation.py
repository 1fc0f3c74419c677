"""Courses that are generated from a brief and a paper: their structure first, then what their tasks say."""

import re
from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field

from services.classroom.api.calls import Parts, Posting, Services, SignedIn
from services.classroom.api.courses import change
from services.classroom.api.seen_courses import run_course
from services.classroom.api.shapes import Body, Id
from services.classroom.decisions import generations
from services.classroom.files import KeptFile
from services.classroom.pipeline import wishes_of
from services.classroom.queries import find_file, find_places
from shared.classroom.contents import CONTENT_SIDE, Generation, GenerationStatus
from shared.events.content import GenerationAsked, GenerationPart
from shared.kernel.errors import NotFound
from shared.kernel.ids import event_id
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.web.strict_json import StrictBodies

router = APIRouter(prefix="/ai/generate/course", tags=["generation"], route_class=StrictBodies)
_PDF = "application/pdf"
MOST_CHARACTERS = 1000  # of all wishes together, as the pipeline takes them


def _plain(text: str) -> str:
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        raise ValueError("Control characters are not allowed")
    return text


_Text = Annotated[str, Field(max_length=MOST_CHARACTERS), AfterValidator(_plain)]
_Said = Annotated[_Text, Field(min_length=1, pattern=r"\S")]


class StructureBody(Body):
    """What a course is to be about and for whom. The key is that of a PDF which somebody who runs the school sent
    to /file/.
    """

    course_description: _Said
    intended_audience: _Said
    instructions: _Text | None = None
    reference_material_s3_key: str | None = Field(default=None, max_length=512)


class TasksBody(Body):
    """The job that made the structure."""

    job_uuid: Id


class GenerationView(BaseModel):
    """The latest job of a course. `status`: `started`, `pending` (the structure stands, its tasks are not asked for),
    `completed`, `failed`; then `code` and `message` say why. `generated_course_id` is the course at the gateway.
    """

    job_uuid: str
    status: GenerationStatus
    part: GenerationPart
    attempt: int
    course_description: str
    intended_audience: str
    instructions: str
    generated_course_id: str | None
    code: str | None
    message: str | None


@router.post("/{course_id}/structure")
async def generate_structure(course_id: Id, body: StructureBody, caller: Posting, services: Parts) -> GenerationView:
    """Have milestones and draft tasks made of a PDF. The same again is the same job; one that failed goes on."""
    course = await run_course(services, caller, course_id)
    paper = await _paper(services, body.reference_material_s3_key, course["org_id"])
    said = (body.course_description, body.intended_audience, body.instructions or "")
    asked = GenerationAsked(
        content_id=course_id, job_id=event_id(course_id, "generation", "\x1f".join((*said, paper.file_id))),
        part="structure", course_description=said[0], intended_audience=said[1], instructions=said[2],
        file_id=paper.file_id, file_of=paper.person_id, by=caller.person_id,
    )  # fmt: skip
    if len(wishes_of(asked)) > MOST_CHARACTERS:
        detail = f"Description, audience and instructions have at most {MOST_CHARACTERS} characters together"
        raise Refused(invalid("/course_description", detail, "too_long"))
    await change(services, course_id, generations.ask_structure, asked=asked)
    return await _answer(services, course_id)


@router.post("/{course_id}/tasks")
async def generate_tasks(course_id: Id, body: TasksBody, caller: Posting, services: Parts) -> GenerationView:
    """Have the tasks of a structure written, as drafts."""
    await run_course(services, caller, course_id)
    _require_pipeline(services)
    await change(services, course_id, generations.ask_tasks, job_id=body.job_uuid, by=caller.person_id)
    return await _answer(services, course_id)


@router.get("/{course_id}")
async def show_generation(course_id: Id, caller: SignedIn, services: Parts) -> GenerationView:
    """The latest job of the course."""
    await run_course(services, caller, course_id)
    return await _answer(services, course_id)


async def _answer(services: Services, course_id: str) -> GenerationView:
    async with services.reading() as connection:
        found = (await CONTENT_SIDE.load(connection, [course_id])).get(course_id, CONTENT_SIDE.begin)
    job: Generation | None = found.generation
    if job is None:
        raise NotFound("Nothing was asked to be generated here")
    if services.making is not None:
        services.making.stirred.set()
    same = {name: getattr(job, name) for name in GenerationView.model_fields if hasattr(job, name)}
    return GenerationView(**{
        **same, "job_uuid": job.job_id, "generated_course_id": job.course_id or None, "code": job.code or None,
        "message": job.message or None,
    })  # fmt: skip


def _require_pipeline(services: Services) -> None:
    if services.making is None:
        raise Refused(Refusal(409, "no_pipeline", "This classroom generates no courses: GATEWAY_URL is not set"))


async def _paper(services: Services, key: str | None, org_id: str) -> KeptFile:
    """A PDF of somebody who runs the organisation. Raises Refused and NotFound."""
    _require_pipeline(services)
    if not key:
        detail = "A course is made of what a document says: send a PDF to /file/, and its file_key here"
        raise Refused(Refusal(422, "reference_needed", detail, "/reference_material_s3_key"))
    file_id = key.rsplit("/", 1)[-1].removesuffix(".pdf")
    if services.files is None:
        raise Refused(Refusal(409, "no_store", "This classroom keeps no files: BLOB_STORE_URL is not set"))
    async with services.reading() as connection:
        found = await find_file(connection, file_id)
        if found is None or org_id not in (await find_places(connection, found["person_id"])).runs:
            raise NotFound("File not found")
    if found["media_type"] != _PDF:
        raise Refused(invalid("/reference_material_s3_key", "The file is not a PDF"))
    paper = KeptFile(found["person_id"], file_id, _PDF)
    await services.files.look(paper)
    return paper
