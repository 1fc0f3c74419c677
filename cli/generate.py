"""`coursewright generate`: from a repository, documents and lectures to a course folder, through the REST API."""

import contextlib
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from cli.checks import address_of, check_out, lecture_parts, name_of
from cli.client import Client
from cli.ending import Ending
from cli.exports import write_exports
from cli.failures import ApiError, GenerationFailed, Interrupted
from cli.health import Health
from cli.patience import Patience
from cli.progress import Reporter
from shared.course.naming import automatic_title
from shared.docs.kinds import KIND_OF_ENDING, ending_of
from shared.kernel.errors import CoursewrightError, PermanentError
from shared.pipeline import PIPELINE

DONE = f"{PIPELINE.unattended[-1].key}_complete"
_BESIDE = frozenset(row.number for row in PIPELINE if not row.unattended)
ENDED_BADLY = frozenset({"FAILURE", "REVOKED"})
_POLL_SECONDS = 0.2
_CANCEL_SECONDS = 10.0
# What stage 1 says of an address or a ref that names nothing: perhaps it was mistyped.
_NAMES_NOTHING = frozenset({"repository_not_found", "host_not_found", "ref_not_found", "redirected"})
# A resume that is refused so is refused again.
_NO_RESUME = frozenset({"not_found", "not_retryable", "nothing_to_resume"})


@dataclass(frozen=True)
class GenerateRequest:
    """The user's wish. `out`: the folder to write; it must be new, empty, or an earlier course. `resume`: the
    id of a course to go on with, which has its inputs. `files`, which are documents and lectures, and `lectures`, which
    are addresses: beside the repository, or without one ("").
    """

    repository: str
    out: Path
    ref: str = ""
    level: str = "intermediate"
    info: str = ""
    pathway: str = "auto"
    engine: str = "offline"
    title: str = ""
    resume: str = ""
    credential_id: str | None = None
    model: str = ""
    files: tuple[Path, ...] = ()
    lectures: tuple[str, ...] = ()

    @property
    def first_file(self) -> str:
        """The name that the course has if nothing else names it."""
        return next((PurePosixPath(one).stem for one in (*map(str, self.files), *self.lectures)), "")


def generate(
    client: Client, request: GenerateRequest, show: Reporter, health: Health | None = None,
    ending: Ending | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Run all stages and write the exports; a summary for --json. `health` says when waiting is in vain; `ending`
    is told which course it is.

    Raises GenerationFailed when a stage fails, ApiError when the gateway refuses, Interrupted at Ctrl-C.
    """
    health, ending = health or Health(), ending or Ending()
    check_out(request.out)
    patience = Patience(health.check)
    address = "" if request.resume or not request.repository else address_of(request.repository)
    named = name_of(address) if address else request.first_file
    course_id = request.resume or client.create_course(request.title or automatic_title(named), "")
    ending.course_id = course_id
    show.say(f"course {course_id}")
    try:
        earlier = (
            _resume(client, course_id, patience) if request.resume else _ask(client, address, request, ending, show)
        )
        course_id = ending.course_id
        _follow(client, course_id, show, patience, health, earlier)
    except (KeyboardInterrupt, BrokenPipeError):  # a reader of the progress that has gone is a user that has gone
        with contextlib.suppress(BrokenPipeError):
            show.say("stopping")
        raise Interrupted(_cancel(client, course_id)) from None
    except GenerationFailed as failed:
        ending.can_go_on = failed.can_go_on
        # A mistyped address is no course: the next try makes a new one.
        if not (request.resume or failed.can_go_on) and failed.code in _NAMES_NOTHING:
            _forget(client, ending)
        raise
    except ApiError as refused:
        ending.can_go_on = not (request.resume and refused.code in _NO_RESUME)
        raise
    return write_exports(client, course_id, request.out, patience) | {"course_id": course_id}


def _ask(client: Client, address: str, request: GenerateRequest, ending: Ending, show: Reporter) -> frozenset[str]:
    """Ask for an unattended run; a course that is refused is no course, and is not left as an empty draft."""
    wanted = {
        "repo_url": address or None, "ref": request.ref, "complexity_level": request.level,
        "additional_info": request.info, "engine": request.engine, "pathway": request.pathway,
        "credential_id": request.credential_id, "model": request.model,
    }  # fmt: skip
    try:
        if request.files or request.lectures:
            _upload(client, ending.course_id, request, show)
        answer = client.generate(ending.course_id, wanted)
    except CoursewrightError:
        _forget(client, ending)
        raise
    if (other := answer.get("course_id")) not in {None, ending.course_id}:
        show.say(f"the same is at work already: course {other}")
        _forget(client, ending)
        ending.course_id = str(other)
    return frozenset()


def _upload(client: Client, course_id: str, request: GenerateRequest, show: Reporter) -> None:
    """Upload the files, and wait until each is read or refused. Raises PermanentError when nothing is left."""
    stages = set()
    for address in request.lectures:
        client.download_lecture(course_id, address)
        stages.add(PIPELINE.by_name["lectures"].number)
    for path in request.files:
        if ending_of(path.name) in KIND_OF_ENDING:
            with path.open("rb") as file:
                client.upload(course_id, file, path.name)
            stages.add(PIPELINE.by_name["documents"].number)
        else:
            client.add_lecture(course_id, lecture_parts(path))
            stages.add(PIPELINE.by_name["lectures"].number)
    for number in sorted(stages):
        while (stage := client.stage(course_id, number))["status"] not in ENDED_BADLY | {"SUCCESS"}:
            show.show(number, stage)
            time.sleep(_POLL_SECONDS)
        show.show(number, stage)
        if stage["status"] in ENDED_BADLY:
            raise GenerationFailed(number, stage)
    refused = [one for one in [*client.documents(course_id), *client.lectures(course_id)] if one["status"] == "failed"]
    said = [f"{one['filename']}: {one['error_message']}" for one in refused]
    if len(refused) == len(request.files) + len(request.lectures) and not request.repository:
        raise PermanentError("; ".join(said), code=str(refused[0]["error_code"]))
    for line in said:
        show.say(f"left out: {line}")


def _forget(client: Client, ending: Ending) -> None:
    """Delete a course that came to nothing; the reason of that is what the user has to read."""
    with contextlib.suppress(CoursewrightError):
        client.delete(ending.course_id)
    ending.course_id = ""


def _resume(client: Client, course_id: str, patience: Patience) -> frozenset[str]:
    """Ask for what is missing. The runs that ended before: the tables can still show them for a moment."""
    earlier = patience.ask(lambda: _ended_runs(client, course_id))
    while patience.ask(lambda: client.status(course_id))["database_status"] != DONE:
        try:
            answer = patience.ask(lambda: client.resume(course_id))
            return earlier - {str(answer.get("task_id"))}
        except ApiError as error:
            if error.code != "stopping":  # a cancel takes a moment
                raise
        time.sleep(_POLL_SECONDS)
        earlier = patience.ask(lambda: _ended_runs(client, course_id))
    return earlier


def _ended_runs(client: Client, course_id: str) -> frozenset[str]:
    stages = [client.stage(course_id, row.number) for row in PIPELINE.unattended]
    return frozenset(str(stage["task_id"]) for stage in stages if stage["status"] not in {"PENDING", "SUCCESS"})


def _follow(
    client: Client, course_id: str, show: Reporter, patience: Patience, health: Health, earlier: frozenset[str]
) -> None:
    shown, reached = 0, (0, 0)
    while True:
        status = patience.ask(lambda: client.status(course_id))
        current = int(str(status["current_stage"]).removeprefix("stage") or 1)
        for number in range(max(1, shown), current + 1) if current not in _BESIDE else ():
            stage = patience.ask(partial(client.stage, course_id, number))
            if stage["status"] in ENDED_BADLY and str(stage.get("task_id")) in earlier:
                continue
            show.show(number, stage)
            if stage["status"] in ENDED_BADLY:
                raise GenerationFailed(number, stage)
            if (number, stage["progress"]) > reached:
                reached = number, stage["progress"]
                health.advanced()
        shown = current if current not in _BESIDE else shown
        if status["database_status"] == DONE:
            return
        time.sleep(_POLL_SECONDS)


def _cancel(client: Client, course_id: str) -> str:
    """Stop the generation, wherever it runs; what to tell the user."""
    try:
        Patience(lambda: None, seconds=_CANCEL_SECONDS).ask(lambda: client.cancel_course(course_id))
    except ApiError as error:
        if error.code == "not_running":
            return "Interrupted; the course was not at work any more"
        return f"Interrupted, but the course could not be canceled, and may go on by itself: {error.message}"
    except (CoursewrightError, KeyboardInterrupt) as error:
        why = f": {error.message}" if isinstance(error, CoursewrightError) else ""
        return f"Interrupted, but the course was not canceled, and may go on by itself{why}"
    return "Canceled; what was recorded is kept"
