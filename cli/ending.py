"""How a command ends: with its message and exit code, and never with something left running."""

import contextlib
import errno
import json
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import typer
from typer.core import TyperGroup

from cli.exit_codes import ExitCode, exit_code_of
from cli.failures import GenerationFailed, Interrupted, NoRepository
from shared.docs.problems import printable
from shared.kernel.errors import CoursewrightError, PermanentError

_OF_DISKS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}


class Commands(TyperGroup):
    """The commands; what was typed wrong is an object too when JSON was asked for."""

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, complete_var: str | None = None,
        standalone_mode: bool = True, windows_expand_args: bool = True, **extra: Any,
    ) -> Any:  # fmt: skip
        as_json = "--json" in (sys.argv[1:] if args is None else args)
        run = partial(super().main, args, prog_name, complete_var, windows_expand_args=windows_expand_args, **extra)
        if not as_json:
            return run(standalone_mode=standalone_mode)
        try:
            code = run(standalone_mode=False)
        except typer.TyperException as error:
            problem = {"code": "usage", "detail": error.format_message(), "exit_code": int(ExitCode.USAGE)}
            print(json.dumps(problem), file=sys.stderr)
            sys.exit(ExitCode.USAGE)
        except typer.Abort:  # a question was not answered
            sys.exit(ExitCode.FAILED)
        sys.exit(code if isinstance(code, int) else ExitCode.OK)


@dataclass
class Ending:
    """The last words of a command that ends early: the course it works on, and the command that goes on with it.
    `options`: those of the command that it needs again. Not `can_go_on`: another attempt would end the same way.
    """

    course_id: str = ""
    options: Sequence[str] = ()
    can_go_on: bool = True

    @property
    def go_on(self) -> str:
        """As the user can type it; "" when that is in vain."""
        if not (self.course_id and self.can_go_on):
            return ""
        return shlex.join([own_name(), "generate", "--resume", self.course_id, *self.options])


def own_name() -> str:
    """Name this program as it can be typed here: a virtual environment need not be on PATH."""
    called = sys.argv[0]
    return called if called.endswith("/coursewright") and not shutil.which("coursewright") else "coursewright"


def log_to_standard_error() -> None:
    """Standard output belongs to results."""
    import structlog

    # The stream is looked up at each line: it can be another one by then.
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


@contextmanager
def exit_with_message(as_json: bool = False, *, logs: bool = True) -> Iterator[Ending]:
    """Turn an error of ours, a file's or folder's, or Ctrl-C, into its message on standard error, JSON if asked for,
    and its exit code. A closed terminal or a polite kill ends like Ctrl-C: what was started is stopped. Without `logs`
    the command sets up its log itself, once its first word is on the screen.
    """
    if logs:
        log_to_standard_error()
    ending = Ending()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under `nohup`, where a closed terminal ends nothing
            signal.signal(number, signal.default_int_handler)
    try:
        with _files_named():
            yield ending
    except CoursewrightError as error:
        code = exit_code_of(error)
        problem = {"code": error.code, "detail": error.message, "exit_code": int(code)}
        problem |= {"stage": error.stage} if isinstance(error, GenerationFailed | NoRepository) else {}
        _say(problem, f"error: {error.message}", ending, as_json)
        raise typer.Exit(code) from error
    except KeyboardInterrupt as interrupt:
        message = interrupt.message if isinstance(interrupt, Interrupted) else "Interrupted; what was recorded is kept"
        problem = {"code": "interrupted", "detail": message, "exit_code": int(ExitCode.INTERRUPTED)}
        with contextlib.suppress(BrokenPipeError):
            _say(problem, message, ending, as_json)
        raise typer.Exit(ExitCode.INTERRUPTED) from None


def _say(problem: dict[str, Any], text: str, ending: Ending, as_json: bool) -> None:
    if as_json:
        about = {"course_id": ending.course_id, "go_on": ending.go_on}
        about = {name: value for name, value in about.items() if value}
        print(json.dumps(problem | about), file=sys.stderr)
        return
    print("\n".join(map(printable, text.splitlines())), file=sys.stderr)
    if ending.go_on:
        print(f"To go on: {ending.go_on}", file=sys.stderr)


@contextmanager
def _files_named() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if not is_of_file(error):  # of a connection, say: nothing the user can look at
            raise
        where = "A disk" if error.filename is None else error.filename
        raise PermanentError(f"{where}: {error.strerror}", code="file_refused") from error


def is_of_file(error: OSError) -> bool:
    """Whether a file, a folder or a disk refused, and not a connection. A full disk does not say which file it was."""
    return error.filename is not None or error.errno in _OF_DISKS
