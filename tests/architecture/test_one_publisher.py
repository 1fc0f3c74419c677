"""Whoever may send over NATS is named here, with the reason: course events have one way into the log (ADR 0001)."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOG = "shared/event_log/jetstream.py"

# What sends in a file, as its source spells it with the subject, and why that is no second way for a course's events.
ALLOWED = {
    (LOG, "self._nc.request(subject)"): "the one append",
    (LOG, "self._nc.publish(subject)"): "the one append: all but the ends of a batch are not answered",
    ("shared/event_log/connection.py", "super().request(subject)"): "each request passes here, to be sent again if cut",
    (
        "shared/event_log/stored.py",
        "nc.publish(f'{_api(nc)}.DIRECT.GET.{stream}')",
    ): "asks for what the stream has: reads",
    ("shared/stage/nats_ports.py", "self._js.publish(f'dead.{stage}.{course_id}')"): "a dead letter, of another stream",
    ("shared/stage/nats_ports.py", "nc.publish(f'progress.{course_id}.{stage}')"): "progress, of no stream",
    (
        "shared/stage/nats_ports.py",
        "nc.request(subject)",
    ): "a question to the gateway; its user may send to no other subject",
    ("cli/operate/backup/streams.py", "nc.publish(chunk.reply)"): "flow control of a snapshot",
    ("cli/operate/backup/streams.py", "nc.request(subject)"): "snapshot and restore of whole streams: the server's API",
    ("shared/event_log/accounts.py", "rights.publish"): "a field: what a user may publish",
    ("services/classroom/opening.py", "drip.publish_at"): "a field: when a course begins in a cohort",
    ("cli/client.py", "self._http.request(method)"): "HTTP",
    ("services/classroom/pipeline.py", "self.client.request(method)"): "HTTP",
    ("services/repo_clone/host_answer.py", "connection.request('GET')"): "HTTP",
    ("shared/web/shared_counts.py", "nc.publish(REQUEST_COUNTS)"): "counts of requests, of no stream",
    (
        "services/gateway/project/engine_checks.py",
        "nc.request(f'{ENGINE_READY}.{user}')",
    ): "a question to a stage, of no stream",
    ("services/classroom/host.py", "nc.request(TUTOR)"): "a question to the tutor, of no stream",
    ("services/gateway/host.py", "hub.publish(progress)"): "to the SSE streams of this process",
    ("services/gateway/project/projection.py", "erasures.request(erasures.REMOVED)"): "a row of a table",
    ("services/gateway/project/projection.py", "erasures.request(side.aggregate.prefix)"): "a row of a table",
    ("services/gateway/erase/eraser.py", "erasures.request(self._aggregate.prefix)"): "a row of a table",
}


def senders(source: str) -> set[str]:
    """Everything that could send over NATS: a `publish…` however it is used, a `request` that is called."""
    tree = ast.parse(source)
    found: set[str] = set()
    called: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _sends(node.func.attr):
            called.add(id(node.func))
            found.add(f"{ast.unparse(node.func)}({', '.join(map(ast.unparse, node.args[:1]))})")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("publish") and id(node) not in called:
            found.add(ast.unparse(node))
    return found


def _sends(method: str) -> bool:
    return method == "request" or method.startswith("publish")


def test_only_the_log_publishes_course_events() -> None:
    found = {
        (str(path.relative_to(ROOT)), sender)
        for folder in ("services", "shared", "cli")
        for path in (ROOT / folder).rglob("*.py")
        for sender in senders(path.read_text(encoding="utf-8"))
    }
    assert found == set(ALLOWED)  # a row for what is gone would let it come back unseen


def test_the_condition_of_an_append_is_written_once() -> None:
    log = (ROOT / LOG).read_text(encoding="utf-8")
    assert log.count("Nats-Expected-Last-Subject-Sequence-Subject") == 1


def test_a_second_publisher_is_noticed() -> None:
    second = """
class Shortcut:
    async def tell(self, subject, body):
        await self._nc.request(subject, body, timeout=2)
        await self.connection.jetstream().publish(subject, body)
        send = self._js.publish_async
        await send(subject, body)
"""
    assert senders(second) == {
        "self._nc.request(subject)",
        "self.connection.jetstream().publish(subject)",
        "self._js.publish_async",
    }
