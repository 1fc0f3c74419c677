"""Entry point of the command. It imports next to nothing, so that Ctrl-C while the rest is read ends with a message."""

import io
import os
import signal
import sys
import time

_INTERRUPTED = 130
_STARTED_FIELD = 19  # of those after the name of the program, see proc(5)


def main() -> None:
    """Run the command line; the commands count their seconds from the start of the process."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else whoever started it has Ctrl-C ignored
        signal.signal(signal.SIGINT, _leave)
    _let_every_character_be_printed()
    from cli.app import app

    app(obj=time.monotonic() - seconds_since_start())


def _let_every_character_be_printed() -> None:
    """A title that the terminal's encoding lacks is shown with escapes. What is said to a stream that the caller
    closed is lost; a socket must not take the stream's number.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))  # noqa: PTH123, SIM115 — as below; stays open
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _leave(*_: object) -> None:
    """End at once: a command that has begun nothing yet has nothing to stop. Each one takes Ctrl-C over itself."""
    text = "interrupted"
    if "--json" in sys.argv:
        text = '{"code": "interrupted", "detail": "Interrupted", "exit_code": 130}'
    os.write(sys.stderr.fileno(), f"{text}\n".encode())
    os._exit(_INTERRUPTED)


def seconds_since_start() -> float:
    """Of this process, Python's own start included where the system tells; else 0."""
    try:
        with open("/proc/self/stat", encoding="utf-8") as stat:  # noqa: PTH123 — pathlib would be read for this alone
            ticks = int(stat.read().rpartition(")")[2].split()[_STARTED_FIELD])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError):
        return 0.0


if __name__ == "__main__":
    main()
