"""Lectures of courses: `/api/lectures`."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from starlette.datastructures import UploadFile

from services.gateway.api.calls import Call, CourseId, Reading, Writing, model_answer
from services.gateway.api.forms import Form, hash_file, plain_name, sent_form
from services.gateway.api.kept import ID
from services.gateway.api.problems import problems
from services.gateway.api.schemas.lectures import (
    AddedLectureView,
    LectureForm,
    LectureStateView,
    LectureView,
    SentLecture,
)
from services.gateway.api.stored_files import send_file
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.commands import AddLecture, RemoveLecture
from services.gateway.course.state import CourseState, Lecture
from services.gateway.readmodels.lectures import find_lecture, list_lectures
from services.gateway.write.idempotency import Answer
from shared.docs.captions.facts import CAPTION_TYPES, MAX_CAPTION_BYTES, RECORDING_TYPES, ending_of, is_recording
from shared.events import BlobRef
from shared.kernel.errors import NotFound
from shared.kernel.ids import content_id
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.readmodels.writing import Done

router = APIRouter(tags=["lectures"], route_class=StrictRoute)

UPLOAD = "/api/lectures/upload"
_PARTS = ("file", "captions", "chapters")
_TEXT = {"schema": {"type": "string"}, "example": "# A lecture\n\nA sentence of the lecture.\n"}
_FILE = {"schema": {"type": "string", "format": "binary"}, "example": "the bytes of the file"}
_BINARY = {"type": "string", "format": "binary"}
_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file", "course_id"],
                "properties": {
                    "file": {**_BINARY, "description": "its recording, or its captions alone"},
                    "captions": {**_BINARY, "description": "WebVTT or SRT beside a recording"},
                    "chapters": {**_BINARY, "description": "WebVTT or SRT whose texts name the chapters"},
                    "course_id": {"type": "string"},
                    "title": {"type": "string", "description": "else the name of the file"},
                    "session_id": {"type": "string", "description": "one lecture of a course; else from its bytes"},
                    "licence": {"type": "string", "description": "its SPDX id or expression, if you know it"},
                    "sharing": {
                        "enum": ["allowed", "unclear", "forbidden"], "default": "unclear",
                        "description": "whether copies may be passed on",
                    },
                },
            },
            "example": {"file": "the bytes of captions", "course_id": "019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f"},
        }
    },
}  # fmt: skip
LectureId = Annotated[str, Path(pattern=ID, description="The lecture's id")]


@router.post(
    UPLOAD, status_code=201, operation_id="uploadLecture", summary="Add a lecture to a course",
    response_model=AddedLectureView, openapi_extra={"requestBody": _BODY},
    responses={**problems(400, 404, 409, 413), 200: {"model": AddedLectureView, "description": "The course has it"}},
)  # fmt: skip
async def upload(call: Writing) -> Response:
    """It is transcribed at once, and then is a source of the course. A session id that the course has: 200."""
    async with sent_form(call.request, files=len(_PARTS)) as form:
        return await _add(call, form.fields(LectureForm), form)


async def _add(call: Call, sent: LectureForm, form: Form) -> Response:
    state = await call.state(sent.course_id)
    files = {part: file for part in _PARTS if (file := form.file(part)) is not None}
    if "file" not in files:
        raise Refused(invalid("/file", "Send the recording, or captions alone, as the part `file`"))
    names = {part: _checked_name(part, file) for part, file in files.items()}
    hashed = {part: await _hash(call, part, names[part], file) for part, file in files.items()}
    is_captions = ending_of(names["file"]) in CAPTION_TYPES
    if is_captions and "captions" in files:
        raise Refused(invalid("/captions", "The captions are the part `file` already"))
    session_id = sent.session_id or hashed["file"][0]
    lecture_id = content_id("l", sent.course_id, session_id)
    known = state.lecture(lecture_id) is not None
    stored: dict[str, BlobRef] = {}
    for part, file in files.items() if not known else ():
        media_type = (CAPTION_TYPES | RECORDING_TYPES)[ending_of(names[part])]
        stored[part] = await call.services.blobs.put_file(sent.course_id, file.file, *hashed[part], media_type)

    async def answer(_: Done, course_id: str) -> Answer:
        row = await find_lecture(call.services.reads, call.owner, lecture_id)
        status = row.status if row is not None else "pending"
        view = AddedLectureView(lecture_id=lecture_id, course_id=course_id, status=status)
        return model_answer(view, 200 if known else 201, Location=f"/api/lectures/{lecture_id}")

    command = AddLecture(
        lecture_id, session_id, sent.title or names["file"].rpartition(".")[0], names["file"],
        captions=stored.get("file" if is_captions else "captions"), chapters=stored.get("chapters"),
        recording=None if is_captions else stored.get("file"), licence=sent.stated_licence,
    )  # fmt: skip
    whole = SentLecture(
        **sent.model_dump(), file_names=list(names.values()), sha256=[sha256 for sha256, _ in hashed.values()]
    )
    return await call.carry_out(sent.course_id, command, answer, whole)


def _checked_name(part: str, file: UploadFile) -> str:
    """The name of a part without folders. Raises Refused for one that does not call itself what it has to be."""
    name = plain_name(file, f"/{part}")
    known = CAPTION_TYPES | (RECORDING_TYPES if part == "file" else {})
    if ending_of(name) not in known or not name.rpartition(".")[0].strip():
        endings = ", ".join(f".{one}" for one in known)
        raise Refused(Refusal(400, "not_lecture", f"Send a file whose name ends with one of {endings}", f"/{part}"))
    return name


async def _hash(call: Call, part: str, name: str, file: UploadFile) -> tuple[str, int]:
    is_captions = ending_of(name) in CAPTION_TYPES

    def look(head: bytes) -> None:
        """Captions are looked at by the stage, which has a worker process for what strangers wrote."""
        if not head or not (is_captions or is_recording(name, head)):
            problem = "does not begin like what its name says" if head else "is empty"
            raise Refused(Refusal(400, "not_lecture", f"The file {problem}", f"/{part}"))

    limit = MAX_CAPTION_BYTES if is_captions else call.services.settings.lecture_limit_bytes
    return await hash_file(file, limit, look)


@router.get(
    "/api/lectures/{lecture_id}", operation_id="getLecture", summary="Get a lecture",
    response_model=LectureView, responses=problems(404),
)  # fmt: skip
async def get_lecture(lecture_id: LectureId, call: Reading) -> Any:
    """Its title, its length, and whether it is transcribed; `failed` says why it cannot be taught from."""
    row = await find_lecture(call.services.reads, call.owner, lecture_id)
    if row is None:
        raise NotFound("There is no such lecture", code="lecture_not_found")
    return row


@router.get(
    "/api/lectures/{lecture_id}/status", operation_id="getLectureStatus", summary="Get how far a lecture is",
    response_model=LectureStateView, responses=problems(404),
)  # fmt: skip
async def get_lecture_status(lecture_id: LectureId, call: Reading) -> LectureStateView:
    """`pending`, `completed`, or `failed` with the reason."""
    row = await get_lecture(lecture_id, call)
    return LectureStateView.model_validate({**vars(row), "lecture_id": row.id})


@router.get(
    "/api/courses/{course_id}/lectures", operation_id="listLectures", summary="List the lectures of a course",
    response_model=list[LectureView], responses=problems(404),
)  # fmt: skip
async def list_added(course_id: CourseId, call: Reading) -> Sequence[Any]:
    """Oldest first."""
    await call.state(course_id)
    return await list_lectures(call.services.reads, call.owner, course_id)


@router.get(
    "/api/lectures/{lecture_id}/file", operation_id="getLectureFile", summary="Get the recording, or else the captions",
    response_class=Response,
    responses={
        **problems(404, 416),
        200: {"description": "The file", "content": {"application/octet-stream": _FILE}},
        206: {"description": "The range that was asked for", "content": {"application/octet-stream": _FILE}},
    },
)  # fmt: skip
async def get_lecture_file(lecture_id: LectureId, call: Reading) -> Response:
    """With `Range`: one range of its bytes."""
    _, lecture = await _lecture(call, lecture_id)
    blob = lecture.recording or lecture.captions
    assert blob is not None
    return await send_file(call, blob, lecture.file_name)


@router.get(
    "/api/lectures/{lecture_id}/text", operation_id="getLectureText", summary="Get the text that citations name",
    response_class=Response,
    responses={**problems(404, 416), 200: {"description": "The text", "content": {"text/markdown": _TEXT}}},
)  # fmt: skip
async def get_lecture_text(lecture_id: LectureId, call: Reading) -> Response:
    """One sentence a line, as Markdown; 404 until the lecture is transcribed."""
    _, lecture = await _lecture(call, lecture_id)
    if lecture.text is None:
        raise NotFound("The lecture is not transcribed", code="lecture_not_transcribed")
    return await send_file(call, lecture.text, PurePosixPath(lecture.path).name)


async def _lecture(call: Call, lecture_id: str) -> tuple[CourseState, Lecture]:
    row = await find_lecture(call.services.reads, call.owner, lecture_id)
    state = await call.state(row.course_id) if row is not None else None
    lecture = state.lecture(lecture_id) if state is not None else None
    if state is None or lecture is None:
        raise NotFound("There is no such lecture", code="lecture_not_found")
    return state, lecture


@router.delete(
    "/api/lectures/{lecture_id}", status_code=204, operation_id="removeLecture", summary="Remove a lecture",
    responses=problems(404, 412),
)  # fmt: skip
async def remove_lecture(lecture_id: LectureId, call: Writing) -> Response:
    """With its bytes and its text. A course made from it stays, and is outdated, until it is generated again."""
    state, lecture = await _lecture(call, lecture_id)

    async def answer(_: Done, course_id: str) -> Answer:
        await call.services.blobs.delete(_only_of(state, lecture))
        return Answer(204, {}, None)

    return await call.carry_out(state.course_id, RemoveLecture(lecture_id, call.by), answer)


def _only_of(state: CourseState, lecture: Lecture) -> list[BlobRef]:
    """The bytes of a lecture that no other lecture of the course has too."""
    kept = {ref for one in state.lectures if one is not lecture for ref in _blobs_of(state, one)}
    return [ref for ref in _blobs_of(state, lecture) if ref not in kept]


def _blobs_of(state: CourseState, lecture: Lecture) -> list[BlobRef]:
    source = next((one for one in state.sources if one.source_id == lecture.source_id), None)
    made = [source.files, source.times] if source is not None else []
    return [ref for ref in (lecture.captions, lecture.chapters, lecture.recording, lecture.text, *made) if ref]
