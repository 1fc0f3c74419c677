"""The command refuses some inputs before it starts anything, and its exit code names the other ends."""

import errno
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer

from cli.ending import exit_with_message
from cli.exit_codes import ExitCode, exit_code_of
from cli.failures import ApiError, Interrupted
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


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_has_two_names_for_every_command(option: str, command: Command) -> None:
    assert "generate" in command(option).stdout
    assert "--resume" in command("generate", option).stdout


def test_the_version_is_printed(command: Command) -> None:
    assert re.fullmatch(r"coursewright \d+\.\d+\.\d+\n", command("--version").stdout)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["generate"], "Name a repository"), (["generate", "a/b", "--resume", "c"], "Name a repository"),
        (["generate", "a/b", "--nonsense"], "--nonsense"), (["generate", "a/b", "--level", "wise"], "wise"),
        (["nonsense"], "nonsense"),
    ],
)  # fmt: skip
def test_what_was_typed_wrong_is_an_object_too(arguments: list[str], says: str, command: Command) -> None:
    assert says in command(*arguments, code=ExitCode.USAGE).stderr
    done = command(*arguments, "--json", code=ExitCode.USAGE)
    problem = json.loads(done.stderr)
    assert (problem["code"], problem["exit_code"], done.stdout) == ("usage", ExitCode.USAGE, "")
    assert says in problem["detail"]


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_a_number_that_is_no_port_is_refused(port: str, command: Command, tmp_path: Path) -> None:
    assert "--port" in command("up", f"--port={port}", "--data-dir", tmp_path / "data", code=ExitCode.USAGE).stderr


def test_an_interrupt_is_an_object_with_the_course_and_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(as_json: bool) -> None:
        with exit_with_message(as_json) as ending:
            ending.course_id, ending.options = "c1", ["--out", "my course"]
            raise Interrupted("Canceled")

    for as_json in (True, False):
        with pytest.raises(typer.Exit) as ended:
            interrupted(as_json)
        assert ended.value.exit_code == ExitCode.INTERRUPTED
    as_object, *text = capsys.readouterr().err.splitlines()
    go_on = "coursewright generate --resume c1 --out 'my course'"
    assert json.loads(as_object) == {
        "code": "interrupted", "detail": "Canceled", "exit_code": 130, "course_id": "c1", "go_on": go_on,
    }  # fmt: skip
    assert text == ["Canceled", f"To go on: {go_on}"]


# Ctrl-C at the moment a module is looked for.
_INTERRUPTED_IMPORT = """
import os, signal, sys

unwanted = sys.argv.pop(1)

class Interrupting:
    def find_spec(self, name, *_):
        if name == unwanted:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
from cli.main import main
main()
"""


@pytest.mark.parametrize("module", ["typer", "cli.generate_command", "cli.gateways", "rich.progress"])
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
def test_an_interrupt_while_modules_are_read_ends_with_a_message(
    module: str, options: list[str], tmp_path: Path
) -> None:
    done = run(_INTERRUPTED_IMPORT, module, "generate", "a/b", "--data-dir", str(tmp_path / "data"), *options)
    assert done.returncode == ExitCode.INTERRUPTED, done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert "nterrupted" in (json.loads(last)["detail"] if options else last)


# Ctrl-C at the moment the arguments are read: typer ends silently at that.
_INTERRUPTED_READING = """
import os, signal
import typer.core
from cli.main import main

def read(*_):
    os.kill(os.getpid(), signal.SIGINT)

typer.core.TyperGroup.parse_args = read
main()
"""


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
def test_an_interrupt_while_arguments_are_read_ends_with_a_message(options: list[str]) -> None:
    done = run(_INTERRUPTED_READING, "generate", "a/b", *options)
    assert done.returncode == ExitCode.INTERRUPTED
    assert "interrupted" in (json.loads(done.stderr)["code"] if options else done.stderr)


def test_ctrl_c_that_is_ignored_stays_ignored() -> None:
    code = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + _INTERRUPTED_READING
    assert run(code, "--version").returncode != ExitCode.INTERRUPTED


def test_a_closed_terminal_ends_nothing_under_nohup() -> None:
    code = """
import os, signal
from cli.ending import exit_with_message
signal.signal(signal.SIGHUP, signal.SIG_IGN)
with exit_with_message():
    os.kill(os.getpid(), signal.SIGHUP)
"""
    done = run(code)
    assert done.returncode == 0, done.stderr
    assert run(code.replace("SIG_IGN", "SIG_DFL")).returncode != 0


# The command's own start, and in place of the commands a print of what they print, and a socket.
_PRINTING = """
import socket, sys, types

def app(obj):
    print("Übung 🎉 \\udcff")
    print("Übung 🎉 \\udcff", file=sys.stderr)
    sys.exit(0 if socket.socket().fileno() > 2 else "a socket has the number of a stream")

sys.modules["cli.app"] = types.SimpleNamespace(app=app)
from cli.main import main
main()
"""


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_title_that_the_encoding_lacks_ends_no_command(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    done = run(_PRINTING)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("bung \\U0001f389 \\udcff\n" if encoding != "utf-8" else "Übung 🎉 \\udcff\n")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_the_caller_closed_are_in_nobodys_way(closed: str) -> None:
    code = f"import subprocess, sys; sys.exit(subprocess.call(['sh', '-c', 'exec \"$@\" {closed}', *sys.argv]))"
    done = run(code, sys.executable, "-c", _PRINTING)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("bung") == (">&-" not in closed.split())


def test_what_steers_a_terminal_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    def refused() -> None:
        with exit_with_message():
            raise ApiError("no file \x1b]0;mine\x07\nreally", "refused", 404)

    with pytest.raises(typer.Exit):
        refused()
    assert capsys.readouterr().err == "error: no file �]0;mine�\nreally\n"


def test_seconds_count_from_the_start_of_the_process() -> None:
    code = "import time; began = time.monotonic(); from cli.main import seconds_since_start as s; print(s())"
    began = time.monotonic()
    inside = float(run(f"{code}; time.sleep(0.3); print(s())").stdout.split()[1])
    assert 0.3 < inside <= time.monotonic() - began + 0.02


# What takes long to import, and no command needs before its first word.
_HEAVY = ("httpx", "pydantic", "structlog", "rich.progress", "nats", "sqlalchemy", "shared.course.export")


def test_the_first_word_needs_little(tmp_path: Path) -> None:
    code = f"import cli.app, cli.checks, sys; print([name for name in {_HEAVY} if name in sys.modules])"
    assert run(code).stdout == "[]\n"


def run(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    root = str(Path(__file__).parents[3])
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env={**os.environ, "PYTHONPATH": root}, capture_output=True,
        text=True, check=False, timeout=60,
    )  # fmt: skip
