"""Lectures of courses: `/api/lectures`."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from starlette.datastructures import UploadFile

from services.gateway.api.added import AddedFiles, file_answers, form_body, text_answers
from services.gateway.api.calls import Call, CourseId, Reading, Writing
from services.gateway.api.forms import Rule, plain_name, sent_form
from services.gateway.api.kept import ID
from services.gateway.api.problems import problems
from services.gateway.api.schemas.lectures import (
    SESSION_ID,
    AddedLectureView,
    DevLectureView,
    LectureDownload,
    LectureForm,
    LectureStateView,
    LectureView,
    SentLecture,
)
from services.gateway.api.schemas.uploads import stated_licence
from services.gateway.api.streams_named import check_stream, names_of, session_of
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.commands import AddFile
from services.gateway.readmodels.lectures import LECTURE_ROWS
from shared.docs.captions.facts import CAPTION_TYPES, MAX_CAPTION_BYTES, RECORDING_TYPES
from shared.docs.captions.first_bytes import is_recording
from shared.docs.kinds import ending_of
from shared.kernel.errors import NotFound
from shared.kernel.ids import content_id
from shared.kernel.refusals import Refusal, Refused, invalid

router = APIRouter(tags=["lectures"], route_class=StrictRoute)

UPLOAD = "/api/lectures/upload"

_FILES = AddedFiles(LECTURE_ROWS, ("lecture_not_transcribed", "The lecture is not transcribed"))
_PARTS = {
    "file": "its recording, or its captions alone",
    "captions": "WebVTT or SRT beside a recording",
    "chapters": "WebVTT or SRT whose texts name the chapters",
}
_OWN_FIELDS = {
    "title": "else the name of the file", "session_id": "one lecture of a course; else from its bytes",
}  # fmt: skip
_BODY = form_body(_PARTS, _OWN_FIELDS, "the bytes of captions")
LectureId = Annotated[str, Path(pattern=ID, description="The lecture's id")]


@router.post(
    UPLOAD, status_code=201, summary="Add a lecture to a course", response_model=AddedLectureView, openapi_extra=_BODY,
    responses={**problems(400, 404, 409, 413), 200: {"model": AddedLectureView, "description": "The course has it"}},
)  # fmt: skip
async def upload_lecture(call: Writing) -> Response:
    """It is transcribed at once, and then is a source of the course. A session id that the course has: 200."""
    async with sent_form(call.request, len(_PARTS), partial(_rule, call)) as form:
        sent = form.fields(LectureForm)
        files = form.files(*_PARTS)
        if "file" not in files:
            raise Refused(invalid("/file", "Send the recording, or captions alone, as the part `file`"))
        state, file = await call.state(sent.course_id), files["file"]
        is_captions = ending_of(file.name) in CAPTION_TYPES
        if is_captions and "captions" in files:
            raise Refused(invalid("/captions", "The captions are the part `file` already"))
        session_id = sent.session_id or file.sha256
        lecture_id = content_id("l", sent.course_id, session_id)
        parts = {
            "captions" if is_captions else "recording" if part == "file" else part: one for part, one in files.items()
        }
        title = sent.title or file.name.rpartition(".")[0]
        command = AddFile(
            "lectures", lecture_id, file.name, lecture_id, {name: one.store for name, one in parts.items()},
            {"session_id": session_id, "title": title, "licence": stated_licence(sent.licence, sent.sharing)},
        )  # fmt: skip
        names, hashes = [one.name for one in files.values()], [one.sha256 for one in files.values()]
        whole = SentLecture(**sent.model_dump(), file_names=names, sha256=hashes)
        return await _FILES.add(call, state, command, whole, partial(_view, lecture_id, sent.course_id))


@router.post(
    "/api/lectures/download", status_code=201, summary="Add a lecture by its address", response_model=AddedLectureView,
    responses={**problems(400, 404, 409), 200: {"model": AddedLectureView, "description": "The course has it"}},
)  # fmt: skip
async def download_lecture(call: Writing, sent: LectureDownload) -> Response:
    """It is fetched and transcribed at once, and then is a source of the course. A session that the course has: 200; if
    that lecture failed and other addresses are sent, it is tried again with them.
    """
    addresses = {"viewer_url": sent.panopto_url, "stream_url": sent.stream_url, "captions_url": sent.captions_url or ""}
    for name, pointer in (("viewer_url", "panopto_url"), ("stream_url", "stream_url"), ("captions_url",) * 2):
        check_stream(addresses[name], f"/{pointer}", call.services.settings.inward_lecture_hosts)
    session_id = sent.session_id or session_of(sent.panopto_url)
    if not re.fullmatch(SESSION_ID, session_id):
        detail = "The address of the lecture's page names no session: give one that ends with it, or has it as `id`"
        raise Refused(Refusal(400, "no_session_id", detail, "/panopto_url"))
    state, lecture_id = await call.state(sent.course_id), content_id("l", sent.course_id, session_id)
    title, file_name = names_of(sent.stream_url, sent.title, session_id)
    command = AddFile(
        "lectures", lecture_id, file_name, lecture_id, {},
        {"session_id": session_id, "title": title, "licence": stated_licence(sent.licence, sent.sharing), **addresses},
    )  # fmt: skip
    return await _FILES.add(call, state, command, sent, partial(_view, lecture_id, sent.course_id))


def _view(lecture_id: str, course_id: str, status: str) -> AddedLectureView:
    return AddedLectureView(lecture_id=lecture_id, course_id=course_id, status=status)


def _rule(call: Call, part: str, file: UploadFile) -> Rule:
    """A file whose name says that it is what the part has to be. Raises Refused."""
    name = plain_name(file, f"/{part}")
    known, ending = CAPTION_TYPES | (RECORDING_TYPES if part == "file" else {}), ending_of(name)
    if ending not in known or not name.rpartition(".")[0].strip():
        endings = ", ".join(f".{one}" for one in known)
        raise Refused(Refusal(400, "not_lecture", f"Send a file whose name ends with one of {endings}", f"/{part}"))
    limit = MAX_CAPTION_BYTES if ending in CAPTION_TYPES else call.services.settings.lecture_limit_bytes

    def look(head: bytes) -> None:
        """Captions are looked at by the stage, which has a worker process for what strangers wrote."""
        if not head or not (ending in CAPTION_TYPES or is_recording(name, head)):
            problem = "does not begin like what its name says" if head else "is empty"
            raise Refused(Refusal(400, "not_lecture", f"The file {problem}", f"/{part}"))

    return Rule(name, known[ending], limit, look)


@router.get("/api/dev/lectures", response_model=list[DevLectureView], include_in_schema=False)
async def list_everybodys(call: Reading) -> Sequence[Any]:
    """For development: the lectures of everybody, newest first. It is not there unless a setting switches it on."""
    settings = call.services.settings
    if not settings.dev_routes_enabled or call.owner not in settings.admin_user_ids:
        raise NotFound("There is no such route")
    return await LECTURE_ROWS.list_all(call.services.reads)


@router.get("/api/lectures/{lecture_id}", summary="Get a lecture", response_model=LectureView, responses=problems(404))
async def get_lecture(lecture_id: LectureId, call: Reading) -> Any:
    """Its title, its length, and whether it is transcribed; `failed` says why it cannot be taught from."""
    return await _FILES.find(call, lecture_id)


@router.get("/api/lectures/{lecture_id}/status", summary="Get how far a lecture is", responses=problems(404))
async def get_lecture_status(lecture_id: LectureId, call: Reading) -> LectureStateView:
    """`pending`, `completed`, or `failed` with the reason."""
    row = await _FILES.find(call, lecture_id)
    return LectureStateView.model_validate({**vars(row), "lecture_id": row.id})


@router.get(
    "/api/courses/{course_id}/lectures", summary="List the lectures of a course", response_model=list[LectureView],
    responses=problems(404),
)  # fmt: skip
async def list_lectures(course_id: CourseId, call: Reading) -> Sequence[Any]:
    """Oldest first."""
    return await _FILES.list_of(call, course_id)


@router.get(
    "/api/lectures/{lecture_id}/file", summary="Get the recording, or else the captions", response_class=Response,
    responses=file_answers(),
)  # fmt: skip
async def get_lecture_file(lecture_id: LectureId, call: Reading) -> Response:
    """With `Range`: one range of its bytes."""
    return await _FILES.file(call, lecture_id)


@router.get(
    "/api/lectures/{lecture_id}/text", summary="Get the text that citations name", response_class=Response,
    responses=text_answers("# A lecture\n\nA sentence of the lecture.\n"),
)  # fmt: skip
async def get_lecture_text(lecture_id: LectureId, call: Reading) -> Response:
    """One sentence a line, as Markdown; 404 until the lecture is transcribed."""
    return await _FILES.text(call, lecture_id)


@router.delete("/api/lectures/{lecture_id}", status_code=204, summary="Remove a lecture", responses=problems(404, 412))
async def remove_lecture(lecture_id: LectureId, call: Writing) -> Response:
    """With its bytes, its text and what was made from it; the modules that say nothing of it stay."""
    return await _FILES.remove(call, lecture_id)
