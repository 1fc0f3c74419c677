"""Whether the processes of a local stack are ready, as each says itself at `/readyz`."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from cli.local.process import Process, ServerFailed

_ANSWER_SECONDS = 60.0
_STEP_SECONDS = 0.02
_PORTS = 65_536


def find_probes(environment: Mapping[str, str], names: Sequence[str]) -> dict[str, httpx.URL]:
    """Where processes without an HTTP side of their own serve one: from `METRICS_PORT` on, a port for each in turn."""
    port = environment.get("METRICS_PORT", "")
    if not port.isdecimal() or not 0 < int(port) <= _PORTS - len(names):
        return {}  # 0 serves nothing; a process that is given another value says what is wrong with it
    host = environment.get("METRICS_HOST", "127.0.0.1")
    return {name: httpx.URL(scheme="http", host=host, port=int(port) + turn) for turn, name in enumerate(names)}


@dataclass(frozen=True)
class Readiness:
    """`addresses` by process name, the gateway first. `patience_seconds`: how long processes that answer have to become
    ready.
    """

    addresses: Mapping[str, httpx.URL]
    services: Mapping[str, Process]
    patience_seconds: float

    def wait(self) -> str:
        """The parts that are not ready when patience ends; "" as soon as all are ready.

        Raises ServerFailed when a process ended, or does not answer.
        """
        answered, wrong, deadline = False, "", time.monotonic() + _ANSWER_SECONDS
        with httpx.Client(timeout=2.0, trust_env=False) as client:
            while True:
                found = {name: _ask_what_is_wrong(client, url) for name, url in self.addresses.items()}
                if set(found.values()) == {""}:
                    return ""
                for process in self.services.values():
                    process.require_not_given_up()
                silent = [name for name, words in found.items() if words is None]
                if not silent:
                    wrong = "; ".join(words for words in found.values() if words)
                    if not answered:
                        answered, deadline = True, time.monotonic() + self.patience_seconds
                if time.monotonic() >= deadline:
                    break
                time.sleep(_STEP_SECONDS)
        if not answered:
            log = self.services[silent[0]].log_end()
            raise ServerFailed(f"The {silent[0]} process does not answer after {_ANSWER_SECONDS:.0f} s:\n{log}")
        return wrong


def _ask_what_is_wrong(client: httpx.Client, url: httpx.URL) -> str | None:
    """The parts of a process that are not as they should be; "" when it is ready, None when it does not answer with
    that.
    """
    from services.gateway.api.readiness import GOOD  # with it comes the client of the log, which few commands need

    try:
        answer = client.get(url.join("/readyz"))
        parts = dict(answer.json()["checks"]).items()
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
    if answer.status_code == httpx.codes.OK:
        return ""
    return ", ".join(f"{part}: {word}" for part, word in parts if word not in GOOD)
