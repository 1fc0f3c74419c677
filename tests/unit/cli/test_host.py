"""The child processes of the local stack end when they are told to, whatever else is still going on in them."""

import subprocess
import sys

import pytest

_CHILD = """
import asyncio
from cli.local import host

async def stubborn():
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            pass

async def main(stopping):
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    {then}

host._gateway = lambda name: main
host.main(["gateway"])
"""


@pytest.mark.parametrize(
    ("then", "code", "said"), [("await stopping.wait()", 0, ""), ("raise OSError('no port')", 1, "OSError: no port")]
)
def test_a_task_that_refuses_to_be_canceled_holds_no_process(then: str, code: int, said: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _CHILD.format(then=then)], input="go\n", capture_output=True, text=True, timeout=30,
        check=False,
    )  # fmt: skip
    assert ended.returncode == code
    assert said in ended.stderr
