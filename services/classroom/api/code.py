"""Running a program that a learner wrote."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from services.classroom.api.calls import Parts, Posting
from services.classroom.api.shapes import Body, RunView
from services.classroom.rights import may_run_code
from shared.code.port import Case
from shared.events.content import CodeLanguage
from shared.kernel.refusals import Refused, invalid
from shared.web.strict_json import StrictBodies

router = APIRouter(tags=["code"], route_class=StrictBodies)
RUN = "/code/run"
_MOST_CASES = 10
_Text = Annotated[str, Field(max_length=64 * 1024)]
_RUNS: dict[CodeLanguage, Literal["python", "javascript", "sql"]] = {
    "python": "python",
    "javascript": "javascript",
    "nodejs": "javascript",
    "sql": "sql",
}


class CaseBody(Body):
    """What the program is given, and what it has to print."""

    stdin: _Text = ""
    stdout: _Text


class RunBody(Body):
    """A program, and what it is given; or cases that it is tried on, one after the other."""

    language: CodeLanguage
    value: _Text
    stdin: _Text = ""
    tests: list[CaseBody] = Field(default_factory=list, max_length=_MOST_CASES)


@router.post(RUN)
async def run_code(body: RunBody, caller: Posting, services: Parts) -> RunView:
    """Run a program of the caller. Nothing of it is kept."""
    may_run_code(caller)
    language = _RUNS.get(body.language)
    if language is None:
        raise Refused(invalid("/language", f"{body.language} is shown by the page itself: it is not run here"))
    cases = [Case(one.stdin, one.stdout) for one in body.tests]
    return RunView(**vars(await services.turns.run(caller.person_id, language, body.value, body.stdin, cases)))
