"""`coursewright generate`: from a repository to a course folder, through the REST API."""

import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cli.client import Client
from cli.patience import Patience
from cli.progress import Reporter
from shared.course.export import unpack
from shared.course.naming import automatic_title
from shared.errors import CoursewrightError, PermanentError
from shared.source_address import https_form, parse_address, repository_name

_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class GenerateRequest:
    """What the user asked for. `out`: the folder to write; it must be new, empty, or an earlier course."""

    repository: str
    out: Path
    ref: str = ""
    level: str = "intermediate"
    info: str = ""
    pathway: str = "auto"
    engine: str = "offline"
    title: str = ""


class GenerationFailed(CoursewrightError):
    """A stage failed; code and message are the stage's own. `stage` counts from 1."""

    def __init__(self, stage: int, answer: dict[str, Any]) -> None:
        canceled = answer["status"] == "REVOKED"
        message = "The course was canceled" if canceled else str(answer["error_message"] or "The stage failed")
        super().__init__(message, code=str(answer.get("error_code") or ("canceled" if canceled else "failed")))
        self.stage = stage
        self.transient = bool(answer.get("retryable"))


class NoRepository(PermanentError):
    """A path of this machine holds no repository, as the first stage would say."""

    code = "repository_not_found"
    stage = 1


def address_of(repository: str) -> str:
    """A path of this machine as an absolute one; anything else as it is."""
    path = Path(repository).expanduser()
    return str(path.resolve()) if path.exists() else repository


def check_repository(repository: str) -> None:
    """Refuse, before anything starts, what no gateway of this machine could take. Raises AddressRefused, NoRepository.

    Plain http is for the gateway to judge; so is what lies in a repository.
    """
    source = parse_address(address_of(repository), allow_local=True, allow_http=True)
    if source.kind != "local":
        return
    folder = Path(source.path)
    if not folder.is_dir():
        raise NoRepository(f"There is no folder {folder}")
    if not (folder / ".git").exists() and not ((folder / "HEAD").is_file() and (folder / "objects").is_dir()):
        raise NoRepository(f"There is no Git repository at {folder}")


def name_of(repository: str) -> str:
    """The project's name, as the first stage will find it."""
    address = parse_address(repository, allow_local=True, allow_http=True)
    if address.kind != "local":
        return address.name
    origin = subprocess.run(
        ["git", "-C", address.path, "config", "--get", "remote.origin.url"],
        capture_output=True, text=True, check=False,
    ).stdout.strip()  # fmt: skip
    return repository_name(address, https_form(origin))


def check_out(out: Path) -> None:
    """Refuse to write into a folder that holds something else."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not _is_course(out / "course.json"))):
        raise PermanentError(f"{out} exists and is not a course folder; name another with --out", code="out_not_empty")
    existing = next(path for path in (out.absolute(), *out.absolute().parents) if path.exists())
    if not os.access(existing, os.W_OK):
        raise PermanentError(f"{out} cannot be written; name another folder with --out", code="out_not_writable")


def _is_course(path: Path) -> bool:
    try:
        course = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(course, dict) and str(course.get("format", "")).startswith("coursewright.course/")


def generate(
    client: Client, request: GenerateRequest, show: Reporter, still_whole: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Run all four stages and write the exports; a summary for --json. `still_whole` raises when waiting is in vain.

    Raises GenerationFailed when a stage fails, ApiError when the gateway refuses.
    """
    check_out(request.out)
    address = address_of(request.repository)
    began = time.monotonic()
    patience = Patience(still_whole)
    course_id = client.create_course(request.title or automatic_title(name_of(address)), "")
    try:
        _request(client, course_id, address, request)
        _follow(client, course_id, show, patience)
    except KeyboardInterrupt:
        with contextlib.suppress(CoursewrightError):  # the interrupt is what ends the command
            client.cancel(course_id, str(client.status(course_id)["current_stage"]))
        raise
    summary = _write(client, course_id, request.out, patience)
    return summary | {"course_id": course_id, "seconds": round(time.monotonic() - began, 2)}


def _request(client: Client, course_id: str, address: str, request: GenerateRequest) -> None:
    """Ask for all four stages; a course that is refused is no course, and is not left as an empty draft."""
    wanted = {
        "repo_url": address, "ref": request.ref, "complexity_level": request.level,
        "additional_info": request.info, "engine": request.engine, "pathway": request.pathway,
    }  # fmt: skip
    try:
        client.generate(course_id, wanted)
    except CoursewrightError:
        with contextlib.suppress(CoursewrightError):  # the refusal is what the user has to read
            client.delete(course_id)
        raise


def _follow(client: Client, course_id: str, show: Reporter, patience: Patience) -> None:
    shown = 0
    while True:
        status = patience.ask(lambda: client.status(course_id))
        current = int(str(status["current_stage"]).removeprefix("stage") or 1)
        for number in range(max(1, shown), current + 1):
            stage = patience.ask(partial(client.stage, course_id, number))
            show.show(number, stage)
            if stage["status"] in {"FAILURE", "REVOKED"}:
                raise GenerationFailed(number, stage)
        shown = current
        if status["database_status"] == "stage4_complete":
            return
        time.sleep(_POLL_SECONDS)


def _write(client: Client, course_id: str, out: Path, patience: Patience) -> dict[str, Any]:
    """course.json, site/ and markdown/ in the output folder; what they hold in numbers."""
    out.mkdir(parents=True, exist_ok=True)
    for export in patience.ask(lambda: client.exports(course_id)):
        kind = str(export["kind"])
        data = patience.ask(partial(client.export, course_id, kind))
        if kind == "json":
            (out / "course.json").write_bytes(data)
        else:
            shutil.rmtree(out / kind, ignore_errors=True)
            unpack(data, out / kind)
    course = json.loads((out / "course.json").read_bytes())
    return {
        "out": str(out),
        "title": course["title"],
        "edition": course["edition"],
        "status": "incomplete" if any(m["status"] != "complete" for m in course["modules"]) else "complete",
        "documents": len(course["documents"]),
        "documents_used": sum(document["used"] for document in course["documents"]),
        "pathways": len(course["pathways"]),
        "modules": len(course["modules"]),
        "items": sum(len(module["assessment"]) for module in course["modules"]),
        "minutes": sum(module["estimated_minutes"] for module in course["modules"]),
    }
