"""A stack is ready when every process that can be asked says so, and its ports are its own."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest

from cli.local.ports import free_port, require_free
from cli.local.process import Process, ServerFailed
from cli.local.readiness import Readiness, find_probes
from cli.local.stack import LocalStack
from tests.support.local_server import LocalServer, send_json

Answer = Callable[[], tuple[int, dict[str, str]]]


@contextmanager
def answering(answer: Answer, port: int = 0) -> Iterator[httpx.URL]:
    class Probe(LocalServer):
        def respond(self, handler: BaseHTTPRequestHandler) -> None:
            status, checks = answer()
            send_json(handler, status, {"checks": checks})

    with Probe(port).running() as server:
        yield httpx.URL(server.url)


def ready() -> tuple[int, dict[str, str]]:
    return 200, {"event_log": "ok"}


def test_a_stack_is_not_ready_before_its_stages_answer() -> None:
    port, asked = free_port(), {"gateway": 0, "stages": 0}
    with ExitStack() as later:

        def gateway() -> tuple[int, dict[str, str]]:
            asked["gateway"] += 1
            if asked["gateway"] == 3:  # the stages come up after the gateway has been ready for some time
                later.enter_context(answering(stages, port))
            return ready()

        def stages() -> tuple[int, dict[str, str]]:
            asked["stages"] += 1
            return (503, {"pathway": "missing"}) if asked["stages"] == 1 else ready()

        with answering(gateway) as url:
            addresses = {"gateway": url, "stages": httpx.URL(f"http://127.0.0.1:{port}")}
            assert Readiness(addresses, {}, patience_seconds=60).wait() == ""
    assert asked["stages"] == 2


def test_when_patience_ends_the_parts_that_are_wrong_are_named() -> None:
    with answering(lambda: (503, {"pathway": "missing", "event_log": "ok"})) as stages, answering(ready) as gateway:
        readiness = Readiness({"gateway": gateway, "stages": stages}, {}, patience_seconds=0)
        assert readiness.wait() == "pathway: missing"


def test_a_process_that_does_not_answer_is_named_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.local.readiness._ANSWER_SECONDS", 0.0)
    services = {name: Process(name, [], tmp_path / name) for name in ("gateway", "stages")}
    services["stages"].log.write_text("out of luck", encoding="utf-8")
    with (
        answering(ready) as gateway,
        pytest.raises(ServerFailed, match=r"stages process does not answer.*\nout of luck"),
    ):
        Readiness({"gateway": gateway, "stages": httpx.URL(f"http://127.0.0.1:{free_port()}")}, services, 60).wait()


def test_processes_do_not_compete_for_one_port_of_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NATS_URL", "DATABASE_URL"):
        monkeypatch.setenv(f"COURSEWRIGHT_{name}", "of the caller")
    monkeypatch.setenv("METRICS_PORT", "9100")
    separate = LocalStack(tmp_path, processes=True)._service_processes()
    given = {one.name: (one.environment or {})["METRICS_PORT"] for one in separate if one.name != "gateway"}
    assert given == {
        "projector": "9100",
        "repo_clone": "9101",
        "doc_analyser": "9102",
        "pathway": "9103",
        "modules": "9104",
        "documents": "9105",
        "lectures": "9106",
        "notifier": "9107",
    }
    [stages] = [one for one in LocalStack(tmp_path)._service_processes() if one.name != "gateway"]
    assert (stages.environment or {})["METRICS_PORT"] == "9100"


@pytest.mark.parametrize("port", ["", "0", "many", "65536"])
def test_figures_that_are_not_served_are_not_waited_for(port: str) -> None:
    assert find_probes({"METRICS_PORT": port}, ["stages"]) == {}
    assert find_probes({}, ["stages"]) == {}


def test_a_port_that_was_chosen_is_kept_for_the_server_that_names_it() -> None:
    port = free_port()
    with socket.socket() as another, pytest.raises(OSError, match="in use"):
        another.bind(("127.0.0.1", port))
    require_free(port)
    with socket.create_server(("127.0.0.1", port)):
        pass
