"""What the command refuses before it starts anything, and what its exit code says of the rest."""

import errno
import json
from pathlib import Path

import pytest
import typer

from cli.client import ApiError
from cli.ending import exit_with_message
from cli.exit_codes import ExitCode, exit_code_of
from tests.support.command import Command


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, ExitCode.INVALID_INPUT), (401, ExitCode.INVALID_INPUT), (403, ExitCode.INVALID_INPUT),
        (404, ExitCode.NOT_FOUND), (409, ExitCode.CONFLICT), (412, ExitCode.CONFLICT), (413, ExitCode.INVALID_INPUT),
        (422, ExitCode.INVALID_INPUT), (429, ExitCode.UNAVAILABLE), (500, ExitCode.UNAVAILABLE),
        (502, ExitCode.UNAVAILABLE), (503, ExitCode.UNAVAILABLE), (504, ExitCode.UNAVAILABLE), (418, ExitCode.FAILED),
    ],
)  # fmt: skip
def test_the_exit_code_says_where_to_look(status: int, code: ExitCode) -> None:
    assert exit_code_of(ApiError("", "", status)) is code


def test_a_pathway_nobody_offers_is_refused_by_the_option(command: Command, tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = command("generate", "owner/jobs", "--pathway", "nonsense", "--data-dir", data, code=ExitCode.USAGE)
    assert "quickstart" in done.stderr
    assert not data.exists()


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("missing", "repository_not_found", "There is no folder"),
        ("empty", "repository_not_found", "There is no Git repository at"),
        ("a-word", "invalid_repository_address", "owner/repo"),
        ("https://127.0.0.1/a/b", "invalid_repository_address", "private network"),
    ],
)
def test_an_address_no_gateway_could_take_is_refused_before_anything_starts(
    name: str, code: str, says: str, command: Command, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    address = tmp_path / name if name in {"missing", "empty"} else name
    data = tmp_path / "data"
    done = command(
        "generate", address, "--data-dir", data, "--out", tmp_path / "out", "--json", code=ExitCode.INVALID_INPUT
    )
    problem = json.loads(done.stderr)
    assert (problem["code"], problem["exit_code"]) == (code, ExitCode.INVALID_INPUT)
    assert says in problem["detail"]
    assert problem.get("stage") == (1 if code == "repository_not_found" else None)
    assert done.stdout == ""
    assert not data.exists()


def test_a_folder_that_cannot_be_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(typer.Exit) as ended, exit_with_message(as_json=True):
        (tmp_path / "file" / "folder").mkdir()
    assert ended.value.exit_code == ExitCode.INVALID_INPUT
    problem = json.loads(capsys.readouterr().err)
    assert problem["code"] == "file_refused"
    assert problem["detail"] == f"{tmp_path}/file/folder: Not a directory"


def test_a_full_disk_that_names_no_file_ends_with_a_message_too(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, exit_with_message(as_json=True):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert ended.value.exit_code == ExitCode.INVALID_INPUT
    assert json.loads(capsys.readouterr().err)["detail"] == "A disk: No space left on device"
