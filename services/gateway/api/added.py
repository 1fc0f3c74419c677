"""Files that users add to courses, of whichever kind: how one is taken, shown, given and removed.

The routes of each kind use these functions with the names and fields of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from services.gateway.api.calls import Call, model_answer
from services.gateway.api.problems import problems
from services.gateway.api.stored_files import send_file
from services.gateway.course.commands import AddFile, RemoveFile
from services.gateway.course.state import AddedFile, CourseState
from services.gateway.erase.removed import erase_removed
from services.gateway.readmodels.added import AddedTable
from shared.docs.pdf.cited import PagePictures
from shared.kernel.errors import NotFound
from shared.readmodels.writing import Done
from shared.web.idempotency import Answer

_ANY_FILE = "application/octet-stream"
_BYTES = {"schema": {"type": "string", "format": "binary"}, "example": "the bytes of the file"}


def text_answers(example: str) -> dict[int | str, dict[str, Any]]:
    """The answers of a route that gives a text, as the description of the API has them."""
    shown = {"text/markdown": {"schema": {"type": "string"}, "example": example}}
    return {**problems(404, 416), 200: {"description": "The text", "content": shown}}


def file_answers(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """The answers of a route that gives a file. Bytes of whatever kind come first: a generated client takes the first
    type that it knows, and it would decode a page (`text/html`) as text.
    """
    content = {"content": dict.fromkeys((_ANY_FILE, *media_types), _BYTES)}
    whole, part = {"description": "The file", **content}, {"description": "The range that was asked for", **content}
    return {**problems(404, 416), 200: whole, 206: part}


def form_body(parts: Mapping[str, str], fields: Mapping[str, str], example: str) -> dict[str, Any]:
    """A form, as the description of the API has it: words about its files, of which `file` has to be there, and about
    the fields of one kind alone.
    """
    binary = {name: {"type": "string", "format": "binary", "description": about} for name, about in parts.items()}
    own = {name: {"type": "string", "description": about} for name, about in fields.items()}
    licence = {"type": "string", "description": "its SPDX id or expression, if you know it"}
    sharing = {
        "enum": ["allowed", "unclear", "forbidden"], "default": "unclear",
        "description": "whether copies may be passed on",
    }  # fmt: skip
    properties = {**binary, "course_id": {"type": "string"}, **own, "licence": licence, "sharing": sharing}
    schema = {"type": "object", "required": ["file", "course_id"], "properties": properties}
    shown = {"file": example, "course_id": "019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f"}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema, "example": shown}}}}


@dataclass(frozen=True)
class AddedFiles:
    """The files of one kind. `not_read`: the code and the words for a file that has no text yet."""

    rows: AddedTable
    not_read: tuple[str, str]

    async def find(self, call: Call, file_id: str) -> SimpleNamespace:
        """The row of the caller's file. Raises NotFound."""
        row = await self.rows.find(call.services.reads, call.owner, file_id)
        if row is None:
            raise self._not_there()
        return row

    async def list_of(self, call: Call, course_id: str) -> Sequence[Any]:
        """The rows of the caller's course. Raises NotFound."""
        await call.state(course_id)
        return await self.rows.list_of(call.services.reads, call.owner, course_id)

    async def add(
        self, call: Call, state: CourseState, command: AddFile, sent: BaseModel, view: Callable[[str], BaseModel]
    ) -> Response:
        """Add it; 200 for a file that the course has, which stays as it is. `sent` is all that an Idempotency-Key is
        compared by, `view` the answer with the status of the file.
        """
        kind, file_id = self.rows.kind, command.file_id
        status = 200 if state.added(kind, file_id) is not None else 201

        async def answer(_: Done, course_id: str) -> Answer:
            shown = view((await self.find(call, file_id)).status)
            return model_answer(shown, status, Location=f"/api/{kind.stage}/{file_id}")

        return await call.carry_out(state.course_id, command, answer, sent)

    async def file(self, call: Call, file_id: str) -> Response:
        """Its bytes, whole or one range of them."""
        _, file = await self._held(call, file_id)
        if file.file is None:
            raise NotFound("The bytes are not here yet", code="not_fetched")
        return await send_file(call, file.file, file.file_name)

    async def text(self, call: Call, file_id: str) -> Response:
        """The text that citations name. Raises NotFound until there is one."""
        _, file = await self._held(call, file_id)
        if file.text is None:
            code, message = self.not_read
            raise NotFound(message, code=code)
        return await send_file(call, file.text, PurePosixPath(file.path).name)

    async def page(self, call: Call, file_id: str, number: int) -> Response:
        """The picture of one of its pages. Raises NotFound for a page that the course does not cite."""
        state, file = await self._held(call, file_id)
        made = state.generated.pages if state.generated is not None else None
        if made is not None and file.file is not None:
            pages = (await call.services.blobs.get_model(made, PagePictures)).root.get(file.file.sha256, {})
            if number in pages:
                return await send_file(call, pages[number], f"{PurePosixPath(file.file_name).stem}-{number}.png")
        raise NotFound("The course does not cite this page", code="page_not_cited")

    async def remove(self, call: Call, file_id: str) -> Response:
        """Remove it, and then its bytes and those of what was made from it. An administrator removes anybody's."""
        kind, by = self.rows.kind, call.by
        if call.owner in call.services.settings.admin_user_ids:
            owner = await self.rows.find_owner(call.services.reads, file_id)
            call = replace(call, owner=owner or call.owner)
        state, _ = await self._held(call, file_id)

        async def answer(_: Done, course_id: str) -> Answer:
            events = [item.event for item in await call.services.log.read(course_id)]
            await erase_removed(call.services.blobs, course_id, events)
            return Answer(204, {}, None)

        return await call.carry_out(state.course_id, RemoveFile(kind.stage, file_id, by), answer)

    async def _held(self, call: Call, file_id: str) -> tuple[CourseState, AddedFile]:
        row = await self.find(call, file_id)
        state = await call.state(row.course_id)
        file = state.added(self.rows.kind, file_id)
        if file is None:
            raise self._not_there()
        return state, file

    def _not_there(self) -> NotFound:
        noun = self.rows.kind.noun
        return NotFound(f"There is no such {noun}", code=f"{noun}_not_found")
