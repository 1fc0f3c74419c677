"""The example in the documentation, run as another system would run it: its own process, the contract's wheel only."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest

from cli.client import Client
from cli.local.stack import LocalStack
from tests.e2e.test_generate import request
from tests.support.follow import follow_facts

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel coursewright-events holds."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
         "--wheel-dir", str(folder), str(ROOT / "packages" / "events")],
        check=True, timeout=120,
    )  # fmt: skip
    (wheel,) = folder.glob("coursewright_events-*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@contextmanager
def example(contract: Path, folder: Path, nats_url: str) -> Iterator["queue.Queue[str]"]:
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "examples" / "subscribe.py"), "bot"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(contract), "NATS_URL": nats_url},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None

    def read() -> None:
        for line in process.stdout or ():
            lines.put(line)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield lines
    finally:
        process.terminate()
        process.wait(10)
        reader.join(10)


def test_the_contract_imports_nothing_of_the_rest(contract: Path, tmp_path: Path) -> None:
    code = "import sys, coursewright_events; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(contract)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not {"shared", "services", "nats", "sqlalchemy", "fastapi"} & set(done.stdout.split())


def test_the_example_hears_each_course_once_also_what_happened_while_it_was_away(
    contract: Path, sample_repository: Path, tmp_path: Path, shared_stack: LocalStack, shared_client: Client
) -> None:
    with example(contract, tmp_path, shared_stack.subscriber_url) as lines:
        first = request(shared_client, sample_repository)
        heard = [json.loads(lines.get(timeout=60))]
        while heard[-1]["course"] != first:  # courses of other tests, from the first on
            heard.append(json.loads(lines.get(timeout=60)))
    assert list(follow_facts(shared_stack, first))[-1] == "CourseGenerated"
    modules = len(json.loads(shared_client.export(first, "json"))["modules"])
    assert heard[-1] == {"course": first, "generated": "complete", "modules": modules}
    assert not [one for one in heard if heard.count(one) > 1]
    second = request(shared_client, sample_repository)
    assert list(follow_facts(shared_stack, second))[-1] == "CourseGenerated"
    with example(contract, tmp_path, shared_stack.subscriber_url) as lines:
        # What was acknowledged would come again before it.
        assert json.loads(lines.get(timeout=30))["course"] == second
