"""A file that a learner hands in: whose it is, and what it holds."""

from services.classroom.api.calls import Services
from services.classroom.files import KeptFile
from services.classroom.queries import find_file
from shared.answers.model import ReadAnswer
from shared.kernel.errors import NotFound, PermanentError
from shared.kernel.refusals import Refusal, Refused, invalid


async def find_own(services: Services, person_id: str, file_id: str, pointer: str) -> KeptFile | None:
    """A file, if one is named. Raises Refused for one that is not the learner's own."""
    if not file_id:
        return None
    async with services.reading() as connection:
        found = await find_file(connection, file_id)
    if found is None or found["person_id"] != person_id:
        raise Refused(invalid(pointer, "You sent no such file"))
    return KeptFile(person_id, file_id, found["media_type"])


async def read_submission(services: Services, file: KeptFile) -> ReadAnswer:
    """Its parts; a recording has no words before it was heard. Raises Refused with what is wrong, and NotFound."""
    if services.files is None:
        raise NotFound("This classroom keeps no files")
    try:
        return await services.hearing.read(services.files, file)
    except PermanentError as error:
        raise Refused(Refusal(422, error.code, error.message, "/answer/file_id")) from error
