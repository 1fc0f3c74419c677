"""How a command ends: with its message and exit code, and never with something left running."""

import errno
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from cli.exit_codes import ExitCode, exit_code_of
from cli.generate import GenerationFailed, NoRepository
from shared.errors import CoursewrightError, PermanentError

_OF_DISKS = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}


def end_on_signals() -> None:
    """A closed terminal or a polite kill ends like Ctrl-C: what was started is stopped."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


@contextmanager
def exit_with_message(as_json: bool = False) -> Iterator[None]:
    """Turn an error of ours, or a file's or folder's, into its message on standard error, JSON if asked for, and its
    exit code.
    """
    try:
        with _files_named():
            yield
    except CoursewrightError as error:
        code = exit_code_of(error)
        if as_json:
            problem = {"code": error.code, "detail": error.message, "exit_code": int(code)}
            problem |= {"stage": error.stage} if isinstance(error, GenerationFailed | NoRepository) else {}
            print(json.dumps(problem), file=sys.stderr)
        else:
            print(f"error: {error.message}", file=sys.stderr)
        raise typer.Exit(code) from error
    except KeyboardInterrupt:
        print("interrupted; what was recorded is kept", file=sys.stderr)
        raise typer.Exit(ExitCode.INTERRUPTED) from None


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
