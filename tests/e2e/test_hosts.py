"""The process that hosts the stages never holds the code that its worker processes run on strangers' text."""

import os
import select
import signal
from pathlib import Path

import pytest

from bench.imports import PROCESSES, ROOT, chosen_of, closure_of, workers_of
from shared.engine.model.providers import ADAPTERS
from shared.pipeline import PIPELINE
from tests.e2e.conftest import StartStack
from tests.e2e.test_generate import request
from tests.support.follow import follow_facts
from tests.support.model_server import ModelServer

# Python imports this module first in each process, if it finds it.
_TELLING = """
import signal, sys

def tell(*_):
    files = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
    open({pipe!r}, "w", encoding="utf-8").write(chr(10).join([*sys.modules, *files]))

signal.signal(signal.SIGUSR1, tell)
"""
_HOSTS = ["cli.local.host", *(PROCESSES[row.name] for row in PIPELINE)]
_WAIT_SECONDS = 60.0


@pytest.mark.timeout(300)  # three courses
def test_a_host_that_has_made_courses_holds_nothing_that_only_its_workers_need(
    sample_repository: Path, tmp_path: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    (tmp_path / "sitecustomize.py").write_text(_TELLING.format(pipe=str(pipe)), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with ModelServer(tmp_path / "ledger", []).running() as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_BASE_URL", server.chat_url)
        monkeypatch.setenv("OPENAI_MODEL", "small")
        stack, client = start_stack()
        popen = stack.services["stages"].popen
        assert popen is not None
        assert "CourseGenerated" in follow_facts(stack, request(client, sample_repository, "offline"))
        held_offline = _held_by(popen.pid, pipe)
        for engine in ("anthropic", "openai"):
            assert "CourseGenerated" in follow_facts(stack, request(client, sample_repository, engine))
        held = _held_by(popen.pid, pipe)
    assert ROOT / "services/modules/effects.py" in _ours(held_offline)
    assert _ours(held_offline) - closure_of(*_HOSTS).files == set()
    host = closure_of(*_HOSTS, *(name for one in _HOSTS for name in chosen_of(one)), *ADAPTERS.values())
    named = [name for one in _HOSTS for name in workers_of(one)]
    workers = closure_of(*named, *chosen_of(*named))
    assert ROOT / "services/modules/model.py" in _ours(held)
    assert _ours(held) - host.files == set()
    assert {"anthropic", "openai"} <= held
    only_for_workers = workers.others - host.others - {"pygments"}  # structlog has it by way of rich
    assert "mdit_py_plugins" in only_for_workers
    assert held & only_for_workers == set()


def _ours(held: set[str]) -> set[Path]:
    return {Path(line) for line in held if line.startswith(str(ROOT / "s"))}


def _held_by(pid: int, pipe: Path) -> set[str]:
    """The names and files of the modules that a process holds."""
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    os.kill(pid, signal.SIGUSR1)
    told = b""
    while select.select([reading], [], [], _WAIT_SECONDS)[0] and (part := os.read(reading, 1 << 16)):
        told += part
    os.close(reading)
    return set(told.decode().splitlines())
