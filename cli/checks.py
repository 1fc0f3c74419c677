"""The checks of `generate` before anything starts, and how it reads an address."""

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from cli.failures import NoRepository
from shared.docs.captions.facts import CAPTION_TYPES, RECORDING_TYPES, STREAM_ENDING
from shared.docs.captions.first_bytes import is_recording
from shared.docs.kinds import KIND_OF_ENDING, ending_of
from shared.kernel.errors import PermanentError
from shared.sources.address import SourceAddress, https_form, parse_address, repository_name

_HEAD_BYTES = 4096


def address_of(repository: str) -> str:
    """A path of this machine as an absolute one; anything else as it is."""
    path = Path(repository).expanduser()
    return str(path.resolve()) if path.exists() else repository


def read_address(repository: str) -> SourceAddress:
    """The address in its parts, also of a host inside that the environment allows. Raises AddressRefused."""
    try:
        inward = json.loads(os.environ.get("INWARD_REPOSITORY_HOSTS", "[]"))
    except ValueError as error:
        raise PermanentError("INWARD_REPOSITORY_HOSTS is no JSON list of names", code="invalid_settings") from error
    return parse_address(repository, allow_local=True, allow_http=True, inward=inward)


def check_repository(repository: str) -> None:
    """Refuse, before anything starts, what no gateway of this machine could take. Raises AddressRefused, NoRepository.

    Plain http is for the gateway to judge; so is what lies in a repository.
    """
    source = read_address(address_of(repository))
    if source.kind != "local":
        return
    folder = Path(source.path)
    if not folder.is_dir():
        raise NoRepository(f"There is no folder {folder}")
    if not (folder / ".git").exists() and not ((folder / "HEAD").is_file() and (folder / "objects").is_dir()):
        raise NoRepository(f"There is no Git repository at {folder}")


def is_file_source(name: str) -> bool:
    """Whether a source is a file that is uploaded: a document, a recording or captions, and not a repository."""
    return ending_of(name) in {*KIND_OF_ENDING, *CAPTION_TYPES, *RECORDING_TYPES}


def is_lecture_address(name: str) -> bool:
    """Whether a source is the address of a recording, of captions or of a stream."""
    return "://" in name and ending_of(urlsplit(name).path) in {STREAM_ENDING, *CAPTION_TYPES, *RECORDING_TYPES}


def lecture_parts(path: Path) -> dict[str, Path]:
    """The files of a lecture: the one that is named, and what lies beside it: `talk.mp4`, `talk.vtt` or `talk.srt`,
    `talk.chapters.vtt`.
    """
    parts = {"file": path}
    for part, kind in (("captions", ""), ("chapters", ".chapters")):
        beside = (path.with_name(f"{path.stem}{kind}.{ending}") for ending in CAPTION_TYPES)
        found = next((one for one in beside if one != path and one.is_file()), None)
        if found is not None and (kind or ending_of(path.name) in RECORDING_TYPES):
            parts[part] = found
    return parts


def check_files(files: Iterable[Path]) -> None:
    """Refuse, before anything starts, a file that is not there or not what its name says. Raises PermanentError."""
    for path in files:
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD_BYTES)
        except OSError as error:
            raise PermanentError(f"{path} cannot be read: {error.strerror}", code="unreadable") from error
        ending = ending_of(path.name)
        if (kind := KIND_OF_ENDING.get(ending)) is not None and not kind.begins(head):
            raise PermanentError(f"{path} is not {kind.about}", code="not_document")
        if ending in RECORDING_TYPES and not is_recording(path.name, head):
            raise PermanentError(f"{path} is not a recording of the kind that its name says", code="not_lecture")


def name_of(repository: str) -> str:
    """The project's name, as the first stage will find it."""
    address = read_address(repository)
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
