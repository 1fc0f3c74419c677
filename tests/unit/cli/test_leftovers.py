"""Processes of a stack that was killed: asked to end, awake or not, and killed when they do not."""

import signal
import subprocess
import sys

import psutil
import pytest

from cli.local.leftovers import end_leftovers

_OBEYS = "print('up', flush=True); import signal; signal.pause()"
_IGNORES = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + _OBEYS + "\nwhile True: signal.pause()"


@pytest.mark.parametrize("code", [_OBEYS, _IGNORES], ids=["obeys", "ignores"])
@pytest.mark.parametrize("still", [True, False], ids=["stopped", "awake"])
def test_a_leftover_is_ended(code: str, still: bool) -> None:
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == b"up\n"
            if still:
                child.send_signal(signal.SIGSTOP)
            process = psutil.Process(child.pid)
            end_leftovers([process], 10.0 if code == _OBEYS else 0.3)
            assert not process.is_running()
        finally:
            child.kill()
