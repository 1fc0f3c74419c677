"""Repositories, by the courses made of them."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Response

from services.gateway.api.calls import Reading
from services.gateway.api.problems import problems
from services.gateway.api.projects import course_answer
from services.gateway.api.schemas.courses import CourseView
from services.gateway.readmodels.generated_courses import find_latest
from shared.kernel.errors import NotFound, PermanentError
from shared.sources.address import parse_address

router = APIRouter(prefix="/api/repositories", tags=["courses"])

Host = Annotated[str, Path(max_length=255, description="The host, or `local`", examples=["github.com"])]
RepoPath = Annotated[str, Path(max_length=1024, description="The path on it", examples=["pallets/click"])]


@router.get(
    "/{host}/{path:path}/latest", operation_id="getLatestCourse",
    summary="Get your newest finished course of a repository", response_model=CourseView, responses=problems(404),
)  # fmt: skip
async def latest_course(host: Host, path: RepoPath, call: Reading) -> Response:
    """The course that was finished last, whatever runs on it now; `Content-Location` is its own address. `local` and
    the hash of its root commit name a repository without an address on the web.
    """
    url = _url(host, path, call.services.settings.inward_repository_hosts)
    course_id = await find_latest(call.services.reads, call.owner, url)
    if course_id is None:
        raise NotFound("You have no finished course of this repository")
    return (await course_answer(call, course_id, Content_Location=f"/api/projects/{course_id}")).response()


def _url(host: str, path: str, inward: Sequence[str]) -> str:
    """The repository as courses name it. Raises NotFound for what names none."""
    if host == "local":
        return f"local:{path}"
    try:
        return parse_address(f"https://{host}/{path}", allow_local=False, inward=inward).canonical
    except PermanentError as error:
        raise NotFound("You have no finished course of this repository") from error
